/*-------------------------------------------------------------------------
 * interface/form_keywords.c
 *		What JSON Schema says of the forms of values.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "interface/keywords.h"
#include "json/object_text.h"

/* {"value":…,"inclusive":true}, twice or not at all */
static void
range_keywords(SdKeywords *keywords, const SdValueForm *form)
{
	char	   *bound;

	Assert(form->kind == SD_JSON_RANGE && form->element != NULL);
	bound = psprintf("{\"type\":\"object\",\"properties\":{\"value\":{\"anyOf\":[%s,{\"type\":\"null\"},{\"type\":\"string\"}]},"
					 "\"inclusive\":{\"type\":\"boolean\"}},\"required\":[\"value\",\"inclusive\"],\"additionalProperties\":false}",
					 sd_value_form_schema(form->element, false));
	sd_keyword(keywords, "items", bound);
	sd_keyword(keywords, "anyOf", "[{\"maxItems\":0},{\"minItems\":2,\"maxItems\":2}]");
}

/* The members of a composite type; data may leave some out, which are null then. */
static void
object_keywords(SdKeywords *keywords, const SdValueForm *form, bool data)
{
	StringInfoData properties;
	List	   *names = NIL;

	Assert(form->kind == SD_JSON_OBJECT && form->members != NULL);
	initStringInfo(&properties);
	for (int i = 0; i < form->nmembers; i++)
	{
		sd_add_member(&properties, form->names[i],
					  psprintf("{\"anyOf\":[%s,{\"type\":\"null\"}]}",
							   sd_value_form_schema(form->members[i], data)));
		names = lappend(names, unconstify(char *, form->names[i]));
	}
	sd_keyword(keywords, "properties", properties.len == 0 ? "{}" : psprintf("%s}", properties.data));
	if (!data)
		sd_keyword(keywords, "required", sd_json_strings(names, false));
	sd_keyword(keywords, "additionalProperties", "false");
}

/* What a form says but for the type; null tells whether it stands beside other values. */
void
sd_form_keywords(SdKeywords *keywords, const SdValueForm *form, bool data, bool null)
{
	Assert(form->labels == NIL || form->kind == SD_JSON_STRING);
	switch (form->kind)
	{
		case SD_JSON_ARRAY:
			Assert(form->element != NULL);
			/* an array of arrays has the elements of the innermost */
			sd_keyword(keywords, "items", psprintf("{\"anyOf\":[%s,{\"type\":\"null\"}]}",
												   sd_value_form_schema(form->element, data)));
			break;
		case SD_JSON_RANGE:
			range_keywords(keywords, form);
			break;
		case SD_JSON_OBJECT:
			object_keywords(keywords, form, data);
			break;
		case SD_JSON_STRINGS:
			sd_keyword(keywords, "additionalProperties", "{\"type\":[\"string\",\"null\"]}");
			break;
		default:
			break;
	}
	if (form->labels != NIL)
		sd_keyword(keywords, "enum", sd_json_strings(form->labels, null));
	sd_keyword_string(keywords, "format", form->format);
	sd_keyword_string(keywords, "contentEncoding", form->encoding);
	sd_keyword_string(keywords, "pattern", form->pattern);
	if (form->max_length >= 0)
		sd_keyword(keywords, "maxLength", psprintf("%d", form->max_length));
	if (form->minimum != NULL)
		sd_keyword(keywords, "minimum", form->minimum);
	if (form->maximum != NULL)
		sd_keyword(keywords, "maximum", form->maximum);
}

/* The types of a form's values, "null" among them where they may be null. */
void
sd_type_keyword(SdKeywords *keywords, const SdValueForm *form, bool data, bool null)
{
	static const char *const names[] = {
		[SD_JSON_BOOLEAN] = "boolean",
		[SD_JSON_INTEGER] = "integer",
		[SD_JSON_NUMBER] = "number",
		[SD_JSON_STRING] = "string",
		[SD_JSON_ARRAY] = "array",
		[SD_JSON_RANGE] = "array",
		[SD_JSON_OBJECT] = "object",
		[SD_JSON_STRINGS] = "object"
	};
	List	   *types;

	StaticAssertStmt(lengthof(names) == SD_JSON_STRINGS + 1, "every kind of value has a type");
	if (form->kind == SD_JSON_ANY)
		return;
	Assert(names[form->kind] != NULL);
	types = list_make1(unconstify(char *, names[form->kind]));
	if (form->digits && data)
		types = lappend(types, form->whole ? "integer" : "number");
	if (null)
		types = lappend(types, "null");
	if (list_length(types) == 1)
		sd_keyword_string(keywords, "type", linitial(types));
	else
		sd_keyword(keywords, "type", sd_json_strings(types, false));
}

/* The schema of a form's values, not null; data tells whether they are given or got. */
char *
sd_value_form_schema(const SdValueForm *form, bool data)
{
	SdKeywords	keywords;

	sd_keywords_init(&keywords);
	sd_type_keyword(&keywords, form, data, false);
	sd_form_keywords(&keywords, form, data, false);
	return sd_keywords_end(&keywords);
}

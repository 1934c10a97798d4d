/*-------------------------------------------------------------------------
 * interface/rule_keywords.c
 *		The validators of an attribute as keywords of JSON Schema.
 *
 * What JSON Schema cannot say is left out (docs/reference/descriptions.md lists
 * it): a keyword that says too much would refuse what create accepts.  All
 * keywords let null pass, as validators do.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include <math.h>

#include "common/jsonapi.h"
#include "interface/keywords.h"
#include "json/jsonb_value.h"
#include "utils/json.h"

/* A regular expression that is said of strings alone, and not of null. */
static void
not_pattern(SdKeywords *keywords, const char *pattern)
{
	StringInfoData json;

	initStringInfo(&json);
	appendStringInfoString(&json, "{\"type\":\"string\",\"pattern\":");
	escape_json(&json, pattern);
	appendStringInfoChar(&json, '}');
	sd_keyword(keywords, "not", json.data);
}

/* A text as a regular expression that matches it and nothing else, in the current context. */
char *
sd_literal_pattern(const SdRuleText *text)
{
	StringInfoData pattern;

	initStringInfo(&pattern);
	for (Size i = 0; i < text->len; i++)
	{
		if (text->s[i] != '\0' && strchr("\\^$.*+?()[]{}|/", text->s[i]) != NULL)
			appendStringInfoChar(&pattern, '\\');
		appendStringInfoChar(&pattern, text->s[i]);
	}
	return pattern.data;
}

/*
 * Whether a pattern means the same with the flag u, which JSON Schema has: no
 * escapes that are errors then, and braces and brackets in pairs.
 */
static bool
is_portable(const char *pattern)
{
	bool		in_class = false;

	for (const char *p = pattern; *p != '\0'; p++)
	{
		if (*p == '\\')
		{
			p++;
			if (*p == '\0' || strchr("dDwWsSbBtnrfv.*+?()[]{}^$|/\\", *p) == NULL)
			{
				if (!in_class || *p != '-')
					return false;
			}
			if (in_class && (*p == 'b' || *p == 'B'))
				return false;
		}
		else if (in_class)
		{
			in_class = *p != ']';
			/* a range from or to a class of characters */
			if (*p == '-' && ((p[-1] != '[' && p[-2] == '\\' && isalpha((unsigned char) p[-1])) ||
							  (p[1] == '\\' && isalpha((unsigned char) p[2]))))
				return false;
		}
		else if (*p == '[')
			in_class = true;
		else if (*p == '{')
		{
			const char *end = p + 1 + strspn(p + 1, "0123456789,");

			if (*end != '}' || end == p + 1 || p[1] == ',')
				return false;
			p = end;
		}
		else if (*p == '}' || *p == ']' || IS_HIGHBIT_SET(*p) ||
				 (*p == '(' && p[1] == '?' && p[2] != ':'))
			return false;
	}
	return true;
}

/* The pattern of a rule as it was written, or NULL where a schema cannot have it. */
static const char *
written_pattern(const SdInterfaceAttribute *attribute, int rule)
{
	int			n;
	JsonbValue *elements;
	JsonbValue	args;
	const char *pattern;

	Assert(attribute->attr->rules.rules[rule].kind == SD_RULE_MATCHES ||
		   attribute->attr->rules.rules[rule].kind == SD_RULE_MATCHES_NOT);
	if (attribute->row->validate == NULL)
		return NULL;
	elements = sd_elements(attribute->row->validate, &n);
	if (rule >= n || getKeyJsonValueFromContainer(elements[rule].val.binary.data, "args", 4,
												  &args) == NULL)
		return NULL;
	if (sd_is_array(&args))
	{
		JsonbValue *parts = sd_elements(&args, &n);

		/* there is no place for flags */
		if (n != 1)
			return NULL;
		args = parts[0];
	}
	if (args.type != jbvString)
		return NULL;
	pattern = sd_string(&args);
	return is_portable(pattern) ? pattern : NULL;
}

/* Bounds of a number, or with other names of a length. */
static void
limit_keywords(SdKeywords *keywords, const SdLimits *limits, const char *min, const char *max)
{
	if (isfinite(limits->min))
		sd_keyword(keywords, min, psprintf("%.17g", limits->min));
	if (isfinite(limits->max))
		sd_keyword(keywords, max, psprintf("%.17g", limits->max));
	if (isfinite(limits->above))
		sd_keyword(keywords, "exclusiveMinimum", psprintf("%.17g", limits->above));
	if (isfinite(limits->below))
		sd_keyword(keywords, "exclusiveMaximum", psprintf("%.17g", limits->below));
}

/* A length in characters: whole, and not negative. */
static void
length_keywords(SdKeywords *keywords, const SdLimits *given)
{
	SdLimits	limits = {.above = NAN, .below = NAN};

	limits.min = isnan(given->min) || given->min <= 0 ? NAN : ceil(given->min);
	limits.max = isnan(given->max) ? NAN : Max(floor(given->max), 0);
	limit_keywords(keywords, &limits, "minLength", "maxLength");
}

/* The texts of a rule as values of a form, a JSON array; NULL where they are not all such values. */
static char *
rule_values(const SdRule *rule, const SdValueForm *form, bool null)
{
	StringInfoData json;
	List	   *texts = NIL;
	bool		number = form->kind == SD_JSON_INTEGER || form->kind == SD_JSON_NUMBER;

	Assert(rule->kind == SD_RULE_EQUALS || rule->kind == SD_RULE_IS_IN || rule->kind == SD_RULE_IS_NOT_IN);
	for (int i = 0; i < rule->arg.texts.n; i++)
	{
		char	   *text = pnstrdup(rule->arg.texts.items[i].s, rule->arg.texts.items[i].len);

		if (number && !IsValidJsonNumber(text, strlen(text)))
			return NULL;
		texts = lappend(texts, text);
	}
	if (!number)
		return sd_json_strings(texts, null);
	initStringInfo(&json);
	for (int i = 0; i < list_length(texts); i++)
		appendStringInfo(&json, "%s%s", i > 0 ? "," : "[", (char *) list_nth(texts, i));
	appendStringInfoString(&json, null ? ",null]" : "]");
	return json.data;
}

/* What a rule about values says, of strings and numbers. */
static bool
value_keywords(SdKeywords *keywords, const SdRule *rule, const SdInterfaceAttribute *attribute)
{
	char	   *values;

	if (rule->kind != SD_RULE_EQUALS && rule->kind != SD_RULE_IS_IN &&
		rule->kind != SD_RULE_IS_NOT_IN)
		return false;
	values = rule_values(rule, attribute->form,
						 attribute->takes_null && rule->kind != SD_RULE_IS_NOT_IN);
	if (values == NULL)
		return true;
	if (rule->kind == SD_RULE_IS_NOT_IN)
		sd_keyword(keywords, "not", psprintf("{\"enum\":%s}", values));
	else
		sd_keyword(keywords, "enum", values);
	return true;
}

/* The pattern of texts that a rule without arguments of its own accepts, or NULL. */
static const char *
rule_pattern(const SdRule *rule)
{
	switch (rule->kind)
	{
		case SD_RULE_IS_ALPHA:
			return "^[A-Za-z]+$";
		case SD_RULE_IS_ALPHANUMERIC:
			return "^[0-9A-Za-z]+$";
		case SD_RULE_IS_NUMERIC:
			return rule->arg.number.plain ? "^[0-9]+$" : "^[+-]?([0-9]*\\.)?[0-9]+$";
		case SD_RULE_IS_INT:
			return rule->arg.number.plain ? "^[+-]?(0|[1-9][0-9]*)$" : "^[+-]?[0-9]+$";
		case SD_RULE_NOT_EMPTY:
			return "\\S";
		case SD_RULE_IS_HEX_COLOR:
			return "^#?([0-9A-Fa-f]{3}|[0-9A-Fa-f]{4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$";
		case SD_RULE_IS_SLUG:
			return "^[a-z0-9]+([_-][a-z0-9]+)*$";
		case SD_RULE_IS_UUID:
			Assert(rule->arg.version != NULL);
			if (strcmp(rule->arg.version, "nil") == 0)
				return "^0{8}-0{4}-0{4}-0{4}-0{12}$";
			if (strlen(rule->arg.version) == 1)
				return psprintf("^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-%s[0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}$",
								rule->arg.version);
			return "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$";
		default:
			return NULL;
	}
}

/* What a rule says of strings. */
static void
string_keywords(SdKeywords *keywords, const SdInterfaceAttribute *attribute, int n)
{
	const SdRule *rule = &attribute->attr->rules.rules[n];
	const char *pattern = rule_pattern(rule);

	Assert(n >= 0 && n < attribute->attr->rules.n);
	switch (rule->kind)
	{
		case SD_RULE_IS_EMAIL:
			sd_keyword_string(keywords, "format", "email");
			break;
		case SD_RULE_IS_IP:
			if (rule->arg.version != NULL)
				sd_keyword_string(keywords, "format",
								  *rule->arg.version == '4' ? "ipv4" : "ipv6");
			else
				sd_keyword(keywords, "anyOf", "[{\"format\":\"ipv4\"},{\"format\":\"ipv6\"}]");
			break;
		case SD_RULE_IS_NULL:
			sd_keyword(keywords, "maxLength", "0");
			break;
		case SD_RULE_LENGTH:
			length_keywords(keywords, &rule->arg.number.limits);
			break;
		case SD_RULE_MATCHES:
			pattern = written_pattern(attribute, n);
			break;
		case SD_RULE_MATCHES_NOT:
			pattern = written_pattern(attribute, n);
			if (pattern != NULL)
				not_pattern(keywords, pattern);
			return;
		case SD_RULE_CONTAINS:
			Assert(rule->arg.texts.n == 1);
			pattern = sd_literal_pattern(rule->arg.texts.items);
			break;
		case SD_RULE_CONTAINS_NOT:
			not_pattern(keywords, sd_literal_pattern(rule->arg.texts.items));
			return;
		case SD_RULE_IS_JSON:
			sd_keyword_string(keywords, "contentMediaType", "application/json");
			break;
		default:
			break;
	}
	sd_keyword_string(keywords, "pattern", pattern);
}

/* Adds what the validators of an attribute say of its values, as far as a schema can. */
void
sd_rule_keywords(SdKeywords *keywords, const SdInterfaceAttribute *attribute)
{
	const SdValueForm *form = attribute->form;

	for (int i = 0; i < attribute->attr->rules.n; i++)
	{
		const SdRule *rule = &attribute->attr->rules.rules[i];

		switch (form->kind)
		{
			case SD_JSON_STRING:
				if (form->digits)
				{
					/* of numbers, which are taken too */
					if (rule->kind == SD_RULE_LIMIT)
						limit_keywords(keywords, &rule->arg.number.limits, "minimum", "maximum");
				}
				else if (!value_keywords(keywords, rule, attribute))
					string_keywords(keywords, attribute, i);
				break;
			case SD_JSON_INTEGER:
			case SD_JSON_NUMBER:
				if (value_keywords(keywords, rule, attribute))
					break;
				if (rule->kind == SD_RULE_LIMIT || rule->kind == SD_RULE_IS_INT ||
					rule->kind == SD_RULE_IS_FLOAT)
					limit_keywords(keywords, &rule->arg.number.limits, "minimum", "maximum");
				if (rule->kind == SD_RULE_IS_INT && form->kind == SD_JSON_NUMBER)
					sd_keyword(keywords, "multipleOf", "1");
				break;
			default:
				break;
		}
	}
}

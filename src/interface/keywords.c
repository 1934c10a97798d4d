/*-------------------------------------------------------------------------
 * interface/keywords.c
 *		Puts keywords together to a schema.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalogs/rows.h"
#include "interface/keywords.h"
#include "json/object_text.h"
#include "utils/json.h"

/* A schema without keywords, in the current context. */
void
sd_keywords_init(SdKeywords *keywords)
{
	initStringInfo(&keywords->object);
	initStringInfo(&keywords->more);
	keywords->names = NIL;
}

/* Adds a keyword; one that is there already holds beside the other. */
void
sd_keyword(SdKeywords *keywords, const char *name, const char *json)
{
	ListCell   *cell;

	Assert(json != NULL);
	foreach(cell, keywords->names)
	{
		StringInfoData object;

		if (strcmp(lfirst(cell), name) != 0)
			continue;
		initStringInfo(&object);
		sd_add_member(&object, name, json);
		appendStringInfo(&keywords->more, "%s%s}", keywords->more.len > 0 ? "," : "", object.data);
		return;
	}
	keywords->names = lappend(keywords->names, unconstify(char *, name));
	sd_add_member(&keywords->object, name, json);
}

/* The same for a value that is a string; NULL adds nothing. */
void
sd_keyword_string(SdKeywords *keywords, const char *name, const char *value)
{
	StringInfoData json;

	if (value == NULL)
		return;
	initStringInfo(&json);
	escape_json(&json, value);
	sd_keyword(keywords, name, json.data);
}

/* The finished schema. */
char *
sd_keywords_end(SdKeywords *keywords)
{
	if (keywords->more.len > 0)
		sd_add_member(&keywords->object, "allOf", psprintf("[%s]", keywords->more.data));
	return keywords->object.len == 0 ? pstrdup("{}") : psprintf("%s}", keywords->object.data);
}

/* Strings as a JSON array; with null, that stands behind them. */
char *
sd_json_strings(List *strings, bool null)
{
	StringInfoData json;
	ListCell   *cell;

	initStringInfo(&json);
	appendStringInfoChar(&json, '[');
	foreach(cell, strings)
	{
		if (foreach_current_index(cell) > 0)
			appendStringInfoChar(&json, ',');
		escape_json(&json, lfirst(cell));
	}
	if (null)
		appendStringInfoString(&json, strings == NIL ? "null" : ",null");
	appendStringInfoChar(&json, ']');
	return json.data;
}

/*-------------------------------------------------------------------------
 * json/object_text.c
 *		Writes small JSON objects, member by member.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "json/object_text.h"
#include "utils/json.h"

/* A value as JSON text, in the current context. */
char *
sd_json_text(const JsonbValue *value)
{
	Jsonb	   *jsonb = JsonbValueToJsonb(unconstify(JsonbValue *, value));

	return JsonbToCString(NULL, &jsonb->root, VARSIZE(jsonb));
}

/* A string as JSON, in the current context. */
const char *
sd_json_name(const char *name)
{
	StringInfoData json;
	char	   *result;

	initStringInfo(&json);
	escape_json(&json, name);
	/* a buffer is much longer than names are, and these stay */
	result = pstrdup(json.data);
	pfree(json.data);
	return result;
}

/* Adds a member, whose value is JSON text, to the text of an object without its closing brace. */
void
sd_add_member(StringInfo object, const char *key, const char *json)
{
	Assert(object->len == 0 || object->data[0] == '{');
	appendStringInfoChar(object, object->len == 0 ? '{' : ',');
	escape_json(object, key);
	appendStringInfo(object, ":%s", json);
}

/* The same for a value that is a string; NULL adds nothing. */
void
sd_add_string(StringInfo object, const char *key, const char *value)
{
	StringInfoData json;

	if (value == NULL)
		return;
	initStringInfo(&json);
	escape_json(&json, value);
	sd_add_member(object, key, json.data);
}

/* The same for names: one as it is, several as an array; none adds nothing. */
void
sd_add_names(StringInfo object, const char *key, List *names)
{
	StringInfoData json;
	ListCell   *cell;

	if (names == NIL)
		return;
	initStringInfo(&json);
	foreach(cell, names)
	{
		if (list_length(names) > 1)
			appendStringInfoChar(&json, foreach_current_index(cell) == 0 ? '[' : ',');
		escape_json(&json, lfirst(cell));
	}
	if (list_length(names) > 1)
		appendStringInfoChar(&json, ']');
	sd_add_member(object, key, json.data);
}

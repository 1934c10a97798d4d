/*-------------------------------------------------------------------------
 * model/normalize.c
 *		Brings the validators of a definition into the form of the catalog.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "json/jsonb_value.h"
#include "lib/stringinfo.h"
#include "model/rules.h"
#include "utils/builtins.h"
#include "utils/json.h"

/* Appends a value as JSON. */
static void
append_value(StringInfo buf, const JsonbValue *value)
{
	JsonbValue	copy = *value;
	Jsonb	   *jsonb = JsonbValueToJsonb(&copy);

	JsonbToCString(buf, &jsonb->root, VARSIZE(jsonb));
}

/* Appends a member of an object that has some already. */
static void
append_member(StringInfo buf, const char *name, int len, const JsonbValue *value)
{
	appendStringInfoString(buf, ", ");
	escape_json(buf, pnstrdup(name, len));
	appendStringInfoString(buf, ": ");
	append_value(buf, value);
}

/* Appends options that stand beside "msg" as the argument that they are. */
static void
append_options(StringInfo buf, JsonbContainer *object)
{
	JsonbIterator *it = JsonbIteratorInit(object);
	JsonbParseState *state = NULL;
	JsonbValue	key;
	JsonbValue	value;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	(void) JsonbIteratorNext(&it, &key, true);
	while (JsonbIteratorNext(&it, &key, true) == WJB_KEY)
	{
		(void) JsonbIteratorNext(&it, &value, true);
		if (sd_string_is(&key, "msg"))
			continue;
		pushJsonbValue(&state, WJB_KEY, &key);
		pushJsonbValue(&state, WJB_VALUE, &value);
	}
	append_member(buf, "args", 4, pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}

/*
 * Appends what a definition has for a validator: its argument, true for none,
 * or an object with "args" and "msg", in which options may stand for "args".
 */
static void
append_definition(StringInfo buf, const JsonbValue *value)
{
	JsonbContainer *object;
	JsonbValue	member;
	bool		has_msg;

	if (value->type == jbvBool && value->val.boolean)
		return;
	if (!sd_is_object(value))
	{
		append_member(buf, "args", 4, value);
		return;
	}
	object = value->val.binary.data;
	has_msg = getKeyJsonValueFromContainer(object, "msg", 3, &member) != NULL;
	if (getKeyJsonValueFromContainer(object, "args", 4, &member) == NULL)
	{
		if (JsonContainerSize(object) > (has_msg ? 1 : 0))
			append_options(buf, object);
		if (has_msg && getKeyJsonValueFromContainer(object, "msg", 3, &member))
			append_member(buf, "msg", 3, &member);
	}
	else
	{
		JsonbIterator *it = JsonbIteratorInit(object);
		JsonbValue	key;

		/* whatever else there is comes along, to be refused by sd_read_rules() */
		(void) JsonbIteratorNext(&it, &key, true);
		while (JsonbIteratorNext(&it, &key, true) == WJB_KEY)
		{
			(void) JsonbIteratorNext(&it, &member, true);
			append_member(buf, key.val.string.val, key.val.string.len, &member);
		}
	}
}

/*
 * The validators of a definition, a JSON object, as the JSON text of the array
 * that sd_read_rules() reads.  names are the object's keys as strings, in the
 * order in which they were written.  Nothing is checked; the text is in the
 * current context.
 */
char *
sd_normalize_rules(const JsonbValue *definition, const List *names)
{
	StringInfoData buf;
	ListCell   *cell;

	Assert(sd_is_object(definition));
	initStringInfo(&buf);
	appendStringInfoChar(&buf, '[');
	foreach(cell, names)
	{
		const char *name = lfirst(cell);
		JsonbValue	value;

		if (getKeyJsonValueFromContainer(definition->val.binary.data, name, strlen(name),
										 &value) == NULL)
			continue;
		appendStringInfoString(&buf, buf.len > 1 ? ", {\"name\": " : "{\"name\": ");
		escape_json(&buf, name);
		append_definition(&buf, &value);
		appendStringInfoChar(&buf, '}');
	}
	appendStringInfoChar(&buf, ']');
	return buf.data;
}

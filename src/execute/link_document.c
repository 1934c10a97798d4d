/*-------------------------------------------------------------------------
 * execute/link_document.c
 *		Writes the documents that tell finders and writers what to link.
 *
 * Names come from the model, values are those of keys, written as JSON by
 * escape_json(): nothing of the caller's document gets in as it came but the
 * members of a join row, which are data.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "execute/link.h"
#include "execute/link_document.h"
#include "json/object_text.h"
#include "parse/reader.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"
#include "utils/lsyscache.h"

/* A value as JSON text, as a writer takes it; in the current context. */
char *
sd_key_json(Datum value, Oid type)
{
	StringInfoData json;
	Oid			output;
	bool		is_varlena;
	char	   *text;

	getTypeOutputInfo(type, &output, &is_varlena);
	text = OidOutputFunctionCall(output, value);
	if (type == INT2OID || type == INT4OID || type == INT8OID)
		return text;
	initStringInfo(&json);
	escape_json(&json, text);
	return json.data;
}

/* A document from its text. */
Jsonb *
sd_link_document(const char *text)
{
	return DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(text)));
}

/* "name":value */
void
sd_link_member(StringInfo json, const char *name, const char *value)
{
	char		last = json->len > 0 ? json->data[json->len - 1] : '{';

	if (last != '{' && last != '[')
		appendStringInfoChar(json, ',');
	escape_json(json, name);
	appendStringInfo(json, ":%s", value != NULL ? value : "null");
}

/* The members of an association's scope. */
void
sd_link_scope(StringInfo json, const JsonbValue *scope)
{
	SdReader	reader;

	if (scope == NULL)
		return;
	sd_read(&reader, scope, NULL);
	while (sd_next_member(&reader))
	{
		JsonbValue	value = reader.value;

		sd_link_member(json, sd_string(&reader.key),
					  value.type == jbvNull ? "null"
					  : JsonbToCString(NULL, &JsonbValueToJsonb(&value)->root, 0));
	}
}

/* The same of the values that a row is given: what the scope says by operators is a condition alone. */
void
sd_link_scope_values(StringInfo json, const JsonbValue *scope)
{
	SdReader	reader;

	if (scope == NULL)
		return;
	sd_read(&reader, scope, NULL);
	while (sd_next_member(&reader))
	{
		if (reader.value.type != jbvBinary)
			sd_link_member(json, sd_string(&reader.key), sd_json_text(&reader.value));
	}
}

/*
 * "name":{"$in":[…]} for the values that get_values gives of each record, or, for
 * keys of several attributes, "$or":[{…},…]; within $not where negated.
 */
void
sd_link_condition(StringInfo json, const SdLink *link, const char *const *names, int n, bool targets,
			   bool negated)
{
	bool		first = true;

	if (json->data[json->len - 1] != '{')
		appendStringInfoChar(json, ',');
	appendStringInfoString(json, negated ? "\"$not\":{" : "\"$and\":{");
	if (n == 1)
	{
		escape_json(json, names[0]);
		appendStringInfoString(json, ":{\"$in\":[");
	}
	else
		appendStringInfoString(json, "\"$or\":[");
	for (int i = 0; i < link->n; i++)
	{
		const SdLinked *record = &link->records[i];
		char	  **values = targets ? record->target : record->key;

		if (values == NULL || values[0] == NULL)
			continue;
		appendStringInfoString(json, first ? "" : ",");
		first = false;
		if (n == 1)
			appendStringInfoString(json, values[0]);
		else
		{
			appendStringInfoChar(json, '{');
			for (int j = 0; j < n; j++)
				sd_link_member(json, names[j], values[j]);
			appendStringInfoChar(json, '}');
		}
	}
	appendStringInfoString(json, n == 1 ? "]}}" : "]}");
}

/* The names of the target's primary key. */
const char *const *
sd_link_key_names(const SdLink *link)
{
	const char **names = palloc(sizeof(char *) * Max(link->target->nkeys, 1));

	for (int i = 0; i < link->target->nkeys; i++)
		names[i] = link->target->attrs[link->target->keys[i]].name;
	return names;
}

/* Begins {"where":{…, with the records that are named where they are wanted. */
void
sd_link_where(StringInfo json)
{
	initStringInfo(json);
	appendStringInfoString(json, "{\"scope\":null,\"where\":{");
}

void
sd_link_source(StringInfo json, const SdLink *link, const char *const *names)
{
	for (int i = 0; i < link->association->nkeys; i++)
		sd_link_member(json, names[i], link->source[i]);
}

/* Ends it. */
const SdQuery *
sd_link_query(const SdModel *model, StringInfo json, SdCall call)
{
	appendStringInfoString(json, "}}");
	return sd_parse_options(model, sd_link_document(json->data), call);
}

/* A query whose data is ours, and so may set what is read only for callers. */
const SdQuery *
sd_link_settled(const SdQuery *query)
{
	SdQuery    *copy = palloc(sizeof(SdQuery));

	*copy = *query;
	copy->shapes = NULL;
	copy->write = palloc(sizeof(SdWriteOptions));
	*copy->write = *query->write;
	copy->write->settled = true;
	return copy;
}

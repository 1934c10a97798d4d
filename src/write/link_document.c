/*-------------------------------------------------------------------------
 * write/link_document.c
 *		Writes the documents that tell finders and writers what to link.
 *
 * Names come from the model, values are those of keys, written as JSON by
 * escape_json(): nothing of the caller's document gets in.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "convert/reader.h"
#include "json/exact_text.h"
#include "json/object_text.h"
#include "parse/options.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "write/link_document.h"

/* Whether the text of a value is the same under all settings, as those of most keys are. */
static bool
is_settled(Oid type)
{
	return type == INT2OID || type == INT4OID || type == INT8OID || type == TEXTOID ||
		type == VARCHAROID || type == BPCHAROID || type == UUIDOID || type == NUMERICOID;
}

/*
 * A value as JSON text, as a writer takes it, whatever the settings are; in the current
 * context.  Raises 0A000 for one that is JSON itself: as a condition it would be another one.
 */
char *
sd_key_json(Datum value, Oid type)
{
	StringInfoData json;
	Oid			output;
	bool		is_varlena;
	char	   *text;

	if (type == JSONBOID || type == JSONOID)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("records cannot be linked by values of type %s", format_type_be(type)),
				 errhint("Write the attribute that refers to the other record, as any attribute.")));
	if (is_settled(type))
	{
		getTypeOutputInfo(type, &output, &is_varlena);
		text = OidOutputFunctionCall(output, value);
	}
	else
		text = sd_exact_text(value, type);
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

/* Begins {"where":{… */
void
sd_link_where(StringInfo json)
{
	initStringInfo(json);
	appendStringInfoString(json, "{\"scope\":null,\"where\":{");
}

/* Ends it; the query is the caller's own. */
SdQuery *
sd_link_query(const SdModel *model, StringInfo json, SdCall call)
{
	SdQuery    *query = palloc(sizeof(SdQuery));

	appendStringInfoString(json, "}}");
	*query = *sd_parse_options(model, sd_link_document(json->data), call);
	query->shapes = NULL;
	query->params = sd_copy_params(&query->params);
	return query;
}

/* A query whose data is ours, and so may set what is read only for callers. */
SdQuery *
sd_link_settled(const SdQuery *query)
{
	SdQuery    *copy = palloc(sizeof(SdQuery));

	Assert(query->write != NULL);
	*copy = *query;
	copy->shapes = NULL;
	copy->write = palloc(sizeof(SdWriteOptions));
	*copy->write = *query->write;
	copy->write->settled = true;
	return copy;
}

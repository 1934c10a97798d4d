/*-------------------------------------------------------------------------
 * sql_introspect.c
 *		Entry points for databases that exist: introspect, import, export.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "introspect/introspect.h"
#include "json/object_text.h"
#include "lib/stringinfo.h"
#include "schema/ddl.h"
#include "sql_args.h"
#include "utils/array.h"
#include "utils/builtins.h"

SD_FUNCTION(studentdir_introspect);
SD_FUNCTION(studentdir_import);
SD_FUNCTION(studentdir_export);

/* Strings as text[]. */
static Datum
text_array(List *strings)
{
	Datum	   *elements = palloc(sizeof(Datum) * Max(list_length(strings), 1));
	ListCell   *cell;

	foreach(cell, strings)
		elements[foreach_current_index(cell)] = CStringGetTextDatum(lfirst(cell));
	return PointerGetDatum(construct_array(elements, list_length(strings), TEXTOID, -1, false,
										   TYPALIGN_INT));
}

/* The associations that can be made once a model is there, as a JSON array of calls. */
static char *
associations_json(const SdFoundModel *model)
{
	StringInfoData json;
	ListCell   *cell;

	initStringInfo(&json);
	foreach(cell, model->associations)
	{
		const SdFoundAssociation *association = lfirst(cell);

		appendStringInfo(&json, "%s{\"kind\":\"%s\",\"source\":%s,\"target\":%s,\"options\":%s}",
						 json.len > 0 ? "," : "[", sd_association_kind(association->kind),
						 sd_json_name(association->source), sd_json_name(association->target),
						 association->options);
	}
	return json.len > 0 ? psprintf("%s]", json.data) : pstrdup("[]");
}

/* introspect(options jsonb) */
Datum
studentdir_introspect(PG_FUNCTION_ARGS)
{
	SdIntrospection *look = sd_introspect(sd_jsonb_arg(fcinfo, 0), false);
	ListCell   *cell;

	InitMaterializedSRF(fcinfo, 0);
	foreach(cell, look->models)
	{
		ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
		const SdFoundModel *model = lfirst(cell);
		Datum		values[7];
		bool		nulls[7] = {false};

		values[0] = sd_text_or_null(model->name, &nulls[0]);
		values[1] = CStringGetTextDatum(sd_table_sql(model->table));
		values[2] = sd_text_or_null(model->attributes, &nulls[2]);
		values[3] = sd_text_or_null(model->options, &nulls[3]);
		values[4] = CStringGetTextDatum(associations_json(model));
		values[5] = sd_text_or_null(sd_found_sql(model), &nulls[5]);
		values[6] = text_array(model->notes);
		Assert(result->setDesc->natts == lengthof(values));
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* import(options jsonb) */
Datum
studentdir_import(PG_FUNCTION_ARGS)
{
	List	   *rows = sd_import(sd_jsonb_arg(fcinfo, 0));
	ListCell   *cell;

	InitMaterializedSRF(fcinfo, 0);
	foreach(cell, rows)
	{
		ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
		const SdImported *row = lfirst(cell);
		Datum		values[5];
		bool		nulls[5] = {false};

		values[0] = sd_text_or_null(row->model, &nulls[0]);
		values[1] = CStringGetTextDatum(row->table);
		values[2] = CStringGetTextDatum(row->action);
		values[3] = Int32GetDatum(row->associations);
		values[4] = text_array(row->notes);
		Assert(result->setDesc->natts == lengthof(values));
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* export(options jsonb) */
Datum
studentdir_export(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(sd_export(sd_jsonb_arg(fcinfo, 0))));
}

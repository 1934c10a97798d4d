/*-------------------------------------------------------------------------
 * sql_schema.c
 *		Entry points of the schema: the text of a table, missing tables, the
 *		difference between models and tables, a check, generators of migrations.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "fmgr.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "schema/difference.h"
#include "schema/distribute.h"
#include "schema/schema.h"
#include "sql_args.h"
#include "utils/builtins.h"

SD_FUNCTION(studentdir_create_table_sql);
SD_FUNCTION(studentdir_sync);
SD_FUNCTION(studentdir_diff);
SD_FUNCTION(studentdir_check);
SD_FUNCTION(studentdir_lint_models);
SD_FUNCTION(studentdir_distribute);
SD_FUNCTION(studentdir_reference);
SD_FUNCTION(studentdir_migration_generate);
SD_FUNCTION(studentdir_generate);

/* A row of texts, in which NULL is NULL. */
static void
put_texts(ReturnSetInfo *result, const char *const *texts, int n)
{
	Datum	   *values = palloc(sizeof(Datum) * n);
	bool	   *nulls = palloc(sizeof(bool) * n);

	Assert(result->setDesc->natts == n);
	for (int i = 0; i < n; i++)
	{
		nulls[i] = texts[i] == NULL;
		values[i] = nulls[i] ? (Datum) 0 : CStringGetTextDatum(texts[i]);
	}
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

static void
put_change(ReturnSetInfo *result, const SdChange *change)
{
	StringInfoData models;
	const char *texts[7];
	ListCell   *cell;

	initStringInfo(&models);
	foreach(cell, change->models)
		appendStringInfo(&models, "%s%s", models.len > 0 ? ", " : "", (char *) lfirst(cell));
	texts[0] = models.data;
	texts[1] = change->table;
	texts[2] = sd_change_name(change->kind);
	texts[3] = change->name;
	texts[4] = change->actual;
	texts[5] = change->expected;
	texts[6] = change->up;
	put_texts(result, texts, lengthof(texts));
}

/* create_table_sql(model text) */
Datum
studentdir_create_table_sql(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(sd_create_table_sql(sd_name_arg(fcinfo, 0, "model"))));
}

/* sync(options jsonb) */
Datum
studentdir_sync(PG_FUNCTION_ARGS)
{
	List	   *rows = sd_sync(sd_jsonb_arg(fcinfo, 0));
	ListCell   *cell;

	InitMaterializedSRF(fcinfo, 0);
	foreach(cell, rows)
	{
		const SdSyncRow *row = lfirst(cell);
		const char *texts[] = {row->model, row->table, row->action};

		put_texts((ReturnSetInfo *) fcinfo->resultinfo, texts, lengthof(texts));
	}
	return (Datum) 0;
}

/* diff(options jsonb) */
Datum
studentdir_diff(PG_FUNCTION_ARGS)
{
	List	   *changes = sd_diff(sd_jsonb_arg(fcinfo, 0));
	ListCell   *cell;

	InitMaterializedSRF(fcinfo, 0);
	foreach(cell, changes)
		put_change((ReturnSetInfo *) fcinfo->resultinfo, lfirst(cell));
	return (Datum) 0;
}

/* check(options jsonb): true, or an error */
Datum
studentdir_check(PG_FUNCTION_ARGS)
{
	sd_check(sd_jsonb_arg(fcinfo, 0));
	PG_RETURN_BOOL(true);
}

/* distribute(model text, by text, colocate_with text) */
Datum
studentdir_distribute(PG_FUNCTION_ARGS)
{
	const SdModel *model = sd_model_arg(fcinfo);
	const char *by = sd_name_arg(fcinfo, 1, "by");

	sd_distribute(model, by, PG_ARGISNULL(2) ? NULL
				  : sd_model_open(sd_name_arg(fcinfo, 2, "colocate_with")));
	PG_RETURN_VOID();
}

/* reference(model text) */
Datum
studentdir_reference(PG_FUNCTION_ARGS)
{
	sd_make_reference(sd_model_arg(fcinfo));
	PG_RETURN_VOID();
}

/* lint_models() */
Datum
studentdir_lint_models(PG_FUNCTION_ARGS)
{
	List	   *findings = sd_lint_models();
	ListCell   *cell;

	InitMaterializedSRF(fcinfo, 0);
	foreach(cell, findings)
	{
		const SdModelFinding *finding = lfirst(cell);
		const char *texts[] = {
			finding->rule, finding->level, finding->model, finding->attribute, finding->message,
			finding->hint
		};

		put_texts((ReturnSetInfo *) fcinfo->resultinfo, texts, lengthof(texts));
	}
	return (Datum) 0;
}

/* migration_generate(name text, options jsonb): the migration's name, or NULL */
Datum
studentdir_migration_generate(PG_FUNCTION_ARGS)
{
	char	   *name = sd_migration_generate(sd_name_arg(fcinfo, 0, "migration"),
											 sd_jsonb_arg(fcinfo, 1));

	if (name == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(name));
}

/* generate(model text, attributes text, options jsonb): the migration's name */
Datum
studentdir_generate(PG_FUNCTION_ARGS)
{
	char	   *model = sd_name_arg(fcinfo, 0, "model");
	char	   *attributes = PG_ARGISNULL(1) ? "" : text_to_cstring(PG_GETARG_TEXT_PP(1));

	PG_RETURN_TEXT_P(cstring_to_text(sd_generate(model, attributes, sd_jsonb_arg(fcinfo, 2))));
}

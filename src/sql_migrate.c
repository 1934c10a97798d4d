/*-------------------------------------------------------------------------
 * sql_migrate.c
 *		The SQL functions of installation and migrations: each takes its
 *		arguments, calls one function and returns.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "fmgr.h"
#include "funcapi.h"
#include "migrate/create.h"
#include "migrate/install.h"
#include "migrate/ledger.h"
#include "migrate/runner.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

SD_FUNCTION(studentdir_preflight);
SD_FUNCTION(studentdir_install);
SD_FUNCTION(studentdir_migration_create);
SD_FUNCTION(studentdir_migration_show);
SD_FUNCTION(studentdir_migration_repair);
SD_FUNCTION(studentdir_migration_status);
SD_FUNCTION(studentdir_migrate);
SD_FUNCTION(studentdir_migrate_undo);
SD_FUNCTION(studentdir_migrate_undo_all);
SD_FUNCTION(studentdir_migrate_redo);

/* A text argument as a C string; NULL where it is NULL. */
static char *
text_arg(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(n));
}

/* A text argument that must be there; raises 22023. */
static char *
required_text_arg(FunctionCallInfo fcinfo, int n, const char *name)
{
	char	   *value = text_arg(fcinfo, n);

	if (value == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"%s\" must not be null", name)));
	return value;
}

static bool
bool_arg(FunctionCallInfo fcinfo, int n)
{
	return !PG_ARGISNULL(n) && PG_GETARG_BOOL(n);
}

/* A number of steps, 0 where it is NULL; raises 22023. */
static int
steps_arg(FunctionCallInfo fcinfo, int n)
{
	if (PG_ARGISNULL(n))
		return 0;
	if (PG_GETARG_INT32(n) < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"steps\" must be at least 1, not %d", PG_GETARG_INT32(n))));
	return PG_GETARG_INT32(n);
}

static Datum
text_or_null(const char *value, bool *isnull)
{
	*isnull = value == NULL;
	return *isnull ? (Datum) 0 : CStringGetTextDatum(value);
}

static void
put_steps(ReturnSetInfo *result, List *steps)
{
	ListCell   *cell;

	foreach(cell, steps)
	{
		const SdMigrateStep *step = lfirst(cell);
		Datum		values[3];
		bool		nulls[3] = {false};

		values[0] = CStringGetTextDatum(step->name);
		values[1] = CStringGetTextDatum(step->action);
		values[2] = Float8GetDatum(step->duration_ms);
		nulls[2] = step->duration_ms < 0;
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
}

static void
put_status(ReturnSetInfo *result, List *ledger)
{
	ListCell   *cell;

	foreach(cell, ledger)
	{
		const SdMigration *migration = lfirst(cell);
		Datum		values[6];
		bool		nulls[6] = {false};

		values[0] = CStringGetTextDatum(migration->applied ? "up" : "down");
		values[1] = CStringGetTextDatum(migration->name);
		values[2] = TimestampTzGetDatum(migration->applied_at);
		nulls[2] = !migration->applied;
		values[3] = text_or_null(migration->applied_by, &nulls[3]);
		values[4] = Float8GetDatum(migration->duration_ms);
		nulls[4] = !migration->timed;
		values[5] = BoolGetDatum(migration->applied && sd_migration_changed(migration));
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
}

/* the script's first step; it drops the function again */
Datum
studentdir_preflight(PG_FUNCTION_ARGS)
{
	sd_preflight();
	PG_RETURN_VOID();
}

/* studentdir.install() */
Datum
studentdir_install(PG_FUNCTION_ARGS)
{
	sd_install();
	PG_RETURN_VOID();
}

/* studentdir.migration_create(name, up, down) */
Datum
studentdir_migration_create(PG_FUNCTION_ARGS)
{
	char	   *name = sd_migration_create(required_text_arg(fcinfo, 0, "name"),
										   required_text_arg(fcinfo, 1, "up"),
										   text_arg(fcinfo, 2));

	PG_RETURN_TEXT_P(cstring_to_text(name));
}

/* studentdir.migration_show(name) */
Datum
studentdir_migration_show(PG_FUNCTION_ARGS)
{
	const SdMigration *migration = sd_migration_show(required_text_arg(fcinfo, 0, "name"));
	Datum		values[2];
	bool		nulls[2];
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	values[0] = text_or_null(migration->up, &nulls[0]);
	values[1] = text_or_null(migration->down, &nulls[1]);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	return (Datum) 0;
}

/* studentdir.migration_repair(name) */
Datum
studentdir_migration_repair(PG_FUNCTION_ARGS)
{
	sd_migration_repair(required_text_arg(fcinfo, 0, "name"));
	PG_RETURN_VOID();
}

/* studentdir.migration_status() */
Datum
studentdir_migration_status(PG_FUNCTION_ARGS)
{
	InitMaterializedSRF(fcinfo, 0);
	put_status((ReturnSetInfo *) fcinfo->resultinfo, sd_ledger_load());
	return (Datum) 0;
}

/* studentdir.migrate(upto, steps, dry_run) */
Datum
studentdir_migrate(PG_FUNCTION_ARGS)
{
	SdMigrateOptions options = {
		.upto = text_arg(fcinfo, 0),
		.steps = steps_arg(fcinfo, 1),
		.dry_run = bool_arg(fcinfo, 2)
	};

	InitMaterializedSRF(fcinfo, 0);
	put_steps((ReturnSetInfo *) fcinfo->resultinfo, sd_migrate(&options));
	return (Datum) 0;
}

/* studentdir.migrate_undo(upto, steps, dry_run, force) */
Datum
studentdir_migrate_undo(PG_FUNCTION_ARGS)
{
	SdMigrateOptions options = {
		.upto = text_arg(fcinfo, 0),
		.steps = steps_arg(fcinfo, 1),
		.dry_run = bool_arg(fcinfo, 2),
		.force = bool_arg(fcinfo, 3)
	};

	if (options.upto == NULL && options.steps == 0)
		options.steps = 1;
	InitMaterializedSRF(fcinfo, 0);
	put_steps((ReturnSetInfo *) fcinfo->resultinfo, sd_migrate_undo(&options));
	return (Datum) 0;
}

/* studentdir.migrate_undo_all(dry_run, force) */
Datum
studentdir_migrate_undo_all(PG_FUNCTION_ARGS)
{
	SdMigrateOptions options = {
		.dry_run = bool_arg(fcinfo, 0),
		.force = bool_arg(fcinfo, 1)
	};

	InitMaterializedSRF(fcinfo, 0);
	put_steps((ReturnSetInfo *) fcinfo->resultinfo, sd_migrate_undo(&options));
	return (Datum) 0;
}

/* studentdir.migrate_redo() */
Datum
studentdir_migrate_redo(PG_FUNCTION_ARGS)
{
	InitMaterializedSRF(fcinfo, 0);
	put_steps((ReturnSetInfo *) fcinfo->resultinfo, sd_migrate_redo());
	return (Datum) 0;
}

/*-------------------------------------------------------------------------
 * sql_migrate.c
 *		The SQL functions of migrations and seeds: each takes
 *		its arguments, calls one function and returns.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "fmgr.h"
#include "funcapi.h"
#include "migrate/backfill.h"
#include "migrate/baseline.h"
#include "migrate/create.h"
#include "migrate/ledger.h"
#include "migrate/lint.h"
#include "migrate/runner.h"
#include "migrate/script.h"
#include "migrate/stepwise.h"
#include "sql_args.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

SD_FUNCTION(studentdir_migration_create);
SD_FUNCTION(studentdir_lint);
SD_FUNCTION(studentdir_migration_show);
SD_FUNCTION(studentdir_migration_repair);
SD_FUNCTION(studentdir_migration_status);
SD_FUNCTION(studentdir_migrate);
SD_FUNCTION(studentdir_migrate_undo);
SD_FUNCTION(studentdir_migrate_undo_all);
SD_FUNCTION(studentdir_migrate_redo);
SD_FUNCTION(studentdir_migrate_script);
SD_FUNCTION(studentdir_script_step);
SD_FUNCTION(studentdir_migrate_stepwise);
SD_FUNCTION(studentdir_backfill);
SD_FUNCTION(studentdir_migration_baseline);
SD_FUNCTION(studentdir_seed_create);
SD_FUNCTION(studentdir_seed_show);
SD_FUNCTION(studentdir_seed_repair);
SD_FUNCTION(studentdir_seed_baseline);
SD_FUNCTION(studentdir_seed_status);
SD_FUNCTION(studentdir_seed);
SD_FUNCTION(studentdir_seed_undo);
SD_FUNCTION(studentdir_seed_undo_all);

/* A document that has to be there; raises 22023. */
static Jsonb *
required_object_arg(FunctionCallInfo fcinfo, int n, const char *name)
{
	if (PG_ARGISNULL(n))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"%s\" must not be null", name)));
	return sd_jsonb_arg(fcinfo, n);
}

/* An interval in seconds; months have 30 days. */
static double
seconds(const Interval *interval)
{
	return (double) interval->time / USECS_PER_SEC +
		(interval->day + (double) interval->month * DAYS_PER_MONTH) * SECS_PER_DAY;
}

/* Whether a procedure is called where it cannot commit. */
static bool
is_atomic(FunctionCallInfo fcinfo)
{
	return fcinfo->context == NULL || !IsA(fcinfo->context, CallContext) ||
		castNode(CallContext, fcinfo->context)->atomic;
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

/* The first two arguments, "upto" and "steps"; raises 22023 when both are given. */
static SdMigrateOptions
limits_args(FunctionCallInfo fcinfo, const SdLedger *ledger)
{
	SdMigrateOptions options = {
		.ledger = ledger,
		.upto = sd_optional_arg(fcinfo, 0),
		.steps = steps_arg(fcinfo, 1)
	};

	if (options.upto != NULL && options.steps > 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"upto\" and \"steps\" exclude each other")));
	return options;
}

/* Answers with what was done, in a function that returns a set. */
static Datum
return_steps(FunctionCallInfo fcinfo, List *steps)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ListCell   *cell;

	InitMaterializedSRF(fcinfo, 0);
	foreach(cell, steps)
	{
		const SdMigrateStep *step = lfirst(cell);
		Datum		values[3];
		bool		nulls[3] = {false};

		values[0] = CStringGetTextDatum(step->name);
		values[1] = CStringGetTextDatum(step->action);
		values[2] = Float8GetDatum(step->duration_ms);
		nulls[2] = step->duration_ms < 0;
		Assert(result->setDesc->natts == lengthof(values));
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

static Datum
return_status(FunctionCallInfo fcinfo, List *migrations)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ListCell   *cell;

	InitMaterializedSRF(fcinfo, 0);
	foreach(cell, migrations)
	{
		const SdMigration *migration = lfirst(cell);
		Datum		values[6];
		bool		nulls[6] = {false};

		values[0] = CStringGetTextDatum(migration->applied ? "up" : "down");
		values[1] = CStringGetTextDatum(migration->name);
		values[2] = TimestampTzGetDatum(migration->applied_at);
		nulls[2] = !migration->applied;
		values[3] = sd_text_or_null(migration->applied_by, &nulls[3]);
		values[4] = Float8GetDatum(migration->duration_ms);
		nulls[4] = !migration->timed;
		nulls[5] = migration->applied && migration->up == NULL;
		values[5] = BoolGetDatum(migration->applied && migration->up != NULL &&
								 sd_migration_changed(migration));
		Assert(result->setDesc->natts == lengthof(values));
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

static Datum
return_text(FunctionCallInfo fcinfo, const SdMigration *migration)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Datum		values[2];
	bool		nulls[2];

	InitMaterializedSRF(fcinfo, 0);
	values[0] = sd_text_or_null(migration->up, &nulls[0]);
	values[1] = sd_text_or_null(migration->down, &nulls[1]);
	Assert(result->setDesc->natts == lengthof(values));
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	return (Datum) 0;
}

static Datum
return_queries(FunctionCallInfo fcinfo, List *queries)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ListCell   *cell;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	foreach(cell, queries)
	{
		Datum		value = CStringGetTextDatum((char *) lfirst(cell));
		bool		isnull = false;

		tuplestore_putvalues(result->setResult, result->setDesc, &value, &isnull);
	}
	return (Datum) 0;
}

/* upto, or the table of Sequelize's, or neither: then the table where it usually is */
static Datum
baseline(FunctionCallInfo fcinfo, const SdLedger *ledger)
{
	char	   *upto = sd_optional_arg(fcinfo, 0);

	if (upto != NULL && !PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"upto\" and \"meta\" exclude each other")));
	if (upto != NULL)
		return return_steps(fcinfo, sd_baseline(ledger, upto));
	return return_steps(fcinfo,
						sd_baseline_from_sequelize(ledger,
												   PG_ARGISNULL(1) ? InvalidOid : PG_GETARG_OID(1)));
}

/* Undoes one step where the caller names no end. */
static Datum
undo(FunctionCallInfo fcinfo, SdMigrateOptions options)
{
	if (options.upto == NULL && options.steps == 0)
		options.steps = 1;
	return return_steps(fcinfo, sd_migrate_undo(&options));
}

/* studentdir.migration_create(name, up, down) */
Datum
studentdir_migration_create(PG_FUNCTION_ARGS)
{
	char	   *name = sd_migration_create(sd_required_arg(fcinfo, 0, "name"),
										   sd_required_arg(fcinfo, 1, "up"),
										   sd_optional_arg(fcinfo, 2));

	PG_RETURN_TEXT_P(cstring_to_text(name));
}

/* studentdir.lint(sql, migration) */
Datum
studentdir_lint(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	List	   *findings = sd_lint_texts(sd_optional_arg(fcinfo, 0), sd_optional_arg(fcinfo, 1));
	ListCell   *cell;

	InitMaterializedSRF(fcinfo, 0);
	foreach(cell, findings)
	{
		const SdFinding *finding = lfirst(cell);
		Datum		values[] = {
			CStringGetTextDatum(finding->rule),
			CStringGetTextDatum(finding->level),
			Int32GetDatum(finding->statement),
			Int32GetDatum(finding->line),
			CStringGetTextDatum(finding->message),
			CStringGetTextDatum(finding->hint)
		};
		bool		nulls[lengthof(values)] = {false};

		Assert(result->setDesc->natts == lengthof(values));
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* studentdir.migration_show(name) */
Datum
studentdir_migration_show(PG_FUNCTION_ARGS)
{
	return return_text(fcinfo, sd_ledger_show(&sd_migrations, sd_required_arg(fcinfo, 0, "name")));
}

/* studentdir.migration_repair(name) */
Datum
studentdir_migration_repair(PG_FUNCTION_ARGS)
{
	sd_ledger_accept(&sd_migrations, sd_required_arg(fcinfo, 0, "name"));
	PG_RETURN_VOID();
}

/* studentdir.migration_baseline(upto, meta) */
Datum
studentdir_migration_baseline(PG_FUNCTION_ARGS)
{
	return baseline(fcinfo, &sd_migrations);
}

/* studentdir.migration_status() */
Datum
studentdir_migration_status(PG_FUNCTION_ARGS)
{
	return return_status(fcinfo, sd_ledger_states(&sd_migrations));
}

/* studentdir.migrate(upto, steps, dry_run) */
Datum
studentdir_migrate(PG_FUNCTION_ARGS)
{
	SdMigrateOptions options = limits_args(fcinfo, &sd_migrations);

	options.dry_run = bool_arg(fcinfo, 2);
	return return_steps(fcinfo, sd_migrate(&options));
}

/* studentdir.migrate_undo(upto, steps, dry_run, force) */
Datum
studentdir_migrate_undo(PG_FUNCTION_ARGS)
{
	SdMigrateOptions options = limits_args(fcinfo, &sd_migrations);

	options.dry_run = bool_arg(fcinfo, 2);
	options.force = bool_arg(fcinfo, 3);
	return undo(fcinfo, options);
}

/* studentdir.migrate_undo_all(dry_run, force) */
Datum
studentdir_migrate_undo_all(PG_FUNCTION_ARGS)
{
	SdMigrateOptions options = {
		.ledger = &sd_migrations,
		.dry_run = bool_arg(fcinfo, 0),
		.force = bool_arg(fcinfo, 1)
	};

	return return_steps(fcinfo, sd_migrate_undo(&options));
}

/* studentdir.migrate_redo() */
Datum
studentdir_migrate_redo(PG_FUNCTION_ARGS)
{
	return return_steps(fcinfo, sd_migrate_redo());
}

/* studentdir.migrate_script(upto, steps) */
Datum
studentdir_migrate_script(PG_FUNCTION_ARGS)
{
	SdMigrateOptions options = limits_args(fcinfo, &sd_migrations);

	return return_queries(fcinfo, sd_migrate_script(&options));
}

/* studentdir.script_step(name, checksum, statement, phase) */
Datum
studentdir_script_step(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"statement\" must not be null")));
	sd_script_step(sd_required_arg(fcinfo, 0, "name"), sd_required_arg(fcinfo, 1, "checksum"),
				   PG_GETARG_INT32(2), sd_required_arg(fcinfo, 3, "phase"));
	PG_RETURN_VOID();
}

/* studentdir.migrate_stepwise(upto, steps) */
Datum
studentdir_migrate_stepwise(PG_FUNCTION_ARGS)
{
	SdMigrateOptions options = limits_args(fcinfo, &sd_migrations);

	sd_migrate_stepwise(&options, is_atomic(fcinfo));
	PG_RETURN_VOID();
}

/* studentdir.backfill(model, set, condition, batch, pause) */
Datum
studentdir_backfill(PG_FUNCTION_ARGS)
{
	SdBackfill	backfill = {
		.model = sd_name_arg(fcinfo, 0, "model"),
		.set = required_object_arg(fcinfo, 1, "set"),
		.condition = required_object_arg(fcinfo, 2, "condition"),
		.batch = PG_ARGISNULL(3) ? 0 : PG_GETARG_INT32(3),
		.pause = PG_ARGISNULL(4) ? 0 : seconds(PG_GETARG_INTERVAL_P(4))
	};

	if (JB_ROOT_IS_OBJECT(backfill.set) && JB_ROOT_COUNT(backfill.set) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("set: nothing is set")));
	if (backfill.batch < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"batch\" must be at least 1")));
	if (backfill.pause < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"pause\" must not be negative")));
	sd_backfill(&backfill, is_atomic(fcinfo));
	PG_RETURN_VOID();
}

/* studentdir.seed_create(name, up, down) */
Datum
studentdir_seed_create(PG_FUNCTION_ARGS)
{
	char	   *name = sd_seed_create(sd_required_arg(fcinfo, 0, "name"),
									  sd_required_arg(fcinfo, 1, "up"),
									  sd_optional_arg(fcinfo, 2));

	PG_RETURN_TEXT_P(cstring_to_text(name));
}

/* studentdir.seed_show(name) */
Datum
studentdir_seed_show(PG_FUNCTION_ARGS)
{
	return return_text(fcinfo, sd_ledger_show(&sd_seeds, sd_required_arg(fcinfo, 0, "name")));
}

/* studentdir.seed_repair(name) */
Datum
studentdir_seed_repair(PG_FUNCTION_ARGS)
{
	sd_ledger_accept(&sd_seeds, sd_required_arg(fcinfo, 0, "name"));
	PG_RETURN_VOID();
}

/* studentdir.seed_baseline(upto, meta) */
Datum
studentdir_seed_baseline(PG_FUNCTION_ARGS)
{
	return baseline(fcinfo, &sd_seeds);
}

/* studentdir.seed_status() */
Datum
studentdir_seed_status(PG_FUNCTION_ARGS)
{
	return return_status(fcinfo, sd_ledger_states(&sd_seeds));
}

/* studentdir.seed(upto, steps, dry_run) */
Datum
studentdir_seed(PG_FUNCTION_ARGS)
{
	SdMigrateOptions options = limits_args(fcinfo, &sd_seeds);

	options.dry_run = bool_arg(fcinfo, 2);
	return return_steps(fcinfo, sd_migrate(&options));
}

/* studentdir.seed_undo(upto, steps, dry_run) */
Datum
studentdir_seed_undo(PG_FUNCTION_ARGS)
{
	SdMigrateOptions options = limits_args(fcinfo, &sd_seeds);

	options.dry_run = bool_arg(fcinfo, 2);
	return undo(fcinfo, options);
}

/* studentdir.seed_undo_all(dry_run) */
Datum
studentdir_seed_undo_all(PG_FUNCTION_ARGS)
{
	SdMigrateOptions options = {
		.ledger = &sd_seeds,
		.dry_run = bool_arg(fcinfo, 0)
	};

	return return_steps(fcinfo, sd_migrate_undo(&options));
}

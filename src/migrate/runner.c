/*-------------------------------------------------------------------------
 * migrate/runner.c
 *		Applies and undoes migrations, and seeds likewise.
 *
 * A call is one piece of work: it locks the ledger, chooses, checks, and only
 * then runs anything; an error undoes all of it.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "migrate/adopt.h"
#include "migrate/builtin.h"
#include "migrate/precondition.h"
#include "migrate/extension.h"
#include "migrate/ledger.h"
#include "migrate/runner.h"
#include "migrate/run_text.h"
#include "miscadmin.h"
#include "portability/instr_time.h"
#include "utils/builtins.h"

/* a migration that calls migrate() would be applied again and again */
static bool running = false;

static double
milliseconds_since(instr_time start)
{
	instr_time	now;

	INSTR_TIME_SET_CURRENT(now);
	INSTR_TIME_SUBTRACT(now, start);
	return INSTR_TIME_GET_MICROSEC(now) / 1000.0;
}

/* What was done to a migration; a duration of less than 0 is none. */
SdMigrateStep *
sd_make_step(const SdMigration *migration, const char *action, double duration_ms)
{
	SdMigrateStep *step = palloc(sizeof(SdMigrateStep));

	step->name = migration->name;
	step->action = action;
	step->duration_ms = duration_ms;
	return step;
}

static void
notice_begin(const SdMigration *migration, const char *doing)
{
	ereport(NOTICE, (errmsg("== %s: %s =======", migration->name, doing)));
}

static void
notice_end(const SdMigration *migration, const char *done, double ms)
{
	ereport(NOTICE, (errmsg("== %s: %s (%.3fs)", migration->name, done, ms / 1000.0)));
}

static SdMigrateStep *
apply(const SdMigration *migration, Oid schema)
{
	const SdBuiltin *builtin =
		migration->ledger->has_builtins ? sd_builtin_find(migration->name) : NULL;
	const char *action = "migrated";
	instr_time	start;
	double		ms;

	Assert(OidIsValid(schema));
	notice_begin(migration, "migrating");
	INSTR_TIME_SET_CURRENT(start);
	if (builtin != NULL && sd_adopt(builtin, schema))
		action = "adopted";
	else
		sd_run_text("applying", migration, migration->up);
	ms = milliseconds_since(start);
	sd_ledger_set_applied(migration, ms);
	notice_end(migration, action, ms);
	return sd_make_step(migration, action, ms);
}

static SdMigrateStep *
revert(const SdMigration *migration)
{
	instr_time	start;
	double		ms;

	Assert(migration->applied && migration->down != NULL);
	notice_begin(migration, "reverting");
	INSTR_TIME_SET_CURRENT(start);
	sd_run_text("reverting", migration, migration->down);
	ms = milliseconds_since(start);
	sd_ledger_set_pending(migration);
	notice_end(migration, "reverted", ms);
	return sd_make_step(migration, "reverted", ms);
}

/* An old migration that was registered late may not be what its place says. */
static void
notice_late(List *migrations, List *pending)
{
	const char *newest = NULL;
	ListCell   *cell;

	foreach(cell, migrations)
	{
		const SdMigration *migration = lfirst(cell);

		if (migration->applied)
			newest = migration->name;
	}
	foreach(cell, pending)
	{
		const SdMigration *migration = lfirst(cell);

		if (newest != NULL && strcmp(migration->name, newest) < 0)
			ereport(NOTICE,
					(errmsg("%s \"%s\" comes before \"%s\", which is applied already",
							migration->ledger->noun, migration->name, newest)));
	}
}

/* Returns the migrations to apply, in the order to do it. */
List *
sd_choose_pending(List *migrations, const SdMigrateOptions *options)
{
	List	   *chosen = NIL;
	ListCell   *cell;

	Assert(options->steps >= 0);
	foreach(cell, migrations)
	{
		SdMigration *migration = lfirst(cell);

		if (options->upto != NULL && strcmp(migration->name, options->upto) > 0)
			break;
		if (options->steps > 0 && list_length(chosen) == options->steps)
			break;
		if (!migration->applied)
			chosen = lappend(chosen, migration);
	}
	return chosen;
}

/* The migrations to undo, in the order to do it. */
static List *
choose_applied(List *migrations, const SdMigrateOptions *options)
{
	List	   *chosen = NIL;

	Assert(options->steps >= 0);
	for (int i = list_length(migrations) - 1; i >= 0; i--)
	{
		SdMigration *migration = list_nth(migrations, i);

		if (options->upto != NULL && strcmp(migration->name, options->upto) < 0)
			break;
		if (options->steps > 0 && list_length(chosen) == options->steps)
			break;
		if (migration->applied)
			chosen = lappend(chosen, migration);
	}
	return chosen;
}

static List *
make_steps(List *migrations, const char *action)
{
	List	   *steps = NIL;
	ListCell   *cell;

	foreach(cell, migrations)
		steps = lappend(steps, sd_make_step(lfirst(cell), action, -1));
	return steps;
}

/* What there is in the ledger, the built-in migrations too, in name order. */
static List *
load_all(const SdMigrateOptions *options, const SdExtension *extension)
{
	const SdLedger *ledger = options->ledger;
	List	   *migrations;

	if (!options->dry_run)
	{
		sd_ledger_lock(ledger);
		if (ledger->has_builtins)
			sd_builtin_register(extension->schema_name);
	}
	migrations = sd_ledger_load(ledger);
	if (options->dry_run && ledger->has_builtins)
		migrations = sd_builtin_add_missing(migrations, extension->schema_name);
	return migrations;
}

static List *
migrate(const SdMigrateOptions *options)
{
	SdExtension *extension = sd_extension();
	List	   *migrations = load_all(options, extension);
	List	   *pending;
	List	   *steps = NIL;
	ListCell   *cell;

	if (options->upto != NULL)
		sd_check_known(options->ledger, migrations, options->upto);
	pending = sd_choose_pending(migrations, options);
	sd_check_unchanged(migrations);
	sd_check_registered_by(pending);
	sd_check_not_begun(pending);

	if (pending == NIL && !options->quiet)
		ereport(NOTICE, (errmsg("%s", options->ledger->nothing_pending)));
	notice_late(migrations, pending);
	if (options->dry_run)
		return make_steps(pending, "migrate");
	foreach(cell, pending)
		steps = lappend(steps, apply(lfirst(cell), extension->schema));
	return steps;
}

/* What a script has done of a migration that is pending stays, and may need what is undone. */
static void
notice_begun(List *migrations)
{
	ListCell   *cell;

	foreach(cell, migrations)
	{
		const SdMigration *migration = lfirst(cell);

		if (!migration->applied && migration->done_statements >= 0)
			ereport(NOTICE,
					(errmsg("migration \"%s\" was begun by migrate_script, and is not undone: %d of its statements are carried out",
							migration->name, migration->done_statements),
					 errhint("Undo by hand what they did; studentdir.migration_repair(%s) lets it begin again then.",
							 quote_literal_cstr(migration->name))));
	}
}

/* The migrations that may be undone, in the order to do it. */
static List *
prepare_undo(const SdMigrateOptions *options, const SdExtension *extension)
{
	const SdLedger *ledger = options->ledger;
	List	   *migrations;
	List	   *chosen;

	if (!options->dry_run)
		sd_ledger_lock(ledger);
	migrations = sd_ledger_load(ledger);
	if (options->upto != NULL)
		sd_check_known(ledger, migrations, options->upto);
	chosen = choose_applied(migrations, options);
	sd_check_unchanged(chosen);
	sd_check_registered_by(chosen);
	sd_check_has_down(chosen);
	if (ledger->has_builtins && !options->force)
		sd_check_builtin_rows(chosen, extension->schema_name,
							  options->dry_run ? AccessShareLock : AccessExclusiveLock);
	if (chosen == NIL)
		ereport(NOTICE, (errmsg("%s", ledger->nothing_applied)));
	notice_begun(migrations);
	return chosen;
}

/* A sample that was given up, and whose table is gone now, is not made again. */
static void
forget_given_up(const SdMigration *migration)
{
	const SdBuiltin *builtin =
		migration->ledger->has_builtins ? sd_builtin_find(migration->name) : NULL;

	if (builtin != NULL && !sd_builtin_is_chosen(builtin))
		sd_ledger_delete(migration->ledger, migration->name);
}

static List *
undo(const SdMigrateOptions *options)
{
	List	   *chosen = prepare_undo(options, sd_extension());
	List	   *steps = NIL;
	ListCell   *cell;

	if (options->dry_run)
		return make_steps(chosen, "revert");
	foreach(cell, chosen)
	{
		steps = lappend(steps, revert(lfirst(cell)));
		forget_given_up(lfirst(cell));
	}
	return steps;
}

static List *
redo(const SdMigrateOptions *options)
{
	SdExtension *extension = sd_extension();
	List	   *chosen = prepare_undo(options, extension);
	List	   *steps = NIL;

	Assert(list_length(chosen) <= 1);
	for (int i = 0; i < list_length(chosen); i++)
		steps = lappend(steps, revert(list_nth(chosen, i)));
	for (int i = list_length(chosen) - 1; i >= 0; i--)
		steps = lappend(steps, apply(list_nth(chosen, i), extension->schema));
	return steps;
}

/* What the function is called that does this to the entries of a ledger. */
static const char *
command_name(const SdMigrateOptions *options, const char *suffix)
{
	return psprintf("studentdir.%s%s()",
					options->ledger == &sd_migrations ? "migrate" : options->ledger->noun, suffix);
}

static List *
run(const char *command, const SdMigrateOptions *options,
	List *(*work) (const SdMigrateOptions *))
{
	List	   *volatile steps = NIL;

	if (running)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("a migration or seed cannot run others")));
	if (!options->dry_run)
		PreventCommandIfReadOnly(command);

	running = true;
	PG_TRY();
	{
		steps = work(options);
	}
	PG_FINALLY();
	{
		running = false;
	}
	PG_END_TRY();
	return steps;
}

/*
 * Applies pending migrations in name order, after entering what is missing of
 * the built-in ones.  Returns an SdMigrateStep for each, in the current
 * context.  Raises 25006, 40001, 42501 and 55000 (docs/reference/migrations.md)
 * and whatever the migrations raise.
 */
List *
sd_migrate(const SdMigrateOptions *options)
{
	return run(command_name(options, ""), options, migrate);
}

/*
 * Undoes applied migrations, the newest first.  Returns and raises the same
 * things as sd_migrate().
 */
List *
sd_migrate_undo(const SdMigrateOptions *options)
{
	return run(command_name(options, "_undo"), options, undo);
}

/*
 * Undoes the newest migration and applies it again.  Returns and raises the
 * same things as sd_migrate().
 */
List *
sd_migrate_redo(void)
{
	SdMigrateOptions newest = {.ledger = &sd_migrations, .steps = 1};

	return run(command_name(&newest, "_redo"), &newest, redo);
}

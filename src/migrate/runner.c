/*-------------------------------------------------------------------------
 * migrate/runner.c
 *		Applies and undoes migrations.
 *
 * A call is one piece of work: it locks the ledger, chooses, checks, and only
 * then runs anything; an error undoes all of it.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/command.h"
#include "migrate/adopt.h"
#include "migrate/builtin.h"
#include "migrate/check.h"
#include "migrate/extension.h"
#include "migrate/ledger.h"
#include "migrate/runner.h"
#include "miscadmin.h"
#include "portability/instr_time.h"
#include "utils/guc.h"

/* a migration that calls migrate() would be applied again and again */
static bool running = false;

typedef struct Doing
{
	const char *what;			/* "applying", "reverting" */
	const char *name;
} Doing;

static void
add_context(void *arg)
{
	const Doing *doing = arg;

	/* what cannot run in a function cannot run in a migration */
	if (geterrcode() == ERRCODE_ACTIVE_SQL_TRANSACTION)
		errhint("All migrations of a call run in one transaction. Run this statement by itself, outside of a migration.");
	errcontext("while %s migration \"%s\"", doing->what, doing->name);
}

/*
 * Runs one text of a migration, under the settings that the caller has:
 * what it sets itself ends with it, so that no migration depends on another's
 * search_path or role.
 */
static void
run_text(const char *what, const SdMigration *migration, const char *text)
{
	Doing		doing = {what, migration->name};
	ErrorContextCallback callback;
	int			nestlevel = NewGUCNestLevel();

	callback.callback = add_context;
	callback.arg = &doing;
	callback.previous = error_context_stack;
	error_context_stack = &callback;

	sd_script(text);

	error_context_stack = callback.previous;
	AtEOXact_GUC(false, nestlevel);
}

static double
milliseconds_since(instr_time start)
{
	instr_time	now;

	INSTR_TIME_SET_CURRENT(now);
	INSTR_TIME_SUBTRACT(now, start);
	return INSTR_TIME_GET_MICROSEC(now) / 1000.0;
}

static SdMigrateStep *
make_step(const SdMigration *migration, const char *action, double duration_ms)
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
	const SdBuiltin *builtin = sd_builtin_find(migration->name);
	const char *action = "migrated";
	instr_time	start;
	double		ms;

	notice_begin(migration, "migrating");
	INSTR_TIME_SET_CURRENT(start);
	if (builtin != NULL && sd_adopt(builtin, schema))
		action = "adopted";
	else
		run_text("applying", migration, migration->up);
	ms = milliseconds_since(start);
	sd_ledger_set_applied(migration, ms);
	notice_end(migration, action, ms);
	return make_step(migration, action, ms);
}

static SdMigrateStep *
revert(const SdMigration *migration)
{
	instr_time	start;
	double		ms;

	notice_begin(migration, "reverting");
	INSTR_TIME_SET_CURRENT(start);
	run_text("reverting", migration, migration->down);
	ms = milliseconds_since(start);
	sd_ledger_set_pending(migration);
	notice_end(migration, "reverted", ms);
	return make_step(migration, "reverted", ms);
}

/* An old migration that was registered late may not be what its place says. */
static void
notice_late(List *ledger, List *pending)
{
	const char *newest = NULL;
	ListCell   *cell;

	foreach(cell, ledger)
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
					(errmsg("migration \"%s\" comes before \"%s\", which is applied already",
							migration->name, newest)));
	}
}

/* The migrations to apply, in the order to do it. */
static List *
choose_pending(List *ledger, const SdMigrateOptions *options)
{
	List	   *chosen = NIL;
	ListCell   *cell;

	foreach(cell, ledger)
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
choose_applied(List *ledger, const SdMigrateOptions *options)
{
	List	   *chosen = NIL;

	for (int i = list_length(ledger) - 1; i >= 0; i--)
	{
		SdMigration *migration = list_nth(ledger, i);

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
		steps = lappend(steps, make_step(lfirst(cell), action, -1));
	return steps;
}

static List *
migrate(const SdMigrateOptions *options)
{
	SdExtension *extension = sd_extension();
	List	   *ledger;
	List	   *pending;
	List	   *steps = NIL;
	ListCell   *cell;

	if (options->dry_run)
		ledger = sd_builtin_add_missing(sd_ledger_load(), extension->schema_name);
	else
	{
		sd_ledger_lock();
		sd_builtin_register(extension->schema_name);
		ledger = sd_ledger_load();
	}
	if (options->upto != NULL)
		sd_check_known(ledger, options->upto);
	pending = choose_pending(ledger, options);
	sd_check_unchanged(ledger);
	sd_check_registered_by(pending);

	if (pending == NIL)
		ereport(NOTICE,
				(errmsg("No migrations were executed, database schema was already up to date.")));
	notice_late(ledger, pending);
	if (options->dry_run)
		return make_steps(pending, "migrate");
	foreach(cell, pending)
		steps = lappend(steps, apply(lfirst(cell), extension->schema));
	return steps;
}

/* The migrations that may be undone, in the order to do it. */
static List *
prepare_undo(const SdMigrateOptions *options, const SdExtension *extension)
{
	List	   *ledger;
	List	   *chosen;

	if (!options->dry_run)
		sd_ledger_lock();
	ledger = sd_ledger_load();
	if (options->upto != NULL)
		sd_check_known(ledger, options->upto);
	chosen = choose_applied(ledger, options);
	sd_check_unchanged(chosen);
	sd_check_registered_by(chosen);
	sd_check_has_down(chosen);
	if (!options->force)
		sd_check_builtin_rows(chosen, extension->schema_name);
	if (chosen == NIL)
		ereport(NOTICE, (errmsg("No executed migrations found.")));
	return chosen;
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
		steps = lappend(steps, revert(lfirst(cell)));
	return steps;
}

static List *
redo(const SdMigrateOptions *options)
{
	SdExtension *extension = sd_extension();
	List	   *chosen = prepare_undo(options, extension);
	List	   *steps = NIL;

	for (int i = 0; i < list_length(chosen); i++)
		steps = lappend(steps, revert(list_nth(chosen, i)));
	for (int i = list_length(chosen) - 1; i >= 0; i--)
		steps = lappend(steps, apply(list_nth(chosen, i), extension->schema));
	return steps;
}

static List *
run(const char *command, const SdMigrateOptions *options,
	List *(*work) (const SdMigrateOptions *))
{
	List	   *volatile steps = NIL;

	if (running)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("a migration cannot run migrations")));
	if (options->upto != NULL && options->steps > 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"upto\" and \"steps\" exclude each other")));
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
 * context.  Raises 22023, 25006, 40001, 42501 and 55000 as api.md says, and
 * whatever the migrations raise.
 */
List *
sd_migrate(const SdMigrateOptions *options)
{
	return run("studentdir.migrate()", options, migrate);
}

/*
 * Undoes applied migrations, the newest first.  Returns and raises the same
 * things as sd_migrate().
 */
List *
sd_migrate_undo(const SdMigrateOptions *options)
{
	return run("studentdir.migrate_undo()", options, undo);
}

/*
 * Undoes the newest migration and applies it again.  Returns and raises the
 * same things as sd_migrate().
 */
List *
sd_migrate_redo(void)
{
	SdMigrateOptions newest = {.steps = 1};

	return run("studentdir.migrate_redo()", &newest, redo);
}

/*-------------------------------------------------------------------------
 * migrate/run_text.c
 *		Runs the SQL text of a migration or seed.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/command.h"
#include "migrate/statements.h"
#include "migrate/run_text.h"
#include "storage/proc.h"
#include "studentdir.h"

typedef struct Doing
{
	const char *what;			/* "applying", "reverting" */
	const SdMigration *migration;
	const SdSqlStatement *statement;	/* NULL while the text is parsed */
} Doing;

/* Says what can be done about errors that have to do with migrations as such. */
static void
add_hint(const Doing *doing)
{
	switch (geterrcode())
	{
		case ERRCODE_ACTIVE_SQL_TRANSACTION:
			if (doing->migration->ledger == &sd_migrations && strcmp(doing->what, "applying") == 0)
				errhint("All migrations of a call run in one transaction. "
						"SELECT sql FROM studentdir.migrate_script() \\gexec, in psql, runs what cannot be in one.");
			else
				errhint("Everything runs in one transaction. Run this statement by itself.");
			break;
		case ERRCODE_LOCK_NOT_AVAILABLE:
			errhint("Another transaction holds the lock for longer than lock_timeout allows, which is %d ms here. "
					"Nothing of this call is left: run it again, or raise studentdir.lock_timeout.",
					LockTimeout);
			break;
	}
}

static void
add_context(void *arg)
{
	const Doing *doing = arg;
	const SdMigration *migration = doing->migration;

	add_hint(doing);
	if (doing->statement != NULL)
		errcontext("statement %d, line %d, while %s %s \"%s\"",
				   doing->statement->number, doing->statement->line,
				   doing->what, migration->ledger->noun, migration->name);
	else
		errcontext("while %s %s \"%s\"", doing->what, migration->ledger->noun, migration->name);
}

static void
run_statements(Doing *doing, const char *text)
{
	ListCell   *cell;

	foreach(cell, sd_split_statements(text))
	{
		doing->statement = lfirst(cell);
		sd_script(doing->statement->sql);
	}
}

/*
 * Makes lock_timeout what studentdir.lock_timeout says, for as long as action
 * says.  A lock_timeout of the caller's that is shorter stays.
 */
void
sd_bound_lock_waits(GucAction action)
{
	if (sd_lock_timeout == 0 || (LockTimeout > 0 && LockTimeout < sd_lock_timeout))
		return;
	set_config_option("lock_timeout", psprintf("%d", sd_lock_timeout), PGC_USERSET, PGC_S_SESSION,
					  action, true, 0, false);
}

/*
 * Runs one text of a migration, under the settings that the caller has: what
 * it sets itself ends with it, so that no migration depends on another's
 * search_path or role.  Errors are the statements' own, with the statement's
 * number and line in the context.
 */
void
sd_run_text(const char *doing_what, const SdMigration *migration, const char *text)
{
	Doing		doing = {doing_what, migration, NULL};
	ErrorContextCallback callback;
	int			nestlevel = NewGUCNestLevel();

	callback.callback = add_context;
	callback.arg = &doing;
	callback.previous = error_context_stack;
	error_context_stack = &callback;

	sd_bound_lock_waits(GUC_ACTION_SAVE);
	run_statements(&doing, text);

	error_context_stack = callback.previous;
	AtEOXact_GUC(false, nestlevel);
}

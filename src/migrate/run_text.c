/*-------------------------------------------------------------------------
 * migrate/run_text.c
 *		Runs the SQL text of a migration or seed.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/command.h"
#include "migrate/lock_waits.h"
#include "migrate/run_text.h"
#include "migrate/statements.h"

typedef struct Doing
{
	const char *what;			/* "applying", "reverting" */
	const SdMigration *migration;
	const SdSqlStatement *statement;	/* NULL while the text is parsed */
} Doing;

/* Says what can be done about statements that cannot be in a transaction, or not in this one. */
static void
add_hint(const Doing *doing)
{
	bool		applying = doing->migration->ledger == &sd_migrations &&
		strcmp(doing->what, "applying") == 0;

	if (geterrcode() == ERRCODE_UNSAFE_NEW_ENUM_VALUE_USAGE && applying)
		errhint("A value that was added to an enum can be used when it is committed. "
				"CALL studentdir.migrate_stepwise() commits after each migration.");
	if (geterrcode() != ERRCODE_ACTIVE_SQL_TRANSACTION &&
		geterrcode() != ERRCODE_INVALID_TRANSACTION_TERMINATION)
		return;
	if (applying)
		errhint("All migrations of a call run in one transaction. "
				"SELECT sql FROM studentdir.migrate_script() \\gexec, in psql, runs what cannot be in one.");
	else
		errhint("Everything runs in one transaction. Run this statement by itself.");
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
	SdLockWaits waits;

	Assert(text != NULL && (text == migration->up || text == migration->down));
	callback.callback = add_context;
	callback.arg = &doing;
	callback.previous = error_context_stack;
	error_context_stack = &callback;

	sd_begin_lock_waits(&waits);
	run_statements(&doing, text);
	sd_end_lock_waits(&waits);

	error_context_stack = callback.previous;
}

/*-------------------------------------------------------------------------
 * migrate/script_step.c
 *		What the queries of a script call between the migration's statements.
 *
 * psql goes on after an error unless it is told not to.  A statement that has
 * its count in the same transaction is undone with it.  One that has to be
 * alone is not: so this session remembers whether it may run, and a hook
 * refuses it when the call before it failed; and whether it did run without
 * an error, before it is counted.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/xact.h"
#include "catalogs/rows.h"
#include "common/hashfn.h"
#include "migrate/precondition.h"
#include "migrate/checksum.h"
#include "migrate/extension.h"
#include "migrate/lock_waits.h"
#include "migrate/script.h"
#include "migrate/statements.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "storage/lock.h"
#include "tcop/utility.h"
#include "utils/memutils.h"

/* what this session knows of the next statement that has to run alone */
typedef enum AloneState
{
	ALONE_NONE,
	ALONE_REFUSED,				/* the call before it did not succeed */
	ALONE_ARMING,				/* it did, and is not committed yet */
	ALONE_ARMED					/* may run, or has run without an error */
} AloneState;

static AloneState alone = ALONE_NONE;
static char *alone_name = NULL; /* of its migration; in TopMemoryContext */
static int	alone_statement;

static ProcessUtility_hook_type next_utility_hook = NULL;

/* SQL functions use 1 and 2 as the last field of an advisory lock */
#define SCRIPT_LOCK_FIELD	3

static const char *const phase_names[] = {
	[SD_SCRIPT_WITH] = "with",
	[SD_SCRIPT_BEFORE] = "before",
	[SD_SCRIPT_AFTER] = "after",
	[SD_SCRIPT_APPLIED] = "applied"
};

StaticAssertDecl(lengthof(phase_names) == SD_SCRIPT_APPLIED + 1, "every phase has a name");

/* What a phase is called in SQL. */
const char *
sd_script_phase_name(SdScriptPhase phase)
{
	Assert(phase < lengthof(phase_names));
	return phase_names[phase];
}

static SdScriptPhase
phase_by_name(const char *name)
{
	for (int i = 0; i < lengthof(phase_names); i++)
	{
		if (strcmp(phase_names[i], name) == 0)
			return i;
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown phase of a script: \"%s\"", name),
			 errhint("studentdir.migrate_script() writes the calls of this procedure.")));
}

/* psql may come to a migration though the one before it failed. */
static void
check_turn(List *migrations, const SdMigration *migration)
{
	ListCell   *cell;

	foreach(cell, migrations)
	{
		const SdMigration *earlier = lfirst(cell);

		if (earlier == migration)
			break;
		if (!earlier->applied)
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("it is not the turn of migration \"%s\": \"%s\" is pending",
							migration->name, earlier->name),
					 errhint("With \"\\set ON_ERROR_STOP on\" psql stops at the first error; "
							 "studentdir.migrate_script() goes on where it stopped.")));
	}
}

/*
 * Returns the migration, with the ledger locked, when the script's view of it
 * still holds: the same text, not applied, and so many statements done.
 */
static SdMigration *
open_migration(const char *name, const char *checksum, int done)
{
	List	   *migrations;
	SdMigration *migration;

	PreventCommandIfReadOnly("studentdir.migrate_script()");
	sd_ledger_lock(&sd_migrations);
	migrations = sd_ledger_load(&sd_migrations);
	sd_check_known(&sd_migrations, migrations, name);
	migration = sd_ledger_find(migrations, name);
	if (migration->applied)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("migration \"%s\" is applied already", name),
				 errhint("Another session applied it. Run studentdir.migrate_script() again for what is still pending.")));
	if (strcmp(sd_migration_checksum(migration->up, migration->down), checksum) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("migration \"%s\" was changed since this script of it was made", name),
				 errhint("Run studentdir.migrate_script() again.")));
	sd_check_registered_by(list_make1(migration));
	if (Max(migration->done_statements, 0) != done)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("migration \"%s\" stands at another statement: %d are done, and here it would be %d",
						name, Max(migration->done_statements, 0), done),
				 errhint("A statement before this one failed, or another session is running the migration. "
						 "With \"\\set ON_ERROR_STOP on\" psql stops at the first error; "
						 "studentdir.migrate_script() goes on where it stopped.")));
	if (done == 0)
		check_turn(migrations, migration);
	return migration;
}

static void
set_lock_tag(LOCKTAG *tag, const char *name)
{
	SET_LOCKTAG_ADVISORY(*tag, MyDatabaseId, sd_catalog_table(sd_migrations.table),
						 string_hash(name, strlen(name) + 1), SCRIPT_LOCK_FIELD);
}

/*
 * Keeps other sessions from running the same statement, until it is counted
 * or this session ends: the ledger's lock ends before the statement begins.
 */
static void
lock_for_session(const char *name)
{
	LOCKTAG		tag;

	set_lock_tag(&tag, name);
	switch (LockAcquire(&tag, ExclusiveLock, true, true))
	{
		case LOCKACQUIRE_NOT_AVAIL:
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_IN_USE),
					 errmsg("another session is running the script of migration \"%s\"", name),
					 errhint("Wait until it has finished, or cancel it.")));
			break;
		case LOCKACQUIRE_ALREADY_HELD:
			/* from an attempt that failed; once is enough */
			LockRelease(&tag, ExclusiveLock, true);
			break;
		default:
			break;
	}
}

static void
unlock_for_session(const char *name)
{
	LOCKTAG		tag;

	set_lock_tag(&tag, name);
	LockRelease(&tag, ExclusiveLock, true);
}

static void
arm(const char *name, int statement)
{
	Assert(statement >= 1);
	if (alone_name != NULL)
		pfree(alone_name);
	alone_name = NULL;
	alone_name = MemoryContextStrdup(TopMemoryContext, name);
	alone_statement = statement;
	alone = ALONE_ARMING;
}

/* Raises 55000 unless the statement was armed in this session and has not failed since. */
static void
check_has_run(const char *name, int statement)
{
	Assert(alone != ALONE_ARMED || alone_name != NULL);
	if (alone != ALONE_ARMED || strcmp(alone_name, name) != 0 || alone_statement != statement)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("statement %d of migration \"%s\" did not succeed in this session",
						statement, name),
				 errhint("Correct the cause, drop the invalid index that a failed CREATE INDEX CONCURRENTLY may have left, "
						 "and run studentdir.migrate_script() again, which goes on here. "
						 "A connection pooler must not come between the statements of a script.")));
}

static void
begin_notice(const SdMigration *migration, int statement)
{
	if (statement == 1)
		ereport(NOTICE, (errmsg("== %s: migrating =======", migration->name)));
}

/*
 * One call of a script: statement is the number of the statement at which it
 * stands.  Raises 55000 when the ledger says otherwise, 55006 when another
 * session is at it, 22023 for an unknown phase, and what sd_ledger_lock() and
 * sd_check_registered_by() raise.
 */
void
sd_script_step(const char *name, const char *checksum, int statement, const char *phase)
{
	SdMigration *migration;

	switch (phase_by_name(phase))
	{
		case SD_SCRIPT_WITH:
			migration = open_migration(name, checksum, statement - 1);
			begin_notice(migration, statement);
			sd_ledger_set_done(migration, statement);
			sd_bound_lock_waits(GUC_ACTION_LOCAL);
			break;
		case SD_SCRIPT_BEFORE:
			/* until all of this is done and committed */
			alone = ALONE_REFUSED;
			migration = open_migration(name, checksum, statement - 1);
			lock_for_session(name);
			begin_notice(migration, statement);
			sd_ledger_set_done(migration, statement - 1);
			arm(name, statement);
			break;
		case SD_SCRIPT_AFTER:
			check_has_run(name, statement);
			alone = ALONE_NONE;
			sd_ledger_set_done(open_migration(name, checksum, statement - 1), statement);
			unlock_for_session(name);
			break;
		case SD_SCRIPT_APPLIED:
			migration = open_migration(name, checksum, statement);
			sd_ledger_set_applied(migration, -1);
			ereport(NOTICE, (errmsg("== %s: migrated", name)));
			break;
	}
}

static void
at_transaction_end(XactEvent event, void *arg)
{
	if (event == XACT_EVENT_COMMIT && alone == ALONE_ARMING)
		alone = ALONE_ARMED;
	else if (event == XACT_EVENT_ABORT && alone == ALONE_ARMING)
		alone = ALONE_REFUSED;
	else if (event == XACT_EVENT_ABORT && alone == ALONE_ARMED)
		alone = ALONE_NONE;
}

/* Whether a statement is a call of a script itself. */
static bool
is_script_step(const Node *tree)
{
	List	   *name;

	if (!IsA(tree, CallStmt))
		return false;
	name = ((const CallStmt *) tree)->funccall->funcname;
	return strcmp(strVal(llast(name)), "script_step") == 0;
}

static void
refuse_alone(PlannedStmt *statement, const char *query, bool read_only_tree,
			 ProcessUtilityContext context, ParamListInfo params, QueryEnvironment *environment,
			 DestReceiver *dest, QueryCompletion *completion)
{
	const Node *tree = statement->utilityStmt;

	/* it comes right after its step: anything else means that the script is not going on here */
	if (alone == ALONE_REFUSED && context == PROCESS_UTILITY_TOPLEVEL && !is_script_step(tree))
	{
		alone = ALONE_NONE;
		if (sd_statement_runs_alone(tree))
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("this statement of a migration does not run, because the step before it failed"),
					 errhint("With \"\\set ON_ERROR_STOP on\" psql stops at the first error.")));
	}
	if (next_utility_hook != NULL)
		next_utility_hook(statement, query, read_only_tree, context, params, environment, dest,
						  completion);
	else
		standard_ProcessUtility(statement, query, read_only_tree, context, params, environment,
								dest, completion);
}

/* Called when the library is loaded. */
void
sd_script_init(void)
{
	RegisterXactCallback(at_transaction_end, NULL);
	next_utility_hook = ProcessUtility_hook;
	ProcessUtility_hook = refuse_alone;
}

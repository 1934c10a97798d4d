/*-------------------------------------------------------------------------
 * migrate/stepwise.c
 *		Applies migrations in one transaction each.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "executor/spi.h"
#include "migrate/stepwise.h"
#include "tcop/pquery.h"
#include "utils/memutils.h"

/*
 * Applies the next pending migration.  The transaction is a new one: its
 * ledger is locked and read anew, since others may have been at it.
 */
static bool
apply_next(const SdMigrateOptions *options, bool first)
{
	SdMigrateOptions next = *options;

	next.steps = 1;
	next.quiet = !first;
	/* a commit took the call's snapshot with it */
	EnsurePortalSnapshotExists();
	return sd_migrate(&next) != NIL;
}

/*
 * Applies pending migrations, and commits after each of them: an error leaves
 * those before it applied.  atomic: the caller cannot commit.  Raises 25001
 * then, and what sd_migrate() raises.
 */
void
sd_migrate_stepwise(const SdMigrateOptions *options, bool atomic)
{
	MemoryContext one;
	bool		more = true;

	Assert(options->ledger == &sd_migrations);
	Assert(!options->dry_run && options->steps >= 0);
	if (atomic)
		ereport(ERROR,
				(errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
				 errmsg("studentdir.migrate_stepwise() commits after each migration, and cannot do so here"),
				 errhint("Call it by itself, outside of a transaction block and of functions. "
						 "studentdir.migrate() runs all migrations in the caller's transaction.")));
	if (SPI_connect_ext(SPI_OPT_NONATOMIC) != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect_ext failed");
	one = AllocSetContextCreate(CurrentMemoryContext, "studentdir migration", ALLOCSET_DEFAULT_SIZES);
	for (int done = 0; more && (options->steps == 0 || done < options->steps); done++)
	{
		MemoryContext old = MemoryContextSwitchTo(one);

		more = apply_next(options, done == 0);
		MemoryContextSwitchTo(old);
		SPI_commit();
		MemoryContextReset(one);
	}
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "SPI_finish failed");
}

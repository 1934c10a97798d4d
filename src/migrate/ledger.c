/*-------------------------------------------------------------------------
 * migrate/ledger.c
 *		The table studentdir.migration.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "execute/command.h"
#include "migrate/checksum.h"
#include "migrate/extension.h"
#include "migrate/ledger.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

static SdMigration *
migration_from_row(const SdRows *rows, int row)
{
	SdMigration *migration = palloc0(sizeof(SdMigration));

	migration->name = sd_rows_text(rows, row, 0);
	migration->up = sd_rows_text(rows, row, 1);
	migration->down = sd_rows_text(rows, row, 2);
	migration->checksum = sd_rows_text(rows, row, 3);
	migration->registered_by = sd_rows_text(rows, row, 4);
	migration->applied = !SD_ISNULL(rows, row, 5);
	if (migration->applied)
		migration->applied_at = DatumGetTimestampTz(SD_VALUE(rows, row, 5));
	migration->applied_by = sd_rows_text(rows, row, 6);
	migration->timed = !SD_ISNULL(rows, row, 7);
	if (migration->timed)
		migration->duration_ms = DatumGetFloat8(SD_VALUE(rows, row, 7));
	return migration;
}

static List *
load(Snapshot snapshot)
{
	SdRows	   *rows;
	List	   *ledger = NIL;

	rows = sd_query("SELECT name, up, down, checksum, registered_by, applied_at, applied_by, duration_ms"
					" FROM studentdir.migration ORDER BY name",
					NULL, 0, snapshot);
	for (int row = 0; row < rows->nrows; row++)
		ledger = lappend(ledger, migration_from_row(rows, row));
	return ledger;
}

/*
 * Whether somebody else changed the ledger since this transaction took its
 * snapshot.
 */
static bool
snapshot_is_stale(void)
{
	List	   *ours = load(InvalidSnapshot);
	List	   *latest = load(GetLatestSnapshot());
	ListCell   *a;
	ListCell   *b;

	if (list_length(ours) != list_length(latest))
		return true;
	forboth(a, ours, b, latest)
	{
		const SdMigration *m = lfirst(a);
		const SdMigration *n = lfirst(b);

		if (strcmp(m->name, n->name) != 0 || strcmp(m->checksum, n->checksum) != 0 ||
			m->applied != n->applied || m->applied_at != n->applied_at)
			return true;
	}
	return false;
}

/*
 * Makes this transaction the only one that changes the ledger, until it ends.
 * Readers are not held up.  Raises 42501 when the caller may not write the
 * ledger, and 40001 when this transaction cannot see what others did to it.
 */
void
sd_ledger_lock(void)
{
	Oid			relid = sd_catalog_table("migration");

	if (pg_class_aclcheck(relid, GetUserId(), ACL_UPDATE) != ACLCHECK_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("role \"%s\" may not write the ledger of migrations",
						GetUserNameFromId(GetUserId(), false)),
				 errhint("The role that installed the extension can GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA studentdir.")));

	LockRelationOid(relid, ShareRowExclusiveLock);
	if (IsolationUsesXactSnapshot() && snapshot_is_stale())
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("the ledger of migrations was changed by another transaction"),
				 errhint("Run it again in a new transaction, preferably under READ COMMITTED.")));
}

/*
 * Returns the migrations, SdMigration, in name order.  Under READ COMMITTED
 * the rows are those of this moment.
 */
List *
sd_ledger_load(void)
{
	return load(InvalidSnapshot);
}

/* Returns the migration of that name, or NULL. */
SdMigration *
sd_ledger_find(List *ledger, const char *name)
{
	ListCell   *cell;

	foreach(cell, ledger)
	{
		SdMigration *migration = lfirst(cell);

		if (strcmp(migration->name, name) == 0)
			return migration;
	}
	return NULL;
}

/* Adds a pending migration.  Returns false when the name is taken. */
bool
sd_ledger_register(const char *name, const char *up, const char *down)
{
	SdArg		args[4];

	args[0] = sd_text_arg(name);
	args[1] = sd_text_arg(up);
	args[2] = sd_text_arg(down);
	args[3] = sd_text_arg(sd_migration_checksum(up, down));
	return sd_command("INSERT INTO studentdir.migration (name, up, down, checksum)"
					  " VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO NOTHING",
					  args, lengthof(args)) == 1;
}

/* Runs an UPDATE of a migration's row, which a migration may have removed. */
static void
update_row(const SdMigration *migration, const char *sql, const SdArg *args, int nargs)
{
	if (sd_command(sql, args, nargs) != 1)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("migration \"%s\" is gone from the ledger", migration->name)));
}

/*
 * Records that a migration is applied as of now.  A text that was edited while
 * the migration was pending is the text that ran: its checksum is recorded too.
 */
void
sd_ledger_set_applied(const SdMigration *migration, double duration_ms)
{
	SdArg		args[4];

	args[0] = sd_text_arg(migration->name);
	args[1] = sd_text_arg(sd_migration_checksum(migration->up, migration->down));
	args[2] = sd_arg(TIMESTAMPTZOID, TimestampTzGetDatum(GetCurrentTimestamp()));
	args[3] = sd_arg(FLOAT8OID, Float8GetDatum(duration_ms));
	update_row(migration,
			   "UPDATE studentdir.migration SET checksum = $2, applied_at = $3, duration_ms = $4,"
			   " applied_by = CURRENT_USER WHERE name OPERATOR(pg_catalog.=) $1",
			   args, lengthof(args));
}

/* Records that a migration is not applied any more. */
void
sd_ledger_set_pending(const SdMigration *migration)
{
	SdArg		args[1];

	args[0] = sd_text_arg(migration->name);
	update_row(migration,
			   "UPDATE studentdir.migration SET applied_at = NULL, applied_by = NULL,"
			   " duration_ms = NULL WHERE name OPERATOR(pg_catalog.=) $1",
			   args, lengthof(args));
}

/* Accepts a migration's text as it is now; the caller vouches for it. */
void
sd_ledger_repair(const SdMigration *migration)
{
	SdArg		args[2];

	args[0] = sd_text_arg(migration->name);
	args[1] = sd_text_arg(sd_migration_checksum(migration->up, migration->down));
	update_row(migration,
			   "UPDATE studentdir.migration SET checksum = $2, registered_by = CURRENT_USER"
			   " WHERE name OPERATOR(pg_catalog.=) $1",
			   args, lengthof(args));
}

/* Whether the text differs from the one that was registered or applied. */
bool
sd_migration_changed(const SdMigration *migration)
{
	return strcmp(migration->checksum,
				  sd_migration_checksum(migration->up, migration->down)) != 0;
}

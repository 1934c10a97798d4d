/*-------------------------------------------------------------------------
 * migrate/ledger.c
 *		The tables studentdir.migration and studentdir.seed.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "catalogs/rows.h"
#include "execute/command.h"
#include "migrate/checksum.h"
#include "migrate/extension.h"
#include "migrate/ledger.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

const SdLedger sd_migrations = {
	.table = "migration",
	.noun = "migration",
	.has_builtins = true,
	.nothing_pending = "No migrations were executed, database schema was already up to date.",
	.nothing_applied = "No executed migrations found.",
	.sequelize_table = "SequelizeMeta"
};

const SdLedger sd_seeds = {
	.table = "seed",
	.noun = "seed",
	.has_builtins = false,
	.nothing_pending = "No seeders found.",
	.nothing_applied = "No seeders found.",
	.sequelize_table = "SequelizeData"
};

static SdMigration *
migration_from_row(const SdLedger *ledger, const SdRows *rows, int row)
{
	SdMigration *migration = palloc0(sizeof(SdMigration));

	Assert(rows->ncols == 9);
	migration->ledger = ledger;
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
	migration->done_statements = SD_ISNULL(rows, row, 8) ? -1 : DatumGetInt32(SD_VALUE(rows, row, 8));
	return migration;
}

/* The migrations, with their texts or without. */
static List *
load(const SdLedger *ledger, Snapshot snapshot, bool texts)
{
	SdRows	   *rows;
	List	   *migrations = NIL;

	rows = sd_query(psprintf("SELECT name, %s, checksum, registered_by, applied_at, applied_by,"
							 " duration_ms, done_statements FROM studentdir.%s ORDER BY name",
							 texts ? "up, down" : "NULL::pg_catalog.text, NULL::pg_catalog.text",
							 ledger->table),
					NULL, 0, snapshot);
	for (int row = 0; row < rows->nrows; row++)
		migrations = lappend(migrations, migration_from_row(ledger, rows, row));
	return migrations;
}

/* Whether the caller may read the texts in a ledger. */
static bool
may_read_texts(const SdLedger *ledger)
{
	Oid			relid = sd_catalog_table(ledger->table);

	return pg_class_aclcheck(relid, GetUserId(), ACL_SELECT) == ACLCHECK_OK ||
		(pg_attribute_aclcheck(relid, get_attnum(relid, "up"), GetUserId(),
							   ACL_SELECT) == ACLCHECK_OK &&
		 pg_attribute_aclcheck(relid, get_attnum(relid, "down"), GetUserId(),
							   ACL_SELECT) == ACLCHECK_OK);
}

/* Whether two looks at a ledger, lists of SdMigration, found the same migrations in the same state. */
bool
sd_ledger_same(List *a, List *b)
{
	ListCell   *cell;
	ListCell   *other;

	if (list_length(a) != list_length(b))
		return false;
	forboth(cell, a, other, b)
	{
		const SdMigration *m = lfirst(cell);
		const SdMigration *n = lfirst(other);

		if (strcmp(m->name, n->name) != 0 || strcmp(m->checksum, n->checksum) != 0 ||
			m->applied != n->applied || m->applied_at != n->applied_at ||
			m->done_statements != n->done_statements)
			return false;
	}
	return true;
}

/*
 * Whether somebody else changed the ledger since this transaction took its
 * snapshot.
 */
static bool
snapshot_is_stale(const SdLedger *ledger)
{
	return !sd_ledger_same(load(ledger, InvalidSnapshot, false), load(ledger, GetLatestSnapshot(), false));
}

/*
 * Makes this transaction the only one that changes the ledger, until it ends.
 * Readers are not held up.  Raises 42501 when the caller may not write the
 * ledger, 40001 when this transaction cannot see what others did to it, and
 * 55000 when the ledger is of another version than the library.
 */
void
sd_ledger_lock(const SdLedger *ledger)
{
	Oid			relid = sd_catalog_table(ledger->table);

	sd_check_version();
	if (pg_class_aclcheck(relid, GetUserId(), ACL_UPDATE) != ACLCHECK_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("role \"%s\" may not write table studentdir.%s",
						GetUserNameFromId(GetUserId(), false), ledger->table),
				 errhint("The role that installed the extension can GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA studentdir.")));

	LockRelationOid(relid, ShareRowExclusiveLock);
	if (IsolationUsesXactSnapshot() && snapshot_is_stale(ledger))
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("table studentdir.%s was changed by another transaction", ledger->table),
				 errhint("Run it again in a new transaction, preferably under READ COMMITTED.")));
}

/*
 * Takes back one sd_ledger_lock() of the same function, after which nothing was
 * written.  An earlier one of this transaction stays.
 */
void
sd_ledger_unlock(const SdLedger *ledger)
{
	UnlockRelationOid(sd_catalog_table(ledger->table), ShareRowExclusiveLock);
}

/*
 * Returns what is in a ledger, SdMigration, in name order.  Under READ
 * COMMITTED the rows are those of this moment.  Raises 42501 when the caller may
 * not read their texts.
 */
List *
sd_ledger_load(const SdLedger *ledger)
{
	return load(ledger, InvalidSnapshot, true);
}

/* The same, with texts only where the caller may read them. */
List *
sd_ledger_states(const SdLedger *ledger)
{
	return load(ledger, InvalidSnapshot, may_read_texts(ledger));
}

/* Returns the migration of that name, or NULL. */
SdMigration *
sd_ledger_find(List *migrations, const char *name)
{
	ListCell   *cell;

	foreach(cell, migrations)
	{
		SdMigration *migration = lfirst(cell);

		if (strcmp(migration->name, name) == 0)
			return migration;
	}
	return NULL;
}

/* Adds a pending migration.  Returns false when the name is taken. */
bool
sd_ledger_register(const SdLedger *ledger, const char *name, const char *up, const char *down)
{
	SdArg		args[4];

	args[0] = sd_text_arg(name);
	args[1] = sd_text_arg(up);
	args[2] = sd_text_arg(down);
	args[3] = sd_text_arg(sd_migration_checksum(up, down));
	return sd_command(psprintf("INSERT INTO studentdir.%s (name, up, down, checksum)"
							   " VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO NOTHING",
							   ledger->table),
					  args, lengthof(args)) == 1;
}

/* Takes a migration out of the ledger, if it is there.  Needs DELETE on it. */
void
sd_ledger_delete(const SdLedger *ledger, const char *name)
{
	SdArg		arg = sd_text_arg(name);

	sd_command(psprintf("DELETE FROM studentdir.%s WHERE name OPERATOR(pg_catalog.=) $1", ledger->table),
			   &arg, 1);
}

/*
 * Updates the row of a migration, which a migration may have removed.  The
 * first of the arguments is its name.
 */
static void
update_row(const SdMigration *migration, const char *set, const SdArg *args, int nargs)
{
	const char *sql = psprintf("UPDATE studentdir.%s SET %s WHERE name OPERATOR(pg_catalog.=) $1",
							   migration->ledger->table, set);

	Assert(nargs >= 1 && !args[0].isnull);
	if (sd_command(sql, args, nargs) != 1)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("%s \"%s\" was deleted from studentdir.%s meanwhile",
						migration->ledger->noun, migration->name, migration->ledger->table)));
}

/*
 * Records that a migration is applied as of now; a duration of less than 0 is
 * none.  A text that was edited while the migration was pending is the text
 * that ran: its checksum is recorded too.
 */
void
sd_ledger_set_applied(const SdMigration *migration, double duration_ms)
{
	SdArg		args[4];

	args[0] = sd_text_arg(migration->name);
	args[1] = sd_text_arg(sd_migration_checksum(migration->up, migration->down));
	args[2] = sd_arg(TIMESTAMPTZOID, TimestampTzGetDatum(GetCurrentTimestamp()));
	args[3] = sd_arg(FLOAT8OID, Float8GetDatum(duration_ms));
	args[3].isnull = duration_ms < 0;
	update_row(migration,
			   "checksum = $2, applied_at = $3, duration_ms = $4, applied_by = CURRENT_USER,"
			   " done_statements = NULL",
			   args, lengthof(args));
}

/* Records that a migration is not applied any more. */
void
sd_ledger_set_pending(const SdMigration *migration)
{
	SdArg		args[1];

	args[0] = sd_text_arg(migration->name);
	update_row(migration, "applied_at = NULL, applied_by = NULL, duration_ms = NULL",
			   args, lengthof(args));
}

/*
 * Records how far a script is with a migration.  The text is from then on the
 * one that the statements were taken from.
 */
void
sd_ledger_set_done(const SdMigration *migration, int done_statements)
{
	SdArg		args[3];

	Assert(done_statements >= 0);
	args[0] = sd_text_arg(migration->name);
	args[1] = sd_text_arg(sd_migration_checksum(migration->up, migration->down));
	args[2] = sd_arg(INT4OID, Int32GetDatum(done_statements));
	update_row(migration, "checksum = $2, done_statements = $3", args, lengthof(args));
}

/*
 * Accepts a migration's text as it is now; the caller vouches for it.  What a
 * script did of it so far does not count any more.
 */
void
sd_ledger_repair(const SdMigration *migration)
{
	SdArg		args[2];

	args[0] = sd_text_arg(migration->name);
	args[1] = sd_text_arg(sd_migration_checksum(migration->up, migration->down));
	update_row(migration,
			   "checksum = $2, registered_by = CURRENT_USER, done_statements = NULL",
			   args, lengthof(args));
}

/* Whether the text differs from the one that was registered or applied. */
bool
sd_migration_changed(const SdMigration *migration)
{
	Assert(migration->up != NULL);
	return strcmp(migration->checksum,
				  sd_migration_checksum(migration->up, migration->down)) != 0;
}

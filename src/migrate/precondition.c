/*-------------------------------------------------------------------------
 * migrate/precondition.c
 *		What has to hold before migrations are applied or undone.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "migrate/builtin.h"
#include "migrate/lock_waits.h"
#include "migrate/precondition.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"

/* Raises 55000 when there is no migration of that name. */
void
sd_check_known(const SdLedger *ledger, List *migrations, const char *name)
{
	if (sd_ledger_find(migrations, name) == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("%s \"%s\" does not exist", ledger->noun, name),
				 errhint("SELECT * FROM studentdir.%s_status() lists them.", ledger->noun)));
}

/* Raises 55000 when the text of an applied migration was changed. */
void
sd_check_unchanged(List *migrations)
{
	ListCell   *cell;

	foreach(cell, migrations)
	{
		const SdMigration *migration = lfirst(cell);

		if (migration->applied && sd_migration_changed(migration))
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("%s \"%s\" was changed after it was applied",
							migration->ledger->noun, migration->name),
					 errhint("Restore the old text, or accept the new one with studentdir.%s_repair(%s).",
							 migration->ledger->noun, quote_literal_cstr(migration->name))));
	}
}

/*
 * Raises 42501 when the caller is not a member of the role that registered one
 * of the migrations.  That the caller is a superuser does not count: running
 * another role's SQL as a superuser is what this keeps from happening unseen.
 */
void
sd_check_registered_by(List *migrations)
{
	ListCell   *cell;

	foreach(cell, migrations)
	{
		const SdMigration *migration = lfirst(cell);
		Oid			role = get_role_oid(migration->registered_by, true);

		if (!OidIsValid(role) || !is_member_of_role_nosuper(GetUserId(), role))
			ereport(ERROR,
					(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					 errmsg("%s \"%s\" was registered by role \"%s\", which role \"%s\" is not a member of",
							migration->ledger->noun, migration->name, migration->registered_by,
							GetUserNameFromId(GetUserId(), false)),
					 errhint("Read its text, and accept it as yours with studentdir.%s_repair(%s).",
							 migration->ledger->noun, quote_literal_cstr(migration->name))));
	}
}

/* Raises 55000 when one of the migrations cannot be undone. */
void
sd_check_has_down(List *migrations)
{
	ListCell   *cell;

	foreach(cell, migrations)
	{
		const SdMigration *migration = lfirst(cell);

		Assert(migration->applied && migration->up != NULL);
		if (migration->down == NULL && migration->up[0] == '\0')
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("%s \"%s\" cannot be undone: it was applied elsewhere, and its text is not here",
							migration->ledger->noun, migration->name),
					 errhint("Undo it by hand and delete its row from studentdir.%s.",
							 migration->ledger->table)));
		if (migration->down == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("%s \"%s\" cannot be undone: it was registered without \"down\"",
							migration->ledger->noun, migration->name)));
	}
}

/*
 * Raises 55000 when a script was begun with one of the migrations: it cannot
 * be run from its beginning again.
 */
void
sd_check_not_begun(List *migrations)
{
	ListCell   *cell;

	foreach(cell, migrations)
	{
		const SdMigration *migration = lfirst(cell);

		Assert(!migration->applied);
		if (migration->done_statements >= 0)
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("migration \"%s\" was begun by migrate_script, which has carried out %d of its statements",
							migration->name, migration->done_statements),
					 errhint("SELECT sql FROM studentdir.migrate_script() \\gexec goes on with it. "
							 "If you have undone by hand what was done, studentdir.migration_repair(%s) lets it begin again.",
							 quote_literal_cstr(migration->name))));
	}
}

/*
 * Raises 55000 when undoing one of the migrations would drop a built-in
 * model's table, in schema, that has rows.  The tables stay locked in lockmode:
 * with the one that dropping them needs, no row can come afterwards.
 */
void
sd_check_builtin_rows(List *migrations, const char *schema, LOCKMODE lockmode)
{
	SdLockWaits waits;
	ListCell   *cell;

	sd_begin_lock_waits(&waits);
	foreach(cell, migrations)
	{
		const SdMigration *migration = lfirst(cell);
		const SdBuiltin *builtin = sd_builtin_find(migration->name);

		if (builtin != NULL && sd_builtin_has_rows(builtin, schema, lockmode))
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("undoing migration \"%s\" would drop table %s, which has rows",
							migration->name, quote_qualified_identifier(schema, builtin->table)),
					 errhint("studentdir.migrate_undo(force => true) drops it.")));
	}
	sd_end_lock_waits(&waits);
}

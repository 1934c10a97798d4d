/*-------------------------------------------------------------------------
 * migrate/baseline.c
 *		Marks migrations as applied that were applied in another way.
 *
 * Sequelize keeps the names of the files that it ran in a table.  Those that
 * nobody registered here are entered without a text: the history can be seen,
 * there is nothing to run, and nothing to undo.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/namespace.h"
#include "execute/command.h"
#include "migrate/baseline.h"
#include "migrate/precondition.h"
#include "migrate/extension.h"
#include "migrate/runner.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

static void
begin(const SdLedger *ledger)
{
	PreventCommandIfReadOnly(psprintf("studentdir.%s_baseline()", ledger->noun));
	sd_ledger_lock(ledger);
}

static SdMigrateStep *
mark(const SdMigration *migration, const char *action)
{
	sd_ledger_set_applied(migration, -1);
	return sd_make_step(migration, action, -1);
}

/*
 * Marks what is pending up to a name, included, as applied, without running
 * it.  Returns an SdMigrateStep for each, in the current context.  Raises
 * 55000 when there is none of that name, and what sd_ledger_lock() raises.
 */
List *
sd_baseline(const SdLedger *ledger, const char *upto)
{
	SdMigrateOptions options = {.ledger = ledger, .upto = upto};
	List	   *migrations;
	List	   *steps = NIL;
	ListCell   *cell;

	Assert(upto != NULL);
	begin(ledger);
	migrations = sd_ledger_load(ledger);
	sd_check_known(ledger, migrations, upto);
	foreach(cell, sd_choose_pending(migrations, &options))
		steps = lappend(steps, mark(lfirst(cell), "marked"));
	return steps;
}

/* Where Sequelize's table is: on the search_path, or beside the built-in tables. */
static Oid
find_sequelize_table(const SdLedger *ledger)
{
	Oid			table = RelnameGetRelid(ledger->sequelize_table);

	if (!OidIsValid(table))
		table = get_relname_relid(ledger->sequelize_table, sd_extension()->schema);
	if (!OidIsValid(table))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("table \"%s\" does not exist", ledger->sequelize_table),
				 errhint("Say up to which %s all are applied, studentdir.%s_baseline('...'), "
						 "or where Sequelize keeps their names, studentdir.%s_baseline(meta => '...').",
						 ledger->noun, ledger->noun, ledger->noun)));
	return table;
}

static SdRows *
read_names(Oid table)
{
	char	   *schema = get_namespace_name(get_rel_namespace(table));
	char	   *name = get_rel_name(table);

	Assert(OidIsValid(table));
	if (schema == NULL || name == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("table with OID %u does not exist", table)));
	if (get_attnum(table, "name") == InvalidAttrNumber)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("table %s has no column \"name\", in which Sequelize keeps the names of files",
						quote_qualified_identifier(schema, name))));
	return sd_query(psprintf("SELECT name::pg_catalog.text COLLATE \"C\" FROM %s"
							 " WHERE name IS NOT NULL AND name::pg_catalog.text OPERATOR(pg_catalog.<>) ''"
							 " ORDER BY 1",
							 quote_qualified_identifier(schema, name)),
					NULL, 0, InvalidSnapshot);
}

/* Sequelize's names are those of files. */
static char *
without_extension(const char *name)
{
	static const char *const extensions[] = {".js", ".cjs", ".mjs", ".ts", ".cts", ".mts"};
	size_t		length = strlen(name);

	for (int i = 0; i < lengthof(extensions); i++)
	{
		size_t		end = strlen(extensions[i]);

		if (length > end && strcmp(name + length - end, extensions[i]) == 0)
			return pnstrdup(name, length - end);
	}
	return pstrdup(name);
}

static SdMigration *
enter_without_text(const SdLedger *ledger, char *name)
{
	SdMigration *migration = palloc0(sizeof(SdMigration));

	migration->ledger = ledger;
	migration->name = name;
	migration->up = pstrdup("");
	sd_ledger_register(ledger, name, migration->up, NULL);
	return migration;
}

/*
 * Takes over what Sequelize has applied: its names are in table, or with
 * InvalidOid where it keeps them by default.  Returns an SdMigrateStep for
 * each that was not applied here, in the current context.  Raises 42P01 when
 * there is no such table, 42703 when it has no names, and what
 * sd_ledger_lock() raises.
 */
List *
sd_baseline_from_sequelize(const SdLedger *ledger, Oid table)
{
	List	   *migrations;
	List	   *steps = NIL;
	SdRows	   *names;

	begin(ledger);
	names = read_names(OidIsValid(table) ? table : find_sequelize_table(ledger));
	migrations = sd_ledger_load(ledger);
	for (int row = 0; row < names->nrows; row++)
	{
		char	   *file = sd_rows_text(names, row, 0);
		char	   *name = without_extension(file);
		SdMigration *migration = sd_ledger_find(migrations, name);

		if (migration == NULL)
			migration = sd_ledger_find(migrations, file);
		if (migration == NULL)
		{
			migration = enter_without_text(ledger, name);
			migrations = lappend(migrations, migration);
			steps = lappend(steps, mark(migration, "entered"));
		}
		else if (!migration->applied)
			steps = lappend(steps, mark(migration, "marked"));
		migration->applied = true;
	}
	return steps;
}

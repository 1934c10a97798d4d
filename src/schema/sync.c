/*-------------------------------------------------------------------------
 * schema/sync.c
 *		The text of a model's table, and the tables that are missing.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalogs/rows.h"
#include "define/definition_value.h"
#include "define/literal.h"
#include "execute/command.h"
#include "migrate/ledger.h"
#include "miscadmin.h"
#include "schema/ddl.h"
#include "schema/difference.h"
#include "model/model.h"
#include "schema/schema.h"
#include "utils/builtins.h"

/*
 * The statements that make a model's table as if nothing were there, with what
 * other models ask of the same table.  Raises 42P01 for an unknown model and for
 * a reference to one, 42809 for a model over something that is no table.
 */
char *
sd_create_table_sql(const char *model)
{
	SdModelRow *row = sd_model_row(model);
	SdComparison fresh = {.fresh = true};
	int			nestlevel = sd_settle_output();
	SdTable    *table = sd_table_find(sd_desired_tables(), row->schema, row->table);
	StringInfoData sql;
	ListCell   *cell;

	if (table == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("%s of model \"%s\" is not a table",
						quote_qualified_identifier(row->schema, row->table), model)));
	sd_report_lacking(table, ERROR);
	sd_name_all(&fresh, table);
	initStringInfo(&sql);
	appendStringInfoString(&sql, sd_ddl_create_table(table, true));
	foreach(cell, table->indexes)
	{
		const SdIndex *index = lfirst(cell);

		if (!index->constraint)
			appendStringInfo(&sql, "\n%s", sd_ddl_add_index(table, index));
	}
	sd_unsettle_output(nestlevel);
	return sql.data;
}

static void
refuse(void *target, const JsonbValue *value, const SdPath *path)
{
	if (sd_read_flag(value, path))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: sync makes tables that are missing, and never changes or drops one",
						sd_path_text(path)),
				 errhint("SELECT studentdir.migration_generate('name') writes a migration that changes tables, studentdir.migrate() applies it.")));
}

/*
 * Makes the tables that are missing, all tables before the foreign keys between
 * them.  Returns an SdSyncRow for each model's table, those first that others
 * refer to.
 *
 * Raises 22023 for an option that would change or drop tables, 42P01 for a
 * missing table's reference to an unknown model, and what the DDL raises.
 */
List *
sd_sync(Jsonb *options)
{
	static const SdDefinable known[] = {{"force", refuse}, {"alter", refuse}};
	SdComparison comparison = {0};
	List	   *result = NIL;
	JsonbValue	root;
	ListCell   *cell;
	int			nestlevel;

	PreventCommandIfReadOnly("studentdir.sync()");
	if (options != NULL)
	{
		sd_root(options, &root);
		sd_read_definables(NULL, &root, NULL, known, lengthof(known));
	}

	/* two callers would make the same tables; it waits for no lock of one that is there, which a migration of another session may need */
	sd_ledger_lock(&sd_migrations);
	nestlevel = sd_settle_output();
	foreach(cell, sd_tables_in_order(sd_desired_tables()))
	{
		SdTable    *table = lfirst(cell);
		bool		missing = !sd_is_table(table->schema, table->name);
		ListCell   *model;

		if (missing)
		{
			sd_report_lacking(table, ERROR);
			sd_create_table(&comparison, table);
		}
		foreach(model, table->models)
		{
			SdSyncRow  *row = palloc(sizeof(SdSyncRow));

			row->model = lfirst(model);
			row->table = sd_table_sql(table);
			row->action = missing ? "created" : "exists";
			result = lappend(result, row);
		}
	}
	sd_unsettle_output(nestlevel);
	if (comparison.changes != NIL)
		sd_script(sd_changes_up(sd_changes_in_order(comparison.changes)));
	return result;
}

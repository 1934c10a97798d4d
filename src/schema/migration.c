/*-------------------------------------------------------------------------
 * schema/migration.c
 *		Writes the difference between models and tables as a migration.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/namespace.h"
#include "catalogs/rows.h"
#include "lib/stringinfo.h"
#include "define/definition_value.h"
#include "migrate/create.h"
#include "migrate/extension.h"
#include "migrate/ledger.h"
#include "miscadmin.h"
#include "schema/difference.h"
#include "schema/index.h"
#include "schema/online.h"
#include "model/model.h"
#include "schema/schema.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/varlena.h"

/* the options of a call */
typedef struct GenerateOptions
{
	SdTold		told;
	List	   *models;			/* names; NIL: all */
	bool		ignore_pending;
	bool		online;			/* in forms that do not block */
} GenerateOptions;

/* Whether "drop" stands in the options of a call, and the models that it is about. */
static void
read_drop(void *target, const JsonbValue *value, const SdPath *path)
{
	((GenerateOptions *) target)->told.drop = sd_read_flag(value, path);
}

/* The table of a model, or where that is NULL what a name, or a schema's and a name, stand for. */
static SdRename *
find_relation(const char *text, const SdPath *path, const SdModelRow *row)
{
	SdRename   *rename = palloc0(sizeof(SdRename));
	const char *point = strchr(text, '.');

	if (row != NULL)
	{
		rename->schema = row->schema;
		rename->table = row->table;
	}
	else if (point != NULL)
	{
		rename->schema = pnstrdup(text, point - text);
		rename->table = pstrdup(point + 1);
	}
	else
	{
		rename->schema = sd_extension()->schema_name;
		rename->table = text;
	}
	sd_check_identifier(rename->schema, path);
	sd_check_identifier(rename->table, path);
	return rename;
}

/* The table that a model's name, or a table's, stands for; *row is the model, if it is one's name. */
static SdRename *
find_table(const char *text, const SdPath *path, SdModelRow **row)
{
	*row = sd_find_model_row(text);
	return find_relation(text, path, *row);
}

/* The column of a model's attribute, or the column of that name. */
static const char *
column_of(SdModelRow *row, const char *name)
{
	List	   *fields = row != NULL ? sd_row_fields(row, list_make1(unconstify(char *, name))) : NIL;

	return fields != NIL ? linitial(fields) : name;
}

/* {"open":"new"}: values of the enum type of a column */
static void
read_value_renames(GenerateOptions *options, const SdRename *table, const char *column,
				   const JsonbValue *value, const SdPath *path)
{
	SdReader	values;

	sd_read(&values, value, path);
	while (sd_next_member(&values))
	{
		SdRename   *rename = palloc(sizeof(SdRename));

		*rename = *table;
		rename->column = column;
		rename->from = sd_string(&values.key);
		rename->to = sd_read_identifier(&values.value, &values.path, "a value of the enum");
		options->told.value_renames = lappend(options->told.value_renames, rename);
	}
}

/* {"students":{"old_column":"new_column","kind":{"old_value":"new_value"}}} */
static void
read_renames(void *target, const JsonbValue *value, const SdPath *path)
{
	GenerateOptions *options = target;
	SdReader	tables;
	SdReader	columns;

	if (!sd_is_object(value))
		sd_bad_shape(path, "an object with tables, each with an object of its columns' old and new names");
	sd_read(&tables, value, path);
	while (sd_next_member(&tables))
	{
		SdModelRow *row;
		SdRename   *table = find_table(sd_string(&tables.key), &tables.path, &row);

		if (!sd_is_object(&tables.value))
			sd_bad_shape(&tables.path, "an object of old and new names of columns");
		sd_read(&columns, &tables.value, &tables.path);
		while (sd_next_member(&columns))
		{
			SdRename   *rename;

			if (sd_is_object(&columns.value))
			{
				read_value_renames(options, table, column_of(row, sd_string(&columns.key)),
								   &columns.value, &columns.path);
				continue;
			}
			rename = palloc(sizeof(SdRename));
			*rename = *table;
			rename->from = sd_string(&columns.key);
			rename->to = column_of(row, sd_read_identifier(&columns.value, &columns.path,
														   "the name of a column, or an object of values"));
			options->told.column_renames = lappend(options->told.column_renames, rename);
		}
	}
}

/* Old names of tables, or of types, with the new ones: of SdRename.  A table may be called by its model's name. */
static List *
read_names(const JsonbValue *value, const SdPath *path, bool types, const char *shape, const char *what)
{
	List	   *renames = NIL;
	SdReader	reader;

	if (!sd_is_object(value))
		sd_bad_shape(path, shape);
	sd_read(&reader, value, path);
	while (sd_next_member(&reader))
	{
		const char *name = sd_string(&reader.key);
		SdModelRow *row = types ? NULL : sd_find_model_row(name);
		SdRename   *rename = find_relation(name, &reader.path, row);

		rename->from = rename->table;
		rename->to = sd_read_identifier(&reader.value, &reader.path, what);
		renames = lappend(renames, rename);
	}
	return renames;
}

/* {"old_table":"new_table"} */
static void
read_table_renames(void *target, const JsonbValue *value, const SdPath *path)
{
	((GenerateOptions *) target)->told.table_renames =
		read_names(value, path, false, "an object of old and new names of tables", "the name of a table");
}

/* {"old_type":"new_type"} */
static void
read_type_renames(void *target, const JsonbValue *value, const SdPath *path)
{
	((GenerateOptions *) target)->told.type_renames =
		read_names(value, path, true, "an object of old and new names of types", "the name of a type");
}

/* ["old_table"] */
static void
read_dropped(void *target, const JsonbValue *value, const SdPath *path)
{
	GenerateOptions *options = target;
	SdReader	reader;

	if (!sd_is_array(value))
		sd_bad_shape(path, "an array of names of tables");
	sd_read(&reader, value, path);
	while (sd_next_element(&reader))
	{
		SdModelRow *row;
		SdRename   *dropped = find_table(sd_read_string(&reader.value, &reader.path,
														"the name of a table"),
										 &reader.path, &row);
		Oid			schema = get_namespace_oid(dropped->schema, true);

		if (!OidIsValid(schema) || !OidIsValid(get_relname_relid(dropped->table, schema)))
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_TABLE),
					 errmsg("%s: table %s does not exist", sd_path_text(&reader.path),
							quote_qualified_identifier(dropped->schema, dropped->table))));
		options->told.dropped = lappend(options->told.dropped, dropped);
	}
}

/* ["Book"] */
static void
read_models(void *target, const JsonbValue *value, const SdPath *path)
{
	GenerateOptions *options = target;
	SdReader	reader;

	if (!sd_is_array(value) || sd_array_length(value) == 0)
		sd_bad_shape(path, "an array of names of models");
	sd_read(&reader, value, path);
	while (sd_next_element(&reader))
	{
		char	   *name = sd_read_string(&reader.value, &reader.path, "the name of a model");

		(void) sd_model_row(name);
		options->models = lappend(options->models, name);
	}
}

static void
read_ignore_pending(void *target, const JsonbValue *value, const SdPath *path)
{
	((GenerateOptions *) target)->ignore_pending = sd_read_flag(value, path);
}

static void
read_online(void *target, const JsonbValue *value, const SdPath *path)
{
	((GenerateOptions *) target)->online = sd_read_flag(value, path);
}

/* Raises 22023 for a table that is to go while a model asks for it. */
static void
check_dropped(const SdTold *told)
{
	ListCell   *cell;
	List	   *desired = told->dropped != NIL ? sd_desired_tables() : NIL;

	foreach(cell, told->dropped)
	{
		const SdRename *dropped = lfirst(cell);
		SdTable    *table = sd_table_find(desired, dropped->schema, dropped->table);

		if (table != NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("dropTables: table %s is that of model \"%s\"",
							quote_qualified_identifier(dropped->schema, dropped->table),
							(char *) linitial(table->models)),
					 errhint("Forget the model first: SELECT studentdir.undefine(%s).",
							 quote_literal_cstr(linitial(table->models)))));
	}
}

/* The changes that were told, and those of tables of the given models; all for NIL. */
static List *
choose_changes(List *changes, List *models)
{
	List	   *chosen = NIL;
	ListCell   *cell;

	foreach(cell, changes)
	{
		SdChange   *change = lfirst(cell);
		bool		wanted = models == NIL || change->models == NIL;
		ListCell   *name;

		foreach(name, change->models)
			wanted |= sd_name_in(models, lfirst(name));
		if (wanted)
			chosen = lappend(chosen, change);
	}
	return chosen;
}

/*
 * What is compared are the tables as they are: a migration that is still to be
 * applied would be written a second time.  Raises 55000 when there is one.
 */
static void
check_pending(List *migrations)
{
	ListCell   *cell;

	foreach(cell, migrations)
	{
		const SdMigration *migration = lfirst(cell);

		if (!migration->applied)
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("migration \"%s\" is not applied yet", migration->name),
					 errdetail("Models are compared with the tables as they are, and what it does would be written again."),
					 errhint("Apply it first with SELECT * FROM studentdir.migrate(). If it changes no table, {\"ignorePending\":true} passes it over.")));
	}
}

/*
 * The changes, SdChange, that the tables need for the models of a call's
 * options, in order.  Raises 22023 for wrong options, and what sd_difference()
 * raises.
 */
List *
sd_diff(Jsonb *options)
{
	static const SdDefinable known[] = {{"models", read_models}, {"drop", read_drop}};
	GenerateOptions given = {0};
	JsonbValue	root;

	if (options != NULL)
	{
		sd_root(options, &root);
		sd_read_definables(&given, &root, NULL, known, lengthof(known));
	}
	return choose_changes(sd_difference(&given.told), given.models);
}

/* Says what has no form that does not block. */
static void
notice_blocking(List *blocking)
{
	StringInfoData lines;
	ListCell   *cell;

	if (blocking == NIL)
		return;
	initStringInfo(&lines);
	foreach(cell, blocking)
		appendStringInfo(&lines, "%s%s.", lines.len > 0 ? "\n" : "", (char *) lfirst(cell));
	ereport(NOTICE,
			(errmsg("There is no form that does not block of:"),
			 errdetail("%s", lines.data)));
}

/*
 * Registers the changes in forms that do not block, as one migration or several.
 * Returns the name of the last.
 */
static char *
create_online(const char *name, const SdOnlinePlan *plan)
{
	int			n = list_length(plan->texts);
	int			width = snprintf(NULL, 0, "%d", n);
	char	   *first = NULL;
	char	   *last = NULL;

	Assert(n > 0);
	for (int i = 0; i < n; i++)
	{
		const SdOnlineText *text = list_nth(plan->texts, i);

		last = sd_migration_create(n == 1 ? name : psprintf("%s-%0*d", name, width, i + 1),
								   text->up, text->down);
		if (first == NULL)
			first = last;
	}
	notice_blocking(plan->blocking);
	if (n > 1)
		ereport(NOTICE,
				(errmsg("%d migrations were written, \"%s\" to \"%s\"", n, first, last),
				 plan->alone ? errhint("In psql, SELECT sql FROM studentdir.migrate_script() \\gexec applies them.")
				 : errhint("CALL studentdir.migrate_stepwise() applies them, each in a transaction of its own.")));
	return last;
}

/*
 * The changes that the tables need, with the ledger locked; *plan is filled in
 * where they are to be in forms that do not block.
 *
 * While tables are compared the ledger is free, and afterwards none of them is
 * locked: a transaction that alters a table and then migrates has the table when it
 * asks for the ledger, and migrate() has the ledger when it asks for tables.  Where
 * the ledger is another one by then, they are compared again.
 */
static List *
compare_and_lock(GenerateOptions *given, SdOnlinePlan *plan)
{
	List	   *migrations;
	List	   *changes;

	sd_ledger_lock(&sd_migrations);
	migrations = sd_ledger_states(&sd_migrations);
	for (;;)
	{
		List	   *read = migrations;

		if (!given->ignore_pending)
			check_pending(migrations);
		sd_ledger_unlock(&sd_migrations);
		changes = choose_changes(sd_difference(&given->told), given->models);
		if (given->online)
			*plan = sd_online_plan(changes);
		sd_ledger_lock(&sd_migrations);
		migrations = sd_ledger_states(&sd_migrations);
		if (sd_ledger_same(read, migrations))
			return changes;
		CHECK_FOR_INTERRUPTS();
	}
}

/*
 * Registers a pending migration that makes the tables as the models ask, and
 * whose down takes it back; with "online" several, if they have to be several
 * transactions.  Returns the name of the last, or NULL, with a notice, when
 * there is nothing to do.
 *
 * Raises 22023 for wrong options, 55000 while other migrations are pending, and
 * what sd_difference() and sd_migration_create() raise.
 */
char *
sd_migration_generate(const char *name, Jsonb *options)
{
	static const SdDefinable known[] = {
		{"models", read_models},
		{"renames", read_renames},
		{"renameTables", read_table_renames},
		{"renameTypes", read_type_renames},
		{"dropTables", read_dropped},
		{"ignorePending", read_ignore_pending},
		{"drop", read_drop},
		{"online", read_online}
	};
	GenerateOptions given = {0};
	SdOnlinePlan plan = {0};
	List	   *changes;
	JsonbValue	root;

	PreventCommandIfReadOnly("studentdir.migration_generate()");
	if (options != NULL)
	{
		sd_root(options, &root);
		sd_read_definables(&given, &root, NULL, known, lengthof(known));
	}
	check_dropped(&given.told);
	changes = compare_and_lock(&given, &plan);
	if (changes == NIL)
	{
		ereport(NOTICE,
				(errmsg("No migration was written: the tables match the models.")));
		return NULL;
	}
	sd_notice_drops(changes);
	return given.online ? create_online(name, &plan)
		: sd_migration_create(name, sd_changes_up(changes), sd_changes_down(changes));
}

/*-------------------------------------------------------------------------
 * schema/difference.c
 *		What has to change in the tables for them to be as the models ask.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "define/literal.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "schema/ddl.h"
#include "schema/difference.h"
#include "utils/lsyscache.h"

/* Puts a table behind those that it refers to; circles are cut where they were entered. */
static void
visit(List *tables, SdTable *table, List **visited, List **ordered)
{
	ListCell   *cell;

	check_stack_depth();
	if (list_member_ptr(*visited, table))
		return;
	*visited = lappend(*visited, table);
	foreach(cell, table->foreign_keys)
	{
		const SdForeignKey *key = lfirst(cell);
		SdTable    *referenced = sd_table_find(tables, key->schema, key->table);

		if (referenced != NULL)
			visit(tables, referenced, visited, ordered);
	}
	*ordered = lappend(*ordered, table);
}

/* The tables in an order in which each comes after those that it refers to. */
List *
sd_tables_in_order(List *tables)
{
	List	   *visited = NIL;
	List	   *ordered = NIL;
	ListCell   *cell;

	foreach(cell, tables)
		visit(tables, lfirst(cell), &visited, &ordered);
	return ordered;
}

/* The names of a table's columns, as SQL. */
static char *
columns_words(const SdTable *table)
{
	List	   *names = NIL;
	ListCell   *cell;

	foreach(cell, table->columns)
		names = lappend(names, unconstify(char *, ((SdColumn *) lfirst(cell))->name));
	return sd_columns_sql(names);
}

/* Adds the changes that make a table with all that belongs to it. */
void
sd_create_table(SdComparison *comparison, SdTable *table)
{
	SdChange   *change = sd_add_change(comparison, SD_CHANGE_CREATE_TABLE, table, NULL);
	ListCell   *cell;

	Assert(!OidIsValid(table->relid));
	sd_name_all(comparison, table);
	change->expected = psprintf("(%s)", columns_words(table));
	change->up = sd_ddl_create_table(table, false);
	change->down = sd_ddl_drop_table(table);
	foreach(cell, table->indexes)
	{
		const SdIndex *index = lfirst(cell);

		if (index->constraint)
			continue;
		change = sd_add_change(comparison, SD_CHANGE_ADD_INDEX, table, index->name);
		change->index = index;
		change->expected = sd_index_definition(table, index);
		change->up = sd_ddl_add_index(table, index);
	}
	foreach(cell, table->foreign_keys)
	{
		const SdForeignKey *key = lfirst(cell);

		change = sd_add_change(comparison, SD_CHANGE_ADD_KEY, table, key->name);
		change->key = key;
		change->expected = sd_key_definition(key);
		change->up = sd_ddl_add_key(table, key);
		change->down = sd_ddl_drop_constraint(table, key->name);
	}
}

/* Raises 0A000 for a table that CREATE TABLE with its columns and constraints would not bring back. */
static void
check_standalone(const SdTable *table)
{
	bool		partitioned = get_rel_relkind(table->relid) == RELKIND_PARTITIONED_TABLE;

	if (partitioned || has_superclass(table->relid))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("dropTables: table %s %s, and undoing could not bring it back", sd_table_sql(table),
						partitioned ? "is partitioned" : "is a partition or an heir of another one"),
				 errhint("Write the migration yourself: studentdir.migration_create(name, up, down).")));
}

/*
 * Raises 0A000 for what is about values of an enum that get other names: undoing makes the
 * table before they have the old ones again.
 */
static void
check_values(const SdTable *table)
{
	ListCell   *cell;

	foreach(cell, table->indexes)
	{
		const SdIndex *index = lfirst(cell);

		if (index->foreign && sd_has_renamed_values(table, index->columns))
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("dropTables: %s \"%s\" of table %s is about values of an enum that are renamed",
							index->constraint ? "constraint" : "index", index->name, sd_table_sql(table)),
					 errhint("Write the renames as a migration of their own first.")));
	}
}

/*
 * A table that the user gives up.  Its foreign keys go first, so that undoing
 * makes all tables before what refers from one to the other.
 */
static void
drop_table(SdComparison *comparison, const SdTable *table)
{
	StringInfoData down;
	SdChange   *change;
	ListCell   *cell;

	Assert(OidIsValid(table->relid));
	check_standalone(table);
	check_values(table);
	foreach(cell, table->foreign_keys)
	{
		const SdForeignKey *key = lfirst(cell);

		/* one to a partition comes and goes with that to the table as a whole */
		if (key->inherited)
			continue;
		change = sd_add_change(comparison, SD_CHANGE_DROP_KEY, table, key->name);
		change->key = key;
		change->actual = sd_key_definition(key);
		change->up = sd_ddl_drop_constraint(table, key->name);
		change->down = sd_ddl_add_key(table, key);
	}
	initStringInfo(&down);
	appendStringInfoString(&down, sd_ddl_create_table(table, false));
	foreach(cell, table->indexes)
	{
		const SdIndex *index = lfirst(cell);

		if (!index->constraint)
			appendStringInfo(&down, "\n%s", sd_ddl_add_index(table, index));
	}
	change = sd_add_change(comparison, SD_CHANGE_DROP_TABLE, table, NULL);
	change->actual = psprintf("(%s)", columns_words(table));
	change->up = sd_ddl_drop_table(table);
	change->down = down.data;
	change->deparsed_down = true;
}

/* Compares all tables, those that are told to go too. */
static void
compare(SdComparison *comparison, const SdTold *told)
{
	List	   *pairs = NIL;
	ListCell   *cell;
	ListCell   *other;

	foreach(cell, comparison->desired)
	{
		SdTable    *table = lfirst(cell);
		SdTable    *actual = sd_table_as_told(told, table->schema, table->name);

		pairs = lappend(pairs, actual);
		if (actual == NULL)
			continue;
		table->relid = actual->relid;
		comparison->actual = lappend(comparison->actual, actual);
	}
	Assert(list_length(pairs) == list_length(comparison->desired));
	forboth(cell, comparison->desired, other, pairs)
	{
		if (lfirst(other) != NULL)
			sd_compare_columns(comparison, lfirst(cell), lfirst(other));
	}
	forboth(cell, comparison->desired, other, pairs)
	{
		if (lfirst(other) == NULL)
			sd_create_table(comparison, lfirst(cell));
		else
		{
			sd_compare_keys(comparison, lfirst(cell), lfirst(other));
			sd_compare_indexes(comparison, lfirst(cell), lfirst(other));
		}
	}
	foreach(cell, told->dropped)
	{
		const SdRename *dropped = lfirst(cell);
		SdTable    *table = sd_actual_table(dropped->schema, dropped->table);

		if (table == NULL)
			continue;
		sd_rename_values(told, table);
		drop_table(comparison, table);
	}
}

static int
in_order(const ListCell *a, const ListCell *b)
{
	const SdChange *x = lfirst(a);
	const SdChange *y = lfirst(b);

	return x->kind != y->kind ? (int) x->kind - (int) y->kind : x->number - y->number;
}

/* Sorts changes into the order in which they can be made. */
List *
sd_changes_in_order(List *changes)
{
	list_sort(changes, in_order);
	return changes;
}

/*
 * The changes, SdChange, that the tables need, in order; NIL when they are as
 * all models ask.  told may be NULL.
 *
 * Takes no lock that a reader waits for: tables are compared as they would be
 * after the renames that are told.  Raises what sd_desired_tables() and
 * sd_add_renames() raise.
 */
List *
sd_difference(SdTold *told)
{
	SdTold		nothing = {0};
	SdComparison comparison = {0};
	int			nestlevel = sd_settle_output();
	ListCell   *cell;

	if (told == NULL)
		told = &nothing;
	comparison.desired = sd_tables_in_order(sd_desired_tables());
	foreach(cell, comparison.desired)
		sd_report_lacking(lfirst(cell), WARNING);
	comparison.drop = told->drop;
	sd_add_renames(&comparison, told);
	compare(&comparison, told);
	sd_unsettle_output(nestlevel);
	return sd_changes_in_order(comparison.changes);
}

/* Whether something is made again that a change drops. */
static bool
is_made_again(List *changes, const SdChange *dropped)
{
	ListCell   *cell;

	Assert(dropped->name != NULL);
	foreach(cell, changes)
	{
		const SdChange *change = lfirst(cell);
		bool		made = (dropped->kind == SD_CHANGE_DROP_KEY && change->kind == SD_CHANGE_ADD_KEY) ||
			(dropped->kind == SD_CHANGE_DROP_INDEX && change->kind == SD_CHANGE_ADD_INDEX);

		if (made && strcmp(change->table, dropped->table) == 0 &&
			strcmp(change->name, dropped->name) == 0)
			return true;
	}
	return false;
}

/* What a change takes away, in words, or NULL. */
static const char *
dropped_words(List *changes, const SdChange *change)
{
	switch (change->kind)
	{
		case SD_CHANGE_DROP_KEY:
		case SD_CHANGE_DROP_INDEX:
			if (change->index != NULL && change->index->primary && is_made_again(changes, change))
				return psprintf("replaces the %s", change->actual);
			if (is_made_again(changes, change))
				return psprintf("makes %s \"%s\" anew",
								change->kind == SD_CHANGE_DROP_KEY ? "foreign key" : "index",
								change->name);
			return psprintf("drops %s \"%s\"",
							change->kind == SD_CHANGE_DROP_KEY ? "foreign key" : "index", change->name);
		case SD_CHANGE_DROP_COLUMN:
			return psprintf("drops column \"%s\"", change->name);
		case SD_CHANGE_DROP_COUNTING:
			return psprintf("drops the counting of column \"%s\"", change->name);
		case SD_CHANGE_DROP_TABLE:
			return "drops the table";
		case SD_CHANGE_DEFAULT:
			return change->expected == NULL ? psprintf("drops the default of column \"%s\"", change->name)
				: NULL;
		case SD_CHANGE_NULLABILITY:
			return strcmp(change->expected, "NULL") == 0
				? psprintf("drops NOT NULL of column \"%s\"", change->name) : NULL;
		default:
			return NULL;
	}
}

/* Says in a NOTICE of each change that takes something away what that is. */
void
sd_notice_drops(List *changes)
{
	ListCell   *cell;

	foreach(cell, changes)
	{
		const SdChange *change = lfirst(cell);
		const char *words = dropped_words(changes, change);

		if (words != NULL)
			ereport(NOTICE, (errmsg("table \"%s\": the migration %s", change->table, words)));
	}
}

/* What stands before statements in which the server's words are: they mean the same in every session then. */
#define SETTLE	"SET search_path = pg_catalog, pg_temp;\n"

/* The statements that make the changes, in order. */
char *
sd_changes_up(List *changes)
{
	StringInfoData sql;
	bool		deparsed = false;
	ListCell   *cell;

	initStringInfo(&sql);
	foreach(cell, changes)
	{
		const SdChange *change = lfirst(cell);

		Assert(change->up != NULL);
		appendStringInfo(&sql, "%s\n", change->up);
		deparsed |= change->deparsed_up;
	}
	return deparsed ? psprintf(SETTLE "%s", sql.data) : sql.data;
}

/* The statements that take the changes back, in reverse order. */
char *
sd_changes_down(List *changes)
{
	StringInfoData sql;
	bool		deparsed = false;

	initStringInfo(&sql);
	for (int i = list_length(changes) - 1; i >= 0; i--)
	{
		const SdChange *change = list_nth(changes, i);

		if (change->down == NULL)
			continue;
		appendStringInfo(&sql, "%s\n", change->down);
		deparsed |= change->deparsed_down;
	}
	return deparsed ? psprintf(SETTLE "%s", sql.data) : sql.data;
}

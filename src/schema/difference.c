/*-------------------------------------------------------------------------
 * schema/difference.c
 *		What has to change in the tables for them to be as the models ask.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/xact.h"
#include "define/literal.h"
#include "execute/command.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "schema/ddl.h"
#include "schema/difference.h"
#include "utils/builtins.h"
#include "utils/resowner.h"

/* What a change is called in the answer of diff(). */
const char *
sd_change_name(SdChangeKind kind)
{
	static const char *const names[] = {
		[SD_CHANGE_RENAME_TABLE] = "rename table",
		[SD_CHANGE_RENAME_COLUMN] = "rename column",
		[SD_CHANGE_DROP_KEY] = "drop foreign key",
		[SD_CHANGE_DROP_INDEX] = "drop index",
		[SD_CHANGE_DROP_COUNTING] = "drop identity",
		[SD_CHANGE_DROP_COLUMN] = "drop column",
		[SD_CHANGE_CREATE_TABLE] = "create table",
		[SD_CHANGE_TYPE] = "type",
		[SD_CHANGE_ADD_COLUMN] = "add column",
		[SD_CHANGE_DEFAULT] = "default",
		[SD_CHANGE_NULLABILITY] = "null",
		[SD_CHANGE_ADD_COUNTING] = "add identity",
		[SD_CHANGE_ADD_INDEX] = "add index",
		[SD_CHANGE_ADD_KEY] = "add foreign key",
		[SD_CHANGE_COMMENT] = "comment",
		[SD_CHANGE_DROP_TABLE] = "drop table"
	};

	StaticAssertStmt(lengthof(names) == SD_CHANGE_DROP_TABLE + 1, "every kind of change has a name");
	Assert(kind < lengthof(names) && names[kind] != NULL);

	return names[kind];
}

/* Adds a change, whose texts are filled in by the caller; name may be NULL. */
SdChange *
sd_add_change(SdComparison *comparison, SdChangeKind kind, const SdTable *table, const char *name)
{
	SdChange   *change = palloc0(sizeof(SdChange));

	change->kind = kind;
	change->number = list_length(comparison->changes);
	change->models = table->models;
	change->table = table->name;
	change->name = name;
	comparison->changes = lappend(comparison->changes, change);
	return change;
}

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
		change->expected = sd_index_definition(table, index);
		change->up = sd_ddl_add_index(table, index);
	}
	foreach(cell, table->foreign_keys)
	{
		const SdForeignKey *key = lfirst(cell);

		change = sd_add_change(comparison, SD_CHANGE_ADD_KEY, table, key->name);
		change->expected = sd_key_definition(key);
		change->up = sd_ddl_add_key(table, key);
		change->down = sd_ddl_drop_constraint(table, key->name);
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

	foreach(cell, table->foreign_keys)
	{
		const SdForeignKey *key = lfirst(cell);

		change = sd_add_change(comparison, SD_CHANGE_DROP_KEY, table, key->name);
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
}

static void
add_renames(SdComparison *comparison, const SdTold *told)
{
	ListCell   *cell;

	foreach(cell, told->table_renames)
	{
		const SdRename *rename = lfirst(cell);
		SdTable    *table = palloc0(sizeof(SdTable));
		SdTable    *renamed = palloc0(sizeof(SdTable));
		SdChange   *change;

		table->schema = renamed->schema = rename->schema;
		table->name = rename->from;
		renamed->name = rename->to;
		change = sd_add_change(comparison, SD_CHANGE_RENAME_TABLE, renamed, NULL);
		change->actual = rename->from;
		change->expected = rename->to;
		change->up = sd_ddl_rename_table(table, rename->to);
		change->down = sd_ddl_rename_table(renamed, rename->from);
	}
	foreach(cell, told->column_renames)
	{
		const SdRename *rename = lfirst(cell);
		SdTable    *table = palloc0(sizeof(SdTable));
		SdChange   *change;

		table->schema = rename->schema;
		table->name = rename->table;
		change = sd_add_change(comparison, SD_CHANGE_RENAME_COLUMN, table, rename->to);
		change->actual = rename->from;
		change->expected = rename->to;
		change->up = sd_ddl_rename_column(table, rename->from, rename->to);
		change->down = sd_ddl_rename_column(table, rename->to, rename->from);
	}
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
		SdTable    *actual = sd_actual_table(table->schema, table->name);

		pairs = lappend(pairs, actual);
		if (actual == NULL)
			continue;
		table->relid = actual->relid;
		comparison->actual = lappend(comparison->actual, actual);
	}
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

		if (table != NULL)
			drop_table(comparison, table);
	}
}

/*
 * Compares the tables as they would be after the renames: renames them, looks,
 * and takes it back.  So everything that a name stands in is as PostgreSQL
 * makes it.
 */
static void
compare_renamed(SdComparison *comparison, const SdTold *told)
{
	MemoryContext cxt = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(cxt);
	PG_TRY();
	{
		sd_script(sd_changes_up(comparison->changes));
		compare(comparison, told);
	}
	PG_CATCH();
	{
		MemoryContext error_cxt = MemoryContextSwitchTo(cxt);
		ErrorData  *error = CopyErrorData();

		FlushErrorState();
		MemoryContextSwitchTo(error_cxt);
		RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(cxt);
		CurrentResourceOwner = owner;
		ReThrowError(error);
	}
	PG_END_TRY();
	RollbackAndReleaseCurrentSubTransaction();
	MemoryContextSwitchTo(cxt);
	CurrentResourceOwner = owner;
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
 * Raises what sd_desired_tables() raises, and what renaming raises for what is
 * told of renames.
 */
List *
sd_difference(const SdTold *told)
{
	static const SdTold nothing = {0};
	SdComparison comparison = {0};
	int			nestlevel = sd_settle_output();
	ListCell   *cell;

	if (told == NULL)
		told = &nothing;
	comparison.desired = sd_tables_in_order(sd_desired_tables());
	foreach(cell, comparison.desired)
		sd_report_lacking(lfirst(cell), WARNING);
	add_renames(&comparison, told);
	if (comparison.changes != NIL)
		compare_renamed(&comparison, told);
	else
		compare(&comparison, told);
	sd_unsettle_output(nestlevel);
	return sd_changes_in_order(comparison.changes);
}

/* The statements that make the changes, in order. */
char *
sd_changes_up(List *changes)
{
	StringInfoData sql;
	ListCell   *cell;

	initStringInfo(&sql);
	foreach(cell, changes)
		appendStringInfo(&sql, "%s\n", ((SdChange *) lfirst(cell))->up);
	return sql.data;
}

/* The statements that take the changes back, in reverse order. */
char *
sd_changes_down(List *changes)
{
	StringInfoData sql;

	initStringInfo(&sql);
	for (int i = list_length(changes) - 1; i >= 0; i--)
	{
		const SdChange *change = list_nth(changes, i);

		if (change->down != NULL)
			appendStringInfo(&sql, "%s\n", change->down);
	}
	return sql.data;
}

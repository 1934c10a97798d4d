/*-------------------------------------------------------------------------
 * schema/keys.c
 *		Compares the indexes, constraints and foreign keys of a table with those
 *		that it should have.
 *
 * They are compared by what they do, not by name.  What no model can say is
 * left alone: partial indexes and those over expressions unless a model names
 * them, CHECK and EXCLUDE constraints, foreign keys to tables without a model.
 * It goes, and is brought back by undoing, only where its column goes.  What a
 * table inherits comes and goes with that of its parent.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "schema/ddl.h"
#include "schema/difference.h"
#include "schema/index.h"
#include "utils/builtins.h"

/* Whether one of the columns is to be dropped. */
static bool
loses_column(const SdTable *desired, const SdTable *actual, List *columns)
{
	ListCell   *cell;

	foreach(cell, columns)
	{
		const SdColumn *column = sd_column_find(actual, lfirst(cell));

		if (column != NULL && !column->generated && !column->inherited &&
			sd_column_find(desired, column->name) == NULL)
			return true;
	}
	return false;
}

/* Whether one of the columns is to be added. */
static bool
gains_column(const SdTable *actual, List *columns)
{
	ListCell   *cell;

	foreach(cell, columns)
	{
		if (sd_column_find(actual, lfirst(cell)) == NULL)
			return true;
	}
	return false;
}

/* Whether the type of one of the columns has to change. */
static bool
is_retyped(const SdTable *actual, List *columns)
{
	ListCell   *cell;

	foreach(cell, columns)
	{
		const SdColumn *column = actual != NULL ? sd_column_find(actual, lfirst(cell)) : NULL;

		if (column != NULL && column->retyped)
			return true;
	}
	return false;
}

static void
drop_index(SdComparison *comparison, const SdTable *table, const SdIndex *index)
{
	SdChange   *change = sd_add_change(comparison, SD_CHANGE_DROP_INDEX, table, index->name);

	change->actual = sd_index_definition(table, index);
	change->up = sd_ddl_drop_index(table, index);
	change->down = sd_ddl_add_index(table, index);
	comparison->freed = lappend(comparison->freed,
								quote_qualified_identifier(table->schema, index->name));
}

static void
add_index(SdComparison *comparison, const SdTable *table, SdIndex *index)
{
	SdChange   *change;

	sd_name_index(comparison, table, index);
	change = sd_add_change(comparison, SD_CHANGE_ADD_INDEX, table, index->name);
	change->expected = sd_index_definition(table, index);
	change->up = sd_ddl_add_index(table, index);
	change->down = sd_ddl_drop_index(table, index);
}

static void
drop_key(SdComparison *comparison, const SdTable *table, const SdForeignKey *key)
{
	SdChange   *change = sd_add_change(comparison, SD_CHANGE_DROP_KEY, table, key->name);

	change->actual = sd_key_definition(key);
	change->up = sd_ddl_drop_constraint(table, key->name);
	change->down = sd_ddl_add_key(table, key);
	comparison->freed = lappend(comparison->freed,
								quote_qualified_identifier(table->schema, key->name));
}

static void
add_key(SdComparison *comparison, const SdTable *table, SdForeignKey *key)
{
	SdChange   *change;

	sd_name_key(comparison, table, key);
	change = sd_add_change(comparison, SD_CHANGE_ADD_KEY, table, key->name);
	change->expected = sd_key_definition(key);
	change->up = sd_ddl_add_key(table, key);
	change->down = sd_ddl_drop_constraint(table, key->name);
}

/* A wanted index's condition in the words of those that are there; "" fits none of them. */
static const char *
condition(const SdIndex *wanted, const SdTable *actual)
{
	if (wanted->where == NULL)
		return NULL;
	if (gains_column(actual, wanted->where_columns) || is_retyped(actual, wanted->where_columns))
		return "";
	return sd_predicate_deparsed(actual, wanted->where);
}

/* The index that does what another one is wanted for, or NULL; all that do are wanted. */
static SdIndex *
find_index(const SdIndex *wanted, const SdTable *actual)
{
	const char *where = condition(wanted, actual);
	SdIndex    *found = NULL;
	ListCell   *cell;

	foreach(cell, actual->indexes)
	{
		SdIndex    *index = lfirst(cell);

		if (!sd_index_fits(wanted, index, where) || (found != NULL && found->matched))
			continue;
		found = index;
		found->matched = true;
	}
	return found;
}

/* Whether an index that nobody asked for is to be made with what it goes with. */
static bool
comes_along(const SdIndex *index, const SdTable *desired, const SdTable *actual)
{
	ListCell   *cell;

	if (gains_column(actual, index->columns))
		return true;
	if (index->unique || sd_has_index_for(actual, index->columns))
		return false;
	foreach(cell, desired->foreign_keys)
	{
		const SdForeignKey *key = lfirst(cell);

		if (!key->matched && sd_same_set(key->columns, index->columns))
			return true;
	}
	return false;
}

/* A partial index whose condition is about a column that changes type is made anew. */
static void
drop_retyped(SdComparison *comparison, const SdTable *desired, const SdTable *actual,
			 const SdIndex *wanted)
{
	ListCell   *cell;

	if (wanted->where == NULL || !is_retyped(actual, wanted->where_columns))
		return;
	foreach(cell, actual->indexes)
	{
		SdIndex    *index = lfirst(cell);

		if (index->where != NULL && !index->matched && !index->inherited &&
			index->unique == wanted->unique &&
			sd_same_names(index->keys, wanted->keys))
		{
			index->matched = true;
			drop_index(comparison, desired, index);
			return;
		}
	}
}

/*
 * Adds the changes of a table's indexes and constraints.  Foreign keys have
 * been compared before.
 */
void
sd_compare_indexes(SdComparison *comparison, SdTable *desired, SdTable *actual)
{
	List	   *missing = NIL;
	ListCell   *cell;

	foreach(cell, desired->indexes)
	{
		SdIndex    *wanted = lfirst(cell);

		if (find_index(wanted, actual) != NULL ||
			(wanted->implied && !comes_along(wanted, desired, actual)))
			continue;
		drop_retyped(comparison, desired, actual, wanted);
		missing = lappend(missing, wanted);
	}
	foreach(cell, actual->indexes)
	{
		const SdIndex *index = lfirst(cell);

		if (!index->matched && !index->inherited &&
			(!index->foreign || loses_column(desired, actual, index->columns)))
			drop_index(comparison, desired, index);
	}
	foreach(cell, missing)
		add_index(comparison, desired, lfirst(cell));
}

static bool
same_key(const SdForeignKey *a, const SdForeignKey *b)
{
	ListCell   *cell;

	if (strcmp(a->schema, b->schema) != 0 || strcmp(a->table, b->table) != 0 ||
		strcmp(a->on_delete, b->on_delete) != 0 || strcmp(a->on_update, b->on_update) != 0 ||
		list_length(a->columns) != list_length(b->columns))
		return false;

	/* the same pairs, in whatever order */
	foreach(cell, a->columns)
	{
		int			i = foreach_current_index(cell);
		bool		found = false;

		for (int j = 0; j < list_length(b->columns) && !found; j++)
			found = strcmp(lfirst(cell), list_nth(b->columns, j)) == 0 &&
				strcmp(list_nth(a->referenced, i), list_nth(b->referenced, j)) == 0;
		if (!found)
			return false;
	}
	return true;
}

/*
 * Adds the changes of a table's foreign keys.  Columns of all tables have been
 * compared before: a key between two of which one changes type is taken away
 * and brought back.
 */
void
sd_compare_keys(SdComparison *comparison, SdTable *desired, SdTable *actual)
{
	ListCell   *cell;
	ListCell   *other;

	foreach(cell, actual->foreign_keys)
	{
		SdForeignKey *key = lfirst(cell);
		bool		retyped = is_retyped(actual, key->columns) ||
			is_retyped(sd_table_find(comparison->actual, key->schema, key->table),
					   key->referenced);

		foreach(other, desired->foreign_keys)
		{
			SdForeignKey *wanted = lfirst(other);

			if (wanted->matched || !same_key(wanted, key))
				continue;
			wanted->matched = key->matched = true;
			break;
		}
		if (key->inherited || (key->matched && !retyped))
			continue;
		if (key->matched || loses_column(desired, actual, key->columns) ||
			sd_table_find(comparison->desired, key->schema, key->table) != NULL)
			drop_key(comparison, desired, key);
		if (key->matched)
			add_key(comparison, desired, key);
	}
	foreach(cell, desired->foreign_keys)
	{
		SdForeignKey *wanted = lfirst(cell);

		if (!wanted->matched)
			add_key(comparison, desired, wanted);
	}
}

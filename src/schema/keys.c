/*-------------------------------------------------------------------------
 * schema/keys.c
 *		Compares the indexes, constraints and foreign keys of a table with those
 *		that it should have.
 *
 * They are compared by what they do, not by name, but for an index that a model
 * names: what has that name and does something else is replaced.  What the table
 * has beyond the models is left alone unless the user tells otherwise; and then
 * still what no model can say: partial indexes and those over expressions, CHECK
 * and EXCLUDE constraints, foreign keys to tables without a model.  It goes, and
 * is brought back by undoing, only where its column goes.  What a table inherits
 * comes and goes with that of its parent.
 *
 * What is dropped is dropped before anything is renamed: its statements call the
 * table by the name that it has.
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

/* A table by the name that it has. */
static SdTable
as_it_is(const SdTable *actual)
{
	SdTable		table = *actual;

	Assert(actual->was != NULL);
	table.name = actual->was;
	return table;
}

static void
drop_index(SdComparison *comparison, const SdTable *table, const SdTable *actual,
		   const SdIndex *index)
{
	SdChange   *change = sd_add_change(comparison, SD_CHANGE_DROP_INDEX, table, index->name);
	SdTable		was = as_it_is(actual);

	Assert(index->name != NULL && !index->inherited);
	change->index = index;
	change->actual = sd_index_definition(&was, index);
	change->up = sd_ddl_drop_index(&was, index);
	change->down = sd_ddl_add_index(&was, index);
	change->deparsed_down = index->foreign;
	comparison->freed = lappend(comparison->freed,
								quote_qualified_identifier(table->schema, index->name));
}

static void
add_index(SdComparison *comparison, const SdTable *table, SdIndex *index)
{
	SdChange   *change;

	sd_name_index(comparison, table, index);
	change = sd_add_change(comparison, SD_CHANGE_ADD_INDEX, table, index->name);
	change->index = index;
	change->expected = sd_index_definition(table, index);
	change->up = sd_ddl_add_index(table, index);
	change->down = sd_ddl_drop_index(table, index);
}

static void
drop_key(SdComparison *comparison, const SdTable *table, const SdTable *actual,
		 const SdForeignKey *key)
{
	SdChange   *change = sd_add_change(comparison, SD_CHANGE_DROP_KEY, table, key->name);
	SdTable		was = as_it_is(actual);

	Assert(key->name != NULL && !key->inherited);
	change->key = key;
	change->actual = sd_key_definition(key);
	change->up = sd_ddl_drop_constraint(&was, key->name);
	change->down = sd_ddl_add_key(&was, key);
	comparison->freed = lappend(comparison->freed,
								quote_qualified_identifier(table->schema, key->name));
}

static void
add_key(SdComparison *comparison, const SdTable *table, SdForeignKey *key)
{
	SdChange   *change;

	sd_name_key(comparison, table, key);
	change = sd_add_change(comparison, SD_CHANGE_ADD_KEY, table, key->name);
	change->key = key;
	change->expected = sd_key_definition(key);
	change->up = sd_ddl_add_key(table, key);
	change->down = sd_ddl_drop_constraint(table, key->name);
}

/* Whether values of one of the columns get other names, which deparsed conditions do not have yet. */
bool
sd_has_renamed_values(const SdTable *actual, List *columns)
{
	ListCell   *cell;

	foreach(cell, columns)
	{
		const SdColumn *column = sd_column_find(actual, lfirst(cell));

		if (column != NULL && column->labels != NULL &&
			!sd_same_names(column->labels->labels, column->old_labels))
			return true;
	}
	return false;
}

/* A wanted index's condition in the words of those that are there; "" fits none of them. */
static const char *
condition(const SdIndex *wanted, const SdTable *actual)
{
	if (wanted->where == NULL)
		return NULL;
	if (sd_has_renamed_values(actual, wanted->where_columns))
		return NULL;
	if (gains_column(actual, wanted->where_columns) || is_retyped(actual, wanted->where_columns))
		return "";
	return sd_predicate_deparsed(actual, wanted->where);
}

/*
 * The index that does what another one is wanted for, or NULL; all that do are wanted.  One that a
 * column takes along which goes, since it includes it, does not.
 */
static SdIndex *
find_index(const SdComparison *comparison, const SdIndex *wanted, const SdTable *desired,
		   const SdTable *actual)
{
	const char *where = condition(wanted, actual);
	SdIndex    *found = NULL;
	ListCell   *cell;

	foreach(cell, actual->indexes)
	{
		SdIndex    *index = lfirst(cell);

		/* with other names of values it is taken for the same: the index follows them by itself */
		if (wanted->where != NULL && where == NULL)
			where = index->where;
		if (!sd_index_fits(wanted, index, where) || (found != NULL && found->matched) ||
			(comparison->drop && index->only_includes && loses_column(desired, actual, index->columns)))
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

		if (!key->matched && !key->replaces && sd_same_set(key->columns, index->columns))
			return true;
	}
	return false;
}

/* Whether one of the columns keeps an enum type that is made anew. */
static bool
has_new_enum(const SdTable *actual, List *columns)
{
	ListCell   *cell;

	foreach(cell, columns)
	{
		const SdColumn *column = sd_column_find(actual, lfirst(cell));

		if (column != NULL && column->retyped && column->labels != NULL && !column->labels->shared)
			return true;
	}
	return false;
}

/* Whether what the server says of an index, or of a constraint, does not hold after the renames. */
static bool
has_old_names(const SdTable *actual, const SdIndex *index)
{
	ListCell   *cell;

	if (!index->constraint && strcmp(actual->name, actual->was) != 0)
		return true;
	foreach(cell, index->columns)
	{
		const SdColumn *column = sd_column_find(actual, lfirst(cell));

		if (column != NULL && strcmp(column->name, column->was) != 0)
			return true;
	}
	return sd_has_renamed_values(actual, index->columns);
}

/*
 * What no model can say, a CHECK or the condition of an index, and is about
 * values of an enum that is made anew: it names the type, and would hold on to
 * the old one.  It is taken away and brought back.  Raises 0A000 where that would
 * take other words, since what is in it is renamed, too.
 */
static void
make_anew(SdComparison *comparison, const SdTable *desired, const SdTable *actual)
{
	ListCell   *cell;

	foreach(cell, actual->indexes)
	{
		SdIndex    *index = lfirst(cell);
		SdChange   *change;

		if (index->matched || index->inherited || !index->foreign ||
			!has_new_enum(actual, index->columns) || loses_column(desired, actual, index->columns))
			continue;
		if (has_old_names(actual, index))
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("%s \"%s\" of table \"%s\" is about values of an enum that is made anew, and about what is renamed",
							index->constraint ? "constraint" : "index", index->name, actual->name),
					 errhint("Write the renames as a migration of their own first.")));
		index->matched = true;
		drop_index(comparison, desired, actual, index);
		change = sd_add_change(comparison, SD_CHANGE_ADD_INDEX, desired, index->name);
		change->index = index;
		change->expected = sd_index_definition(desired, index);
		change->up = sd_ddl_add_index(desired, index);
		change->deparsed_up = true;
		change->down = sd_ddl_drop_index(desired, index);
	}
}

/* Whether a table cannot have both indexes: two primary keys, or two of the name that a model gives. */
static bool
excludes(const SdIndex *wanted, const SdIndex *index)
{
	if (wanted->primary)
		return index->primary;
	return wanted->name != NULL && !index->constraint && strcmp(index->name, wanted->name) == 0;
}

/* What a table cannot have beside an index that is missing makes room for it. */
static void
drop_excluded(SdComparison *comparison, const SdTable *desired, const SdTable *actual,
			  const SdIndex *wanted)
{
	ListCell   *cell;

	foreach(cell, actual->indexes)
	{
		SdIndex    *index = lfirst(cell);

		if (!index->matched && !index->inherited && excludes(wanted, index))
		{
			index->matched = true;
			drop_index(comparison, desired, actual, index);
			return;
		}
	}
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
			sd_same_keys(wanted, index))
		{
			index->matched = true;
			drop_index(comparison, desired, actual, index);
			return;
		}
	}
}

/* Whether a table has a primary key that stays: the user does not let it go, or it is a parent's. */
static bool
keeps_primary_key(const SdComparison *comparison, const SdTable *actual)
{
	ListCell   *cell;

	foreach(cell, actual->indexes)
	{
		const SdIndex *index = lfirst(cell);

		if (index->primary)
			return !comparison->drop || index->inherited;
	}
	return false;
}

/* What does for a primary key beside another one; its columns are not null in either case. */
static SdIndex *
as_unique(const SdIndex *wanted)
{
	SdIndex    *unique = palloc(sizeof(SdIndex));

	Assert(wanted->primary);
	*unique = *wanted;
	unique->primary = false;
	unique->name = NULL;
	return unique;
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

		if (find_index(comparison, wanted, desired, actual) != NULL)
			continue;
		if (wanted->primary && keeps_primary_key(comparison, actual))
		{
			wanted = as_unique(wanted);
			if (find_index(comparison, wanted, desired, actual) != NULL)
				continue;
		}
		if (wanted->implied && !comes_along(wanted, desired, actual))
			continue;
		drop_retyped(comparison, desired, actual, wanted);
		drop_excluded(comparison, desired, actual, wanted);
		missing = lappend(missing, wanted);
	}
	make_anew(comparison, desired, actual);
	foreach(cell, actual->indexes)
	{
		const SdIndex *index = lfirst(cell);

		if (comparison->drop && !index->matched && !index->inherited &&
			(!index->foreign || loses_column(desired, actual, index->columns)))
			drop_index(comparison, desired, actual, index);
	}
	foreach(cell, missing)
		add_index(comparison, desired, lfirst(cell));
}

/* Whether two foreign keys are between the same columns. */
static bool
same_columns(const SdForeignKey *a, const SdForeignKey *b)
{
	ListCell   *cell;

	if (strcmp(a->schema, b->schema) != 0 || strcmp(a->table, b->table) != 0 ||
		list_length(a->columns) != list_length(b->columns) || a->temporal != b->temporal)
		return false;

	Assert(list_length(a->columns) == list_length(a->referenced));
	Assert(list_length(b->columns) == list_length(b->referenced));
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

/* Whether a foreign key does what another is wanted for: actions that nobody gave may be any. */
static bool
same_key(const SdForeignKey *wanted, const SdForeignKey *key)
{
	return same_columns(wanted, key) &&
		(!wanted->tells_delete || strcmp(wanted->on_delete, key->on_delete) == 0) &&
		(!wanted->tells_update || strcmp(wanted->on_update, key->on_update) == 0);
}

/* One that is wanted with other actions than it has keeps its name and those that nobody gave. */
static bool
is_changed(const SdForeignKey *key, List *all_wanted)
{
	ListCell   *cell;

	foreach(cell, all_wanted)
	{
		SdForeignKey *wanted = lfirst(cell);

		if (wanted->matched || wanted->replaces || !same_columns(wanted, key))
			continue;
		wanted->replaces = true;
		if (wanted->name == NULL)
			wanted->name = key->name;
		if (!wanted->tells_delete)
			wanted->on_delete = key->on_delete;
		if (!wanted->tells_update)
			wanted->on_update = key->on_update;
		wanted->match = key->match;
		wanted->deferral = key->deferral;
		wanted->not_valid = key->not_valid;
		wanted->not_enforced = key->not_enforced;
		if (strcmp(wanted->on_delete, key->on_delete) == 0)
			wanted->set_columns = key->set_columns;
		return true;
	}
	return false;
}

/* Brings back one that was taken away for its columns' types, under the names that they are to have. */
static void
add_again(SdComparison *comparison, const SdTable *table, const SdForeignKey *key)
{
	SdForeignKey *again = palloc(sizeof(SdForeignKey));

	Assert(key->matched);
	*again = *key;
	if (key->renamed)
		again->definition = NULL;
	add_key(comparison, table, again);
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
		if (key->matched || is_changed(key, desired->foreign_keys) ||
			(comparison->drop &&
			 (loses_column(desired, actual, key->columns) ||
			  (!key->temporal && sd_table_find(comparison->desired, key->schema, key->table) != NULL))))
			drop_key(comparison, desired, actual, key);
		if (key->matched)
			add_again(comparison, desired, key);
	}
	foreach(cell, desired->foreign_keys)
	{
		SdForeignKey *wanted = lfirst(cell);

		if (!wanted->matched)
			add_key(comparison, desired, wanted);
	}
}

/*-------------------------------------------------------------------------
 * schema/table.c
 *		Finds tables and columns by name, and compares lists of names.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "schema/table.h"

/* The table of that name, or NULL. */
SdTable *
sd_table_find(List *tables, const char *schema, const char *name)
{
	ListCell   *cell;

	Assert(schema != NULL && name != NULL);
	foreach(cell, tables)
	{
		SdTable    *table = lfirst(cell);

		if (strcmp(table->schema, schema) == 0 && strcmp(table->name, name) == 0)
			return table;
	}
	return NULL;
}

/* The column of that name, or NULL. */
SdColumn *
sd_column_find(const SdTable *table, const char *name)
{
	ListCell   *cell;

	foreach(cell, table->columns)
	{
		SdColumn   *column = lfirst(cell);

		if (strcmp(column->name, name) == 0)
			return column;
	}
	return NULL;
}

bool
sd_name_in(List *names, const char *name)
{
	ListCell   *cell;

	foreach(cell, names)
	{
		if (strcmp(lfirst(cell), name) == 0)
			return true;
	}
	return false;
}

/* Whether two lists, neither of which has a name twice, have the same names. */
bool
sd_same_set(List *a, List *b)
{
	ListCell   *cell;

	if (list_length(a) != list_length(b))
		return false;
	foreach(cell, a)
	{
		if (!sd_name_in(b, lfirst(cell)))
			return false;
	}
	return true;
}

/* The names of a list and those of another that it does not have, as a new list. */
List *
sd_joined_names(List *a, List *b)
{
	List	   *joined = list_copy(a);
	ListCell   *cell;

	foreach(cell, b)
	{
		if (!sd_name_in(joined, lfirst(cell)))
			joined = lappend(joined, lfirst(cell));
	}
	return joined;
}

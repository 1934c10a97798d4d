/*-------------------------------------------------------------------------
 * schema/rename.c
 *		Renames that nothing but the user can know of: their changes, and tables
 *		as they would be after them.
 *
 * Nothing is renamed to be compared, since that would lock live tables: names
 * are replaced in what was read of them.  Texts of definitions keep the old
 * names.  They are needed only to bring back what is dropped before anything is
 * renamed, and so comes back after the renames were undone.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "schema/ddl.h"
#include "schema/difference.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

/* The name that a table has in the database which is to have that name. */
static const char *
name_as_it_is(const SdTold *told, const char *schema, const char *name)
{
	/* the last rename first */
	for (int i = list_length(told->table_renames) - 1; i >= 0; i--)
	{
		const SdRename *rename = list_nth(told->table_renames, i);

		if (strcmp(rename->schema, schema) == 0 && strcmp(rename->to, name) == 0)
			name = rename->from;
	}
	return name;
}

/* The name that a table is to have; NULL stands for NULL. */
static const char *
name_as_told(const SdTold *told, const char *schema, const char *name)
{
	ListCell   *cell;

	foreach(cell, told->table_renames)
	{
		const SdRename *rename = lfirst(cell);

		if (strcmp(rename->schema, schema) == 0 && strcmp(rename->from, name) == 0)
			name = rename->to;
	}
	return name;
}

static Oid
find_relid(const char *schema, const char *name)
{
	Oid			namespace = get_namespace_oid(schema, true);

	return OidIsValid(namespace) ? get_relname_relid(name, namespace) : InvalidOid;
}

/* Whether a table has a column that is not dropped. */
static bool
has_column(Oid relid, const char *name)
{
	return get_attnum(relid, name) != InvalidAttrNumber;
}

static bool
applies_to(const SdRename *rename, Oid relid)
{
	Assert(rename->relids != NIL);
	return list_member_oid(rename->relids, relid);
}

/* The name that a column of a table is to have. */
static const char *
column_as_told(const SdTold *told, Oid relid, const char *name)
{
	ListCell   *cell;

	foreach(cell, told->column_renames)
	{
		const SdRename *rename = lfirst(cell);

		if (applies_to(rename, relid) && strcmp(rename->from, name) == 0)
			name = rename->to;
	}
	return name;
}

/* Whether there is a column of that name after the renames before one of them. */
static bool
is_column_by_then(const SdTold *told, const SdRename *until, Oid relid, const char *name)
{
	bool		there = has_column(relid, name);
	ListCell   *cell;

	foreach(cell, told->column_renames)
	{
		const SdRename *rename = lfirst(cell);

		if (rename == until)
			break;
		if (!applies_to(rename, relid))
			continue;
		if (strcmp(rename->from, name) == 0)
			there = false;
		if (strcmp(rename->to, name) == 0)
			there = true;
	}
	return there;
}

/* Whether there is a relation of that name after the table renames before one of them. */
static bool
is_table_by_then(const SdTold *told, const SdRename *until, const char *schema, const char *name)
{
	bool		there = OidIsValid(find_relid(schema, name));
	ListCell   *cell;

	foreach(cell, told->table_renames)
	{
		const SdRename *rename = lfirst(cell);

		if (rename == until)
			break;
		if (strcmp(rename->schema, schema) != 0)
			continue;
		if (strcmp(rename->from, name) == 0)
			there = false;
		if (strcmp(rename->to, name) == 0)
			there = true;
	}
	return there;
}

static void
check_table(const SdTold *told, const SdRename *rename)
{
	if (!is_table_by_then(told, rename, rename->schema, rename->from))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation \"%s.%s\" does not exist", rename->schema, rename->from)));
	if (is_table_by_then(told, rename, rename->schema, rename->to))
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_TABLE),
				 errmsg("relation \"%s\" already exists", rename->to)));
}

/* Finds the tables of a column, and checks its names. */
static void
check_column(const SdTold *told, SdRename *rename)
{
	const char *table = name_as_it_is(told, rename->schema, rename->table);
	Oid			relid = find_relid(rename->schema, table);

	if (!OidIsValid(relid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation \"%s.%s\" does not exist", rename->schema, rename->table)));
	rename->relids = find_all_inheritors(relid, NoLock, NULL);
	if (!is_column_by_then(told, rename, relid, rename->from))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("column \"%s\" does not exist", rename->from)));
	if (is_column_by_then(told, rename, relid, rename->to))
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_COLUMN),
				 errmsg("column \"%s\" of relation \"%s\" already exists", rename->to, rename->table)));
}

/* A change of a name in a table, which may have no model. */
static SdChange *
add_change(SdComparison *comparison, SdChangeKind kind, const SdRename *rename, const char *table)
{
	SdTable    *changed = palloc0(sizeof(SdTable));
	SdChange   *change;

	changed->schema = rename->schema;
	changed->name = table;
	change = sd_add_change(comparison, kind, changed,
						   kind == SD_CHANGE_RENAME_TABLE || kind == SD_CHANGE_RENAME_TYPE ? NULL
						   : kind == SD_CHANGE_RENAME_VALUE ? rename->column : rename->to);
	change->actual = rename->from;
	change->expected = rename->to;
	return change;
}

/* Whether two enum types are the same one. */
static bool
is_same_type(const SdEnumType *a, const SdEnumType *b)
{
	return strcmp(a->schema, b->schema) == 0 && strcmp(a->name, b->name) == 0;
}

/* Whether a value gets its name already, by what was told of another column of the type. */
static bool
is_told_before(const SdTold *told, const SdRename *rename, const SdEnumType *type)
{
	ListCell   *cell;

	foreach(cell, told->value_renames)
	{
		const SdRename *before = lfirst(cell);

		if (before == rename)
			break;
		if (is_same_type(before->type, type) && strcmp(before->from, rename->from) == 0 &&
			strcmp(before->to, rename->to) == 0)
			return true;
	}
	return false;
}

/*
 * Adds the change of a value's name, and finds its type: from then on tables as told have the
 * new one in every column that is of it.
 */
static void
add_value_rename(SdComparison *comparison, const SdTold *told, SdRename *rename)
{
	SdTable    *table = sd_table_as_told(told, rename->schema, rename->table);
	SdColumn   *column = table != NULL ? sd_column_find(table, rename->column) : NULL;
	SdEnumType *type;
	SdChange   *change;

	if (column == NULL || column->labels == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("renames: table \"%s\" has no column \"%s\" of an enum type", rename->table,
						rename->column)));
	type = column->labels;
	Assert(list_length(column->old_labels) == list_length(type->labels));
	if (is_told_before(told, rename, type))
	{
		rename->type = type;
		return;
	}
	if (!sd_name_in(column->old_labels, rename->from) || !sd_name_in(type->labels, rename->from) ||
		sd_name_in(column->old_labels, rename->to) || sd_name_in(type->labels, rename->to))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("renames: the type of column \"%s\" %s", rename->column,
						sd_name_in(type->labels, rename->from)
						? psprintf("has a value \"%s\" already", rename->to)
						: psprintf("has no value \"%s\"", rename->from))));
	rename->type = type;
	change = add_change(comparison, SD_CHANGE_RENAME_VALUE, rename, table->name);
	change->up = sd_ddl_rename_value(type, rename->from, rename->to);
	change->down = sd_ddl_rename_value(type, rename->to, rename->from);
}

static bool
is_type(const char *schema, const char *name)
{
	Oid			namespace = get_namespace_oid(schema, true);

	return OidIsValid(namespace) &&
		SearchSysCacheExists2(TYPENAMENSP, CStringGetDatum(name), ObjectIdGetDatum(namespace));
}

/* Whether a type is that of a table's rows. */
static bool
is_row_type(const char *schema, const char *name)
{
	Oid			relid = find_relid(schema, name);

	return OidIsValid(relid) && get_rel_relkind(relid) != RELKIND_COMPOSITE_TYPE &&
		OidIsValid(get_rel_type_id(relid));
}

/* A type gets its name when all else is done: texts of definitions name it as it is. */
static void
add_type_rename(SdComparison *comparison, const SdRename *rename)
{
	SdChange   *change;

	if (!is_type(rename->schema, rename->from))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("type \"%s.%s\" does not exist", rename->schema, rename->from)));
	if (is_row_type(rename->schema, rename->from))
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s.%s\" is a table, whose type is renamed with it", rename->schema, rename->from),
				 errhint("Use \"renameTables\".")));
	if (is_type(rename->schema, rename->to))
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_OBJECT),
				 errmsg("type \"%s\" already exists", rename->to)));
	change = add_change(comparison, SD_CHANGE_RENAME_TYPE, rename, rename->from);
	change->up = sd_ddl_rename_type(rename->schema, rename->from, rename->to);
	change->down = sd_ddl_rename_type(rename->schema, rename->to, rename->from);
}

/*
 * Adds the changes of the renames that are told.  Raises 42P01, 42703 and 42704
 * for what is not there, 42P07, 42701 and 42710 for a name that is taken, 22023
 * for values of an enum.
 */
void
sd_add_renames(SdComparison *comparison, SdTold *told)
{
	ListCell   *cell;

	foreach(cell, told->type_renames)
		add_type_rename(comparison, lfirst(cell));
	foreach(cell, told->table_renames)
	{
		const SdRename *rename = lfirst(cell);
		SdTable		table = {.schema = rename->schema, .name = rename->from};
		SdTable		renamed = {.schema = rename->schema, .name = rename->to};
		SdChange   *change;

		check_table(told, rename);
		change = add_change(comparison, SD_CHANGE_RENAME_TABLE, rename, rename->to);
		change->up = sd_ddl_rename_table(&table, rename->to);
		change->down = sd_ddl_rename_table(&renamed, rename->from);
	}
	foreach(cell, told->column_renames)
	{
		SdRename   *rename = lfirst(cell);
		SdTable		table = {.schema = rename->schema};
		SdChange   *change;

		check_column(told, rename);
		table.name = name_as_told(told, rename->schema,
								  name_as_it_is(told, rename->schema, rename->table));
		change = add_change(comparison, SD_CHANGE_RENAME_COLUMN, rename, table.name);
		change->up = sd_ddl_rename_column(&table, rename->from, rename->to);
		change->down = sd_ddl_rename_column(&table, rename->to, rename->from);
	}
	/* in an earlier comparison they may have been found already */
	foreach(cell, told->value_renames)
		((SdRename *) lfirst(cell))->type = NULL;
	foreach(cell, told->value_renames)
		add_value_rename(comparison, told, lfirst(cell));
}

/* Replaces the names of columns in a list of their own; whether one of them changes. */
static bool
rename_columns(const SdTold *told, Oid relid, List **columns)
{
	List	   *renamed = NIL;
	bool		changed = false;
	ListCell   *cell;

	foreach(cell, *columns)
	{
		const char *name = column_as_told(told, relid, lfirst(cell));

		changed |= strcmp(name, lfirst(cell)) != 0;
		renamed = lappend(renamed, unconstify(char *, name));
	}
	*columns = renamed;
	return changed;
}

/* The text of a value of an enum, or of an array of them, in which one value has another name. */
static const char *
rename_in_value(const char *value, bool array, const SdRename *rename)
{
	Oid			function;
	Oid			param;
	Datum	   *elements;
	bool	   *nulls;
	int			n;
	bool		is_varlena;
	ArrayType  *values;

	if (!array)
		return strcmp(value, rename->from) == 0 ? rename->to : value;
	getTypeInputInfo(TEXTARRAYOID, &function, &param);
	values = DatumGetArrayTypeP(OidInputFunctionCall(function, unconstify(char *, value), param, -1));
	deconstruct_array(values, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &n);
	for (int i = 0; i < n; i++)
	{
		if (!nulls[i] && strcmp(TextDatumGetCString(elements[i]), rename->from) == 0)
			elements[i] = CStringGetTextDatum(rename->to);
	}
	values = construct_md_array(elements, nulls, ARR_NDIM(values), ARR_DIMS(values), ARR_LBOUND(values),
								TEXTOID, -1, false, TYPALIGN_INT);
	getTypeOutputInfo(TEXTARRAYOID, &function, &is_varlena);
	return OidOutputFunctionCall(function, PointerGetDatum(values));
}

/*
 * Gives the values of an enum the names that they are to have, whatever column of the type they
 * were told of, and notes those that they have.  Its default is undone while they have the new ones.
 */
static void
rename_values(const SdTold *told, SdColumn *column)
{
	ListCell   *cell;
	ListCell   *label;

	if (column->labels == NULL)
		return;
	column->old_labels = list_copy(column->labels->labels);
	foreach(cell, told->value_renames)
	{
		const SdRename *rename = lfirst(cell);

		if (rename->type == NULL || !is_same_type(rename->type, column->labels))
			continue;
		foreach(label, column->labels->labels)
		{
			if (strcmp(lfirst(label), rename->from) == 0)
				lfirst(label) = unconstify(char *, rename->to);
		}
		if (column->default_value != NULL)
		{
			column->default_value = rename_in_value(column->default_value, column->labels->array, rename);
			if (column->default_sql != NULL)
				column->default_sql = quote_literal_cstr(column->default_value);
		}
	}
}

/* Gives the values of all enums of a table the names that they are to have. */
void
sd_rename_values(const SdTold *told, SdTable *table)
{
	ListCell   *cell;

	foreach(cell, table->columns)
		rename_values(told, lfirst(cell));
}

/*
 * The table that is to have that name, as it would be after the renames that
 * are told; NULL where there is none.  Raises 42809 where the name is something
 * else's.
 */
SdTable *
sd_table_as_told(const SdTold *told, const char *schema, const char *name)
{
	const char *was = name_as_it_is(told, schema, name);
	SdTable    *table;
	ListCell   *cell;
	ListCell   *part;

	/* one that gives its name away */
	if (strcmp(name_as_told(told, schema, was), name) != 0)
		return NULL;
	table = sd_actual_table(schema, was);
	if (table == NULL)
		return NULL;
	table->name = name;
	foreach(cell, table->columns)
	{
		SdColumn   *column = lfirst(cell);

		column->name = column_as_told(told, table->relid, column->was);
	}
	sd_rename_values(told, table);
	foreach(cell, table->indexes)
	{
		SdIndex    *index = lfirst(cell);

		(void) rename_columns(told, table->relid, &index->columns);
		foreach(part, index->parts)
		{
			SdKeyPart  *key = lfirst(part);

			key->column = column_as_told(told, table->relid, key->column);
		}
	}
	foreach(cell, table->foreign_keys)
	{
		SdForeignKey *key = lfirst(cell);
		Oid			referenced = find_relid(key->schema, key->table);
		const char *referenced_name = name_as_told(told, key->schema, key->table);

		key->renamed = rename_columns(told, table->relid, &key->columns);
		key->renamed |= rename_columns(told, referenced, &key->referenced);
		(void) rename_columns(told, table->relid, &key->set_columns);
		key->renamed |= strcmp(referenced_name, key->table) != 0;
		key->table = referenced_name;
	}
	return table;
}

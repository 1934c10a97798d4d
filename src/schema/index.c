/*-------------------------------------------------------------------------
 * schema/index.c
 *		The indexes and unique constraints that models ask for.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_opclass.h"
#include "commands/defrem.h"
#include "define/predicate.h"
#include "mb/pg_wchar.h"
#include "parser/scansup.h"
#include "schema/index.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

static SdIndex *
new_index(const char *name, bool unique, bool constraint)
{
	SdIndex    *index = palloc0(sizeof(SdIndex));

	index->name = name;
	index->method = "btree";
	index->unique = unique;
	index->constraint = constraint;
	return index;
}

static void
add_column(SdIndex *index, const char *column)
{
	SdKeyPart  *part;

	if (sd_name_in(index->columns, column))
		return;
	part = palloc0(sizeof(SdKeyPart));
	part->column = column;
	index->columns = lappend(index->columns, unconstify(char *, column));
	index->keys = lappend(index->keys, unconstify(char *, quote_identifier(column)));
	index->parts = lappend(index->parts, part);
}

/*
 * Adds the unique constraint, or the index, that an attribute asks for to what
 * those before it asked for: with the same name, which may be NULL, they share
 * one.
 */
List *
sd_collect_index(List *asked, const char *name, bool unique, const char *column)
{
	SdIndex    *index;
	ListCell   *cell;

	foreach(cell, asked)
	{
		index = lfirst(cell);
		if (name != NULL && index->name != NULL && index->unique == unique &&
			strcmp(index->name, name) == 0)
		{
			add_column(index, column);
			return asked;
		}
	}
	index = new_index(name, unique, unique);
	add_column(index, column);
	return lappend(asked, index);
}

/* An index over columns, or a unique constraint. */
SdIndex *
sd_make_index(List *columns, bool constraint)
{
	SdIndex    *index = new_index(NULL, constraint, constraint);
	ListCell   *cell;

	Assert(columns != NIL);
	foreach(cell, columns)
		add_column(index, lfirst(cell));
	return index;
}

SdIndex *
sd_make_primary_key(List *columns)
{
	SdIndex    *index = sd_make_index(columns, true);

	index->primary = true;
	return index;
}

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Whether a key is as it is wanted: what the model does not name is the column's, or the type's default. */
static bool
same_part(const SdKeyPart *wanted, const SdKeyPart *part)
{
	return strcmp(wanted->column, part->column) == 0 && wanted->descending == part->descending &&
		(wanted->collation_told ? same_text(wanted->collation, part->collation) : !part->collation_told) &&
		(wanted->class_told ? same_text(wanted->operator_class, part->operator_class) : !part->class_told);
}

/* Whether the keys of an index are those of one that is wanted, in the same order. */
bool
sd_same_keys(const SdIndex *wanted, const SdIndex *index)
{
	ListCell   *a;
	ListCell   *b;

	if (list_length(wanted->parts) != list_length(index->parts))
		return false;
	forboth(a, wanted->parts, b, index->parts)
	{
		if (!same_part(lfirst(a), lfirst(b)))
			return false;
	}
	return true;
}

/* The columns that are keys, without those that are only included, as a list in the current context. */
List *
sd_index_columns(const SdIndex *index)
{
	List	   *columns = NIL;
	ListCell   *cell;

	foreach(cell, index->parts)
		columns = lappend(columns, unconstify(char *, ((SdKeyPart *) lfirst(cell))->column));
	return columns;
}

/*
 * Whether an index does what another one is wanted for; where is the wanted
 * one's condition in the form that the index's has.  Names do not matter, nor
 * the order of columns that are unique together.
 */
bool
sd_index_fits(const SdIndex *wanted, const SdIndex *index, const char *where)
{
	if (index->invalid || (index->foreign && index->where == NULL && !index->only_includes))
		return false;
	/* one in which nulls are equal keeps more rows apart than a plain one */
	if (wanted->nulls_not_distinct && !index->nulls_not_distinct)
		return false;
	if (wanted->primary != index->primary || wanted->unique != index->unique || !same_text(where, index->where))
		return false;
	/* a primary key keeps rows apart by any method: WITHOUT OVERLAPS */
	if (!wanted->primary && strcmp(wanted->method, index->method) != 0)
		return false;
	if (wanted->unique && where == NULL)
		return sd_same_set(wanted->columns, sd_index_columns(index));
	return sd_same_keys(wanted, index);
}

/* Adds an index unless the table has one that does the same. */
void
sd_add_index(SdTable *table, SdIndex *index)
{
	ListCell   *cell;

	Assert(index->keys != NIL && index->columns != NIL);
	foreach(cell, table->indexes)
	{
		if (sd_index_fits(index, lfirst(cell), index->where))
			return;
	}
	table->indexes = lappend(table->indexes, index);
}

/* Whether rows are found by these columns through an index, whatever other columns it has. */
bool
sd_has_index_for(const SdTable *table, List *columns)
{
	ListCell   *cell;

	Assert(columns != NIL);
	foreach(cell, table->indexes)
	{
		const SdIndex *index = lfirst(cell);

		if (index->where == NULL && (!index->foreign || index->only_includes) &&
			strcmp(index->method, "btree") == 0 && list_length(index->parts) >= list_length(columns) &&
			sd_same_set(list_truncate(sd_index_columns(index), list_length(columns)), columns))
			return true;
	}
	return false;
}

/* A name with the one schema that has it; pg_catalog before all others.  Else as the search_path will find it. */
static const char *
in_its_schema(const char *name, List *schemas)
{
	char	   *schema;

	if (list_member_oid(schemas, PG_CATALOG_NAMESPACE))
		return quote_qualified_identifier("pg_catalog", name);
	schema = list_length(schemas) == 1 ? get_namespace_name(linitial_oid(schemas)) : NULL;
	return schema != NULL ? quote_qualified_identifier(schema, name) : quote_identifier(name);
}

/* A collation by its name. */
static const char *
collation_sql(const char *name)
{
	CatCList   *found = SearchSysCacheList1(COLLNAMEENCNSP, PointerGetDatum(name));
	List	   *schemas = NIL;

	for (int i = 0; i < found->n_members; i++)
	{
		Form_pg_collation form = (Form_pg_collation) GETSTRUCT(&found->members[i]->tuple);

		if (form->collencoding == -1 || form->collencoding == GetDatabaseEncoding())
			schemas = list_append_unique_oid(schemas, form->collnamespace);
	}
	ReleaseSysCacheList(found);
	return in_its_schema(name, schemas);
}

/* An operator class by its name. */
static const char *
operator_class_sql(const char *name, const char *method)
{
	CatCList   *found = SearchSysCacheList2(CLAAMNAMENSP, ObjectIdGetDatum(get_am_oid(method, true)),
											PointerGetDatum(name));
	List	   *schemas = NIL;

	for (int i = 0; i < found->n_members; i++)
	{
		Form_pg_opclass form = (Form_pg_opclass) GETSTRUCT(&found->members[i]->tuple);

		schemas = lappend_oid(schemas, form->opcnamespace);
	}
	ReleaseSysCacheList(found);
	return in_its_schema(name, schemas);
}

/* One column of an index. */
static void
add_part(SdIndex *index, const SdIndexPart *part)
{
	SdKeyPart  *wanted = palloc0(sizeof(SdKeyPart));
	StringInfoData key;

	Assert(part->attribute->field != NULL);
	wanted->column = part->attribute->field;
	wanted->collation = part->collation;
	wanted->collation_told = part->collation != NULL;
	wanted->operator_class = part->operator_class;
	wanted->class_told = part->operator_class != NULL;
	wanted->descending = part->descending;
	index->parts = lappend(index->parts, wanted);
	initStringInfo(&key);
	appendStringInfoString(&key, quote_identifier(part->attribute->field));
	if (part->collation != NULL)
		appendStringInfo(&key, " COLLATE %s", collation_sql(part->collation));
	if (part->operator_class != NULL)
		appendStringInfo(&key, " %s", operator_class_sql(part->operator_class, index->method));
	if (part->descending)
		appendStringInfoString(&key, " DESC");
	index->keys = lappend(index->keys, key.data);
	if (!sd_name_in(index->columns, part->attribute->field))
		index->columns = lappend(index->columns, part->attribute->field);
}

/* where the attributes of a condition are looked up */
typedef struct Source
{
	const SdModelRow *row;
	const SdTable *table;
} Source;

static bool
find_column(const void *source, const char *attribute, SdPredicateColumn *subject)
{
	const Source *from = source;
	const SdAttributeRow *row = sd_row_attribute(from->row, attribute);
	const SdColumn *found = row != NULL && row->field != NULL
		? sd_column_find(from->table, row->field) : NULL;

	if (found == NULL)
		return false;
	subject->column = found->name;
	subject->type = found->type_oid;
	subject->labels = found->labels != NULL && !found->labels->array ? found->labels->labels : NIL;
	return true;
}

static void
set_where(SdIndex *index, const SdTable *table, const SdModelRow *row, const JsonbValue *where)
{
	static const SdPath path = {.key = "indexes.where", .len = 13};
	Source		source = {row, table};
	SdPredicate predicate = {row->name, find_column, &source, NIL};

	index->where = sd_predicate_sql(&predicate, where, &path);
	index->where_columns = predicate.columns;
}

/* Adds the indexes of a model's option of that name.  Raises what sd_predicate_sql() raises. */
void
sd_add_index_options(SdTable *table, const SdModelRow *row)
{
	ListCell   *cell;
	ListCell   *part;

	foreach(cell, row->indexes)
	{
		const SdIndexRow *asked = lfirst(cell);
		SdIndex    *index = new_index(asked->name, asked->unique, false);

		index->nulls_not_distinct = asked->nulls_not_distinct;
		if (asked->method != NULL)
			index->method = downcase_identifier(asked->method, strlen(asked->method), false, false);
		foreach(part, asked->parts)
			add_part(index, lfirst(part));
		if (asked->where != NULL)
			set_where(index, table, row, asked->where);
		sd_add_index(table, index);
	}
}

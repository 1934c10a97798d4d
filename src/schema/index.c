/*-------------------------------------------------------------------------
 * schema/index.c
 *		The indexes and unique constraints that models ask for.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "define/definition_value.h"
#include "define/predicate.h"
#include "parser/scansup.h"
#include "schema/index.h"
#include "utils/builtins.h"

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
	if (sd_name_in(index->columns, column))
		return;
	index->columns = lappend(index->columns, unconstify(char *, column));
	index->keys = lappend(index->keys, unconstify(char *, quote_identifier(column)));
}

/*
 * Adds what an attribute says of an option, "unique" or "index", to what those
 * before it asked for: with the same name, they share one.
 */
List *
sd_collect_index(List *asked, const JsonbValue *attribute, const char *option,
				 const char *column)
{
	bool		unique = strcmp(option, "unique") == 0;
	const char *name = sd_row_string(attribute, option);
	SdIndex    *index;
	ListCell   *cell;

	if (name == NULL && !sd_row_flag(attribute, option, false))
		return asked;
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

/*
 * Whether an index does what another one is wanted for; where is the wanted
 * one's condition in the form that the index's has.  Names do not matter, nor
 * the order of columns that are unique together.
 */
bool
sd_index_fits(const SdIndex *wanted, const SdIndex *index, const char *where)
{
	if (index->foreign && index->where == NULL)
		return false;
	if (wanted->primary != index->primary || wanted->unique != index->unique ||
		strcmp(wanted->method, index->method) != 0 || !same_text(where, index->where))
		return false;
	if (wanted->unique && where == NULL)
		return sd_same_set(wanted->columns, index->columns);
	return sd_same_names(wanted->keys, index->keys);
}

/* Adds an index unless the table has one that does the same. */
void
sd_add_index(SdTable *table, SdIndex *index)
{
	ListCell   *cell;

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

	foreach(cell, table->indexes)
	{
		const SdIndex *index = lfirst(cell);

		if (index->where == NULL && !index->foreign && strcmp(index->method, "btree") == 0 &&
			list_length(index->columns) >= list_length(columns) &&
			sd_same_set(list_truncate(list_copy(index->columns), list_length(columns)), columns))
			return true;
	}
	return false;
}

/* One column of an index: the name of an attribute, or an object with it. */
static void
add_field(SdIndex *index, const SdModelRow *row, const JsonbValue *value)
{
	bool		plain = !sd_is_object(value);
	const char *name = plain ? sd_string(value) : sd_row_string(value, "attribute");
	const char *part;
	List	   *fields = name != NULL ? sd_row_fields(row, list_make1(unconstify(char *, name))) : NIL;
	StringInfoData key;

	if (fields == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("indexes: model \"%s\" has no attribute \"%s\" that is kept in a column",
						row->name, name != NULL ? name : "")));
	initStringInfo(&key);
	appendStringInfoString(&key, quote_identifier(linitial(fields)));
	if (!plain && (part = sd_row_string(value, "collate")) != NULL)
		appendStringInfo(&key, " COLLATE %s", quote_identifier(part));
	if (!plain && (part = sd_row_string(value, "operator")) != NULL)
		appendStringInfo(&key, " %s", quote_identifier(part));
	if (!plain && (part = sd_row_string(value, "order")) != NULL && pg_strcasecmp(part, "DESC") == 0)
		appendStringInfoString(&key, " DESC");
	index->keys = lappend(index->keys, key.data);
	if (!sd_name_in(index->columns, linitial(fields)))
		index->columns = lappend(index->columns, linitial(fields));
}

/* where the attributes of a condition are looked up */
typedef struct Source
{
	const SdModelRow *row;
	const SdTable *table;
} Source;

static bool
find_column(const void *source, const char *attribute, const char **column, Oid *type)
{
	const Source *from = source;
	List	   *fields = sd_row_fields(from->row, list_make1(unconstify(char *, attribute)));
	const SdColumn *found = fields != NIL ? sd_column_find(from->table, linitial(fields)) : NULL;

	if (found == NULL)
		return false;
	*column = found->name;
	*type = found->type_oid;
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

/*
 * Adds the indexes of a model's option of that name.  Raises 42703 for one over
 * an attribute that the model does not have any more, and what
 * sd_predicate_sql() raises.
 */
void
sd_add_index_options(SdTable *table, const SdModelRow *row, const JsonbValue *indexes)
{
	SdReader	reader;

	if (!sd_is_array(indexes))
		return;
	sd_read(&reader, indexes, NULL);
	while (sd_next_element(&reader))
	{
		SdIndex    *index;
		JsonbValue	member;
		SdReader	fields;
		JsonbContainer *object;
		const char *method;

		if (!sd_is_object(&reader.value))
			continue;
		object = reader.value.val.binary.data;
		index = new_index(sd_row_string(&reader.value, "name"),
						  sd_row_flag(&reader.value, "unique", false), false);
		method = sd_row_string(&reader.value, "using");
		if (method != NULL)
			index->method = downcase_identifier(method, strlen(method), false, false);
		if (getKeyJsonValueFromContainer(object, "fields", 6, &member) == NULL ||
			!sd_is_array(&member))
			continue;
		sd_read(&fields, &member, NULL);
		while (sd_next_element(&fields))
		{
			if (fields.value.type == jbvString || sd_is_object(&fields.value))
				add_field(index, row, &fields.value);
		}
		if (getKeyJsonValueFromContainer(object, "where", 5, &member) != NULL)
			set_where(index, table, row, &member);
		if (index->keys != NIL)
			sd_add_index(table, index);
	}
}

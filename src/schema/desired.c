/*-------------------------------------------------------------------------
 * schema/desired.c
 *		The tables that the models ask for.
 *
 * It reads rows of the catalog, not descriptors: those need the table.  Several
 * models over one table ask for all that any of them asks for; where they
 * disagree on a column, the first of them in the order of names decides.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "catalog/namespace.h"
#include "catalogs/rows.h"
#include "define/definition_value.h"
#include "define/literal.h"
#include "schema/index.h"
#include "schema/table.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* Whether an attribute is one of those in which the engine keeps the time. */
static bool
keeps_time(const SdModelRow *row, const SdAttributeRow *attribute)
{
	return attribute == row->created_at || attribute == row->updated_at ||
		attribute == row->deleted_at;
}

static SdType *
parse_type(const SdModelRow *row, const SdAttributeRow *attribute)
{
	const char *problem;
	const char *hint;
	SdType	   *type = sd_type_parse(attribute->type, &problem, &hint);

	if (type == NULL)
		sd_bad_row(row->name, psprintf("The type of attribute \"%s\": %s.", attribute->name,
									   problem));
	return type;
}

static void
set_type(SdColumn *column, const SdModelRow *row, const SdType *type, bool time)
{
	column->type_oid = type->oid;
	column->typmod = type->typmod;
	if (type->kind == SD_TYPE_ENUM)
	{
		column->labels = palloc0(sizeof(SdEnumType));
		column->labels->schema = row->schema;
		column->labels->name = sd_enum_name(row->table, column->name);
		column->labels->labels = type->labels;
		column->labels->array = type->dimensions > 0;
	}
	column->any_precision = type->oid == TIMESTAMPTZOID && type->typmod < 0;
	if (time && column->any_precision)
		column->typmod = 3;
	if (column->typmod != type->typmod)
		column->type = format_type_extended(column->type_oid, column->typmod,
											FORMAT_TYPE_TYPEMOD_GIVEN | FORMAT_TYPE_FORCE_QUALIFY);
	else
		column->type = sd_type_sql(type, row->schema, row->table, column->name);
}

static void
set_default(SdColumn *column, const SdType *type, const SdAttributeRow *attribute)
{
	if (attribute->default_function != NULL && OidIsValid(type->oid))
	{
		column->defaults_to = SD_DEFAULTS_TO_FUNCTION;
		column->default_sql = sd_default_function_sql(type, attribute->default_function);
	}
	else if (attribute->default_value != NULL)
	{
		column->default_value = sd_literal_text(type, attribute->default_value, column->name);
		if (column->default_value == NULL)
			return;
		column->defaults_to = SD_DEFAULTS_TO_VALUE;
		column->default_sql = sd_literal_sql(column->default_value, column->type_oid);
	}
}

/* A comment, which PostgreSQL does not keep where it is empty. */
static const char *
comment_of(const char *text)
{
	return text != NULL && *text != '\0' ? text : NULL;
}

/* The column of an attribute, or NULL for a VIRTUAL one. */
static SdColumn *
make_column(const SdModelRow *row, const SdAttributeRow *attribute)
{
	SdType	   *type = parse_type(row, attribute);
	bool		time = keeps_time(row, attribute);
	SdColumn   *column;

	if (attribute->field == NULL)
		return NULL;
	column = palloc0(sizeof(SdColumn));
	column->name = attribute->field;
	set_type(column, row, type, time);
	set_default(column, type, attribute);
	column->at_least = row->builtin;
	column->comment = comment_of(attribute->comment);
	if (attribute->auto_increment)
		column->counting = SD_COUNTS_AS_IDENTITY;
	column->not_null = !attribute->allow_null || attribute->primary_key ||
		attribute->auto_increment;
	column->not_null_implied = attribute->auto_increment && attribute->allow_null && !attribute->primary_key;
	if (time && column->not_null && column->defaults_to == SD_DEFAULTS_TO_NOTHING &&
		type->oid == TIMESTAMPTZOID)
	{
		column->defaults_to = SD_DEFAULTS_TO_FUNCTION;
		column->default_sql = sd_default_function_sql(type, "NOW");
	}
	return column;
}

/* A column that two models have: what either needs, and NULL where either allows it. */
static void
merge_column(SdColumn *column, const SdColumn *other)
{
	Assert(strcmp(column->name, other->name) == 0);
	column->not_null = column->not_null && other->not_null;
	column->not_null_implied = column->not_null_implied && other->not_null_implied;
	column->at_least = column->at_least || other->at_least;
	if (column->defaults_to == SD_DEFAULTS_TO_NOTHING && column->counting == SD_COUNTS_NOT &&
		strcmp(column->type, other->type) == 0)
	{
		column->defaults_to = other->defaults_to;
		column->default_value = other->default_value;
		column->default_sql = other->default_sql;
	}
	if (column->comment == NULL)
		column->comment = other->comment;
}

/* Adds the columns, and the unique constraints and indexes that attributes ask for. */
static void
add_attributes(SdTable *table, const SdModelRow *row)
{
	List	   *keys = NIL;
	List	   *asked = NIL;
	ListCell   *cell;

	for (int i = 0; i < row->nattributes; i++)
	{
		const SdAttributeRow *attribute = &row->attributes[i];
		SdColumn   *column = make_column(row, attribute);
		SdColumn   *other;

		if (column == NULL)
			continue;
		other = sd_column_find(table, column->name);
		if (other != NULL)
			merge_column(other, column);
		else
			table->columns = lappend(table->columns, column);
		if (attribute->primary_key)
			keys = lappend(keys, unconstify(char *, column->name));
		if (attribute->unique)
			asked = sd_collect_index(asked, attribute->unique_name, true, column->name);
		if (attribute->indexed)
			asked = sd_collect_index(asked, attribute->index_name, false, column->name);
	}
	if (keys != NIL && (table->indexes == NIL || !((SdIndex *) linitial(table->indexes))->primary))
		table->indexes = lcons(sd_make_primary_key(keys), table->indexes);
	foreach(cell, asked)
		sd_add_index(table, lfirst(cell));
}

/* A primary key is never null, whatever another model says of its columns. */
static void
keep_key_from_null(SdTable *table)
{
	const SdIndex *key = table->indexes != NIL ? linitial(table->indexes) : NULL;
	ListCell   *cell;

	foreach(cell, table->columns)
	{
		SdColumn   *column = lfirst(cell);

		if (key != NULL && key->primary && sd_name_in(key->columns, column->name))
			column->not_null = true;
	}
}

/* Adds what a model asks for, but for foreign keys. */
static void
add_model(SdTable *table, const SdModelRow *row)
{
	table->models = lappend(table->models, row->name);
	add_attributes(table, row);
	sd_add_index_options(table, row);
	if (table->comment == NULL)
		table->comment = comment_of(row->comment);
}

/* Whether a model is over something that is no table: a view, say, has no columns to add. */
static bool
is_no_table(const SdModelRow *row)
{
	Oid			schema = get_namespace_oid(row->schema, true);
	Oid			relid = OidIsValid(schema) ? get_relname_relid(row->table, schema) : InvalidOid;
	char		kind = OidIsValid(relid) ? get_rel_relkind(relid) : RELKIND_RELATION;

	return kind != RELKIND_RELATION && kind != RELKIND_PARTITIONED_TABLE;
}

/*
 * The tables of all models, in the order of the models' names; models over
 * views and foreign tables are left out.  Raises 55000 for a definition that is
 * not valid, and what sd_add_index_options() raises.
 */
List *
sd_desired_tables(void)
{
	List	   *tables = NIL;
	List	   *rows = NIL;
	List	   *associations = sd_all_association_rows();
	ListCell   *cell;

	foreach(cell, sd_all_model_rows())
	{
		SdModelRow *row = lfirst(cell);
		SdTable    *table;

		if (is_no_table(row))
			continue;
		rows = lappend(rows, row);
		table = sd_table_find(tables, row->schema, row->table);
		if (table == NULL)
		{
			table = palloc0(sizeof(SdTable));
			table->schema = row->schema;
			table->name = row->table;
			tables = lappend(tables, table);
		}
		add_model(table, row);
	}
	foreach(cell, tables)
	{
		keep_key_from_null(lfirst(cell));
		sd_add_foreign_keys(lfirst(cell), rows, associations);
	}
	return tables;
}

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
#include "define/catalog.h"
#include "define/definition_value.h"
#include "define/literal.h"
#include "execute/command.h"
#include "schema/index.h"
#include "schema/table.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* Raises 55000 for a definition that somebody wrote into the catalog by hand. */
static pg_attribute_noreturn() void
bad_definition(const SdModelRow *row, const char *problem)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("the definition of model \"%s\" is not valid", row->name),
			 errdetail_internal("%s", problem)));
}

/* Whether an attribute is one of those in which the engine keeps the time. */
static bool
keeps_time(const JsonbValue *options, const char *name)
{
	static const char *const kept[] = {"createdAt", "updatedAt", "deletedAt"};

	for (int i = 0; i < lengthof(kept); i++)
	{
		const char *attribute = sd_row_string(options, kept[i]);

		if (attribute != NULL && strcmp(attribute, name) == 0)
			return true;
	}
	return false;
}

static SdType *
parse_type(const SdModelRow *row, const char *name, const char *declared)
{
	const char *problem = "it has none";
	const char *hint;
	SdType	   *type = declared != NULL ? sd_type_parse(declared, &problem, &hint) : NULL;

	if (type == NULL)
		bad_definition(row, psprintf("The type of attribute \"%s\": %s.", name, problem));
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
set_default(SdColumn *column, const SdType *type, const JsonbValue *attribute)
{
	JsonbValue	value;
	const char *function = sd_row_string(attribute, "defaultFunction");

	if (function != NULL && OidIsValid(type->oid))
	{
		column->defaults_to = SD_DEFAULTS_TO_FUNCTION;
		column->default_sql = sd_default_function_sql(type, function);
	}
	else if (getKeyJsonValueFromContainer(attribute->val.binary.data, "defaultValue", 12,
										  &value) != NULL)
	{
		column->default_value = sd_literal_text(type, &value, column->name);
		if (column->default_value == NULL)
			return;
		column->defaults_to = SD_DEFAULTS_TO_VALUE;
		column->default_sql = sd_literal_sql(column->default_value, column->type_oid);
	}
}

/* The column of an attribute, or NULL for a VIRTUAL one. */
static SdColumn *
make_column(const SdModelRow *row, const JsonbValue *options, const JsonbValue *attribute)
{
	const char *name = sd_row_string(attribute, "name");
	const char *field = sd_row_string(attribute, "field");
	SdType	   *type;
	SdColumn   *column;

	if (name == NULL)
		bad_definition(row, "An attribute has no name.");
	type = parse_type(row, name, sd_row_string(attribute, "type"));
	if (field == NULL || type->kind == SD_TYPE_VIRTUAL)
		return NULL;
	column = palloc0(sizeof(SdColumn));
	column->name = field;
	set_type(column, row, type, keeps_time(options, name));
	set_default(column, type, attribute);
	column->at_least = sd_row_flag(options, "builtin", false);
	column->comment = sd_row_string(attribute, "comment");
	if (sd_row_flag(attribute, "autoIncrement", false))
		column->counting = SD_COUNTS_AS_IDENTITY;
	column->not_null = !sd_row_flag(attribute, "allowNull", true) ||
		sd_row_flag(attribute, "primaryKey", false) || column->counting != SD_COUNTS_NOT;
	if (keeps_time(options, name) && column->not_null &&
		column->defaults_to == SD_DEFAULTS_TO_NOTHING && type->oid == TIMESTAMPTZOID)
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
	column->not_null = column->not_null && other->not_null;
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
add_attributes(SdTable *table, const SdModelRow *row, const JsonbValue *options)
{
	List	   *keys = NIL;
	List	   *asked = NIL;
	JsonbValue	root;
	SdReader	reader;
	ListCell   *cell;

	sd_root(row->attributes, &root);
	if (!sd_is_array(&root))
		bad_definition(row, "Column \"attributes\" is no array.");
	sd_read(&reader, &root, NULL);
	while (sd_next_element(&reader))
	{
		SdColumn   *column;
		SdColumn   *other;

		if (!sd_is_object(&reader.value))
			bad_definition(row, "An attribute is no object.");
		column = make_column(row, options, &reader.value);
		if (column == NULL)
			continue;
		other = sd_column_find(table, column->name);
		if (other != NULL)
			merge_column(other, column);
		else
			table->columns = lappend(table->columns, column);
		if (sd_row_flag(&reader.value, "primaryKey", false))
			keys = lappend(keys, unconstify(char *, column->name));
		asked = sd_collect_index(asked, &reader.value, "unique", column->name);
		asked = sd_collect_index(asked, &reader.value, "index", column->name);
	}
	if (keys != NIL && (table->indexes == NIL || !((SdIndex *) linitial(table->indexes))->primary))
		table->indexes = lcons(sd_make_primary_key(keys), table->indexes);
	foreach(cell, asked)
		sd_add_index(table, lfirst(cell));
}

/* The columns of attributes, or NIL when one of them has none. */
List *
sd_row_fields(const SdModelRow *row, List *names)
{
	List	   *fields = NIL;
	ListCell   *cell;

	foreach(cell, names)
	{
		JsonbValue	attribute;
		char	   *field;

		if (!sd_row_attribute(row, lfirst(cell), &attribute))
			return NIL;
		field = sd_row_string(&attribute, "field");
		if (field == NULL)
			return NIL;
		fields = lappend(fields, field);
	}
	return fields;
}

/* Adds what a model asks for, but for foreign keys. */
static void
add_model(SdTable *table, const SdModelRow *row)
{
	JsonbValue	options;
	JsonbValue	indexes;

	sd_root(row->options, &options);
	if (!sd_is_object(&options))
		bad_definition(row, "Column \"options\" is no object.");
	table->models = lappend(table->models, row->name);
	add_attributes(table, row, &options);
	if (getKeyJsonValueFromContainer(options.val.binary.data, "indexes", 7, &indexes) != NULL)
		sd_add_index_options(table, row, &indexes);
	if (table->comment == NULL)
		table->comment = sd_row_string(&options, "comment");
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
	SdRows	   *names;
	List	   *tables = NIL;
	List	   *rows = NIL;
	ListCell   *cell;

	names = sd_query("SELECT name FROM studentdir.model ORDER BY name", NULL, 0, InvalidSnapshot);
	for (int i = 0; i < names->nrows; i++)
	{
		SdModelRow *row = sd_find_model_row(sd_rows_text(names, i, 0));
		SdTable    *table;

		if (row == NULL || is_no_table(row))
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
		sd_add_foreign_keys(lfirst(cell), rows);
	return tables;
}

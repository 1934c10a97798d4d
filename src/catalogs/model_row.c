/*-------------------------------------------------------------------------
 * catalogs/model_row.c
 *		Reads rows of studentdir.model.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "catalogs/member.h"
#include "catalogs/rows.h"
#include "catalogs/scan.h"
#include "miscadmin.h"
#include "utils/builtins.h"

/* A text column that has to be there and to be a name. */
static char *
name_column(const SdCatalogScan *scan, int column, const char *model)
{
	char	   *name = sd_catalog_text(scan, column);
	const char *problem = sd_name_problem(name);

	if (problem != NULL)
		sd_bad_row(model, psprintf("Column \"%s\" %s.", sd_catalog_column(scan, column), problem));
	return name;
}

/* A jsonb column that has to be there. */
static JsonbValue
json_column(const SdCatalogScan *scan, int column, const char *model)
{
	Datum		value;

	if (!sd_catalog_value(scan, column, &value))
		sd_bad_row(model, psprintf("Column \"%s\" is null.", sd_catalog_column(scan, column)));
	return sd_document(value);
}

/* Reads "references", an object with the model and, where it is said, its attribute. */
static void
read_references(SdAttributeRow *attribute, const SdPart *part)
{
	static const char *const known[] = {"model", "key"};
	JsonbValue *value = sd_part_object(part, "references");
	SdPart		references;

	if (value == NULL)
		return;
	sd_read_part(&references, part->model, psprintf("%s: \"references\"", part->what), value);
	sd_check_members(&references, known, lengthof(known));
	attribute->references = sd_part_string(&references, "model");
	attribute->references_key = sd_part_name(&references, "key");
	if (attribute->references == NULL)
		sd_bad_part(&references, "has no \"model\"");
}

/* Reads the default: a value, or a function that the engine has. */
static void
read_default(SdAttributeRow *attribute, const SdPart *part)
{
	attribute->default_value = sd_part_value(part, "defaultValue");
	attribute->default_function = sd_part_string(part, "defaultFunction");
	if (attribute->default_function == NULL)
		return;
	if (strcmp(attribute->default_function, "NOW") != 0 &&
		strcmp(attribute->default_function, "UUIDV4") != 0)
		sd_bad_part(part, "has a \"defaultFunction\" that is not NOW or UUIDV4");
	if (attribute->default_value != NULL)
		sd_bad_part(part, "has two defaults");
}

/* Reads the validators as far as their names; model/rules.c knows what they take. */
static void
read_validate(SdAttributeRow *attribute, const SdPart *part)
{
	JsonbValue *elements;
	int			n;

	attribute->validate = sd_part_value(part, "validate");
	if (attribute->validate == NULL)
		return;
	if (!sd_is_array(attribute->validate))
		sd_bad_row(part->model, psprintf("%s: the validators are not an array.", part->what));
	elements = sd_elements(attribute->validate, &n);
	for (int i = 0; i < n; i++)
	{
		SdPart		rule = {part->model, part->what};

		if (!sd_is_object(&elements[i]))
			sd_bad_row(part->model, psprintf("%s: a validator is not an object.", part->what));
		rule.object = elements[i].val.binary.data;
		if (sd_part_string(&rule, "name") == NULL)
			sd_bad_row(part->model, psprintf("%s: a validator has no \"name\".", part->what));
	}
}

/* Reads what a computed attribute has. */
static void
read_computed(SdAttributeRow *attribute, const SdPart *part, bool is_virtual)
{
	JsonbValue *params = sd_part_array(part, "params");

	attribute->as = sd_part_object(part, "as");
	attribute->shown = sd_part_flag(part, "default", false);
	if (attribute->as == NULL ? params != NULL || attribute->shown
		: !is_virtual || attribute->validate != NULL || !attribute->allow_null)
		sd_bad_part(part, attribute->as == NULL ? "has \"params\" or \"default\" and no \"as\""
					: "has \"as\" and is not VIRTUAL, or validated");
	if (params != NULL)
	{
		int			n;
		JsonbValue *names = sd_elements(params, &n);

		for (int i = 0; i < n; i++)
		{
			if (names[i].type != jbvString)
				sd_bad_part(part, "has a member of \"params\" that is no name");
			attribute->params = lappend(attribute->params,
										pnstrdup(names[i].val.string.val,
												 names[i].val.string.len));
		}
	}
}

/*
 * Whether a declared type is VIRTUAL.  Raises 55000 for one that means it and says it
 * otherwise, as VIRTUAL(TEXT), which define() leaves to no row.
 */
static bool
is_virtual_type(const SdPart *part, const char *type)
{
	const char *word = type + strspn(type, " ");

	if (strcmp(type, "VIRTUAL") == 0)
		return true;
	if (strncmp(word, "VIRTUAL", 7) == 0 && strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 7)
		sd_bad_part(part, "has a \"type\" that is VIRTUAL with something beside it");
	return false;
}

/* Reads an element of the column "attributes", in a place that is zeroed. */
static void
read_attribute(SdAttributeRow *attribute, const char *model, const JsonbValue *value)
{
	static const char *const known[] = {
		"name", "type", "field", "allowNull", "primaryKey", "autoIncrement", "defaultValue",
		"defaultFunction", "unique", "uniqueMessage", "index", "comment", "references", "onDelete",
		"onUpdate", "validate", "hidden", "readOnly", "as", "params", "default"
	};
	SdPart		part;
	bool		is_virtual;

	Assert(attribute->name == NULL && attribute->params == NIL);
	sd_read_part(&part, model, "An attribute", value);
	attribute->json = *value;
	attribute->name = sd_part_name(&part, "name");
	if (attribute->name == NULL)
		sd_bad_part(&part, "has no \"name\"");
	part.what = psprintf("Attribute \"%s\"", attribute->name);
	sd_check_members(&part, known, lengthof(known));
	attribute->type = sd_part_string(&part, "type");
	if (attribute->type == NULL)
		sd_bad_part(&part, "has no \"type\"");
	attribute->field = sd_part_name(&part, "field");
	is_virtual = is_virtual_type(&part, attribute->type);
	if (is_virtual != (attribute->field == NULL))
		sd_bad_part(&part, is_virtual ? "is VIRTUAL and has a \"field\"" : "has no \"field\"");
	attribute->allow_null = sd_part_flag(&part, "allowNull", true);
	attribute->primary_key = sd_part_flag(&part, "primaryKey", false);
	attribute->auto_increment = sd_part_flag(&part, "autoIncrement", false);
	if (is_virtual && (attribute->primary_key || attribute->auto_increment))
		sd_bad_part(&part, "is VIRTUAL and a key");
	attribute->hidden = sd_part_flag(&part, "hidden", false);
	attribute->read_only = sd_part_flag(&part, "readOnly", false);
	read_default(attribute, &part);
	attribute->unique = sd_part_shared(&part, "unique", &attribute->unique_name);
	attribute->unique_message = sd_part_string(&part, "uniqueMessage");
	attribute->indexed = sd_part_shared(&part, "index", &attribute->index_name);
	attribute->comment = sd_part_string(&part, "comment");
	read_references(attribute, &part);
	attribute->on_delete = sd_part_action(&part, "onDelete");
	attribute->on_update = sd_part_action(&part, "onUpdate");
	read_validate(attribute, &part);
	read_computed(attribute, &part, is_virtual);
	Assert(attribute->as == NULL || attribute->field == NULL);
}

/* An attribute has a name of its own and, where it is kept in a column, a column of its own. */
static void
check_unlike_others(const SdModelRow *row, const SdAttributeRow *attribute)
{
	Assert(attribute == &row->attributes[row->nattributes]);
	for (int i = 0; i < row->nattributes; i++)
	{
		const SdAttributeRow *other = &row->attributes[i];

		if (strcmp(other->name, attribute->name) == 0)
			sd_bad_row(row->name, psprintf("Attribute \"%s\" occurs twice.", attribute->name));
		if (other->field != NULL && attribute->field != NULL &&
			strcmp(other->field, attribute->field) == 0)
			sd_bad_row(row->name, psprintf("Attributes \"%s\" and \"%s\" are kept in one column.",
										   other->name, attribute->name));
	}
}

/* Reads the column "attributes". */
static void
read_attributes(SdModelRow *row, const JsonbValue *value)
{
	JsonbValue *elements;
	int			n;
	int			nkeys = 0;

	if (!sd_is_array(value) || sd_array_length(value) == 0)
		sd_bad_row(row->name, "Column \"attributes\" is no array of objects.");
	if (sd_array_length(value) > MaxTupleAttributeNumber)
		sd_bad_row(row->name, psprintf("It has more than %d attributes.", MaxTupleAttributeNumber));
	elements = sd_elements(value, &n);
	row->attributes = palloc0(sizeof(SdAttributeRow) * n);
	for (int i = 0; i < n; i++)
	{
		SdAttributeRow *attribute = &row->attributes[i];

		CHECK_FOR_INTERRUPTS();
		read_attribute(attribute, row->name, &elements[i]);
		check_unlike_others(row, attribute);
		nkeys += attribute->primary_key;
		row->nattributes++;
	}
	Assert(row->nattributes == n);
	if (nkeys > INDEX_MAX_KEYS)
		sd_bad_row(row->name, psprintf("The primary key has more than %d attributes.", INDEX_MAX_KEYS));
	pfree(elements);
}

/* The attribute, kept in a column, that an option names; or NULL. */
static const SdAttributeRow *
kept_attribute(const SdModelRow *row, const SdPart *options, const char *option)
{
	char	   *name = sd_part_string(options, option);
	const SdAttributeRow *attribute;

	if (name == NULL)
		return NULL;
	attribute = sd_row_attribute(row, name);
	if (attribute == NULL || attribute->field == NULL)
		sd_bad_row(row->name, psprintf("Option \"%s\" names no attribute with a column.",
									   option));
	pfree(name);
	return attribute;
}

/* Reads the validators of the whole model. */
static void
read_checks(SdModelRow *row, const SdPart *options)
{
	static const char *const known[] = {"where", "msg"};
	JsonbValue *validate = sd_part_object(options, "validate");
	JsonbIterator *it;
	JsonbValue	key;
	JsonbValue	value;

	if (validate == NULL)
		return;
	row->checks = palloc0(sizeof(SdCheck) * Max(sd_array_length(validate), 1));
	it = JsonbIteratorInit(validate->val.binary.data);
	(void) JsonbIteratorNext(&it, &key, true);
	while (JsonbIteratorNext(&it, &key, true) == WJB_KEY)
	{
		SdCheck    *check = &row->checks[row->nchecks++];
		SdPart		part;

		CHECK_FOR_INTERRUPTS();
		(void) JsonbIteratorNext(&it, &value, true);
		check->name = sd_string(&key);
		sd_read_part(&part, row->name, psprintf("Validator \"%s\"", check->name), &value);
		sd_check_members(&part, known, lengthof(known));
		check->message = sd_part_string(&part, "msg");
		check->where = sd_part_condition(&part, "where");
		if (check->where == NULL)
			sd_bad_part(&part, "has no \"where\"");
	}
}

/* Reads an element of an index's "fields": a name, or an object with it. */
static SdIndexPart *
read_index_part(const SdModelRow *row, char *what, const JsonbValue *value)
{
	static const char *const known[] = {"attribute", "order", "operator", "collate"};
	SdIndexPart *column = palloc0(sizeof(SdIndexPart));
	char	   *name;
	char	   *order = NULL;

	if (value->type == jbvString)
		name = sd_string(value);
	else
	{
		SdPart		part;

		sd_read_part(&part, row->name, psprintf("%s: an element of \"fields\"", what), value);
		sd_check_members(&part, known, lengthof(known));
		name = sd_part_string(&part, "attribute");
		order = sd_part_string(&part, "order");
		column->operator_class = sd_part_name(&part, "operator");
		column->collation = sd_part_name(&part, "collate");
	}
	if (order != NULL && pg_strcasecmp(order, "ASC") != 0 && pg_strcasecmp(order, "DESC") != 0)
		sd_bad_row(row->name, psprintf("%s: \"order\" is not ASC or DESC.", what));
	column->descending = order != NULL && pg_strcasecmp(order, "DESC") == 0;
	column->attribute = name != NULL ? sd_row_attribute(row, name) : NULL;
	if (column->attribute == NULL || column->attribute->field == NULL)
		sd_bad_row(row->name, psprintf("%s is over \"%s\", which is no attribute that is kept in a column.",
									   what, name != NULL ? name : ""));
	return column;
}

/* Reads an element of the option "indexes". */
static SdIndexRow *
read_index(const SdModelRow *row, const JsonbValue *value)
{
	static const char *const known[] = {
		"name", "fields", "unique", "nullsNotDistinct", "using", "where"
	};
	SdIndexRow *index = palloc0(sizeof(SdIndexRow));
	SdPart		part;
	JsonbValue *fields;
	JsonbValue *elements;
	int			n;

	sd_read_part(&part, row->name, "An index", value);
	sd_check_members(&part, known, lengthof(known));
	index->name = sd_part_name(&part, "name");
	if (index->name != NULL)
		part.what = psprintf("Index \"%s\"", index->name);
	index->method = sd_part_name(&part, "using");
	index->unique = sd_part_flag(&part, "unique", false);
	index->nulls_not_distinct = sd_part_flag(&part, "nullsNotDistinct", false);
	if (index->nulls_not_distinct && !index->unique)
		sd_bad_part(&part, "is \"nullsNotDistinct\" and not \"unique\"");
	index->where = sd_part_condition(&part, "where");
	fields = sd_part_array(&part, "fields");
	if (fields == NULL || sd_array_length(fields) == 0)
		sd_bad_part(&part, "has no \"fields\"");
	if (sd_array_length(fields) > INDEX_MAX_KEYS)
		sd_bad_part(&part, psprintf("has more than %d \"fields\"", INDEX_MAX_KEYS));
	elements = sd_elements(fields, &n);
	for (int i = 0; i < n; i++)
		index->parts = lappend(index->parts, read_index_part(row, part.what, &elements[i]));
	return index;
}

static void
read_indexes(SdModelRow *row, const SdPart *options)
{
	JsonbValue *indexes = sd_part_array(options, "indexes");
	JsonbValue *elements;
	int			n;

	if (indexes == NULL)
		return;
	elements = sd_elements(indexes, &n);
	for (int i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		row->indexes = lappend(row->indexes, read_index(row, &elements[i]));
	}
}

/* Reads the column "options". */
static void
read_options(SdModelRow *row)
{
	static const char *const known[] = {
		"underscored", "timestamps", "freezeTableName", "paranoid", "createdAt", "updatedAt",
		"deletedAt", "version", "indexes", "defaultScope", "scopes", "validate", "comment",
		"expose", "builtin", "primaryKey"
	};
	SdPart		options;
	char	   *ignored;

	sd_read_part(&options, row->name, "Column \"options\"", &row->options);
	options.what = NULL;
	sd_check_members(&options, known, lengthof(known));
	row->underscored = sd_part_flag(&options, "underscored", true);
	row->timestamps = sd_part_flag(&options, "timestamps", true);
	row->paranoid = sd_part_flag(&options, "paranoid", false);
	row->builtin = sd_part_flag(&options, "builtin", false);
	(void) sd_part_flag(&options, "freezeTableName", false);
	(void) sd_part_flag(&options, "primaryKey", true);
	(void) sd_part_shared(&options, "expose", &ignored);
	row->comment = sd_part_string(&options, "comment");
	row->created_at = kept_attribute(row, &options, "createdAt");
	row->updated_at = kept_attribute(row, &options, "updatedAt");
	row->deleted_at = kept_attribute(row, &options, "deletedAt");
	row->version = kept_attribute(row, &options, "version");
	if (row->paranoid && row->deleted_at == NULL)
		sd_bad_row(row->name, "Option \"deletedAt\" of a paranoid model names no attribute with a column.");
	row->default_scope = sd_part_object(&options, "defaultScope");
	row->scopes = sd_part_object(&options, "scopes");
	read_checks(row, &options);
	read_indexes(row, &options);
}

/* Reads the current row of a scan, in the current context. */
static SdModelRow *
read_row(const SdCatalogScan *scan)
{
	SdModelRow *row = palloc0(sizeof(SdModelRow));
	JsonbValue	attributes;
	Datum		exposed;

	Assert(HeapTupleIsValid(scan->tuple));
	row->changed_by = HeapTupleHeaderGetXmin(scan->tuple->t_data);
	row->name = sd_catalog_text(scan, MODEL_NAME);
	if (row->name == NULL)
		sd_bad_row("", "Column \"name\" is null.");
	row->singular = name_column(scan, MODEL_SINGULAR, row->name);
	row->plural = name_column(scan, MODEL_PLURAL, row->name);
	row->schema = name_column(scan, MODEL_SCHEMA_NAME, row->name);
	row->table = name_column(scan, MODEL_TABLE_NAME, row->name);
	row->exposed = sd_catalog_value(scan, MODEL_EXPOSED, &exposed) && DatumGetBool(exposed);
	attributes = json_column(scan, MODEL_ATTRIBUTES, row->name);
	row->options = json_column(scan, MODEL_OPTIONS, row->name);
	read_attributes(row, &attributes);
	read_options(row);
	return row;
}

/*
 * The row of the model called name as a snapshot has it, InvalidSnapshot for the
 * newest, from the catalog with that OID; NULL where there is none.  Raises
 * 55000 for one that is not valid.
 */
SdModelRow *
sd_read_model_row(Oid catalog, Snapshot snapshot, const char *name)
{
	SdCatalogScan scan;
	SdModelRow *row;

	Assert(name != NULL);
	sd_catalog_scan(&scan, catalog, snapshot, name, NULL);
	row = sd_catalog_next(&scan) ? read_row(&scan) : NULL;
	sd_catalog_end(&scan);
	return row;
}

/* The row of a model, or NULL; raises 55000 for one that is not valid. */
SdModelRow *
sd_find_model_row(const char *name)
{
	return sd_read_model_row(sd_catalog_table("model"), InvalidSnapshot, name);
}

/* Whether there is a model of that name, valid or not. */
bool
sd_model_exists(const char *name)
{
	SdCatalogScan scan;
	bool		exists;

	Assert(name != NULL);
	sd_catalog_scan(&scan, sd_catalog_table("model"), InvalidSnapshot, name, NULL);
	exists = sd_catalog_next(&scan);
	sd_catalog_end(&scan);
	return exists;
}

static int
compare_rows(const ListCell *a, const ListCell *b)
{
	return strcmp(((const SdModelRow *) lfirst(a))->name, ((const SdModelRow *) lfirst(b))->name);
}

/* The rows of all models, by name; raises 55000 for one that is not valid. */
List *
sd_all_model_rows(void)
{
	SdCatalogScan scan;
	List	   *rows = NIL;

	sd_catalog_scan(&scan, sd_catalog_table("model"), InvalidSnapshot, NULL, NULL);
	while (sd_catalog_next(&scan))
		rows = lappend(rows, read_row(&scan));
	sd_catalog_end(&scan);
	list_sort(rows, compare_rows);
	return rows;
}

/* The names of all models, valid or not, as strings in no order. */
List *
sd_model_names(void)
{
	SdCatalogScan scan;
	List	   *names = NIL;
	char	   *name;

	sd_catalog_scan(&scan, sd_catalog_table("model"), InvalidSnapshot, NULL, NULL);
	while (sd_catalog_next(&scan))
	{
		if ((name = sd_catalog_text(&scan, MODEL_NAME)) != NULL)
			names = lappend(names, name);
	}
	sd_catalog_end(&scan);
	return names;
}

/* The first model by name that is over a table (not quoted), but for the one called name, or NULL. */
char *
sd_model_over(const char *schema, const char *table, const char *name)
{
	SdCatalogScan scan;
	char	   *found = NULL;

	Assert(schema != NULL && table != NULL && name != NULL);
	sd_catalog_scan(&scan, sd_catalog_table("model"), InvalidSnapshot, NULL, NULL);
	while (sd_catalog_next(&scan))
	{
		char	   *model;

		if (!sd_catalog_is(&scan, MODEL_TABLE_NAME, table) ||
			!sd_catalog_is(&scan, MODEL_SCHEMA_NAME, schema) ||
			sd_catalog_is(&scan, MODEL_NAME, name))
			continue;
		model = sd_catalog_text(&scan, MODEL_NAME);
		if (found == NULL || strcmp(model, found) < 0)
			found = model;
	}
	sd_catalog_end(&scan);
	return found;
}

/* The model whose name differs from name only in the case of ASCII letters, or NULL. */
const char *
sd_other_case(const char *name)
{
	ListCell   *cell;

	foreach(cell, sd_model_names())
	{
		if (pg_strcasecmp(lfirst(cell), name) == 0 && strcmp(lfirst(cell), name) != 0)
			return lfirst(cell);
	}
	return NULL;
}

/* The attribute called name, or NULL. */
const SdAttributeRow *
sd_row_attribute(const SdModelRow *row, const char *name)
{
	for (int i = 0; i < row->nattributes; i++)
	{
		if (strcmp(row->attributes[i].name, name) == 0)
			return &row->attributes[i];
	}
	return NULL;
}

/* The names of the primary key's attributes, in declared order. */
List *
sd_row_keys(const SdModelRow *row)
{
	List	   *keys = NIL;

	for (int i = 0; i < row->nattributes; i++)
	{
		if (row->attributes[i].primary_key)
			keys = lappend(keys, row->attributes[i].name);
	}
	return keys;
}

/* The columns of attributes, or NIL when one of them has none. */
List *
sd_row_fields(const SdModelRow *row, List *names)
{
	List	   *fields = NIL;
	ListCell   *cell;

	foreach(cell, names)
	{
		const SdAttributeRow *attribute = sd_row_attribute(row, lfirst(cell));

		if (attribute == NULL || attribute->field == NULL)
			return NIL;
		fields = lappend(fields, attribute->field);
	}
	return fields;
}

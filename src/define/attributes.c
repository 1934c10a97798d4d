/*-------------------------------------------------------------------------
 * define/attributes.c
 *		Reads the attributes of a definition.
 *
 * They come as json, not jsonb: the order of the attributes is that of the
 * keys in every record, and the order of an attribute's validators is that in
 * which they run.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "catalog/heap.h"
#include "catalog/pg_type.h"
#include "define/computed_attribute.h"
#include "define/definition_value.h"
#include "define/default.h"
#include "define/definition.h"
#include "define/numbers.h"
#include "execute/command.h"
#include "model/inflection.h"
#include "model/rules.h"
#include "miscadmin.h"
#include "utils/builtins.h"

static const SdPath root = {.key = "attributes", .len = 10};

static void
read_allow_null(void *target, const JsonbValue *value, const SdPath *path)
{
	SdAttributeDef *attr = target;

	attr->not_null = !sd_read_flag(value, path);
}

static void
read_primary_key(void *target, const JsonbValue *value, const SdPath *path)
{
	SdAttributeDef *attr = target;

	attr->primary_key = sd_read_flag(value, path);
}

static void
read_auto_increment(void *target, const JsonbValue *value, const SdPath *path)
{
	SdAttributeDef *attr = target;

	attr->auto_increment = sd_read_flag(value, path);
}

static void
read_default_value(void *target, const JsonbValue *value, const SdPath *path)
{
	SdAttributeDef *attr = target;
	const char *function;

	if (value->type == jbvNull)
		return;
	attr->has_default = true;
	function = sd_default_function(attr, value);
	if (function != NULL)
		sd_add_string(&attr->more, "defaultFunction", function);
	else
	{
		sd_check_default(attr, value, path);
		sd_add_member(&attr->more, "defaultValue", sd_json_text(value));
	}
}

/* true, or the name of a constraint or an index that several attributes share. */
static const char *
read_shared(SdAttributeDef *attr, const char *key, const JsonbValue *value, const SdPath *path)
{
	const char *name = NULL;

	if (value->type == jbvBool && value->val.boolean)
		sd_add_member(&attr->more, key, "true");
	else if (value->type != jbvBool)
	{
		name = sd_read_identifier(value, path, "true, false or a name");
		sd_add_string(&attr->more, key, name);
	}
	return name;
}

/* What read_shared() takes, or {"name":…,"msg":…}, both of which may be missing. */
static void
read_unique(void *target, const JsonbValue *value, const SdPath *path)
{
	SdAttributeDef *attr = target;
	JsonbValue	name = {.type = jbvBool};
	SdReader	reader;

	if (!sd_is_object(value))
	{
		attr->unique = read_shared(attr, "unique", value, path);
		return;
	}
	name.val.boolean = true;
	sd_read(&reader, value, path);
	while (sd_next_member(&reader))
	{
		if (sd_key_is(&reader, "name"))
			name = reader.value;
		else if (sd_key_is(&reader, "msg"))
			sd_add_string(&attr->more, "uniqueMessage",
						  sd_read_string(&reader.value, &reader.path, "a message"));
		else
			sd_bad_shape(&reader.path, "only \"name\" and \"msg\"");
	}
	attr->unique = read_shared(attr, "unique", &name, path);
}

static void
read_index(void *target, const JsonbValue *value, const SdPath *path)
{
	SdAttributeDef *attr = target;

	attr->index = read_shared(attr, "index", value, path);
}

static void
read_field(void *target, const JsonbValue *value, const SdPath *path)
{
	SdAttributeDef *attr = target;

	attr->field = sd_read_identifier(value, path, "the name of a column");
}

static void
read_comment(void *target, const JsonbValue *value, const SdPath *path)
{
	SdAttributeDef *attr = target;

	sd_add_string(&attr->more, "comment", sd_read_string(value, path, "a string"));
}

static void
read_referenced_model(void *target, const JsonbValue *value, const SdPath *path)
{
	sd_add_string(target, "model", sd_read_name(value, path, "the name of a model"));
}

static void
read_referenced_key(void *target, const JsonbValue *value, const SdPath *path)
{
	sd_add_string(target, "key", sd_read_name(value, path, "the name of an attribute"));
}

/* "User", or {"model":"User","key":"id"}; the model may be defined later. */
static void
read_references(void *target, const JsonbValue *value, const SdPath *path)
{
	static const SdDefinable known[] = {
		{"model", read_referenced_model},
		{"key", read_referenced_key}
	};
	SdAttributeDef *attr = target;
	StringInfoData json;
	JsonbValue	model;

	initStringInfo(&json);
	if (value->type == jbvString)
		read_referenced_model(&json, value, path);
	else
	{
		if (!sd_is_object(value) ||
			getKeyJsonValueFromContainer(value->val.binary.data, "model", 5, &model) == NULL)
			sd_bad_shape(path, "the name of a model, or an object with \"model\" and \"key\"");
		sd_read_definables(&json, value, path, known, lengthof(known));
	}
	appendStringInfoChar(&json, '}');
	sd_add_member(&attr->more, "references", json.data);
	attr->references = true;
}

static void
read_on_delete(void *target, const JsonbValue *value, const SdPath *path)
{
	SdAttributeDef *attr = target;

	attr->on_delete = sd_read_action(value, path);
}

static void
read_on_update(void *target, const JsonbValue *value, const SdPath *path)
{
	SdAttributeDef *attr = target;

	attr->on_update = sd_read_action(value, path);
}

/* Adds an option that is true or false; false is the same as nothing. */
static void
add_flag(SdAttributeDef *attr, const char *key, const JsonbValue *value, const SdPath *path)
{
	if (sd_read_flag(value, path))
		sd_add_member(&attr->more, key, "true");
}

static void
read_hidden(void *target, const JsonbValue *value, const SdPath *path)
{
	add_flag(target, "hidden", value, path);
}

static void
read_read_only(void *target, const JsonbValue *value, const SdPath *path)
{
	add_flag(target, "readOnly", value, path);
}

static void
read_validate(void *target, const JsonbValue *value, const SdPath *path)
{
	SdAttributeDef *attr = target;
	char	   *rules;
	JsonbValue	array;

	if (!sd_is_object(value))
		sd_bad_shape(path, "an object of validators");
	rules = sd_normalize_rules(value, attr->validators);
	sd_root(DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(rules))), &array);
	sd_check_rules(&array, sd_path_text(path));
	sd_add_member(&attr->more, "validate", rules);
	attr->needs_value = getKeyJsonValueFromContainer(value->val.binary.data, "notNull", 7,
													 NULL) != NULL;
}

/* Its value has been read before the others, which depend on it. */
static void
read_type_again(void *target, const JsonbValue *value, const SdPath *path)
{
}

/* Reads the declared type, a string. */
static void
read_type(SdAttributeDef *attr, const JsonbValue *value, const SdPath *path)
{
	const char *problem;
	const char *hint;
	char	   *declared = sd_read_string(value, path, "a type, such as \"STRING\"");

	attr->type = sd_type_parse(declared, &problem, &hint);
	if (attr->type == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("%s: type \"%s\": %s", sd_path_text(path),
						sd_clip(declared, strlen(declared)), problem),
				 hint != NULL ? errhint("%s", hint) : 0));
}

/* Raises 22023 for options that contradict each other or the type. */
static void
check_attribute(const SdAttributeDef *attr, const SdPath *path)
{
	const char *wrong = NULL;

	if (attr->type->kind == SD_TYPE_VIRTUAL)
	{
		if (attr->primary_key || attr->auto_increment || attr->references)
			wrong = "a VIRTUAL attribute has no column, and can be no key";
		else if (attr->field != NULL)
			wrong = "a VIRTUAL attribute has no column";
	}
	else if (attr->auto_increment)
	{
		if (attr->type->oid != INT2OID && attr->type->oid != INT4OID && attr->type->oid != INT8OID)
			wrong = "only SMALLINT, INTEGER and BIGINT count up by themselves";
		else if (attr->has_default)
			wrong = "an attribute with \"autoIncrement\" has no other default";
	}
	if (wrong == NULL && attr->needs_value && !attr->not_null)
		wrong = "validator \"notNull\" goes with \"allowNull\": false";
	if (wrong == NULL && !attr->references && (attr->on_delete != NULL || attr->on_update != NULL))
		wrong = "\"onDelete\" and \"onUpdate\" go with \"references\"";
	if (wrong == NULL && attr->not_null &&
		((attr->on_delete != NULL && strcmp(attr->on_delete, "SET NULL") == 0) ||
		 (attr->on_update != NULL && strcmp(attr->on_update, "SET NULL") == 0)))
		wrong = "SET NULL cannot go with \"allowNull\": false";
	if (wrong != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: %s", sd_path_text(path), wrong)));
}

/* Raises 42939 for a column that every table has already. */
static void
check_field(const SdAttributeDef *attr, const SdPath *path)
{
	if (attr->field != NULL && SystemAttributeByName(attr->field) != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_RESERVED_NAME),
				 errmsg("%s: column \"%s\" would be a system column", sd_path_text(path),
						attr->field),
				 errhint("Give another name with \"field\".")));
}

/* Reads the definition of one attribute: a type, or an object of options. */
static void
read_attribute(const SdDefinition *definition, SdAttributeDef *attr, const JsonbValue *value,
			   const SdPath *path)
{
	static const SdDefinable known[] = {
		{"type", read_type_again},
		{"allowNull", read_allow_null},
		{"defaultValue", read_default_value},
		{"unique", read_unique},
		{"primaryKey", read_primary_key},
		{"autoIncrement", read_auto_increment},
		{"field", read_field},
		{"comment", read_comment},
		{"references", read_references},
		{"onDelete", read_on_delete},
		{"onUpdate", read_on_update},
		{"validate", read_validate},
		{"index", read_index},
		{"hidden", read_hidden},
		{"readOnly", read_read_only},
		{"as", sd_read_as},
		{"params", sd_read_params},
		{"default", sd_read_shown}
	};

	initStringInfo(&attr->more);
	if (sd_is_object(value))
	{
		JsonbValue	type;
		SdPath		type_path = SD_KEY_STEP(path, "type", 4);

		if (getKeyJsonValueFromContainer(value->val.binary.data, "type", 4, &type) == NULL)
			sd_bad_shape(path, "a \"type\"");
		read_type(attr, &type, &type_path);
		sd_read_definables(attr, value, path, known, lengthof(known));
		check_attribute(attr, path);
		sd_check_computed(attr, value, path);
	}
	else if (value->type == jbvString)
		read_type(attr, value, path);
	else
		sd_bad_shape(path, "a type, or an object of options");

	Assert(attr->type != NULL);
	if (attr->field == NULL && attr->type->kind != SD_TYPE_VIRTUAL)
	{
		attr->field = definition->underscored ? sd_underscore(attr->name) : attr->name;
		sd_check_identifier(attr->field, path);
	}
	check_field(attr, path);
}

/* Raises 42701 for a name that an attribute has, in whatever case, or a column that one is kept in. */
static void
check_unique(const SdDefinition *definition, const SdAttributeDef *attr, const SdPath *path)
{
	ListCell   *cell;

	foreach(cell, definition->attributes)
	{
		const SdAttributeDef *other = lfirst(cell);

		if (strcmp(other->name, attr->name) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_COLUMN),
					 errmsg("%s: the attribute is given twice", sd_path_text(path))));
		if (pg_strcasecmp(other->name, attr->name) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_COLUMN),
					 errmsg("%s: attribute \"%s\" differs from it only in case",
							sd_path_text(path), other->name)));
		if (attr->field != NULL && other->field != NULL && strcmp(other->field, attr->field) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_COLUMN),
					 errmsg("%s: attribute \"%s\" is kept in column \"%s\", too",
							sd_path_text(path), other->name, attr->field),
					 errhint("Give one of them another column with \"field\".")));
	}
}

static int
compare_keys(const ListCell *a, const ListCell *b)
{
	return strcmp(lfirst(a), lfirst(b));
}

/* Raises 22023 for a key that an object has twice; an object may have any number. */
static void
check_twice(List *keys, const SdPath *path)
{
	List	   *sorted = list_copy(keys);
	const char *before = NULL;
	ListCell   *cell;

	list_sort(sorted, compare_keys);
	foreach(cell, sorted)
	{
		if (before != NULL && strcmp(before, lfirst(cell)) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s: \"%s\" occurs twice", sd_path_text(path), before)));
		before = lfirst(cell);
	}
	list_free(sorted);
}

/* Adds an attribute that the caller did not give; one of that name stays as it is. */
static SdAttributeDef *
add_implicit(SdDefinition *definition, const char *name, const char *type, bool first)
{
	SdAttributeDef *attr;
	const char *ignored;
	SdPath		path;

	if (name == NULL || sd_definition_attribute(definition, name, strlen(name)) != NULL)
		return NULL;
	path = SD_KEY_STEP(&root, name, strlen(name));
	attr = palloc0(sizeof(SdAttributeDef));
	attr->name = name;
	attr->type = sd_type_parse(type, &ignored, &ignored);
	Assert(attr->type != NULL);
	attr->field = definition->underscored ? sd_underscore(name) : name;
	sd_check_identifier(attr->field, &path);
	attr->not_null = true;
	initStringInfo(&attr->more);
	check_field(attr, &path);
	check_unique(definition, attr, &path);
	if (first)
		definition->attributes = lcons(attr, definition->attributes);
	else
		definition->attributes = lappend(definition->attributes, attr);
	return attr;
}

/* Adds what every model has: a primary key, and what the engine keeps. */
static void
add_implicit_attributes(SdDefinition *definition)
{
	bool		has_key = false;
	ListCell   *cell;
	SdAttributeDef *attr;

	foreach(cell, definition->attributes)
		has_key |= ((SdAttributeDef *) lfirst(cell))->primary_key;
	if (has_key && definition->no_key)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("primaryKey: expected true, since an attribute is the primary key")));
	if (!has_key && !definition->no_key)
	{
		attr = add_implicit(definition, "id", "INTEGER", true);
		if (attr == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("attributes.id: it is not the primary key, and no other attribute is"),
					 errhint("Give it \"primaryKey\": true.")));
		attr->primary_key = true;
		attr->auto_increment = true;
	}
	(void) add_implicit(definition, definition->created_at, "DATE", false);
	(void) add_implicit(definition, definition->updated_at, "DATE", false);
	attr = add_implicit(definition, definition->deleted_at, "DATE", false);
	if (attr != NULL)
		attr->not_null = false;
	attr = add_implicit(definition, definition->version, "INTEGER", false);
	if (attr != NULL)
		sd_add_member(&attr->more, "defaultValue", "0");
}

/* Raises 22023 when more than one attribute counts up by itself. */
static void
check_auto_increment(const SdDefinition *definition)
{
	const SdAttributeDef *first = NULL;
	ListCell   *cell;

	foreach(cell, definition->attributes)
	{
		const SdAttributeDef *attr = lfirst(cell);

		if (!attr->auto_increment)
			continue;
		if (first != NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("attributes.%s.autoIncrement: attribute \"%s\" has it already",
							attr->name, first->name)));
		first = attr;
	}
}

/*
 * Reads the attributes, a json value, into the definition, and adds those that
 * are implied.
 *
 * Raises, with the path: 22023 for a wrong shape, option or value, 42701 for
 * names and columns that collide, 42704 for an unknown type, 42602, 42622 and
 * 42939 for names that will not do, 54011 for too many, 54000 for too many in one
 * key, and what a type raises for a default that does not convert.
 */
void
sd_read_attributes(SdDefinition *definition, Datum attributes)
{
	SdArg		arg = sd_arg(JSONOID, attributes);
	SdRows	   *rows;

	rows = sd_query("SELECT pg_catalog.json_typeof($1)", &arg, 1, InvalidSnapshot);
	if (strcmp(sd_rows_text(rows, 0, 0), "object") != 0)
		sd_bad_shape(&root, "an object of attributes");

	rows = sd_query("SELECT a.key, a.value::pg_catalog.jsonb,"
					" CASE WHEN pg_catalog.json_typeof(a.value) OPERATOR(pg_catalog.=) 'object' THEN"
					" ARRAY(SELECT o.key FROM pg_catalog.json_each(a.value) AS o) END,"
					" CASE WHEN pg_catalog.json_typeof(v.value) OPERATOR(pg_catalog.=) 'object' THEN"
					" ARRAY(SELECT o.key FROM pg_catalog.json_each(v.value) AS o) END"
					" FROM pg_catalog.json_each($1) WITH ORDINALITY AS a (key, value, n),"
					" LATERAL (SELECT CASE WHEN pg_catalog.json_typeof(a.value) OPERATOR(pg_catalog.=) 'object' THEN"
					" a.value OPERATOR(pg_catalog.->) 'validate'::pg_catalog.text END) AS v (value)"
					" ORDER BY a.n",
					&arg, 1, InvalidSnapshot);
	Assert(rows->ncols == 4);
	for (int row = 0; row < rows->nrows; row++)
	{
		SdAttributeDef *attr = palloc0(sizeof(SdAttributeDef));
		JsonbValue	value;
		SdPath		path;
		SdPath		validate_path;

		CHECK_FOR_INTERRUPTS();
		attr->name = sd_rows_text(rows, row, 0);
		path = SD_KEY_STEP(&root, attr->name, strlen(attr->name));
		validate_path = SD_KEY_STEP(&path, "validate", 8);
		sd_check_name(attr->name, &path);
		check_twice(sd_rows_list(rows, row, 2), &path);
		attr->validators = sd_rows_list(rows, row, 3);
		check_twice(attr->validators, &validate_path);
		sd_root(DatumGetJsonbP(SD_VALUE(rows, row, 1)), &value);
		read_attribute(definition, attr, &value, &path);
		check_unique(definition, attr, &path);
		definition->attributes = lappend(definition->attributes, attr);
		sd_check_number(definition);
	}
	add_implicit_attributes(definition);
	if (definition->attributes == NIL)
		sd_bad_shape(&root, "at least one attribute");
	check_auto_increment(definition);
	sd_check_number(definition);
	sd_check_index_keys(definition);
}

/* The attribute called name (len bytes), or NULL. */
const SdAttributeDef *
sd_definition_attribute(const SdDefinition *definition, const char *name, int len)
{
	ListCell   *cell;

	foreach(cell, definition->attributes)
	{
		const SdAttributeDef *attr = lfirst(cell);

		if (strlen(attr->name) == len && memcmp(attr->name, name, len) == 0)
			return attr;
	}
	return NULL;
}

/* The attributes in normalized form, a JSON array. */
char *
sd_attributes_json(const SdDefinition *definition)
{
	StringInfoData array;
	ListCell   *cell;

	initStringInfo(&array);
	foreach(cell, definition->attributes)
	{
		const SdAttributeDef *attr = lfirst(cell);
		StringInfoData object;

		initStringInfo(&object);
		sd_add_string(&object, "name", attr->name);
		Assert((attr->field == NULL) == (attr->type->kind == SD_TYPE_VIRTUAL));
		sd_add_string(&object, "type", attr->type->declared);
		sd_add_string(&object, "field", attr->field);
		if (attr->not_null)
			sd_add_member(&object, "allowNull", "false");
		if (attr->primary_key)
			sd_add_member(&object, "primaryKey", "true");
		if (attr->auto_increment)
			sd_add_member(&object, "autoIncrement", "true");
		sd_add_string(&object, "onDelete", attr->on_delete);
		sd_add_string(&object, "onUpdate", attr->on_update);
		if (attr->more.len > 0)
			appendStringInfo(&object, ",%s", attr->more.data + 1);
		appendStringInfo(&array, "%s%s}", array.len == 0 ? "[" : ",", object.data);
	}
	appendStringInfoChar(&array, ']');
	return array.data;
}

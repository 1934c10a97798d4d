/*-------------------------------------------------------------------------
 * define/model_options.c
 *		Reads the options of a model's definition.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "define/definition_value.h"
#include "define/definition.h"
#include "define/numbers.h"
#include "define/predicate.h"
#include "migrate/extension.h"
#include "model/inflection.h"
#include "model/types.h"
#include "parse/scopes.h"
#include "utils/lsyscache.h"

static void
read_table_name(void *target, const JsonbValue *value, const SdPath *path)
{
	((SdDefinition *) target)->table = sd_read_identifier(value, path, "the name of a table");
}

static void
read_schema(void *target, const JsonbValue *value, const SdPath *path)
{
	((SdDefinition *) target)->schema = sd_read_identifier(value, path, "the name of a schema");
}

static void
read_singular(void *target, const JsonbValue *value, const SdPath *path)
{
	((SdDefinition *) target)->singular = sd_read_name(value, path, "a name");
}

static void
read_plural(void *target, const JsonbValue *value, const SdPath *path)
{
	((SdDefinition *) target)->plural = sd_read_name(value, path, "a name");
}

static void
read_name(void *target, const JsonbValue *value, const SdPath *path)
{
	static const SdDefinable known[] = {
		{"singular", read_singular},
		{"plural", read_plural}
	};

	sd_read_definables(target, value, path, known, lengthof(known));
}

static void
read_timestamps(void *target, const JsonbValue *value, const SdPath *path)
{
	((SdDefinition *) target)->timestamps = sd_read_flag(value, path);
}

static void
read_underscored(void *target, const JsonbValue *value, const SdPath *path)
{
	((SdDefinition *) target)->underscored = sd_read_flag(value, path);
}

static void
read_freeze_table_name(void *target, const JsonbValue *value, const SdPath *path)
{
	((SdDefinition *) target)->freeze_table_name = sd_read_flag(value, path);
}

static void
read_paranoid(void *target, const JsonbValue *value, const SdPath *path)
{
	((SdDefinition *) target)->paranoid = sd_read_flag(value, path);
}

/* The name of an attribute that the engine keeps; true is the usual name, false none. */
static const char *
read_kept(const JsonbValue *value, const SdPath *path, const char *usual)
{
	if (value->type == jbvBool)
		return value->val.boolean ? usual : NULL;
	return sd_read_name(value, path, "true, false or the name of an attribute");
}

static void
read_created_at(void *target, const JsonbValue *value, const SdPath *path)
{
	((SdDefinition *) target)->created_at = read_kept(value, path, "createdAt");
}

static void
read_updated_at(void *target, const JsonbValue *value, const SdPath *path)
{
	((SdDefinition *) target)->updated_at = read_kept(value, path, "updatedAt");
}

static void
read_deleted_at(void *target, const JsonbValue *value, const SdPath *path)
{
	((SdDefinition *) target)->deleted_at = read_kept(value, path, "deletedAt");
}

static void
read_version(void *target, const JsonbValue *value, const SdPath *path)
{
	((SdDefinition *) target)->version = read_kept(value, path, "version");
}

static void
read_comment(void *target, const JsonbValue *value, const SdPath *path)
{
	((SdDefinition *) target)->comment = sd_read_string(value, path, "a string");
}

/* true for the target schema, or the name of a schema */
static void
read_expose(void *target, const JsonbValue *value, const SdPath *path)
{
	SdDefinition *definition = target;

	if (value->type == jbvBool)
		definition->expose = value->val.boolean ? "" : NULL;
	else
		definition->expose = sd_read_identifier(value, path,
												"true, false or the name of a schema");
}

/* A copy of a value that is looked at when the attributes are known; its path is its key. */
static JsonbValue *
keep(const JsonbValue *value)
{
	JsonbValue *copy = palloc(sizeof(JsonbValue));

	*copy = *value;
	return copy;
}

static void
read_indexes(void *target, const JsonbValue *value, const SdPath *path)
{
	((SdDefinition *) target)->indexes = keep(value);
}

/* Raises 22023 for a {"$param": name} whose name is none. */
static void
check_params(const JsonbValue *value, const SdPath *path)
{
	SdReader	reader;

	sd_check_depth(path);
	if (sd_is_array(value))
	{
		sd_read(&reader, value, path);
		while (sd_next_element(&reader))
			check_params(&reader.value, &reader.path);
	}
	else if (sd_is_object(value))
	{
		sd_read(&reader, value, path);
		while (sd_next_member(&reader))
		{
			if (!sd_key_is(&reader, "$param"))
				check_params(&reader.value, &reader.path);
			else if (reader.value.type != jbvString)
				sd_bad_shape(&reader.path, "the name of a parameter, of the scope or of the call");
		}
	}
}

/* Checks the shape of one scope; what its options say is looked at when it is called. */
static void
check_scope(const JsonbValue *scope, bool takes_params, const SdPath *path)
{
	JsonbValue	params;
	SdReader	reader;

	if (!sd_is_object(scope))
		sd_bad_shape(path, "an object of options");
	if (getKeyJsonValueFromContainer(scope->val.binary.data, "params", 6, &params) != NULL)
	{
		SdPath		params_path = SD_KEY_STEP(path, "params", 6);

		if (!takes_params)
			sd_bad_shape(&params_path, "none: a default scope takes no arguments");
		if (!sd_is_array(&params))
			sd_bad_shape(&params_path, "an array of names");
		sd_read(&reader, &params, &params_path);
		while (sd_next_element(&reader))
			(void) sd_read_name(&reader.value, &reader.path, "a name");
	}
	sd_read(&reader, scope, path);
	while (sd_next_member(&reader))
	{
		sd_check_member(&reader, sd_scope_options, sd_nscope_options);
		if (!sd_key_is(&reader, "params"))
			check_params(&reader.value, &reader.path);
	}
}

/* false: a table or view without one, as of a log */
static void
read_primary_key(void *target, const JsonbValue *value, const SdPath *path)
{
	((SdDefinition *) target)->no_key = !sd_read_flag(value, path);
}

static void
read_default_scope(void *target, const JsonbValue *value, const SdPath *path)
{
	check_scope(value, false, path);
	((SdDefinition *) target)->default_scope = keep(value);
}

static void
read_scopes(void *target, const JsonbValue *value, const SdPath *path)
{
	SdReader	reader;

	if (!sd_is_object(value))
		sd_bad_shape(path, "an object of scopes");
	sd_read(&reader, value, path);
	while (sd_next_member(&reader))
	{
		sd_check_name(sd_string(&reader.key), &reader.path);
		check_scope(&reader.value, true, &reader.path);
	}
	((SdDefinition *) target)->scopes = keep(value);
}

/* {"endsAfterStart":{"where":{…},"msg":"…"}} */
static void
read_validate(void *target, const JsonbValue *value, const SdPath *path)
{
	static const char *const known[] = {"where", "msg"};
	SdReader	reader;

	if (!sd_is_object(value))
		sd_bad_shape(path, "an object of conditions");
	sd_read(&reader, value, path);
	while (sd_next_member(&reader))
	{
		JsonbValue	where;
		SdReader	members;

		if (!sd_is_object(&reader.value) ||
			getKeyJsonValueFromContainer(reader.value.val.binary.data, "where", 5, &where) == NULL)
			sd_bad_shape(&reader.path, "an object with \"where\", and with \"msg\" if wanted");
		sd_read(&members, &reader.value, &reader.path);
		while (sd_next_member(&members))
		{
			sd_check_member(&members, known, lengthof(known));
			if (sd_key_is(&members, "msg"))
				(void) sd_read_string(&members.value, &members.path, "a string");
			else if (!sd_is_object(&members.value) && !sd_is_array(&members.value))
				sd_bad_shape(&members.path, "an object of conditions");
		}
	}
	((SdDefinition *) target)->validate = keep(value);
}

/* Raises 22023 for names that do not tell apart what they have to. */
static void
check_kept_names(const SdDefinition *definition)
{
	const char *kept[] = {
		definition->created_at, definition->updated_at, definition->deleted_at,
		definition->version
	};

	for (int i = 0; i < lengthof(kept); i++)
	{
		for (int j = 0; j < i; j++)
		{
			if (kept[i] != NULL && kept[j] != NULL && strcmp(kept[i], kept[j]) == 0)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("options: \"createdAt\", \"updatedAt\", \"deletedAt\" and \"version\" need an attribute each, but two of them are \"%s\"",
								kept[i])));
		}
	}
}

/* The plural of a name; where that would be too long for PostgreSQL, the name itself. */
static char *
plural_of(const char *name)
{
	char	   *plural = sd_pluralize(name);

	return strlen(plural) < NAMEDATALEN ? plural : pstrdup(name);
}

/* Gives names to what the caller gave none. */
static void
set_names(SdDefinition *definition)
{
	static const SdPath table_path = {.key = "tableName", .len = 9};
	static const SdPath name_path = {.key = "name", .len = 4};

	if (definition->table == NULL)
	{
		if (definition->freeze_table_name)
			definition->table = definition->name;
		else if (definition->underscored)
			definition->table = sd_underscore(plural_of(definition->name));
		else
			definition->table = plural_of(definition->name);
		sd_check_identifier(definition->table, &table_path);
	}
	if (definition->schema == NULL)
		definition->schema = sd_extension()->schema_name;
	if (definition->singular == NULL)
		definition->singular = sd_singularize(definition->name);
	if (definition->plural == NULL)
	{
		definition->plural = plural_of(definition->name);
		sd_check_identifier(definition->plural, &name_path);
	}
}

/*
 * Reads the options of the model called name; NULL are none.
 *
 * Raises, with the path: 22023 for a wrong option, shape or value, 42602 and
 * 42622 for names that will not do.
 */
SdDefinition *
sd_read_model_options(const char *name, Jsonb *options)
{
	static const SdDefinable known[] = {
		{"tableName", read_table_name},
		{"schema", read_schema},
		{"name", read_name},
		{"timestamps", read_timestamps},
		{"createdAt", read_created_at},
		{"updatedAt", read_updated_at},
		{"deletedAt", read_deleted_at},
		{"underscored", read_underscored},
		{"freezeTableName", read_freeze_table_name},
		{"paranoid", read_paranoid},
		{"primaryKey", read_primary_key},
		{"version", read_version},
		{"indexes", read_indexes},
		{"defaultScope", read_default_scope},
		{"scopes", read_scopes},
		{"validate", read_validate},
		{"comment", read_comment},
		{"expose", read_expose}
	};
	static const SdPath paranoid_path = {.key = "paranoid", .len = 8};
	SdDefinition *definition = palloc0(sizeof(SdDefinition));

	definition->name = name;
	definition->underscored = true;
	definition->timestamps = true;
	definition->created_at = "createdAt";
	definition->updated_at = "updatedAt";
	definition->deleted_at = "deletedAt";
	if (options != NULL)
	{
		JsonbValue	root;

		sd_root(options, &root);
		sd_read_definables(definition, &root, NULL, known, lengthof(known));
	}

	if (!definition->timestamps)
		definition->created_at = definition->updated_at = NULL;
	if (!definition->paranoid)
		definition->deleted_at = NULL;
	else if (!definition->timestamps || definition->deleted_at == NULL)
		sd_bad_shape(&paranoid_path, "false, or \"timestamps\" and \"deletedAt\": it says when a row was deleted");
	check_kept_names(definition);
	Assert(!definition->paranoid || definition->deleted_at != NULL);
	set_names(definition);
	return definition;
}

/* One column of an index: the name of an attribute, or an object with it. */
static void
check_index_field(const SdDefinition *definition, const JsonbValue *value, const SdPath *path)
{
	static const char *const known[] = {"attribute", "order", "operator", "collate"};
	JsonbValue	name = *value;
	const SdAttributeDef *attr;

	if (sd_is_object(value))
	{
		SdReader	reader;

		if (getKeyJsonValueFromContainer(value->val.binary.data, "attribute", 9, &name) == NULL)
			sd_bad_shape(path, "an \"attribute\"");
		sd_read(&reader, value, path);
		while (sd_next_member(&reader))
		{
			char	   *text;

			sd_check_member(&reader, known, lengthof(known));
			text = sd_read_identifier(&reader.value, &reader.path, "a string");
			if (sd_key_is(&reader, "order") && pg_strcasecmp(text, "ASC") != 0 &&
				pg_strcasecmp(text, "DESC") != 0)
				sd_bad_shape(&reader.path, "ASC or DESC");
		}
	}
	if (name.type != jbvString)
		sd_bad_shape(path, "the name of an attribute, or an object with \"attribute\"");
	attr = sd_definition_attribute(definition, name.val.string.val, name.val.string.len);
	if (attr == NULL || attr->field == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("%s: model \"%s\" has no attribute \"%s\" that is kept in a column",
						sd_path_text(path), definition->name,
						sd_clip(name.val.string.val, name.val.string.len))));
}

static bool
find_column(const void *source, const char *attribute, SdPredicateColumn *subject)
{
	const SdAttributeDef *attr = sd_definition_attribute(source, attribute, strlen(attribute));

	if (attr == NULL || attr->field == NULL)
		return false;
	subject->column = attr->field;
	subject->type = attr->type->oid;
	subject->labels = attr->type->dimensions == 0 ? attr->type->labels : NIL;
	return true;
}

/* The SQL is made anew when it is needed; here it matters that it can be. */
static void
check_index_where(const SdDefinition *definition, const JsonbValue *where, const SdPath *path)
{
	SdPredicate predicate = {definition->name, find_column, definition, NIL};

	if (!sd_is_object(where) && !sd_is_array(where))
		sd_bad_shape(path, "an object of conditions");
	(void) sd_predicate_sql(&predicate, where, path);
}

static void
check_index(const SdDefinition *definition, const JsonbValue *value, const SdPath *path)
{
	static const char *const known[] = {
		"name", "fields", "unique", "nullsNotDistinct", "using", "where"
	};
	bool		has_fields = false;
	bool		unique = false;
	bool		nulls_not_distinct = false;
	SdReader	reader;
	SdReader	fields;

	if (!sd_is_object(value))
		sd_bad_shape(path, "an object with \"fields\"");
	sd_read(&reader, value, path);
	while (sd_next_member(&reader))
	{
		sd_check_member(&reader, known, lengthof(known));
		if (sd_key_is(&reader, "unique"))
			unique = sd_read_flag(&reader.value, &reader.path);
		else if (sd_key_is(&reader, "nullsNotDistinct"))
			nulls_not_distinct = sd_read_flag(&reader.value, &reader.path);
		else if (sd_key_is(&reader, "where"))
			check_index_where(definition, &reader.value, &reader.path);
		else if (!sd_key_is(&reader, "fields"))
			(void) sd_read_identifier(&reader.value, &reader.path, "a name");
		else
		{
			if (!sd_is_array(&reader.value) || sd_array_length(&reader.value) == 0)
				sd_bad_shape(&reader.path, "an array of attributes");
			if (sd_array_length(&reader.value) > INDEX_MAX_KEYS)
				sd_too_many_keys(&reader.path);
			has_fields = true;
			sd_read(&fields, &reader.value, &reader.path);
			while (sd_next_element(&fields))
				check_index_field(definition, &fields.value, &fields.path);
		}
	}
	if (!has_fields)
		sd_bad_shape(path, "\"fields\"");
	if (nulls_not_distinct && !unique)
		sd_bad_shape(path, "\"unique\" beside \"nullsNotDistinct\"");
}

/* Whether an engine's counter, or a time of it, can stand in a column of that type, as far as that is known. */
static bool
can_keep(Oid type, bool counter)
{
	Oid			base = OidIsValid(type) ? getBaseType(type) : InvalidOid;

	if (counter)
		return base == INT2OID || base == INT4OID || base == INT8OID;
	return !OidIsValid(base) || sd_holds_times(base);
}

/* Raises 22023: what an option says that the engine keeps cannot stand in an attribute. */
static pg_attribute_noreturn() void
cannot_keep(const SdAttributeDef *attr, const char *option, const SdPath *path)
{
	bool		counter = strcmp(option, "version") == 0;
	const char *type = counter ? "INTEGER" : "DATE";

	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s: expected an attribute that holds %s, and \"%s\" is of type %s",
					sd_path_text(path), counter ? "integers" : "times", attr->name,
					attr->type->declared),
			 strcmp(option, "deletedAt") == 0
			 ? errhint("Give it the type %s, or name another attribute in the option.", type)
			 : errhint("Say \"%s\": false in the options, and it is an attribute like any other; or give it the type %s.",
					   option, type)));
}

/* Raises 22023 when what the engine keeps is to stand in an attribute that cannot hold it. */
static void
check_kept(const SdDefinition *definition)
{
	const struct
	{
		const char *option;
		const char *name;
	}			kept[] = {
		{"createdAt", definition->created_at},
		{"updatedAt", definition->updated_at},
		{"deletedAt", definition->deleted_at},
		{"version", definition->version}
	};

	for (int i = 0; i < lengthof(kept); i++)
	{
		const SdAttributeDef *attr = kept[i].name == NULL ? NULL
			: sd_definition_attribute(definition, kept[i].name, strlen(kept[i].name));
		SdPath		path = SD_KEY_STEP(NULL, kept[i].option, strlen(kept[i].option));

		if (attr != NULL && attr->field == NULL)
			sd_bad_shape(&path, "an attribute that is kept in a column, and not a VIRTUAL one");
		if (attr != NULL && !can_keep(attr->type->oid, strcmp(kept[i].option, "version") == 0))
			cannot_keep(attr, kept[i].option, &path);
	}
}

/*
 * Checks the options that name attributes, which are known now.  Raises 22023
 * for a wrong shape, 42703 for an unknown attribute and 0A000 for the condition
 * of an index that DDL cannot say, with the path.
 */
void
sd_check_model_options(const SdDefinition *definition)
{
	static const SdPath path = {.key = "indexes", .len = 7};
	SdReader	reader;

	check_kept(definition);
	if (definition->indexes == NULL)
		return;
	if (!sd_is_array(definition->indexes))
		sd_bad_shape(&path, "an array of indexes");
	sd_read(&reader, definition->indexes, &path);
	while (sd_next_element(&reader))
		check_index(definition, &reader.value, &reader.path);
}

static void
add_value(StringInfo object, const char *key, const JsonbValue *value)
{
	if (value != NULL)
		sd_add_member(object, key, sd_json_text(value));
}

/* The options in normalized form, a JSON object. */
char *
sd_model_options_json(const SdDefinition *definition)
{
	StringInfoData object;

	initStringInfo(&object);
	sd_add_member(&object, "underscored", definition->underscored ? "true" : "false");
	sd_add_member(&object, "timestamps", definition->timestamps ? "true" : "false");
	if (definition->freeze_table_name)
		sd_add_member(&object, "freezeTableName", "true");
	if (definition->paranoid)
		sd_add_member(&object, "paranoid", "true");
	if (definition->no_key)
		sd_add_member(&object, "primaryKey", "false");
	sd_add_string(&object, "createdAt", definition->created_at);
	sd_add_string(&object, "updatedAt", definition->updated_at);
	sd_add_string(&object, "deletedAt", definition->deleted_at);
	sd_add_string(&object, "version", definition->version);
	add_value(&object, "indexes", definition->indexes);
	add_value(&object, "defaultScope", definition->default_scope);
	add_value(&object, "scopes", definition->scopes);
	add_value(&object, "validate", definition->validate);
	sd_add_string(&object, "comment", definition->comment);
	if (definition->expose != NULL && *definition->expose == '\0')
		sd_add_member(&object, "expose", "true");
	else
		sd_add_string(&object, "expose", definition->expose);
	appendStringInfoChar(&object, '}');
	return object.data;
}

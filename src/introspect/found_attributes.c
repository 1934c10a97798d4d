/*-------------------------------------------------------------------------
 * introspect/found_attributes.c
 *		Attributes and options of a model for a table that exists.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "define/definition_value.h"
#include "define/literal.h"
#include "execute/command.h"
#include "introspect/found_model.h"
#include "json/object_text.h"
#include "model/inflection.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

/* types that define calls otherwise than PostgreSQL does, without modifiers */
static const struct
{
	Oid			type;
	const char *name;
}			plain_names[] = {
	{INT2OID, "SMALLINT"}, {INT4OID, "INTEGER"}, {INT8OID, "BIGINT"}, {FLOAT4OID, "REAL"},
	{FLOAT8OID, "DOUBLE"}, {NUMERICOID, "DECIMAL"}, {BOOLOID, "BOOLEAN"}, {TEXTOID, "TEXT"},
	{TIMESTAMPTZOID, "DATE"}, {DATEOID, "DATEONLY"}, {TIMEOID, "TIME"}, {INTERVALOID, "INTERVAL"},
	{UUIDOID, "UUID"}, {JSONOID, "JSON"}, {JSONBOID, "JSONB"}, {BYTEAOID, "BLOB"},
	{INETOID, "INET"}, {CIDROID, "CIDR"}, {MACADDROID, "MACADDR"}, {TSVECTOROID, "TSVECTOR"},
	{INT4RANGEOID, "RANGE(INTEGER)"}, {INT8RANGEOID, "RANGE(BIGINT)"},
	{NUMRANGEOID, "RANGE(DECIMAL)"}, {TSTZRANGEOID, "RANGE(DATE)"}, {DATERANGEOID, "RANGE(DATEONLY)"}
};

/* The values of an enum as define takes them. */
static char *
enum_words(const SdEnumType *type)
{
	StringInfoData words;
	ListCell   *cell;

	initStringInfo(&words);
	foreach(cell, type->labels)
		appendStringInfo(&words, "%s%s", words.len > 0 ? "," : "", quote_literal_cstr(lfirst(cell)));
	return psprintf(type->array ? "ARRAY(ENUM(%s))" : "ENUM(%s)", words.data);
}

/* A type as define might call it; what comes of it has to be looked at. */
static char *
type_words(Oid type, int32 typmod)
{
	Oid			element = get_element_type(type);
	char	   *words;

	if (OidIsValid(element))
		return psprintf("ARRAY(%s)", type_words(element, typmod));
	for (int i = 0; i < lengthof(plain_names) && typmod < 0; i++)
	{
		if (plain_names[i].type == type)
			return pstrdup(plain_names[i].name);
	}
	if (typmod >= (int32) VARHDRSZ && type == VARCHAROID)
		return psprintf("STRING(%d)", typmod - (int32) VARHDRSZ);
	if (typmod >= (int32) VARHDRSZ && type == BPCHAROID)
		return psprintf("CHAR(%d)", typmod - (int32) VARHDRSZ);
	if (typmod >= 0 && type == TIMESTAMPTZOID)
		return psprintf("DATE(%d)", typmod);
	words = format_type_extended(type, typmod, FORMAT_TYPE_TYPEMOD_GIVEN | FORMAT_TYPE_FORCE_QUALIFY);
	if (type == NUMERICOID && strncmp(words, "numeric(", 8) == 0)
		return psprintf("DECIMAL%s", words + 7);
	return words;
}

/* The type of a column as define has to be given it, or NULL where it cannot be. */
static SdType *
declared_type(const SdColumn *column)
{
	const char *problem;
	const char *hint;
	SdType	   *type;

	if (column->labels != NULL && !column->labels->shared)
		return sd_type_parse(enum_words(column->labels), &problem, &hint);
	type = sd_type_parse(type_words(column->type_oid, column->typmod), &problem, &hint);
	if (type == NULL || type->kind != SD_TYPE_PLAIN || type->oid != column->type_oid ||
		type->typmod != column->typmod)
		return NULL;
	return type;
}

/* Whether a text is a number in JSON. */
static bool
is_json_number(const char *text)
{
	const char *p = *text == '-' ? text + 1 : text;
	size_t		digits = strspn(p, "0123456789");

	if (digits == 0 || (digits > 1 && *p == '0'))
		return false;
	p += digits;
	if (*p == '.')
	{
		digits = strspn(p + 1, "0123456789");
		if (digits == 0)
			return false;
		p += digits + 1;
	}
	return *p == '\0';
}

/* Whether a text goes into a type as it comes out of it, when it is a JSON string. */
static bool
is_text_type(Oid type)
{
	char		category;
	bool		preferred;

	get_type_category_preferred(type, &category, &preferred);
	switch (category)
	{
		case TYPCATEGORY_STRING:
		case TYPCATEGORY_DATETIME:
		case TYPCATEGORY_TIMESPAN:
		case TYPCATEGORY_NETWORK:
			return true;
		default:
			return type == UUIDOID;
	}
}

/* A time as it stands in JSON: 2026-01-02 03:04:05+00 is 2026-01-02T03:04:05Z. */
static const char *
iso_text(const char *text)
{
	char	   *iso = pstrdup(text);
	size_t		length = strlen(iso);

	if (length > 10 && iso[4] == '-' && iso[10] == ' ')
		iso[10] = 'T';
	if (length > 3 && strcmp(iso + length - 3, "+00") == 0)
		strcpy(iso + length - 3, "Z");
	return iso;
}

/* A text without the blanks that char(n) fills it up with. */
static const char *
unpadded(const char *text)
{
	int			length = strlen(text);

	while (length > 0 && text[length - 1] == ' ')
		length--;
	return pnstrdup(text, length);
}

/* A default's value as JSON, or NULL where a model cannot be given it. */
static char *
default_json(const SdColumn *column, const SdType *type)
{
	Oid			base = OidIsValid(type->oid) ? getBaseType(type->oid) : TEXTOID;
	const char *text = column->default_value;
	char		category;
	bool		preferred;

	Assert(text != NULL);
	/* define would ask the domain whether it is one of its values: with functions of users, and it need not be */
	if (sd_DomainHasConstraints(column->type_oid, NULL))
		return NULL;
	if (type->kind == SD_TYPE_ENUM)
		return type->dimensions > 0 ? NULL : pstrdup(sd_json_name(text));
	get_type_category_preferred(base, &category, &preferred);
	if (base == BOOLOID)
		return pstrdup(*text == 't' ? "true" : "false");
	if (category == TYPCATEGORY_NUMERIC)
		return is_json_number(text) ? pstrdup(text) : NULL;
	if (base == JSONOID || base == JSONBOID)
		return strcmp(text, "null") != 0 ? pstrdup(text) : NULL;
	if (get_typtype(base) == TYPTYPE_ENUM)
		return pstrdup(sd_json_name(text));
	if (strcmp(text, "NOW") == 0 || strcmp(text, "UUIDV4") == 0)
		return NULL;
	if (base == TIMESTAMPTZOID || base == TIMESTAMPOID)
		text = iso_text(text);
	if (base == BPCHAROID)
		text = unpadded(text);
	if (is_text_type(base))
		return pstrdup(sd_json_name(text));
	if (category == TYPCATEGORY_ARRAY && strcmp(text, "{}") == 0)
		return pstrdup("[]");
	return NULL;
}

/* Whether a default is one that define has a name for. */
static const char *
default_function(const SdColumn *column)
{
	if (column->defaults_to != SD_DEFAULTS_TO_FUNCTION)
		return NULL;
	if (column->type_oid == UUIDOID && strcmp(column->default_sql, "gen_random_uuid()") == 0)
		return "UUIDV4";
	if ((column->type_oid == TIMESTAMPTZOID || column->type_oid == TIMESTAMPOID) &&
		(strcmp(column->default_sql, "now()") == 0 ||
		 strcmp(column->default_sql, "CURRENT_TIMESTAMP") == 0))
		return "NOW";
	if (column->type_oid == DATEOID && strcmp(column->default_sql, "CURRENT_DATE") == 0)
		return "NOW";
	return NULL;
}

/* Adds a column's default; whether the model says it. */
static bool
add_default(SdFoundModel *model, StringInfo object, const SdColumn *column, const SdType *type)
{
	const char *function = default_function(column);
	char	   *json;

	if (column->default_sql == NULL || column->generated || column->counting != SD_COUNTS_NOT)
		return false;
	if (function != NULL)
	{
		sd_add_string(object, "defaultValue", function);
		return true;
	}
	json = column->defaults_to == SD_DEFAULTS_TO_VALUE ? default_json(column, type) : NULL;
	if (json == NULL)
	{
		sd_note(model, "column \"%s\": its default %s is left to the table", column->name,
				column->default_sql);
		return false;
	}
	sd_add_member(object, "defaultValue", json);
	return true;
}

/* The columns of the primary key, where each of them is an attribute, so that the model has it; else NIL. */
static List *
said_key(const SdFoundModel *model)
{
	List	   *columns = sd_primary_columns(model->table);

	return sd_attributes_of(model, columns) != NIL ? columns : NIL;
}

/* Whether another column counts, which a model says only once. */
static bool
counts_already(const SdTable *table, const SdColumn *column)
{
	ListCell   *cell;

	foreach(cell, table->columns)
	{
		const SdColumn *other = lfirst(cell);

		if (other == column)
			return false;
		if (other->counting != SD_COUNTS_NOT)
			return true;
	}
	return false;
}

/* The validators of the CHECK constraints of a column, as the members of an object. */
static char *
validate_json(const SdFoundModel *model, const SdColumn *column)
{
	StringInfoData object;
	List	   *names = NIL;
	ListCell   *cell;
	ListCell   *rule;

	initStringInfo(&object);
	foreach(cell, model->table->indexes)
	{
		const SdIndex *check = lfirst(cell);
		AttrNumber	number;
		List	   *rules;

		if (check->expression == NULL || !sd_check_rule(check->expression, &number, &rules) ||
			number != column->number)
			continue;
		foreach(rule, rules)
		{
			char	   *name = pnstrdup(lfirst(rule), strcspn(lfirst(rule), ":"));

			/* two constraints that say the same kind of thing: the first is the validator's */
			if (sd_name_in(names, name))
				continue;
			names = lappend(names, name);
			appendStringInfo(&object, "%s%s", object.len > 0 ? "," : "", (char *) lfirst(rule));
		}
	}
	return object.len > 0 ? psprintf("{%s}", object.data) : NULL;
}

/* A name of those that an index shares, or "true" for one of its own. */
static void
add_index_member(StringInfo object, const char *option, List *indexes, const char *column)
{
	ListCell   *cell;

	foreach(cell, indexes)
	{
		const SdIndex *index = lfirst(cell);

		if (!sd_name_in(index->columns, column))
			continue;
		if (list_length(index->columns) == 1)
			sd_add_member(object, option, "true");
		else
			sd_add_string(object, option, index->name);
		return;
	}
}

/* Whether a column is one that the engine keeps a time in, as it would make it. */
static bool
is_kept_time(const SdIntrospection *look, const SdColumn *column, const char *name)
{
	return look->options.timestamps && column->type_oid == TIMESTAMPTZOID && !column->generated &&
		(strcmp(name, "createdAt") == 0 || strcmp(name, "updatedAt") == 0 ||
		 (strcmp(name, "deletedAt") == 0 && !column->not_null));
}

/* One attribute, or NULL where the column's type cannot be said. */
static char *
attribute_json(const SdIntrospection *look, SdFoundModel *model, SdColumn *column,
			   const char *name, List *unique, List *indexed)
{
	SdType	   *type = declared_type(column);
	bool		key = sd_name_in(said_key(model), column->name);
	bool		kept = is_kept_time(look, column, name);
	bool		filled;
	StringInfoData object;
	char	   *validate;

	if (type == NULL)
	{
		sd_note(model, "column \"%s\" is left out: its type %s cannot be declared", column->name,
				column->type);
		return NULL;
	}
	initStringInfo(&object);
	sd_add_string(&object, "type", kept && column->typmod == 3 ? "DATE" : type->declared);
	if (strcmp(sd_underscore(name), column->name) != 0)
		sd_add_string(&object, "field", column->name);
	if (key)
		sd_add_member(&object, "primaryKey", "true");
	if (column->counting != SD_COUNTS_NOT)
	{
		if (counts_already(model->table, column))
			sd_note(model, "column \"%s\": its identity or sequence is left to the table, since another attribute has \"autoIncrement\"",
					column->name);
		else
			sd_add_member(&object, "autoIncrement", "true");
	}
	/* the engine fills in what it keeps, and need not be given a function for it */
	filled = !kept && (column->generated || column->counting != SD_COUNTS_NOT ||
					   column->defaults_to != SD_DEFAULTS_TO_NOTHING);
	if (!kept || column->defaults_to != SD_DEFAULTS_TO_FUNCTION)
		(void) add_default(model, &object, column, type);
	if (column->not_null && !key && !filled)
		sd_add_member(&object, "allowNull", "false");
	if (column->generated)
	{
		sd_add_member(&object, "readOnly", "true");
		sd_note(model, "column \"%s\" is generated: it is read only", column->name);
	}
	add_index_member(&object, "unique", unique, column->name);
	add_index_member(&object, "index", indexed, column->name);
	validate = validate_json(model, column);
	if (validate != NULL)
		sd_add_member(&object, "validate", validate);
	sd_add_string(&object, "comment", column->comment);
	appendStringInfoChar(&object, '}');
	return object.data;
}

/* Notes the CHECK and EXCLUDE constraints that no validator says. */
static void
note_constraints(SdFoundModel *model)
{
	ListCell   *cell;

	foreach(cell, model->table->indexes)
	{
		const SdIndex *check = lfirst(cell);
		AttrNumber	number;
		List	   *rules;

		if (!check->constraint || !check->foreign || *check->method != '\0')
			continue;
		if (check->expression == NULL || !sd_check_rule(check->expression, &number, &rules))
			sd_note(model, "constraint \"%s\" is left to the table: %s", check->name,
					check->definition);
	}
}

/* The attribute of a column whose name and type fit what the engine keeps in it; or NULL. */
static const char *
kept_attribute(const SdFoundModel *model, const char *name, bool time, bool not_null)
{
	ListCell   *cell;
	ListCell   *column;

	forboth(cell, model->attribute_names, column, model->table->columns)
	{
		const SdColumn *found = lfirst(column);
		bool		fits = time
			? found->type_oid == TIMESTAMPTZOID || found->type_oid == TIMESTAMPOID
			: found->type_oid == INT2OID || found->type_oid == INT4OID || found->type_oid == INT8OID;

		if (lfirst(cell) != NULL && strcmp(lfirst(cell), name) == 0 && fits && !found->generated &&
			found->not_null == not_null)
			return name;
	}
	return NULL;
}

/* The attribute of a column that the engine keeps the time in, whether it may be null or not. */
static const char *
time_attribute(const SdFoundModel *model, const char *name)
{
	const char *found = kept_attribute(model, name, true, true);

	return found != NULL ? found : kept_attribute(model, name, true, false);
}

/* What the engine is to keep, by the names of columns. */
static void
add_timestamps(const SdIntrospection *look, SdFoundModel *model, StringInfo options)
{
	bool		wanted = look->options.timestamps &&
		(model->kind == RELKIND_RELATION || model->kind == RELKIND_PARTITIONED_TABLE);
	const char *created = wanted ? time_attribute(model, "createdAt") : NULL;
	const char *updated = wanted ? time_attribute(model, "updatedAt") : NULL;
	const char *deleted = wanted ? kept_attribute(model, "deletedAt", true, false) : NULL;
	const char *version = wanted ? kept_attribute(model, "version", false, true) : NULL;

	if (wanted && version == NULL)
		version = kept_attribute(model, "lockVersion", false, true);
	if (created == NULL && updated == NULL && deleted == NULL)
		sd_add_member(options, "timestamps", "false");
	else
	{
		if (created == NULL)
			sd_add_member(options, "createdAt", "false");
		else
			sd_note(model, "\"createdAt\" is kept by studentdir, by its name");
		if (updated == NULL)
			sd_add_member(options, "updatedAt", "false");
		else
			sd_note(model, "\"updatedAt\" is kept by studentdir, by its name");
		if (deleted != NULL)
		{
			sd_add_member(options, "paranoid", "true");
			sd_note(model, "\"deletedAt\" marks deleted rows, by its name: they are left out unless {\"paranoid\": false}");
		}
	}
	if (version != NULL)
	{
		sd_add_string(options, "version", version);
		sd_note(model, "\"%s\" is the version that each update counts up, by its name", version);
	}
}

static void
add_options(const SdIntrospection *look, SdFoundModel *model, const char *indexes)
{
	const SdTable *table = model->table;
	const char *singular;
	const char *plural;
	StringInfoData options;
	bool		has_key = said_key(model) != NIL;

	initStringInfo(&options);
	if (strcmp(sd_underscore(sd_pluralize(model->name)), table->name) != 0)
		sd_add_string(&options, "tableName", table->name);
	if (strcmp(table->schema, look->target_schema) != 0)
		sd_add_string(&options, "schema", table->schema);
	if (sd_model_options_name(model, &singular, &plural))
	{
		StringInfoData name;

		initStringInfo(&name);
		sd_add_string(&name, "singular", singular);
		sd_add_string(&name, "plural", plural);
		appendStringInfoChar(&name, '}');
		sd_add_member(&options, "name", name.data);
		sd_note(model, "its plural is called \"%s\", since it is the same word as the singular", plural);
	}
	add_timestamps(look, model, &options);
	if (!has_key)
	{
		sd_add_member(&options, "primaryKey", "false");
		if (sd_primary_columns(table) != NIL)
			sd_note(model, "its primary key is left to the table, since not all of its columns are attributes: calls by key are refused");
		else if (model->kind == RELKIND_RELATION || model->kind == RELKIND_PARTITIONED_TABLE)
			sd_note(model, "it has no primary key: calls by key are refused");
	}
	if (indexes != NULL)
		sd_add_member(&options, "indexes", indexes);
	sd_add_string(&options, "comment", table->comment);
	appendStringInfoString(&options, options.len > 0 ? "}" : "{}");
	model->options = options.data;
}

static void
note_kind(SdFoundModel *model)
{
	if (model->kind == RELKIND_VIEW || model->kind == RELKIND_MATVIEW)
		sd_note(model, "%s: it is read only",
				model->kind == RELKIND_VIEW ? "a view" : "a materialized view");
	else if (model->kind == RELKIND_FOREIGN_TABLE)
		sd_note(model, "a foreign table: it is not compared with its model");
	else if (model->inherits)
		sd_note(model, "it inherits: its rows are found in the models of its parents, too");
}

/* The attribute that a column is kept in, in a model that is defined already; or NULL. */
static const char *
row_attribute(const SdModelRow *row, const char *column)
{
	for (int i = 0; i < row->nattributes; i++)
	{
		const SdAttributeRow *attribute = &row->attributes[i];

		if (attribute->field != NULL && strcmp(attribute->field, column) == 0)
			return attribute->name;
	}
	return NULL;
}

/*
 * Makes the attributes and options of a model.  Raises nothing for what cannot
 * be said: that is left out, or left to the table, and noted.
 */
void
sd_find_attributes(const SdIntrospection *look, SdFoundModel *model)
{
	StringInfoData attributes;
	List	   *unique = NIL;
	List	   *indexed = NIL;
	char	   *indexes;
	ListCell   *cell;

	Assert(model->name != NULL && model->attribute_names == NIL);
	note_kind(model);
	foreach(cell, model->table->columns)
	{
		SdColumn   *column = lfirst(cell);
		const char *name = sd_attribute_name(column->name, model->names);

		if (model->row != NULL)
			name = row_attribute(model->row, column->name);
		else if (declared_type(column) == NULL)
			name = NULL;
		if (name != NULL)
			model->names = lappend(model->names, unconstify(char *, name));
		model->attribute_names = lappend(model->attribute_names, unconstify(char *, name));
	}
	if (model->row != NULL)
	{
		/* those that are kept in no column, too */
		model->names = NIL;
		for (int i = 0; i < model->row->nattributes; i++)
			model->names = lappend(model->names, model->row->attributes[i].name);
		return;
	}
	indexes = sd_find_indexes(model, &unique, &indexed);
	initStringInfo(&attributes);
	foreach(cell, model->table->columns)
	{
		SdColumn   *column = lfirst(cell);
		const char *name = list_nth(model->attribute_names, foreach_current_index(cell));
		char	   *attribute = attribute_json(look, model, column, name != NULL ? name : "", unique,
											   indexed);

		Assert((attribute == NULL) == (name == NULL));
		if (attribute != NULL)
			sd_add_member(&attributes, name, attribute);
	}
	note_constraints(model);
	if (attributes.len == 0)
	{
		sd_note(model, "left out: it has no column that a model can have");
		model->name = NULL;
		return;
	}
	appendStringInfoChar(&attributes, '}');
	model->attributes = attributes.data;
	add_options(look, model, indexes);
}

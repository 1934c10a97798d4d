/*-------------------------------------------------------------------------
 * define/association.c
 *		Defines associations.
 *
 * A call defines one side.  Names that it does not give are made as Sequelize
 * makes them, and a foreign key that no attribute has is added to the model
 * that holds it, as Sequelize does.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "define/association.h"
#include "define/check.h"
#include "miscadmin.h"
#include "model/inflection.h"
#include "utils/builtins.h"
#include "utils/json.h"

/* the options of a call */
typedef struct AssociationOptions
{
	char	   *as;
	List	   *foreign_key;
	List	   *other_key;
	List	   *source_key;
	List	   *target_key;
	char	   *through;
	StringInfoData more;		/* what the normalized form's options hold */
} AssociationOptions;

#define SD_MAX_KEYS		32

static void
read_as(void *target, const JsonbValue *value, const SdPath *path)
{
	((AssociationOptions *) target)->as = sd_read_name(value, path, "a name");
}

/* The name of an attribute, or an array of several. */
static List *
read_key(const JsonbValue *value, const SdPath *path)
{
	List	   *key = NIL;
	SdReader	reader;

	if (!sd_is_array(value))
		return list_make1(sd_read_name(value, path, "the name of an attribute"));
	if (sd_array_length(value) == 0 || sd_array_length(value) > SD_MAX_KEYS)
		sd_bad_shape(path, "the name of an attribute, or an array of them");
	sd_read(&reader, value, path);
	while (sd_next_element(&reader))
		key = lappend(key, sd_read_name(&reader.value, &reader.path, "the name of an attribute"));
	return key;
}

static void
read_foreign_key_name(void *target, const JsonbValue *value, const SdPath *path)
{
	((AssociationOptions *) target)->foreign_key = read_key(value, path);
}

static void
read_allow_null(void *target, const JsonbValue *value, const SdPath *path)
{
	sd_add_member(&((AssociationOptions *) target)->more, "allowNull",
				  sd_read_flag(value, path) ? "true" : "false");
}

/* A name, several, or {"name":"userId","allowNull":false}. */
static void
read_foreign_key(void *target, const JsonbValue *value, const SdPath *path)
{
	static const SdDefinable known[] = {
		{"name", read_foreign_key_name},
		{"allowNull", read_allow_null}
	};

	if (sd_is_object(value))
		sd_read_definables(target, value, path, known, lengthof(known));
	else
		read_foreign_key_name(target, value, path);
}

static void
read_other_key(void *target, const JsonbValue *value, const SdPath *path)
{
	((AssociationOptions *) target)->other_key = read_key(value, path);
}

static void
read_source_key(void *target, const JsonbValue *value, const SdPath *path)
{
	((AssociationOptions *) target)->source_key = read_key(value, path);
}

static void
read_target_key(void *target, const JsonbValue *value, const SdPath *path)
{
	((AssociationOptions *) target)->target_key = read_key(value, path);
}

static void
read_through(void *target, const JsonbValue *value, const SdPath *path)
{
	((AssociationOptions *) target)->through = sd_read_name(value, path, "the name of a model");
}

static void
read_on_delete(void *target, const JsonbValue *value, const SdPath *path)
{
	sd_add_string(&((AssociationOptions *) target)->more, "onDelete", sd_read_action(value, path));
}

static void
read_on_update(void *target, const JsonbValue *value, const SdPath *path)
{
	sd_add_string(&((AssociationOptions *) target)->more, "onUpdate", sd_read_action(value, path));
}

static void
read_constraints(void *target, const JsonbValue *value, const SdPath *path)
{
	sd_add_member(&((AssociationOptions *) target)->more, "constraints",
				  sd_read_flag(value, path) ? "true" : "false");
}

static void
read_scope(void *target, const JsonbValue *value, const SdPath *path)
{
	if (!sd_is_object(value))
		sd_bad_shape(path, "an object of conditions");
	sd_add_member(&((AssociationOptions *) target)->more, "scope", sd_json_text(value));
}

static AssociationOptions *
read_options(const char *kind, Jsonb *options)
{
	static const SdDefinable of_has[] = {
		{"as", read_as},
		{"foreignKey", read_foreign_key},
		{"sourceKey", read_source_key},
		{"onDelete", read_on_delete},
		{"onUpdate", read_on_update},
		{"scope", read_scope},
		{"constraints", read_constraints}
	};
	static const SdDefinable of_belongs_to[] = {
		{"as", read_as},
		{"foreignKey", read_foreign_key},
		{"targetKey", read_target_key},
		{"onDelete", read_on_delete},
		{"onUpdate", read_on_update},
		{"scope", read_scope},
		{"constraints", read_constraints}
	};
	static const SdDefinable of_belongs_to_many[] = {
		{"as", read_as},
		{"through", read_through},
		{"foreignKey", read_foreign_key},
		{"otherKey", read_other_key},
		{"sourceKey", read_source_key},
		{"targetKey", read_target_key},
		{"onDelete", read_on_delete},
		{"onUpdate", read_on_update},
		{"scope", read_scope},
		{"constraints", read_constraints}
	};
	AssociationOptions *read = palloc0(sizeof(AssociationOptions));
	JsonbValue	root;

	initStringInfo(&read->more);
	if (options == NULL)
		return read;
	sd_root(options, &root);
	if (strcmp(kind, "belongs_to_many") == 0)
		sd_read_definables(read, &root, NULL, of_belongs_to_many, lengthof(of_belongs_to_many));
	else if (strcmp(kind, "belongs_to") == 0)
		sd_read_definables(read, &root, NULL, of_belongs_to, lengthof(of_belongs_to));
	else
		sd_read_definables(read, &root, NULL, of_has, lengthof(of_has));
	return read;
}

/*
 * The attributes that a row of a model is known by: those that the option
 * gives, which it has to have, or its primary key.
 */
static List *
referenced_key(const SdModelRow *model, List *given, const char *option)
{
	ListCell   *cell;
	JsonbValue	attribute;

	if (given == NIL)
	{
		given = sd_row_keys(model);
		if (given == NIL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("model \"%s\" has no primary key", model->name),
					 errhint("Name the attribute to associate by with \"%s\".", option)));
	}
	foreach(cell, given)
	{
		if (!sd_row_attribute(model, lfirst(cell), &attribute) ||
			sd_row_string(&attribute, "field") == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("%s: model \"%s\" has no attribute \"%s\" that is kept in a column",
							option, model->name, (char *) lfirst(cell))));
	}
	return given;
}

/*
 * The names of foreign keys that nobody gave: word and key joined, UserId.
 * Where the holder has the attribute with a small first letter, it is that.
 */
static List *
default_foreign_key(const SdModelRow *holder, const char *word, List *key)
{
	List	   *names = NIL;
	ListCell   *cell;

	foreach(cell, key)
	{
		char	   *name = sd_camelize(psprintf("%s_%s", word, (char *) lfirst(cell)));
		char	   *small = pstrdup(name);
		JsonbValue	ignored;

		small[0] = pg_ascii_tolower((unsigned char) small[0]);
		if (!sd_row_attribute(holder, name, &ignored) && sd_row_attribute(holder, small, &ignored))
			name = small;
		names = lappend(names, name);
	}
	return names;
}

/* Raises 22023 when keys that are matched are not of the same number. */
static void
check_lengths(List *foreign_key, List *key, const char *option)
{
	if (list_length(foreign_key) != list_length(key))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: the key that it refers to has %d attributes, but %d are given", option,
						list_length(key), list_length(foreign_key))));
}

/* What an association's foreign keys refer to: one side, or two for a join model. */
int
sd_association_sides(const SdAssociationRow *row, SdSide sides[2])
{
	if (strcmp(row->kind, "belongs_to_many") == 0)
	{
		sides[0] = (SdSide) {row->through, row->foreign_key, row->model, row->source_key};
		sides[1] = (SdSide) {row->through, row->other_key, row->target, row->target_key};
		return 2;
	}
	if (strcmp(row->kind, "belongs_to") == 0)
		sides[0] = (SdSide) {row->model, row->source_key, row->target, row->target_key};
	else
		sides[0] = (SdSide) {row->target, row->target_key, row->model, row->source_key};
	return 1;
}

/* What happens to a foreign key whose row is deleted when nobody says, as in Sequelize. */
const char *
sd_default_on_delete(const char *kind, bool allow_null)
{
	if (strcmp(kind, "belongs_to_many") == 0)
		return "CASCADE";
	if (allow_null)
		return "SET NULL";
	return strcmp(kind, "belongs_to") == 0 ? "NO ACTION" : "CASCADE";
}

/* Raises 42701 when another attribute of the model is kept in the column, or named almost so. */
static void
check_new_attribute(const SdModelRow *model, const char *name, const char *field)
{
	JsonbValue	root;
	SdReader	reader;

	sd_root(model->attributes, &root);
	sd_read(&reader, &root, NULL);
	while (sd_next_element(&reader))
	{
		char	   *other = sd_row_string(&reader.value, "name");
		char	   *other_field = sd_row_string(&reader.value, "field");

		if ((other_field != NULL && strcmp(other_field, field) == 0) ||
			(other != NULL && pg_strcasecmp(other, name) == 0))
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_COLUMN),
					 errmsg("foreign key \"%s\" of model \"%s\" would collide with attribute \"%s\"",
							name, model->name, other),
					 errhint("Name the attribute that is the foreign key with \"foreignKey\".")));
	}
}

/* Adds an attribute for a foreign key to the model that holds it. */
static void
add_foreign_key(const SdAssociationRow *row, const SdModelRow *holder, const char *name,
				const SdModelRow *referenced, const char *key, bool constraint)
{
	StringInfoData object;
	StringInfoData references;
	JsonbValue	options;
	JsonbValue	key_attribute;
	JsonbValue	holder_options;
	SdPath		path = SD_KEY_STEP(NULL, "foreignKey", 10);
	const char *field;
	const char *on_delete;
	const char *on_update;
	bool		allow_null;

	sd_root(DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(row->options))), &options);
	sd_root(holder->options, &holder_options);
	(void) sd_row_attribute(referenced, key, &key_attribute);
	sd_check_name(name, &path);
	field = sd_row_flag(&holder_options, "underscored", true) ? sd_underscore(name) : name;
	sd_check_identifier(field, &path);
	check_new_attribute(holder, name, field);

	allow_null = sd_row_flag(&options, "allowNull", true);
	on_delete = sd_row_string(&options, "onDelete");
	on_update = sd_row_string(&options, "onUpdate");
	initStringInfo(&object);
	sd_add_string(&object, "name", name);
	sd_add_string(&object, "type", sd_row_string(&key_attribute, "type"));
	sd_add_string(&object, "field", field);
	if (!allow_null)
		sd_add_member(&object, "allowNull", "false");
	if (constraint && sd_row_flag(&options, "constraints", true))
	{
		initStringInfo(&references);
		sd_add_string(&references, "model", referenced->name);
		sd_add_string(&references, "key", key);
		appendStringInfoChar(&references, '}');
		sd_add_member(&object, "references", references.data);
		sd_add_string(&object, "onDelete",
					  on_delete ? on_delete : sd_default_on_delete(row->kind, allow_null));
		sd_add_string(&object, "onUpdate", on_update ? on_update : "CASCADE");
	}
	appendStringInfoChar(&object, '}');
	sd_append_attribute(holder, name, object.data);
}

/*
 * Adds the foreign keys of an association that their holders do not have.
 * Models that are not there are passed over.  Raises 42703 for a VIRTUAL one.
 */
static void
add_foreign_keys(const SdAssociationRow *row)
{
	SdSide		sides[2];
	int			n = sd_association_sides(row, sides);

	for (int i = 0; i < n; i++)
	{
		SdModelRow *referenced = sd_find_model_row(sides[i].referenced);
		ListCell   *fk;
		ListCell   *key;

		if (referenced == NULL || sides[i].holder == NULL)
			continue;
		forboth(fk, sides[i].foreign_key, key, sides[i].key)
		{
			SdModelRow *holder = sd_find_model_row(sides[i].holder);
			JsonbValue	attribute;

			if (holder == NULL)
				continue;
			if (sd_row_attribute(holder, lfirst(fk), &attribute))
			{
				if (sd_row_string(&attribute, "field") == NULL)
					ereport(ERROR,
							(errcode(ERRCODE_UNDEFINED_COLUMN),
							 errmsg("foreign key \"%s\" of model \"%s\" is not kept in a column",
									(char *) lfirst(fk), holder->name)));
				continue;
			}
			add_foreign_key(row, holder, lfirst(fk), referenced, lfirst(key),
							list_length(sides[i].key) == 1);
		}
	}
}

/* Raises 22023 when an association would be written under the key of an attribute. */
static void
check_alias(const SdModelRow *source, const char *alias)
{
	JsonbValue	ignored;

	if (sd_row_attribute(source, alias, &ignored))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\" has an attribute \"%s\", and cannot have an association of that name",
						source->name, alias),
				 errhint("Name the association with \"as\".")));
}

/*
 * Defines an association of a kind as the catalog calls it, in place of the
 * one that source has by the same alias.  Returns it as JSON text, in the
 * current context.
 *
 * Raises 42P01 for an unknown model, 42703 for an unknown attribute, 22023 for
 * wrong options, 42701 for a foreign key whose column another attribute has.
 */
char *
sd_associate(const char *kind, const char *source_name, const char *target_name, Jsonb *options)
{
	AssociationOptions *given = read_options(kind, options);
	SdAssociationRow row = {.kind = pstrdup(kind)};
	SdModelRow *source;
	SdModelRow *target;
	bool		self = strcmp(source_name, target_name) == 0;

	PreventCommandIfReadOnly(psprintf("studentdir.%s()", kind));
	source = sd_model_row(source_name);
	target = sd_model_row(target_name);
	row.model = source->name;
	row.target = target->name;
	row.foreign_key = given->foreign_key;
	if (strcmp(kind, "belongs_to_many") == 0)
	{
		SdModelRow *through;

		if (given->through == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("through: the name of the join model is missing")));
		if (self && given->as == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("as: an association of model \"%s\" with itself needs a name", source->name)));
		through = sd_model_row(given->through);
		row.alias = given->as ? given->as : target->plural;
		row.through = through->name;
		row.source_key = referenced_key(source, given->source_key, "sourceKey");
		row.target_key = referenced_key(target, given->target_key, "targetKey");
		row.other_key = given->other_key;
		if (row.foreign_key == NIL)
			row.foreign_key = default_foreign_key(through, source->singular, row.source_key);
		if (row.other_key == NIL)
			row.other_key = default_foreign_key(through,
												self ? sd_singularize(row.alias) : target->singular,
												row.target_key);
		check_lengths(row.foreign_key, row.source_key, "foreignKey");
		check_lengths(row.other_key, row.target_key, "otherKey");
	}
	else if (strcmp(kind, "belongs_to") == 0)
	{
		row.alias = given->as ? given->as : target->singular;
		row.target_key = referenced_key(target, given->target_key, "targetKey");
		if (row.foreign_key == NIL)
			row.foreign_key = default_foreign_key(source, row.alias, row.target_key);
		check_lengths(row.foreign_key, row.target_key, "foreignKey");
		row.source_key = row.foreign_key;
	}
	else
	{
		bool		many = strcmp(kind, "has_many") == 0;

		row.alias = given->as ? given->as : many ? target->plural : target->singular;
		row.source_key = referenced_key(source, given->source_key, "sourceKey");
		if (row.foreign_key == NIL)
			row.foreign_key = default_foreign_key(target, many ? source->singular
												  : sd_singularize(given->as ? given->as
																   : source->name),
												  row.source_key);
		check_lengths(row.foreign_key, row.source_key, "foreignKey");
		row.target_key = row.foreign_key;
	}
	check_alias(source, row.alias);
	appendStringInfoString(&given->more, given->more.len == 0 ? "{}" : "}");
	row.options = given->more.data;
	sd_write_association_row(&row);
	add_foreign_keys(&row);
	return sd_association_json(&row);
}

/*
 * Makes a model that was defined anew fit its associations again: adds foreign
 * keys that its definition leaves out.
 *
 * Raises 22023 when an association goes by an attribute, or has the name of an
 * attribute, that stands in its way now.
 */
void
sd_restore_associations(const char *model)
{
	SdModelRow *row = sd_model_row(model);
	ListCell   *cell;

	foreach(cell, sd_association_rows(model))
	{
		SdAssociationRow *association = lfirst(cell);
		SdSide		sides[2];
		int			n = sd_association_sides(association, sides);

		if (strcmp(association->model, model) == 0)
			check_alias(row, association->alias);
		for (int i = 0; i < n; i++)
		{
			ListCell   *key;
			JsonbValue	attribute;

			if (strcmp(sides[i].referenced, model) != 0)
				continue;
			foreach(key, sides[i].key)
			{
				if (!sd_row_attribute(row, lfirst(key), &attribute))
					ereport(ERROR,
							(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							 errmsg("association \"%s\" of model \"%s\" goes by attribute \"%s\", which model \"%s\" would not have any more",
									association->alias, association->model, (char *) lfirst(key),
									model),
							 errhint("Delete the association from studentdir.association, or keep the attribute.")));
			}
		}
		add_foreign_keys(association);
	}
}

/* A key as JSON: a name, or an array of several. */
static void
add_key(StringInfo object, const char *name, List *key)
{
	StringInfoData json;
	ListCell   *cell;

	if (key == NIL)
		return;
	initStringInfo(&json);
	foreach(cell, key)
	{
		if (list_length(key) > 1)
			appendStringInfoChar(&json, foreach_current_index(cell) == 0 ? '[' : ',');
		escape_json(&json, lfirst(cell));
	}
	if (list_length(key) > 1)
		appendStringInfoChar(&json, ']');
	sd_add_member(object, name, json.data);
}

/* Adds the keys that the call of an association gives. */
static void
add_keys(StringInfo object, const SdAssociationRow *row)
{
	sd_add_string(object, "through", row->through);
	add_key(object, "foreignKey", row->foreign_key);
	add_key(object, "otherKey", row->other_key);
	if (strcmp(row->kind, "belongs_to") != 0)
		add_key(object, "sourceKey", row->source_key);
	if (strncmp(row->kind, "belongs_to", 10) == 0)
		add_key(object, "targetKey", row->target_key);
}

/* The keys of an association as the options of the call that defines it, JSON text. */
char *
sd_association_options_json(const SdAssociationRow *row)
{
	StringInfoData object;

	initStringInfo(&object);
	add_keys(&object, row);
	appendStringInfoChar(&object, '}');
	return object.data;
}

/* An association as JSON text: what it joins, then the options of the call that defines it. */
char *
sd_association_json(const SdAssociationRow *row)
{
	StringInfoData object;

	initStringInfo(&object);
	sd_add_string(&object, "kind", row->kind);
	sd_add_string(&object, "source", row->model);
	sd_add_string(&object, "target", row->target);
	sd_add_string(&object, "as", row->alias);
	add_keys(&object, row);
	if (strlen(row->options) > 2)
		appendStringInfo(&object, ",%s", row->options + 1);
	else
		appendStringInfoChar(&object, '}');
	return object.data;
}

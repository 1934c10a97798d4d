/*-------------------------------------------------------------------------
 * define/association_options.c
 *		Reads the options of the calls that define associations.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "define/association_options.h"
#include "define/definition_value.h"
#include "parse/operators.h"

static void
read_as(void *target, const JsonbValue *value, const SdPath *path)
{
	((SdAssociationOptions *) target)->as = sd_read_name(value, path, "a name");
}

/* The name of an attribute, or an array of several. */
static List *
read_key(const JsonbValue *value, const SdPath *path)
{
	List	   *key = NIL;
	SdReader	reader;

	if (!sd_is_array(value))
		return list_make1(sd_read_name(value, path, "the name of an attribute"));
	if (sd_array_length(value) == 0 || sd_array_length(value) > INDEX_MAX_KEYS)
		sd_bad_shape(path, "the name of an attribute, or an array of them");
	sd_read(&reader, value, path);
	while (sd_next_element(&reader))
	{
		char	   *name = sd_read_name(&reader.value, &reader.path, "the name of an attribute");
		ListCell   *cell;

		foreach(cell, key)
		{
			if (strcmp(lfirst(cell), name) == 0)
				sd_bad_shape(&reader.path, "an attribute that is not in the key already");
		}
		key = lappend(key, name);
	}
	return key;
}

static void
read_foreign_key_name(void *target, const JsonbValue *value, const SdPath *path)
{
	((SdAssociationOptions *) target)->foreign_key = read_key(value, path);
}

static void
read_allow_null(void *target, const JsonbValue *value, const SdPath *path)
{
	sd_add_member(&((SdAssociationOptions *) target)->more, "allowNull",
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
	((SdAssociationOptions *) target)->other_key = read_key(value, path);
}

static void
read_source_key(void *target, const JsonbValue *value, const SdPath *path)
{
	((SdAssociationOptions *) target)->source_key = read_key(value, path);
}

static void
read_target_key(void *target, const JsonbValue *value, const SdPath *path)
{
	((SdAssociationOptions *) target)->target_key = read_key(value, path);
}

static void
read_through_model(void *target, const JsonbValue *value, const SdPath *path)
{
	((SdAssociationOptions *) target)->through = sd_read_name(value, path, "the name of a model");
}

/* Raises 22023 for what an operator of a scope does not take: it has plain values, or an array of them. */
static void
check_operand(const JsonbValue *value, const SdPath *path)
{
	SdReader	elements;
	bool		plain = value->type != jbvBinary;

	if (!plain && sd_is_array(value))
	{
		plain = true;
		sd_read(&elements, value, path);
		while (sd_next_element(&elements))
			plain &= elements.value.type != jbvBinary;
	}
	if (!plain)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: this has to be a string, a number, a boolean, null, or an array of these",
						sd_path_text(path)),
				 errhint("Other conditions belong in a scope of the model, or in \"where\".")));
}

/*
 * An object of attributes with plain values, which new rows get, or with operators, which
 * are conditions alone.
 */
static void
check_scope(const JsonbValue *value, const SdPath *path)
{
	SdReader	reader;

	if (!sd_is_object(value))
		sd_bad_shape(path, "an object of attributes and values");
	sd_read(&reader, value, path);
	while (sd_next_member(&reader))
	{
		SdReader	operators;

		if (!sd_is_object(&reader.value))
		{
			check_operand(&reader.value, &reader.path);
			continue;
		}
		if (sd_array_length(&reader.value) == 0)
			sd_bad_shape(&reader.path, "a value, or an object of operators");
		sd_read(&operators, &reader.value, &reader.path);
		while (sd_next_member(&operators))
		{
			const SdOperatorName *operator = sd_find_operator(&operators.key);

			if (operator == NULL)
				sd_unknown_operator(&operators.key, &operators.path);
			check_operand(&operators.value, &operators.path);
		}
	}
}

static void
read_through_scope(void *target, const JsonbValue *value, const SdPath *path)
{
	SdAssociationOptions *options = target;

	check_scope(value, path);
	options->through_scope = *value;
	sd_add_member(&options->more, "throughScope", sd_json_text(value));
}

/* A name, or {"model":"Tagging","scope":{…}}. */
static void
read_through(void *target, const JsonbValue *value, const SdPath *path)
{
	static const SdDefinable known[] = {
		{"model", read_through_model},
		{"scope", read_through_scope}
	};

	if (sd_is_object(value))
		sd_read_definables(target, value, path, known, lengthof(known));
	else
		read_through_model(target, value, path);
}

static void
read_on_delete(void *target, const JsonbValue *value, const SdPath *path)
{
	SdAssociationOptions *options = target;

	options->on_delete = sd_read_action(value, path);
	sd_add_string(&options->more, "onDelete", options->on_delete);
}

static void
read_on_update(void *target, const JsonbValue *value, const SdPath *path)
{
	sd_add_string(&((SdAssociationOptions *) target)->more, "onUpdate", sd_read_action(value, path));
}

/* "cascade": soft deletes go on to the associated rows */
static void
read_paranoid(void *target, const JsonbValue *value, const SdPath *path)
{
	SdAssociationOptions *options = target;

	if (!sd_string_is(value, "cascade"))
		sd_bad_shape(path, "\"cascade\"");
	options->cascades = true;
	sd_add_string(&options->more, "paranoid", "cascade");
}

static void
read_constraints(void *target, const JsonbValue *value, const SdPath *path)
{
	sd_add_member(&((SdAssociationOptions *) target)->more, "constraints",
				  sd_read_flag(value, path) ? "true" : "false");
}

static void
read_scope(void *target, const JsonbValue *value, const SdPath *path)
{
	SdAssociationOptions *options = target;

	check_scope(value, path);
	options->scope = *value;
	sd_add_member(&options->more, "scope", sd_json_text(value));
}

/*
 * Reads the options of the call that defines an association of a kind, which
 * may be NULL, in the current context.  Raises 22023 for wrong ones.
 */
SdAssociationOptions *
sd_read_association_options(SdAssociationKind kind, Jsonb *options)
{
	static const SdDefinable of_has[] = {
		{"as", read_as},
		{"foreignKey", read_foreign_key},
		{"sourceKey", read_source_key},
		{"onDelete", read_on_delete},
		{"onUpdate", read_on_update},
		{"scope", read_scope},
		{"constraints", read_constraints},
		{"paranoid", read_paranoid}
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
	SdAssociationOptions *read = palloc0(sizeof(SdAssociationOptions));
	JsonbValue	root;

	initStringInfo(&read->more);
	if (options == NULL)
		return read;
	sd_root(options, &root);
	if (kind == SD_BELONGS_TO_MANY)
		sd_read_definables(read, &root, NULL, of_belongs_to_many, lengthof(of_belongs_to_many));
	else if (kind == SD_BELONGS_TO)
		sd_read_definables(read, &root, NULL, of_belongs_to, lengthof(of_belongs_to));
	else
		sd_read_definables(read, &root, NULL, of_has, lengthof(of_has));
	Assert(read->through == NULL || kind == SD_BELONGS_TO_MANY);
	return read;
}

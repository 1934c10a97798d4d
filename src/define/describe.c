/*-------------------------------------------------------------------------
 * define/describe.c
 *		Describes models.
 *
 * What is described can be given to define() again, and says all that was left
 * to it.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "define/association.h"
#include "define/definition_value.h"
#include "define/define.h"
#include "utils/builtins.h"
#include "utils/json.h"

/* What a definition has for a validator: true, its argument, or an object with "args" and "msg". */
static char *
describe_rule(const JsonbValue *rule)
{
	StringInfoData members;
	SdReader	reader;
	JsonbValue	args;

	if (sd_row_string(rule, "msg") == NULL &&
		getKeyJsonValueFromContainer(rule->val.binary.data, "args", 4, &args) != NULL &&
		args.type != jbvBool && !sd_is_object(&args))
		return sd_json_text(&args);
	initStringInfo(&members);
	sd_read(&reader, rule, NULL);
	while (sd_next_member(&reader))
	{
		if (!sd_key_is(&reader, "name"))
			sd_add_member(&members, sd_string(&reader.key), sd_json_text(&reader.value));
	}
	return members.len == 0 ? "true" : psprintf("%s}", members.data);
}

/* The validators of an attribute as the object that a definition has, in their order. */
static char *
describe_validate(const JsonbValue *validate)
{
	StringInfoData object;
	SdReader	reader;

	if (!sd_is_array(validate))
		return sd_json_text(validate);
	initStringInfo(&object);
	sd_read(&reader, validate, NULL);
	while (sd_next_element(&reader))
	{
		const char *name = sd_is_object(&reader.value) ? sd_row_string(&reader.value, "name") : NULL;

		if (name != NULL)
			sd_add_member(&object, name, describe_rule(&reader.value));
	}
	appendStringInfoString(&object, object.len == 0 ? "{}" : "}");
	return object.data;
}

/* An attribute's definition as define() takes it. */
static char *
describe_attribute(const JsonbValue *attribute)
{
	StringInfoData object;
	SdReader	reader;

	initStringInfo(&object);
	sd_read(&reader, attribute, NULL);
	while (sd_next_member(&reader))
	{
		if (sd_key_is(&reader, "name"))
			continue;
		if (sd_key_is(&reader, "defaultFunction"))
			sd_add_member(&object, "defaultValue", sd_json_text(&reader.value));
		else if (sd_key_is(&reader, "validate"))
			sd_add_member(&object, "validate", describe_validate(&reader.value));
		else
			sd_add_member(&object, sd_string(&reader.key), sd_json_text(&reader.value));
	}
	appendStringInfoString(&object, object.len == 0 ? "{}" : "}");
	return object.data;
}

/* The attributes as an object, in declared order. */
static char *
describe_attributes(const SdModelRow *row)
{
	StringInfoData object;
	JsonbValue	root;
	SdReader	reader;

	initStringInfo(&object);
	sd_root(row->attributes, &root);
	sd_read(&reader, &root, NULL);
	while (sd_next_element(&reader))
	{
		char	   *name = sd_is_object(&reader.value) ? sd_row_string(&reader.value, "name") : NULL;

		if (name != NULL)
			sd_add_member(&object, name, describe_attribute(&reader.value));
	}
	appendStringInfoString(&object, object.len == 0 ? "{}" : "}");
	return object.data;
}

/* The options, those that were left to define() too. */
static char *
describe_options(const SdModelRow *row)
{
	static const char *const kept[] = {"createdAt", "updatedAt"};
	StringInfoData object;
	StringInfoData name;
	JsonbValue	root;
	SdReader	reader;

	initStringInfo(&object);
	sd_add_string(&object, "tableName", row->table);
	sd_add_string(&object, "schema", row->schema);
	initStringInfo(&name);
	sd_add_string(&name, "singular", row->singular);
	sd_add_string(&name, "plural", row->plural);
	appendStringInfoChar(&name, '}');
	sd_add_member(&object, "name", name.data);

	sd_root(row->options, &root);
	if (sd_is_object(&root))
	{
		for (int i = 0; i < lengthof(kept); i++)
		{
			if (sd_row_flag(&root, "timestamps", true) && sd_row_string(&root, kept[i]) == NULL)
				sd_add_member(&object, kept[i], "false");
		}
		sd_read(&reader, &root, NULL);
		while (sd_next_member(&reader))
		{
			if (!sd_key_is(&reader, "builtin"))
				sd_add_member(&object, sd_string(&reader.key), sd_json_text(&reader.value));
		}
	}
	appendStringInfoChar(&object, '}');
	return object.data;
}

static bool
is_kind(const SdAssociationRow *row, const char *kind)
{
	return strcmp(row->kind, kind) == 0;
}

/* Whether one association is the other side of another. */
static bool
is_other_side(const SdAssociationRow *a, const SdAssociationRow *b)
{
	if (strcmp(a->model, b->target) != 0 || strcmp(a->target, b->model) != 0)
		return false;
	if (is_kind(a, "belongs_to_many") || is_kind(b, "belongs_to_many"))
		return is_kind(a, b->kind) && a->through != NULL && b->through != NULL &&
			strcmp(a->through, b->through) == 0 && sd_same_names(a->foreign_key, b->other_key);
	return is_kind(a, "belongs_to") != is_kind(b, "belongs_to") &&
		sd_same_names(a->foreign_key, b->foreign_key);
}

/* The key that a model is referred to by, where it has to be said: it is not the primary key. */
static List *
unless_primary(const char *model, List *key)
{
	SdModelRow *row = sd_find_model_row(model);

	return row != NULL && sd_same_names(sd_row_keys(row), key) ? NIL : key;
}

/*
 * The name that the other side of an association needs, because the one that it
 * would get is that of another association of its model, or NULL.
 */
static char *
other_alias(const SdAssociationRow *row, List *rows)
{
	bool		many = row->through != NULL || is_kind(row, "belongs_to");
	SdModelRow *model = sd_find_model_row(row->model);
	ListCell   *cell;

	foreach(cell, rows)
	{
		const SdAssociationRow *other = lfirst(cell);

		if (model != NULL && strcmp(other->model, row->target) == 0 &&
			strcmp(other->alias, many ? model->plural : model->singular) == 0)
			return psprintf("%sOf%s", row->alias, model->singular);
	}
	return NULL;
}

/* The call that would define the other side of an association. */
static char *
other_side_call(const SdAssociationRow *row, List *rows)
{
	SdAssociationRow other = {
		.kind = is_kind(row, "belongs_to") ? "has_many"
		: is_kind(row, "belongs_to_many") ? "belongs_to_many" : "belongs_to",
		.model = row->target,
		.alias = other_alias(row, rows),
		.target = row->model,
		.through = row->through,
		.foreign_key = row->through != NULL ? row->other_key : row->foreign_key,
		.other_key = row->through != NULL ? row->foreign_key : NIL
	};

	if (row->through != NULL || is_kind(row, "belongs_to"))
		other.source_key = unless_primary(row->target, row->target_key);
	if (!is_kind(row, "belongs_to"))
		other.target_key = unless_primary(row->model, row->source_key);
	return psprintf("SELECT studentdir.%s(%s, %s, %s)", other.kind,
					quote_literal_cstr(other.model), quote_literal_cstr(other.target),
					quote_literal_cstr(sd_association_options_json(&other)));
}

/* What is missing of an association, in words, or NULL. */
static char *
missing(const SdAssociationRow *row, List *rows)
{
	ListCell   *cell;

	if (sd_find_model_row(row->target) == NULL)
		return psprintf("association \"%s\" of model \"%s\": model \"%s\" does not exist",
						row->alias, row->model, row->target);
	if (row->through != NULL && sd_find_model_row(row->through) == NULL)
		return psprintf("association \"%s\" of model \"%s\": join model \"%s\" does not exist",
						row->alias, row->model, row->through);
	foreach(cell, rows)
	{
		if (is_other_side(row, lfirst(cell)))
			return NULL;
	}
	return psprintf("association \"%s\" of model \"%s\" has no other side: %s",
					row->alias, row->model, other_side_call(row, rows));
}

/*
 * Describes a model as JSON text, in the current context; with warn it also
 * raises what is missing of its associations as warnings.  Raises 42P01 for an
 * unknown model.
 */
char *
sd_describe(const char *name, bool warn)
{
	SdModelRow *row = sd_model_row(name);
	List	   *rows = sd_association_rows(name);
	StringInfoData object;
	StringInfoData associations;
	StringInfoData warnings;
	ListCell   *cell;

	initStringInfo(&object);
	initStringInfo(&associations);
	initStringInfo(&warnings);
	foreach(cell, rows)
	{
		const SdAssociationRow *association = lfirst(cell);
		char	   *warning;

		if (strcmp(association->model, name) == 0)
			appendStringInfo(&associations, "%s%s", associations.len == 0 ? "" : ",",
							 sd_association_json(association));
		else if (strcmp(association->target, name) != 0)
			continue;
		warning = missing(association, rows);
		if (warning == NULL)
			continue;
		appendStringInfoString(&warnings, warnings.len == 0 ? "" : ",");
		escape_json(&warnings, warning);
		if (warn)
			ereport(WARNING, (errmsg_internal("%s", warning)));
	}
	sd_add_string(&object, "name", row->name);
	sd_add_member(&object, "attributes", describe_attributes(row));
	sd_add_member(&object, "options", describe_options(row));
	sd_add_member(&object, "associations", psprintf("[%s]", associations.data));
	sd_add_member(&object, "warnings", psprintf("[%s]", warnings.data));
	appendStringInfoChar(&object, '}');
	return object.data;
}

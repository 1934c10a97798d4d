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
#include "model/model.h"
#include "utils/builtins.h"
#include "utils/json.h"

/* What a definition has for a validator: true, its argument, or an object with "args" and "msg". */
static char *
describe_rule(const JsonbValue *rule)
{
	StringInfoData members;
	SdReader	reader;
	JsonbValue	args;

	Assert(sd_is_object(rule));
	if (getKeyJsonValueFromContainer(rule->val.binary.data, "msg", 3, &args) == NULL &&
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

	Assert(sd_is_array(validate));
	initStringInfo(&object);
	sd_read(&reader, validate, NULL);
	while (sd_next_element(&reader))
	{
		JsonbValue	name;

		(void) getKeyJsonValueFromContainer(reader.value.val.binary.data, "name", 4, &name);
		Assert(name.type == jbvString);
		sd_add_member(&object, sd_string(&name), describe_rule(&reader.value));
	}
	appendStringInfoString(&object, object.len == 0 ? "{}" : "}");
	return object.data;
}

/* The option "unique" of an attribute that has a message for it. */
static char *
describe_unique(const SdAttributeRow *row)
{
	StringInfoData members;

	Assert(row->unique_message != NULL);
	initStringInfo(&members);
	if (!row->unique)
		sd_add_member(&members, "name", "false");
	else if (row->unique_name != NULL)
		sd_add_string(&members, "name", row->unique_name);
	sd_add_string(&members, "msg", row->unique_message);
	appendStringInfoChar(&members, '}');
	return members.data;
}

/* An attribute's definition as define() takes it, JSON text in the current context. */
char *
sd_attribute_definition(const SdAttributeRow *row)
{
	const JsonbValue *attribute = &row->json;
	StringInfoData object;
	SdReader	reader;

	initStringInfo(&object);
	sd_read(&reader, attribute, NULL);
	while (sd_next_member(&reader))
	{
		if (sd_key_is(&reader, "name") ||
			(sd_key_is(&reader, "unique") && row->unique_message != NULL))
			continue;
		if (sd_key_is(&reader, "uniqueMessage"))
			sd_add_member(&object, "unique", describe_unique(row));
		else if (sd_key_is(&reader, "defaultFunction"))
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

	initStringInfo(&object);
	for (int i = 0; i < row->nattributes; i++)
		sd_add_member(&object, row->attributes[i].name,
					  sd_attribute_definition(&row->attributes[i]));
	appendStringInfoChar(&object, '}');
	return object.data;
}

/* The options, those that were left to define() too. */
static char *
describe_options(const SdModelRow *row, bool expose)
{
	StringInfoData object;
	StringInfoData name;
	SdReader	reader;

	initStringInfo(&object);
	sd_add_string(&object, "tableName", row->table);
	sd_add_string(&object, "schema", row->schema);
	initStringInfo(&name);
	sd_add_string(&name, "singular", row->singular);
	sd_add_string(&name, "plural", row->plural);
	appendStringInfoChar(&name, '}');
	sd_add_member(&object, "name", name.data);

	if (row->timestamps && row->created_at == NULL)
		sd_add_member(&object, "createdAt", "false");
	if (row->timestamps && row->updated_at == NULL)
		sd_add_member(&object, "updatedAt", "false");
	sd_read(&reader, &row->options, NULL);
	while (sd_next_member(&reader))
	{
		if (!sd_key_is(&reader, "builtin") && (expose || !sd_key_is(&reader, "expose")))
			sd_add_member(&object, sd_string(&reader.key), sd_json_text(&reader.value));
	}
	appendStringInfoChar(&object, '}');
	return object.data;
}

/* The options of a model as define() takes them, but for "expose"; JSON text in the current context. */
char *
sd_options_definition(const SdModelRow *row)
{
	return describe_options(row, false);
}

/* What is missing of an association, in words, or NULL. */
static char *
missing(const SdAssociationRow *row, List *rows)
{
	ListCell   *cell;

	if (!sd_model_exists(row->target))
		return psprintf("association \"%s\" of model \"%s\": model \"%s\" does not exist",
						row->alias, row->model, row->target);
	if (row->through != NULL && !sd_model_exists(row->through))
		return psprintf("association \"%s\" of model \"%s\": join model \"%s\" does not exist",
						row->alias, row->model, row->through);
	foreach(cell, rows)
	{
		if (sd_is_other_side(row, lfirst(cell)))
			return NULL;
	}
	return psprintf("association \"%s\" of model \"%s\" has no other side: SELECT %s",
					row->alias, row->model, sd_other_side(row));
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
	sd_add_member(&object, "options", describe_options(row, true));
	sd_add_member(&object, "associations", psprintf("[%s]", associations.data));
	sd_add_member(&object, "warnings", psprintf("[%s]", warnings.data));
	appendStringInfoChar(&object, '}');
	return object.data;
}

/*-------------------------------------------------------------------------
 * define/computed_attribute.c
 *		Attributes that are expressions.
 *
 * The expression itself is parsed by the calls that use it, since it may name
 * associations that are defined later; here its parameters are looked at.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "define/computed_attribute.h"
#include "define/definition_value.h"
#include "parse/expression.h"

/* "as": the expression */
void
sd_read_as(void *target, const JsonbValue *value, const SdPath *path)
{
	SdAttributeDef *attr = target;

	if (!sd_is_expr(value))
		sd_bad_shape(path, "an expression, such as {\"$count\": \"Posts\"}");
	attr->as = palloc(sizeof(JsonbValue));
	*attr->as = *value;
	sd_add_member(&attr->more, "as", sd_json_text(value));
}

/* "params": the names of the parameters that the expression takes */
void
sd_read_params(void *target, const JsonbValue *value, const SdPath *path)
{
	SdAttributeDef *attr = target;
	SdReader	reader;

	if (!sd_is_array(value) || sd_array_length(value) == 0)
		sd_bad_shape(path, "an array of names");
	sd_read(&reader, value, path);
	while (sd_next_element(&reader))
		attr->params = lappend(attr->params, sd_read_name(&reader.value, &reader.path, "a name"));
	sd_add_member(&attr->more, "params", sd_json_text(value));
}

/* "default": whether the attribute is in default answers */
void
sd_read_shown(void *target, const JsonbValue *value, const SdPath *path)
{
	SdAttributeDef *attr = target;

	if (value->type != jbvBool)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: expected true or false", sd_path_text(path)),
				 errhint("It says whether a computed attribute is in default answers. The value of new records is \"defaultValue\".")));
	attr->shown = sd_read_flag(value, path);
	if (attr->shown)
		sd_add_member(&attr->more, "default", "true");
}

/* Raises 22023 for a {"$param": name} in an expression that the attribute does not declare. */
static void
check_as_params(const SdAttributeDef *attr, const JsonbValue *value, const SdPath *path)
{
	bool		is_object = sd_is_object(value);
	SdReader	reader;

	if (!is_object && !sd_is_array(value))
		return;
	sd_check_depth(path);
	sd_read(&reader, value, path);
	while (is_object ? sd_next_member(&reader) : sd_next_element(&reader))
	{
		bool		declared = false;
		ListCell   *cell;

		if (!is_object || !sd_key_is(&reader, "$param"))
		{
			check_as_params(attr, &reader.value, &reader.path);
			continue;
		}
		foreach(cell, attr->params)
			declared |= sd_string_is(&reader.value, lfirst(cell));
		if (!declared)
			sd_bad_shape(&reader.path, "one of the names in \"params\"");
	}
}

/* Raises 22023 for what does not go with an attribute that is an expression. */
void
sd_check_computed(const SdAttributeDef *attr, const JsonbValue *definition, const SdPath *path)
{
	static const char *const known[] = {
		"type", "as", "params", "default", "comment", "hidden"
	};
	SdPath		as = SD_KEY_STEP(path, "as", 2);
	SdPath		shown = SD_KEY_STEP(path, "default", 7);
	SdReader	reader;

	if (attr->as == NULL)
	{
		if (attr->params != NIL || attr->shown)
			sd_bad_shape(path, "\"as\", an expression, beside \"params\" and \"default\"");
		return;
	}
	if (attr->type->kind != SD_TYPE_VIRTUAL)
		sd_bad_shape(path, "type VIRTUAL beside \"as\"");
	sd_read(&reader, definition, path);
	while (sd_next_member(&reader))
	{
		bool		found = false;

		for (int i = 0; i < lengthof(known); i++)
			found |= sd_key_is(&reader, known[i]);
		if (!found)
			sd_bad_shape(&reader.path, "nothing: the attribute is an expression, and not written");
	}
	if (attr->shown && attr->params != NIL)
		sd_bad_shape(&shown, "false, since the expression takes parameters");
	check_as_params(attr, attr->as, &as);
}

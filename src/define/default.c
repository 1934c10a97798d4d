/*-------------------------------------------------------------------------
 * define/default.c
 *		Checks that the default value of an attribute is one of its type.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "define/default.h"
#include "parse/reader.h"
#include "parse/value.h"
#include "utils/lsyscache.h"

/*
 * The function that a default stands for: "NOW" for a date or a time, "UUIDV4"
 * for a uuid or a string; NULL where it is a value.
 */
const char *
sd_default_function(const SdAttributeDef *attr, const JsonbValue *value)
{
	char		category;
	bool		preferred;

	if (!OidIsValid(attr->type->oid))
		return NULL;
	get_type_category_preferred(attr->type->oid, &category, &preferred);
	if (category == TYPCATEGORY_DATETIME && sd_string_is(value, "NOW"))
		return "NOW";
	if ((attr->type->oid == UUIDOID || category == TYPCATEGORY_STRING) &&
		sd_string_is(value, "UUIDV4"))
		return "UUIDV4";
	return NULL;
}

/* Raises 22023 when a value, or an element of an array, is not among an enum's. */
static void
check_label(const SdType *type, const JsonbValue *value, const SdPath *path)
{
	ListCell   *cell;

	if (type->dimensions > 0 && sd_is_array(value))
	{
		SdReader	reader;

		sd_check_depth(path);
		sd_read(&reader, value, path);
		while (sd_next_element(&reader))
			check_label(type, &reader.value, &reader.path);
		return;
	}
	foreach(cell, type->labels)
	{
		if (sd_string_is(value, lfirst(cell)))
			return;
	}
	sd_bad_shape(path, psprintf("a value of %s", type->declared));
}

/* Says which default the error of a type is about. */
static void
default_context(void *path)
{
	if (ERRCODE_TO_CATEGORY(geterrcode()) == ERRCODE_DATA_EXCEPTION)
		errdetail("This is about %s.", sd_path_text(path));
}

/* Raises what the type raises for a value that is too long for its modifiers. */
static void
check_modifiers(const SdType *type, Datum value, const SdPath *path)
{
	ErrorContextCallback callback = {
		.previous = error_context_stack,
		.callback = default_context,
		.arg = unconstify(SdPath *, path)
	};
	Oid			output,
				input,
				ioparam;
	bool		varlena;

	error_context_stack = &callback;
	getTypeOutputInfo(type->oid, &output, &varlena);
	getTypeInputInfo(type->oid, &input, &ioparam);
	(void) OidInputFunctionCall(input, OidOutputFunctionCall(output, value), ioparam,
								type->typmod);
	error_context_stack = callback.previous;
}

/*
 * Checks a default at path, which is not null.  Raises 22023 where the type
 * takes no such JSON value, and what the type's input function raises.
 */
void
sd_check_default(const SdAttributeDef *attr, const JsonbValue *value, const SdPath *path)
{
	Datum		datum;
	bool		isnull;

	if (attr->type->kind == SD_TYPE_ENUM)
		check_label(attr->type, value, path);
	if (!OidIsValid(attr->type->oid))
		return;
	datum = sd_value(value, getBaseType(attr->type->oid), attr->name, path, &isnull);
	if (attr->type->typmod >= 0)
		check_modifiers(attr->type, datum, path);
}

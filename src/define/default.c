/*-------------------------------------------------------------------------
 * define/default.c
 *		Checks that the default value of an attribute is one of its type.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "convert/reader.h"
#include "convert/value.h"
#include "define/default.h"
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

	Assert(type->kind == SD_TYPE_ENUM);
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

/*
 * Checks a default at path, which is not null.  Raises 22023 where the type
 * takes no such JSON value, and what sd_typed_value() raises.
 */
void
sd_check_default(const SdAttributeDef *attr, const JsonbValue *value, const SdPath *path)
{
	bool		isnull;

	Assert(value->type != jbvNull);
	if (attr->type->kind == SD_TYPE_ENUM)
		check_label(attr->type, value, path);
	if (!OidIsValid(attr->type->oid))
		return;
	(void) sd_typed_value(value, attr->type->oid, attr->type->typmod, attr->name, path, &isnull);
}

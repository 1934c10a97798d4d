/*-------------------------------------------------------------------------
 * convert/value.c
 *		JSON values as datums.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/converter.h"
#include "convert/reader.h"
#include "convert/value.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/fmgrprotos.h"

/*
 * The text of a scalar that is not null, in the current context, for types
 * that take text; len may be NULL.
 */
char *
sd_scalar_text(const JsonbValue *value, int *len)
{
	char	   *text;

	if (value->type == jbvString)
		text = sd_string(value);
	else if (value->type == jbvBool)
		text = pstrdup(value->val.boolean ? "true" : "false");
	else
	{
		Assert(value->type == jbvNumeric);
		text = DatumGetCString(DirectFunctionCall1(numeric_out,
												   NumericGetDatum(value->val.numeric)));
	}
	if (len != NULL)
		*len = value->type == jbvString ? value->val.string.len : strlen(text);
	return text;
}

/* The text of a JSON number, in the current context, for an integer type: 5.0 and 5e0 are 5. */
char *
sd_integer_text(const JsonbValue *value)
{
	char	   *text = sd_scalar_text(value, NULL);
	char	   *point = strchr(text, '.');

	if (point != NULL && strspn(point + 1, "0") == strlen(point + 1))
		*point = '\0';
	return text;
}

/*
 * The value at path as a datum of the given type and modifiers, in the current
 * context; name is what messages call it by.  *isnull is set for a JSON null.
 * For many values of one type sd_converter_init() is quicker.
 *
 * Raises what sd_convert() raises.
 */
Datum
sd_typed_value(const JsonbValue *value, Oid type, int32 typmod, const char *name,
			   const SdPath *path, bool *isnull)
{
	SdConverter input;

	sd_converter_init(&input, type, typmod, CurrentMemoryContext);
	return sd_convert(&input, value, name, path, isnull);
}

/* The value at path as a datum of the given type; see sd_typed_value(). */
Datum
sd_value(const JsonbValue *value, Oid type, const char *name, const SdPath *path, bool *isnull)
{
	return sd_typed_value(value, type, -1, name, path, isnull);
}

/*
 * A JSON array at path as one array of values of the given type, in the
 * current context.  Raises what sd_convert() raises for its elements.
 */
Datum
sd_value_array(const JsonbValue *value, Oid type, const char *name, const SdPath *path)
{
	ArrayBuildState *state = initArrayResult(type, CurrentMemoryContext, false);
	SdConverter input;
	SdReader	reader;

	Assert(sd_is_array(value));
	sd_converter_init(&input, type, -1, CurrentMemoryContext);
	sd_read(&reader, value, path);
	while (sd_next_element(&reader))
	{
		bool		isnull;
		Datum		datum;

		CHECK_FOR_INTERRUPTS();
		datum = sd_convert(&input, &reader.value, name, &reader.path, &isnull);
		accumArrayResult(state, datum, isnull, type, CurrentMemoryContext);
	}
	return makeArrayResult(state, CurrentMemoryContext);
}

/*-------------------------------------------------------------------------
 * parse/value.c
 *		JSON values as datums, and datums as the parameters of a call.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "miscadmin.h"
#include "parse/converter.h"
#include "parse/reader.h"
#include "parse/value.h"
#include "utils/array.h"
#include "utils/fmgrprotos.h"

/* elements from which on planning costs less than not knowing them */
#define SD_LONG_LIST	1000

/* planning takes longer than in proportion to the number of conditions */
#define SD_MAX_PARAMS	10000

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
		text = DatumGetCString(DirectFunctionCall1(numeric_out,
												   NumericGetDatum(value->val.numeric)));
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

/* Raises 54000 where what stands at path, which is not NULL, would be a value too many. */
void
sd_check_params(const SdParams *params, const SdPath *path)
{
	if (params->n >= SD_MAX_PARAMS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s: a call may bind at most %d values", sd_path_text(path), SD_MAX_PARAMS),
				 errdetail("Each value counts, and each path into a JSON attribute."),
				 errhint("A list under \"$in\" counts as one, and so does an object under \"$contains\".")));
}

/*
 * Binds one more value; its index is returned and its number in SQL is one
 * more.  Grows in the current context.  Those that a call's documents can make as many
 * of as they like go through sd_check_params() first.
 */
int
sd_param(SdParams *params, Oid type, Datum value, bool isnull)
{
	if (params->n == params->capacity)
	{
		int			capacity = Max(8, params->capacity * 2);

		if (params->capacity == 0)
		{
			params->types = palloc(sizeof(Oid) * capacity);
			params->values = palloc(sizeof(Datum) * capacity);
			params->nulls = palloc(sizeof(char) * capacity);
		}
		else
		{
			params->types = repalloc(params->types, sizeof(Oid) * capacity);
			params->values = repalloc(params->values, sizeof(Datum) * capacity);
			params->nulls = repalloc(params->nulls, sizeof(char) * capacity);
		}
		params->capacity = capacity;
	}
	params->types[params->n] = type;
	params->values[params->n] = value;
	params->nulls[params->n] = isnull ? 'n' : ' ';
	return params->n++;
}

/*
 * Notes that an array is bound.  A plan that does not know its values goes through all of
 * a long one for each row, and takes it for one of ten elements: so PostgreSQL prefers
 * that plan after five calls.  One that is known is hashed, and is estimated for what it is.
 */
void
sd_note_list(SdParams *params, Datum array)
{
	ArrayType  *list = DatumGetArrayTypeP(array);

	params->long_list |= ArrayGetNItems(ARR_NDIM(list), ARR_DIMS(list)) >= SD_LONG_LIST;
}

/*
 * A copy of bound values, in the current context: when values are added to the
 * one, the arrays of the other stay where they are.
 */
SdParams
sd_copy_params(const SdParams *params)
{
	SdParams	copy = *params;

	if (params->capacity == 0)
		return copy;
	copy.types = palloc(sizeof(Oid) * params->capacity);
	copy.values = palloc(sizeof(Datum) * params->capacity);
	copy.nulls = palloc(params->capacity);
	memcpy(copy.types, params->types, sizeof(Oid) * params->n);
	memcpy(copy.values, params->values, sizeof(Datum) * params->n);
	memcpy(copy.nulls, params->nulls, params->n);
	return copy;
}

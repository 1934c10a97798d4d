/*-------------------------------------------------------------------------
 * parse/params.c
 *		The values that a statement binds.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "parse/params.h"
#include "utils/array.h"

/* elements from which on planning costs less than not knowing them */
#define SD_LONG_LIST	1000

/* planning takes longer than in proportion to the number of conditions */
#define SD_MAX_PARAMS	10000

/* Raises 54000 where what stands at path, which is not NULL, would be a value too many. */
void
sd_check_params(const SdParams *params, const SdPath *path)
{
	Assert(path != NULL);
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
	Assert(OidIsValid(type));
	Assert(params->n <= params->capacity);
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
 * one, the arrays and the list of the other stay as they are.
 */
SdParams
sd_copy_params(const SdParams *params)
{
	SdParams	copy = *params;

	copy.bindings = list_copy(params->bindings);
	Assert(params->n <= params->capacity);
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

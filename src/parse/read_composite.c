/*-------------------------------------------------------------------------
 * parse/read_composite.c
 *		Reads arrays, ranges and multiranges.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "parse/read_functions.h"
#include "parse/reader.h"
#include "parse/value.h"
#include "utils/array.h"
#include "utils/multirangetypes.h"
#include "utils/rangetypes.h"
#include "utils/typcache.h"

/* The first element of an array that may be empty; false when it is. */
static bool
first_element(const JsonbValue *array, JsonbValue *element)
{
	SdReader	reader;

	sd_read(&reader, array, NULL);
	if (!sd_next_element(&reader))
		return false;
	*element = reader.value;
	return true;
}

/*
 * Whether a JSON array inside of an array's is another dimension, and no
 * element: elements that are written as arrays themselves are told from it by
 * what is in them.
 */
static bool
is_dimension(const SdConverter *element, const JsonbValue *value)
{
	JsonbValue	inner;
	JsonbValue	innermost;

	if (!sd_is_array(value) || element->read == sd_read_json || element->read == sd_read_array ||
		element->read == sd_read_vector)
		return false;
	if (element->read == sd_read_range)
		/* a range is [bound, bound], where no bound is an array */
		return element->element->read != sd_read_array && first_element(value, &inner) &&
			sd_is_array(&inner);
	if (element->read == sd_read_multirange)
		/* a multirange is [[bound, bound], …], and has no empty range in it */
		return first_element(value, &inner) && sd_is_array(&inner) &&
			(!first_element(&inner, &innermost) || sd_is_array(&innermost));
	return true;
}

/* Builds an array out of JSON arrays nested as deep as the array has dimensions; NULL: empty. */
static ArrayBuildStateAny *
read_elements(SdConverter *converter, const JsonbValue *value, const SdPath *path,
			  SdReading *reading)
{
	ArrayBuildStateAny *state = NULL;
	SdReader	reader;
	bool		nested = false;

	sd_check_depth(path);
	sd_read(&reader, value, path);
	while (sd_next_element(&reader))
	{
		bool		isnull = false;
		Datum		datum;

		CHECK_FOR_INTERRUPTS();
		if (state == NULL)
		{
			nested = is_dimension(converter->element, &reader.value);
			state = initArrayResultAny(nested ? converter->base : converter->element_type,
									   CurrentMemoryContext, false);
		}
		if (nested)
		{
			ArrayBuildStateAny *inner;

			if (!sd_is_array(&reader.value))
				sd_refuse(reading, &reader.path, "an array, as the elements before it");
			inner = read_elements(converter, &reader.value, &reader.path, reading);
			if (inner == NULL)
				sd_refuse(reading, &reader.path, "an array that is not empty");
			datum = makeArrayResultAny(inner, CurrentMemoryContext, false);
		}
		else
			datum = sd_read_inner(converter->element, &reader.value, &reader.path, reading, &isnull);
		state = accumArrayResultAny(state, datum, isnull,
									nested ? converter->base : converter->element_type,
									CurrentMemoryContext);
		/* it has been copied */
		if (nested)
			pfree(DatumGetPointer(datum));
	}
	return state;
}

/* an array as JSON arrays, or as the text of a literal */
Datum
sd_read_array(SdConverter *converter, const JsonbValue *value, SdReading *reading)
{
	ArrayBuildStateAny *state;

	if (!sd_is_array(value))
		return sd_read_other(converter, value, reading);
	state = read_elements(converter, value, reading->path, reading);
	if (state == NULL)
		return PointerGetDatum(construct_empty_array(converter->element_type));
	/* the state is in the current context, which "release" would delete */
	return makeArrayResultAny(state, CurrentMemoryContext, false);
}

/* int2vector and oidvector: arrays that count from 0, of which only the input function knows */
Datum
sd_read_vector(SdConverter *converter, const JsonbValue *value, SdReading *reading)
{
	StringInfoData text;
	SdReader	reader;

	if (!sd_is_array(value))
		return sd_read_other(converter, value, reading);
	initStringInfo(&text);
	sd_read(&reader, value, reading->path);
	while (sd_next_element(&reader))
	{
		CHECK_FOR_INTERRUPTS();
		if (reader.value.type == jbvBinary || reader.value.type == jbvNull)
			sd_refuse(reading, &reader.path, "a number");
		appendStringInfo(&text, "%s ", reader.value.type == jbvNumeric
						 ? sd_integer_text(&reader.value) : sd_scalar_text(&reader.value, NULL));
	}
	return sd_convert_text(converter, text.data);
}

/* One bound of a range: a value, or {"value":…,"inclusive":…}. */
static RangeBound
read_bound(SdConverter *subtype, const JsonbValue *value, bool lower, const SdPath *path,
		   SdReading *reading)
{
	RangeBound	bound = {.lower = lower, .inclusive = lower};
	SdReader	reader;

	if (!sd_is_object(value))
	{
		bound.val = sd_read_inner(subtype, value, path, reading, &bound.infinite);
		return bound;
	}
	bound.infinite = true;
	sd_read(&reader, value, path);
	while (sd_next_member(&reader))
	{
		if (sd_key_is(&reader, "value"))
			bound.val = sd_read_inner(subtype, &reader.value, &reader.path, reading,
									  &bound.infinite);
		else if (sd_key_is(&reader, "inclusive") && reader.value.type == jbvBool)
			bound.inclusive = reader.value.val.boolean;
		else
			sd_refuse(reading, &reader.path, "only \"value\" and \"inclusive\" (true or false) in a bound");
	}
	return bound;
}

/* [lower, upper], at path, as a range; [] is the empty range. */
static RangeType *
read_bounds(SdConverter *converter, const JsonbValue *value, const SdPath *path, SdReading *reading)
{
	RangeBound	bounds[2] = {{.lower = true}, {.lower = false}};
	SdReader	reader;
	int			n = sd_is_array(value) ? sd_array_length(value) : -1;

	if (n != 0 && n != 2)
		sd_refuse(reading, path, "an array of two bounds, or [] for the empty range");
	sd_read(&reader, value, path);
	for (int i = 0; sd_next_element(&reader); i++)
		bounds[i] = read_bound(converter->element, &reader.value, i == 0, &reader.path, reading);
	return sd_make_range(converter->range, &bounds[0], &bounds[1], n == 0);
}

/* a range as an array of two bounds, or as the text of a literal */
Datum
sd_read_range(SdConverter *converter, const JsonbValue *value, SdReading *reading)
{
	if (!sd_is_array(value))
		return sd_read_other(converter, value, reading);
	return RangeTypePGetDatum(read_bounds(converter, value, reading->path, reading));
}

/* a multirange as an array of ranges, or as the text of a literal */
Datum
sd_read_multirange(SdConverter *converter, const JsonbValue *value, SdReading *reading)
{
	RangeType **ranges;
	SdReader	reader;
	int			n = 0;

	if (!sd_is_array(value))
		return sd_read_other(converter, value, reading);
	ranges = palloc(sizeof(RangeType *) * Max(sd_array_length(value), 1));
	sd_read(&reader, value, reading->path);
	while (sd_next_element(&reader))
	{
		CHECK_FOR_INTERRUPTS();
		ranges[n++] = read_bounds(converter, &reader.value, &reader.path, reading);
	}
	return MultirangeTypePGetDatum(make_multirange(converter->base, converter->range, n, ranges));
}

/*-------------------------------------------------------------------------
 * convert/read_composite.c
 *		Reads arrays, ranges and multiranges.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "convert/read_functions.h"
#include "convert/reader.h"
#include "convert/value.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/memutils.h"
#include "utils/multirangetypes.h"
#include "utils/rangetypes.h"
#include "utils/typcache.h"

/* What a JSON array inside of an array's is: an element that is written as an array itself, or not */
typedef enum Nesting
{
	UNCLEAR,
	ELEMENT,
	DIMENSION
} Nesting;

/* A range is [], or [bound, bound], where bounds are objects or scalars. */
static Nesting
nesting_of_range(const JsonbValue *array)
{
	int			n = sd_array_length(array);
	bool		all_null = true;
	SdReader	reader;

	sd_read(&reader, array, NULL);
	while (sd_next_element(&reader))
	{
		if (sd_is_array(&reader.value))
			return DIMENSION;
		if (reader.value.type != jbvNull)
			all_null = false;
	}
	if (n != 0 && n != 2)
		return DIMENSION;
	return n == 2 && all_null ? UNCLEAR : ELEMENT;
}

/* A multirange is an array of ranges, of which none is null or empty. */
static Nesting
nesting_of_multirange(const JsonbValue *array)
{
	SdReader	reader;

	sd_read(&reader, array, NULL);
	while (sd_next_element(&reader))
	{
		if (!sd_is_array(&reader.value) || sd_array_length(&reader.value) == 0 ||
			nesting_of_range(&reader.value) != ELEMENT)
			return DIMENSION;
	}
	return ELEMENT;
}

/* A vector is an array of numbers, of which none is null. */
static Nesting
nesting_of_vector(const JsonbValue *array)
{
	SdReader	reader;

	sd_read(&reader, array, NULL);
	while (sd_next_element(&reader))
	{
		if (reader.value.type == jbvNull || reader.value.type == jbvBinary)
			return DIMENSION;
	}
	return ELEMENT;
}

/*
 * Whether the elements of a JSON array are dimensions of the array that it is
 * read as, and not its elements: what is in them tells.  Where nothing does it
 * is what such an array was written from.
 */
static bool
has_dimensions(const SdConverter *element, const JsonbValue *array, const SdPath *path)
{
	SdReader	reader;

	sd_read(&reader, array, path);
	while (sd_next_element(&reader))
	{
		Nesting		nesting;

		if (!sd_is_array(&reader.value))
			return false;
		if (element->read == sd_read_range)
			nesting = nesting_of_range(&reader.value);
		else if (element->read == sd_read_multirange)
			nesting = nesting_of_multirange(&reader.value);
		else if (element->read == sd_read_vector)
			nesting = nesting_of_vector(&reader.value);
		else
			/* any array is a JSON value, and one of a domain over arrays */
			nesting = element->read == sd_read_json || element->read == sd_read_array
				? ELEMENT : DIMENSION;
		if (nesting != UNCLEAR)
			return nesting == DIMENSION;
	}
	return true;
}

static ArrayBuildStateAny *read_elements(SdConverter *converter, const JsonbValue *value,
										 const SdPath *path, SdReading *reading);

/* Builds an array out of one that stands in another, in cxt, which has nothing else. */
static Datum
read_dimension(SdConverter *converter, const JsonbValue *value, const SdPath *path,
			   SdReading *reading, MemoryContext cxt)
{
	MemoryContext old;
	ArrayBuildStateAny *state;
	Datum		result;

	if (!sd_is_array(value))
		sd_refuse(reading, path, "an array, as the elements before it");
	MemoryContextReset(cxt);
	old = MemoryContextSwitchTo(cxt);
	state = read_elements(converter, value, path, reading);
	if (state == NULL)
		sd_refuse(reading, path, "an array that is not empty");
	result = makeArrayResultAny(state, cxt, false);
	MemoryContextSwitchTo(old);
	return result;
}

/* Builds an array out of JSON arrays nested as deep as the array has dimensions; NULL: empty. */
static ArrayBuildStateAny *
read_elements(SdConverter *converter, const JsonbValue *value, const SdPath *path,
			  SdReading *reading)
{
	ArrayBuildStateAny *state = NULL;
	MemoryContext inner = NULL;
	SdReader	reader;
	bool		nested;

	sd_check_depth(path);
	nested = has_dimensions(converter->element, value, path);
	sd_read(&reader, value, path);
	while (sd_next_element(&reader))
	{
		bool		isnull = false;
		Datum		datum;

		CHECK_FOR_INTERRUPTS();
		if (state == NULL)
		{
			state = initArrayResultAny(nested ? converter->base : converter->element_type,
									   CurrentMemoryContext, false);
			/* to read an array in this one takes many times what is in it */
			if (nested)
				inner = AllocSetContextCreate(CurrentMemoryContext, "studentdir dimension",
											  ALLOCSET_SMALL_SIZES);
		}
		datum = nested
			? read_dimension(converter, &reader.value, &reader.path, reading, inner)
			: sd_read_inner(converter->element, &reader.value, &reader.path, reading, &isnull);
		/* copies it */
		state = accumArrayResultAny(state, datum, isnull,
									nested ? converter->base : converter->element_type,
									CurrentMemoryContext);
	}
	if (inner != NULL)
		MemoryContextDelete(inner);
	return state;
}

/* an array as JSON arrays, or as the text of a literal */
Datum
sd_read_array(SdConverter *converter, const JsonbValue *value, SdReading *reading)
{
	ArrayBuildStateAny *state;

	if (!sd_is_array(value))
		return sd_read_other(converter, value, reading);
	Assert(OidIsValid(converter->element_type) && converter->element != NULL);
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
	Assert(converter->range->type_id == converter->base);
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
	Assert(n == sd_array_length(value));
	return MultirangeTypePGetDatum(make_multirange(converter->base, converter->range, n, ranges));
}

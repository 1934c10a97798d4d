/*-------------------------------------------------------------------------
 * parse/value.c
 *		Turns JSON values into datums of the types that attributes have.
 *
 * The column's type rules: "58" is an integer for an integer attribute, 5 is
 * the text '5' for a text one.  What a type's input function refuses comes
 * through with its own SQLSTATE and message, and a DETAIL that says where in
 * the document the value stands.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "parse/reader.h"
#include "parse/value.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rangetypes.h"
#include "utils/typcache.h"

/* planning takes longer than in proportion to the number of conditions */
#define SD_MAX_PARAMS	10000

/* the value being converted, for the error context callback */
typedef struct Conversion
{
	const char *name;
	Oid			type;
	const SdPath *path;
} Conversion;

static Datum convert(const JsonbValue *value, Oid type, const char *name, const SdPath *path,
					 bool *isnull);

/*
 * Adds where the value stands to what an input function raised, after the
 * function's own DETAIL if it gave one; for programs, the attribute's name.
 */
static void
conversion_context(void *arg)
{
	Conversion *conversion = arg;
	MemoryContext old;
	ErrorData  *error;

	/* what is raised here with 22023 says it all itself */
	if (ERRCODE_TO_CATEGORY(geterrcode()) != ERRCODE_DATA_EXCEPTION ||
		geterrcode() == ERRCODE_INVALID_PARAMETER_VALUE)
		return;
	old = MemoryContextSwitchTo(CurTransactionContext);
	error = CopyErrorData();
	MemoryContextSwitchTo(old);
	if (error->elevel >= ERROR)
	{
		errdetail_internal("%s%sThis is about %s, a value for \"%s\" of type %s.",
						   error->detail ? error->detail : "",
						   error->detail ? " " : "",
						   sd_path_text(conversion->path),
						   conversion->name,
						   format_type_be(conversion->type));
		err_generic_string(PG_DIAG_COLUMN_NAME, conversion->name);
	}
	FreeErrorData(error);
}

/* Calls a type's input function. */
static Datum
input(char *text, Oid type)
{
	Oid			function,
				ioparam;

	getTypeInputInfo(type, &function, &ioparam);
	return OidInputFunctionCall(function, text, ioparam, -1);
}

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

/* Builds an array out of JSON arrays nested as deep as the array has dimensions. */
static ArrayBuildStateAny *
convert_elements(const JsonbValue *value, Oid array_type, Oid element, const char *name,
				 const SdPath *path)
{
	ArrayBuildStateAny *state = NULL;
	Oid			base = getBaseType(element);
	SdReader	reader;
	bool		nested = false;

	sd_check_depth(path);
	sd_read(&reader, value, path);
	while (sd_next_element(&reader))
	{
		bool		isnull = false;
		Datum		datum;

		if (state == NULL)
		{
			nested = sd_is_array(&reader.value) && get_element_type(base) == InvalidOid &&
				base != JSONOID && base != JSONBOID && !type_is_range(base);
			state = initArrayResultAny(nested ? array_type : element, CurrentMemoryContext, false);
		}
		if (nested)
		{
			ArrayBuildStateAny *inner;

			if (!sd_is_array(&reader.value))
				sd_bad_shape(&reader.path, "an array, as the elements before it");
			inner = convert_elements(&reader.value, array_type, element, name, &reader.path);
			if (inner == NULL)
				sd_bad_shape(&reader.path, "an array that is not empty");
			datum = makeArrayResultAny(inner, CurrentMemoryContext, false);
		}
		else
			datum = convert(&reader.value, element, name, &reader.path, &isnull);
		state = accumArrayResultAny(state, datum, isnull, nested ? array_type : element,
									CurrentMemoryContext);
	}
	return state;
}

/* A JSON array as an array datum. */
static Datum
convert_array(const JsonbValue *value, Oid array_type, Oid element, const char *name,
			  const SdPath *path)
{
	ArrayBuildStateAny *state = convert_elements(value, array_type, element, name, path);

	if (state == NULL)
		return PointerGetDatum(construct_empty_array(element));
	/* the state is in the current context, which "release" would delete */
	return makeArrayResultAny(state, CurrentMemoryContext, false);
}

/* One bound of a range: a value, or {"value":…,"inclusive":…}. */
static RangeBound
convert_bound(const JsonbValue *value, Oid subtype, bool lower, const char *name,
			  const SdPath *path)
{
	RangeBound	bound = {.lower = lower, .inclusive = lower};

	if (sd_is_object(value))
	{
		SdReader	reader;

		bound.infinite = true;
		sd_read(&reader, value, path);
		while (sd_next_member(&reader))
		{
			if (sd_key_is(&reader, "value"))
				bound.val = convert(&reader.value, subtype, name, &reader.path, &bound.infinite);
			else if (sd_key_is(&reader, "inclusive") && reader.value.type == jbvBool)
				bound.inclusive = reader.value.val.boolean;
			else
				sd_bad_shape(&reader.path, "only \"value\" and \"inclusive\" (true or false) in a bound");
		}
	}
	else
		bound.val = convert(value, subtype, name, path, &bound.infinite);
	return bound;
}

/* [lower, upper] as a range; [] is the empty range. */
static Datum
convert_range(const JsonbValue *value, Oid type, const char *name, const SdPath *path)
{
	TypeCacheEntry *range = lookup_type_cache(type, TYPECACHE_RANGE_INFO);
	Oid			subtype = range->rngelemtype->type_id;
	RangeBound	bounds[2] = {{.lower = true}, {.lower = false}};
	SdReader	reader;
	int			n = sd_array_length(value);

	if (n != 0 && n != 2)
		sd_bad_shape(path, "an array of two bounds, or [] for the empty range");
	sd_read(&reader, value, path);
	for (int i = 0; sd_next_element(&reader); i++)
		bounds[i] = convert_bound(&reader.value, subtype, i == 0, name, &reader.path);
	return RangeTypePGetDatum(sd_make_range(range, &bounds[0], &bounds[1], n == 0));
}

/* Any JSON value as a value of type json or jsonb. */
static Datum
convert_json(const JsonbValue *value, Oid type)
{
	Jsonb	   *jsonb = JsonbValueToJsonb(unconstify(JsonbValue *, value));

	if (type == JSONBOID)
		return JsonbPGetDatum(jsonb);
	return CStringGetTextDatum(JsonbToCString(NULL, &jsonb->root, VARSIZE(jsonb)));
}

/* A value of a domain over base, which is an array's element; the domain's rules are checked. */
static Datum
convert_domain(const JsonbValue *value, Oid domain, Oid base, const char *name,
			   const SdPath *path, bool *isnull)
{
	Datum		datum = convert(value, base, name, path, isnull);

	/* only the input function knows of the length that a domain may give its base type */
	if (!*isnull && value->type != jbvBinary && base != JSONOID && base != JSONBOID)
	{
		Oid			function;
		bool		is_varlena;

		getTypeOutputInfo(base, &function, &is_varlena);
		return input(OidOutputFunctionCall(function, datum), domain);
	}
	domain_check(datum, *isnull, domain, NULL, CurrentMemoryContext);
	return datum;
}

/* A value of one type; see sd_value(). */
static Datum
convert(const JsonbValue *value, Oid type, const char *name, const SdPath *path,
		bool *isnull)
{
	Oid			element = getBaseType(type);

	if (element != type)
		return convert_domain(value, type, element, name, path, isnull);

	*isnull = value->type == jbvNull;
	if (*isnull)
		return (Datum) 0;

	if (type == JSONOID || type == JSONBOID)
		return convert_json(value, type);

	if (value->type == jbvBinary)
	{
		element = get_element_type(type);
		if (sd_is_array(value) && OidIsValid(element))
			return convert_array(value, type, element, name, path);
		if (sd_is_array(value) && type_is_range(type))
			return convert_range(value, type, name, path);
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: \"%s\" takes a value of type %s, not %s",
						sd_path_text(path), name, format_type_be(type),
						sd_is_array(value) ? "an array" : "an object")));
	}

	switch (type)
	{
		case TEXTOID:
		case VARCHAROID:
			if (value->type == jbvString)
				return PointerGetDatum(cstring_to_text_with_len(value->val.string.val,
																value->val.string.len));
			return CStringGetTextDatum(sd_scalar_text(value, NULL));
		case BOOLOID:
			if (value->type == jbvBool)
				return BoolGetDatum(value->val.boolean);
			return input(sd_scalar_text(value, NULL), type);
		case NUMERICOID:
			if (value->type == jbvNumeric)
				return PointerGetDatum(PG_DETOAST_DATUM_COPY(NumericGetDatum(value->val.numeric)));
			return input(sd_scalar_text(value, NULL), type);
		case INT2OID:
		case INT4OID:
		case INT8OID:
			if (value->type == jbvNumeric)
				return input(sd_integer_text(value), type);
			return input(sd_scalar_text(value, NULL), type);
		default:
			return input(sd_scalar_text(value, NULL), type);
	}
}

/*
 * The value at path as a datum of the given type, in the current context; name
 * is what messages call it by.  *isnull is set for a JSON null.
 *
 * Raises 22023 for an object or array where the type takes none, and what the
 * type's input function raises.
 */
Datum
sd_value(const JsonbValue *value, Oid type, const char *name, const SdPath *path, bool *isnull)
{
	Conversion	conversion = {.name = name, .type = type, .path = path};
	ErrorContextCallback callback = {
		.previous = error_context_stack,
		.callback = conversion_context,
		.arg = &conversion
	};
	Datum		datum;

	error_context_stack = &callback;
	datum = convert(value, type, name, path, isnull);
	error_context_stack = callback.previous;
	return datum;
}

/*
 * The value at path as the attribute's column takes it, in the current context;
 * *isnull is set for a JSON null.
 *
 * Raises what sd_value() raises, and what the type raises for a value that is
 * too long (22001) or too large (22003) for the column.
 */
Datum
sd_attribute_value(const SdAttribute *attr, const JsonbValue *value, const SdPath *path,
				   bool *isnull)
{
	Conversion	conversion = {.name = attr->name, .type = attr->type, .path = path};
	ErrorContextCallback callback = {
		.previous = error_context_stack,
		.callback = conversion_context,
		.arg = &conversion
	};
	Datum		datum;

	error_context_stack = &callback;
	datum = convert(value, attr->type, attr->name, path, isnull);
	if (!*isnull && attr->typmod >= 0)
		datum = OidFunctionCall3(attr->length_function, datum, Int32GetDatum(attr->typmod),
								 BoolGetDatum(false));
	error_context_stack = callback.previous;
	return datum;
}

/*
 * A JSON array at path as one array of values of the given type, in the
 * current context.  Raises what sd_value() raises for its elements.
 */
Datum
sd_value_array(const JsonbValue *value, Oid type, const char *name, const SdPath *path)
{
	ArrayBuildState *state = initArrayResult(type, CurrentMemoryContext, false);
	SdReader	reader;

	sd_read(&reader, value, path);
	while (sd_next_element(&reader))
	{
		bool		isnull;
		Datum		datum = sd_value(&reader.value, type, name, &reader.path, &isnull);

		accumArrayResult(state, datum, isnull, type, CurrentMemoryContext);
	}
	return makeArrayResult(state, CurrentMemoryContext);
}

/*
 * Binds one more value; its index is returned and its number in SQL is one
 * more.  Grows in the current context.  Raises 54000 when there are too many.
 */
int
sd_param(SdParams *params, Oid type, Datum value, bool isnull)
{
	if (params->n == SD_MAX_PARAMS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a call may bind at most %d values", SD_MAX_PARAMS),
				 errhint("A list under \"$in\" counts as one.")));
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

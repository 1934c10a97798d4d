/*-------------------------------------------------------------------------
 * convert/converter.c
 *		Chooses how JSON values become values of a type, and reads them.
 *
 * The column's type rules: "58" is an integer for an integer attribute, 5 is
 * the text '5' for a text one.  What a type's own functions refuse comes
 * through with their SQLSTATE and message, and a DETAIL that says where in the
 * document the value stands.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "access/transam.h"
#include "catalog/pg_type.h"
#include "convert/read_functions.h"
#include "convert/reader.h"
#include "json/exact_text.h"
#include "miscadmin.h"
#include "parser/parse_coerce.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

/*
 * Whether an error that a type's function raised is about the value.  Types of
 * extensions, hstore for one, have internal errors for text that they cannot
 * read.
 */
static bool
is_about_value(int code, Oid type)
{
	switch (ERRCODE_TO_CATEGORY(code))
	{
		case ERRCODE_DATA_EXCEPTION:
		case ERRCODE_FEATURE_NOT_SUPPORTED:
		case ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION:
		case ERRCODE_PROGRAM_LIMIT_EXCEEDED:
		case ERRCODE_INVALID_SCHEMA_NAME:
		case ERRCODE_SYNTAX_ERROR_OR_ACCESS_RULE_VIOLATION:
			return true;
		default:
			return code == ERRCODE_INTERNAL_ERROR && type >= FirstNormalObjectId;
	}
}

/*
 * Adds where the value stands to what a type's function raised, after the
 * function's own DETAIL if it gave one; for programs, the attribute's name.
 */
static void
reading_context(void *arg)
{
	SdReading  *reading = arg;
	MemoryContext old;
	ErrorData  *error;

	if (!is_about_value(geterrcode(), reading->type))
		return;
	old = MemoryContextSwitchTo(CurTransactionContext);
	error = CopyErrorData();
	MemoryContextSwitchTo(old);
	if (error->elevel >= ERROR)
	{
		/* what types that are written in a language of their own call it */
		if (error->sqlerrcode == ERRCODE_SYNTAX_ERROR ||
			error->sqlerrcode == ERRCODE_INTERNAL_ERROR)
			errcode(ERRCODE_INVALID_TEXT_REPRESENTATION);
		if (reading->type == DATEOID || reading->type == TIMESTAMPOID || reading->type == TIMESTAMPTZOID)
			errhint("Dates and times are written in ISO 8601: \"2026-11-22\", \"2026-11-22T15:34:48.778Z\". For a number of milliseconds use JavaScript's toISOString().");
		/* what a type says of a value shows it */
		if (reading->secret)
			errmsg_internal("the value cannot be of type %s", format_type_be(reading->type));
		errdetail_internal("%s%sThis is about %s, a value for \"%s\" of type %s.",
						   error->detail && !reading->secret ? error->detail : "",
						   error->detail && !reading->secret ? " " : "",
						   sd_path_text(reading->path),
						   reading->name,
						   format_type_be(reading->type));
		err_generic_string(PG_DIAG_COLUMN_NAME, reading->name);
	}
	FreeErrorData(error);
}

/* From here to sd_reading_end(), errors of types say which value they are about. */
void
sd_reading_begin(SdReading *reading)
{
	reading->callback.previous = error_context_stack;
	reading->callback.callback = reading_context;
	reading->callback.arg = reading;
	error_context_stack = &reading->callback;
}

void
sd_reading_end(SdReading *reading)
{
	Assert(error_context_stack == &reading->callback);
	error_context_stack = reading->callback.previous;
}

/* Raises 22023: the value at path is not what the type takes; expected reads "an object". */
void
sd_refuse(SdReading *reading, const SdPath *path, const char *expected)
{
	/* it says by itself where the value stands */
	error_context_stack = reading->callback.previous;
	sd_bad_shape(path, expected);
}

/* Raises 22023: the type takes no such object or array. */
void
sd_refuse_container(SdConverter *converter, const JsonbValue *value, SdReading *reading)
{
	error_context_stack = reading->callback.previous;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s: \"%s\" takes a value of type %s, not %s",
					sd_path_text(reading->path), reading->name, format_type_be(converter->base),
					sd_is_array(value) ? "an array" : "an object")));
}

/* Calls the base type's input function; the modifiers of the type are obeyed. */
Datum
sd_convert_text(SdConverter *converter, char *text)
{
	Assert(text != NULL && converter->cxt != NULL);
	if (!OidIsValid(converter->function.fn_oid))
	{
		Oid			function;

		getTypeInputInfo(converter->base, &function, &converter->ioparam);
		fmgr_info_cxt(function, &converter->function, converter->cxt);
	}
	return InputFunctionCall(&converter->function, text, converter->ioparam, converter->typmod);
}

/* Makes a value of the base type that no input function has seen obey the type's modifiers. */
Datum
sd_fit_length(SdConverter *converter, Datum value)
{
	if (converter->typmod < 0)
		return value;
	if (!OidIsValid(converter->length.fn_oid))
	{
		Oid			function;

		if (find_typmod_coercion_function(converter->base, &function) != COERCION_PATH_FUNC)
			return value;
		fmgr_info_cxt(function, &converter->length, converter->cxt);
	}
	if (converter->length.fn_nargs == 2)
		return FunctionCall2(&converter->length, value, Int32GetDatum(converter->typmod));
	Assert(converter->length.fn_nargs == 3);
	return FunctionCall3(&converter->length, value, Int32GetDatum(converter->typmod),
						 BoolGetDatum(false));
}

/* The read function of a built-in type that has one of its own, else NULL. */
static SdReadFunc
builtin_read_func(Oid type)
{
	switch (type)
	{
		case TEXTOID:
		case VARCHAROID:
			return sd_read_text;
		case BOOLOID:
			return sd_read_bool;
		case INT2OID:
		case INT4OID:
		case INT8OID:
			return sd_read_integer;
		case NUMERICOID:
			return sd_read_numeric;
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			return sd_read_timestamp;
		case JSONOID:
		case JSONBOID:
			return sd_read_json;
		case BYTEAOID:
			return sd_read_bytea;
		case JSONPATHOID:
			return sd_read_jsonpath;
		case INT2VECTOROID:
		case OIDVECTOROID:
			return sd_read_vector;
		case BPCHAROID:
		case DATEOID:
		case FLOAT4OID:
		case FLOAT8OID:
		case UUIDOID:
			return sd_read_other;
		default:
			return NULL;
	}
}

/* Whether a type has a binary form to be read. */
static bool
has_binary_input(Oid type)
{
	HeapTuple	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
	bool		result;

	if (!HeapTupleIsValid(tuple))
		return false;
	result = OidIsValid(((Form_pg_type) GETSTRUCT(tuple))->typreceive);
	ReleaseSysCache(tuple);
	return result;
}

/*
 * Prepares converter for values of a type, which may be a domain (typmod is -1
 * then).  What it needs is allocated in cxt, which has to live as long.
 */
void
sd_converter_init(SdConverter *converter, Oid type, int32 typmod, MemoryContext cxt)
{
	check_stack_depth();

	memset(converter, 0, sizeof(SdConverter));
	converter->type = converter->base = type;
	converter->typmod = typmod;
	converter->cxt = cxt;
	/* none of these is a domain */
	converter->read = builtin_read_func(type);
	if (converter->read != NULL)
		return;
	converter->base = getBaseTypeAndTypmod(type, &converter->typmod);
	if (type != converter->base)
		converter->domain_by_text = !has_binary_input(converter->base);
	converter->read = builtin_read_func(converter->base);
	if (converter->read != NULL)
		return;

	converter->element_type = get_element_type(converter->base);
	if (OidIsValid(converter->element_type))
	{
		/* an array's modifiers are those of its elements */
		converter->element = sd_make_converter(converter->element_type,
											   get_typtype(converter->element_type) == TYPTYPE_DOMAIN
											   ? -1 : converter->typmod, cxt);
		converter->read = sd_read_array;
		return;
	}
	switch (get_typtype(converter->base))
	{
		case TYPTYPE_RANGE:
			converter->range = lookup_type_cache(converter->base, TYPECACHE_RANGE_INFO);
			converter->read = sd_read_range;
			break;
		case TYPTYPE_MULTIRANGE:
			converter->range = lookup_type_cache(get_multirange_range(converter->base),
												 TYPECACHE_RANGE_INFO);
			converter->read = sd_read_multirange;
			break;
		case TYPTYPE_COMPOSITE:
			converter->read = sd_read_row;
			break;
		default:
			converter->read = converter->base >= FirstNormalObjectId && sd_is_hstore(converter->base)
				? sd_read_hstore : sd_read_other;
	}
	if (converter->range != NULL)
		converter->element = sd_make_converter(converter->range->rngelemtype->type_id, -1, cxt);
}

/* A converter for values of a type, made in cxt; see sd_converter_init(). */
SdConverter *
sd_make_converter(Oid type, int32 typmod, MemoryContext cxt)
{
	SdConverter *converter = MemoryContextAlloc(cxt, sizeof(SdConverter));

	sd_converter_init(converter, type, typmod, cxt);
	return converter;
}

/* Whether values of a type are written as objects, or as arrays, as the container is one. */
bool
sd_type_reads(Oid type, const JsonbValue *container)
{
	SdConverter converter;

	Assert(container->type == jbvBinary);
	sd_converter_init(&converter, type, -1, CurrentMemoryContext);
	if (converter.read == sd_read_json)
		return true;
	return sd_is_array(container)
		? converter.read == sd_read_array || converter.read == sd_read_vector ||
		converter.read == sd_read_range || converter.read == sd_read_multirange
		: converter.read == sd_read_row || converter.read == sd_read_hstore;
}

/*
 * Checks what a domain says of a value.  domain_check() raises an error for
 * types without a binary form, whose domains are checked as text is read.
 */
static Datum
check_domain(SdConverter *converter, Datum value, bool isnull)
{
	Oid			function;
	Oid			ioparam;

	if (!converter->domain_by_text)
	{
		domain_check(value, isnull, converter->type, &converter->domain, converter->cxt);
		return value;
	}
	getTypeInputInfo(converter->type, &function, &ioparam);
	return OidInputFunctionCall(function,
								isnull ? NULL : sd_exact_text(value, converter->base),
								ioparam, -1);
}

/* Reads a value that may be null, and checks what a domain says of it. */
static Datum
read_value(SdConverter *converter, const JsonbValue *value, SdReading *reading, bool *isnull)
{
	Datum		datum = (Datum) 0;

	*isnull = value->type == jbvNull;
	if (!*isnull)
		datum = converter->read(converter, value, reading);
	if (converter->type != converter->base)
		datum = check_domain(converter, datum, *isnull);
	return datum;
}

/* Reads what stands at path inside of the value that is being read. */
Datum
sd_read_inner(SdConverter *converter, const JsonbValue *value, const SdPath *path,
			  SdReading *reading, bool *isnull)
{
	const SdPath *outer = reading->path;
	Datum		datum;

	reading->path = path;
	datum = read_value(converter, value, reading, isnull);
	reading->path = outer;
	return datum;
}

/*
 * The value at path, in the current context; name is what messages call it by.
 * *isnull is set for a JSON null.
 *
 * Raises 22023 for an object or array where the type takes none, and what the
 * type's functions raise: for text that is no such value, for one that is too
 * long (22001) or too large (22003), for what a domain forbids (class 23).
 */
Datum
sd_convert(SdConverter *converter, const JsonbValue *value, const char *name, const SdPath *path,
			  bool *isnull)
{
	SdReading	reading = {
		.name = name, .type = converter->type, .path = path, .secret = converter->secret
	};
	Datum		datum;

	Assert(converter->read != NULL && OidIsValid(converter->base));
	sd_reading_begin(&reading);
	datum = read_value(converter, value, &reading, isnull);
	sd_reading_end(&reading);
	return datum;
}

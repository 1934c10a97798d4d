/*-------------------------------------------------------------------------
 * convert/conversion.c
 *		Converts the values of options.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "convert/conversion.h"
#include "convert/converter.h"
#include "convert/like_pattern.h"
#include "convert/read_functions.h"
#include "convert/reader.h"
#include "convert/value.h"
#include "regex/regex.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rangetypes.h"
#include "utils/typcache.h"

/* The type of what a conversion to a type, or to a list of its values, gives. */
Oid
sd_conversion_type(SdConversion conversion, Oid type)
{
	switch (conversion)
	{
		case SD_CONVERT_VALUE:
		case SD_CONVERT_RANGE:
		case SD_CONVERT_LOWEST:
		case SD_CONVERT_HIGHEST:
			return type;
		case SD_CONVERT_LIST:
			return get_array_type(type);
		case SD_CONVERT_LIKES:
		case SD_CONVERT_REGEXPS:
		case SD_CONVERT_STRINGS:
			return TEXTARRAYOID;
		case SD_CONVERT_COUNT:
			return INT8OID;
		default:
			return TEXTOID;
	}
}

/* Whether a value is converted to a type in the same way at any time, in any session. */
bool
sd_conversion_is_settled(SdConversion conversion, Oid type, const JsonbValue *value)
{
	if (conversion > SD_CONVERT_HIGHEST)
		return true;
	switch (type)
	{
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
		case BOOLOID:
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case FLOAT4OID:
		case FLOAT8OID:
		case NUMERICOID:
		case UUIDOID:
		case JSONOID:
		case JSONBOID:
		case TEXTARRAYOID:
		case VARCHARARRAYOID:
		case INT4ARRAYOID:
		case INT8ARRAYOID:
		case NUMERICARRAYOID:
			return true;
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			return conversion == SD_CONVERT_VALUE && sd_is_settled_time(value, type);
		default:
			return false;
	}
}

/* A number of rows: digits alone, with no sign. */
static Datum
convert_count(const JsonbValue *value, const SdPath *path)
{
	char	   *text = NULL;

	if (value->type == jbvNumeric)
		text = sd_integer_text(value);
	else if (value->type == jbvString)
		text = sd_string(value);
	if (text == NULL || text[0] == '\0' || strlen(text) > 18 ||
		strspn(text, "0123456789") != strlen(text))
		sd_bad_shape(path, "a whole number, 0 or more");
	return Int64GetDatum(strtoll(text, NULL, 10));
}

/* An array of strings, as text[]. */
static Datum
convert_strings(const JsonbValue *value, const char *name, const SdPath *path)
{
	SdReader	reader;

	if (!sd_is_array(value))
		sd_bad_shape(path, "an array of strings");
	sd_read(&reader, value, path);
	while (sd_next_element(&reader))
	{
		if (reader.value.type != jbvString)
			sd_bad_shape(&reader.path, "a string");
	}
	return sd_value_array(value, TEXTOID, name, path);
}

/* The range of a value, or of one value that is its both bounds. */
static Datum
convert_range(const JsonbValue *value, Oid type, const char *name, const SdPath *path)
{
	RangeBound	lower = {.lower = true, .inclusive = true};
	RangeBound	upper = {.inclusive = true};
	bool		isnull;

	if (value->type == jbvBinary)
		return sd_value(value, type, name, path, &isnull);
	Assert(value->type != jbvNull);
	lower.val = upper.val = sd_value(value, get_range_subtype(type), name, path, &isnull);
	return RangeTypePGetDatum(sd_make_range(lookup_type_cache(type, TYPECACHE_RANGE_INFO),
											&lower, &upper, false));
}

/* One of the two bounds that an array holds. */
static Datum
convert_bound(bool highest, Oid type, const char *name, const JsonbValue *value,
			  const SdPath *path, bool *isnull)
{
	SdReader	reader;

	if (!sd_is_array(value) || sd_array_length(value) != 2)
		sd_bad_shape(path, "an array of two values, the lowest and the highest");
	sd_read(&reader, value, path);
	sd_next_element(&reader);
	if (highest)
		sd_next_element(&reader);
	return sd_convert_option(SD_CONVERT_VALUE, type, name, &reader.value, &reader.path, isnull);
}

/* Raises 2201B, with the path, for what is no regular expression; the operator finds it compiled. */
static void
check_regexp(const char *text, const char *name, const SdPath *path)
{
	SdReading	reading = {.path = path, .name = name, .type = TEXTOID};

	sd_reading_begin(&reading);
	RE_compile_and_cache(cstring_to_text(text), REG_ADVANCED, DEFAULT_COLLATION_OID);
	sd_reading_end(&reading);
}

/* Raises 22025 for a pattern that ends within an escape, whatever rows it meets. */
static void
check_like(const char *text, const SdPath *path)
{
	bool		escaped = false;

	for (const char *c = text; *c != '\0'; c++)
		escaped = *c == '\\' && !escaped;
	if (escaped)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_ESCAPE_SEQUENCE),
				 errmsg("%s: the pattern ends with \"\\\", which escapes the character after it",
						sd_path_text(path)),
				 errhint("\"\\\\\" stands for one \"\\\".")));
}

/* An array of patterns, as text[]; what is no string becomes one. */
static Datum
convert_patterns(bool like, const JsonbValue *value, const char *name, const SdPath *path)
{
	SdReader	reader;

	if (!sd_is_array(value))
		sd_bad_shape(path, "an array of values");
	sd_read(&reader, value, path);
	while (sd_next_element(&reader))
	{
		if (reader.value.type != jbvString)
			continue;
		if (like)
			check_like(sd_string(&reader.value), &reader.path);
		else
			check_regexp(sd_string(&reader.value), name, &reader.path);
	}
	return sd_value_array(value, TEXTOID, name, path);
}

/* A string for an operator of texts, or beside it. */
static char *
convert_string(SdConversion conversion, const char *name, const JsonbValue *value,
			   const SdPath *path)
{
	char	   *text;

	if (value->type != jbvString)
		sd_bad_shape(path, "a string");
	text = sd_string(value);
	switch (conversion)
	{
		case SD_CONVERT_PREFIX:
			return sd_like_literal(text, false, true);
		case SD_CONVERT_SUFFIX:
			return sd_like_literal(text, true, false);
		case SD_CONVERT_INFIX:
			return sd_like_literal(text, true, true);
		case SD_CONVERT_PREFIX_END:
			return sd_prefix_end(text);
		case SD_CONVERT_LIKE:
			check_like(text, path);
			return text;
		case SD_CONVERT_REGEXP:
			check_regexp(text, name, path);
			return text;
		default:
			Assert(conversion == SD_CONVERT_STRING);
			return text;
	}
}

/*
 * A value converted, in the current context; *isnull is set for a JSON null, and
 * for SD_CONVERT_PREFIX_END where nothing is beyond.  type is that of the value,
 * or of the elements of a list.
 *
 * Raises 22023 for a wrong shape, 22025 and 2201B for a pattern that is none, and
 * what sd_value() raises.
 */
Datum
sd_convert_option(SdConversion conversion, Oid type, const char *name, const JsonbValue *value,
		   const SdPath *path, bool *isnull)
{
	char	   *text;

	*isnull = value->type == jbvNull;
	if (*isnull && conversion == SD_CONVERT_COUNT)
		sd_bad_shape(path, "a whole number, 0 or more");
	if (*isnull)
		return (Datum) 0;
	switch (conversion)
	{
		case SD_CONVERT_VALUE:
			return sd_value(value, type, name, path, isnull);
		case SD_CONVERT_LIST:
			if (!sd_is_array(value))
				sd_bad_shape(path, "an array of values");
			return sd_value_array(value, type, name, path);
		case SD_CONVERT_RANGE:
			return convert_range(value, type, name, path);
		case SD_CONVERT_LOWEST:
		case SD_CONVERT_HIGHEST:
			return convert_bound(conversion == SD_CONVERT_HIGHEST, type, name, value, path,
								 isnull);
		case SD_CONVERT_LIKES:
		case SD_CONVERT_REGEXPS:
			return convert_patterns(conversion == SD_CONVERT_LIKES, value, name, path);
		case SD_CONVERT_STRINGS:
			return convert_strings(value, name, path);
		case SD_CONVERT_COUNT:
			return convert_count(value, path);
		default:
			text = convert_string(conversion, name, value, path);
			*isnull = text == NULL;
			return text == NULL ? (Datum) 0 : CStringGetTextDatum(text);
	}
}

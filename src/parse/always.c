/*-------------------------------------------------------------------------
 * parse/always.c
 *		What comparisons with a value are for all values at once.
 *
 * Only values that make a comparison the same for everything are known: patterns that
 * match every text, arrays and ranges with nothing or everything in them.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include <ctype.h>

#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "parse/always.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/rangetypes.h"
#include "utils/typcache.h"

/* Whether an array has no elements. */
bool
sd_array_is_empty(Datum value)
{
	ArrayType  *array = DatumGetArrayTypeP(value);

	return ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)) == 0;
}

/* Whether a backslash of a regular expression stands before a character that means itself, or a class: \d. */
static bool
is_plain_escape(char escaped)
{
	return escaped != '\0' && (strchr("dDsSwW", escaped) != NULL ||
							   (!IS_HIGHBIT_SET(escaped) && ispunct((unsigned char) escaped)));
}

/*
 * Whether every text matches a regular expression.  One without anchors that matches
 * the empty text matches all, since that is at the beginning of each; so it does behind
 * ^, or before $.
 */
static bool
regexp_matches_all(const char *pattern)
{
	static const char *const anything[] = {".*", "(.*)", "[\\s\\S]*"};
	const char *start = pattern[0] == '^' ? pattern + 1 : pattern;
	int			len = strlen(start);

	/* what says how the rest is read */
	if (strncmp(start, "***", 3) == 0)
		return false;
	for (int i = 0; i < lengthof(anything); i++)
	{
		if (len == strlen(anything[i]) + 1 && start[len - 1] == '$' &&
			strncmp(start, anything[i], len - 1) == 0)
			return true;
	}
	if (start == pattern && len > 0 && start[len - 1] == '$' && (len == 1 || start[len - 2] != '\\'))
		len--;
	for (int i = 0; i < len; i++)
	{
		if (start[i] == '\\' && i + 1 < len && is_plain_escape(start[i + 1]))
			i++;
		else if (start[i] == '\\' || start[i] == '$' ||
				 (start[i] == '^' && (i == 0 || start[i - 1] != '[')) ||
				 (start[i] == '(' && i + 1 < len && start[i + 1] == '?'))
			return false;
	}
	return DatumGetBool(DirectFunctionCall2Coll(textregexeq, C_COLLATION_OID,
												CStringGetTextDatum(""),
												PointerGetDatum(cstring_to_text_with_len(start, len))));
}

/* Whether every text matches a pattern of LIKE or a regular expression. */
static bool
matches_all(SdOperator op, Oid type, Datum value)
{
	const char *pattern;

	Assert(op == SD_OP_LIKE || op == SD_OP_ILIKE || op == SD_OP_REGEXP || op == SD_OP_IREGEXP);
	if (type != TEXTOID)
		return false;
	pattern = TextDatumGetCString(value);
	if (op == SD_OP_LIKE || op == SD_OP_ILIKE)
		return pattern[0] != '\0' && pattern[strspn(pattern, "%")] == '\0';
	return regexp_matches_all(pattern);
}

/* Whether it is the empty text, which is before all others in every collation. */
static bool
is_empty_text(Oid type, Datum value)
{
	return type == TEXTOID && VARSIZE_ANY_EXHDR(DatumGetTextPP(value)) == 0;
}

typedef enum SdExtent
{
	SD_EXTENT_NONE,				/* nothing is in it */
	SD_EXTENT_SOME,
	SD_EXTENT_ALL				/* every value is in it */
} SdExtent;

/* How much is in an array or a range. */
static SdExtent
extent(Oid type, Datum value)
{
	RangeType  *range;
	RangeBound	lower,
				upper;
	bool		is_empty;

	if (type_is_array(type))
		return sd_array_is_empty(value) ? SD_EXTENT_NONE : SD_EXTENT_SOME;
	if (!type_is_range(type))
		return SD_EXTENT_SOME;
	range = DatumGetRangeTypeP(value);
	range_deserialize(lookup_type_cache(RangeTypeGetOid(range), TYPECACHE_RANGE_INFO), range,
					  &lower, &upper, &is_empty);
	return is_empty ? SD_EXTENT_NONE : lower.infinite && upper.infinite ? SD_EXTENT_ALL : SD_EXTENT_SOME;
}

static SdTruth
true_if(bool condition)
{
	return condition ? SD_TRUTH_TRUE : SD_TRUTH_UNKNOWN;
}

static SdTruth
false_if(bool condition)
{
	return condition ? SD_TRUTH_FALSE : SD_TRUTH_UNKNOWN;
}

/*
 * What a comparison with a value is for all values that are not null, where that is
 * one thing: LIKE '%', @> '{}'.  Else unknown.
 */
SdTruth
sd_for_all_values(SdOperator op, Oid type, Datum value)
{
	switch (op)
	{
		case SD_OP_LIKE:
		case SD_OP_ILIKE:
		case SD_OP_REGEXP:
		case SD_OP_IREGEXP:
			return true_if(matches_all(op, type, value));
		case SD_OP_NOT_LIKE:
			return false_if(matches_all(SD_OP_LIKE, type, value));
		case SD_OP_NOT_ILIKE:
			return false_if(matches_all(SD_OP_ILIKE, type, value));
		case SD_OP_NOT_REGEXP:
			return false_if(matches_all(SD_OP_REGEXP, type, value));
		case SD_OP_NOT_IREGEXP:
			return false_if(matches_all(SD_OP_IREGEXP, type, value));
		case SD_OP_GE:
		case SD_OP_PATTERN_GE:
			return true_if(is_empty_text(type, value));
		case SD_OP_LT:
		case SD_OP_PATTERN_LT:
			return false_if(is_empty_text(type, value));
		case SD_OP_CONTAINS:
		case SD_OP_ALL_KEYS:
			return true_if(extent(type, value) == SD_EXTENT_NONE);
		case SD_OP_OVERLAP:
		case SD_OP_ANY_KEY:
			return false_if(extent(type, value) == SD_EXTENT_NONE);
		case SD_OP_NO_EXTEND_LEFT:
		case SD_OP_NO_EXTEND_RIGHT:
			return false_if(extent(type, value) == SD_EXTENT_NONE);
		case SD_OP_ADJACENT:
		case SD_OP_STRICT_LEFT:
		case SD_OP_STRICT_RIGHT:
			return false_if(extent(type, value) != SD_EXTENT_SOME);
		case SD_OP_CONTAINED:
			return true_if(extent(type, value) == SD_EXTENT_ALL);
		default:
			return SD_TRUTH_UNKNOWN;
	}
}

/*-------------------------------------------------------------------------
 * convert/conversion.h
 *		What a value of the options is converted to.
 *-------------------------------------------------------------------------
 */
#ifndef SD_CONVERSION_H
#define SD_CONVERSION_H

#include "convert/path.h"
#include "json/jsonb_value.h"

/* what a value becomes; first those that are made of values of a type */
typedef enum SdConversion
{
	SD_CONVERT_VALUE,			/* a value of a type */
	SD_CONVERT_LIST,			/* an array of such values */
	SD_CONVERT_RANGE,			/* a range; one value is the range that holds it alone */
	SD_CONVERT_LOWEST,			/* the first of an array of two values of a type, */
	SD_CONVERT_HIGHEST,			/* the second */
	SD_CONVERT_STRING,			/* a string as it is, as text */
	SD_CONVERT_LIKE,			/* one that is a pattern of LIKE */
	SD_CONVERT_REGEXP,			/* one that is a regular expression */
	SD_CONVERT_LIKES,			/* an array of such patterns, or of other values */
	SD_CONVERT_REGEXPS,
	SD_CONVERT_STRINGS,			/* an array of strings */
	SD_CONVERT_PREFIX,			/* a string that means itself, as a pattern: at the beginning, */
	SD_CONVERT_SUFFIX,			/* at the end, */
	SD_CONVERT_INFIX,			/* anywhere */
	SD_CONVERT_PREFIX_END,		/* what is beyond every text that begins with it; null for none */
	SD_CONVERT_COUNT			/* a whole number that is not negative, as bigint */
} SdConversion;

StaticAssertDecl(SD_CONVERT_STRING == SD_CONVERT_HIGHEST + 1, "what is made of values of a type comes first");

extern Oid	sd_conversion_type(SdConversion conversion, Oid type);
extern bool sd_conversion_is_settled(SdConversion conversion, Oid type, const JsonbValue *value);
extern Datum sd_convert_option(SdConversion conversion, Oid type, const char *name,
							   const JsonbValue *value, const SdPath *path, bool *isnull);

#endif							/* SD_CONVERSION_H */

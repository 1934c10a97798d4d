/*-------------------------------------------------------------------------
 * parse/binding.h
 *		Values of options: what they are converted to, and those that are known
 *		only when a call is made: {"$param": name}.
 *
 * A query that has been parsed may be run by many calls.  What differs between
 * them are the values of SdParams; an SdBinding says how one of them is made.
 *-------------------------------------------------------------------------
 */
#ifndef SD_BINDING_H
#define SD_BINDING_H

#include "parse/expression.h"
#include "parse/options.h"

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
	SD_CONVERT_STRINGS,			/* an array of strings */
	SD_CONVERT_PREFIX,			/* a string that means itself, as a pattern: at the beginning, */
	SD_CONVERT_SUFFIX,			/* at the end, */
	SD_CONVERT_INFIX,			/* anywhere */
	SD_CONVERT_PREFIX_END,		/* what is beyond every text that begins with it; null for none */
	SD_CONVERT_COUNT			/* a whole number that is not negative, as bigint */
} SdConversion;

/* how a value is made that is not known when options are parsed */
typedef struct SdBinding
{
	int			param;			/* index into the query's SdParams */
	SdConversion conversion;
	Oid			type;
	const char *name;			/* what messages call the value by */
	const SdPath *path;			/* where it stands */
	bool		is_param;		/* value is the name of the call's parameter; else the value itself */
	bool		is_key;			/* neither: the key of the call */
	JsonbValue	value;
} SdBinding;

extern bool sd_is_placeholder(const JsonbValue *value);
extern Datum sd_convert_option(SdConversion conversion, Oid type, const char *name,
						const JsonbValue *value, const SdPath *path, bool *isnull);
extern SdExpr *sd_bind_value(const SdScope *scope, SdConversion conversion, Oid type,
							 const char *name, const JsonbValue *value, const SdPath *path);
extern SdExpr *sd_bind_key(SdQuery *query, Oid type, const char *name, const JsonbValue *key,
						   const SdPath *path);
extern void sd_note_param(const SdQuery *query, const JsonbValue *value, const SdPath *path);
extern JsonbValue sd_call_value(const SdQuery *query, const JsonbValue *value,
								const SdPath *path);
extern JsonbValue sd_settle_params(const SdQuery *query, const JsonbValue *value,
								   const SdPath *path);
extern const SdQuery *sd_bind_call(const SdQuery *query, const SdInputs *inputs,
								   bool kept);

#endif							/* SD_BINDING_H */

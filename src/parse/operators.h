/*-------------------------------------------------------------------------
 * parse/operators.h
 *		The operators of "where", by name.
 *-------------------------------------------------------------------------
 */
#ifndef SD_OPERATORS_H
#define SD_OPERATORS_H

#include "convert/reader.h"
#include "parse/query.h"

/* what an operator takes, and so what parses it */
typedef enum SdForm
{
	SD_FORM_EQUALITY,			/* a value, null too */
	SD_FORM_ORDER,				/* a value */
	SD_FORM_IS,					/* null, true, false */
	SD_FORM_NOT,				/* anything */
	SD_FORM_LIST,				/* an array of values */
	SD_FORM_BETWEEN,			/* an array of two values */
	SD_FORM_PATTERN,			/* a string, as LIKE and regular expressions have it */
	SD_FORM_PREFIX,				/* a string that means itself */
	SD_FORM_SUFFIX,
	SD_FORM_INFIX,
	SD_FORM_CONTAINER,			/* an array, a range, a JSON document */
	SD_FORM_RANGE,				/* a range */
	SD_FORM_KEYS,				/* an array of keys of a JSON object */
	SD_FORM_MATCH,				/* a text search */
	SD_FORM_JSON_PATH,			/* a predicate in the language of JSON paths */
	SD_FORM_QUANTIFIED,			/* an array of values, equal to one or to all of them */
	SD_FORM_LOGIC				/* conditions */
} SdForm;

typedef struct SdOperatorName
{
	const char *name;
	SdForm		form;
	SdOperator	op;
	bool		negated;		/* NOT of what the form makes */
	SdConditionKind logic;
} SdOperatorName;

extern const SdOperatorName *sd_operator_names(int *n);
extern const SdOperatorName *sd_find_operator(const JsonbValue *key);
extern void sd_unknown_operator(const JsonbValue *key, const SdPath *path) pg_attribute_noreturn();

#endif							/* SD_OPERATORS_H */

/*-------------------------------------------------------------------------
 * interface/value_form.h
 *		What the values of a type are in JSON, as far as a description can say it.
 *
 * A form says what json/type.c makes of a type, and what of that
 * convert/converter.c takes back.  It belongs to the memory context that was
 * current when it was made.
 *-------------------------------------------------------------------------
 */
#ifndef SD_VALUE_FORM_H
#define SD_VALUE_FORM_H

#include "nodes/pg_list.h"
#include "utils/jsonb.h"

typedef enum SdValueFormKind
{
	SD_JSON_ANY,				/* any JSON value */
	SD_JSON_BOOLEAN,
	SD_JSON_INTEGER,
	SD_JSON_NUMBER,
	SD_JSON_STRING,
	SD_JSON_ARRAY,
	SD_JSON_RANGE,				/* an array of no or two bounds */
	SD_JSON_OBJECT,				/* of the columns of a composite type */
	SD_JSON_STRINGS				/* an object of strings and nulls: hstore */
} SdValueFormKind;

typedef struct SdValueForm
{
	SdValueFormKind kind;
	bool		digits;			/* a number that JSON has as a string; numbers are taken too */
	bool		whole;			/* and it has no fraction */
	const char *format;			/* of a string, as JSON Schema names it; or NULL */
	const char *pattern;		/* that every string matches, a regular expression; or NULL */
	const char *encoding;		/* of bytes in a string; or NULL */
	int			max_length;		/* of a string, in characters; -1: any */
	const char *minimum;		/* of a number, JSON; or NULL */
	const char *maximum;
	List	   *labels;			/* the values of an enum, as C strings */
	const struct SdValueForm *element;	/* of an array, or of the bounds of a range */
	int			nmembers;		/* of an object */
	const char **names;
	const struct SdValueForm **members;
} SdValueForm;

extern const SdValueForm *sd_value_form(Oid type, int32 typmod);
extern const SdValueForm *sd_form_of_expression(const JsonbValue *expression);

#endif							/* SD_VALUE_FORM_H */

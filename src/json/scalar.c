/*-------------------------------------------------------------------------
 * json/scalar.c
 *		JSON's scalars as JavaScript's String() gives them.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include <math.h>

#include "json/scalar.h"
#include "json/writer.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"

/* numbers from the one up to the other are written without an exponent */
#define PLAIN_MIN	1e-6
#define PLAIN_MAX	1e21

/* Whether a number is what its text as a double says: a double that large is a whole number. */
static bool
is_double(Numeric number, char *text)
{
	Datum		again = DirectFunctionCall3(numeric_in, CStringGetDatum(text), ObjectIdGetDatum(InvalidOid),
											Int32GetDatum(-1));

	return DatumGetBool(DirectFunctionCall2(numeric_eq, NumericGetDatum(number), again));
}

/*
 * The text of a number, in the current context.  Digits beyond those that a
 * double holds are kept, where JavaScript would have lost them.
 */
char *
sd_number_string(Numeric number)
{
	double		value = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow,
														   NumericGetDatum(number)));
	SdBuf		buf;

	if (isinf(value))
		return pstrdup(value > 0 ? "Infinity" : "-Infinity");
	if (value != 0 && fabs(value) >= PLAIN_MIN && fabs(value) < PLAIN_MAX)
		return numeric_normalize(number);
	sd_buf_init(&buf, CurrentMemoryContext, 32);
	sd_write_double(&buf, value);
	sd_buf_char(&buf, '\0');
	if (fabs(value) >= PLAIN_MAX && !is_double(number, buf.data))
		return numeric_normalize(number);
	return buf.data;
}

/* Appends the text of a scalar. */
void
sd_append_scalar(StringInfo buf, const JsonbValue *scalar)
{
	switch (scalar->type)
	{
		case jbvNull:
			appendStringInfoString(buf, "null");
			break;
		case jbvBool:
			appendStringInfoString(buf, scalar->val.boolean ? "true" : "false");
			break;
		case jbvNumeric:
			appendStringInfoString(buf, sd_number_string(scalar->val.numeric));
			break;
		default:
			Assert(scalar->type == jbvString);
			appendBinaryStringInfo(buf, scalar->val.string.val, scalar->val.string.len);
			break;
	}
}

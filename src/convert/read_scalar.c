/*-------------------------------------------------------------------------
 * convert/read_scalar.c
 *		Reads values that are neither times nor made of other values.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "common/base64.h"
#include "convert/read_functions.h"
#include "convert/reader.h"
#include "convert/value.h"
#include "json/scalar.h"
#include "parser/parse_coerce.h"
#include "parser/scansup.h"
#include "utils/builtins.h"
#include "utils/numeric.h"
#include "validators/utf8.h"

/* any type that has no way of its own: its input function reads the text of a scalar */
Datum
sd_read_other(SdConverter *converter, const JsonbValue *value, SdReading *reading)
{
	if (value->type == jbvBinary)
		sd_refuse_container(converter, value, reading);
	/* in a text a number is what String() makes of it: what is stored is what validators have seen */
	if (value->type == jbvNumeric && TypeCategory(converter->base) == TYPCATEGORY_STRING)
		return sd_convert_text(converter, sd_number_string(value->val.numeric));
	return sd_convert_text(converter, sd_scalar_text(value, NULL));
}

/* text and varchar */
Datum
sd_read_text(SdConverter *converter, const JsonbValue *value, SdReading *reading)
{
	if (value->type != jbvString)
		return sd_read_other(converter, value, reading);
	return sd_fit_length(converter,
						 PointerGetDatum(cstring_to_text_with_len(value->val.string.val,
																  value->val.string.len)));
}

Datum
sd_read_bool(SdConverter *converter, const JsonbValue *value, SdReading *reading)
{
	if (value->type == jbvBool)
		return BoolGetDatum(value->val.boolean);
	return sd_read_other(converter, value, reading);
}

/* smallint, integer and bigint: 5.0 and 5e0 are 5 */
Datum
sd_read_integer(SdConverter *converter, const JsonbValue *value, SdReading *reading)
{
	if (value->type == jbvNumeric)
		return sd_convert_text(converter, sd_integer_text(value));
	return sd_read_other(converter, value, reading);
}

Datum
sd_read_numeric(SdConverter *converter, const JsonbValue *value, SdReading *reading)
{
	if (value->type == jbvNumeric)
		return sd_fit_length(converter,
							 PointerGetDatum(PG_DETOAST_DATUM_COPY(NumericGetDatum(value->val.numeric))));
	return sd_read_other(converter, value, reading);
}

/* json and jsonb: any JSON value is itself */
Datum
sd_read_json(SdConverter *converter, const JsonbValue *value, SdReading *reading)
{
	Jsonb	   *jsonb = JsonbValueToJsonb(unconstify(JsonbValue *, value));

	if (converter->base == JSONBOID)
		return JsonbPGetDatum(jsonb);
	Assert(converter->base == JSONOID);
	return CStringGetTextDatum(JsonbToCString(NULL, &jsonb->root, VARSIZE(jsonb)));
}

/* Decodes hexadecimal digits; returns how many bytes they are, or -1. */
static int
decode_hex(const char *digits, int len, char *bytes)
{
	if (len % 2 != 0)
		return -1;
	for (int i = 0; i < len; i += 2)
	{
		int			high = sd_hex_value((unsigned char) digits[i]);
		int			low = sd_hex_value((unsigned char) digits[i + 1]);

		if (high < 0 || low < 0)
			return -1;
		bytes[i / 2] = (char) (high << 4 | low);
	}
	return len / 2;
}

/* Decodes base64, of which lines may be broken; returns how many bytes it is, or -1. */
static int
decode_base64(const char *text, int len, char *bytes)
{
	char	   *joined = NULL;
	int			n = 0;

	/* the server's decoder takes no white space, and encode() breaks lines */
	while (n < len && !scanner_isspace(text[n]))
		n++;
	if (n < len)
	{
		joined = palloc(len);
		memcpy(joined, text, n);
		for (int i = n; i < len; i++)
		{
			if (!scanner_isspace(text[i]))
				joined[n++] = text[i];
		}
		text = joined;
		len = n;
	}
	/* and more after the padding */
	for (const char *p = memchr(text, '=', len); p != NULL && p < text + len; p++)
	{
		if (*p != '=')
			return -1;
	}
	/* the type of the bytes' pointer depends on the version of PostgreSQL */
	n = pg_b64_decode(text, len, (void *) bytes, pg_b64_dec_len(len));
	if (joined != NULL)
		pfree(joined);
	return n;
}

/* bytea: base64, as it is written, or hexadecimal digits after \x */
Datum
sd_read_bytea(SdConverter *converter, const JsonbValue *value, SdReading *reading)
{
	bytea	   *result;
	const char *text;
	int			len;
	int			n = -1;

	if (value->type == jbvBinary)
		sd_refuse_container(converter, value, reading);
	if (value->type == jbvString)
	{
		text = value->val.string.val;
		len = value->val.string.len;
		/* more than what either form decodes to */
		result = palloc(VARHDRSZ + len + 1);
		if (len >= 2 && text[0] == '\\' && (text[1] == 'x' || text[1] == 'X'))
			n = decode_hex(text + 2, len - 2, VARDATA(result));
		else
			n = decode_base64(text, len, VARDATA(result));
	}
	if (n < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid value for type %s", "bytea"),
				 errhint("Bytes are given as a string in base64, as they are shown, or as hexadecimal digits after \\x.")));
	Assert(n <= len);
	SET_VARSIZE(result, VARHDRSZ + n);
	return PointerGetDatum(result);
}

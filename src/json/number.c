/*-------------------------------------------------------------------------
 * json/number.c
 *		Numbers, as JavaScript's JSON.stringify writes them.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include <math.h>

#include "common/shortest_dec.h"
#include "json/write_functions.h"
#include "settings.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

/* room for any number: an integer has 20 characters, a double at most 26 */
#define NUMBER_LEN		32

/* below this every integer is a double */
#define EXACT_DOUBLE	9007199254740992.0
#define EXACT_FLOAT		16777216.0f

/* four decimals */
#define FEW_DECIMALS	10000.0

/* The number 0.digits * 10^point; its sign has been written already. */
typedef struct Decimal
{
	char		digits[DOUBLE_SHORTEST_DECIMAL_LEN];
	int			count;
	int			point;
} Decimal;

void
sd_write_int2(SdBuf *buf, Datum value, const SdWriter *writer)
{
	sd_buf_reserve(buf, NUMBER_LEN);
	buf->len += pg_itoa(DatumGetInt16(value), buf->data + buf->len);
}

void
sd_write_int4(SdBuf *buf, Datum value, const SdWriter *writer)
{
	sd_buf_reserve(buf, NUMBER_LEN);
	buf->len += pg_ltoa(DatumGetInt32(value), buf->data + buf->len);
}

/* A string by default: a JavaScript number cannot hold every bigint. */
void
sd_write_int8(SdBuf *buf, Datum value, const SdWriter *writer)
{
	char	   *out;

	sd_buf_reserve(buf, NUMBER_LEN);
	out = buf->data + buf->len;
	if (sd_numbers_as_strings)
	{
		*out++ = '"';
		out += pg_lltoa(DatumGetInt64(value), out);
		*out++ = '"';
	}
	else
		out += pg_lltoa(DatumGetInt64(value), out);
	buf->len = out - buf->data;
}

/* Takes the number d.ddde+dd of len bytes apart. */
static void
read_scientific(Decimal *decimal, const char *s, int len)
{
	const char *e = s + len - 3;
	int			exponent = 0;

	while (*e != 'e')
		e--;
	Assert(e > s && (e - s == 1 || s[1] == '.'));
	Assert(e - s - 1 <= (int) lengthof(decimal->digits));
	for (const char *c = e + 2; c < s + len; c++)
		exponent = exponent * 10 + (*c - '0');
	if (e[1] == '-')
		exponent = -exponent;
	decimal->point = exponent + 1;

	decimal->digits[0] = s[0];
	decimal->count = 1;
	if (e - s > 2)
	{
		memcpy(decimal->digits + 1, s + 2, e - s - 2);
		decimal->count += e - s - 2;
	}
}

/*
 * Writes a number as ECMAScript's Number::toString does: plain from 1e-6 up to
 * below 1e21, with an exponent beyond.  Returns where it ends.
 */
static char *
write_decimal(char *out, const Decimal *decimal)
{
	int			point = decimal->point;
	int			count = decimal->count;

	if (point > 0 && point <= 21)
	{
		int			whole = Min(count, point);

		memcpy(out, decimal->digits, whole);
		memset(out + whole, '0', point - whole);
		out += point;
		if (count > point)
		{
			*out++ = '.';
			memcpy(out, decimal->digits + point, count - point);
			out += count - point;
		}
	}
	else if (point > -6 && point <= 0)
	{
		memcpy(out, "0.", 2);
		memset(out + 2, '0', -point);
		out += 2 - point;
		memcpy(out, decimal->digits, count);
		out += count;
	}
	else
	{
		*out++ = decimal->digits[0];
		if (count > 1)
		{
			*out++ = '.';
			memcpy(out, decimal->digits + 1, count - 1);
			out += count - 1;
		}
		*out++ = 'e';
		*out++ = point > 0 ? '+' : '-';
		out += pg_ltoa(point > 0 ? point - 1 : 1 - point, out);
	}
	return out;
}

/*
 * Whether odd * 2^exponent, the point half way to a neighbouring double, has
 * fewer digits than decimal.  Replaces decimal if so.
 */
static bool
take_midpoint(Decimal *decimal, uint64 odd, int exponent)
{
	static const uint64 power[] = {
		UINT64CONST(1000000000000000), UINT64CONST(10000000000000000)
	};
	int			zeros = 0;

	Assert(decimal->count >= 16 && decimal->count - 16 < (int) lengthof(power));
	while (exponent > 0 && odd % 5 == 0)
	{
		odd /= 5;
		exponent--;
		zeros++;
	}
	if (zeros == 0 || exponent > 63 || odd > PG_UINT64_MAX >> exponent ||
		odd << exponent >= power[decimal->count - 16])
		return false;
	decimal->count = pg_ulltoa_n(odd << exponent, decimal->digits);
	decimal->point = decimal->count + zeros;
	return true;
}

/*
 * PostgreSQL's shortest digits lie strictly between the points half way to the
 * neighbouring doubles, so that a reader's rounding does not matter.
 * JavaScript takes such a point too where it has fewer digits and is read back
 * as the number (1e23): that is, where the mantissa is even.  It can be shorter
 * only as an integer with trailing zeros, for numbers from 2^53 on that need 16
 * digits at least.
 */
static void
shorten_to_midpoint(Decimal *decimal, double value)
{
	int			exponent;
	uint64		mantissa = (uint64) ldexp(frexp(value, &exponent), 53);

	if (mantissa % 2 != 0)
		return;
	exponent -= 53;
	if (take_midpoint(decimal, mantissa * 2 + 1, exponent - 1))
		return;
	/* below a power of two the doubles are twice as dense */
	if (mantissa == UINT64CONST(1) << 52)
		take_midpoint(decimal, mantissa * 4 - 1, exponent - 2);
	else
		take_midpoint(decimal, mantissa * 2 - 1, exponent - 1);
}

/* Rewrites PostgreSQL's number of len bytes at out where JavaScript's differs. */
static char *
respell(char *out, int len, double value)
{
	Decimal		decimal;
	int			sign = (*out == '-');

	/* a shortest decimal has an exponent of at least two digits, or none */
	if (len < 5 || (out[len - 4] != 'e' && out[len - 5] != 'e'))
		return out + len;
	read_scientific(&decimal, out + sign, len - sign);
	if (decimal.count >= 16 && fabs(value) >= EXACT_DOUBLE)
		shorten_to_midpoint(&decimal, fabs(value));
	return write_decimal(out + sign, &decimal);
}

/*
 * Writes a double that is a number of up to four decimals, as most are that
 * somebody typed in; returns NULL for others.  A decimal of up to 15 digits that
 * is read back as the double is its shortest.
 */
static char *
write_few_decimals(char *out, double value)
{
	double		scaled = fabs(value) * FEW_DECIMALS;
	int64		nearest;
	int			fraction;

	if (scaled >= 1e15)
		return NULL;
	nearest = (int64) (scaled + 0.5);
	if (fabs(scaled - nearest) > 0.125 || nearest / FEW_DECIMALS != fabs(value))
		return NULL;

	if (value < 0)
		*out++ = '-';
	out += pg_lltoa(nearest / (int64) FEW_DECIMALS, out);
	*out++ = '.';
	fraction = nearest % (int64) FEW_DECIMALS;
	for (int unit = (int) FEW_DECIMALS / 10; fraction > 0; unit /= 10)
	{
		*out++ = '0' + fraction / unit;
		fraction %= unit;
	}
	return out;
}

/* Appends a double as JSON.stringify does: NaN and the infinities are null. */
void
sd_write_double(SdBuf *buf, double value)
{
	char	   *out;
	char	   *end;

	if (unlikely(!isfinite(value)))
	{
		sd_write_null(buf);
		return;
	}
	sd_buf_reserve(buf, NUMBER_LEN);
	out = buf->data + buf->len;
	/* minus zero loses its sign here, as it should */
	if (fabs(value) < EXACT_DOUBLE && value == (double) (int64) value)
		end = out + pg_lltoa((int64) value, out);
	else
	{
		end = write_few_decimals(out, value);
		if (end == NULL)
			end = respell(out, double_to_shortest_decimal_bufn(value, out), value);
	}
	Assert(end - out <= NUMBER_LEN);
	buf->len = end - buf->data;
}

void
sd_write_float8(SdBuf *buf, Datum value, const SdWriter *writer)
{
	sd_write_double(buf, DatumGetFloat8(value));
}

/*
 * A real has the shortest digits that tell it from other reals: a client reads
 * them as a double and writes the same digits again.
 */
void
sd_write_float4(SdBuf *buf, Datum value, const SdWriter *writer)
{
	float4		real = DatumGetFloat4(value);
	char	   *out;

	if (unlikely(!isfinite(real)))
	{
		sd_write_null(buf);
		return;
	}
	sd_buf_reserve(buf, NUMBER_LEN);
	out = buf->data + buf->len;
	if (fabsf(real) < EXACT_FLOAT && real == (float4) (int32) real)
		out += pg_ltoa((int32) real, out);
	else
		out = respell(out, float_to_shortest_decimal_bufn(real, out), real);
	buf->len = out - buf->data;
}

/* Appends the digits of a numeric with its scale, or NaN, Infinity, -Infinity. */
void
sd_write_numeric_digits(SdBuf *buf, Numeric value)
{
	char	   *digits = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value)));

	sd_buf_append(buf, digits, strlen(digits));
	pfree(digits);
}

/* A string by default, as bigint; else NaN and the infinities are null. */
void
sd_write_numeric(SdBuf *buf, Datum value, const SdWriter *writer)
{
	struct varlena *stored = (struct varlena *) DatumGetPointer(value);
	Numeric		numeric;
	union
	{
		int32		align;
		char		bytes[VARHDRSZ + VARATT_SHORT_MAX];
	}			unpacked;

	/* as most are stored: unpacking it here saves detoasting an allocation */
	if (VARATT_IS_SHORT(stored) && !VARATT_IS_EXTERNAL(stored))
	{
		Size		len = VARSIZE_SHORT(stored) - VARHDRSZ_SHORT;

		Assert(len + VARHDRSZ <= sizeof(unpacked));
		SET_VARSIZE(&unpacked, len + VARHDRSZ);
		memcpy(unpacked.bytes + VARHDRSZ, VARDATA_SHORT(stored), len);
		numeric = (Numeric) &unpacked;
	}
	else
		numeric = DatumGetNumeric(value);

	if (sd_numbers_as_strings)
	{
		sd_buf_char(buf, '"');
		sd_write_numeric_digits(buf, numeric);
		sd_buf_char(buf, '"');
	}
	else if (numeric_is_nan(numeric) || numeric_is_inf(numeric))
		sd_write_null(buf);
	else
		sd_write_numeric_digits(buf, numeric);
	if ((Pointer) numeric != (Pointer) stored && (Pointer) numeric != (Pointer) &unpacked)
		pfree(numeric);
}

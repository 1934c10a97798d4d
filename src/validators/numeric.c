/*-------------------------------------------------------------------------
 * validators/numeric.c
 *		Validators of texts that are numbers.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include <math.h>

#include "validators/utf8.h"
#include "validators/validators.h"

/* longer numbers than this are rare enough to be copied by palloc */
#define NUMBER_BUFFER	64

static inline const char *
skip_sign(const char *s, const char *end)
{
	return s < end && (*s == '+' || *s == '-') ? s + 1 : s;
}

static inline const char *
skip_digits(const char *s, const char *end)
{
	while (s < end && sd_is_digit((unsigned char) *s))
		s++;
	return s;
}

/* Skips an exponent, if there is one and it has digits. */
static const char *
skip_exponent(const char *s, const char *end)
{
	const char *digits;

	if (s == end || (*s | 0x20) != 'e')
		return s;
	digits = skip_sign(s + 1, end);
	end = skip_digits(digits, end);
	return end > digits ? end : s;
}

/* The value of a decimal number of JavaScript's, which strtod() reads the same. */
static double
to_double(const char *s, Size len)
{
	char		buffer[NUMBER_BUFFER];
	char	   *copy = len < NUMBER_BUFFER ? buffer : palloc(len + 1);
	double		value;

	memcpy(copy, s, len);
	copy[len] = '\0';
	value = strtod(copy, NULL);
	if (copy != buffer)
		pfree(copy);
	return value;
}

/*
 * The number that a text begins with, after white space, as parseFloat() reads
 * it; NaN when it begins with none.
 */
double
sd_parse_float(const char *s, Size len)
{
	static const char infinity[] = "Infinity";
	SdUtf8		reader = sd_utf8(s, len);
	const char *end = s + len;
	const char *digits;
	const char *last;
	bool		found;
	pg_wchar	c;

	while (sd_utf8_next(&reader, &c) && sd_is_space(c))
		s = (const char *) reader.at;

	digits = skip_sign(s, end);
	if (end - digits >= strlen(infinity) && memcmp(digits, infinity, strlen(infinity)) == 0)
		return *s == '-' ? -INFINITY : INFINITY;
	last = skip_digits(digits, end);
	found = last > digits;
	if (last < end && *last == '.')
	{
		const char *fraction = skip_digits(last + 1, end);

		if (found || fraction > last + 1)
		{
			found = true;
			last = fraction;
		}
	}
	if (!found)
		return NAN;
	return to_double(s, skip_exponent(last, end) - s);
}

/* Whether a number, which may be none, is within its limits. */
static bool
within(double value, const SdLimits *limits)
{
	return (isnan(limits->min) || value >= limits->min) &&
		(isnan(limits->max) || value <= limits->max) &&
		(isnan(limits->above) || value > limits->above) &&
		(isnan(limits->below) || value < limits->below);
}

/* Whether a text is digits, with a sign and a point before some of them when symbols is set. */
bool
sd_is_numeric(const char *s, Size len, bool symbols)
{
	const char *end = s + len;
	const char *digits = symbols ? skip_sign(s, end) : s;
	const char *last = skip_digits(digits, end);

	if (symbols && last < end && *last == '.')
	{
		digits = last + 1;
		last = skip_digits(digits, end);
	}
	return last > digits && last == end;
}

/* Whether a text is a whole number within limits. */
bool
sd_is_int(const char *s, Size len, bool leading_zeroes, const SdLimits *limits)
{
	const char *end = s + len;
	const char *digits = skip_sign(s, end);

	if (digits == end || skip_digits(digits, end) != end)
		return false;
	if (!leading_zeroes && *digits == '0' && end - digits > 1)
		return false;
	return within(to_double(s, len), limits);
}

/*
 * What isFloat and isDecimal have in common: an exponent may stand alone, and
 * so may a point.
 */
static bool
is_decimal_form(const char *s, const char *end)
{
	s = skip_digits(s, end);
	if (s < end && *s == '.')
		s = skip_digits(s + 1, end);
	return skip_exponent(s, end) == end;
}

/* Whether a text is a number with a point and an exponent or without, within limits. */
bool
sd_is_float(const char *s, Size len, const SdLimits *limits)
{
	if (len == 0 || (len == 1 && strchr("+-.", *s) != NULL) ||
		!is_decimal_form(skip_sign(s, s + len), s + len))
		return false;
	return within(sd_parse_float(s, len), limits);
}

/* As isFloat, but with no sign other than a minus before digits. */
bool
sd_is_decimal(const char *s, Size len)
{
	if (len == 0)
		return false;
	if (*s != '-')
		return is_decimal_form(s, s + len);
	return len > 1 && sd_is_digit((unsigned char) s[1]) && is_decimal_form(s + 1, s + len);
}

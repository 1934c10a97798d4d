/*-------------------------------------------------------------------------
 * validators/iso8601.c
 *		Tells dates and times in the forms of ISO 8601: calendar dates, weeks and
 *		days of the year, alone or with a time.
 *
 * The digits are looked at, the calendar is not: 2021-02-31 has the form.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "validators/utf8.h"
#include "validators/validators.h"

/* Text being looked at.  Looking ahead of its end is safe, and finds NUL. */
typedef struct Text
{
	const char *at;
	const char *end;
} Text;

static inline char
peek(Text text, Size ahead)
{
	return text.at + ahead < text.end ? text.at[ahead] : '\0';
}

static inline bool
digit_at(Text text, Size ahead)
{
	return sd_is_digit((unsigned char) peek(text, ahead));
}

/* The number of n digits, -1 when they are not there. */
static int
number(Text text, int n)
{
	int			value = 0;

	for (int i = 0; i < n; i++)
	{
		if (!digit_at(text, i))
			return -1;
		value = value * 10 + (peek(text, i) - '0');
	}
	return value;
}

static inline Text
skip(Text text, Size n)
{
	Assert((Size) (text.end - text.at) >= n);
	text.at += n;
	return text;
}

/* Whether n digits are there with a value in a range. */
static inline bool
number_in(Text text, int n, int low, int high)
{
	int			value = number(text, n);

	return value >= low && value <= high;
}

/* Nothing, Z, or an offset of hours and perhaps minutes, and then the end. */
static bool
is_zone(Text text)
{
	char		c = peek(text, 0);

	if (text.at == text.end)
		return true;
	if (c == 'z' || c == 'Z')
		return text.end - text.at == 1;
	if ((c != '+' && c != '-') || !number_in(skip(text, 1), 2, 0, 23))
		return false;
	text = skip(text, 3);
	if (peek(text, 0) == ':')
		text = skip(text, 1);
	return text.at == text.end || (number_in(text, 2, 0, 59) && text.end - text.at == 2);
}

/* The digits of a fraction with its point or comma; 0 when there is none. */
static Size
fraction_length(Text text)
{
	Size		n = 1;

	if ((peek(text, 0) != '.' && peek(text, 0) != ',') || !digit_at(text, 1))
		return 0;
	while (digit_at(text, n))
		n++;
	return n;
}

/* Seconds or none, with a colon before them or not, then the zone. */
static bool
is_seconds(Text text, bool colon)
{
	if (is_zone(text))
		return true;
	if (colon)
	{
		if (peek(text, 0) != ':')
			return false;
		text = skip(text, 1);
	}
	if (!number_in(text, 2, 0, 59))
		return false;
	text = skip(text, 2);
	return is_zone(skip(text, fraction_length(text)));
}

/*
 * What follows hours, or hours and minutes: a fraction of them or none.  The
 * last two digits of a fraction may be the seconds.
 */
static bool
is_after_minutes(Text text, bool colon)
{
	Size		fraction = fraction_length(text);

	if (is_seconds(text, colon))
		return true;
	if (fraction == 0)
		return false;
	if (peek(text, fraction) != ':' && is_seconds(skip(text, fraction), colon))
		return true;
	return fraction > 3 && is_seconds(skip(text, fraction - 2), colon);
}

/* What follows the date: nothing, or a separator and a time, of which every part may be missing. */
static bool
is_time(Text text)
{
	SdUtf8		reader = sd_utf8(text.at, text.end - text.at);
	pg_wchar	c;

	if (text.at == text.end)
		return true;
	if (!sd_utf8_next(&reader, &c) || (c != 'T' && !sd_is_space(c)))
		return false;
	text.at = (const char *) reader.at;
	if (is_seconds(text, false))
		return true;
	if (number(text, 2) == 24)
	{
		Text		minutes = skip(text, peek(text, 2) == ':' ? 3 : 2);

		return number(minutes, 2) == 0 && is_after_minutes(skip(minutes, 2), false);
	}
	if (!number_in(text, 2, 0, 23))
		return false;
	text = skip(text, 2);
	if (is_after_minutes(text, false))
		return true;
	if (peek(text, 0) == ':')
		return number_in(skip(text, 1), 2, 0, 59) && is_after_minutes(skip(text, 3), true);
	return number_in(text, 2, 0, 59) && is_after_minutes(skip(text, 2), false);
}

/* A month and perhaps a day, with a hyphen before it when there was one before the month. */
static bool
is_month(Text text, bool hyphen)
{
	if (!number_in(text, 2, 1, 12))
		return false;
	text = skip(text, 2);
	if (is_time(text))
		return true;
	if (hyphen)
	{
		if (peek(text, 0) != '-')
			return false;
		text = skip(text, 1);
	}
	return number_in(text, 2, 1, 31) && is_time(skip(text, 2));
}

/* W, the week and perhaps the day. */
static bool
is_week(Text text)
{
	if (peek(text, 0) != 'W' || !number_in(skip(text, 1), 2, 0, 53))
		return false;
	text = skip(text, 3);
	if (is_time(text))
		return true;
	if (peek(text, 0) == '-')
		text = skip(text, 1);
	return number_in(text, 1, 1, 7) && is_time(skip(text, 1));
}

/* A day of the year.  validator.js takes any but the 360th, and so do we. */
static bool
is_day_of_year(Text text)
{
	return number_in(text, 3, 1, 366) && number(text, 3) != 360 && is_time(skip(text, 3));
}

/* Whether len bytes are a date, or a date and a time. */
bool
sd_is_iso8601(const char *s, Size len)
{
	Text		text = {s, s + len};
	bool		hyphen;
	char		next;

	if (peek(text, 0) == '+' || peek(text, 0) == '-')
		text = skip(text, 1);
	if (number(text, 4) < 0)
		return false;
	text = skip(text, 4);
	if (text.at == text.end)
		return true;
	/* two digits alone after the year could be a short date as well */
	next = peek(text, 2);
	if (digit_at(text, 0) && digit_at(text, 1) &&
		!sd_is_letter((unsigned char) next) && !sd_is_digit((unsigned char) next) && next != '_')
		return false;
	hyphen = peek(text, 0) == '-';
	if (hyphen)
		text = skip(text, 1);
	return is_month(text, hyphen) || is_week(text) || is_day_of_year(text);
}

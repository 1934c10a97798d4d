/*-------------------------------------------------------------------------
 * validators/date.c
 *		Reads a date as JavaScript's Date.parse() does in V8.
 *
 * There are two grammars.  What begins as the interchange format, year-month-
 * dayThour:minute:second.fraction and an offset, has to go on like that after
 * the T.  All else is read loosely: words before the first number, and text in
 * parentheses, are passed over; numbers are parts of a time before a colon or
 * a point, and else parts of a date.
 *
 * A time without an offset is taken as UTC, so that a validator gives the same
 * answer in every session; JavaScript takes its process's time zone.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "validators/utf8.h"
#include "validators/validators.h"

#define NONE				PG_INT32_MAX
#define MAX_DIGITS			9	/* of a number that count, after its zeros */
#define PREFIX				3	/* letters of a word that count */
#define DATE_PARTS			3
#define TIME_PARTS			4
#define MS_PER_DAY			INT64CONST(86400000)
#define MAX_MS				INT64CONST(8640000000000000)
/* an offset, of 68 years at the most, cannot bring a day back that is beyond this */
#define MAX_DAYS			(MAX_MS / MS_PER_DAY + 366 * 69)

typedef enum TokenType
{
	TOKEN_END,
	TOKEN_NUMBER,
	TOKEN_SYMBOL,				/* one of : - + . ) */
	TOKEN_SPACE,
	TOKEN_MONTH,
	TOKEN_ZONE,
	TOKEN_TIME_MARK,			/* T */
	TOKEN_HALF_DAY,				/* am, pm */
	TOKEN_WORD,					/* any other */
	TOKEN_OTHER,
	TOKEN_INVALID				/* not read: what the stricter grammar gives up with */
} TokenType;

typedef struct Token
{
	TokenType	type;
	int			value;			/* of a number, symbol or known word */
	int			len;			/* digits or letters */
} Token;

typedef struct Scanner
{
	SdUtf8		reader;			/* after c */
	pg_wchar	c;				/* 0 at the end */
	Token		next;
} Scanner;

/* What has been read so far. */
typedef struct Parts
{
	int			date[DATE_PARTS];
	int			ndate;
	int			month;			/* by name, or NONE */
	bool		iso;
	int			time[TIME_PARTS];
	int			ntime;
	int			half_day;		/* hours to add, or NONE */
	int			sign;			/* of the offset, or NONE */
	int			hours;
	int			minutes;
} Parts;

static const struct
{
	char		word[PREFIX + 1];
	TokenType	type;
	int			value;
}			words[] = {
	{"jan", TOKEN_MONTH, 1}, {"feb", TOKEN_MONTH, 2}, {"mar", TOKEN_MONTH, 3},
	{"apr", TOKEN_MONTH, 4}, {"may", TOKEN_MONTH, 5}, {"jun", TOKEN_MONTH, 6},
	{"jul", TOKEN_MONTH, 7}, {"aug", TOKEN_MONTH, 8}, {"sep", TOKEN_MONTH, 9},
	{"oct", TOKEN_MONTH, 10}, {"nov", TOKEN_MONTH, 11}, {"dec", TOKEN_MONTH, 12},
	{"am", TOKEN_HALF_DAY, 0}, {"pm", TOKEN_HALF_DAY, 12},
	{"ut", TOKEN_ZONE, 0}, {"utc", TOKEN_ZONE, 0}, {"z", TOKEN_ZONE, 0}, {"gmt", TOKEN_ZONE, 0},
	{"cdt", TOKEN_ZONE, -5}, {"cst", TOKEN_ZONE, -6}, {"edt", TOKEN_ZONE, -4},
	{"est", TOKEN_ZONE, -5}, {"mdt", TOKEN_ZONE, -6}, {"mst", TOKEN_ZONE, -7},
	{"pdt", TOKEN_ZONE, -7}, {"pst", TOKEN_ZONE, -8},
	{"t", TOKEN_TIME_MARK, 0}
};

static void
advance(Scanner *scanner)
{
	if (!sd_utf8_next(&scanner->reader, &scanner->c))
		scanner->c = 0;
}

static Token
scan_number(Scanner *scanner)
{
	Token		token = {TOKEN_NUMBER, 0, 0};
	int			significant = 0;

	for (; sd_is_digit(scanner->c); advance(scanner))
	{
		token.len++;
		if (significant == 0 && scanner->c == '0')
			continue;
		if (significant++ < MAX_DIGITS)
			token.value = token.value * 10 + (scanner->c - '0');
	}
	return token;
}

/* V8 counts Unicode's two line separators as letters. */
static inline bool
is_word_char(pg_wchar c)
{
	return c >= 'A' && (!sd_is_space(c) || c == 0x2028 || c == 0x2029);
}

/* A word goes on with whatever is no lower than 'A', brackets included. */
static Token
scan_word(Scanner *scanner)
{
	Token		token = {TOKEN_WORD, 0, 0};
	pg_wchar	prefix[PREFIX] = {0};

	for (; is_word_char(scanner->c); advance(scanner))
	{
		if (token.len < PREFIX)
			prefix[token.len] = sd_is_letter(scanner->c) ? scanner->c | 0x20 : scanner->c;
		token.len += sd_utf16_units(scanner->c);
	}
	for (int i = 0; i < lengthof(words); i++)
	{
		bool		same = token.len <= PREFIX || words[i].type == TOKEN_MONTH;

		for (int j = 0; j < PREFIX && same; j++)
			same = prefix[j] == (unsigned char) words[i].word[j];
		if (same)
		{
			token.type = words[i].type;
			token.value = words[i].value;
			break;
		}
	}
	return token;
}

static void
skip_parentheses(Scanner *scanner)
{
	int			open = 0;

	do
	{
		if (scanner->c == '(')
			open++;
		else if (scanner->c == ')')
			open--;
		advance(scanner);
	} while (open > 0 && scanner->c != 0);
}

static Token
scan(Scanner *scanner)
{
	Token		token = {TOKEN_OTHER, 0, 1};
	pg_wchar	c = scanner->c;

	if (c == 0)
		token.type = TOKEN_END;
	else if (sd_is_digit(c))
		token = scan_number(scanner);
	else if (is_word_char(c))
		token = scan_word(scanner);
	else if (c == '(')
		skip_parentheses(scanner);
	else
	{
		if (c < 0x80 && strchr(":-+.)", (int) c) != NULL)
		{
			token.type = TOKEN_SYMBOL;
			token.value = c;
		}
		else if (sd_is_space(c))
			token.type = TOKEN_SPACE;
		advance(scanner);
	}
	return token;
}

/* Takes the next token. */
static Token
take(Scanner *scanner)
{
	Token		token = scanner->next;

	scanner->next = scan(scanner);
	return token;
}

static inline bool
is_symbol(Token token, char c)
{
	return token.type == TOKEN_SYMBOL && token.value == c;
}

static inline bool
is_sign(Token token)
{
	return is_symbol(token, '+') || is_symbol(token, '-');
}

static inline bool
is_z(Token token)
{
	return token.type == TOKEN_ZONE && token.len == 1;
}

/* Whether a token is a number of n digits up to high. */
static inline bool
is_number(Token token, int n, int low, int high)
{
	return token.type == TOKEN_NUMBER && token.len == n &&
		token.value >= low && token.value <= high;
}

static bool
take_symbol(Scanner *scanner, char c)
{
	if (!is_symbol(scanner->next, c))
		return false;
	take(scanner);
	return true;
}

static bool
add_date(Parts *parts, int n)
{
	if (parts->ndate == DATE_PARTS)
		return false;
	parts->date[parts->ndate++] = n;
	return true;
}

static bool
add_time(Parts *parts, int n)
{
	if (parts->ntime == TIME_PARTS)
		return false;
	parts->time[parts->ntime++] = n;
	return true;
}

/* Adds the last part of a time. */
static bool
finish_time(Parts *parts, int n)
{
	if (!add_time(parts, n))
		return false;
	while (parts->ntime < TIME_PARTS)
		parts->time[parts->ntime++] = 0;
	return true;
}

/* Whether n can be the next part of a time that has begun. */
static bool
is_time_part(const Parts *parts, int n)
{
	return ((parts->ntime == 1 || parts->ntime == 2) && n < 60) ||
		(parts->ntime == 3 && n < 1000);
}

static void
set_zone(Parts *parts, int hours)
{
	parts->sign = hours < 0 ? -1 : 1;
	parts->hours = abs(hours);
	parts->minutes = 0;
}

/* The milliseconds of a fraction's digits. */
static int
milliseconds(Token token)
{
	int			value = token.value;
	int			len = Min(token.len, MAX_DIGITS);

	Assert(token.type == TOKEN_NUMBER);
	for (; len < 3; len++)
		value *= 10;
	for (; len > 3; len--)
		value /= 10;
	return value;
}

static const Token invalid = {TOKEN_INVALID, 0, 0};

/* The offset of the interchange format: hh:mm or hhmm. */
static bool
read_iso_offset(Scanner *scanner, Parts *parts)
{
	Assert(is_sign(scanner->next));
	parts->sign = is_symbol(take(scanner), '+') ? 1 : -1;
	if (scanner->next.type == TOKEN_NUMBER && scanner->next.len == 4)
	{
		int			value = take(scanner).value;

		parts->hours = value / 100;
		parts->minutes = value % 100;
		return parts->hours < 24 && parts->minutes < 60;
	}
	if (!is_number(scanner->next, 2, 0, 23))
		return false;
	parts->hours = take(scanner).value;
	if (!take_symbol(scanner, ':') || !is_number(scanner->next, 2, 0, 59))
		return false;
	parts->minutes = take(scanner).value;
	return true;
}

/* The time of the interchange format, after the T.  24:00 is the one time of hour 24. */
static bool
read_iso_time(Scanner *scanner, Parts *parts)
{
	int			rest;

	if (!is_number(scanner->next, 2, 0, 24))
		return false;
	rest = scanner->next.value == 24 ? 0 : 59;
	add_time(parts, take(scanner).value);
	if (!take_symbol(scanner, ':') || !is_number(scanner->next, 2, 0, rest))
		return false;
	add_time(parts, take(scanner).value);
	if (take_symbol(scanner, ':'))
	{
		if (!is_number(scanner->next, 2, 0, rest))
			return false;
		add_time(parts, take(scanner).value);
		if (take_symbol(scanner, '.'))
		{
			if (scanner->next.type != TOKEN_NUMBER || (rest == 0 && scanner->next.value > 0))
				return false;
			add_time(parts, milliseconds(take(scanner)));
		}
	}
	if (is_z(scanner->next))
	{
		take(scanner);
		set_zone(parts, 0);
	}
	else if (is_sign(scanner->next) && !read_iso_offset(scanner, parts))
		return false;
	return scanner->next.type == TOKEN_END;
}

/*
 * Reads the interchange format as far as it goes.  Returns the token with which
 * the loose grammar has to go on: TOKEN_END when all has been read,
 * TOKEN_INVALID when it cannot be a date any more.
 */
static Token
read_iso(Scanner *scanner, Parts *parts)
{
	if (is_sign(scanner->next))
	{
		Token		sign = take(scanner);
		int			year;

		if (scanner->next.type != TOKEN_NUMBER || scanner->next.len != 6)
			return sign;
		year = take(scanner).value;
		if (is_symbol(sign, '-') && year == 0)
			return sign;
		add_date(parts, is_symbol(sign, '-') ? -year : year);
	}
	else if (scanner->next.type == TOKEN_NUMBER && scanner->next.len == 4)
		add_date(parts, take(scanner).value);
	else
		return take(scanner);

	if (take_symbol(scanner, '-'))
	{
		if (!is_number(scanner->next, 2, 1, 12))
			return take(scanner);
		add_date(parts, take(scanner).value);
		if (take_symbol(scanner, '-'))
		{
			if (!is_number(scanner->next, 2, 1, 31))
				return take(scanner);
			add_date(parts, take(scanner).value);
		}
	}
	if (scanner->next.type == TOKEN_TIME_MARK)
	{
		take(scanner);
		if (!read_iso_time(scanner, parts))
			return invalid;
	}
	else if (scanner->next.type != TOKEN_END)
		return take(scanner);
	parts->iso = true;
	return scanner->next;
}

/* A number in the loose grammar. */
static bool
read_number(Scanner *scanner, Parts *parts, int n)
{
	if (take_symbol(scanner, ':'))
	{
		if (take_symbol(scanner, ':'))
			return parts->ntime == 0 && add_time(parts, n) && add_time(parts, 0);
		if (!add_time(parts, n))
			return false;
		take_symbol(scanner, '.');
		return true;
	}
	if (is_symbol(scanner->next, '.') && is_time_part(parts, n))
	{
		take(scanner);
		add_time(parts, n);
		if (scanner->next.type != TOKEN_NUMBER)
			return false;
		finish_time(parts, milliseconds(take(scanner)));
		return true;
	}
	/* a point after a date's number means nothing */
	take_symbol(scanner, '.');
	if (parts->hours != NONE && parts->minutes == NONE && n < 60)
	{
		parts->minutes = n;
		return true;
	}
	if (is_time_part(parts, n))
	{
		finish_time(parts, n);
		return scanner->next.type == TOKEN_END || scanner->next.type == TOKEN_SPACE ||
			is_z(scanner->next) || is_sign(scanner->next);
	}
	if (!add_date(parts, n))
		return false;
	take_symbol(scanner, '-');
	return true;
}

/* A sign after a time or after UTC: the offset. */
static bool
read_offset(Scanner *scanner, Parts *parts, Token sign)
{
	Token		number = {TOKEN_NUMBER, 0, 0};

	parts->sign = is_symbol(sign, '+') ? 1 : -1;
	if (scanner->next.type == TOKEN_NUMBER)
		number = take(scanner);
	if (is_symbol(scanner->next, ':'))
	{
		parts->hours = number.value;
		parts->minutes = NONE;
	}
	else if (number.len == 1 || number.len == 2)
	{
		parts->hours = number.value;
		parts->minutes = 0;
	}
	else if (number.len == 3 || number.len == 4)
	{
		parts->hours = number.value / 100;
		parts->minutes = number.value % 100;
	}
	else
		return false;
	return true;
}

/* Reads the rest by the loose grammar, beginning with token. */
static bool
read_loose(Scanner *scanner, Parts *parts, Token token)
{
	bool		has_number = parts->ndate > 0;

	for (; token.type != TOKEN_END; token = take(scanner))
	{
		bool		valid = true;

		switch (token.type)
		{
			case TOKEN_NUMBER:
				has_number = true;
				valid = read_number(scanner, parts, token.value);
				break;
			case TOKEN_MONTH:
				parts->month = token.value;
				take_symbol(scanner, '-');
				break;
			case TOKEN_HALF_DAY:
			case TOKEN_ZONE:
			case TOKEN_TIME_MARK:
			case TOKEN_WORD:
				if (token.type == TOKEN_HALF_DAY && parts->ntime > 0)
					parts->half_day = token.value;
				else if (token.type == TOKEN_ZONE && has_number)
					set_zone(parts, token.value);
				else
					/* a word may not follow a number, nor have one right after it */
					valid = !has_number && scanner->next.type != TOKEN_NUMBER;
				break;
			case TOKEN_SYMBOL:
				if (is_sign(token) &&
					((parts->hours == 0 && parts->minutes == 0) || parts->ntime > 0))
				{
					valid = read_offset(scanner, parts, token);
					has_number = true;
				}
				else if (is_sign(token) || is_symbol(token, ')'))
					valid = !has_number;
				break;
			default:
				break;
		}
		if (!valid)
			return false;
	}
	return true;
}

static inline bool
is_day(int n)
{
	return n >= 1 && n <= 31;
}

/* Days from 1970-01-01 to a day of the Gregorian calendar, which goes on forever in both directions. */
static int64
days_from_epoch(int64 year, int month, int day)
{
	int64		era;
	int64		year_of_era;
	int64		day_of_year;

	/* years begin in March, so that a leap day is their last */
	if (month <= 2)
		year--;
	era = (year >= 0 ? year : year - 399) / 400;
	year_of_era = year - era * 400;
	Assert(year_of_era >= 0 && year_of_era < 400 && month >= 1 && month <= 12);
	day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
		719468;
}

/* Which numbers are the year, the month and the day, and the day that they are.  What is missing is 1. */
static bool
resolve_date(const Parts *parts, int64 *days)
{
	int			numbers[DATE_PARTS] = {1, 1, 1};
	int			year;
	int			month = parts->month;
	int			day;
	bool		year_first;

	if (parts->ndate == 0)
		return false;
	Assert(parts->ndate <= DATE_PARTS);
	memcpy(numbers, parts->date, sizeof(int) * parts->ndate);
	year_first = parts->iso || !is_day(numbers[0]);
	if (month == NONE)
	{
		year = numbers[year_first ? 0 : 2];
		month = numbers[year_first ? 1 : 0];
		day = numbers[year_first ? 2 : 1];
	}
	else
	{
		year = numbers[year_first ? 0 : 1];
		day = numbers[year_first ? 1 : 0];
	}
	if (!parts->iso && year >= 0 && year < 50)
		year += 2000;
	else if (!parts->iso && year >= 50 && year < 100)
		year += 1900;
	if (month < 1 || month > 12 || !is_day(day))
		return false;
	*days = days_from_epoch(year, month, day);
	return *days >= -MAX_DAYS && *days <= MAX_DAYS;
}

/* The milliseconds since midnight. */
static bool
resolve_time(const Parts *parts, int64 *ms)
{
	int			numbers[TIME_PARTS] = {0};
	int			hour;

	Assert(parts->ntime <= TIME_PARTS);
	memcpy(numbers, parts->time, sizeof(int) * parts->ntime);
	hour = numbers[0];
	if (parts->half_day != NONE)
	{
		if (hour > 12)
			return false;
		hour = hour % 12 + parts->half_day;
	}
	if ((hour > 23 || numbers[1] > 59 || numbers[2] > 59 || numbers[3] > 999) &&
		(hour != 24 || numbers[1] != 0 || numbers[2] != 0 || numbers[3] != 0))
		return false;
	*ms = ((hour * INT64CONST(60) + numbers[1]) * 60 + numbers[2]) * 1000 + numbers[3];
	return true;
}

/* The offset in milliseconds; 0 when none was given. */
static bool
resolve_offset(const Parts *parts, int64 *ms)
{
	uint32		hours = parts->hours == NONE ? 0 : parts->hours;
	uint32		minutes = parts->minutes == NONE ? 0 : parts->minutes;
	/* V8 lets this overflow, and so do we */
	uint32		seconds = hours * 3600 + minutes * 60;

	*ms = 0;
	if (parts->sign == NONE)
		return true;
	Assert(parts->sign == 1 || parts->sign == -1);
	*ms = parts->sign * (int64) seconds * 1000;
	return seconds <= PG_INT32_MAX;
}

/*
 * Reads a date into milliseconds since 1970.  Returns false when a text is
 * none, or one that Date cannot hold.
 */
bool
sd_parse_date(const char *s, Size len, double *ms)
{
	Scanner		scanner = {.reader = sd_utf8(s, len)};
	Parts		parts = {
		.month = NONE, .half_day = NONE, .sign = NONE, .hours = NONE, .minutes = NONE
	};
	Token		token;
	int64		days;
	int64		time;
	int64		offset;

	advance(&scanner);
	scanner.next = scan(&scanner);
	token = read_iso(&scanner, &parts);
	if (token.type == TOKEN_INVALID || !read_loose(&scanner, &parts, token))
		return false;
	if (!resolve_date(&parts, &days) || !resolve_time(&parts, &time) ||
		!resolve_offset(&parts, &offset))
		return false;
	time += days * MS_PER_DAY - offset;
	*ms = (double) time;
	return time >= -MAX_MS && time <= MAX_MS;
}

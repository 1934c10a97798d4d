/*-------------------------------------------------------------------------
 * convert/read_datetime.c
 *		Reads timestamps, with and without time zone.
 *
 * A timestamp without time zone is UTC: an offset in the text is applied, and
 * where there is none the session's time zone has no part in it.  ISO 8601 as
 * JSON shows it is read here, with the years of six digits and a sign that
 * toISOString() writes; all other text goes to the type's input function.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "convert/read_functions.h"
#include "convert/value.h"
#include "utils/datetime.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/timestamp.h"

/* years, 0 being 1 BC, for which a count of microseconds cannot overflow; some of their days are out of range */
#define MIN_YEAR	(-4713)
#define MAX_YEAR	294276

/* years 2 to 9998, as times in any time zone */
#define MIN_LOCAL	(INT64CONST(-729754) * USECS_PER_DAY)
#define MAX_LOCAL	(INT64CONST(2921575) * USECS_PER_DAY)

/* where in a text the reader is */
typedef struct IsoText
{
	const char *p;
	const char *end;
} IsoText;

/* Steps over a character; false when another one stands there. */
static inline bool
accept(IsoText *text, char c)
{
	if (text->p == text->end || *text->p != c)
		return false;
	text->p++;
	return true;
}

/* Reads a number of n digits, up to max. */
static inline bool
digits(IsoText *text, int n, int max, int *number)
{
	*number = 0;
	if (text->end - text->p < n)
		return false;
	for (int i = 0; i < n; i++)
	{
		char		c = *text->p++;

		if (c < '0' || c > '9')
			return false;
		*number = *number * 10 + (c - '0');
	}
	return *number <= max;
}

/* YYYY-MM-DD, or ±YYYYYY-MM-DD, where year 0 is 1 BC; as days after 2000-01-01. */
static bool
read_date(IsoText *text, int *days)
{
	int			year,
				month,
				day;

	if (accept(text, '+'))
	{
		if (!digits(text, 6, MAX_YEAR, &year))
			return false;
	}
	else if (accept(text, '-'))
	{
		if (!digits(text, 6, -MIN_YEAR, &year))
			return false;
		year = -year;
	}
	else if (!digits(text, 4, 9999, &year))
		return false;
	if (!accept(text, '-') || !digits(text, 2, MONTHS_PER_YEAR, &month) ||
		!accept(text, '-') || !digits(text, 2, 31, &day) ||
		month < 1 || day < 1 || day > day_tab[isleap(year)][month - 1])
		return false;
	*days = date2j(year, month, day) - POSTGRES_EPOCH_JDATE;
	return true;
}

/* HH:MM[:SS[.ffffff]] as microseconds. */
static bool
read_clock(IsoText *text, int64 *micros)
{
	int			hour,
				minute,
				second = 0;
	int64		unit = USECS_PER_SEC / 10;

	if (!digits(text, 2, HOURS_PER_DAY - 1, &hour) || !accept(text, ':') ||
		!digits(text, 2, MINS_PER_HOUR - 1, &minute))
		return false;
	if (accept(text, ':') && !digits(text, 2, SECS_PER_MINUTE - 1, &second))
		return false;
	*micros = ((hour * MINS_PER_HOUR + minute) * SECS_PER_MINUTE + second) * USECS_PER_SEC;
	if (!accept(text, '.'))
		return true;
	while (text->p < text->end && *text->p >= '0' && *text->p <= '9')
	{
		/* digits beyond the microsecond are rounded by the input function */
		if (unit == 0)
			return false;
		*micros += (*text->p++ - '0') * unit;
		unit /= 10;
	}
	return unit < USECS_PER_SEC / 10;
}

/* Z or ±HH[[:]MM], if it is there; as seconds. */
static bool
read_offset(IsoText *text, bool *given, int *seconds)
{
	int			hours,
				minutes = 0;
	bool		west;

	*seconds = 0;
	*given = text->p < text->end;
	if (!*given || accept(text, 'Z'))
		return true;
	west = accept(text, '-');
	if ((!west && !accept(text, '+')) || !digits(text, 2, MAX_TZDISP_HOUR, &hours))
		return false;
	if (text->p < text->end)
	{
		(void) accept(text, ':');
		if (!digits(text, 2, MINS_PER_HOUR - 1, &minutes))
			return false;
	}
	*seconds = (hours * MINS_PER_HOUR + minutes) * SECS_PER_MINUTE * (west ? -1 : 1);
	return true;
}

/*
 * Reads ISO 8601.  *zoned says whether it has an offset; else *timestamp is what the
 * clock shows.  False for everything else, and for what is out of range.
 */
static bool
read_iso(const JsonbValue *value, bool *zoned, Timestamp *timestamp)
{
	IsoText		text = {value->val.string.val, value->val.string.val + value->val.string.len};
	int			days;
	int64		micros = 0;
	int			seconds = 0;

	*zoned = false;
	if (!read_date(&text, &days))
		return false;
	if (text.p < text.end &&
		!((accept(&text, 'T') || accept(&text, ' ')) && read_clock(&text, &micros) &&
		  read_offset(&text, zoned, &seconds) && text.p == text.end))
		return false;
	*timestamp = days * USECS_PER_DAY + micros - seconds * USECS_PER_SEC;
	return IS_VALID_TIMESTAMP(*timestamp);
}

/* Whether a value of one of the two types is the same at any time, in any session. */
bool
sd_is_settled_time(const JsonbValue *value, Oid type)
{
	Timestamp	timestamp;
	bool		zoned;

	Assert(type == TIMESTAMPOID || type == TIMESTAMPTZOID);
	return value->type == jbvString && read_iso(value, &zoned, &timestamp) &&
		(zoned || type == TIMESTAMPOID);
}

/* What timestamptz makes of a text in a session whose time zone is UTC. */
static Datum
convert_utc(char *text)
{
	int			level = NewGUCNestLevel();
	Datum		result;

	(void) set_config_option("TimeZone", "UTC", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE,
							 true, 0, false);
	result = DirectFunctionCall3(timestamptz_in, CStringGetDatum(text),
								 ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
	AtEOXact_GUC(true, level);
	return result;
}

/* timestamptz and timestamp, which is the same number when it is UTC */
Datum
sd_read_timestamp(SdConverter *converter, const JsonbValue *value, SdReading *reading)
{
	bool		utc = converter->base == TIMESTAMPOID;
	Timestamp	timestamp;
	bool		zoned;

	if (value->type == jbvBinary)
		sd_refuse_container(converter, value, reading);
	if (value->type == jbvString && read_iso(value, &zoned, &timestamp))
	{
		if (zoned || utc)
			return sd_fit_length(converter, TimestampGetDatum(timestamp));
		/* what the input function takes, and far from where its errors begin */
		if (timestamp >= MIN_LOCAL && timestamp < MAX_LOCAL)
			return sd_fit_length(converter,
								 DirectFunctionCall1(timestamp_timestamptz,
													 TimestampGetDatum(timestamp)));
	}
	if (utc)
		return sd_fit_length(converter, convert_utc(sd_scalar_text(value, NULL)));
	return sd_convert_text(converter, sd_scalar_text(value, NULL));
}

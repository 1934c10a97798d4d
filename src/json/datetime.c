/*-------------------------------------------------------------------------
 * json/datetime.c
 *		Dates and times, whatever the session's DateStyle, TimeZone and
 *		IntervalStyle are.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "json/write_functions.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#define MS_PER_DAY		INT64CONST(86400000)

/* what a JavaScript Date can hold, counted from PostgreSQL's epoch */
#define UNIX_EPOCH_MS	((UNIX_EPOCH_JDATE - POSTGRES_EPOCH_JDATE) * MS_PER_DAY)
#define DATE_MAX_MS		(UNIX_EPOCH_MS + INT64CONST(8640000000000000))

/* civil_date() counts from 1 March of this many years before 1 BC, 12 eras, on */
#define MARCH_EPOCH_YEAR	4800
#define DAYS_PER_ERA		146097
#define DAYS_PER_4_YEARS	1461
#define MARCH_EPOCH_DAYS	(MARCH_EPOCH_YEAR / 400 * DAYS_PER_ERA + 730425)

/* room for "+275760-09-13T00:00:00.000Z" and for any date or time */
#define DATETIME_LEN	40

/* "00" to "99" */
static const char digit_pairs[] =
"0001020304050607080910111213141516171819"
"2021222324252627282930313233343536373839"
"4041424344454647484950515253545556575859"
"6061626364656667686970717273747576777879"
"8081828384858687888990919293949596979899";

StaticAssertDecl(lengthof(digit_pairs) == 200 + 1, "every pair of digits is there");

static inline char *
write_2(char *out, int value)
{
	Assert(value >= 0 && value <= 99);
	memcpy(out, &digit_pairs[value * 2], 2);
	return out + 2;
}

static inline char *
write_3(char *out, int value)
{
	Assert(value >= 0 && value <= 999);
	out[0] = '0' + value / 100;
	return write_2(out + 1, value % 100);
}

static inline char *
write_4(char *out, int value)
{
	return write_2(write_2(out, value / 100), value % 100);
}

/* Appends "HH:MM:SS"; returns where it ends. */
static inline char *
write_clock(char *out, int seconds)
{
	out = write_2(out, seconds / 3600);
	*out++ = ':';
	out = write_2(out, seconds / 60 % 60);
	*out++ = ':';
	return write_2(out, seconds % 60);
}

/*
 * The Gregorian date that is days after 2000-01-01; year 0 is 1 BC.  j2date()
 * says the same, and costs a timestamp a third more.
 */
static inline void
civil_date(int64 days, int *year, int *month, int *day)
{
	/* years begin in March, so that the leap day ends one: eras of 400, centuries, years */
	uint64		n = days + MARCH_EPOCH_DAYS;
	uint64		quarter = n * 4 + 3;
	uint64		century = quarter / DAYS_PER_ERA;
	uint32		of_century = quarter % DAYS_PER_ERA | 3;
	uint32		year_of_century = of_century / DAYS_PER_4_YEARS;
	uint32		of_year = of_century % DAYS_PER_4_YEARS / 4;
	/* from March on the months have 153 days in each five */
	uint32		march_month = (of_year * 5 + 2) / 153;
	bool		next_year = (march_month >= 10);

	Assert(days + MARCH_EPOCH_DAYS >= 0);
	*day = of_year - (march_month * 153 + 2) / 5 + 1;
	*month = march_month + (next_year ? -9 : 3);
	*year = (int) (century * 100 + year_of_century) - MARCH_EPOCH_YEAR + next_year;
}

/*
 * timestamptz, and timestamp taken as UTC: as Date.prototype.toISOString
 * writes it, or null where a Date cannot hold it.
 */
void
sd_write_timestamp(SdBuf *buf, Datum value, const SdWriter *writer)
{
	Timestamp	timestamp = DatumGetTimestamp(value);
	int64		ms = timestamp / 1000;
	int			days;
	int			ms_of_day;
	int			year;
	int			month;
	int			day;
	char	   *out;

	/* towards the past, also before 2000 */
	if (timestamp % 1000 < 0)
		ms--;

	if (unlikely(TIMESTAMP_NOT_FINITE(timestamp) || ms > DATE_MAX_MS))
	{
		sd_write_null(buf);
		return;
	}

	days = ms / MS_PER_DAY;
	ms_of_day = ms % MS_PER_DAY;
	if (ms_of_day < 0)
	{
		ms_of_day += MS_PER_DAY;
		days--;
	}
	civil_date(days, &year, &month, &day);

	sd_buf_reserve(buf, DATETIME_LEN);
	out = buf->data + buf->len;
	*out++ = '"';
	if (likely(year >= 0 && year <= 9999))
		out = write_4(out, year);
	else
	{
		*out++ = year < 0 ? '-' : '+';
		out = write_2(out, abs(year) / 10000);
		out = write_4(out, abs(year) % 10000);
	}
	*out++ = '-';
	out = write_2(out, month);
	*out++ = '-';
	out = write_2(out, day);
	*out++ = 'T';
	out = write_clock(out, ms_of_day / 1000);
	*out++ = '.';
	out = write_3(out, ms_of_day % 1000);
	*out++ = 'Z';
	*out++ = '"';
	Assert(out <= buf->data + buf->len + DATETIME_LEN);
	buf->len = out - buf->data;
}

/* date: as PostgreSQL writes it under DateStyle ISO; the infinities are null */
void
sd_write_date(SdBuf *buf, Datum value, const SdWriter *writer)
{
	DateADT		date = DatumGetDateADT(value);
	int			year;
	int			month;
	int			day;
	bool		bc;
	char	   *out;

	if (unlikely(DATE_NOT_FINITE(date)))
	{
		sd_write_null(buf);
		return;
	}

	civil_date(date, &year, &month, &day);
	bc = (year <= 0);
	if (bc)
		year = 1 - year;

	sd_buf_reserve(buf, DATETIME_LEN);
	out = buf->data + buf->len;
	*out++ = '"';
	if (likely(year <= 9999))
		out = write_4(out, year);
	else
		out += pg_ltoa(year, out);
	*out++ = '-';
	out = write_2(out, month);
	*out++ = '-';
	out = write_2(out, day);
	if (bc)
	{
		memcpy(out, " BC", 3);
		out += 3;
	}
	*out++ = '"';
	Assert(out <= buf->data + buf->len + DATETIME_LEN);
	buf->len = out - buf->data;
}

/* time: ISO, with the digits of the second's fraction that it has */
void
sd_write_time(SdBuf *buf, Datum value, const SdWriter *writer)
{
	TimeADT		time = DatumGetTimeADT(value);
	int			micros = time % USECS_PER_SEC;
	char	   *out;

	sd_buf_reserve(buf, DATETIME_LEN);
	out = buf->data + buf->len;
	*out++ = '"';
	out = write_clock(out, time / USECS_PER_SEC);
	if (micros != 0)
	{
		*out++ = '.';
		out = write_3(out, micros / 1000);
		out = write_3(out, micros % 1000);
		while (out[-1] == '0')
			out--;
	}
	*out++ = '"';
	buf->len = out - buf->data;
}

/* interval: as PostgreSQL writes it under IntervalStyle postgres */
void
sd_write_interval(SdBuf *buf, Datum value, const SdWriter *writer)
{
	Interval   *interval = DatumGetIntervalP(value);
	char		text[MAXDATELEN + 1];

	if (INTERVAL_NOT_FINITE(interval))
		strcpy(text, INTERVAL_IS_NOBEGIN(interval) ? EARLY : LATE);
	else
	{
		struct pg_itm itm;

		interval2itm(*interval, &itm);
		EncodeInterval(&itm, INTSTYLE_POSTGRES, text);
	}
	sd_write_string(buf, text, strlen(text));
}

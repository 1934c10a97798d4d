/*-------------------------------------------------------------------------
 * json/datetime.c
 *		Dates and times, whatever the session's DateStyle, TimeZone and
 *		IntervalStyle are.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "json/write.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#define MS_PER_DAY		INT64CONST(86400000)

/* what a JavaScript Date can hold, counted from PostgreSQL's epoch */
#define UNIX_EPOCH_MS	((UNIX_EPOCH_JDATE - POSTGRES_EPOCH_JDATE) * MS_PER_DAY)
#define DATE_MAX_MS		(UNIX_EPOCH_MS + INT64CONST(8640000000000000))

/* room for "+275760-09-13T00:00:00.000Z" and for any date or time */
#define DATETIME_LEN	40

static inline char *
write_2(char *out, int value)
{
	out[0] = '0' + value / 10;
	out[1] = '0' + value % 10;
	return out + 2;
}

static inline char *
write_3(char *out, int value)
{
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
	j2date(days + POSTGRES_EPOCH_JDATE, &year, &month, &day);

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
	buf->len = out - buf->data;
}

/* date: as PostgreSQL writes it under DateStyle ISO */
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
		if (DATE_IS_NOBEGIN(date))
			sd_write_string(buf, EARLY, strlen(EARLY));
		else
			sd_write_string(buf, LATE, strlen(LATE));
		return;
	}

	j2date(date + POSTGRES_EPOCH_JDATE, &year, &month, &day);
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

/*-------------------------------------------------------------------------
 * validators/utf8.h
 *		Reads UTF-8 character by character, and knows JavaScript's classes of
 *		characters, whatever the database's encoding and locale.
 *-------------------------------------------------------------------------
 */
#ifndef SD_UTF8_H
#define SD_UTF8_H

#include "mb/pg_wchar.h"

/* text being read */
typedef struct SdUtf8
{
	const unsigned char *at;
	const unsigned char *end;
} SdUtf8;

static inline SdUtf8
sd_utf8(const char *s, Size len)
{
	SdUtf8		reader;

	reader.at = (const unsigned char *) s;
	reader.end = reader.at + len;
	return reader;
}

/* Reads one character.  Returns false at the end and at what is not UTF-8. */
static inline bool
sd_utf8_next(SdUtf8 *reader, pg_wchar *c)
{
	int			len;

	Assert(reader->at <= reader->end);
	if (reader->at == reader->end)
		return false;
	if (*reader->at < 0x80)
	{
		*c = *reader->at++;
		return true;
	}
	len = pg_utf_mblen(reader->at);
	if (len > reader->end - reader->at || !pg_utf8_islegal(reader->at, len))
		return false;
	*c = utf8_to_unicode(reader->at);
	reader->at += len;
	return true;
}

/* JavaScript counts and classifies UTF-16: a character beyond U+FFFF is two surrogates. */
static inline int
sd_utf16_units(pg_wchar c)
{
	return c > 0xFFFF ? 2 : 1;
}

static inline bool
sd_in_range(pg_wchar c, pg_wchar first, pg_wchar last)
{
	return c >= first && c <= last;
}

static inline bool
sd_is_letter(pg_wchar c)
{
	return sd_in_range(c | 0x20, 'a', 'z');
}

static inline bool
sd_is_digit(pg_wchar c)
{
	return sd_in_range(c, '0', '9');
}

static inline bool
sd_is_hex_digit(pg_wchar c)
{
	return sd_is_digit(c) || sd_in_range(c | 0x20, 'a', 'f');
}

/* The value of a hexadecimal digit; -1 of any other character. */
static inline int
sd_hex_value(pg_wchar c)
{
	if (sd_is_digit(c))
		return c - '0';
	return sd_is_hex_digit(c) ? (int) (c | 0x20) - 'a' + 10 : -1;
}

/* what \s matches, and what ends with trim() */
static inline bool
sd_is_space(pg_wchar c)
{
	if (c < 0x80)
		return c == ' ' || sd_in_range(c, 0x09, 0x0D);
	return c == 0xA0 || c == 0x1680 || sd_in_range(c, 0x2000, 0x200A) || c == 0x2028 ||
		c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

#endif							/* SD_UTF8_H */

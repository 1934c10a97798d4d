/*-------------------------------------------------------------------------
 * parse/email.c
 *		Tells e-mail addresses, for the validator isEmail.
 *
 * Accepts what validator.js 13.15 accepts, so that a model means the same here
 * as in an application.  JavaScript counts and classifies UTF-16 units: a
 * character beyond U+FFFF is two units, both of them surrogates.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "mb/pg_wchar.h"
#include "parse/email.h"

#define ADDRESS_MAX_UNITS	254
#define LOCAL_MAX_BYTES		64
#define DOMAIN_MAX_BYTES	254
#define LABEL_MAX_UNITS		63
#define TLD_MIN_UNITS		2

/* UTF-8 being read, character by character. */
typedef struct Reader
{
	const unsigned char *at;
	const unsigned char *end;
} Reader;

static inline Reader
read_utf8(const char *s, Size len)
{
	Reader		reader;

	reader.at = (const unsigned char *) s;
	reader.end = reader.at + len;
	return reader;
}

/* Reads one character.  Returns false at the end and at what is not UTF-8. */
static bool
next_char(Reader *reader, pg_wchar *c)
{
	int			len;

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

static inline int
utf16_units(pg_wchar c)
{
	return c > 0xFFFF ? 2 : 1;
}

static inline bool
in_range(pg_wchar c, pg_wchar first, pg_wchar last)
{
	return c >= first && c <= last;
}

static inline bool
is_letter(pg_wchar c)
{
	return in_range(c | 0x20, 'a', 'z');
}

static inline bool
is_digit(pg_wchar c)
{
	return in_range(c, '0', '9');
}

/* Characters that are neither surrogates, private use nor noncharacters, from first on. */
static inline bool
is_international(pg_wchar c, pg_wchar first)
{
	return in_range(c, first, 0xD7FF) || in_range(c, 0xF900, 0xFDCF) || in_range(c, 0xFDF0, 0xFFEF);
}

/* JavaScript's white space beyond U+00A0 */
static bool
is_wide_space(pg_wchar c)
{
	return c == 0x1680 || in_range(c, 0x2000, 0x200A) || c == 0x2028 || c == 0x2029 ||
		c == 0x202F || c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

/* Words of the characters allowed, joined by single dots. */
static bool
is_plain_local_part(Reader reader)
{
	bool		after_dot = true;
	pg_wchar	c;

	while (next_char(&reader, &c))
	{
		if (c == '.')
		{
			if (after_dot)
				return false;
			after_dot = true;
			continue;
		}
		after_dot = false;
		if (!is_letter(c) && !is_digit(c) && !is_international(c, 0xA1) &&
			!(in_range(c, '!', '~') && strchr("!#$%&'*+-/=?^_`{|}~", (int) c) != NULL))
			return false;
	}
	return reader.at == reader.end && !after_dot;
}

/* What stands between the quotes. */
static bool
is_quoted_local_part(Reader reader)
{
	pg_wchar	c;

	while (next_char(&reader, &c))
	{
		if (c == '"')
			return false;
		if (c == '\\' && (!next_char(&reader, &c) || c == '\n'))
			return false;
		if (!in_range(c, 0x01, 0x7F) && !is_international(c, 0xA0))
			return false;
	}
	return reader.at == reader.end;
}

static bool
is_local_part(const char *s, Size len)
{
	if (len == 0 || len > LOCAL_MAX_BYTES)
		return false;
	/* a lone quote is its own partner */
	if (s[0] == '"' && s[len - 1] == '"')
		return is_quoted_local_part(read_utf8(s + 1, len > 2 ? len - 2 : 0));
	return is_plain_local_part(read_utf8(s, len));
}

/* A part of a domain name, between its dots. */
static bool
is_label(const char *s, Size len)
{
	Reader		reader = read_utf8(s, len);
	int			units = 0;
	pg_wchar	c;

	if (len == 0 || s[0] == '-' || s[len - 1] == '-')
		return false;
	while (next_char(&reader, &c))
	{
		units += utf16_units(c);
		if (!is_letter(c) && !is_digit(c) && c != '-' &&
			(c < 0xA1 || in_range(c, 0xFF01, 0xFF5E)))
			return false;
	}
	return reader.at == reader.end && units <= LABEL_MAX_UNITS;
}

/* "xn" and more, of what is a label already */
static bool
is_punycode(const char *s, Size len)
{
	if (len < 2 + TLD_MIN_UNITS || pg_strncasecmp(s, "xn", 2) != 0)
		return false;
	for (Size i = 2; i < len; i++)
	{
		if (IS_HIGHBIT_SET(s[i]))
			return false;
	}
	return true;
}

/* What the last label has to be, beyond being a label. */
static bool
is_top_level(const char *s, Size len)
{
	Reader		reader = read_utf8(s, len);
	int			units = 0;
	pg_wchar	c;

	if (is_punycode(s, len))
		return true;
	while (next_char(&reader, &c))
	{
		units++;
		if (!is_letter(c) && (!is_international(c, 0xA1) || c == 0xA9 || is_wide_space(c)))
			return false;
	}
	return units >= TLD_MIN_UNITS;
}

static bool
is_domain(const char *s, Size len)
{
	const char *end = s + len;
	const char *dot;

	if (len > DOMAIN_MAX_BYTES)
		return false;
	dot = memchr(s, '.', len);
	if (dot == NULL)
		return false;
	do
	{
		if (!is_label(s, dot - s))
			return false;
		s = dot + 1;
		dot = memchr(s, '.', end - s);
	} while (dot != NULL);
	return is_label(s, end - s) && is_top_level(s, end - s);
}

/* Whether the text is short enough, as JavaScript counts. */
static bool
is_address_length(const char *s, Size len)
{
	Reader		reader = read_utf8(s, len);
	int			units = 0;
	pg_wchar	c;

	while (units <= ADDRESS_MAX_UNITS && next_char(&reader, &c))
		units += utf16_units(c);
	return units <= ADDRESS_MAX_UNITS;
}

/*
 * Whether len bytes of UTF-8 are one e-mail address.  Text that is no UTF-8 is
 * none.
 */
bool
sd_is_email(const char *s, Size len)
{
	Size		local = len;

	/* the last one: a quoted local part may hold others */
	while (local > 0 && s[local - 1] != '@')
		local--;
	if (local == 0)
		return false;
	return is_address_length(s, len) &&
		is_domain(s + local, len - local) &&
		is_local_part(s, local - 1);
}

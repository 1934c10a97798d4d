/*-------------------------------------------------------------------------
 * validators/host.c
 *		Tells internet addresses and domain names.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "validators/utf8.h"
#include "validators/validators.h"

#define LABEL_MAX_UNITS	63
#define TLD_MIN_UNITS	2

/* 16-bit groups of an IPv6 address */
#define IPV6_GROUPS		8

/* Whether len bytes are an IPv4 address: four numbers up to 255 without leading zeros. */
bool
sd_is_ipv4(const char *s, Size len)
{
	const char *end = s + len;

	for (int i = 0; i < 4; i++)
	{
		const char *digits;
		int			value = 0;

		if (i > 0 && (s == end || *s++ != '.'))
			return false;
		digits = s;
		while (s < end && s - digits < 3 && sd_is_digit((unsigned char) *s))
			value = value * 10 + (*s++ - '0');
		if (s == digits || value > 255 || (*digits == '0' && s - digits > 1))
			return false;
	}
	return s == end;
}

/* The length of the hexadecimal group that begins at s, 0 when it is none. */
static int
group_length(const char *s, const char *end)
{
	int			len = 0;

	while (len < 4 && s + len < end && sd_is_hex_digit((unsigned char) s[len]))
		len++;
	return s + len == end || s[len] == ':' ? len : 0;
}

/*
 * Reads groups that colons separate, at most max of them, an IPv4 address at
 * the end being two.  Returns how many there are, -1 when it is something else.
 */
static int
read_groups(const char *s, const char *end, int max, bool last)
{
	int			n = 0;

	Assert(s <= end && max >= 0);
	if (s == end)
		return 0;
	for (;;)
	{
		int			len = group_length(s, end);

		if (len == 0)
		{
			if (!last || !sd_is_ipv4(s, end - s))
				return -1;
			n += 2;
			return n <= max ? n : -1;
		}
		if (++n > max)
			return -1;
		s += len;
		if (s == end)
			return n;
		s++;
	}
}

/* The name of a zone, after the '%'. */
static bool
is_zone(const char *s, const char *end)
{
	if (s == end)
		return false;
	for (; s < end; s++)
	{
		if (!sd_is_letter((unsigned char) *s) && !sd_is_digit((unsigned char) *s) && *s != '.')
			return false;
	}
	return true;
}

/* Whether len bytes are an IPv6 address, with a zone or without. */
bool
sd_is_ipv6(const char *s, Size len)
{
	const char *end = s + len;
	const char *zone = len > 0 ? memchr(s, '%', len) : NULL;
	const char *gap;
	int			before;

	if (zone != NULL)
	{
		if (!is_zone(zone + 1, end))
			return false;
		end = zone;
	}
	if (end - s < 2)
		return false;
	for (gap = s; gap < end - 1; gap++)
	{
		if (gap[0] == ':' && gap[1] == ':')
			break;
	}
	if (gap == end - 1)
		return read_groups(s, end, IPV6_GROUPS, true) == IPV6_GROUPS;
	/* the gap stands for one group at least */
	before = read_groups(s, gap, IPV6_GROUPS - 1, false);
	return before >= 0 && read_groups(gap + 2, end, IPV6_GROUPS - 1 - before, true) >= 0;
}

/* Characters that are neither surrogates, private use nor noncharacters. */
static bool
is_international(pg_wchar c)
{
	return sd_in_range(c, 0xA1, 0xD7FF) || sd_in_range(c, 0xF900, 0xFDCF) ||
		sd_in_range(c, 0xFDF0, 0xFFEF);
}

/* A part of a domain name, between its dots. */
static bool
is_label(const char *s, Size len)
{
	SdUtf8		reader = sd_utf8(s, len);
	int			units = 0;
	pg_wchar	c;

	if (len == 0 || s[0] == '-' || s[len - 1] == '-')
		return false;
	while (units <= LABEL_MAX_UNITS && sd_utf8_next(&reader, &c))
	{
		units += sd_utf16_units(c);
		if (!sd_is_letter(c) && !sd_is_digit(c) && c != '-' &&
			(c < 0xA1 || sd_in_range(c, 0xFF01, 0xFF5E)))
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
	SdUtf8		reader = sd_utf8(s, len);
	int			units = 0;
	pg_wchar	c;

	if (is_punycode(s, len))
		return true;
	while (sd_utf8_next(&reader, &c))
	{
		units++;
		if (!sd_is_letter(c) && (!is_international(c) || c == 0xA9 || sd_is_space(c)))
			return false;
	}
	return units >= TLD_MIN_UNITS;
}

/* Whether len bytes are a fully qualified domain name, in ASCII or not. */
bool
sd_is_domain(const char *s, Size len)
{
	const char *end = s + len;
	const char *dot = memchr(s, '.', len);

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

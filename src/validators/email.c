/*-------------------------------------------------------------------------
 * validators/email.c
 *		Tells e-mail addresses.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "validators/utf8.h"
#include "validators/validators.h"

#define ADDRESS_MAX_UNITS	254
#define LOCAL_MAX_BYTES		64
#define DOMAIN_MAX_BYTES	254

/* Characters that are neither surrogates, private use nor noncharacters, from first on. */
static inline bool
is_international(pg_wchar c, pg_wchar first)
{
	return sd_in_range(c, first, 0xD7FF) || sd_in_range(c, 0xF900, 0xFDCF) ||
		sd_in_range(c, 0xFDF0, 0xFFEF);
}

/* Words of the characters allowed, joined by single dots. */
static bool
is_plain_local_part(SdUtf8 reader)
{
	bool		after_dot = true;
	pg_wchar	c;

	while (sd_utf8_next(&reader, &c))
	{
		if (c == '.')
		{
			if (after_dot)
				return false;
			after_dot = true;
			continue;
		}
		after_dot = false;
		if (!sd_is_letter(c) && !sd_is_digit(c) && !is_international(c, 0xA1) &&
			!(sd_in_range(c, '!', '~') && strchr("!#$%&'*+-/=?^_`{|}~", (int) c) != NULL))
			return false;
	}
	return reader.at == reader.end && !after_dot;
}

/* What stands between the quotes. */
static bool
is_quoted_local_part(SdUtf8 reader)
{
	pg_wchar	c;

	while (sd_utf8_next(&reader, &c))
	{
		if (c == '"')
			return false;
		if (c == '\\' && (!sd_utf8_next(&reader, &c) || c == '\n'))
			return false;
		if (!sd_in_range(c, 0x01, 0x7F) && !is_international(c, 0xA0))
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
		return is_quoted_local_part(sd_utf8(s + 1, len > 2 ? len - 2 : 0));
	return is_plain_local_part(sd_utf8(s, len));
}

/* Whether the text is short enough, as JavaScript counts. */
static bool
is_address_length(const char *s, Size len)
{
	SdUtf8		reader = sd_utf8(s, len);
	int			units = 0;
	pg_wchar	c;

	while (units <= ADDRESS_MAX_UNITS && sd_utf8_next(&reader, &c))
		units += sd_utf16_units(c);
	return units <= ADDRESS_MAX_UNITS;
}

/* Whether len bytes are one e-mail address. */
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
		len - local <= DOMAIN_MAX_BYTES &&
		sd_is_domain(s + local, len - local) &&
		is_local_part(s, local - 1);
}

/*-------------------------------------------------------------------------
 * validators/text.c
 *		Validators of the letters that a text is made of.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "validators/fold.h"
#include "validators/utf8.h"
#include "validators/validators.h"

/* Whether a text is empty or all white space. */
bool
sd_is_blank(const char *s, Size len)
{
	SdUtf8		reader = sd_utf8(s, len);
	pg_wchar	c;

	while (sd_utf8_next(&reader, &c))
	{
		if (!sd_is_space(c))
			return false;
	}
	return reader.at == reader.end;
}

/* Whether a text is made of ASCII letters. */
bool
sd_is_alpha(const char *s, Size len)
{
	for (Size i = 0; i < len; i++)
	{
		if (!sd_is_letter((unsigned char) s[i]))
			return false;
	}
	return len > 0;
}

/* Whether a text is made of ASCII letters and digits. */
bool
sd_is_alphanumeric(const char *s, Size len)
{
	for (Size i = 0; i < len; i++)
	{
		if (!sd_is_letter((unsigned char) s[i]) && !sd_is_digit((unsigned char) s[i]))
			return false;
	}
	return len > 0;
}

/* Whether toLowerCase() leaves a text as it is. */
bool
sd_is_lowercase(const char *s, Size len)
{
	SdUtf8		reader = sd_utf8(s, len);
	pg_wchar	c;

	while (sd_utf8_next(&reader, &c))
	{
		if (sd_has_lower(c))
			return false;
	}
	return reader.at == reader.end;
}

/* Whether toUpperCase() leaves a text as it is. */
bool
sd_is_uppercase(const char *s, Size len)
{
	SdUtf8		reader = sd_utf8(s, len);
	pg_wchar	c;

	while (sd_utf8_next(&reader, &c))
	{
		if (sd_has_upper(c))
			return false;
	}
	return reader.at == reader.end;
}

/* Whether a text is lower-case letters and digits, with single - and _ between them. */
bool
sd_is_slug(const char *s, Size len)
{
	bool		after_joint = true;

	for (Size i = 0; i < len; i++)
	{
		bool		joint = s[i] == '-' || s[i] == '_';

		if (joint ? after_joint : !sd_in_range((unsigned char) s[i], 'a', 'z') &&
			!sd_is_digit((unsigned char) s[i]))
			return false;
		after_joint = joint;
	}
	return !after_joint;
}

/* Whether a text has part in it; nothing contains an empty part. */
bool
sd_contains(const char *s, Size len, const char *part, Size part_len)
{
	const char *end = s + len;

	if (part_len == 0)
		return false;
	while (end - s >= part_len)
	{
		s = memchr(s, part[0], end - s - part_len + 1);
		if (s == NULL)
			return false;
		if (memcmp(s, part, part_len) == 0)
			return true;
		s++;
	}
	return false;
}

/*
 * The characters of a text, without the selectors of text and emoji
 * presentation that follow one.
 */
double
sd_text_length(const char *s, Size len)
{
	SdUtf8		reader = sd_utf8(s, len);
	bool		after_selector = true;
	double		length = 0;
	pg_wchar	c;

	while (sd_utf8_next(&reader, &c))
	{
		bool		selector = c == 0xFE0E || c == 0xFE0F;

		if (!selector || after_selector)
			length++;
		after_selector = selector;
	}
	return length;
}

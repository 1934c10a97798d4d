/*-------------------------------------------------------------------------
 * validators/pattern_reader.c
 *		Reads the parts of JavaScript's regular expressions.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "validators/pattern_reader.h"
#include "validators/utf8.h"

/* Notes what is wrong with the pattern, unless something is already; returns false. */
bool
sd_pattern_fail(SdPatternReader *r, const char *problem)
{
	if (r->problem == NULL)
		r->problem = problem;
	return false;
}

/* Whether c comes next. */
bool
sd_pattern_at(const SdPatternReader *r, char c)
{
	return r->at < r->end && *r->at == (unsigned char) c;
}

/* Reads text, if that comes next. */
bool
sd_pattern_skip(SdPatternReader *r, const char *text)
{
	Size		len = strlen(text);

	Assert(r->at <= r->end);
	if (r->end - r->at < len)
		return false;
	for (Size i = 0; i < len; i++)
	{
		if (r->at[i] != (unsigned char) text[i])
			return false;
	}
	r->at += len;
	return true;
}

/* Reads n hexadecimal digits.  Returns false, having read nothing, when they are not there. */
static bool
read_hex(SdPatternReader *r, int n, pg_wchar *value)
{
	*value = 0;
	if (r->end - r->at < n)
		return false;
	for (int i = 0; i < n; i++)
	{
		int			digit = sd_hex_value(r->at[i]);

		if (digit < 0)
			return false;
		*value = *value * 16 + digit;
	}
	r->at += n;
	return true;
}

/* Reads a decimal number of any length; SD_UNLIMITED stands for what is too large. */
bool
sd_pattern_number(SdPatternReader *r, int *value)
{
	int64		n = 0;
	const pg_wchar *start = r->at;

	for (; r->at < r->end && sd_is_digit(*r->at); r->at++)
		n = Min(n * 10 + (*r->at - '0'), SD_UNLIMITED);
	*value = n;
	return r->at > start;
}

/* The rest of \u with the flag u: {code}, or four digits or a pair of them. */
static bool
read_unicode_escape(SdPatternReader *r, pg_wchar *c)
{
	pg_wchar	low;

	if (sd_pattern_at(r, '{'))
	{
		const pg_wchar *digits = ++r->at;

		*c = 0;
		while (r->at < r->end && *c <= 0x10FFFF && sd_is_hex_digit(*r->at))
			*c = *c * 16 + sd_hex_value(*r->at++);
		if (r->at == digits || *c > 0x10FFFF || !sd_pattern_skip(r, "}"))
			return sd_pattern_fail(r, "has a wrong \\u");
		return true;
	}
	if (!read_hex(r, 4, c))
		return sd_pattern_fail(r, "has a wrong \\u");
	if (sd_in_range(*c, 0xD800, 0xDBFF) && r->end - r->at >= 6)
	{
		const pg_wchar *start = r->at;

		if (sd_pattern_skip(r, "\\u") && read_hex(r, 4, &low) && sd_in_range(low, 0xDC00, 0xDFFF))
			*c = 0x10000 + ((*c - 0xD800) << 10) + (low - 0xDC00);
		else
			r->at = start;
	}
	return true;
}

/* One to three octal digits up to \377, the first of which is c. */
static pg_wchar
read_octal(SdPatternReader *r, pg_wchar c)
{
	pg_wchar	value = c - '0';

	Assert(value <= 7);
	for (int i = 0; i < 2 && r->at < r->end && sd_in_range(*r->at, '0', '7'); i++)
	{
		if (value * 8 + (*r->at - '0') > 0xFF)
			break;
		value = value * 8 + (*r->at++ - '0');
	}
	return value;
}

/*
 * Reads what follows a backslash and stands for one character, inside a class
 * or outside.
 */
bool
sd_pattern_escape(SdPatternReader *r, bool in_class, pg_wchar *result)
{
	bool		strict = r->flags->unicode;
	pg_wchar	c = *r->at++;

	Assert(r->at <= r->end);
	*result = c;
	switch (c)
	{
		case 'f':
			*result = '\f';
			return true;
		case 'n':
			*result = '\n';
			return true;
		case 'r':
			*result = '\r';
			return true;
		case 't':
			*result = '\t';
			return true;
		case 'v':
			*result = '\v';
			return true;
		case 'c':
			if (r->at < r->end &&
				(sd_is_letter(*r->at) ||
				 (in_class && !strict && (sd_is_digit(*r->at) || *r->at == '_'))))
				*result = *r->at++ % 32;
			else if (strict)
				return sd_pattern_fail(r, "has a wrong \\c");
			else
			{
				/* the backslash is itself, and c comes next */
				*result = '\\';
				r->at--;
			}
			return true;
		case 'x':
			if (!read_hex(r, 2, result))
			{
				*result = 'x';
				return !strict || sd_pattern_fail(r, "has a wrong \\x");
			}
			return true;
		case 'u':
			if (strict)
				return read_unicode_escape(r, result);
			if (!read_hex(r, 4, result))
				*result = 'u';
			return true;
		case 'k':
			return (!r->named && !strict) || sd_pattern_fail(r, "has a wrong \\k");
		case 'p':
		case 'P':
			return !strict || sd_pattern_fail(r, "has \\p, which is not supported");
		case '-':
			return !strict || in_class || sd_pattern_fail(r, "has a wrong escape");
	}
	if (strict)
	{
		if (c == '0' && !(r->at < r->end && sd_is_digit(*r->at)))
			*result = 0;
		else if (c > '~' || strchr("^$\\.*+?()[]{}|/", (int) c) == NULL)
			return sd_pattern_fail(r, "has a wrong escape");
	}
	else if (sd_in_range(c, '0', '7'))
		*result = read_octal(r, c);
	return true;
}

/* The name of a group, after its "<". */
bool
sd_pattern_name(SdPatternReader *r, SdGroupName *name)
{
	name->s = r->at;
	while (r->at < r->end && *r->at != '>')
	{
		pg_wchar	c = *r->at;

		if (!sd_is_letter(c) && c != '$' && c != '_' && c < 0x80 &&
			!(sd_is_digit(c) && r->at > name->s))
			return sd_pattern_fail(r, "has a wrong name of a group");
		r->at++;
	}
	name->len = r->at - name->s;
	if (name->len == 0 || r->at == r->end)
		return sd_pattern_fail(r, "has a wrong name of a group");
	r->at++;
	return true;
}

/* Reads {n}, {n,} or {n,m}.  Returns false, having read nothing, when it is something else. */
bool
sd_pattern_braces(SdPatternReader *r, int *min, int *max)
{
	const pg_wchar *start = r->at;

	if (sd_pattern_skip(r, "{") && sd_pattern_number(r, min))
	{
		*max = *min;
		if (sd_pattern_skip(r, ",") && !sd_pattern_number(r, max))
			*max = SD_UNLIMITED;
		if (sd_pattern_skip(r, "}"))
			return true;
	}
	r->at = start;
	return false;
}

/* Reads what says how often the term before it is to come; false when there is nothing. */
bool
sd_pattern_quantifier(SdPatternReader *r, int *min, int *max)
{
	*min = 0;
	*max = SD_UNLIMITED;
	if (sd_pattern_skip(r, "?"))
		*max = 1;
	else if (sd_pattern_skip(r, "+"))
		*min = 1;
	else if (!sd_pattern_skip(r, "*") && !sd_pattern_braces(r, min, max))
		return false;
	/* as few as possible: that is about which match, not about whether */
	sd_pattern_skip(r, "?");
	return true;
}

/* Counts the groups, and finds out whether they have names and are referred to. */
void
sd_pattern_survey(SdPatternReader *r)
{
	const pg_wchar *start = r->at;
	bool		in_class = false;
	bool		has_k = false;
	int			lowest = SD_UNLIMITED;

	while (r->at < r->end)
	{
		pg_wchar	c = *r->at++;

		if (c == '\\' && r->at < r->end)
		{
			int			number;

			if (*r->at == 'k')
				has_k = true;
			if (!in_class && *r->at != '0' && sd_pattern_number(r, &number))
				lowest = Min(lowest, number);
			else
				r->at++;
		}
		else if (c == '[')
			in_class = true;
		else if (c == ']')
			in_class = false;
		else if (c == '(' && !in_class)
		{
			if (!sd_pattern_at(r, '?'))
				r->ngroups++;
			else if (sd_pattern_skip(r, "?<") && !sd_pattern_at(r, '=') && !sd_pattern_at(r, '!'))
			{
				r->ngroups++;
				r->named = true;
			}
		}
	}
	r->references = lowest <= r->ngroups || (has_k && r->named);
	r->at = start;
}

/*-------------------------------------------------------------------------
 * validators/code.c
 *		Validators of codes: colours, UUIDs, the numbers of payment cards.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "validators/utf8.h"
#include "validators/validators.h"

/* in "xxxxxxxx-xxxx-Vxxx-Rxxx-xxxxxxxxxxxx" */
#define UUID_LEN		36
#define UUID_VERSION	14
#define UUID_VARIANT	19


/* Whether a text is three, four, six or eight hexadecimal digits, after # or not. */
bool
sd_is_hex_color(const char *s, Size len)
{
	if (len > 0 && *s == '#')
	{
		s++;
		len--;
	}
	if (len != 3 && len != 4 && len != 6 && len != 8)
		return false;
	for (Size i = 0; i < len; i++)
	{
		if (!sd_is_hex_digit((unsigned char) s[i]))
			return false;
	}
	return true;
}

/* Whether a text is a UUID of whatever version. */
static bool
is_uuid_form(const char *s, Size len)
{
	if (len != UUID_LEN)
		return false;
	for (int i = 0; i < UUID_LEN; i++)
	{
		bool		hyphen = i == 8 || i == 13 || i == 18 || i == 23;

		if (hyphen ? s[i] != '-' : !sd_is_hex_digit((unsigned char) s[i]))
			return false;
	}
	return true;
}

/* Whether all digits of a UUID are c, which is lower case. */
static bool
is_uniform(const char *s, char c)
{
	for (int i = 0; i < UUID_LEN; i++)
	{
		if (s[i] != '-' && pg_ascii_tolower((unsigned char) s[i]) != c)
			return false;
	}
	return true;
}

/* Whether version is one that sd_is_uuid() knows. */
bool
sd_is_uuid_version(const char *version)
{
	if (version[0] >= '1' && version[0] <= '8' && version[1] == '\0')
		return true;
	return strcmp(version, "nil") == 0 || strcmp(version, "max") == 0 ||
		strcmp(version, "loose") == 0 || strcmp(version, "all") == 0;
}

/*
 * Whether a text is a UUID of a version: a number from 1 to 8, "nil", "max",
 * "loose" for whatever has the form, "all" for what a standard describes.
 */
bool
sd_is_uuid(const char *s, Size len, const char *version)
{
	bool		standard;

	if (!is_uuid_form(s, len))
		return false;
	if (strcmp(version, "loose") == 0)
		return true;
	if (strcmp(version, "nil") == 0)
		return is_uniform(s, '0');
	if (strcmp(version, "max") == 0)
		return is_uniform(s, 'f');
	standard = s[UUID_VERSION] >= '1' && s[UUID_VERSION] <= '8' &&
		strchr("89abAB", s[UUID_VARIANT]) != NULL;
	if (strcmp(version, "all") == 0)
		return standard || is_uniform(s, '0') || is_uniform(s, 'f');
	Assert(version[0] >= '1' && version[0] <= '8');
	return standard && s[UUID_VERSION] == version[0];
}

/* The number that n digits make. */
static int
number(const char *digits, int n)
{
	int			value = 0;

	for (int i = 0; i < n; i++)
		value = value * 10 + (digits[i] - '0');
	return value;
}

/* The newer range of MasterCard, which counts at the end of any digits. */
static bool
ends_as_mastercard(const char *digits, Size len)
{
	int			prefix;

	if (len < 16)
		return false;
	prefix = number(digits + len - 16, 4);
	return prefix >= 2221 && prefix <= 2720;
}

/* Whether the digits are those of one of the cards. */
static bool
is_card(const char *digits, Size len, int cards)
{
	int			prefix = len >= 4 ? number(digits, 4) : 0;
	int			two = prefix / 100;
	int			three = prefix / 10;

	if ((cards & SD_CARD_MASTERCARD) &&
		((two >= 51 && two <= 55) || ends_as_mastercard(digits, len)))
		return true;
	return ((cards & SD_CARD_AMEX) && len == 15 && (two == 34 || two == 37)) ||
		((cards & SD_CARD_DINERSCLUB) && len == 14 &&
		 ((three >= 300 && three <= 305) || two == 36 || two == 38)) ||
		((cards & SD_CARD_DISCOVER) && len >= 16 && len <= 19 && (prefix == 6011 || two == 65)) ||
		((cards & SD_CARD_JCB) &&
		 ((len == 15 && (prefix == 2131 || prefix == 1800)) || (len == 16 && two == 35))) ||
		((cards & SD_CARD_UNIONPAY) &&
		 ((len == 16 && (two == 62 || two == 67)) || (len >= 16 && len <= 19 && two == 81))) ||
		((cards & SD_CARD_VISA) && (len == 13 || (len >= 16 && len <= 19)) && two / 10 == 4);
}

/* Luhn's check digit. */
static bool
is_luhn(const char *digits, Size len)
{
	int			sum = 0;

	for (Size i = 0; i < len; i++)
	{
		int			digit = digits[len - 1 - i] - '0';

		if (i % 2 == 1)
			digit = digit < 5 ? digit * 2 : digit * 2 - 9;
		sum = (sum + digit) % 10;
	}
	return sum == 0;
}

/*
 * Whether a text is the number of one of the cards, a set of SdCard, with
 * spaces and hyphens anywhere.
 */
bool
sd_is_credit_card(const char *s, Size len, int cards)
{
	char	   *digits = palloc(len + 1);
	Size		n = 0;
	bool		valid = true;

	Assert(cards != 0 && (cards & ~SD_CARD_ANY) == 0);
	for (Size i = 0; i < len && valid; i++)
	{
		if (s[i] == '-' || s[i] == ' ')
			continue;
		valid = sd_is_digit((unsigned char) s[i]);
		digits[n++] = s[i];
	}
	valid = valid && is_card(digits, n, cards) && is_luhn(digits, n);
	pfree(digits);
	return valid;
}

/*-------------------------------------------------------------------------
 * validators/url.c
 *		Tells URLs of http, https and ftp, with the protocol or without.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "validators/utf8.h"
#include "validators/validators.h"

#define URL_MAX_UNITS	2084
#define MAX_PORT		65535

/* part of a URL */
typedef struct Slice
{
	const char *s;
	Size		len;
} Slice;

/* Where c stands in a slice; -1 when it does not. */
static inline int64
find(Slice slice, char c)
{
	const char *found = slice.len > 0 ? memchr(slice.s, c, slice.len) : NULL;

	return found != NULL ? found - slice.s : -1;
}

/* The first n bytes. */
static inline Slice
head(Slice slice, Size n)
{
	Assert(n <= slice.len);
	slice.len = n;
	return slice;
}

/* All but the first n bytes. */
static inline Slice
tail(Slice slice, Size n)
{
	Assert(n <= slice.len);
	slice.s += n;
	slice.len -= n;
	return slice;
}

/* What stands before the first c: everything, when there is none. */
static inline Slice
before(Slice slice, char c)
{
	int64		at = find(slice, c);

	return at < 0 ? slice : head(slice, at);
}

static inline bool
begins_with(Slice slice, const char *text)
{
	return slice.len >= strlen(text) && memcmp(slice.s, text, strlen(text)) == 0;
}

/* The characters of a URL: no white space, no angle brackets, not too many. */
static bool
is_url_text(Slice url)
{
	SdUtf8		reader = sd_utf8(url.s, url.len);
	int			units = 0;
	pg_wchar	c;

	while (units <= URL_MAX_UNITS && sd_utf8_next(&reader, &c))
	{
		units += sd_utf16_units(c);
		if (c == '<' || c == '>' || sd_is_space(c))
			return false;
	}
	return reader.at == reader.end && units > 0 && units <= URL_MAX_UNITS;
}

/* The length of the name before the first colon, if it can be that of a protocol; else 0. */
static Size
scheme_length(Slice url)
{
	Size		n = 0;

	while (n < url.len && (sd_is_letter((unsigned char) url.s[n]) ||
						   (n > 0 && (sd_is_digit((unsigned char) url.s[n]) ||
									  strchr("+-.", url.s[n]) != NULL))))
		n++;
	return n < url.len && url.s[n] == ':' ? n : 0;
}

static bool
is_known_protocol(Slice scheme)
{
	static const char *const protocols[] = {"http", "https", "ftp"};

	for (int i = 0; i < lengthof(protocols); i++)
	{
		if (scheme.len == strlen(protocols[i]) &&
			pg_strncasecmp(scheme.s, protocols[i], scheme.len) == 0)
			return true;
	}
	return false;
}

/* Whether what stands between a colon and an @ is a plain password, with nothing encoded in it. */
static bool
is_password(Slice text)
{
	for (Size i = 0; i < text.len; i++)
	{
		unsigned char c = text.s[i];

		if (!sd_is_letter(c) && !sd_is_digit(c) && (c == '\0' || strchr("-_.%:", c) == NULL))
			return false;
		if (c == '%' && i + 2 < text.len && sd_is_hex_digit((unsigned char) text.s[i + 1]) &&
			sd_is_hex_digit((unsigned char) text.s[i + 2]))
			return false;
	}
	return true;
}

/* Whether the name before the first colon is a protocol, and not a user or a host. */
static bool
is_protocol(Slice after_colon)
{
	int64		at;

	if (begins_with(after_colon, "//"))
		return true;
	at = find(before(after_colon, '/'), '@');
	if (at >= 0)
		return !is_password(head(after_colon, at));
	return after_colon.len == 0 || !sd_is_digit((unsigned char) after_colon.s[0]);
}

/* user, or user:password: one of them not empty, and no other colon. */
static bool
is_credentials(Slice text)
{
	int64		colon = find(text, ':');

	if (text.len == 0)
		return false;
	return colon < 0 || (text.len > 1 && find(tail(text, colon + 1), ':') < 0);
}

/* An empty port is as good as none. */
static bool
is_port(Slice text)
{
	int			port = 0;

	for (Size i = 0; i < text.len; i++)
	{
		if (!sd_is_digit((unsigned char) text.s[i]))
			return false;
		port = Min(port * 10 + (text.s[i] - '0'), MAX_PORT + 1);
	}
	return text.len == 0 || (port > 0 && port <= MAX_PORT);
}

/* An IPv6 address in brackets, with a port or without. */
static bool
is_bracketed(Slice host)
{
	int64		close = find(host, ']');
	Slice		rest;

	if (close < 2)
		return false;
	rest = tail(host, close + 1);
	return (rest.len == 0 || (rest.s[0] == ':' && rest.len > 1 && is_port(tail(rest, 1)))) &&
		sd_is_ipv6(host.s + 1, close - 1);
}

/* Whether len bytes are a URL. */
bool
sd_is_url(const char *s, Size len)
{
	Slice		url = {s, len};
	Slice		host;
	Size		scheme;
	bool		explicit = false;
	int64		at;
	int64		colon;

	if (!is_url_text(url) || begins_with(url, "mailto:"))
		return false;
	url = before(before(url, '#'), '?');
	scheme = scheme_length(url);
	if (scheme > 0 && is_protocol(tail(url, scheme + 1)))
	{
		if (!is_known_protocol(head(url, scheme)))
			return false;
		url = tail(url, scheme + 1);
		explicit = true;
	}
	if (begins_with(url, "//"))
	{
		if (!explicit)
			return false;
		url = tail(url, 2);
	}

	host = before(url, '/');
	at = find(host, '@');
	if (at >= 0)
	{
		if (!is_credentials(head(host, at)))
			return false;
		host = tail(host, at + 1);
	}
	if (host.len > 0 && host.s[0] == '[')
		return is_bracketed(host);
	colon = find(host, ':');
	if (colon >= 0)
	{
		if (!is_port(tail(host, colon + 1)))
			return false;
		host = head(host, colon);
	}
	return sd_is_ipv4(host.s, host.len) || sd_is_domain(host.s, host.len);
}

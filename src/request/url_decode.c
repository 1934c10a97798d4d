/*-------------------------------------------------------------------------
 * request/url_decode.c
 *		Decodes the parts of a request's URL.
 *
 * URLs are UTF-8, whatever the server's encoding is: escapes are bytes of it.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "mb/pg_wchar.h"
#include "request/url_decode.h"
#include "validators/utf8.h"

/* more of them are no query that anybody means */
#define SD_MAX_PAIRS	1000

/* The escape that a text begins with, for a message. */
static char *
clip(const char *text, int len)
{
	int			clipped = pg_encoding_mbcliplen(PG_UTF8, text, len, 3);

	return pg_any_to_server(pnstrdup(text, clipped), clipped, PG_UTF8);
}

/* Decodes the escapes of a text; in a query string "+" is a space. */
static char *
decode(const char *text, int len, bool plus)
{
	char	   *bytes = palloc(len + 1);
	int			n = 0;

	Assert(len >= 0);
	for (int i = 0; i < len; i++)
	{
		if (text[i] == '%')
		{
			int			high = i + 1 < len ? sd_hex_value((unsigned char) text[i + 1]) : -1;
			int			low = i + 2 < len ? sd_hex_value((unsigned char) text[i + 2]) : -1;

			if (high < 0 || low < 0)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("malformed escape in the URL: \"%s\"", clip(text + i, len - i))));
			bytes[n++] = (char) (high * 16 + low);
			i += 2;
		}
		else
			bytes[n++] = plus && text[i] == '+' ? ' ' : text[i];
	}
	Assert(n <= len);
	bytes[n] = '\0';
	if (strlen(bytes) != n)
		ereport(ERROR,
				(errcode(ERRCODE_CHARACTER_NOT_IN_REPERTOIRE),
				 errmsg("the URL has a null character")));
	return pg_any_to_server(bytes, n, PG_UTF8);
}

/*
 * Decodes a segment of a path.  Raises 22023 for a malformed escape, 22021 and
 * 22P05 for bytes that are no text in the server's encoding.
 */
char *
sd_decode_segment(const char *text, int len)
{
	return decode(text, len, false);
}

/*
 * Decodes the pairs of a query string, in their order; a name without "=" has
 * an empty value.  Raises 54000 for too many, and what decoding raises.
 */
List *
sd_read_pairs(const char *query)
{
	List	   *pairs = NIL;

	while (*query != '\0')
	{
		int			len = strcspn(query, "&");
		const char *equals = memchr(query, '=', len);
		int			name_len = equals != NULL ? equals - query : len;

		if (len > 0)
		{
			SdPair	   *pair = palloc(sizeof(SdPair));

			if (list_length(pairs) == SD_MAX_PAIRS)
				ereport(ERROR,
						(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						 errmsg("a query string may have at most %d parameters", SD_MAX_PAIRS)));
			pair->name = decode(query, name_len, true);
			pair->value = equals != NULL ? decode(equals + 1, len - name_len - 1, true) : "";
			pairs = lappend(pairs, pair);
		}
		query += len + (query[len] == '&' ? 1 : 0);
	}
	return pairs;
}

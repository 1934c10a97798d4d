/*-------------------------------------------------------------------------
 * request/url_encode.c
 *		Writes names as segments of a path.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "json/utf8_text.h"
#include "request/url_encode.h"

/*
 * Adds a text, in the server's encoding, to a path: the bytes of its UTF-8 that
 * are not unreserved characters of RFC 3986 are written as escapes, so that it is
 * one segment whatever it holds.  Raises what the conversion raises.
 */
void
sd_append_encoded(StringInfo path, const char *text)
{
	for (const char *p = sd_utf8_text(text); *p != '\0'; p++)
	{
		if (strchr("-._~", *p) != NULL || (!IS_HIGHBIT_SET(*p) && isalnum((unsigned char) *p)))
			appendStringInfoChar(path, *p);
		else
			appendStringInfo(path, "%%%02X", (unsigned char) *p);
	}
}

/*-------------------------------------------------------------------------
 * json/utf8_text.h
 *		Texts of the database's encoding as UTF-8.
 *-------------------------------------------------------------------------
 */
#ifndef SD_UTF8_TEXT_H
#define SD_UTF8_TEXT_H

#include "common/string.h"
#include "mb/pg_wchar.h"

/*
 * A text as UTF-8: itself where it is ASCII, which is the same in every encoding
 * of a server, also in those that nothing converts to UTF-8; else in the current
 * context.  Raises what the conversion raises.
 */
static inline const char *
sd_utf8_text(const char *text)
{
	return pg_is_ascii(text) ? text : pg_server_to_any(text, strlen(text), PG_UTF8);
}

#endif							/* SD_UTF8_TEXT_H */

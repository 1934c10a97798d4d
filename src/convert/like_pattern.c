/*-------------------------------------------------------------------------
 * convert/like_pattern.c
 *		Turns texts that mean themselves into patterns.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/like_pattern.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "nodes/value.h"
#include "utils/varlena.h"

/*
 * A LIKE pattern that matches text itself, with anything before or after it
 * where asked for.
 */
char *
sd_like_literal(const char *text, bool any_before, bool any_after)
{
	StringInfoData pattern;

	initStringInfo(&pattern);
	if (any_before)
		appendStringInfoChar(&pattern, '%');
	for (const char *p = text; *p != '\0';)
	{
		int			len = pg_mblen(p);

		if (len == 1 && (*p == '%' || *p == '_' || *p == '\\'))
			appendStringInfoChar(&pattern, '\\');
		appendBinaryStringInfo(&pattern, p, len);
		p += len;
	}
	if (any_after)
		appendStringInfoChar(&pattern, '%');
	return pattern.data;
}

/*
 * The first text, in the order of code points, that comes after all those that
 * begin with prefix; NULL where there is none, or where the encoding is not
 * UTF-8, in which that order is the one of bytes.
 */
char *
sd_prefix_end(const char *prefix)
{
	int			len = strlen(prefix);

	if (GetDatabaseEncoding() != PG_UTF8)
		return NULL;
	while (len > 0)
	{
		int			start = len - 1;
		pg_wchar	c;
		char	   *end;

		while (start > 0 && ((unsigned char) prefix[start] & 0xC0) == 0x80)
			start--;
		c = utf8_to_unicode((const unsigned char *) prefix + start);
		if (c == 0x10FFFF)
		{
			len = start;
			continue;
		}
		c = c == 0xD7FF ? 0xE000 : c + 1;
		end = palloc(start + 5);
		memcpy(end, prefix, start);
		unicode_to_utf8(c, (unsigned char *) end + start);
		end[start + pg_utf_mblen((unsigned char *) end + start)] = '\0';
		return end;
	}
	return NULL;
}

/* The name of a text search configuration, with its schema if given, as a list; NIL if malformed. */
List *
sd_config_name(const char *name)
{
	List	   *parts;
	List	   *names = NIL;
	ListCell   *cell;

	if (!SplitIdentifierString(pstrdup(name), '.', &parts))
		return NIL;
	if (list_length(parts) < 1 || list_length(parts) > 2)
		return NIL;
	foreach(cell, parts)
		names = lappend(names, makeString(lfirst(cell)));
	return names;
}

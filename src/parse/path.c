/*-------------------------------------------------------------------------
 * parse/path.c
 *		Writes paths into the caller's document, and the errors that need only
 *		them.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "parse/path.h"

/* levels of the caller's document; what real requests need is under ten */
#define SD_MAX_DEPTH	200

/* a key is the caller's text: no more of it than this goes into a message */
#define SD_MAX_KEY_SHOWN	100

/* A name of the caller's as messages show it: cut where it is long. */
char *
sd_shown_name(const char *name, int len)
{
	if (len <= SD_MAX_KEY_SHOWN)
		return pnstrdup(name, len);
	return psprintf("%.*s...", pg_mbcliplen(name, len, SD_MAX_KEY_SHOWN), name);
}

static void
append_path(StringInfo buf, const SdPath *path)
{
	if (path->parent != NULL)
		append_path(buf, path->parent);
	if (path->key == NULL)
		appendStringInfo(buf, "[" INT64_FORMAT "]", path->index);
	else
	{
		if (buf->len > 0)
			appendStringInfoChar(buf, '.');
		appendStringInfoString(buf, sd_shown_name(path->key, path->len));
	}
}

/* The path as text, in the current context; "options" for the document itself. */
char *
sd_path_text(const SdPath *path)
{
	StringInfoData buf;

	if (path == NULL)
		return "options";
	initStringInfo(&buf);
	append_path(&buf, path);
	return buf.data;
}

/* Raises 54000 when the document is nested deeper than any that makes sense. */
void
sd_check_depth(const SdPath *path)
{
	int			depth = 0;

	for (const SdPath *step = path; step != NULL; step = step->parent)
		depth++;
	if (depth > SD_MAX_DEPTH)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the document is nested more than %d levels deep", SD_MAX_DEPTH)));
}

/* Raises 22023 for a value of the wrong shape; expected reads "an object". */
void
sd_bad_shape(const SdPath *path, const char *expected)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s: expected %s", sd_path_text(path), expected)));
}

/*-------------------------------------------------------------------------
 * convert/path.c
 *		Writes paths into the caller's document, and the errors that need only
 *		them.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/path.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"

/* levels of the caller's document; what real requests need is under ten */
#define SD_MAX_DEPTH	200

/* a key is the caller's text: no more bytes of it than this go into a message */
#define SD_MAX_KEY_SHOWN	100

/* The caller's text for a message, in the current context: not all of it when it is long. */
char *
sd_clip(const char *text, int len)
{
	return pnstrdup(text, pg_mbcliplen(text, len, SD_MAX_KEY_SHOWN));
}

static void
append_path(StringInfo buf, const SdPath *path)
{
	if (path->parent != NULL)
		append_path(buf, path->parent);
	if (path->key == NULL)
	{
		Assert(path->index >= 0);
		appendStringInfo(buf, "[" INT64_FORMAT "]", path->index);
	}
	else
	{
		if (buf->len > 0)
			appendStringInfoChar(buf, '.');
		appendStringInfoString(buf, sd_clip(path->key, path->len));
		if (path->len > SD_MAX_KEY_SHOWN)
			appendStringInfoString(buf, "...");
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

/* The path with all the steps before it, in the current context; the keys stay in the document. */
SdPath *
sd_copy_path(const SdPath *path)
{
	SdPath	   *copy;

	if (path == NULL)
		return NULL;
	copy = palloc(sizeof(SdPath));
	*copy = *path;
	copy->parent = sd_copy_path(path->parent);
	return copy;
}

/* Raises 54000, with the member of the document, when it is nested deeper than any that makes sense. */
void
sd_check_depth(const SdPath *path)
{
	const SdPath *first = path;
	int			depth = 0;

	for (const SdPath *step = path; step != NULL; step = step->parent)
	{
		first = step;
		depth++;
	}
	if (depth > SD_MAX_DEPTH)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s: the document is nested more than %d levels deep", sd_path_text(first),
						SD_MAX_DEPTH)));
}

/* Raises 22023 for a value of the wrong shape; expected reads "an object". */
void
sd_bad_shape(const SdPath *path, const char *expected)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s: expected %s", sd_path_text(path), expected)));
}

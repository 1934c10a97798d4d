/*-------------------------------------------------------------------------
 * parse/json_steps.c
 *		Reads paths into JSON attributes: "meta.items[0].name".
 *
 * One reader for where, order, expressions and the data of updates: what is a
 * path in one of them is the same path in the others.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "parse/json_steps.h"

/* steps of a path: each is a level of the document */
#define SD_MAX_STEPS	100

/* digits of an index; more than that no array has elements */
#define SD_MAX_DIGITS	9

/* Where the name of the attribute ends. */
static int
name_length(const char *name, int len)
{
	int			n = 0;

	while (n < len && name[n] != '.' && name[n] != '[')
		n++;
	return n;
}

/* The json or jsonb attribute that a name is a path into, or -1. */
int
sd_json_attribute(const SdModel *model, const char *name, int len)
{
	int			n = name_length(name, len);
	int			attr = n < len ? sd_find_column(model, name, n) : -1;

	if (attr >= 0 && model->attrs[attr].type != JSONBOID && model->attrs[attr].type != JSONOID)
		return -1;
	return attr;
}

/*
 * Raises 22023 for what other libraries take for a cast in a key:
 * meta.level::integer and meta.level:unquote.
 */
static void
check_cast(const char *key, int len, const SdPath *path)
{
	static const char unquote[] = ":unquote";
	const int	n = sizeof(unquote) - 1;
	bool		cast = len >= n && memcmp(key + len - n, unquote, n) == 0;

	for (int i = 0; i + 1 < len && !cast; i++)
		cast = key[i] == ':' && key[i + 1] == ':';
	if (cast)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: a path has no cast in it", sd_path_text(path)),
				 errhint("A cast is an expression, as {\"$expr\": [{\"$cast\": [{\"$col\": \"meta.level\"}, \"integer\"]}, \"$gt\", 1]}. A key with such a name stands in an object of its own: {\"meta\": {\"level::integer\": 1}}.")));
}

/*
 * The length of a number in brackets at p, without them; 0 when there is none.
 * It is an index unless it is negative or too long for one.
 */
static int
index_length(const char *p, const char *end)
{
	const char *start = p + 1;
	const char *digits;

	if (p == end || *p != '[')
		return 0;
	digits = start < end && *start == '-' ? start + 1 : start;
	for (p = digits; p < end && *p >= '0' && *p <= '9'; p++)
		;
	return p > digits && p < end && *p == ']' ? p - start : 0;
}

/* [index], of that length, whose bracket is at p; where it ends is returned. */
static const char *
read_index(SdJsonStep *step, const char *p, int len, const SdPath *path)
{
	Assert(p[0] == '[' && p[len + 1] == ']');
	if (len > SD_MAX_DIGITS || p[1] == '-')
		sd_bad_shape(path, "an index that an array can have");
	step->key = p + 1;
	step->len = len;
	step->index = atoi(pnstrdup(p + 1, len));
	return p + len + 2;
}

/* .key, whose dot is at p; where it ends is returned.  A bracket without a number is part of it. */
static const char *
read_key(SdJsonStep *step, const char *p, const char *end, const SdPath *path)
{
	const char *start = ++p;

	Assert(start[-1] == '.');
	while (p < end && *p != '.' && index_length(p, end) == 0)
		p++;
	if (p == start)
		sd_bad_shape(path, "a key after each dot of the path");
	check_cast(start, p - start, path);
	step->key = start;
	step->len = p - start;
	step->index = -1;
	return p;
}

/*
 * The steps of what follows the attribute's name, a list of SdJsonStep in the
 * current context; path is where the name stands.  Raises 22023 for what is no
 * path, 54000 for one that is too long.
 */
List *
sd_json_steps(const char *text, int len, const SdPath *path)
{
	List	   *steps = NIL;
	const char *p = text;
	const char *end = text + len;

	while (p < end)
	{
		SdJsonStep *step = palloc(sizeof(SdJsonStep));
		int			index = index_length(p, end);

		if (list_length(steps) == SD_MAX_STEPS)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("%s: the path has more than %d steps", sd_path_text(path),
							SD_MAX_STEPS)));
		if (index > 0)
			p = read_index(step, p, index, path);
		else if (*p == '.')
			p = read_key(step, p, end, path);
		else
			sd_bad_shape(path, "a path of .key and [index]");
		steps = lappend(steps, step);
	}
	Assert(p == end);
	return steps;
}

/* The same as C strings, as the operator #> takes them. */
List *
sd_json_keys(const char *text, int len, const SdPath *path)
{
	List	   *keys = NIL;
	ListCell   *cell;

	foreach(cell, sd_json_steps(text, len, path))
	{
		const SdJsonStep *step = lfirst(cell);

		keys = lappend(keys, pnstrdup(step->key, step->len));
	}
	return keys;
}

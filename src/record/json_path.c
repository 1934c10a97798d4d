/*-------------------------------------------------------------------------
 * record/json_path.c
 *		Reads keys such as "meta.items[0].name" of the data of an update.
 *
 * A path becomes a JSON array: the attribute's name, for messages, and then a
 * string for each key and a number for each index.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "record/json_path.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

/* steps of a path: each is a level of the document */
#define SD_MAX_STEPS	100

/* paths in one call: each is a call inside of the one before */
#define SD_MAX_PATHS	100

/* digits of an index; more than that no array has elements */
#define SD_MAX_DIGITS	9

/* Where the name of the attribute ends. */
static int
name_length(const JsonbValue *key)
{
	int			len = 0;

	while (len < key->val.string.len && key->val.string.val[len] != '.' &&
		   key->val.string.val[len] != '[')
		len++;
	return len;
}

/* The json or jsonb attribute that a key of the data is a path into, or -1. */
int
sd_json_attribute(const SdModel *model, const JsonbValue *key)
{
	int			len = name_length(key);
	int			attr;

	if (len == key->val.string.len)
		return -1;
	attr = sd_find_column(model, key->val.string.val, len);
	if (attr >= 0 && model->attrs[attr].type != JSONBOID && model->attrs[attr].type != JSONOID)
		return -1;
	return attr;
}

static void
push_key(JsonbParseState **state, const char *key, int len)
{
	JsonbValue	value = {.type = jbvString};

	value.val.string.val = unconstify(char *, key);
	value.val.string.len = len;
	pushJsonbValue(state, WJB_ELEM, &value);
}

static void
push_index(JsonbParseState **state, const char *digits, int len)
{
	JsonbValue	value = {.type = jbvNumeric};

	value.val.numeric = int64_to_numeric(strtoll(pnstrdup(digits, len), NULL, 10));
	pushJsonbValue(state, WJB_ELEM, &value);
}

/* The length of an index in brackets at p, without them; 0 when there is none. */
static int
index_length(const char *p, const char *end)
{
	int			len = 0;

	if (p >= end || *p != '[')
		return 0;
	while (p + 1 + len < end && p[1 + len] >= '0' && p[1 + len] <= '9')
		len++;
	return len > 0 && p + 1 + len < end && p[1 + len] == ']' ? len : 0;
}

/* .key, whose dot is at p; where it ends is returned.  A bracket without an index is part of it. */
static const char *
read_key(JsonbParseState **state, const char *p, const char *end, const SdPath *path)
{
	const char *start = ++p;

	while (p < end && *p != '.' && index_length(p, end) == 0)
		p++;
	if (p == start)
		sd_bad_shape(path, "a key after each dot of the path");
	push_key(state, start, p - start);
	return p;
}

/*
 * Reads a member of the data whose key is a path into attr.  Lives in the
 * current context.  Raises 22023 for a path that cannot be read, 54000 for one
 * that is too long.
 */
SdJsonPath *
sd_read_json_path(const SdModel *model, int attr, const SdReader *member)
{
	SdJsonPath *result = palloc(sizeof(SdJsonPath));
	const SdAttribute *attribute = &model->attrs[attr];
	const char *p = member->key.val.string.val + attribute->name_len;
	const char *end = member->key.val.string.val + member->key.val.string.len;
	JsonbParseState *state = NULL;
	int			steps = 0;
	JsonbValue	value = member->value;

	pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	push_key(&state, attribute->name, attribute->name_len);
	while (p < end)
	{
		int			digits = index_length(p, end);

		if (++steps > SD_MAX_STEPS)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("%s: the path has more than %d steps", sd_path_text(&member->path),
							SD_MAX_STEPS)));
		if (digits > SD_MAX_DIGITS)
			sd_bad_shape(&member->path, "an index that an array can have");
		if (digits > 0)
		{
			push_index(&state, p + 1, digits);
			p += digits + 2;
		}
		else if (*p == '.')
			p = read_key(&state, p, end, &member->path);
		else
			sd_bad_shape(&member->path, "a path of .key and [index]");
	}
	result->attr = attr;
	result->path = JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_ARRAY, NULL));
	result->value = JsonbValueToJsonb(&value);
	return result;
}

/* Whether a path leads through the place that another one leads to. */
static bool
leads_through(const Jsonb *path, const Jsonb *other)
{
	JsonbContainer *steps = unconstify(JsonbContainer *, &path->root);
	JsonbContainer *others = unconstify(JsonbContainer *, &other->root);

	if (JsonContainerSize(steps) < JsonContainerSize(others))
		return false;
	for (uint32 i = 0; i < JsonContainerSize(others); i++)
	{
		JsonbValue *step = getIthJsonbValueFromContainer(steps, i);
		JsonbValue *wanted = getIthJsonbValueFromContainer(others, i);

		if (step->type != wanted->type ||
			(step->type == jbvString
			 ? (step->val.string.len != wanted->val.string.len ||
				memcmp(step->val.string.val, wanted->val.string.val, step->val.string.len) != 0)
			 : !DatumGetBool(DirectFunctionCall2(numeric_eq,
												 NumericGetDatum(step->val.numeric),
												 NumericGetDatum(wanted->val.numeric)))))
			return false;
	}
	return true;
}

/*
 * Checks the paths of a record, which stands at path.  Raises 22023 when it says
 * twice what a place becomes, 54000 when there are too many.
 */
void
sd_check_json_paths(const SdModel *model, const SdRecord *record, const SdPath *path)
{
	ListCell   *cell;
	ListCell   *other;

	if (list_length(record->paths) > SD_MAX_PATHS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a call may set values at no more than %d paths in JSON attributes",
						SD_MAX_PATHS)));
	foreach(cell, record->paths)
	{
		const SdJsonPath *json_path = lfirst(cell);
		const SdAttribute *attr = &model->attrs[json_path->attr];
		SdPath		step = SD_KEY_STEP(path, attr->name, attr->name_len);

		if (record->given[json_path->attr])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s: the attribute is given as a whole and by a path into it",
							sd_path_text(&step))));
		foreach(other, record->paths)
		{
			if (foreach_current_index(other) != foreach_current_index(cell) &&
				leads_through(json_path->path, ((SdJsonPath *) lfirst(other))->path))
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("%s: one path leads through the place that another one sets",
								sd_path_text(&step))));
		}
	}
}

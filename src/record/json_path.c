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

#include "parse/json_steps.h"
#include "record/json_path.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

/* paths in one call: each is a call inside of the one before */
#define SD_MAX_PATHS	100

static void
push_key(JsonbParseState **state, const char *key, int len)
{
	JsonbValue	value = {.type = jbvString};

	value.val.string.val = unconstify(char *, key);
	value.val.string.len = len;
	pushJsonbValue(state, WJB_ELEM, &value);
}

static void
push_index(JsonbParseState **state, int index)
{
	JsonbValue	value = {.type = jbvNumeric};

	value.val.numeric = int64_to_numeric(index);
	pushJsonbValue(state, WJB_ELEM, &value);
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
	JsonbParseState *state = NULL;
	JsonbValue	value = member->value;
	ListCell   *cell;

	Assert(attr >= 0 && attr < model->nattrs);
	Assert(member->key.val.string.len > attribute->name_len);
	pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	push_key(&state, attribute->name, attribute->name_len);
	foreach(cell, sd_json_steps(member->key.val.string.val + attribute->name_len,
								member->key.val.string.len - attribute->name_len,
								&member->path))
	{
		const SdJsonStep *step = lfirst(cell);

		if (step->index >= 0)
			push_index(&state, step->index);
		else
			push_key(&state, step->key, step->len);
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

		Assert(step->type == jbvString || step->type == jbvNumeric);
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
	{
		const SdJsonPath *first = list_nth(record->paths, SD_MAX_PATHS);
		const SdAttribute *attr = &model->attrs[first->attr];
		SdPath		step = SD_KEY_STEP(path, attr->name, attr->name_len);

		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s: a call may set values at no more than %d paths in JSON attributes",
						sd_path_text(&step), SD_MAX_PATHS)));
	}
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
						 errmsg("%s: two paths of the data overlap: one leads through the value that the other one sets",
								sd_path_text(&step))));
		}
	}
}

/*-------------------------------------------------------------------------
 * json/set.c
 *		Sets a value at a path in a JSON document.
 *
 * jsonb_set() makes no parents, and leaves a document alone where the path
 * leads through a scalar; an assignment to a subscript makes an array of what
 * looks like a number.  Here a path says which of its steps are keys and which
 * are indexes, and what cannot be set is an error.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "json/set.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

typedef struct Setting
{
	int			nsteps;
	JsonbValue *steps;			/* the first is what the document is called */
	JsonbValue	value;
	JsonbParseState *state;
} Setting;

static JsonbValue *set_at(Setting *setting, const JsonbValue *current, int step, bool key);

/* The number of an index; -1 when it is none that an array can have. */
static int64
index_of(const JsonbValue *step)
{
	char	   *text;
	int64		result = -1;

	if (step->type == jbvString)
		text = pnstrdup(step->val.string.val, step->val.string.len);
	else
	{
		Assert(step->type == jbvNumeric);
		text = DatumGetCString(DirectFunctionCall1(numeric_out,
												   NumericGetDatum(step->val.numeric)));
	}
	if (strlen(text) > 0 && strlen(text) <= 9 && strspn(text, "0123456789") == strlen(text))
		result = strtoll(text, NULL, 10);
	return result;
}

/* The first n steps of the path, as the caller wrote them. */
static char *
path_text(const Setting *setting, int n)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (int i = 0; i < n; i++)
	{
		const JsonbValue *step = &setting->steps[i];

		if (step->type == jbvNumeric)
			appendStringInfo(&buf, "[" INT64_FORMAT "]", index_of(step));
		else
			appendStringInfo(&buf, "%s%.*s", i > 0 ? "." : "", step->val.string.len,
							 step->val.string.val);
	}
	return buf.data;
}

/* Raises 22023: the path cannot be followed from what its first n steps lead to. */
static pg_attribute_noreturn() void
cannot_follow(const Setting *setting, int n, const char *problem)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s cannot be set: %s is %s", path_text(setting, setting->nsteps),
					path_text(setting, n), problem),
			 errhint("Set that value as a whole.")));
}

static const char *
scalar_name(const JsonbValue *value)
{
	Assert(IsAJsonbScalar(value) && value->type != jbvNull);
	return value->type == jbvString ? "a string" : value->type == jbvBool ? "a boolean" : "a number";
}

/* Pushes a value, as the next member's or as the next element. */
static JsonbValue *
push(Setting *setting, const JsonbValue *value, bool key)
{
	return pushJsonbValue(&setting->state, key ? WJB_VALUE : WJB_ELEM,
						  unconstify(JsonbValue *, value));
}

/* Copies an object, or makes one for NULL, with the value at the key that step is and below. */
static JsonbValue *
set_member(Setting *setting, JsonbContainer *object, int step)
{
	JsonbValue	name = setting->steps[step];
	bool		found = false;

	if (name.type == jbvNumeric)
	{
		name.type = jbvString;
		name.val.string.val = psprintf(INT64_FORMAT, index_of(&setting->steps[step]));
		name.val.string.len = strlen(name.val.string.val);
	}
	pushJsonbValue(&setting->state, WJB_BEGIN_OBJECT, NULL);
	if (object != NULL)
	{
		JsonbIterator *it = JsonbIteratorInit(object);
		JsonbValue	key;
		JsonbValue	value;

		(void) JsonbIteratorNext(&it, &key, true);
		while (JsonbIteratorNext(&it, &key, true) == WJB_KEY)
		{
			(void) JsonbIteratorNext(&it, &value, true);
			pushJsonbValue(&setting->state, WJB_KEY, &key);
			if (key.val.string.len == name.val.string.len &&
				memcmp(key.val.string.val, name.val.string.val, key.val.string.len) == 0)
			{
				(void) set_at(setting, &value, step + 1, true);
				found = true;
			}
			else
				(void) push(setting, &value, true);
		}
	}
	if (!found)
	{
		pushJsonbValue(&setting->state, WJB_KEY, &name);
		(void) set_at(setting, NULL, step + 1, true);
	}
	return pushJsonbValue(&setting->state, WJB_END_OBJECT, NULL);
}

/* Copies an array, or makes one for NULL, with the value at the index that step is and below. */
static JsonbValue *
set_element(Setting *setting, JsonbContainer *array, int step)
{
	int64		wanted = index_of(&setting->steps[step]);
	int64		n = 0;

	if (wanted < 0)
		cannot_follow(setting, step, "an array, which has no keys");
	if (wanted > (array != NULL ? JsonContainerSize(array) : 0))
		cannot_follow(setting, step,
					  psprintf("an array of %u elements, to which only the next one can be added",
							   array != NULL ? JsonContainerSize(array) : 0));
	pushJsonbValue(&setting->state, WJB_BEGIN_ARRAY, NULL);
	if (array != NULL)
	{
		JsonbIterator *it = JsonbIteratorInit(array);
		JsonbValue	value;

		(void) JsonbIteratorNext(&it, &value, true);
		while (JsonbIteratorNext(&it, &value, true) == WJB_ELEM)
		{
			if (n++ == wanted)
				(void) set_at(setting, &value, step + 1, false);
			else
				(void) push(setting, &value, false);
		}
	}
	if (wanted == n)
		(void) set_at(setting, NULL, step + 1, false);
	return pushJsonbValue(&setting->state, WJB_END_ARRAY, NULL);
}

/*
 * Pushes what becomes of current, which the steps before step lead to and which
 * is NULL where nothing is; key says that it is a member's value.
 */
static JsonbValue *
set_at(Setting *setting, const JsonbValue *current, int step, bool key)
{
	Assert(step >= 1 && step <= setting->nsteps);
	check_stack_depth();
	if (step == setting->nsteps)
		return push(setting, &setting->value, key);
	if (current == NULL || current->type == jbvNull)
		return setting->steps[step].type == jbvNumeric
			? set_element(setting, NULL, step) : set_member(setting, NULL, step);
	if (current->type != jbvBinary)
		cannot_follow(setting, step, scalar_name(current));
	return JsonContainerIsArray(current->val.binary.data)
		? set_element(setting, current->val.binary.data, step)
		: set_member(setting, current->val.binary.data, step);
}

/* A document as a value: a scalar is itself. */
static JsonbValue
root_value(Jsonb *document)
{
	JsonbValue	value;

	if (JB_ROOT_IS_SCALAR(document))
		return *getIthJsonbValueFromContainer(&document->root, 0);
	value.type = jbvBinary;
	value.val.binary.data = &document->root;
	value.val.binary.len = VARSIZE(document) - VARHDRSZ;
	return value;
}

/*
 * The document with value at path, made in the current context: an array of
 * what the document is called and of keys (strings) and indexes (numbers).
 * Where nothing is, or a JSON null, there will be an object or an array, as the
 * path has it.  A NULL document is nothing, and a NULL value a JSON null.
 *
 * Raises 22023 for a path that is no such array, leads through a scalar or past
 * the end of an array.
 */
Jsonb *
sd_json_set(Jsonb *document, Jsonb *path, Jsonb *value)
{
	Setting		setting = {.value.type = jbvNull};
	JsonbValue	current;
	bool		fits = path != NULL && JB_ROOT_IS_ARRAY(path) && !JB_ROOT_IS_SCALAR(path) &&
		JB_ROOT_COUNT(path) >= 2;

	for (int i = 0; fits && i < JB_ROOT_COUNT(path); i++)
	{
		JsonbValue *step = getIthJsonbValueFromContainer(&path->root, i);

		if (i == 0)
			setting.steps = palloc(sizeof(JsonbValue) * JB_ROOT_COUNT(path));
		fits = step->type == jbvString ||
			(i > 0 && step->type == jbvNumeric && index_of(step) >= 0);
		setting.steps[i] = *step;
	}
	if (!fits)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("path: expected an array of a name and at least one key or index")));
	setting.nsteps = JB_ROOT_COUNT(path);
	if (value != NULL)
		setting.value = root_value(value);
	if (document != NULL)
		current = root_value(document);
	return JsonbValueToJsonb(set_at(&setting, document != NULL ? &current : NULL, 1, false));
}

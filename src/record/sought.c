/*-------------------------------------------------------------------------
 * record/sought.c
 *		Reads the record that is to be there after it has been looked for.
 *
 * What conditions say attributes are equal to, and places in JSON attributes,
 * is part of it.  Other conditions cannot be made true: they are kept, to see
 * whether the new record meets them.  So are equalities, but for those that
 * "defaults" has another value for: there the caller wants it so.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "convert/converter.h"
#include "convert/reader.h"
#include "json/set.h"
#include "miscadmin.h"
#include "parse/binding.h"
#include "parse/condition.h"
#include "parse/expression.h"
#include "parse/json_steps.h"
#include "record/json_path.h"
#include "record/sought.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"

/* an object or array of conditions that is written again without what is overridden */
typedef struct Kept
{
	JsonbParseState *state;
	int			n;
} Kept;

typedef struct Seeking
{
	const SdQuery *query;
	SdRecord   *record;
	const bool *by_defaults;	/* by attribute */
} Seeking;

static void
keep(Kept *kept, const JsonbValue *key, const JsonbValue *value)
{
	JsonbValue	copy = *value;

	if (key != NULL)
	{
		JsonbValue	name = *key;

		pushJsonbValue(&kept->state, WJB_KEY, &name);
	}
	pushJsonbValue(&kept->state, key != NULL ? WJB_VALUE : WJB_ELEM, &copy);
	kept->n++;
}

static JsonbValue
finish(Kept *kept, bool array)
{
	JsonbValue	value;

	sd_root(JsonbValueToJsonb(pushJsonbValue(&kept->state,
											 array ? WJB_END_ARRAY : WJB_END_OBJECT, NULL)), &value);
	return value;
}

/* Whether a value that stands behind "$eq" can be what an attribute is. */
static bool
is_value(Oid type, const JsonbValue *value)
{
	return !sd_is_expr(value) && (value->type != jbvBinary || sd_type_reads(type, value));
}

/*
 * The value that a condition on an attribute says it is equal to; false when
 * there is none.  What else the condition says goes into *rest, an object, which
 * *more says is not empty.
 */
static bool
find_equality(const SdQuery *query, Oid type, const JsonbValue *condition, JsonbValue *value,
			  JsonbValue *rest, bool *more)
{
	bool		is_json = type == JSONBOID || type == JSONOID;
	JsonbValue	plain;
	Kept		others = {0};
	bool		found = false;
	SdReader	reader;

	*more = false;
	if (sd_is_placeholder(condition))
	{
		*value = sd_call_value(query, condition, NULL);
		return true;
	}
	if (!sd_is_object(condition) || (!is_json && sd_is_object_value(type, condition)))
	{
		*value = *condition;
		/* of what is no array, an array is a list */
		return !sd_is_expr(condition) && (!sd_is_array(condition) || type_is_array(type));
	}
	pushJsonbValue(&others.state, WJB_BEGIN_OBJECT, NULL);
	sd_read(&reader, condition, NULL);
	while (sd_next_member(&reader))
	{
		plain = sd_call_value(query, &reader.value, NULL);
		if (sd_key_is(&reader, "$eq") && is_value(type, &plain))
		{
			*value = plain;
			found = true;
		}
		else
			keep(&others, &reader.key, &reader.value);
	}
	*more = others.n > 0;
	*rest = finish(&others, false);
	return found;
}

/* What a document holds at a path, as studentdir.json_set() takes it; false when nothing. */
static bool
has_at(const JsonbValue *document, Jsonb *path)
{
	JsonbValue	at = *document;

	Assert(JB_ROOT_IS_ARRAY(path));
	for (int i = 1; i < JB_ROOT_COUNT(path); i++)
	{
		JsonbValue *step = getIthJsonbValueFromContainer(&path->root, i);
		JsonbValue *found = NULL;

		if (step->type == jbvString && sd_is_object(&at))
			found = getKeyJsonValueFromContainer(at.val.binary.data, step->val.string.val,
												 step->val.string.len, NULL);
		else if (step->type == jbvNumeric && sd_is_array(&at))
			found = getIthJsonbValueFromContainer(at.val.binary.data,
												  DatumGetInt32(DirectFunctionCall1(numeric_int4,
																					NumericGetDatum(step->val.numeric))));
		if (found == NULL)
			return false;
		at = *found;
	}
	return true;
}

/* A path with one more key. */
static Jsonb *
extend_path(Jsonb *path, const JsonbValue *key)
{
	JsonbParseState *state = NULL;
	JsonbValue	step = *key;

	pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	for (int i = 0; i < JB_ROOT_COUNT(path); i++)
		pushJsonbValue(&state, WJB_ELEM, getIthJsonbValueFromContainer(&path->root, i));
	pushJsonbValue(&state, WJB_ELEM, &step);
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_ARRAY, NULL));
}

/*
 * Sets a place in a JSON attribute of the record to a value.  False when
 * "defaults" says what is there, or that nothing can be.
 */
static bool
set_place(const Seeking *seeking, int attr, Jsonb *place, const JsonbValue *value,
		  const SdPath *path)
{
	const SdAttribute *attribute = &seeking->query->model->attrs[attr];
	SdRecord   *record = seeking->record;
	const JsonbValue *document = record->given[attr] ? &record->json[attr]
		: attribute->default_kind == SD_DEFAULT_VALUE ? attribute->default_value : NULL;
	JsonbValue	copy = *value;
	JsonbValue	result;

	Assert(attribute->type == JSONBOID || attribute->type == JSONOID);
	Assert(document != NULL || !seeking->by_defaults[attr]);
	if (seeking->by_defaults[attr] && (!sd_is_object(document) || has_at(document, place)))
		return false;
	if (document != NULL && !sd_is_object(document))
		return true;
	if (document != NULL)
		result = *document;
	sd_root(sd_json_set(document != NULL ? JsonbValueToJsonb(&result) : NULL, place,
						JsonbValueToJsonb(&copy)), &result);
	sd_give(seeking->query, record, attr, &result, path, true);
	return true;
}

/* Reads what a condition says of a place in a JSON attribute; keeps it, but for what is overridden. */
static void
read_place(const Seeking *seeking, int attr, Jsonb *place, const JsonbValue *key,
		   const JsonbValue *condition, const SdPath *path, Kept *kept)
{
	JsonbValue	plain = sd_call_value(seeking->query, condition, path);
	Kept		inner = {0};
	SdReader	reader;

	check_stack_depth();
	if (sd_is_placeholder(condition) && plain.type != jbvNull)
	{
		if (set_place(seeking, attr, place, &plain, path))
			keep(kept, key, condition);
		return;
	}
	if (condition->type == jbvNull || sd_is_array(condition) || sd_is_expr(condition))
	{
		keep(kept, key, condition);
		return;
	}
	if (!sd_is_object(condition))
	{
		if (set_place(seeking, attr, place, condition, path))
			keep(kept, key, condition);
		return;
	}
	pushJsonbValue(&inner.state, WJB_BEGIN_OBJECT, NULL);
	sd_read(&reader, condition, path);
	while (sd_next_member(&reader))
	{
		if (sd_key_is(&reader, "$eq") && reader.value.type != jbvNull && !sd_is_expr(&reader.value))
		{
			if (set_place(seeking, attr, place, &reader.value, &reader.path))
				keep(&inner, &reader.key, &reader.value);
		}
		else if (reader.key.val.string.len > 0 && reader.key.val.string.val[0] == '$')
			keep(&inner, &reader.key, &reader.value);
		else
			read_place(seeking, attr, extend_path(place, &reader.key), &reader.key, &reader.value,
					   &reader.path, &inner);
	}
	if (inner.n > 0)
	{
		JsonbValue	rest = finish(&inner, false);

		keep(kept, key, &rest);
	}
}

/* A JSON attribute as the beginning of a path. */
static Jsonb *
begin_path(const SdAttribute *attr)
{
	JsonbParseState *state = NULL;
	JsonbValue	name = {.type = jbvString};

	name.val.string.val = unconstify(char *, attr->name);
	name.val.string.len = attr->name_len;
	pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	pushJsonbValue(&state, WJB_ELEM, &name);
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_ARRAY, NULL));
}

/* Whether a condition on a JSON attribute is about places in it and not about the whole. */
static bool
is_about_places(const SdAttribute *attr, const JsonbValue *condition)
{
	SdReader	reader;

	if ((attr->type != JSONBOID && attr->type != JSONOID) || !sd_is_object(condition) ||
		sd_is_placeholder(condition))
		return false;
	sd_read(&reader, condition, NULL);
	while (sd_next_member(&reader))
	{
		if (reader.key.val.string.len == 0 || reader.key.val.string.val[0] != '$')
			return true;
	}
	return false;
}

/* Reads what a member says of an attribute; keeps it, but for what is overridden. */
static void
read_attribute(const Seeking *seeking, int attr, const SdReader *member, Kept *kept)
{
	const SdAttribute *attribute = &seeking->query->model->attrs[attr];
	JsonbValue	value;
	JsonbValue	rest;
	bool		more;

	if (is_about_places(attribute, &member->value))
		read_place(seeking, attr, begin_path(attribute), &member->key, &member->value,
				   &member->path, kept);
	else if (!find_equality(seeking->query, attribute->type, &member->value, &value, &rest,
							&more))
		keep(kept, &member->key, &member->value);
	else if (seeking->by_defaults[attr])
	{
		if (more)
			keep(kept, &member->key, &rest);
	}
	else
	{
		if (!seeking->record->given[attr])
			sd_give(seeking->query, seeking->record, attr, &value, &member->path, true);
		keep(kept, &member->key, &member->value);
	}
}

/* Reads a group of conditions, which is kept without what is overridden. */
static JsonbValue
read_group(const Seeking *seeking, const JsonbValue *where, const SdPath *path)
{
	const SdModel *model = seeking->query->model;
	bool		elements = sd_is_array(where);
	Kept		kept = {0};
	SdReader	reader;

	check_stack_depth();
	Assert(elements || sd_is_object(where));
	pushJsonbValue(&kept.state, elements ? WJB_BEGIN_ARRAY : WJB_BEGIN_OBJECT, NULL);
	sd_read(&reader, where, path);
	while (elements ? sd_next_element(&reader) : sd_next_member(&reader))
	{
		int			attr;

		if (elements || sd_key_is(&reader, "$and"))
		{
			JsonbValue	group = read_group(seeking, &reader.value, &reader.path);

			keep(&kept, elements ? NULL : &reader.key, &group);
			continue;
		}
		attr = sd_find_attribute(model, reader.key.val.string.val, reader.key.val.string.len);
		if (attr >= 0)
			read_attribute(seeking, attr, &reader, &kept);
		else if ((attr = sd_json_attribute(model, reader.key.val.string.val,
										   reader.key.val.string.len)) >= 0)
			read_place(seeking, attr, sd_read_json_path(model, attr, &reader)->path, &reader.key,
					   &reader.value, &reader.path, &kept);
		else
			keep(&kept, &reader.key, &reader.value);
	}
	return finish(&kept, elements);
}

/*
 * Reads the row that is to be there after it has been looked for: the values of
 * defaults, which may be NULL, and those that where, which has been parsed
 * already, says attributes are equal to.  What of where the row has to meet goes
 * into *required, in the current context.
 *
 * Raises what sd_read_record() raises for a new row.
 */
void
sd_read_sought_record(const SdQuery *query, SdRecord *record, const JsonbValue *where,
					  const JsonbValue *defaults, JsonbValue *required)
{
	static const SdPath defaults_path = {.key = "defaults", .len = 8};
	static const SdPath where_path = {.key = "where", .len = 5};
	bool	   *by_defaults = palloc(sizeof(bool) * query->model->nattrs);
	JsonbValue	settled;
	Seeking		seeking = {.query = query, .record = record, .by_defaults = by_defaults};

	sd_clear_record(query->model, record);
	if (defaults != NULL)
		sd_read_members(query, record, defaults, &defaults_path, true);
	memcpy(by_defaults, record->given, sizeof(bool) * query->model->nattrs);
	settled = sd_settle_params(query, where, &where_path);
	*required = read_group(&seeking, &settled, &where_path);
	record->origins = palloc0(sizeof(SdPath *) * query->model->nattrs);
	for (int i = 0; i < query->model->nattrs; i++)
		record->origins[i] = by_defaults[i] ? &defaults_path
			: record->given[i] ? &where_path : NULL;
	sd_fill_in(query->model, record);
}

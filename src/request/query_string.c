/*-------------------------------------------------------------------------
 * request/query_string.c
 *		Turns the query string of a request into options of a finder.
 *
 * The options are a document of the same form that callers of the finders
 * write, so that scopes, conversion and limits are the same.  What comes from
 * the client gets into it as strings in places where strings are data: names
 * are looked up here, so that none of them is an operator or a path.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "convert/path.h"
#include "convert/reader.h"
#include "miscadmin.h"
#include "request/query_string.h"
#include "request/url_decode.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

typedef void (*PushOption) (JsonbParseState **state, const SdModel *model, const char *value,
							const SdPath *path);

static void push_number(JsonbParseState **state, const SdModel *model, const char *value,
						const SdPath *path);
static void push_order(JsonbParseState **state, const SdModel *model, const char *value,
					   const SdPath *path);
static void push_attribute(JsonbParseState **state, const SdModel *model, const char *value,
						   const SdPath *path);
static void push_include(JsonbParseState **state, const SdModel *model, const char *value,
						 const SdPath *path);

/* parameters that are no attributes; they win over attributes of the same name */
static const struct
{
	const char *name;
	bool		list;			/* "a,b", and given again it goes on */
	bool		many;			/* only where the answer is a list */
	PushOption	push;			/* of one element */
}			parameters[] = {
	{"limit", false, true, push_number},
	{"offset", false, true, push_number},
	{"order", true, true, push_order},
	{"attributes", true, false, push_attribute},
	{"include", true, false, push_include}
};

/* Adds a string to a document that is being made. */
void
sd_push_string(JsonbParseState **state, JsonbIteratorToken token, const char *text)
{
	JsonbValue	value = {.type = jbvString};

	Assert(token == WJB_KEY || token == WJB_VALUE || token == WJB_ELEM);
	value.val.string.val = unconstify(char *, text);
	value.val.string.len = strlen(text);
	pushJsonbValue(state, token, &value);
}

static void
push_number(JsonbParseState **state, const SdModel *model, const char *value, const SdPath *path)
{
	JsonbValue	number = {.type = jbvNumeric};

	/* more digits than that are no number of rows */
	if (*value == '\0' || strlen(value) > 18 || strspn(value, "0123456789") != strlen(value))
		sd_bad_shape(path, "a whole number, 0 or more");
	number.val.numeric = int64_to_numeric(strtoll(value, NULL, 10));
	pushJsonbValue(state, WJB_VALUE, &number);
}

/* The attribute called name; raises 22023 where there is none that has a column, is shown to clients and may be read. */
static const SdAttribute *
find_attribute(const SdModel *model, const char *name, const SdPath *path)
{
	int			attr = sd_find_column(model, name, strlen(name));

	if (attr < 0 || model->attrs[attr].hidden || !sd_is_readable(model, attr))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: model \"%s\" has no attribute \"%s\"", sd_path_text(path),
						model->name, sd_clip(name, strlen(name)))));
	return &model->attrs[attr];
}

/* name, name.desc, name.asc.nullslast */
static void
push_order(JsonbParseState **state, const SdModel *model, const char *value, const SdPath *path)
{
	static const struct
	{
		const char *suffix;
		const char *direction;
	}			directions[] = {
		{".asc", "ASC"},
		{".desc", "DESC"},
		{".asc.nullsfirst", "ASC NULLS FIRST"},
		{".asc.nullslast", "ASC NULLS LAST"},
		{".desc.nullsfirst", "DESC NULLS FIRST"},
		{".desc.nullslast", "DESC NULLS LAST"}
	};
	const char *name = value;
	const char *direction = "ASC";

	for (int i = 0; i < lengthof(directions); i++)
	{
		int			len = strlen(value) - strlen(directions[i].suffix);

		if (len > 0 && pg_strcasecmp(value + len, directions[i].suffix) == 0)
		{
			name = pnstrdup(value, len);
			direction = directions[i].direction;
		}
	}
	pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
	sd_push_string(state, WJB_ELEM, find_attribute(model, name, path)->name);
	sd_push_string(state, WJB_ELEM, direction);
	pushJsonbValue(state, WJB_END_ARRAY, NULL);
}

static void
push_attribute(JsonbParseState **state, const SdModel *model, const char *value,
			   const SdPath *path)
{
	sd_push_string(state, WJB_ELEM, find_attribute(model, value, path)->name);
}

/* An association to a model that is exposed, by alias or by that model's name. */
static void
push_include(JsonbParseState **state, const SdModel *model, const char *value, const SdPath *path)
{
	bool		ambiguous;
	const SdAssociation *association = sd_find_association(model, value, strlen(value), &ambiguous);

	if (association == NULL || !sd_model_open_beside(association->target, model)->exposed)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: model \"%s\" has no association \"%s\"", sd_path_text(path),
						model->name, sd_clip(value, strlen(value)))));
	sd_push_string(state, WJB_ELEM, association->alias);
}

/* The values that a name is given, in their order. */
static List *
values_of(List *pairs, const char *name)
{
	List	   *values = NIL;
	ListCell   *cell;

	foreach(cell, pairs)
	{
		SdPair	   *pair = lfirst(cell);

		if (strcmp(pair->name, name) == 0)
			values = lappend(values, unconstify(char *, pair->value));
	}
	return values;
}

/* Adds the elements of "a,b". */
static void
push_elements(JsonbParseState **state, const SdModel *model, PushOption push, const char *list,
			  const SdPath *path)
{
	for (;;)
	{
		int			len = strcspn(list, ",");

		CHECK_FOR_INTERRUPTS();
		push(state, model, pnstrdup(list, len), path);
		if (list[len] == '\0')
			return;
		list += len + 1;
	}
}

/* Raises 22023 for a parameter that only lists take. */
static void
check_many(bool many, const SdPath *path)
{
	if (!many)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: only a request for a list takes it", sd_path_text(path))));
}

/* Adds the options that have a word of their own; raises 22023 for one that does not fit. */
static void
push_parameters(JsonbParseState **state, const SdModel *model, List *pairs, bool many)
{
	for (int i = 0; i < lengthof(parameters); i++)
	{
		const char *name = parameters[i].name;
		SdPath		path = SD_KEY_STEP(NULL, name, strlen(name));
		List	   *values = values_of(pairs, name);
		ListCell   *cell;

		if (values == NIL)
			continue;
		if (parameters[i].many)
			check_many(many, &path);
		if (!parameters[i].list && list_length(values) > 1)
			sd_bad_shape(&path, "one value");

		sd_push_string(state, WJB_KEY, name);
		if (!parameters[i].list)
		{
			parameters[i].push(state, model, linitial(values), &path);
			continue;
		}
		pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
		foreach(cell, values)
			push_elements(state, model, parameters[i].push, lfirst(cell), &path);
		pushJsonbValue(state, WJB_END_ARRAY, NULL);
	}
}

/*
 * A value to compare an attribute with: JSON for attributes that hold it, else a string.
 * What of JSON could be read as a place for something else says that it is a value.
 */
static void
push_value(JsonbParseState **state, const SdAttribute *attr, JsonbIteratorToken token,
		   const char *text)
{
	JsonbValue	value;

	if (attr->type != JSONOID && attr->type != JSONBOID)
	{
		sd_push_string(state, token, text);
		return;
	}
	sd_root(DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(text))), &value);
	if (value.type != jbvBinary)
	{
		pushJsonbValue(state, token, &value);
		return;
	}
	pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	sd_push_string(state, WJB_KEY, "$value");
	pushJsonbValue(state, WJB_VALUE, &value);
	pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

static bool
is_parameter(const char *name)
{
	for (int i = 0; i < lengthof(parameters); i++)
	{
		if (strcmp(parameters[i].name, name) == 0)
			return true;
	}
	return false;
}

/* Adds the conditions: attributes that equal a value or, given several times, one of them. */
static void
push_where(JsonbParseState **state, const SdModel *model, List *pairs, bool many)
{
	bool		first = true;
	List	   *done = NIL;
	ListCell   *cell;

	foreach(cell, pairs)
	{
		const SdPair *pair = lfirst(cell);
		SdPath		path = SD_KEY_STEP(NULL, pair->name, strlen(pair->name));
		const SdAttribute *attr;
		List	   *values;

		if (is_parameter(pair->name))
			continue;
		attr = find_attribute(model, pair->name, &path);
		check_many(many, &path);
		if (list_member_ptr(done, attr))
			continue;
		done = lappend(done, unconstify(SdAttribute *, attr));

		if (first)
		{
			sd_push_string(state, WJB_KEY, "where");
			pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
			first = false;
		}
		values = values_of(pairs, pair->name);
		sd_push_string(state, WJB_KEY, attr->name);
		pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
		if (list_length(values) == 1)
		{
			sd_push_string(state, WJB_KEY, "$eq");
			push_value(state, attr, WJB_VALUE, linitial(values));
		}
		else
		{
			ListCell   *value;

			sd_push_string(state, WJB_KEY, "$in");
			pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
			foreach(value, values)
				push_value(state, attr, WJB_ELEM, lfirst(value));
			pushJsonbValue(state, WJB_END_ARRAY, NULL);
		}
		pushJsonbValue(state, WJB_END_OBJECT, NULL);
	}
	if (!first)
		pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

/*
 * Adds what a query string asks for to an object of options for a finder of
 * model.  many tells whether it finds a list, which can be conditioned, sorted
 * and limited.
 *
 * Raises 22023 for a name that is no attribute or association and for a
 * parameter of the wrong form, 22P02 for what should be JSON.
 */
void
sd_push_options(JsonbParseState **state, const SdModel *model, List *pairs, bool many)
{
	push_parameters(state, model, pairs, many);
	push_where(state, model, pairs, many);
}

/*-------------------------------------------------------------------------
 * parse/key.c
 *		Turns a primary key that is an argument of its own into a condition.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "convert/reader.h"
#include "convert/value.h"
#include "miscadmin.h"
#include "model/unique.h"
#include "nodes/bitmapset.h"
#include "parse/binding.h"
#include "parse/condition.h"
#include "parse/expression.h"
#include "parse/key.h"
#include "parse/where.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/uuid.h"

/*
 * One attribute of the key has the value that stands at path.  A key that is an
 * argument of its own is a value; in options it may be a parameter of the call.
 */
static SdCondition *
key_equals(SdQuery *query, int attr, const JsonbValue *value, const SdPath *path,
		   bool in_options)
{
	const SdAttribute *attribute = &query->model->attrs[attr];
	SdScope		scope = {.query = query, .model = query->model};

	if (value->type == jbvNull)
		sd_bad_shape(path, "a value that is not null");
	return sd_make_compare(sd_attribute_expr(query->model, attr), SD_OP_EQ,
						   in_options ? sd_bind_value(&scope, SD_CONVERT_VALUE, attribute->type,
													  attribute->name, value, path)
						   : sd_bind_key(query, attribute->type, attribute->name, value, path));
}

/*
 * The unique keys, a list of SdUniqueKey, without those that have a hidden attribute:
 * nobody asks whether a value of it is there.
 */
static List *
shown_keys(const SdModel *model)
{
	List	   *shown = NIL;
	ListCell   *cell;

	foreach(cell, sd_unique_keys(model))
	{
		const SdUniqueKey *key = lfirst(cell);
		bool		hidden = false;

		for (int i = 0; i < key->nattrs; i++)
			hidden |= model->attrs[key->attrs[i]].hidden;
		if (!hidden)
			shown = lappend(shown, lfirst(cell));
	}
	return shown;
}

/* Where a key stands, as messages begin with it; nothing for one that is an argument of its own. */
static const char *
place(const SdPath *path)
{
	return path != NULL ? psprintf("%s: ", sd_path_text(path)) : "";
}

/*
 * Raises 22023 for attributes that are not the primary key, nor, unless primary is
 * set, all of another unique key.  path is where they stand, or NULL.
 */
static void
check_key(const SdModel *model, const Bitmapset *attrs, bool primary, const SdPath *path)
{
	const char *where = place(path);
	List	   *keys;
	ListCell   *cell;
	int			npart = 0;

	for (int i = 0; i < model->nkeys; i++)
		npart += bms_is_member(model->keys[i], attrs);
	if (model->nkeys > 0 && npart == model->nkeys && bms_num_members(attrs) == npart)
		return;
	keys = primary ? NIL : shown_keys(model);
	foreach(cell, keys)
	{
		if (sd_key_is_of(lfirst(cell), attrs))
			return;
	}
	if (npart > 0 && npart == bms_num_members(attrs))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%sthe primary key of model \"%s\" has %d attributes, but %d of them are given",
						where, model->name, model->nkeys, npart)));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%sno unique key of model \"%s\" has just the attributes that are given", where,
					model->name),
			 keys != NIL ? errhint("Its unique keys are: %s.", sd_list_keys(model, keys))
			 : model->nkeys > 0 ? errhint("Give every attribute of its primary key, and no others.")
			 : errhint("It has no unique key.")));
}

/* The attributes that an object has, a key of the model: see check_key(). */
static Bitmapset *
read_attributes(const SdModel *model, const JsonbValue *object, bool primary, const SdPath *path)
{
	Bitmapset  *attrs = NULL;
	SdReader	reader;

	sd_read(&reader, object, path);
	while (sd_next_member(&reader))
	{
		int			attr = sd_find_attribute(model, reader.key.val.string.val,
											 reader.key.val.string.len);

		if (attr < 0 || model->attrs[attr].column == NULL)
			sd_unknown_attribute(model, reader.key.val.string.val, reader.key.val.string.len,
								 &reader.path);
		attrs = bms_add_member(attrs, attr);
	}
	check_key(model, attrs, primary, path);
	return attrs;
}

/*
 * The attributes of an object at path that is a key of the model: all of one that is
 * unique, and no others.  Raises 22023 where they are not, 42703 for an unknown one.
 */
Bitmapset *
sd_key_attributes(const SdModel *model, const JsonbValue *object, const SdPath *path)
{
	return read_attributes(model, object, false, path);
}

/*
 * {"postId":1,"tagId":3}: every attribute of the primary key, or of another unique
 * key where the key is an argument of its own, and no others.  A null finds no row.
 */
static SdCondition *
read_composite(SdQuery *query, const JsonbValue *value, const SdPath *path, bool in_options)
{
	const SdModel *model = query->model;
	SdCondition *condition = NULL;
	SdReader	reader;

	(void) read_attributes(model, value, in_options, path);
	sd_read(&reader, value, path);
	while (sd_next_member(&reader))
	{
		int			attr = sd_find_attribute(model, reader.key.val.string.val,
											 reader.key.val.string.len);
		/* a query that is kept keeps the path: not in the memory of the call's key */
		SdPath		step = SD_KEY_STEP(path, model->attrs[attr].name, model->attrs[attr].name_len);

		if (reader.value.type == jbvNull && !in_options)
			return sd_make_condition(SD_COND_FALSE);
		condition = sd_and(condition, key_equals(query, attr, &reader.value, &step, in_options));
	}
	return condition;
}

/* The key as a JSON value: conversion to the attribute's type is the same for all. */
void
sd_key_value(Datum key, Oid type, JsonbValue *value)
{
	char	   *str;

	if (type == JSONBOID)
	{
		sd_root(DatumGetJsonbP(key), value);
		return;
	}
	if (type == INT8OID)
		str = psprintf(INT64_FORMAT, DatumGetInt64(key));
	else if (type == UUIDOID)
		str = DatumGetCString(DirectFunctionCall1(uuid_out, key));
	else
	{
		Assert(type == TEXTOID);
		str = TextDatumGetCString(key);
	}
	value->type = jbvString;
	value->val.string.val = str;
	value->val.string.len = strlen(str);
}

/* Restricts the query, whose other values are bound already, to the row of a key of nattrs attributes. */
static void
restrict_to_key(SdQuery *query, SdCondition *condition, int nattrs)
{
	Assert(condition != NULL);
	query->generic = query->params.n == nattrs;
	query->where = sd_and(query->where, condition);
	if (query->write != NULL)
		query->write->limited = query->write->by_key = true;
}

/*
 * Restricts the query to the row whose primary key is the value at path, in the
 * options of a call or an argument of its own; then an object may be another unique
 * key, too.  Raises what sd_add_key() raises.
 */
void
sd_add_key_value(SdQuery *query, const JsonbValue *value, const SdPath *path,
				 bool in_options)
{
	const SdModel *model = query->model;
	SdCondition *condition;

	if (sd_is_object(value) && !(in_options && sd_is_placeholder(value)))
		condition = read_composite(query, value, path, in_options);
	else if (model->nkeys == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%smodel \"%s\" has no primary key", place(path), model->name),
				 errhint("A view has no key of its own: define the model with \"primaryKey\": true for the attributes that tell its rows apart.")));
	else if (model->nkeys == 1)
	{
		const SdAttribute *attr = &model->attrs[model->keys[0]];
		SdPath		step = SD_KEY_STEP(path, attr->name, attr->name_len);

		condition = key_equals(query, model->keys[0], value, path != NULL ? path : &step,
							   in_options);
	}
	else
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%sthe primary key of model \"%s\" has %d attributes", place(path), model->name,
						model->nkeys),
				 in_options ? errhint("Give an object with a value for each of them.")
				 : errhint("Give it as jsonb, an object with a value for each of them: '{...}'::jsonb.")));
	restrict_to_key(query, condition, sd_is_object(value) ? sd_array_length(value) : model->nkeys);
}

/*
 * The parameter that conditions, which all have to hold, say an attribute
 * equals, the last of several; -1 when there is none.
 */
int
sd_key_param(const SdCondition *where, int attr)
{
	int			param = -1;
	ListCell   *cell;

	if (where == NULL)
		return -1;
	check_stack_depth();
	if (where->kind == SD_COND_COMPARE && where->op == SD_OP_EQ &&
		where->left->kind == SD_EXPR_ATTRIBUTE && where->left->attr == attr &&
		where->right->kind == SD_EXPR_PARAM)
		return where->right->param;
	if (where->kind != SD_COND_AND)
		return -1;
	foreach(cell, where->args)
	{
		int			found = sd_key_param(lfirst(cell), attr);

		if (found >= 0)
			param = found;
	}
	return param;
}

/* Error context callback: an object that is given as text is a value of the primary key. */
static void
say_cast(void *arg)
{
	if (geterrcode() == ERRCODE_INVALID_TEXT_REPRESENTATION)
		errhint("An object that says which key is meant has to be jsonb: '{...}'::jsonb.");
}

/*
 * Restricts the query to the row with the given primary key.  type is the
 * key's own: text, bigint, uuid, or jsonb for keys of several attributes and for
 * other unique keys.
 *
 * Raises 22023 when the key does not fit one of the model's, 42703 for an unknown
 * attribute in it, and what converting the value raises.
 */
void
sd_add_key(SdQuery *query, Datum key, Oid type)
{
	const SdModel *model = query->model;
	JsonbValue	value;

	/* the operators for integers of different sizes spare a row that cannot be its error */
	if (type == INT8OID && model->nkeys == 1)
	{
		Oid			key_type = model->attrs[model->keys[0]].type;

		if (key_type == INT2OID || key_type == INT4OID || key_type == INT8OID)
		{
			query->key_param = query->params.n;
			restrict_to_key(query, sd_key_condition(query, model->keys[0], type, key), 1);
			Assert(query->params.n == query->key_param + 1);
			return;
		}
	}
	sd_key_value(key, type, &value);
	if (type != JSONBOID && model->nkeys == 1)
	{
		const SdAttribute *attr = &model->attrs[model->keys[0]];
		SdPath		step = SD_KEY_STEP(NULL, attr->name, attr->name_len);
		bool		object = value.type == jbvString && value.val.string.len > 0 &&
			value.val.string.val[0] == '{';
		ErrorContextCallback callback = {
			.previous = error_context_stack,
			.callback = say_cast
		};

		if (object)
			error_context_stack = &callback;
		restrict_to_key(query,
						sd_make_compare(sd_attribute_expr(model, model->keys[0]), SD_OP_EQ,
										sd_bind_key(query, attr->type, attr->name, &value,
													&step)), 1);
		error_context_stack = callback.previous;
		return;
	}
	sd_add_key_value(query, &value, NULL, false);
}

/*-------------------------------------------------------------------------
 * parse/select_list.c
 *		Parses "attributes" and "fields", and the names that "order" and "group" give.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "convert/reader.h"
#include "miscadmin.h"
#include "parse/expression.h"
#include "parse/select_list.h"

/* Looks up the attribute, with a column, that a string value names; raises 22023 and 42703. */
int
sd_named_attribute(const SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	int			attr;

	if (sd_is_expr(value))
		sd_bad_shape(path, "the name of an attribute, or an array of the expression and the key to write it under: [{...}, \"key\"]");
	if (value->type != jbvString)
		sd_bad_shape(path, "the name of an attribute");
	attr = sd_find_column(query->model, value->val.string.val, value->val.string.len);
	if (attr < 0)
		sd_unknown_name(query->model, value->val.string.val, value->val.string.len, path);
	return attr;
}

/* The same, which may be VIRTUAL. */
static int
any_attribute(const SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	int			attr = -1;

	if (value->type == jbvString)
		attr = sd_find_attribute(query->model, value->val.string.val, value->val.string.len);
	return attr >= 0 ? attr : sd_named_attribute(query, value, path);
}

/* The computed attribute that a value names, or -1. */
static int
computed_attribute(const SdQuery *query, const JsonbValue *value)
{
	int			attr = -1;

	if (value->type == jbvString)
		attr = sd_find_attribute(query->model, value->val.string.val, value->val.string.len);
	return attr >= 0 && query->model->attrs[attr].as != NULL ? attr : -1;
}

/* Whether a value is a path, into the JSON of an attribute or to an associated record, and no attribute's name. */
static bool
is_path(const SdQuery *query, const JsonbValue *value)
{
	return value->type == jbvString &&
		memchr(value->val.string.val, '.', value->val.string.len) != NULL &&
		sd_find_attribute(query->model, value->val.string.val, value->val.string.len) < 0;
}

/* Adds one key of the JSON; asking for the same key twice is no mistake, for two values it is. */
static void
add_output(SdQuery *query, SdExpr *expr, const char *name, int name_len, const SdPath *path)
{
	SdOutput   *output;

	for (int i = 0; i < query->noutputs; i++)
	{
		output = &query->outputs[i];
		if (output->name_len != name_len || memcmp(output->name, name, name_len) != 0)
			continue;
		if (sd_same_attribute(output->expr, expr))
			return;
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: the key \"%s\" is given to two values", sd_path_text(path),
						sd_clip(name, name_len))));
	}
	if (query->noutputs == MaxTupleAttributeNumber)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s: a record may have at most %d keys", sd_path_text(path),
						MaxTupleAttributeNumber)));
	output = &query->outputs[query->noutputs++];
	output->expr = expr;
	output->name = name;
	output->name_len = name_len;
}

/* Adds what is at a path, under the path; "$User.name$" is User.name. */
static void
add_path(SdQuery *query, const SdScope *scope, const JsonbValue *value, const SdPath *path)
{
	const char *name = value->val.string.val;
	int			len = value->val.string.len;

	if (len > 2 && name[0] == '$' && name[len - 1] == '$')
	{
		name++;
		len -= 2;
	}
	add_output(query, sd_column_expr(scope, name, len, path), pnstrdup(name, len), len, path);
}

static void
add_attribute(SdQuery *query, int attr, const SdPath *path)
{
	add_output(query, sd_attribute_expr(query->model, attr), query->model->attrs[attr].name,
			   query->model->attrs[attr].name_len, path);
}

/*
 * Asks for every attribute that is not hidden, in declared order; of a table that
 * the role may not read as a whole for those that it may read.  Where it may read
 * none all are asked for, so that running the statement says so.
 */
void
sd_all_attributes(SdQuery *query)
{
	const bool *readable = sd_readable(query->model);

	query->noutputs = 0;
	query->outputs = palloc(sizeof(SdOutput) * query->model->nattrs);
	for (int i = 0; i < query->model->nattrs; i++)
	{
		const SdAttribute *attr = &query->model->attrs[i];
		SdOutput   *output;

		if (attr->column == NULL || attr->hidden || (readable != NULL && !readable[i]))
			continue;
		output = &query->outputs[query->noutputs++];
		output->expr = sd_attribute_expr(query->model, i);
		output->name = query->model->attrs[i].name;
		output->name_len = query->model->attrs[i].name_len;
	}
}

/* Adds the computed attributes that are in default answers. */
void
sd_add_shown(SdQuery *query)
{
	static const SdPath path = {.key = "attributes", .len = 10};
	const SdModel *model = query->model;
	SdScope		scope = {.query = query, .model = model};
	SdOutput   *outputs = query->outputs;
	int			n = 0;

	for (int i = 0; i < model->nattrs; i++)
		n += model->attrs[i].shown && !model->attrs[i].hidden;
	if (n == 0)
		return;
	query->outputs = palloc(sizeof(SdOutput) * (query->noutputs + n));
	memcpy(query->outputs, outputs, sizeof(SdOutput) * query->noutputs);
	for (int i = 0; i < model->nattrs; i++)
	{
		if (model->attrs[i].shown && !model->attrs[i].hidden)
			add_output(query, sd_column_expr(&scope, model->attrs[i].name,
											 model->attrs[i].name_len, &path),
					   model->attrs[i].name, model->attrs[i].name_len, &path);
	}
}

/* Adds the elements of a list: "name", a path, or ["name" or an expression, "alias"]. */
static void
parse_list(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	SdScope		scope = {
		.query = query,
		.model = query->model,
		.aggregates = true,
		.windows = true,
		.through = query->through != NULL ? query->through->model : NULL
	};
	int			most = Min(query->noutputs + sd_array_length(value), MaxTupleAttributeNumber);
	SdOutput   *outputs = palloc(sizeof(SdOutput) * Max(most, 1));
	SdReader	list;

	if (query->noutputs > 0)
		memcpy(outputs, query->outputs, sizeof(SdOutput) * query->noutputs);
	query->outputs = outputs;
	sd_read(&list, value, path);
	while (sd_next_element(&list))
	{
		SdReader	pair;
		SdExpr	   *expr;

		if (computed_attribute(query, &list.value) >= 0)
		{
			int			attr = computed_attribute(query, &list.value);

			add_output(query, sd_column_expr(&scope, list.value.val.string.val,
											 list.value.val.string.len, &list.path),
					   query->model->attrs[attr].name, query->model->attrs[attr].name_len,
					   &list.path);
			continue;
		}
		if (is_path(query, &list.value))
		{
			add_path(query, &scope, &list.value, &list.path);
			continue;
		}
		if (!sd_is_array(&list.value))
		{
			add_attribute(query, sd_named_attribute(query, &list.value, &list.path), &list.path);
			continue;
		}
		if (sd_array_length(&list.value) != 2)
			sd_bad_shape(&list.path, "an attribute or expression, and the key to write it under");
		sd_read(&pair, &list.value, &list.path);
		sd_next_element(&pair);
		if (pair.value.type == jbvString)
			expr = sd_column_expr(&scope, pair.value.val.string.val, pair.value.val.string.len,
								  &pair.path);
		else
			expr = sd_parse_expr(&scope, &pair.value, &pair.path);
		sd_next_element(&pair);
		if (pair.value.type != jbvString)
			sd_bad_shape(&pair.path, "a string, the key to write the value under");
		add_output(query, expr, sd_string(&pair.value), pair.value.val.string.len, &pair.path);
	}
	Assert(query->noutputs <= most);
}

/* Drops the keys that the attributes of a list are written under; a VIRTUAL one has none. */
static void
exclude_attributes(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	bool	   *excluded = palloc0(sizeof(bool) * query->model->nattrs);
	int			kept = 0;
	SdReader	list;

	sd_read(&list, value, path);
	while (sd_next_element(&list))
		excluded[any_attribute(query, &list.value, &list.path)] = true;
	for (int i = 0; i < query->noutputs; i++)
	{
		int			attr = sd_find_attribute(query->model, query->outputs[i].name,
											 query->outputs[i].name_len);

		if (attr < 0 || !excluded[attr])
			query->outputs[kept++] = query->outputs[i];
	}
	query->noutputs = kept;
}

/* {"exclude":[…], "include":[…]}: what is there so far but some, and more besides. */
static void
parse_exceptions(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	JsonbValue	include;
	SdPath		include_path;
	bool		more = false;
	SdReader	members;

	sd_read(&members, value, path);
	while (sd_next_member(&members))
	{
		if (!sd_is_array(&members.value))
			sd_bad_shape(&members.path, "an array");
		if (sd_key_is(&members, "include"))
		{
			more = true;
			include = members.value;
			include_path = members.path;
		}
		else if (sd_key_is(&members, "exclude"))
			exclude_attributes(query, &members.value, &members.path);
		else
			sd_bad_shape(&members.path, "only \"include\" and \"exclude\" here");
	}
	if (more)
		parse_list(query, &include, &include_path);
}

/* Whether an output is a hidden attribute itself, or what stands inside of it. */
static bool
is_hidden(const SdModel *model, const SdExpr *expr)
{
	switch (expr->kind)
	{
		case SD_EXPR_ATTRIBUTE:
		case SD_EXPR_JSON:
		case SD_EXPR_JSON_TEXT:
			return model->attrs[expr->attr].hidden;
		case SD_EXPR_CAST:
			return is_hidden(model, linitial(expr->args));
		case SD_EXPR_ASSOCIATED:
			return is_hidden(expr->associated->target, linitial(expr->args));
		default:
			return false;
	}
}

/* What is computed in statements of its own moves up by one, where it stands behind an output. */
static void
close_gap(const SdQuery *query, int output)
{
	ListCell   *cell;

	foreach(cell, query->includes)
	{
		SdInclude  *include = lfirst(cell);

		if (include->computed && include->place > output)
			include->place--;
	}
}

/*
 * Drops the hidden attributes, which scopes may have asked for by name, of a
 * query and of what it includes: no client of a route sees them.
 */
void
sd_drop_hidden(SdQuery *query)
{
	int			kept = 0;
	ListCell   *cell;

	check_stack_depth();
	for (int i = 0; i < query->noutputs; i++)
	{
		if (!is_hidden(query->model, query->outputs[i].expr))
			query->outputs[kept++] = query->outputs[i];
		else
			close_gap(query, kept);
	}
	query->noutputs = kept;
	if (query->through != NULL)
	{
		SdThrough  *through = query->through;

		kept = 0;
		for (int i = 0; i < through->noutputs; i++)
		{
			if (!is_hidden(through->model, through->outputs[i].expr))
				through->outputs[kept++] = through->outputs[i];
		}
		through->noutputs = kept;
	}
	foreach(cell, query->includes)
		sd_drop_hidden(((SdInclude *) lfirst(cell))->query);
}

/*
 * Parses "attributes" into query->outputs: an array says which they are, an
 * object what is added to those that are there already, and taken from them.
 *
 * Raises 22023 for a wrong shape, 42703 for an unknown attribute, 54000 for more
 * keys than a row can have.
 */
void
sd_parse_attributes(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	if (sd_is_object(value))
	{
		parse_exceptions(query, value, path);
		return;
	}
	if (!sd_is_array(value))
		sd_bad_shape(path, "an array of attributes, or an object with \"include\" and \"exclude\"");
	query->noutputs = 0;
	parse_list(query, value, path);
}

/* Whether a name that is no attribute's ends with ASC or DESC, as in SQL. */
static bool
ends_with_direction(const char *name, int len)
{
	return (len >= 3 && pg_strncasecmp(name + len - 3, "ASC", 3) == 0 &&
			(len == 3 || name[len - 4] == ' ')) ||
		(len >= 4 && pg_strncasecmp(name + len - 4, "DESC", 4) == 0 &&
		 (len == 4 || name[len - 5] == ' '));
}

/*
 * What a name in "order" or "group" means: an attribute, else an alias of
 * "attributes", else a path into a JSON attribute; raises 42703.
 */
SdExpr *
sd_named_expr(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	const char *name = value->val.string.val;
	int			len = value->val.string.len;
	int			attr = sd_find_column(query->model, name, len);
	SdScope		scope = {.query = query, .model = query->model};

	Assert(value->type == jbvString);
	if (attr >= 0)
		return sd_attribute_expr(query->model, attr);
	for (int i = 0; i < query->noutputs; i++)
	{
		if (query->outputs[i].name_len == len && memcmp(query->outputs[i].name, name, len) == 0)
			return query->outputs[i].expr;
	}
	if (computed_attribute(query, value) >= 0)
		return sd_column_expr(&scope, name, len, path);
	if (ends_with_direction(name, len))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("%s: model \"%s\" has no attribute \"%s\"", sd_path_text(path),
						query->model->name, sd_clip(name, len)),
				 errhint("Put a direction into an array with its attribute: \"order\": [[\"name\", \"DESC\"]].")));
	return sd_column_expr(&scope, name, len, path);
}

/* Parses "fields", the attributes that may be written. */
void
sd_parse_fields(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	SdReader	names;

	if (!sd_is_array(value))
		sd_bad_shape(path, "an array of attributes");
	Assert(query->write != NULL);
	query->write->writable = palloc0(sizeof(bool) * query->model->nattrs);
	sd_read(&names, value, path);
	while (sd_next_element(&names))
		query->write->writable[any_attribute(query, &names.value, &names.path)] = true;
}

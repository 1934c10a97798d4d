/*-------------------------------------------------------------------------
 * parse/select_list.c
 *		Parses "attributes", "order", "group" and "fields".
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "miscadmin.h"
#include "parse/associated.h"
#include "parse/select_list.h"
#include "parse/reader.h"
#include "utils/builtins.h"
#include "utils/typcache.h"

#define SD_MAX_ORDERS	100		/* terms of "order" */

/* Looks up the attribute, with a column, that a string value names; raises 22023 and 42703. */
int
sd_named_attribute(const SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	int			attr;

	if (value->type != jbvString)
		sd_bad_shape(path, "the name of an attribute");
	attr = sd_find_column(query->model, value->val.string.val, value->val.string.len);
	if (attr < 0)
		sd_unknown_attribute(query->model, value->val.string.val, value->val.string.len, path);
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

/* Adds the elements of a list: "name", or ["name" or an expression, "alias"]. */
static void
parse_list(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	SdScope		scope = {.query = query, .model = query->model, .aggregates = true};
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
			expr = sd_attribute_expr(query->model,
									 sd_named_attribute(query, &pair.value, &pair.path));
		else
			expr = sd_parse_expr(&scope, &pair.value, &pair.path);
		sd_next_element(&pair);
		if (pair.value.type != jbvString)
			sd_bad_shape(&pair.path, "a string, the key to write the value under");
		add_output(query, expr, sd_string(&pair.value), pair.value.val.string.len, &pair.path);
	}
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
		default:
			return false;
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

/* ASC, DESC, with NULLS FIRST or NULLS LAST; words apart by one space, in any case. */
static void
parse_direction(SdOrder *order, const JsonbValue *value, const SdPath *path)
{
	static const struct
	{
		const char *words;
		bool		descending;
		SdNulls		nulls;
	}			directions[] = {
		{"ASC", false, SD_NULLS_DEFAULT},
		{"DESC", true, SD_NULLS_DEFAULT},
		{"ASC NULLS FIRST", false, SD_NULLS_FIRST},
		{"ASC NULLS LAST", false, SD_NULLS_LAST},
		{"DESC NULLS FIRST", true, SD_NULLS_FIRST},
		{"DESC NULLS LAST", true, SD_NULLS_LAST},
		{"NULLS FIRST", false, SD_NULLS_FIRST},
		{"NULLS LAST", false, SD_NULLS_LAST}
	};

	if (value->type == jbvString)
	{
		char	   *words = sd_string(value);

		for (int i = 0; i < lengthof(directions); i++)
		{
			if (pg_strcasecmp(words, directions[i].words) == 0)
			{
				order->descending = directions[i].descending;
				order->nulls = directions[i].nulls;
				return;
			}
		}
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: \"%s\" is no direction", sd_path_text(path),
						sd_clip(words, strlen(words))),
				 errhint("It is ASC or DESC, with NULLS FIRST or NULLS LAST after it where wanted.")));
	}
	sd_bad_shape(path, "a direction: ASC or DESC");
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

/* What a name in "order" or "group" means: an attribute, else an alias of "attributes". */
static SdExpr *
named_expr(const SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	const char *name = value->val.string.val;
	int			len = value->val.string.len;
	int			attr = sd_find_column(query->model, name, len);

	if (attr >= 0)
		return sd_attribute_expr(query->model, attr);
	for (int i = 0; i < query->noutputs; i++)
	{
		if (query->outputs[i].name_len == len && memcmp(query->outputs[i].name, name, len) == 0)
			return query->outputs[i].expr;
	}
	if (ends_with_direction(name, len))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("%s: model \"%s\" has no attribute \"%s\"", sd_path_text(path),
						query->model->name, sd_clip(name, len)),
				 errhint("A direction stands in an array with what it is for: \"order\": [[\"name\", \"DESC\"]].")));
	sd_unknown_attribute(query->model, name, len, path);
}

static void
check_sortable(const SdExpr *expr, const SdPath *path)
{
	if (!OidIsValid(lookup_type_cache(expr->type, TYPECACHE_LT_OPR)->lt_opr))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: values of type %s have no order", sd_path_text(path),
						format_type_be(expr->type))));
}

/* Adds a term; raises 54000 for more than anybody sorts by, which sorting would be slow with. */
static SdOrder *
add_order(SdQuery *query)
{
	SdOrder    *orders;

	if (query->norders == SD_MAX_ORDERS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("\"order\" may have at most %d terms", SD_MAX_ORDERS)));
	orders = palloc0(sizeof(SdOrder) * (query->norders + 1));
	if (query->norders > 0)
		memcpy(orders, query->orders, sizeof(SdOrder) * query->norders);
	query->orders = orders;
	return &query->orders[query->norders++];
}

/* The include of an association; a term through a to-many one sorts what is included. */
static SdQuery *
included_query(const SdQuery *query, const SdAssociation *association, const SdPath *path)
{
	ListCell   *cell;

	foreach(cell, query->includes)
	{
		SdInclude  *include = lfirst(cell);

		if (include->association == association)
			return include->query;
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s: association \"%s\" leads to many records and is not included",
					sd_path_text(path), association->alias),
			 errhint("Include it; the term then sorts the included records.")));
}

/* The expression that the rest of a term stands for, in the scope's model. */
static SdExpr *
parse_sort_expr(const SdScope *scope, const JsonbValue *value, const SdPath *path)
{
	SdExpr	   *expr;

	if (value->type == jbvString)
		expr = scope->model == scope->query->model
			? named_expr(scope->query, value, path)
			: sd_column_expr(scope, value->val.string.val, value->val.string.len, path);
	else if (sd_is_object(value))
		expr = sd_parse_expr(scope, value, path);
	else
		sd_bad_shape(path, "an attribute, an association or an expression");
	check_sortable(expr, path);
	return expr;
}

/*
 * The elements of a term from the current one on: associations, then an
 * attribute or expression, then a direction.  Goes into sink, which is another
 * query once a to-many association has been passed.
 */
static SdExpr *
parse_term_rest(SdQuery **sink, const SdScope *scope, SdReader *term, int left)
{
	const SdAssociation *association = NULL;
	const SdAssociated *associated;
	SdExpr	   *expr;
	SdScope		inner = *scope;
	bool		ambiguous;

	if (left > 1 && term->value.type == jbvString &&
		sd_find_attribute(scope->model, term->value.val.string.val,
						  term->value.val.string.len) < 0)
		association = sd_find_association(scope->model, term->value.val.string.val,
										  term->value.val.string.len, &ambiguous);
	if (association == NULL)
		return parse_sort_expr(scope, &term->value, &term->path);

	if (sd_is_to_many(association))
	{
		if (scope->model != (*sink)->model)
			sd_bad_shape(&term->path, "associations that lead to one record");
		*sink = included_query(*sink, association, &term->path);
		inner.query = *sink;
		inner.model = (*sink)->model;
		sd_next_element(term);
		return parse_term_rest(sink, &inner, term, left - 1);
	}
	associated = sd_scoped(scope->query, sd_open_associated(scope->query, scope->model,
																association));
	inner.model = associated->target;
	inner.aggregates = false;
	sd_next_element(term);
	expr = palloc0(sizeof(SdExpr));
	expr->kind = SD_EXPR_ASSOCIATED;
	expr->associated = associated;
	expr->args = list_make1(parse_term_rest(sink, &inner, term, left - 1));
	expr->type = ((SdExpr *) linitial(expr->args))->type;
	return expr;
}

/* One term: "name", or [association …, "name" or an expression, "DESC"]. */
static void
parse_term(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	SdScope		scope = {.query = query, .model = query->model, .aggregates = true};
	SdOrder    *order;
	SdExpr	   *expr;
	SdReader	term;

	if (!sd_is_array(value))
	{
		expr = parse_sort_expr(&scope, value, path);
		add_order(query)->expr = expr;
		return;
	}
	if (sd_array_length(value) == 0)
		sd_bad_shape(path, "an attribute and a direction");
	sd_read(&term, value, path);
	sd_next_element(&term);
	expr = parse_term_rest(&query, &scope, &term, sd_array_length(value));
	order = add_order(query);
	order->expr = expr;
	if (sd_next_element(&term))
		parse_direction(order, &term.value, &term.path);
	if (sd_next_element(&term))
		sd_bad_shape(&term.path, "nothing after the direction");
}

/*
 * Parses "order" into query->orders, and into the orders of what it includes.
 * Raises 22023 for a wrong shape and 42703 for an unknown attribute.
 */
void
sd_parse_order(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	SdReader	terms;

	if (value->type == jbvString)
	{
		parse_term(query, value, path);
		return;
	}
	if (!sd_is_array(value))
		sd_bad_shape(path, "an array of attributes or of [attribute, direction]");
	sd_read(&terms, value, path);
	while (sd_next_element(&terms))
		parse_term(query, &terms.value, &terms.path);
}

/* Parses "group" into query->group. */
void
sd_parse_group(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	SdScope		scope = {.query = query, .model = query->model};
	SdReader	terms;

	if (value->type == jbvString)
	{
		query->group = list_make1(named_expr(query, value, path));
		return;
	}
	if (!sd_is_array(value) || sd_array_length(value) == 0)
		sd_bad_shape(path, "an array of attributes or expressions");
	sd_read(&terms, value, path);
	while (sd_next_element(&terms))
		query->group = lappend(query->group,
							   terms.value.type == jbvString
							   ? named_expr(query, &terms.value, &terms.path)
							   : sd_parse_expr(&scope, &terms.value, &terms.path));
}

/* Whether an expression has one value for each group. */
static bool
is_grouped(const SdQuery *query, const SdExpr *expr)
{
	ListCell   *cell;
	int			keys = 0;

	if (expr->aggregate || expr->kind == SD_EXPR_PARAM)
		return true;
	foreach(cell, query->group)
	{
		const SdExpr *term = lfirst(cell);

		if (term == expr || sd_same_attribute(term, expr))
			return true;
		for (int i = 0; i < query->model->nkeys; i++)
			keys += term->kind == SD_EXPR_ATTRIBUTE && term->attr == query->model->keys[i];
	}
	/* the primary key decides every attribute */
	if (query->model->nkeys > 0 && keys >= query->model->nkeys)
		return true;
	if (expr->kind == SD_EXPR_ATTRIBUTE)
		return false;
	foreach(cell, expr->args)
	{
		if (!is_grouped(query, lfirst(cell)))
			return false;
	}
	return true;
}

/* Raises 22023 when an output or a term of the order has no one value for a group. */
void
sd_check_grouped(const SdQuery *query, const SdPath *path)
{
	for (int i = 0; i < query->noutputs; i++)
	{
		if (!is_grouped(query, query->outputs[i].expr))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s: \"%s\" has many values in a group", sd_path_text(path),
							sd_clip(query->outputs[i].name, query->outputs[i].name_len)),
					 errhint("Name it in \"group\", leave it out of \"attributes\", or take an aggregate of it.")));
	}
	for (int i = 0; i < query->norders; i++)
	{
		if (!is_grouped(query, query->orders[i].expr))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s: term %d of \"order\" has many values in a group",
							sd_path_text(path), i + 1),
					 errhint("Name it in \"group\", or sort by an aggregate of it.")));
	}
}

/* Raises 22023 when rows are to be distinct and sorted by what is not in them. */
void
sd_check_distinct_order(const SdQuery *query, const SdPath *path)
{
	for (int i = 0; i < query->norders; i++)
	{
		bool		found = false;

		for (int j = 0; j < query->noutputs && !found; j++)
			found = query->orders[i].expr == query->outputs[j].expr ||
				sd_same_attribute(query->orders[i].expr, query->outputs[j].expr);
		if (!found)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s: term %d of \"order\" is not among the \"attributes\" that are to be distinct",
							sd_path_text(path), i + 1)));
	}
}

/* Parses "fields", the attributes that may be written. */
void
sd_parse_fields(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	SdReader	names;

	if (!sd_is_array(value))
		sd_bad_shape(path, "an array of attributes");
	query->write->writable = palloc0(sizeof(bool) * query->model->nattrs);
	sd_read(&names, value, path);
	while (sd_next_element(&names))
		query->write->writable[any_attribute(query, &names.value, &names.path)] = true;
}

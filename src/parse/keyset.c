/*-------------------------------------------------------------------------
 * parse/keyset.c
 *		Keyset pages.
 *
 * The rows after an edge are those that sort after it by the first term, or
 * are equal by it and sort after it by the rest.  The primary key is the last
 * term, so that no two rows are equal by all of them.  NULLs have a place in
 * the order of their own, and the edge's values may be NULL too.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "parse/binding.h"
#include "parse/condition.h"
#include "parse/key.h"
#include "parse/keyset.h"
#include "parse/order.h"
#include "parse/reader.h"
#include "parse/symbol.h"
#include "parse/value.h"

/* Makes the order one in which no two rows are equal, by plain attributes alone. */
static void
check_order(SdQuery *query, const SdPath *path)
{
	if (query->model->nkeys == 0)
		sd_bad_shape(path, psprintf("a model with a primary key, which \"%s\" has not",
									query->model->name));
	for (int i = 0; i < query->norders; i++)
	{
		if (query->orders[i].expr->kind != SD_EXPR_ATTRIBUTE)
			sd_bad_shape(path, "\"order\" by attributes of the model alone");
		/* some types can be sorted, but not compared by "<" */
		if (!sd_operator_exists(query->orders[i].expr->type, SD_OP_LT,
								query->orders[i].expr->type))
			sd_bad_shape(path, psprintf("\"order\" by attributes whose values can be compared, which those of \"%s\" cannot",
										query->model->attrs[query->orders[i].expr->attr].name));
	}
	sd_complete_order(query);
}

/* Reads the whole order from its other end. */
static void
reverse_order(SdQuery *query)
{
	for (int i = 0; i < query->norders; i++)
	{
		SdOrder    *order = &query->orders[i];

		order->descending = !order->descending;
		if (order->nulls != SD_NULLS_DEFAULT)
			order->nulls = order->nulls == SD_NULLS_FIRST ? SD_NULLS_LAST : SD_NULLS_FIRST;
	}
	query->backwards = true;
}

/* A value for each term, by name. */
static void
read_values(SdQuery *query, SdEdge *edge, const JsonbValue *value, const SdPath *path)
{
	bool	   *given = palloc0(sizeof(bool) * query->norders);
	SdQuery		values = {.model = query->model, .call = query->call};
	SdScope		scope = {.query = &values, .model = query->model};
	SdReader	reader;

	edge->terms = palloc0(sizeof(int) * query->norders);
	sd_read(&reader, value, path);
	while (sd_next_member(&reader))
	{
		int			attr = sd_find_attribute(query->model, reader.key.val.string.val,
											 reader.key.val.string.len);
		bool		found = false;

		if (attr < 0)
			sd_unknown_attribute(query->model, reader.key.val.string.val,
								 reader.key.val.string.len, &reader.path);
		for (int i = 0; i < query->norders; i++)
		{
			if (query->orders[i].expr->attr != attr)
				continue;
			found = given[i] = true;
			edge->terms[i] = sd_bind_value(&scope, SD_CONVERT_VALUE,
										   query->model->attrs[attr].type,
										   query->model->attrs[attr].name, &reader.value,
										   &reader.path)->param;
		}
		if (!found)
			sd_bad_shape(&reader.path, "only attributes of the order and of the primary key");
	}
	for (int i = 0; i < query->norders; i++)
	{
		if (!given[i])
			sd_bad_shape(path, psprintf("a value for \"%s\" too, which the order needs",
										query->model->attrs[query->orders[i].expr->attr].name));
	}
	edge->values = values.params;
}

/* The query for the values that the edge's row has in the order's terms. */
static SdQuery *
make_row_query(const SdQuery *query, const JsonbValue *key, const SdPath *path)
{
	SdQuery    *row = palloc0(sizeof(SdQuery));

	row->model = query->model;
	row->limit_param = row->offset_param = -1;
	row->limit = -1;
	row->key_param = -1;
	row->call = query->call;
	row->outputs = palloc0(sizeof(SdOutput) * query->norders);
	row->noutputs = query->norders;
	for (int i = 0; i < query->norders; i++)
	{
		row->outputs[i].expr = query->orders[i].expr;
		row->outputs[i].name = "";
	}
	sd_add_key_value(row, key, path, true);
	row->generic = false;
	return row;
}

/* The rows that sort after the edge by one term; NULL when no row does. */
static SdCondition *
beyond(SdQuery *query, const SdOrder *order, Datum value, bool isnull)
{
	bool		nulls_first = order->nulls == SD_NULLS_FIRST ||
		(order->nulls == SD_NULLS_DEFAULT && order->descending);
	SdCondition *is_null = sd_make_condition(isnull ? SD_COND_IS_NOT_NULL : SD_COND_IS_NULL);
	SdCondition *greater;

	is_null->left = order->expr;
	if (isnull)
		return nulls_first ? is_null : NULL;
	greater = sd_make_compare(order->expr, order->descending ? SD_OP_LT : SD_OP_GT,
							  sd_param_expr(&query->params, order->expr->type, value, false));
	if (nulls_first || query->model->attrs[order->expr->attr].not_null)
		return greater;
	return sd_make_logic(SD_COND_OR, list_make2(greater, is_null));
}

/* The rows that are equal to the edge by one term. */
static SdCondition *
equal_by(SdQuery *query, const SdOrder *order, Datum value, bool isnull)
{
	SdCondition *is_null;

	if (!isnull)
		return sd_make_compare(order->expr, SD_OP_EQ,
							   sd_param_expr(&query->params, order->expr->type, value, false));
	is_null = sd_make_condition(SD_COND_IS_NULL);
	is_null->left = order->expr;
	return is_null;
}

/* The rows after an edge with these values, one for each term of the order. */
static SdCondition *
beyond_edge(SdQuery *query, const Datum *values, const bool *nulls)
{
	SdCondition *condition = NULL;

	for (int i = query->norders - 1; i >= 0; i--)
	{
		const SdOrder *order = &query->orders[i];
		SdCondition *after = beyond(query, order, values[i], nulls[i]);
		SdCondition *rest = condition;

		if (rest != NULL)
			rest = sd_and(equal_by(query, order, values[i], nulls[i]), rest);
		if (after == NULL)
			condition = rest;
		else
			condition = rest == NULL ? after
				: sd_make_logic(SD_COND_OR, list_make2(after, rest));
	}
	return condition != NULL ? condition : sd_make_condition(SD_COND_FALSE);
}

/* The query restricted to the rows after an edge with these values, in the current context. */
SdQuery *
sd_beyond_edge(const SdQuery *query, const Datum *values, const bool *nulls)
{
	SdQuery    *page = palloc(sizeof(SdQuery));

	*page = *query;
	page->params = sd_copy_params(&query->params);
	page->edge = NULL;
	page->shapes = NULL;
	page->where = sd_and(query->where, beyond_edge(page, values, nulls));
	return page;
}

/* Whether an edge, which may be NULL, has values that are made for each call. */
bool
sd_edge_has_bindings(const SdEdge *edge)
{
	return edge != NULL && (edge->values.bindings != NIL ||
							(edge->row != NULL && edge->row->params.bindings != NIL));
}

/* The query restricted to the rows after its edge, whose values it has. */
SdQuery *
sd_beyond_edge_values(const SdQuery *query)
{
	const SdEdge *edge = query->edge;
	Datum	   *values = palloc(sizeof(Datum) * query->norders);
	bool	   *nulls = palloc(sizeof(bool) * query->norders);

	for (int i = 0; i < query->norders; i++)
	{
		values[i] = edge->values.values[edge->terms[i]];
		nulls[i] = edge->values.nulls[edge->terms[i]] == 'n';
	}
	return sd_beyond_edge(query, values, nulls);
}

/*
 * Parses "after" or, with backwards, "before", when the order is known.
 *
 * Raises 22023 when the order is not by attributes alone or a value is
 * missing, 42703 for an unknown attribute, class 22 for a value that does not
 * convert.
 */
void
sd_parse_edge(SdQuery *query, const JsonbValue *value, const SdPath *path, bool backwards)
{
	SdEdge	   *edge = palloc0(sizeof(SdEdge));
	bool		is_key = !sd_is_object(value) || sd_is_placeholder(value);

	if (query->edge != NULL)
		sd_bad_shape(path, "only one of \"after\" and \"before\"");
	if (value->type == jbvNull || sd_is_array(value))
		sd_bad_shape(path, "the primary key of a row, or an object with a value for each attribute of the order");
	check_order(query, path);

	/* an object with nothing but a composite key names a row too */
	if (!is_key && query->model->nkeys > 1 && query->norders > query->model->nkeys)
		is_key = sd_array_length(value) == query->model->nkeys;
	if (is_key)
		edge->row = make_row_query(query, value, path);
	else
		read_values(query, edge, value, path);
	if (backwards)
		reverse_order(query);
	query->edge = edge;
	if (!is_key && !sd_edge_has_bindings(edge))
	{
		SdQuery    *page = sd_beyond_edge_values(query);

		query->params = page->params;
		query->where = page->where;
	}
}

/*-------------------------------------------------------------------------
 * parse/keyset.c
 *		Keyset pages.
 *
 * The rows after an edge are those that sort after it by the first term, or
 * are equal by it and sort after it by the rest.  The primary key is the last
 * term, so that no two rows are equal by all of them.  NULLs have a place in
 * the order of their own, and the edge's values may be NULL too.
 *
 * JSON does not show all of some values: times are cut to the millisecond, and
 * what is infinite is null.  So where such values are given, the row of the key is
 * looked at: while it still shows what is given, it says where the page begins.
 * Else the page begins at that millisecond.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "convert/reader.h"
#include "convert/value.h"
#include "parse/binding.h"
#include "parse/condition.h"
#include "parse/key.h"
#include "parse/keyset.h"
#include "parse/order.h"
#include "parse/symbol.h"
#include "utils/date.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

/* Makes the order one in which no two rows are equal, by plain attributes alone. */
static void
check_order(SdQuery *query, const SdPath *path)
{
	if (query->model->nkeys == 0)
		sd_bad_shape(path, psprintf("a model with a primary key, which \"%s\" has not",
									query->model->name));
	sd_complete_order(query);
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

/* Whether JSON shows an attribute's times without the microseconds that they may have. */
static bool
is_cut(const SdAttribute *attr)
{
	return (attr->type == TIMESTAMPTZOID || attr->type == TIMESTAMPOID) &&
		(attr->typmod < 0 || attr->typmod > 3);
}

/* Whether JSON may show a value of the attribute as null that is none: one that is infinite. */
static bool
may_be_infinite(const SdAttribute *attr)
{
	return attr->type == TIMESTAMPTZOID || attr->type == TIMESTAMPOID || attr->type == DATEOID ||
		attr->type == FLOAT4OID || attr->type == FLOAT8OID || attr->type == NUMERICOID;
}

/* Whether what is given for an attribute may not be all of the value that it was shown for. */
static bool
is_unsure(const SdAttribute *attr, const JsonbValue *value)
{
	return is_cut(attr) ||
		(may_be_infinite(attr) && (value->type == jbvNull || sd_is_placeholder(value)));
}

/* A value for each term, by name; returns whether one of them may not be all of it. */
static bool
read_values(SdQuery *query, SdEdge *edge, const JsonbValue *value, const SdPath *path)
{
	bool	   *given = palloc0(sizeof(bool) * query->norders);
	SdQuery		values = {.model = query->model, .call = query->call};
	SdScope		scope = {.query = &values, .model = query->model};
	SdReader	reader;
	bool		unsure = false;

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
			if (reader.value.type == jbvNull && sd_is_key(query->model, attr) &&
				query->model->attrs[attr].not_null && !may_be_infinite(&query->model->attrs[attr]))
				sd_bad_shape(&reader.path, "a value that is not null");
			unsure |= is_unsure(&query->model->attrs[attr], &reader.value);
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
	return unsure;
}

/* The members of an edge that are the primary key: its value or, of several, an object. */
static JsonbValue
key_members(const SdModel *model, const JsonbValue *value)
{
	JsonbParseState *state = NULL;
	JsonbValue	key;

	if (model->nkeys == 1)
	{
		const SdAttribute *attr = &model->attrs[model->keys[0]];

		(void) getKeyJsonValueFromContainer(value->val.binary.data, attr->name, attr->name_len,
											&key);
		return key;
	}
	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	for (int i = 0; i < model->nkeys; i++)
	{
		const SdAttribute *attr = &model->attrs[model->keys[i]];
		JsonbValue	name = {.type = jbvString};

		name.val.string.val = unconstify(char *, attr->name);
		name.val.string.len = attr->name_len;
		(void) getKeyJsonValueFromContainer(value->val.binary.data, attr->name, attr->name_len,
											&key);
		pushJsonbValue(&state, WJB_KEY, &name);
		pushJsonbValue(&state, WJB_VALUE, &key);
	}
	sd_root(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL)), &key);
	return key;
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

/* One term of the order at the edge. */
typedef struct EdgeTerm
{
	const SdOrder *order;
	Datum		value;
	bool		isnull;
	bool		cut;			/* value stands for all of its millisecond */
} EdgeTerm;

static SdCondition *
compare(SdQuery *query, const EdgeTerm *term, SdOperator op, Datum value)
{
	return sd_make_compare(term->order->expr, op,
						   sd_param_expr(&query->params, term->order->expr->type, value, false,
										 NULL));
}

static SdCondition *
null_test(const EdgeTerm *term, bool is_null)
{
	SdCondition *test = sd_make_condition(is_null ? SD_COND_IS_NULL : SD_COND_IS_NOT_NULL);

	test->left = term->order->expr;
	return test;
}

/* The first microsecond after the term's millisecond. */
static Datum
next_millisecond(const EdgeTerm *term)
{
	return Int64GetDatum(DatumGetInt64(term->value) + 1000);
}

static bool
nulls_are_last(const SdOrder *order)
{
	return order->nulls == SD_NULLS_LAST ||
		(order->nulls == SD_NULLS_DEFAULT && !order->descending);
}

/* Whether there may be rows whose value is null after those that have one. */
static bool
nulls_follow(const SdQuery *query, const SdOrder *order)
{
	Assert(order->expr->kind == SD_EXPR_ATTRIBUTE);
	return nulls_are_last(order) && !query->model->attrs[order->expr->attr].not_null;
}

/* The rows whose value sorts after the edge's by one term, which is not null. */
static SdCondition *
greater(SdQuery *query, const EdgeTerm *term)
{
	if (term->order->descending)
		return compare(query, term, SD_OP_LT, term->value);
	if (term->cut)
		return compare(query, term, SD_OP_GE, next_millisecond(term));
	return compare(query, term, SD_OP_GT, term->value);
}

/* The rows that sort after the edge by one term; NULL when no row does. */
static SdCondition *
beyond(SdQuery *query, const EdgeTerm *term)
{
	if (term->isnull)
		return nulls_are_last(term->order) ? NULL : null_test(term, false);
	if (!nulls_follow(query, term->order))
		return greater(query, term);
	return sd_make_logic(SD_COND_OR, list_make2(greater(query, term), null_test(term, true)));
}

/* The rows that are equal to the edge by one term. */
static SdCondition *
equal_by(SdQuery *query, const EdgeTerm *term)
{
	SdCondition *from;

	if (term->isnull)
		return null_test(term, true);
	if (!term->cut)
		return compare(query, term, SD_OP_EQ, term->value);
	from = compare(query, term, SD_OP_GE, term->value);
	return sd_and(from, compare(query, term, SD_OP_LT, next_millisecond(term)));
}

/*
 * How many of the first terms a comparison of rows can take: those of one direction,
 * by operators of one schema, whose values are known and have no nulls after them.
 */
static int
count_comparable(const SdQuery *query, const EdgeTerm *terms, int n)
{
	const SdOrder *first = terms[0].order;
	int			i;

	for (i = 0; i < n; i++)
	{
		const SdOrder *order = terms[i].order;

		if (terms[i].isnull || terms[i].cut || nulls_follow(query, order) ||
			order->descending != first->descending ||
			strcmp(sd_operator_schema(order->expr->type),
				   sd_operator_schema(first->expr->type)) != 0)
			break;
	}
	return i;
}

/* (term, …) op (value, …) of n terms */
static SdCondition *
compare_rows(SdQuery *query, const EdgeTerm *terms, int n, SdOperator op)
{
	SdCondition *row;

	if (n == 1)
		return compare(query, &terms[0], op, terms[0].value);
	row = sd_make_condition(SD_COND_ROW);
	row->op = op;
	for (int i = 0; i < n; i++)
		row->args = lappend(row->args, compare(query, &terms[i], op, terms[i].value));
	return row;
}

/*
 * What the rows after an edge have in common by the first terms, of which n can be
 * compared as rows; NULL for nothing.  An index begins there.
 */
static SdCondition *
beginning(SdQuery *query, const EdgeTerm *terms, int n)
{
	const EdgeTerm *first = &terms[0];
	bool		descending = first->order->descending;

	if (n > 0)
		return compare_rows(query, terms, n, descending ? SD_OP_LE : SD_OP_GE);
	if (!first->cut || nulls_follow(query, first->order))
		return NULL;
	return descending ? compare(query, first, SD_OP_LT, next_millisecond(first))
		: compare(query, first, SD_OP_GE, first->value);
}

/* The rows after an edge, given by n terms of an order; NULL for none. */
static SdCondition *
beyond_edge(SdQuery *query, const EdgeTerm *terms, int n)
{
	int			comparable = count_comparable(query, terms, n);
	SdCondition *after;
	SdCondition *rest = NULL;

	Assert(n > 0);
	if (comparable == n)
		return compare_rows(query, terms, n, terms[0].order->descending ? SD_OP_LT : SD_OP_GT);
	after = beyond(query, &terms[0]);
	if (n > 1)
		rest = beyond_edge(query, terms + 1, n - 1);
	if (rest == NULL)
		return after;
	rest = sd_and(equal_by(query, &terms[0]), rest);
	if (after == NULL)
		return rest;
	return sd_and(beginning(query, terms, comparable),
				  sd_make_logic(SD_COND_OR, list_make2(after, rest)));
}

/* Whether a value is one that JSON shows as null though it is none. */
static bool
is_infinite(Oid type, Datum value)
{
	switch (type)
	{
		case TIMESTAMPTZOID:
		case TIMESTAMPOID:
			return TIMESTAMP_NOT_FINITE(DatumGetTimestamp(value));
		case DATEOID:
			return DATE_NOT_FINITE(DatumGetDateADT(value));
		case FLOAT4OID:
			return isnan(DatumGetFloat4(value)) || isinf(DatumGetFloat4(value));
		case FLOAT8OID:
			return isnan(DatumGetFloat8(value)) || isinf(DatumGetFloat8(value));
		case NUMERICOID:
			return numeric_is_nan(DatumGetNumeric(value)) || numeric_is_inf(DatumGetNumeric(value));
		default:
			return false;
	}
}

/* The millisecond that a time lies in. */
static Timestamp
cut_time(Timestamp time)
{
	Timestamp	beyond = time % 1000;

	return time - (beyond < 0 ? beyond + 1000 : beyond);
}

/* Whether what a row holds in a term is what is given, as JSON shows it. */
static bool
shows_given(const SdQuery *query, const EdgeTerm *given, Datum value, bool isnull)
{
	const SdAttribute *attr = &query->model->attrs[given->order->expr->attr];
	TypeCacheEntry *type;

	if (given->isnull)
		return isnull || is_infinite(attr->type, value);
	if (isnull)
		return false;
	if (given->cut && !is_infinite(attr->type, value))
		return cut_time(DatumGetTimestamp(value)) == DatumGetTimestamp(given->value);
	type = lookup_type_cache(attr->type, TYPECACHE_EQ_OPR_FINFO);
	if (!OidIsValid(type->eq_opr_finfo.fn_oid))
		return false;
	return DatumGetBool(FunctionCall2Coll(&type->eq_opr_finfo, attr->collation, given->value,
										  value));
}

/* The terms of the order as an edge gives them. */
static EdgeTerm *
given_terms(const SdQuery *query)
{
	const SdEdge *edge = query->edge;
	EdgeTerm   *terms = palloc0(sizeof(EdgeTerm) * query->norders);

	for (int i = 0; i < query->norders; i++)
	{
		EdgeTerm   *term = &terms[i];
		const SdAttribute *attr = &query->model->attrs[query->orders[i].expr->attr];

		term->order = &query->orders[i];
		term->value = edge->values.values[edge->terms[i]];
		term->isnull = edge->values.nulls[edge->terms[i]] == 'n';
		/* who gives microseconds means them */
		term->cut = !term->isnull && is_cut(attr) && !is_infinite(attr->type, term->value) &&
			cut_time(DatumGetTimestamp(term->value)) == DatumGetTimestamp(term->value);
	}
	return terms;
}

/*
 * The query restricted to the rows after its edge, in the current context.  values
 * and nulls are what the row of the edge holds in each term of the order; NULL
 * where the edge has no row, or it is not there.
 */
SdQuery *
sd_beyond_edge(const SdQuery *query, const Datum *values, const bool *nulls)
{
	SdQuery    *page = palloc(sizeof(SdQuery));
	EdgeTerm   *terms = query->edge->terms != NULL ? given_terms(query) : NULL;
	SdCondition *condition;
	bool		by_row = values != NULL;

	for (int i = 0; i < query->norders && by_row && terms != NULL; i++)
		by_row = shows_given(query, &terms[i], values[i], nulls[i]);
	if (by_row)
	{
		terms = palloc0(sizeof(EdgeTerm) * query->norders);
		for (int i = 0; i < query->norders; i++)
		{
			terms[i].order = &query->orders[i];
			terms[i].value = values[i];
			terms[i].isnull = nulls[i];
		}
	}
	Assert(terms != NULL && query->norders > 0);
	*page = *query;
	page->params = sd_copy_params(&query->params);
	page->edge = NULL;
	page->shapes = NULL;
	condition = beyond_edge(page, terms, page->norders);
	page->where = sd_and(query->where,
						 condition != NULL ? condition : sd_make_condition(SD_COND_FALSE));
	return page;
}

/* The rows whose primary key sorts after the given values, or else all others. */
static SdCondition *
beside_key(SdQuery *query, const Datum *key, bool beyond)
{
	const SdModel *model = query->model;
	EdgeTerm   *terms = palloc0(sizeof(EdgeTerm) * model->nkeys);
	SdOrder    *orders = palloc0(sizeof(SdOrder) * model->nkeys);
	SdCondition *first;

	Assert(model->nkeys > 0);
	for (int i = 0; i < model->nkeys; i++)
	{
		orders[i].expr = sd_attribute_expr(model, model->keys[i]);
		terms[i].order = &orders[i];
		terms[i].value = key[i];
	}
	if (beyond)
		return beyond_edge(query, terms, model->nkeys);
	if (count_comparable(query, terms, model->nkeys) == model->nkeys)
		return compare_rows(query, terms, model->nkeys, SD_OP_LE);
	first = compare_rows(query, terms, 1, SD_OP_LE);
	return sd_and(first, sd_not(beyond_edge(query, terms, model->nkeys)));
}

/*
 * The rows whose primary key sorts after the given values, none of them NULL,
 * which become parameters of the query.
 */
SdCondition *
sd_beyond_key(SdQuery *query, const Datum *key)
{
	return beside_key(query, key, true);
}

/* The other rows: those up to the key. */
SdCondition *
sd_upto_key(SdQuery *query, const Datum *key)
{
	return beside_key(query, key, false);
}

/* Whether an edge, which may be NULL, has values that are made for each call. */
bool
sd_edge_has_bindings(const SdEdge *edge)
{
	return edge != NULL && (edge->values.bindings != NIL ||
							(edge->row != NULL && edge->row->params.bindings != NIL));
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
	else if (read_values(query, edge, value, path))
	{
		JsonbValue	key = key_members(query->model, value);

		edge->row = make_row_query(query, &key, path);
	}
	if (backwards)
		reverse_order(query);
	query->edge = edge;
	if (edge->row == NULL && !sd_edge_has_bindings(edge))
	{
		SdQuery    *page = sd_beyond_edge(query, NULL, NULL);

		query->params = page->params;
		query->where = page->where;
	}
}

/*-------------------------------------------------------------------------
 * parse/order.c
 *		Parses "order".
 *
 * A term whose associations lead to one record is an expression.  One that
 * passes an association to many sorts what is included: its rest is handed to
 * the include of its first association, and parsed with the options of that.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "convert/reader.h"
#include "parse/associated.h"
#include "parse/order.h"
#include "parse/select_list.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#define SD_MAX_ORDERS	100		/* terms of "order" */

/* a term of the order of a level above, from its element number next on */
typedef struct SdTerm
{
	JsonbValue	value;
	const SdPath *path;
	int			next;
} SdTerm;

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
				 errhint("It is ASC or DESC, optionally followed by NULLS FIRST or NULLS LAST.")));
	}
	sd_bad_shape(path, "a direction: ASC or DESC");
}

/* Raises 22023 for an expression whose values have no order, which sorting and DISTINCT need. */
void
sd_check_sortable(const SdExpr *expr, const SdPath *path)
{
	if (!OidIsValid(lookup_type_cache(expr->type, TYPECACHE_LT_OPR)->lt_opr))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: values of type %s have no order", sd_path_text(path),
						format_type_be(expr->type))));
}

/* Adds a term; raises 54000 for more than anybody sorts by, which sorting would be slow with. */
static SdOrder *
add_order(SdQuery *query, const SdPath *path)
{
	SdOrder    *orders;

	if (query->norders == SD_MAX_ORDERS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s: \"order\" may have at most %d terms", sd_path_text(path), SD_MAX_ORDERS)));
	orders = palloc0(sizeof(SdOrder) * (query->norders + 1));
	if (query->norders > 0)
		memcpy(orders, query->orders, sizeof(SdOrder) * query->norders);
	query->orders = orders;
	return &query->orders[query->norders++];
}

/* Raises 22023 for an association that the query does not include; returns the include's query. */
static SdQuery *
included_query(const SdQuery *query, const SdAssociation *association, const SdPath *path)
{
	ListCell   *cell;

	Assert(association != NULL);
	foreach(cell, query->includes)
	{
		SdInclude  *include = lfirst(cell);

		if (include->association == association && !include->computed)
			return include->query;
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s: the term passes an association that leads to many records, and \"%s\" is not included",
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
			? sd_named_expr(scope->query, value, path)
			: sd_column_expr(scope, value->val.string.val, value->val.string.len, path);
	else if (sd_is_object(value))
		expr = sd_parse_expr(scope, value, path);
	else
		sd_bad_shape(path, "an attribute, an association or an expression");
	sd_check_sortable(expr, path);
	return expr;
}

/* The association that an element of a term names, with something after it; or NULL. */
static const SdAssociation *
named_association(const SdModel *model, const JsonbValue *value, bool last)
{
	bool		ambiguous;

	if (last || value->type != jbvString ||
		sd_find_attribute(model, value->val.string.val, value->val.string.len) >= 0)
		return NULL;
	return sd_find_association(model, value->val.string.val, value->val.string.len, &ambiguous);
}

/* Moves a reader to element number n of a term; false where there is none. */
static bool
read_element(SdReader *reader, const JsonbValue *term, const SdPath *path, int n)
{
	sd_read(reader, term, path);
	for (int i = 0; i <= n; i++)
	{
		if (!sd_next_element(reader))
			return false;
	}
	return true;
}

/* Whether the associations from element number n of a term on lead to many records. */
static bool
leads_to_many(const SdQuery *query, const JsonbValue *term, const SdPath *path, int n)
{
	const SdModel *model = query->model;
	SdReader	reader;
	const SdAssociation *association;
	bool		more = read_element(&reader, term, path, n);

	for (; more; more = sd_next_element(&reader))
	{
		association = named_association(model, &reader.value, ++n == sd_array_length(term));
		if (association == NULL)
			return false;
		if (sd_is_to_many(association))
			return true;
		model = sd_open_associated(query, model, association)->target;
	}
	return false;
}

/* What the elements of a term stand for from the current one, number n, on, but for a direction. */
static SdExpr *
parse_elements(const SdScope *scope, SdReader *reader, int n, int length)
{
	const SdAssociation *association = named_association(scope->model, &reader->value,
														 n + 1 == length);
	SdAssociated *associated;
	SdCondition *condition;
	SdScope		inner;
	SdExpr	   *expr;

	if (association == NULL)
		return parse_sort_expr(scope, &reader->value, &reader->path);
	associated = sd_open_shown(scope, association, NIL, false, &reader->path, &inner, &condition);
	associated->scope = sd_and(associated->scope, condition);
	inner.through = NULL;
	inner.order = scope->order;
	expr = palloc0(sizeof(SdExpr));
	expr->kind = SD_EXPR_ASSOCIATED;
	expr->associated = associated;
	sd_next_element(reader);
	expr->args = list_make1(parse_elements(&inner, reader, n + 1, length));
	expr->type = ((SdExpr *) linitial(expr->args))->type;
	return expr;
}

/* What the terms of a query's order are looked up in. */
static SdScope
order_scope(SdQuery *query)
{
	return (SdScope) {
		.query = query,
		.model = query->model,
		.aggregates = true,
		.order = true,
		.through = query->through != NULL ? query->through->model : NULL
	};
}

/* One term from element number n on: [association …, "name" or an expression, "DESC"]. */
static void
parse_term_from(SdQuery *query, const JsonbValue *value, const SdPath *path, int n)
{
	SdScope		scope = order_scope(query);
	SdReader	reader;
	SdOrder    *order;
	SdExpr	   *expr;

	if (!read_element(&reader, value, path, n))
		sd_bad_shape(path, "an attribute and a direction");
	if (leads_to_many(query, value, path, n))
	{
		const SdAssociation *association = named_association(query->model, &reader.value, false);
		SdQuery    *included = included_query(query, association, &reader.path);
		SdTerm	   *term = palloc(sizeof(SdTerm));

		term->value = *value;
		term->path = sd_copy_path(path);
		term->next = n + 1;
		included->terms = lappend(included->terms, term);
		return;
	}
	expr = parse_elements(&scope, &reader, n, sd_array_length(value));
	order = add_order(query, path);
	order->expr = expr;
	if (sd_next_element(&reader))
		parse_direction(order, &reader.value, &reader.path);
	if (sd_next_element(&reader))
		sd_bad_shape(&reader.path, "nothing after the direction");
}

/* One term: "name", an expression, or an array. */
static void
parse_term(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	SdScope		scope = order_scope(query);

	if (!sd_is_array(value))
	{
		SdExpr	   *expr = parse_sort_expr(&scope, value, path);

		add_order(query, path)->expr = expr;
		return;
	}
	parse_term_from(query, value, path, 0);
}

/*
 * One term of the order of an aggregate, a window or a list: what a record of the
 * scope's model is sorted by, or an array of that and a direction.
 */
static SdOrder *
parse_simple_term(const SdScope *scope, const JsonbValue *value, const SdPath *path)
{
	SdOrder    *order = palloc0(sizeof(SdOrder));
	JsonbValue	sorted = *value;
	SdPath		step = *path;
	SdReader	term;

	if (sd_is_array(value))
	{
		sd_read(&term, value, path);
		if (!sd_next_element(&term))
			sd_bad_shape(path, "an attribute or expression, and a direction");
		sorted = term.value;
		step = term.path;
		if (sd_next_element(&term))
			parse_direction(order, &term.value, &term.path);
		if (sd_next_element(&term))
			sd_bad_shape(&term.path, "nothing after the direction");
	}
	if (sorted.type == jbvString)
		order->expr = sd_column_expr(scope, sorted.val.string.val, sorted.val.string.len, &step);
	else if (sd_is_object(&sorted))
		order->expr = sd_parse_expr(scope, &sorted, &step);
	else
		sd_bad_shape(&step, "an attribute or an expression");
	sd_check_sortable(order->expr, &step);
	return order;
}

/* The terms of such an order: a list of SdOrder.  Raises what sd_parse_order() raises. */
List *
sd_parse_order_terms(const SdScope *scope, const JsonbValue *value, const SdPath *path)
{
	List	   *orders = NIL;
	SdReader	terms;

	if (!sd_is_array(value))
		return list_make1(parse_simple_term(scope, value, path));
	if (sd_array_length(value) > SD_MAX_ORDERS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s: there may be at most %d terms", sd_path_text(path), SD_MAX_ORDERS)));
	sd_read(&terms, value, path);
	while (sd_next_element(&terms))
		orders = lappend(orders, parse_simple_term(scope, &terms.value, &terms.path));
	return orders;
}

/*
 * Parses "order" into query->orders, and into terms of what it includes.
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

/* Parses the terms of the orders of levels above that sort the query's records. */
void
sd_parse_terms(SdQuery *query)
{
	ListCell   *cell;

	foreach(cell, query->terms)
	{
		const SdTerm *term = lfirst(cell);

		parse_term_from(query, &term->value, term->path, term->next);
	}
}

/*
 * Adds the primary key, where it is not there, as the last terms of the order, in
 * the direction of the term before it, so that no two rows are equal by the whole.
 */
void
sd_complete_order(SdQuery *query)
{
	const SdModel *model = query->model;
	int			n = query->norders;
	bool		descending = n > 0 && query->orders[n - 1].descending;
	SdOrder    *orders = palloc0(sizeof(SdOrder) * (n + model->nkeys));

	if (n > 0)
		memcpy(orders, query->orders, sizeof(SdOrder) * n);
	for (int i = 0; i < model->nkeys; i++)
	{
		SdExpr	   *key = sd_attribute_expr(model, model->keys[i]);
		bool		there = false;

		for (int j = 0; j < n; j++)
			there |= sd_same_attribute(orders[j].expr, key);
		if (there)
			continue;
		orders[query->norders].expr = key;
		orders[query->norders++].descending = descending;
	}
	Assert(query->norders <= n + model->nkeys);
	query->orders = orders;
}

/*
 * Whether rows that are locked, or written, in the order of an attribute are so by its
 * bytes: text, unless its collation takes different strings as equal.  Any order will do
 * that all calls share, and this one is the fastest.
 */
bool
sd_locks_bytewise(const SdAttribute *attr)
{
	return (attr->type == TEXTOID || attr->type == VARCHAROID || attr->type == BPCHAROID) &&
		get_collation_isdeterministic(attr->collation);
}

/*
 * Attributes of the query's model as its order: of rows that are locked in it, calls
 * do not deadlock.  Where a type has no order there is none.  Rows of which only some are
 * chosen are in the order of an index, if there is one.
 */
void
sd_order_by(SdQuery *query, const int *attrs, int nattrs)
{
	const SdModel *model = query->model;

	query->orders = palloc0(sizeof(SdOrder) * Max(nattrs, 1));
	query->norders = 0;
	for (int i = 0; i < nattrs; i++)
	{
		Oid			type = model->attrs[attrs[i]].type;

		if (!OidIsValid(lookup_type_cache(type, TYPECACHE_LT_OPR)->lt_opr))
			continue;
		query->orders[query->norders].bytewise = query->limit_param < 0 &&
			sd_locks_bytewise(&model->attrs[attrs[i]]);
		query->orders[query->norders++].expr = sd_attribute_expr(model, attrs[i]);
	}
}

/* The same with the keys of the model. */
void
sd_order_by_keys(SdQuery *query)
{
	sd_order_by(query, query->model->keys, query->model->nkeys);
}

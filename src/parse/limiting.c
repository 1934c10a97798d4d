/*-------------------------------------------------------------------------
 * parse/limiting.c
 *		Tells conditions that leave out rows from those that are true of every
 *		row, whatever it holds.
 *
 * The condition is not changed: SQL gives the right answer to it as it is.  The
 * question is one of safety, so what cannot be told without running it counts
 * as true of every row unless it looks at the row.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "parse/limiting.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

/* the model whose rows the condition is about, and the values bound in it */
typedef struct Rows
{
	const SdModel *model;
	const SdParams *params;
} Rows;

/*
 * The values that a disjunction accepts, of each thing by itself: null, true and
 * false.  Of what is no boolean it accepts all values but null, or none: these
 * count as true and false both.
 */
typedef struct Accepted
{
	Bitmapset  *null;			/* attributes */
	Bitmapset  *truth;
	Bitmapset  *falsity;
	List	   *null_exprs;		/* SdExpr of other kinds */
	List	   *not_null_exprs;
	List	   *equal;			/* SdCondition: attributes that equal a bound value */
	List	   *unequal;		/* the same of those that do not */
} Accepted;

static bool limits(const Rows *rows, const SdCondition *condition, bool negated);

/* Whether a condition, NULL for none, can be true of one row and not of another. */
static bool
differs(const Rows *rows, const SdCondition *condition)
{
	return condition != NULL && limits(rows, condition, false) && limits(rows, condition, true);
}

/* Whether an expression's value can differ from row to row. */
static bool
looks_at_row(const Rows *rows, const SdExpr *expr)
{
	ListCell   *cell;

	switch (expr->kind)
	{
		case SD_EXPR_ATTRIBUTE:
		case SD_EXPR_JSON:
		case SD_EXPR_JSON_TEXT:
		case SD_EXPR_ASSOCIATED:
		case SD_EXPR_THROUGH:
		case SD_EXPR_RELATED:
		case SD_EXPR_WINDOW:
			return true;
		case SD_EXPR_PARAM:
		case SD_EXPR_FUNCTION:
		case SD_EXPR_COALESCE:
		case SD_EXPR_CAST:
		case SD_EXPR_OPERATOR:
			break;
		case SD_EXPR_CASE:
		case SD_EXPR_TEST:
			foreach(cell, expr->conditions)
			{
				if (differs(rows, lfirst(cell)))
					return true;
			}
			break;
	}
	foreach(cell, expr->args)
	{
		if (looks_at_row(rows, lfirst(cell)))
			return true;
	}
	return false;
}

/* Whether an expression is an attribute that no row of the table lacks. */
static bool
is_never_null(const Rows *rows, const SdExpr *expr)
{
	return expr->kind == SD_EXPR_ATTRIBUTE && rows->model->attrs[expr->attr].not_null;
}

/* Whether an expression is a bound array without elements. */
static bool
is_empty_array(const Rows *rows, const SdExpr *expr)
{
	const SdParams *params = rows->params;
	ArrayType  *array;

	if (expr->kind != SD_EXPR_PARAM || params->nulls[expr->param] == 'n' ||
		!type_is_array(params->types[expr->param]))
		return false;
	array = DatumGetArrayTypeP(params->values[expr->param]);
	return ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)) == 0;
}

/* Whether an expression is a bound pattern that every text matches: '%' of LIKE, '' of a regular expression. */
static bool
matches_all(const Rows *rows, const SdExpr *expr, bool like)
{
	const SdParams *params = rows->params;
	text	   *pattern;
	int			len;

	if (expr->kind != SD_EXPR_PARAM || params->nulls[expr->param] == 'n' ||
		params->types[expr->param] != TEXTOID)
		return false;
	pattern = DatumGetTextPP(params->values[expr->param]);
	len = VARSIZE_ANY_EXHDR(pattern);
	if (!like || len == 0)
		return !like && len == 0;
	for (int i = 0; i < len; i++)
	{
		if (VARDATA_ANY(pattern)[i] != '%')
			return false;
	}
	return true;
}

/* Whether a comparison holds for every value that is not null: LIKE '%', @> '{}', a = a. */
static bool
holds_for_all_values(const Rows *rows, const SdCondition *condition)
{
	const SdExpr *left = condition->left;
	const SdExpr *right = condition->right;

	switch (condition->op)
	{
		case SD_OP_LIKE:
		case SD_OP_ILIKE:
			return matches_all(rows, right, true);
		case SD_OP_REGEXP:
		case SD_OP_IREGEXP:
		case SD_OP_PATTERN_GE:
			return matches_all(rows, right, false);
		case SD_OP_CONTAINS:
			return is_empty_array(rows, right);
		case SD_OP_EQ:
		case SD_OP_LE:
		case SD_OP_GE:
			return left->kind == SD_EXPR_ATTRIBUTE && right->kind == SD_EXPR_ATTRIBUTE &&
				left->attr == right->attr;
		default:
			return false;
	}
}

static void
accept_null(Accepted *accepted, SdExpr *expr, bool null)
{
	if (expr->kind != SD_EXPR_ATTRIBUTE)
	{
		List	  **exprs = null ? &accepted->null_exprs : &accepted->not_null_exprs;

		*exprs = lappend(*exprs, expr);
	}
	else if (null)
		accepted->null = bms_add_member(accepted->null, expr->attr);
	else
	{
		accepted->truth = bms_add_member(accepted->truth, expr->attr);
		accepted->falsity = bms_add_member(accepted->falsity, expr->attr);
	}
}

static void
accept_boolean(Accepted *accepted, const SdExpr *expr, bool value)
{
	Bitmapset **attrs = value ? &accepted->truth : &accepted->falsity;

	if (expr->kind == SD_EXPR_ATTRIBUTE)
		*attrs = bms_add_member(*attrs, expr->attr);
}

/* Whether an expression is a bound boolean that is not null; which one goes into value. */
static bool
is_boolean(const Rows *rows, const SdExpr *expr, bool *value)
{
	const SdParams *params = rows->params;

	if (expr->kind != SD_EXPR_PARAM || params->types[expr->param] != BOOLOID ||
		params->nulls[expr->param] == 'n')
		return false;
	*value = DatumGetBool(params->values[expr->param]);
	return true;
}

/*
 * Whether the values that two conditions bind for one attribute are equal, or, with
 * equal not set, are known to differ.
 */
static bool
values_are(const Rows *rows, const SdCondition *a, const SdCondition *b, bool equal)
{
	const SdParams *params = rows->params;
	const SdAttribute *attr = &rows->model->attrs[a->left->attr];
	TypeCacheEntry *type = lookup_type_cache(attr->type, TYPECACHE_EQ_OPR_FINFO);

	if (params->types[a->right->param] != attr->type ||
		params->types[b->right->param] != attr->type || !OidIsValid(type->eq_opr_finfo.fn_oid))
		return false;
	return DatumGetBool(FunctionCall2Coll(&type->eq_opr_finfo, attr->collation,
										  params->values[a->right->param],
										  params->values[b->right->param])) == equal;
}

/* Two values that an attribute may not be, or one that it may be and may not be, leave out null alone. */
static void
accept_opposites(const Rows *rows, Accepted *accepted)
{
	const SdCondition **unequal;
	ListCell   *cell;

	if (accepted->unequal == NIL)
		return;
	unequal = palloc0(sizeof(SdCondition *) * rows->model->nattrs);
	foreach(cell, accepted->unequal)
	{
		SdCondition *condition = lfirst(cell);
		int			attr = condition->left->attr;

		if (unequal[attr] == NULL)
			unequal[attr] = condition;
		else if (values_are(rows, unequal[attr], condition, false))
			accept_null(accepted, condition->left, false);
	}
	foreach(cell, accepted->equal)
	{
		SdCondition *condition = lfirst(cell);
		int			attr = condition->left->attr;

		if (unequal[attr] != NULL && values_are(rows, unequal[attr], condition, true))
			accept_null(accepted, condition->left, false);
	}
}

static int
compare_pointers(const ListCell *a, const ListCell *b)
{
	return lfirst(a) < lfirst(b) ? -1 : lfirst(a) > lfirst(b);
}

/*
 * Whether something may have any value.  Tests under one key of the document,
 * {"meta.a":{"$or":[null,{"$ne":null}]}}, share one expression.
 */
static bool
accepts_all(const Rows *rows, Accepted *accepted)
{
	ListCell   *null = list_head(accepted->null_exprs);
	ListCell   *not_null = list_head(accepted->not_null_exprs);
	int			attr = -1;

	accept_opposites(rows, accepted);
	while ((attr = bms_next_member(accepted->truth, attr)) >= 0)
	{
		if (bms_is_member(attr, accepted->falsity) &&
			(bms_is_member(attr, accepted->null) || rows->model->attrs[attr].not_null))
			return true;
	}
	list_sort(accepted->null_exprs, compare_pointers);
	list_sort(accepted->not_null_exprs, compare_pointers);
	while (null != NULL && not_null != NULL)
	{
		int			order = compare_pointers(null, not_null);

		if (order == 0)
			return true;
		if (order < 0)
			null = lnext(accepted->null_exprs, null);
		else
			not_null = lnext(accepted->not_null_exprs, not_null);
	}
	return false;
}

/* Notes that an attribute equals a bound value, or does not. */
static void
note_equality(const Rows *rows, SdCondition *condition, bool equal, Accepted *accepted)
{
	List	  **conditions = equal ? &accepted->equal : &accepted->unequal;
	bool		value;

	if (condition->left->kind != SD_EXPR_ATTRIBUTE || condition->right->kind != SD_EXPR_PARAM ||
		rows->params->nulls[condition->right->param] == 'n')
		return;
	if (is_boolean(rows, condition->right, &value))
		accept_boolean(accepted, condition->left, value == equal);
	else
		*conditions = lappend(*conditions, condition);
}

/* Notes what the terms of a disjunction accept. */
static void
collect_accepted(const Rows *rows, const SdCondition *condition, bool negated, Accepted *accepted)
{
	ListCell   *cell;

	check_stack_depth();
	switch (condition->kind)
	{
		case SD_COND_NOT:
			collect_accepted(rows, linitial(condition->args), !negated, accepted);
			break;
		case SD_COND_AND:
		case SD_COND_OR:
			if ((condition->kind == SD_COND_OR) == negated)
				break;
			foreach(cell, condition->args)
				collect_accepted(rows, lfirst(cell), negated, accepted);
			break;
		case SD_COND_IS_NULL:
		case SD_COND_IS_NOT_NULL:
			accept_null(accepted, condition->left,
						(condition->kind == SD_COND_IS_NULL) != negated);
			break;
		case SD_COND_IS_TRUE:
		case SD_COND_IS_FALSE:
			accept_boolean(accepted, condition->left,
						   (condition->kind == SD_COND_IS_TRUE) != negated);
			if (negated)
				accept_null(accepted, condition->left, true);
			break;
		case SD_COND_COMPARE:
			if (!negated && holds_for_all_values(rows, condition))
				accept_null(accepted, condition->left, false);
			else if (condition->op == SD_OP_EQ || condition->op == SD_OP_NE)
				note_equality(rows, unconstify(SdCondition *, condition),
							  (condition->op == SD_OP_EQ) != negated, accepted);
			break;
		case SD_COND_EXPR:
			accept_boolean(accepted, condition->left, !negated);
			break;
		default:
			break;
	}
}

/* AND leaves out rows when one of its terms does, OR when all do and do not cover every row together. */
static bool
logic_limits(const Rows *rows, const SdCondition *condition, bool negated)
{
	bool		conjunction = (condition->kind == SD_COND_AND) != negated;
	Accepted	accepted = {NULL};
	ListCell   *cell;

	foreach(cell, condition->args)
	{
		if (limits(rows, lfirst(cell), negated) == conjunction)
			return conjunction;
	}
	if (conjunction)
		return false;
	collect_accepted(rows, condition, negated, &accepted);
	return !accepts_all(rows, &accepted);
}

/* EXISTS leaves out rows; NOT EXISTS does so unless no associated row can qualify. */
static bool
exists_limits(const SdCondition *condition, const SdParams *params, bool negated)
{
	Rows		target = {condition->associated->target, params};
	Rows		through = {condition->associated->through, params};

	if (!negated)
		return true;
	if (condition->args != NIL && !limits(&target, linitial(condition->args), true))
		return false;
	return condition->through == NULL || limits(&through, condition->through, true);
}

/* The same of a condition that is asked as an expression; NULL is true. */
static bool
test_limits(const Rows *rows, const SdCondition *condition, bool negated)
{
	return condition != NULL ? limits(rows, condition, negated) : negated;
}

/* Whether a query has no row, whatever its table holds. */
static bool
finds_nothing(const SdQuery *query, const SdParams *params)
{
	Rows		target = {query->model, params};

	return query->limit == 0 || (query->where != NULL && !limits(&target, query->where, true));
}

/* Whether a condition or, with negated, its negation leaves out rows. */
static bool
limits(const Rows *rows, const SdCondition *condition, bool negated)
{
	check_stack_depth();
	switch (condition->kind)
	{
		case SD_COND_FALSE:
			return !negated;
		case SD_COND_NOT:
			return limits(rows, linitial(condition->args), !negated);
		case SD_COND_AND:
		case SD_COND_OR:
			return logic_limits(rows, condition, negated);
		case SD_COND_EXISTS:
			return exists_limits(condition, rows->params, negated);
		case SD_COND_ANY:
		case SD_COND_ALL:
			if (is_empty_array(rows, condition->right))
				return (condition->kind == SD_COND_ALL) == negated;
			return looks_at_row(rows, condition->left);
		case SD_COND_IS_NULL:
		case SD_COND_IS_NOT_NULL:
			if (is_never_null(rows, condition->left))
				return (condition->kind == SD_COND_IS_NOT_NULL) == negated;
			return looks_at_row(rows, condition->left);
		case SD_COND_IS_TRUE:
		case SD_COND_IS_FALSE:
			return looks_at_row(rows, condition->left);
		case SD_COND_EXPR:
			if (condition->left->kind == SD_EXPR_TEST)
				return test_limits(rows, linitial(condition->left->conditions), negated);
			return looks_at_row(rows, condition->left);
		case SD_COND_IN_QUERY:
			if (finds_nothing(condition->query, rows->params))
				return condition->negated == negated;
			return looks_at_row(rows, condition->left);
		case SD_COND_COMPARE:
			if (is_never_null(rows, condition->left) && holds_for_all_values(rows, condition))
				return negated;
			return looks_at_row(rows, condition->left) || looks_at_row(rows, condition->right);
		case SD_COND_SAME_JSON_TYPE:
			return looks_at_row(rows, condition->left) || looks_at_row(rows, condition->right);
	}
	pg_unreachable();
}

/*
 * Whether a condition on the query's rows, NULL for none, can leave out any of
 * them: not when it is true of every row, whatever it holds ({"$not":{"id":[]}}).
 * The values that it compares with are those bound in the query.
 */
bool
sd_leaves_out_rows(const SdQuery *query, const SdCondition *condition)
{
	Rows		rows = {query->model, &query->params};

	return condition != NULL && limits(&rows, condition, false);
}

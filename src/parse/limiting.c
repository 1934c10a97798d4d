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

#include "catalog/pg_collation.h"
#include "miscadmin.h"
#include "parse/covering.h"
#include "parse/limiting.h"

/* which of a condition and its negation */
#define SD_ITSELF		1
#define SD_NEGATION		2
#define SD_BOTH			(SD_ITSELF | SD_NEGATION)

static int	limits(const SdSubject *subject, const SdCondition *condition, int asked);

/* Whether a condition, NULL for none, can be true of one row and not of another. */
static bool
differs(const SdSubject *subject, const SdCondition *condition)
{
	return condition != NULL && limits(subject, condition, SD_BOTH) == SD_BOTH;
}

/* The other one, of each. */
static int
opposite(int which)
{
	return (which & SD_ITSELF ? SD_NEGATION : 0) | (which & SD_NEGATION ? SD_ITSELF : 0);
}

/* Whether an expression's value can differ from row to row. */
static bool
looks_at_row(const SdSubject *subject, const SdExpr *expr)
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
				if (differs(subject, lfirst(cell)))
					return true;
			}
			break;
	}
	foreach(cell, expr->args)
	{
		if (looks_at_row(subject, lfirst(cell)))
			return true;
	}
	return false;
}

/* Adds what a disjunction is made of; its disjunctions go in as a whole as well. */
static void
add_terms(const SdCondition *condition, bool negated, bool nested, List **terms)
{
	bool		logic;
	SdCoverTerm *term;
	ListCell   *cell;

	check_stack_depth();
	condition = sd_strip_not(condition, &negated);
	logic = condition->kind == (negated ? SD_COND_AND : SD_COND_OR);
	if (!logic || nested)
	{
		term = palloc(sizeof(SdCoverTerm));
		*term = (SdCoverTerm) {condition, negated, logic};
		*terms = lappend(*terms, term);
	}
	if (!logic)
		return;
	foreach(cell, condition->args)
		add_terms(lfirst(cell), negated, true, terms);
}

/* AND leaves out rows when one of its terms does, OR when all do and do not cover every row together. */
static int
logic_limits(const SdSubject *subject, const SdCondition *condition, int asked)
{
	int			conjunction = condition->kind == SD_COND_AND ? SD_ITSELF : SD_NEGATION;
	int			missing = asked & conjunction;	/* what none of the terms so far says */
	int			every = asked & ~conjunction;	/* what all of them say */
	List	   *terms = NIL;
	ListCell   *cell;

	foreach(cell, condition->args)
	{
		int			its = limits(subject, lfirst(cell), missing | every);

		missing &= ~its;
		every &= its;
		if ((missing | every) == 0)
			break;
	}
	if (every != 0)
	{
		add_terms(condition, every == SD_NEGATION, false, &terms);
		if (sd_cover_every_row(subject, terms))
			every = 0;
	}
	return (asked & conjunction & ~missing) | every;
}

/* Whether a condition on rows of a model, NULL for none, can be true of any. */
static bool
can_qualify(const SdModel *model, const SdParams *params, const SdCondition *condition)
{
	SdSubject	subject = {model, params};

	return condition == NULL || limits(&subject, condition, SD_NEGATION) != 0;
}

/* EXISTS leaves out rows; NOT EXISTS does so unless no associated row can qualify. */
static int
exists_limits(const SdCondition *condition, const SdParams *params, int asked)
{
	const SdAssociated *associated = condition->associated;
	const SdCondition *on_target = condition->args != NIL ? linitial(condition->args) : NULL;

	Assert(condition->through == NULL || associated->through != NULL);
	if ((asked & SD_NEGATION) != 0 &&
		!(can_qualify(associated->target, params, on_target) &&
		  can_qualify(associated->through, params, condition->through)))
		return asked & SD_ITSELF;
	return asked;
}

/* Whether a query has no row, whatever its table holds. */
static bool
finds_nothing(const SdQuery *query, const SdParams *params)
{
	return query->limit == 0 || !can_qualify(query->model, params, query->where);
}

/*
 * The same of what looks at no row.  A comparison of bound values in their order is known;
 * of all else, a null that may stand for a value to come among it, neither is told to leave
 * out rows.
 */
static int
constant_limits(const SdSubject *subject, const SdCondition *condition, int asked)
{
	const SdParams *params = subject->params;
	const SdExpr *left = condition->left;
	const SdExpr *right = condition->right;
	SdDomain	domain;
	SdValueSet *others;
	SdValueSet *that;
	bool		holds;

	if (!sd_is_order_operator(condition->op) || !sd_is_bound(subject, left) ||
		!sd_is_bound(subject, right) || params->types[left->param] != params->types[right->param])
		return 0;
	sd_domain_of_type(&domain, params->types[left->param], DEFAULT_COLLATION_OID);
	if (!sd_is_ordered(&domain))
		return 0;
	others = sd_values_that(&domain, SD_OP_NE, true, &params->values[left->param], 1);
	that = sd_values_that(&domain, condition->op, true, &params->values[right->param], 1);
	holds = sd_is_every_value(sd_unite_values(&domain, list_make2(others, that)));
	return asked & (holds ? SD_NEGATION : SD_ITSELF);
}

/* The same of what compares expressions that look at the row. */
static int
compared_limits(const SdSubject *subject, const SdCondition *condition, int asked)
{
	int			always = 0;

	if ((asked & SD_ITSELF) != 0 && sd_always_true(subject, condition, false))
		always |= SD_ITSELF;
	if ((asked & SD_NEGATION) != 0 && sd_always_true(subject, condition, true))
		always |= SD_NEGATION;
	return asked & ~always;
}

/* Which of those asked for, a condition or its negation, leave out rows. */
static int
limits(const SdSubject *subject, const SdCondition *condition, int asked)
{
	Assert((asked & ~SD_BOTH) == 0);
	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	switch (condition->kind)
	{
		case SD_COND_FALSE:
			return asked & SD_ITSELF;
		case SD_COND_NOT:
			return opposite(limits(subject, linitial(condition->args), opposite(asked)));
		case SD_COND_AND:
		case SD_COND_OR:
			return logic_limits(subject, condition, asked);
		case SD_COND_EXISTS:
			return exists_limits(condition, subject->params, asked);
		case SD_COND_ANY:
		case SD_COND_ALL:
			if (sd_is_empty_array(subject, condition->right))
				return asked & (condition->kind == SD_COND_ALL ? SD_NEGATION : SD_ITSELF);
			if (looks_at_row(subject, condition->right))
				return asked;
			pg_fallthrough;
		case SD_COND_IS_NULL:
		case SD_COND_IS_NOT_NULL:
		case SD_COND_IS_TRUE:
		case SD_COND_IS_FALSE:
			return looks_at_row(subject, condition->left)
				? compared_limits(subject, condition, asked) : 0;
		case SD_COND_EXPR:
			if (condition->left->kind != SD_EXPR_TEST)
				return looks_at_row(subject, condition->left) ? asked : 0;
			if (linitial(condition->left->conditions) == NULL)
				return asked & SD_NEGATION;
			return limits(subject, linitial(condition->left->conditions), asked);
		case SD_COND_IN_QUERY:
			if (finds_nothing(condition->query, subject->params))
				return asked & (condition->negated ? SD_NEGATION : SD_ITSELF);
			return looks_at_row(subject, condition->left) ? asked : 0;
		case SD_COND_COMPARE:
			return looks_at_row(subject, condition->left) || looks_at_row(subject, condition->right)
				? compared_limits(subject, condition, asked)
				: constant_limits(subject, condition, asked);
		case SD_COND_SAME_JSON_TYPE:
			return looks_at_row(subject, condition->left) || looks_at_row(subject, condition->right)
				? asked : 0;
		case SD_COND_ROW:
			/* of keys and terms of an order, never asked for in "where" */
			return asked;
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
	SdSubject	subject = {query->model, &query->params};

	return condition != NULL && limits(&subject, condition, SD_ITSELF) != 0;
}

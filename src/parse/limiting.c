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

#include "miscadmin.h"
#include "parse/covering.h"
#include "parse/limiting.h"

static bool limits(const SdSubject *subject, const SdCondition *condition, bool negated);

/* Whether a condition, NULL for none, can be true of one row and not of another. */
static bool
differs(const SdSubject *subject, const SdCondition *condition)
{
	return condition != NULL && limits(subject, condition, false) && limits(subject, condition, true);
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
static bool
logic_limits(const SdSubject *subject, const SdCondition *condition, bool negated)
{
	List	   *terms = NIL;
	ListCell   *cell;

	if ((condition->kind == SD_COND_AND) != negated)
	{
		foreach(cell, condition->args)
		{
			if (limits(subject, lfirst(cell), negated))
				return true;
		}
		return false;
	}
	add_terms(condition, negated, false, &terms);
	foreach(cell, terms)
	{
		const SdCoverTerm *term = lfirst(cell);

		if (!term->whole && !limits(subject, term->condition, term->negated))
			return false;
	}
	return !sd_cover_every_row(subject, terms);
}
/* EXISTS leaves out rows; NOT EXISTS does so unless no associated row can qualify. */
static bool
exists_limits(const SdCondition *condition, const SdParams *params, bool negated)
{
	SdSubject	target = {condition->associated->target, params};
	SdSubject	through = {condition->associated->through, params};

	if (!negated)
		return true;
	if (condition->args != NIL && !limits(&target, linitial(condition->args), true))
		return false;
	return condition->through == NULL || limits(&through, condition->through, true);
}

/* The same of a condition that is asked as an expression; NULL is true. */
static bool
test_limits(const SdSubject *subject, const SdCondition *condition, bool negated)
{
	return condition != NULL ? limits(subject, condition, negated) : negated;
}

/* Whether a query has no row, whatever its table holds. */
static bool
finds_nothing(const SdQuery *query, const SdParams *params)
{
	SdSubject	target = {query->model, params};

	return query->limit == 0 || (query->where != NULL && !limits(&target, query->where, true));
}

/* Whether a condition or, with negated, its negation leaves out rows. */
static bool
limits(const SdSubject *subject, const SdCondition *condition, bool negated)
{
	check_stack_depth();
	switch (condition->kind)
	{
		case SD_COND_FALSE:
			return !negated;
		case SD_COND_NOT:
			return limits(subject, linitial(condition->args), !negated);
		case SD_COND_AND:
		case SD_COND_OR:
			return logic_limits(subject, condition, negated);
		case SD_COND_EXISTS:
			return exists_limits(condition, subject->params, negated);
		case SD_COND_ANY:
		case SD_COND_ALL:
			if (sd_is_empty_array(subject, condition->right))
				return (condition->kind == SD_COND_ALL) == negated;
			return looks_at_row(subject, condition->left) &&
				!sd_always_true(subject, condition, negated);
		case SD_COND_IS_NULL:
		case SD_COND_IS_NOT_NULL:
		case SD_COND_IS_TRUE:
		case SD_COND_IS_FALSE:
			return looks_at_row(subject, condition->left) &&
				!sd_always_true(subject, condition, negated);
		case SD_COND_EXPR:
			if (condition->left->kind == SD_EXPR_TEST)
				return test_limits(subject, linitial(condition->left->conditions), negated);
			return looks_at_row(subject, condition->left);
		case SD_COND_IN_QUERY:
			if (finds_nothing(condition->query, subject->params))
				return condition->negated == negated;
			return looks_at_row(subject, condition->left);
		case SD_COND_COMPARE:
			return (looks_at_row(subject, condition->left) || looks_at_row(subject, condition->right)) &&
				!sd_always_true(subject, condition, negated);
		case SD_COND_SAME_JSON_TYPE:
			return looks_at_row(subject, condition->left) || looks_at_row(subject, condition->right);
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

	return condition != NULL && limits(&subject, condition, false);
}

/*-------------------------------------------------------------------------
 * parse/shared_expr.c
 *		Finds the expression of a query that says the same as another one.
 *
 * To the server a term of the group and the output that it is are one expression only
 * where they are equal, and two parameters never are.  So what says the same is one
 * expression here too, whose values are bound once.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "miscadmin.h"
#include "parse/binding.h"
#include "parse/expression.h"
#include "parse/signature.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"

/* an expression, and its signature once it is needed */
typedef struct Sought
{
	const SdParams *params;
	const SdExpr *expr;
	SdParams	masked;			/* params, of which made values are not known */
	StringInfoData signature;
	StringInfoData other;		/* that of what it is compared with */
} Sought;

/* Whether two bound values are known, and are not one. */
static bool
values_differ(const SdParams *params, int a, int b)
{
	int16		len;
	bool		by_value;

	Assert(a >= 0 && a < params->n && b >= 0 && b < params->n);
	if (params->types[a] != params->types[b])
		return true;
	if (params->nulls[a] == 'n' || params->nulls[b] == 'n')
		return false;
	get_typlenbyval(params->types[a], &len, &by_value);
	return !datumIsEqual(params->values[a], params->values[b], by_value, len);
}

static bool conditions_differ(const SdParams *params, const SdCondition *a, const SdCondition *b);

/* Whether expressions, NULL for none, differ in what can be seen at once: most do. */
static bool
exprs_differ(const SdParams *params, const SdExpr *a, const SdExpr *b)
{
	ListCell   *left,
			   *right;

	check_stack_depth();
	if (a == b)
		return false;
	if (a == NULL || b == NULL || a->kind != b->kind || a->type != b->type || a->attr != b->attr ||
		a->star != b->star || a->distinct != b->distinct || a->list != b->list ||
		list_length(a->args) != list_length(b->args) ||
		list_length(a->conditions) != list_length(b->conditions) ||
		list_length(a->path) != list_length(b->path) ||
		(a->function != NULL && strcmp(a->function, b->function) != 0))
		return true;
	if ((a->kind == SD_EXPR_PARAM || a->kind == SD_EXPR_JSON || a->kind == SD_EXPR_JSON_TEXT) &&
		values_differ(params, a->param, b->param))
		return true;
	forboth(left, a->args, right, b->args)
	{
		if (exprs_differ(params, lfirst(left), lfirst(right)))
			return true;
	}
	forboth(left, a->conditions, right, b->conditions)
	{
		if (conditions_differ(params, lfirst(left), lfirst(right)))
			return true;
	}
	return conditions_differ(params, a->filter, b->filter);
}

/* The same of conditions. */
static bool
conditions_differ(const SdParams *params, const SdCondition *a, const SdCondition *b)
{
	ListCell   *left,
			   *right;

	check_stack_depth();
	if (a == b)
		return false;
	if (a == NULL || b == NULL || a->kind != b->kind || a->op != b->op ||
		list_length(a->args) != list_length(b->args) ||
		exprs_differ(params, a->left, b->left) || exprs_differ(params, a->right, b->right))
		return true;
	forboth(left, a->args, right, b->args)
	{
		if (conditions_differ(params, lfirst(left), lfirst(right)))
			return true;
	}
	return false;
}

/*
 * Signs what is sought.  Values that are made for each call are signed by what they are
 * made of: two that are equal now may differ later.
 */
static void
sign_sought(Sought *sought)
{
	ListCell   *cell;

	sought->masked = *sought->params;
	if (sought->params->bindings != NIL)
	{
		sought->masked.nulls = palloc(sought->params->n);
		memcpy(sought->masked.nulls, sought->params->nulls, sought->params->n);
		foreach(cell, sought->params->bindings)
			sought->masked.nulls[((const SdBinding *) lfirst(cell))->param] = 'n';
	}
	initStringInfo(&sought->signature);
	initStringInfo(&sought->other);
	sd_sign_expr(&sought->signature, &sought->masked, sought->expr);
}

/* Whether an expression says the same as what is sought. */
static bool
is_sought(Sought *sought, const SdExpr *expr)
{
	CHECK_FOR_INTERRUPTS();
	if (expr == sought->expr)
		return true;
	if (expr->kind == SD_EXPR_WINDOW || exprs_differ(sought->params, expr, sought->expr))
		return false;
	if (sought->signature.data == NULL)
		sign_sought(sought);
	resetStringInfo(&sought->other);
	sd_sign_expr(&sought->other, &sought->masked, expr);
	return sd_same_signature(&sought->other, &sought->signature);
}

/*
 * The output or term of the group that says the same as an expression, or the
 * expression itself.  What it allocates stays in the current context.
 */
SdExpr *
sd_shared_expr(const SdQuery *query, SdExpr *expr)
{
	Sought		sought = {.params = &query->params, .expr = expr};
	ListCell   *cell;

	for (int i = 0; i < query->noutputs; i++)
	{
		if (is_sought(&sought, query->outputs[i].expr))
			return query->outputs[i].expr;
	}
	foreach(cell, query->group)
	{
		if (is_sought(&sought, lfirst(cell)))
			return lfirst(cell);
	}
	return expr;
}

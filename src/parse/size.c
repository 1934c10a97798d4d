/*-------------------------------------------------------------------------
 * parse/size.c
 *		Bounds the number of conditions that one statement holds.
 *
 * The planner cannot be interrupted while it looks at them.  It compares those
 * that have to hold together with one another, so that their number counts
 * squared: ten thousand take it seconds.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "miscadmin.h"
#include "parse/size.h"

#define SD_MAX_CONDITIONS	10000
#define SD_MAX_TOGETHER		1000

/* how many conditions there are, and how many have to hold together somewhere */
typedef struct Counts
{
	int			all;
	int			together;
} Counts;

static void count_in(const SdExpr *expr, Counts *counts);

/* Counts the conditions of a tree; returns how many have to hold together at its top. */
static int
count(const SdCondition *condition, bool negated, Counts *counts)
{
	bool		conjunction = (condition->kind == SD_COND_AND && !negated) ||
		(condition->kind == SD_COND_OR && negated);
	int			sum = 0;
	ListCell   *cell;

	check_stack_depth();
	if (condition->kind == SD_COND_NOT)
		return count(linitial(condition->args), !negated, counts);
	/* the planner sees no difference */
	if (condition->kind == SD_COND_EXPR && condition->left->kind == SD_EXPR_TEST)
		return count(linitial(condition->left->conditions), negated, counts);
	if (condition->args == NIL)
		counts->all++;
	if (condition->left != NULL)
		count_in(condition->left, counts);
	if (condition->right != NULL)
		count_in(condition->right, counts);
	if (condition->through != NULL)
	{
		int			terms = count(condition->through, false, counts);

		counts->together = Max(counts->together, terms);
	}
	foreach(cell, condition->args)
	{
		bool		below = condition->kind == SD_COND_EXISTS ? false : negated;
		int			terms = count(lfirst(cell), below, counts);

		counts->together = Max(counts->together, terms);
		sum += terms;
	}
	return conjunction ? sum : 1;
}

/* Counts the conditions that an expression holds. */
static void
count_in(const SdExpr *expr, Counts *counts)
{
	int			top;
	ListCell   *cell;

	check_stack_depth();
	foreach(cell, expr->args)
		count_in(lfirst(cell), counts);
	foreach(cell, expr->conditions)
	{
		top = count(lfirst(cell), false, counts);
		counts->together = Max(counts->together, top);
	}
	if (expr->filter == NULL)
		return;
	top = count(expr->filter, false, counts);
	counts->together = Max(counts->together, top);
}

/* Raises 54000 for more conditions, in the option at path, than can be planned in a time that nobody notices. */
static void
check_counts(const Counts *counts, const SdPath *path)
{
	if (counts->all > SD_MAX_CONDITIONS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s: more than %d conditions", sd_path_text(path), SD_MAX_CONDITIONS),
				 errhint("A list under \"$in\" counts as one.")));
	if (counts->together > SD_MAX_TOGETHER)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s: more than %d conditions combined by AND",
						sd_path_text(path), SD_MAX_TOGETHER)));
}

/* Checks the condition of one option; NULL is none. */
static void
check_condition(const SdCondition *condition, const SdPath *path, const char *option)
{
	SdPath		step = SD_KEY_STEP(path, option, strlen(option));
	Counts		counts = {0};
	int			top;

	if (condition == NULL)
		return;
	top = count(condition, false, &counts);
	counts.together = Max(counts.together, top);
	check_counts(&counts, &step);
}

/*
 * Raises 54000 for more conditions, in the options at path or NULL for none, than
 * can be planned in a time that nobody notices.
 */
void
sd_check_size(const SdQuery *query, const SdPath *path)
{
	SdPath		attributes = SD_KEY_STEP(path, "attributes", 10);
	SdPath		order = SD_KEY_STEP(path, "order", 5);
	Counts		outputs = {0};
	Counts		orders = {0};

	check_condition(query->where, path, "where");
	check_condition(query->having, path, "having");
	for (int i = 0; i < query->noutputs; i++)
		count_in(query->outputs[i].expr, &outputs);
	check_counts(&outputs, &attributes);
	for (int i = 0; i < query->norders; i++)
		count_in(query->orders[i].expr, &orders);
	check_counts(&orders, &order);
}

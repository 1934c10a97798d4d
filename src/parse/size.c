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

/* Counts the conditions of a tree into *n; returns how many have to hold together at its top. */
static int
count(const SdCondition *condition, bool negated, int *n, int *together)
{
	bool		conjunction = (condition->kind == SD_COND_AND && !negated) ||
		(condition->kind == SD_COND_OR && negated);
	int			sum = 0;
	ListCell   *cell;

	check_stack_depth();
	if (condition->kind == SD_COND_NOT)
		return count(linitial(condition->args), !negated, n, together);
	if (condition->args == NIL)
		++*n;
	if (condition->through != NULL)
	{
		int			terms = count(condition->through, false, n, together);

		*together = Max(*together, terms);
	}
	foreach(cell, condition->args)
	{
		bool		below = condition->kind == SD_COND_EXISTS ? false : negated;
		int			terms = count(lfirst(cell), below, n, together);

		*together = Max(*together, terms);
		sum += terms;
	}
	return conjunction ? sum : 1;
}

/*
 * Raises 54000 for more conditions, in the option at path or NULL for none, than
 * can be planned in a time that nobody notices.
 */
void
sd_check_size(const SdCondition *condition, const SdPath *path, const char *option)
{
	SdPath		step = SD_KEY_STEP(path, option, strlen(option));
	int			n = 0;
	int			together = 0;
	int			top;

	if (condition == NULL)
		return;
	top = count(condition, false, &n, &together);
	together = Max(together, top);
	if (n > SD_MAX_CONDITIONS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s: more than %d conditions", sd_path_text(&step), SD_MAX_CONDITIONS),
				 errhint("A list under \"$in\" counts as one.")));
	if (together > SD_MAX_TOGETHER)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s: more than %d conditions combined by AND",
						sd_path_text(&step), SD_MAX_TOGETHER)));
}

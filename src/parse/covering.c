/*-------------------------------------------------------------------------
 * parse/covering.c
 *		Whether conditions, one of which has to be true, are true of every row
 *		together, whatever it holds.
 *
 * Two rules find what is likely to be written by mistake; what they do not find
 * counts as leaving out rows.
 *
 * The values that are accepted of one thing (parse/accepted.c): where the sets of the
 * terms have every value together, and null is accepted or cannot be, every row
 * qualifies.
 *
 * P or NOT P: terms with equal signatures of which one is negated (parse/signature.c)
 * are true of every row where P cannot be null.  Where P compares something with a
 * value, they accept all its values but null.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "miscadmin.h"
#include "parse/covering.h"
#include "parse/signature.h"
#include "utils/memutils.h"

/* a term that is no set of values */
typedef struct Literal
{
	StringInfoData signature;
	bool		negated;
	const SdCondition *condition;
} Literal;

/* Whether a condition is true or false of every row, and never null. */
static bool
is_never_unknown(const SdSubject *subject, const SdCondition *condition)
{
	ListCell   *cell;

	check_stack_depth();
	switch (condition->kind)
	{
		case SD_COND_FALSE:
		case SD_COND_IS_NULL:
		case SD_COND_IS_NOT_NULL:
		case SD_COND_IS_TRUE:
		case SD_COND_IS_FALSE:
		case SD_COND_EXISTS:
			return true;
		case SD_COND_NOT:
		case SD_COND_AND:
		case SD_COND_OR:
			foreach(cell, condition->args)
			{
				if (!is_never_unknown(subject, lfirst(cell)))
					return false;
			}
			return true;
		case SD_COND_COMPARE:
			return sd_is_never_null(subject, condition->left) && sd_is_never_null(subject, condition->right);
		case SD_COND_ANY:
		case SD_COND_ALL:
			return sd_is_never_null(subject, condition->left) &&
				sd_is_array_of_values(subject, condition->right);
		case SD_COND_EXPR:
		case SD_COND_IN_QUERY:
			return sd_is_never_null(subject, condition->left);
		case SD_COND_ROW:
		case SD_COND_SAME_JSON_TYPE:
			return false;
	}
	pg_unreachable();
}

/* EXISTS without what is true of every associated row anyhow: that its key is not null. */
static const SdCondition *
simplify_exists(const SdSubject *subject, const SdCondition *exists)
{
	SdSubject	target = {exists->associated->target, subject->params};
	const SdCondition *condition = exists->args != NIL ? linitial(exists->args) : NULL;
	SdCondition *simple;
	List	   *args = NIL;
	ListCell   *cell;

	Assert(exists->kind == SD_COND_EXISTS && list_length(exists->args) <= 1);
	if (condition == NULL)
		return exists;
	if (condition->kind == SD_COND_AND)
		args = condition->args;
	else
		args = list_make1(unconstify(SdCondition *, condition));
	simple = palloc(sizeof(SdCondition));
	*simple = *exists;
	simple->args = NIL;
	foreach(cell, args)
	{
		if (!sd_always_true(&target, lfirst(cell), false))
			simple->args = lappend(simple->args, lfirst(cell));
	}
	return simple;
}

/* A condition without the NOTs before it, which toggle negated, and not asked as an expression. */
const SdCondition *
sd_strip_not(const SdCondition *condition, bool *negated)
{
	for (;;)
	{
		const SdExpr *expr = condition->kind == SD_COND_EXPR ? condition->left : NULL;

		if (condition->kind == SD_COND_NOT)
		{
			*negated = !*negated;
			condition = linitial(condition->args);
		}
		else if (expr != NULL && expr->kind == SD_EXPR_TEST && linitial(expr->conditions) != NULL)
			condition = linitial(expr->conditions);
		else
			return condition;
	}
}

static Literal *
make_literal(const SdSubject *subject, const SdCoverTerm *term)
{
	Literal    *literal = palloc(sizeof(Literal));
	bool		negated = term->negated;
	const SdCondition *condition = sd_strip_not(term->condition, &negated);

	if (condition->kind == SD_COND_EXISTS)
		condition = simplify_exists(subject, condition);
	initStringInfo(&literal->signature);
	literal->condition = condition;
	literal->negated = sd_sign_condition(&literal->signature, subject->params, condition) != negated;
	return literal;
}

static int
compare_signatures(const StringInfoData *a, const StringInfoData *b)
{
	CHECK_FOR_INTERRUPTS();
	return a->len != b->len ? a->len - b->len : memcmp(a->data, b->data, a->len);
}

static int
compare_literals(const ListCell *a, const ListCell *b)
{
	const Literal *left = lfirst(a);
	const Literal *right = lfirst(b);
	int			order = compare_signatures(&left->signature, &right->signature);

	return order != 0 ? order : left->negated - right->negated;
}

static int
compare_values(const ListCell *a, const ListCell *b)
{
	return compare_signatures(&((const SdAccepted *) lfirst(a))->signature,
							  &((const SdAccepted *) lfirst(b))->signature);
}

/*
 * Looks for P and NOT P among literals.  Returns whether they cover every row; what
 * they accept but for null is added to the list of values.
 */
static bool
has_opposites(const SdSubject *subject, List *literals, List **values)
{
	const Literal *before = NULL;
	ListCell   *cell;

	list_sort(literals, compare_literals);
	foreach(cell, literals)
	{
		const Literal *literal = lfirst(cell);
		const SdCondition *condition = literal->condition;

		if (before != NULL && before->negated != literal->negated &&
			sd_same_signature(&before->signature, &literal->signature))
		{
			if (is_never_unknown(subject, condition))
				return true;
			if ((condition->kind == SD_COND_COMPARE && sd_is_bound(subject, condition->right)) ||
				((condition->kind == SD_COND_ANY || condition->kind == SD_COND_ALL) &&
				 sd_is_array_of_values(subject, condition->right)))
			{
				SdAccepted *own = palloc(sizeof(SdAccepted));

				sd_accept_values(own, subject, condition->left);
				*values = lappend(*values, own);
			}
		}
		before = literal;
	}
	return false;
}

/* Whether values of one expression are every one of them. */
static bool
are_every_value(const SdSubject *subject, List *values)
{
	const SdAccepted *first = linitial(values);
	bool		null = sd_is_never_null(subject, first->expr);
	List	   *sets = NIL;
	ListCell   *cell;

	foreach(cell, values)
	{
		const SdAccepted *own = lfirst(cell);

		null |= own->at_null == SD_TRUTH_TRUE;
		sets = lappend(sets, own->set);
	}
	return null && sd_is_every_value(sd_unite_values(&first->domain, sets));
}

/* Whether every value of some expression is among the values. */
static bool
has_every_value(const SdSubject *subject, List *values)
{
	List	   *same = NIL;
	ListCell   *cell;

	list_sort(values, compare_values);
	foreach(cell, values)
	{
		SdAccepted *own = lfirst(cell);

		if (same != NIL &&
			!sd_same_signature(&own->signature, &((const SdAccepted *) linitial(same))->signature))
		{
			if (are_every_value(subject, same))
				return true;
			list_free(same);
			same = NIL;
		}
		same = lappend(same, own);
	}
	return same != NIL && are_every_value(subject, same);
}

static bool
cover(const SdSubject *subject, List *terms)
{
	List	   *values = NIL;
	List	   *literals = NIL;
	ListCell   *cell;

	foreach(cell, terms)
	{
		const SdCoverTerm *term = lfirst(cell);
		SdAccepted *own = palloc(sizeof(SdAccepted));

		CHECK_FOR_INTERRUPTS();
		if (!term->whole && sd_find_accepted(subject, term->condition, term->negated, own))
			values = lappend(values, own);
		else
			literals = lappend(literals, make_literal(subject, term));
	}
	return has_opposites(subject, literals, &values) || has_every_value(subject, values);
}

/*
 * Whether there is one term at least, of a list of SdCoverTerm, that is true of each
 * row, whatever it holds.  Each may leave out rows by itself.
 */
bool
sd_cover_every_row(const SdSubject *subject, List *terms)
{
	MemoryContext cxt = AllocSetContextCreate(CurrentMemoryContext, "studentdir terms",
											  ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(cxt);
	bool		result = cover(subject, terms);

	MemoryContextSwitchTo(caller);
	MemoryContextDelete(cxt);
	return result;
}

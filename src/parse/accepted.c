/*-------------------------------------------------------------------------
 * parse/accepted.c
 *		The values of one thing for which a condition is true.
 *
 * What compares an attribute, or another expression, with bound values makes a set
 * of its values.  Null is none of them: for it SQL's three truths are kept.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "parse/accepted.h"
#include "parse/signature.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/rangetypes.h"
#include "utils/typcache.h"

/* Whether an expression is a number of associated rows. */
static bool
is_count(const SdExpr *expr)
{
	if (expr->kind != SD_EXPR_RELATED || expr->list)
		return false;
	expr = linitial(expr->args);
	if (expr->kind == SD_EXPR_CAST)
		expr = linitial(expr->args);
	return expr->kind == SD_EXPR_FUNCTION && strcmp(expr->function, "pg_catalog.count") == 0;
}

/* Whether an expression is a bound value that is known, and not null. */
bool
sd_is_bound(const SdSubject *subject, const SdExpr *expr)
{
	return expr->kind == SD_EXPR_PARAM && subject->params->nulls[expr->param] != 'n';
}

/* Whether an expression is null in no row. */
bool
sd_is_never_null(const SdSubject *subject, const SdExpr *expr)
{
	ListCell   *cell;

	switch (expr->kind)
	{
		case SD_EXPR_ATTRIBUTE:
			return subject->model->attrs[expr->attr].not_null;
		case SD_EXPR_PARAM:
			return sd_is_bound(subject, expr);
		case SD_EXPR_RELATED:
			return is_count(expr);
		case SD_EXPR_COALESCE:
			foreach(cell, expr->args)
			{
				if (sd_is_never_null(subject, lfirst(cell)))
					return true;
			}
			return false;
		default:
			return false;
	}
}

/* Whether an expression is a bound array, and none of its elements is null. */
bool
sd_is_array_of_values(const SdSubject *subject, const SdExpr *expr)
{
	return sd_is_bound(subject, expr) && type_is_array(subject->params->types[expr->param]) &&
		!array_contains_nulls(DatumGetArrayTypeP(subject->params->values[expr->param]));
}

/* Whether an expression is a bound array without elements. */
bool
sd_is_empty_array(const SdSubject *subject, const SdExpr *expr)
{
	ArrayType  *array;

	if (!sd_is_bound(subject, expr) || !type_is_array(subject->params->types[expr->param]))
		return false;
	array = DatumGetArrayTypeP(subject->params->values[expr->param]);
	return ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)) == 0;
}

/* The elements of such an array. */
static Datum *
read_elements(const SdSubject *subject, const SdExpr *expr, int *n)
{
	ArrayType  *array = DatumGetArrayTypeP(subject->params->values[expr->param]);
	Datum	   *elements;
	int16		len;
	bool		by_value;
	char		align;

	get_typlenbyvalalign(ARR_ELEMTYPE(array), &len, &by_value, &align);
	deconstruct_array(array, ARR_ELEMTYPE(array), len, by_value, align, &elements, NULL, n);
	return elements;
}

/* Whether an expression is a bound pattern that every text matches. */
static bool
matches_all(const SdSubject *subject, const SdExpr *expr, bool like)
{
	static const char *const regexps[] = {"", "^", "$", ".*", "^.*", ".*$", "^.*$"};
	const char *pattern;

	if (!sd_is_bound(subject, expr) || subject->params->types[expr->param] != TEXTOID)
		return false;
	pattern = TextDatumGetCString(subject->params->values[expr->param]);
	if (like)
		return pattern[0] != '\0' && pattern[strspn(pattern, "%")] == '\0';
	for (int i = 0; i < lengthof(regexps); i++)
	{
		if (strcmp(pattern, regexps[i]) == 0)
			return true;
	}
	return false;
}

/* Whether an expression is the bound range without bounds or, with empty, that without values. */
static bool
is_extreme_range(const SdSubject *subject, const SdExpr *expr, bool empty)
{
	RangeType  *range;
	RangeBound	lower,
				upper;
	bool		is_empty;

	if (!sd_is_bound(subject, expr) || !type_is_range(subject->params->types[expr->param]))
		return false;
	range = DatumGetRangeTypeP(subject->params->values[expr->param]);
	range_deserialize(lookup_type_cache(RangeTypeGetOid(range), TYPECACHE_RANGE_INFO), range,
					  &lower, &upper, &is_empty);
	return empty ? is_empty : !is_empty && lower.infinite && upper.infinite;
}

/* Whether two expressions are one and the same attribute. */
static bool
is_same_attribute(const SdExpr *a, const SdExpr *b)
{
	return a->kind == SD_EXPR_ATTRIBUTE && b->kind == SD_EXPR_ATTRIBUTE && a->attr == b->attr;
}

/*
 * What a comparison is for all values that are not null, where that is one thing:
 * LIKE '%', @> '{}', a = a.  Else unknown.
 */
static SdTruth
for_all_values(const SdSubject *subject, const SdCondition *condition)
{
	const SdExpr *left = condition->left;
	const SdExpr *right = condition->right;

	switch (condition->op)
	{
		case SD_OP_LIKE:
		case SD_OP_ILIKE:
			return matches_all(subject, right, true) ? SD_TRUTH_TRUE : SD_TRUTH_UNKNOWN;
		case SD_OP_NOT_LIKE:
		case SD_OP_NOT_ILIKE:
			return matches_all(subject, right, true) ? SD_TRUTH_FALSE : SD_TRUTH_UNKNOWN;
		case SD_OP_REGEXP:
		case SD_OP_IREGEXP:
			return matches_all(subject, right, false) ? SD_TRUTH_TRUE : SD_TRUTH_UNKNOWN;
		case SD_OP_NOT_REGEXP:
		case SD_OP_NOT_IREGEXP:
			return matches_all(subject, right, false) ? SD_TRUTH_FALSE : SD_TRUTH_UNKNOWN;
		case SD_OP_PATTERN_GE:
			return sd_is_bound(subject, right) && subject->params->types[right->param] == TEXTOID &&
				VARSIZE_ANY_EXHDR(DatumGetTextPP(subject->params->values[right->param])) == 0
				? SD_TRUTH_TRUE : SD_TRUTH_UNKNOWN;
		case SD_OP_CONTAINS:
			return sd_is_empty_array(subject, right) || is_extreme_range(subject, right, true)
				? SD_TRUTH_TRUE : SD_TRUTH_UNKNOWN;
		case SD_OP_CONTAINED:
			return is_extreme_range(subject, right, false) ? SD_TRUTH_TRUE : SD_TRUTH_UNKNOWN;
		case SD_OP_EQ:
		case SD_OP_LE:
		case SD_OP_GE:
			return is_same_attribute(left, right) ? SD_TRUTH_TRUE : SD_TRUTH_UNKNOWN;
		case SD_OP_NE:
		case SD_OP_LT:
		case SD_OP_GT:
			return is_same_attribute(left, right) ? SD_TRUTH_FALSE : SD_TRUTH_UNKNOWN;
		default:
			return SD_TRUTH_UNKNOWN;
	}
}

static bool
is_order_operator(SdOperator op)
{
	return op <= SD_OP_GE;
}
StaticAssertDecl(SD_OP_EQ == 0 && SD_OP_GE == 5, "the operators of an order come first");

static SdValueSet *
all_values(const SdDomain *domain)
{
	return sd_other_values(sd_no_value(domain));
}

/* Accepts every value of an expression that is not null. */
void
sd_accept_values(SdAccepted *accepted, const SdSubject *subject, const SdExpr *expr)
{
	Oid			collation = InvalidOid;

	memset(accepted, 0, sizeof(SdAccepted));
	accepted->expr = expr;
	accepted->at_null = SD_TRUTH_UNKNOWN;
	initStringInfo(&accepted->signature);
	sd_sign_expr(&accepted->signature, subject->params, expr);
	if (expr->kind == SD_EXPR_ATTRIBUTE)
		collation = subject->model->attrs[expr->attr].collation;
	if (is_count(expr))
		sd_domain_of_counts(&accepted->domain);
	else
		sd_domain_of_type(&accepted->domain, expr->type, collation);
	/* in which order other texts are is not known here */
	if (type_is_collatable(expr->type) && !OidIsValid(collation))
		accepted->domain.compare = NULL;
	accepted->set = all_values(&accepted->domain);
}

static SdValueSet *
boolean_value(const SdDomain *domain, bool value)
{
	Datum		datum = BoolGetDatum(value);

	return sd_values_that(domain, SD_OP_EQ, true, &datum, 1);
}

/* A JSON null counts as null beside it. */
static SdValueSet *
null_values(const SdExpr *expr, const SdDomain *domain)
{
	JsonbValue	null = {.type = jbvNull};
	Datum		datum;

	if (expr->kind != SD_EXPR_JSON)
		return sd_no_value(domain);
	datum = JsonbPGetDatum(JsonbValueToJsonb(&null));
	return sd_values_that(domain, SD_OP_EQ, true, &datum, 1);
}

/* The values for which a comparison is true; NULL: they are no set that can be told. */
static SdValueSet *
compared_values(const SdSubject *subject, const SdCondition *condition, const SdDomain *domain)
{
	const SdExpr *right = condition->right;

	switch (for_all_values(subject, condition))
	{
		case SD_TRUTH_TRUE:
			return all_values(domain);
		case SD_TRUTH_FALSE:
			return sd_no_value(domain);
		case SD_TRUTH_UNKNOWN:
			break;
	}
	if (!is_order_operator(condition->op) || !sd_is_ordered(domain) || !sd_is_bound(subject, right) ||
		subject->params->types[right->param] != domain->type)
		return NULL;
	return sd_values_that(domain, condition->op, true, &subject->params->values[right->param], 1);
}

/* The same of a comparison with ANY or ALL elements of an array. */
static SdValueSet *
listed_values(const SdSubject *subject, const SdCondition *condition, SdAccepted *accepted)
{
	const SdDomain *domain = &accepted->domain;
	bool		any = condition->kind == SD_COND_ANY;
	Datum	   *elements;
	int			n;

	if (sd_is_empty_array(subject, condition->right))
	{
		accepted->at_null = any ? SD_TRUTH_FALSE : SD_TRUTH_TRUE;
		return any ? sd_no_value(domain) : all_values(domain);
	}
	if (!is_order_operator(condition->op) || !sd_is_ordered(domain) ||
		!sd_is_array_of_values(subject, condition->right) ||
		subject->params->types[condition->right->param] != get_array_type(domain->type))
		return NULL;
	elements = read_elements(subject, condition->right, &n);
	return sd_values_that(domain, condition->op, any, elements, n);
}

/* sd_find_accepted() of what is no AND, OR or NOT. */
static bool
find_compared(const SdSubject *subject, const SdCondition *condition, bool negated, SdAccepted *accepted)
{
	const SdDomain *domain = &accepted->domain;

	if (condition->left == NULL)
		return false;
	sd_accept_values(accepted, subject, condition->left);
	switch (condition->kind)
	{
		case SD_COND_IS_NULL:
			accepted->at_null = SD_TRUTH_TRUE;
			accepted->set = null_values(accepted->expr, domain);
			break;
		case SD_COND_IS_NOT_NULL:
			accepted->at_null = SD_TRUTH_FALSE;
			accepted->set = sd_other_values(null_values(accepted->expr, domain));
			break;
		case SD_COND_IS_TRUE:
		case SD_COND_IS_FALSE:
			accepted->at_null = SD_TRUTH_FALSE;
			accepted->set = boolean_value(domain, condition->kind == SD_COND_IS_TRUE);
			break;
		case SD_COND_EXPR:
			accepted->set = boolean_value(domain, true);
			break;
		case SD_COND_COMPARE:
			accepted->set = compared_values(subject, condition, domain);
			break;
		case SD_COND_ANY:
		case SD_COND_ALL:
			accepted->set = listed_values(subject, condition, accepted);
			break;
		default:
			accepted->set = NULL;
			break;
	}
	if (accepted->set == NULL)
		return false;
	if (negated)
	{
		accepted->set = sd_other_values(accepted->set);
		accepted->at_null = SD_TRUTH_TRUE - accepted->at_null;
	}
	return true;
}

/* sd_find_accepted() of AND and OR: the intersection or the union of those of all args. */
static bool
find_combined(const SdSubject *subject, const SdCondition *condition, bool negated, SdAccepted *accepted)
{
	bool		conjunction = (condition->kind == SD_COND_AND) != negated;
	List	   *sets = NIL;
	ListCell   *cell;

	foreach(cell, condition->args)
	{
		SdAccepted *own = palloc(sizeof(SdAccepted));

		if (!sd_find_accepted(subject, lfirst(cell), negated, own))
			return false;
		if (sets == NIL)
			*accepted = *own;
		else if (!sd_same_signature(&own->signature, &accepted->signature))
			return false;
		/* the intersection is what is left by the union of what each leaves */
		sets = lappend(sets, conjunction ? sd_other_values(own->set) : own->set);
		accepted->at_null = conjunction ? Min(accepted->at_null, own->at_null)
			: Max(accepted->at_null, own->at_null);
	}
	accepted->set = sd_unite_values(&accepted->domain, sets);
	if (conjunction)
		accepted->set = sd_other_values(accepted->set);
	return true;
}

/*
 * Finds the expression that a condition or, with negated, its negation looks at, and
 * the values for which it is true.  False where it looks at several things, or
 * otherwise than by comparing them with bound values.
 */
bool
sd_find_accepted(const SdSubject *subject, const SdCondition *condition, bool negated, SdAccepted *accepted)
{
	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	switch (condition->kind)
	{
		case SD_COND_NOT:
			return sd_find_accepted(subject, linitial(condition->args), !negated, accepted);
		case SD_COND_AND:
		case SD_COND_OR:
			return find_combined(subject, condition, negated, accepted);
		case SD_COND_FALSE:
		case SD_COND_EXISTS:
		case SD_COND_IN_QUERY:
		case SD_COND_SAME_JSON_TYPE:
			return false;
		default:
			return find_compared(subject, condition, negated, accepted);
	}
}

/* Whether one comparison with bound values could have every value; saves looking at most of them. */
static bool
could_be_every_value(const SdSubject *subject, const SdCondition *condition)
{
	const SdExpr *expr = condition->left;
	bool		few = expr != NULL && (expr->type == BOOLOID || is_count(expr));

	switch (condition->kind)
	{
		case SD_COND_COMPARE:
			return few || condition->right->kind != SD_EXPR_PARAM ||
				!is_order_operator(condition->op) ||
				(condition->op != SD_OP_EQ && condition->op != SD_OP_NE &&
				 (expr->type == INT2OID || expr->type == INT4OID || expr->type == INT8OID));
		case SD_COND_ANY:
		case SD_COND_ALL:
			return few || sd_is_empty_array(subject, condition->right);
		default:
			return true;
	}
}

/* Whether a condition without AND, OR and NOT or, with negated, its negation is true of every row. */
bool
sd_always_true(const SdSubject *subject, const SdCondition *condition, bool negated)
{
	SdAccepted	accepted;

	return could_be_every_value(subject, condition) &&
		sd_find_accepted(subject, condition, negated, &accepted) && sd_is_every_value(accepted.set) &&
		(accepted.at_null == SD_TRUTH_TRUE || sd_is_never_null(subject, accepted.expr));
}


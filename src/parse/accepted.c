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
#include "parse/always.h"
#include "parse/signature.h"
#include "tsearch/ts_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
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
	Assert(expr->kind != SD_EXPR_PARAM || (expr->param >= 0 && expr->param < subject->params->n));
	return expr->kind == SD_EXPR_PARAM && subject->params->nulls[expr->param] != 'n';
}

/* Whether an expression is a number of characters, bytes or elements, which is never below 0. */
static bool
is_length(const SdExpr *expr)
{
	static const char *const functions[] = {
		"pg_catalog.length", "pg_catalog.char_length", "pg_catalog.character_length",
		"pg_catalog.octet_length", "pg_catalog.bit_length", "pg_catalog.cardinality",
		"pg_catalog.jsonb_array_length", "pg_catalog.json_array_length"
	};

	for (int i = 0; expr->kind == SD_EXPR_FUNCTION && i < lengthof(functions); i++)
	{
		if (strcmp(expr->function, functions[i]) == 0)
			return true;
	}
	return false;
}

/* Whether a function's result is null where an argument is, and nowhere else. */
static bool
is_null_for_null_only(const char *function)
{
	static const char *const functions[] = {
		"pg_catalog.to_tsvector", "pg_catalog.lower", "pg_catalog.upper"
	};

	for (int i = 0; i < lengthof(functions); i++)
	{
		if (strcmp(function, functions[i]) == 0)
			return true;
	}
	return false;
}

static bool
are_never_null(const SdSubject *subject, const List *exprs)
{
	ListCell   *cell;

	foreach(cell, exprs)
	{
		if (!sd_is_never_null(subject, lfirst(cell)))
			return false;
	}
	return true;
}

/* Whether an expression is null in no row. */
bool
sd_is_never_null(const SdSubject *subject, const SdExpr *expr)
{
	ListCell   *cell;

	switch (expr->kind)
	{
		case SD_EXPR_ATTRIBUTE:
			Assert(expr->attr >= 0 && expr->attr < subject->model->nattrs);
			return subject->model->attrs[expr->attr].not_null;
		case SD_EXPR_PARAM:
			return sd_is_bound(subject, expr);
		case SD_EXPR_RELATED:
			return expr->list || is_count(expr);
		case SD_EXPR_FUNCTION:
			return strcmp(expr->function, "pg_catalog.concat") == 0 ||
				((is_length(expr) || is_null_for_null_only(expr->function)) &&
				 are_never_null(subject, expr->args));
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
	return sd_is_bound(subject, expr) && type_is_array(subject->params->types[expr->param]) &&
		sd_array_is_empty(subject->params->values[expr->param]);
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

	Assert(expr->kind == SD_EXPR_PARAM);
	get_typlenbyvalalign(ARR_ELEMTYPE(array), &len, &by_value, &align);
	deconstruct_array(array, ARR_ELEMTYPE(array), len, by_value, align, &elements, NULL, n);
	return elements;
}

/* Whether an expression is a text search for bound words of which none is looked for: "", "the". */
static bool
looks_for_nothing(const SdSubject *subject, const SdExpr *search)
{
	const SdExpr *config = list_length(search->args) == 2 ? linitial(search->args) : NULL;
	const SdExpr *words = search->kind == SD_EXPR_FUNCTION ? llast(search->args) : NULL;
	Datum		query;

	if (words == NULL || !sd_is_bound(subject, words) || (config != NULL && !sd_is_bound(subject, config)))
		return false;
	if (config == NULL)
		query = DirectFunctionCall1(websearch_to_tsquery, subject->params->values[words->param]);
	else
		query = DirectFunctionCall2(websearch_to_tsquery_byid, subject->params->values[config->param],
									subject->params->values[words->param]);
	return DatumGetTSQuery(query)->size == 0;
}

/* Whether two expressions are one and the same attribute. */
static bool
is_same_attribute(const SdExpr *a, const SdExpr *b)
{
	return a->kind == SD_EXPR_ATTRIBUTE && b->kind == SD_EXPR_ATTRIBUTE && a->attr == b->attr;
}

/* What a comparison is wherever its left side is not null, if that is one thing. */
static SdTruth
compared_always(const SdSubject *subject, const SdCondition *condition)
{
	const SdExpr *right = condition->right;

	if (sd_is_bound(subject, right))
		return sd_for_all_values(condition->op, subject->params->types[right->param],
								 subject->params->values[right->param]);
	if (condition->op == SD_OP_MATCH)
		return looks_for_nothing(subject, right) ? SD_TRUTH_FALSE : SD_TRUTH_UNKNOWN;
	if (!is_same_attribute(condition->left, right))
		return SD_TRUTH_UNKNOWN;
	switch (condition->op)
	{
		case SD_OP_EQ:
		case SD_OP_LE:
		case SD_OP_GE:
			return SD_TRUTH_TRUE;
		case SD_OP_NE:
		case SD_OP_LT:
		case SD_OP_GT:
			return SD_TRUTH_FALSE;
		default:
			return SD_TRUTH_UNKNOWN;
	}
}

/* Whether an operator compares by an order. */
bool
sd_is_order_operator(SdOperator op)
{
	return op <= SD_OP_GE;
}
StaticAssertDecl(SD_OP_EQ == 0 && SD_OP_GE == 5, "the operators of an order come first");

static SdValueSet *
all_values(const SdDomain *domain)
{
	return sd_other_values(sd_no_value(domain));
}

static SdValueSet *
all_or_none(const SdDomain *domain, SdTruth truth)
{
	Assert(truth != SD_TRUTH_UNKNOWN);
	return truth == SD_TRUTH_TRUE ? all_values(domain) : sd_no_value(domain);
}

/* A JSON null is accepted where null is, as which it counts. */
static void
settle_json_null(SdAccepted *accepted)
{
	const SdDomain *domain = &accepted->domain;
	JsonbValue	value = {.type = jbvNull};
	SdValueSet *null;
	Datum		datum;

	if (accepted->expr->kind != SD_EXPR_JSON)
		return;
	datum = JsonbPGetDatum(JsonbValueToJsonb(&value));
	null = sd_values_that(domain, SD_OP_EQ, true, &datum, 1);
	if (accepted->at_null == SD_TRUTH_TRUE)
		accepted->set = sd_unite_values(domain, list_make2(accepted->set, null));
	else
		accepted->set = sd_other_values(sd_unite_values(domain, list_make2(sd_other_values(accepted->set), null)));
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
	if (is_length(expr))
	{
		Assert(accepted->domain.whole);
		accepted->domain.lowest = 0;
	}
	accepted->set = all_values(&accepted->domain);
	settle_json_null(accepted);
}

static SdValueSet *
boolean_value(const SdDomain *domain, bool value)
{
	Datum		datum = BoolGetDatum(value);

	return sd_values_that(domain, SD_OP_EQ, true, &datum, 1);
}

/* The values for which a comparison is true; NULL: they are no set that can be told. */
static SdValueSet *
compared_values(const SdSubject *subject, const SdCondition *condition, const SdDomain *domain)
{
	const SdExpr *right = condition->right;

	SdTruth		always = compared_always(subject, condition);

	if (always != SD_TRUTH_UNKNOWN)
		return all_or_none(domain, always);
	if (!sd_is_order_operator(condition->op) || !sd_is_ordered(domain) || !sd_is_bound(subject, right) ||
		subject->params->types[right->param] != domain->type)
		return NULL;
	return sd_values_that(domain, condition->op, true, &subject->params->values[right->param], 1);
}

/* What a comparison with any or all of some elements is for all values, as sd_for_all_values() has it. */
static SdTruth
listed_always(SdOperator op, bool any, Oid type, const Datum *elements, int n)
{
	SdTruth		truth = any ? SD_TRUTH_FALSE : SD_TRUTH_TRUE;

	for (int i = 0; i < n; i++)
	{
		SdTruth		its = sd_for_all_values(op, type, elements[i]);

		CHECK_FOR_INTERRUPTS();
		truth = any ? Max(truth, its) : Min(truth, its);
	}
	return truth;
}

/* The same of a comparison with ANY or ALL elements of an array. */
static SdValueSet *
listed_values(const SdSubject *subject, const SdCondition *condition, SdAccepted *accepted)
{
	const SdDomain *domain = &accepted->domain;
	bool		any = condition->kind == SD_COND_ANY;
	Oid			elements_type;
	Datum	   *elements;
	int			n;

	if (sd_is_empty_array(subject, condition->right))
	{
		accepted->at_null = any ? SD_TRUTH_FALSE : SD_TRUTH_TRUE;
		return any ? sd_no_value(domain) : all_values(domain);
	}
	if (!sd_is_array_of_values(subject, condition->right))
		return NULL;
	elements_type = get_element_type(subject->params->types[condition->right->param]);
	if (!sd_is_order_operator(condition->op))
	{
		SdTruth		always;

		elements = read_elements(subject, condition->right, &n);
		always = listed_always(condition->op, any, elements_type, elements, n);
		return always != SD_TRUTH_UNKNOWN ? all_or_none(domain, always) : NULL;
	}
	if (!sd_is_ordered(domain) || elements_type != domain->type)
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
			accepted->set = sd_no_value(domain);
			break;
		case SD_COND_IS_NOT_NULL:
			accepted->at_null = SD_TRUTH_FALSE;
			accepted->set = all_values(domain);
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
	settle_json_null(accepted);
	return true;
}

/* sd_find_accepted() of AND and OR: the intersection or the union of those of all args. */
static bool
find_combined(const SdSubject *subject, const SdCondition *condition, bool negated, SdAccepted *accepted)
{
	bool		conjunction = (condition->kind == SD_COND_AND) != negated;
	List	   *sets = NIL;
	ListCell   *cell;

	Assert(condition->args != NIL);
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
		case SD_COND_ROW:
		case SD_COND_SAME_JSON_TYPE:
			return false;
		default:
			return find_compared(subject, condition, negated, accepted);
	}
}

/* Whether a list of values of an expression can have all of them in it. */
static bool
has_few_values(const SdExpr *expr)
{
	return expr->type == BOOLOID || is_count(expr) || type_is_enum(expr->type);
}

/*
 * Whether one comparison with bound values could have every value; saves looking at most
 * of them.  One value, or a list of those that are meant or not meant, are all there are
 * only where there are few.
 */
static bool
could_be_every_value(const SdSubject *subject, const SdCondition *condition)
{
	const SdExpr *expr = condition->left;
	bool		equal = condition->op == SD_OP_EQ || condition->op == SD_OP_NE;

	switch (condition->kind)
	{
		case SD_COND_COMPARE:
			return !equal || condition->right->kind != SD_EXPR_PARAM || has_few_values(expr);
		case SD_COND_ANY:
			return condition->op != SD_OP_EQ || has_few_values(expr) ||
				sd_is_empty_array(subject, condition->right);
		case SD_COND_ALL:
			return condition->op != SD_OP_NE || has_few_values(expr) ||
				sd_is_empty_array(subject, condition->right);
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


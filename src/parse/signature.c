/*-------------------------------------------------------------------------
 * parse/signature.c
 *		Writes conditions and expressions as bytes.
 *
 * Values go in as they are, and associations by their descriptor.  A condition and
 * its negation have the same bytes: each operator that is the negation of another
 * goes in as that one.  Windows, and subqueries that have more than conditions, go in
 * by their address, so that they are equal to themselves alone.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "miscadmin.h"
#include "parse/binding.h"
#include "parse/signature.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"

static void
sign_int(StringInfo bytes, int value)
{
	appendBinaryStringInfo(bytes, (char *) &value, sizeof(value));
}

static void
sign_pointer(StringInfo bytes, const void *pointer)
{
	appendBinaryStringInfo(bytes, (char *) &pointer, sizeof(pointer));
}

/* What a value that is not known yet is made of. */
static void
sign_binding(StringInfo bytes, const SdBinding *binding)
{
	JsonbValue	value = binding->value;
	Jsonb	   *made_of = JsonbValueToJsonb(&value);

	sign_int(bytes, binding->is_param + 2 * binding->is_key + 4 * binding->is_container);
	sign_int(bytes, binding->conversion);
	sign_int(bytes, binding->type);
	appendBinaryStringInfo(bytes, binding->name, strlen(binding->name) + 1);
	appendBinaryStringInfo(bytes, (char *) made_of, VARSIZE(made_of));
}

/* A bound value; one that is not known yet, by what it is made of. */
static void
sign_param(StringInfo bytes, const SdParams *params, int param)
{
	int16		len;
	bool		by_value;
	Datum		value = params->values[param];
	struct varlena *flat;
	ListCell   *cell;

	Assert(param >= 0 && param < params->n);
	sign_int(bytes, params->types[param]);
	sign_int(bytes, params->nulls[param] == 'n');
	if (params->nulls[param] == 'n')
	{
		foreach(cell, params->bindings)
		{
			if (((const SdBinding *) lfirst(cell))->param == param)
				sign_binding(bytes, lfirst(cell));
		}
		return;
	}
	get_typlenbyval(params->types[param], &len, &by_value);
	if (by_value)
		appendBinaryStringInfo(bytes, (char *) &value, sizeof(value));
	else if (len == -1)
	{
		flat = PG_DETOAST_DATUM_PACKED(value);
		sign_int(bytes, VARSIZE_ANY_EXHDR(flat));
		appendBinaryStringInfo(bytes, VARDATA_ANY(flat), VARSIZE_ANY_EXHDR(flat));
	}
	else
	{
		sign_int(bytes, datumGetSize(value, by_value, len));
		appendBinaryStringInfo(bytes, DatumGetPointer(value), datumGetSize(value, by_value, len));
	}
}

/* A condition with its sign; NULL is one. */
static void
sign_signed(StringInfo bytes, const SdParams *params, const SdCondition *condition)
{
	if (condition == NULL)
		sign_int(bytes, -1);
	else
		sign_int(bytes, sd_sign_condition(bytes, params, condition));
}

static void
sign_associated(StringInfo bytes, const SdParams *params, const SdAssociated *associated)
{
	sign_pointer(bytes, associated->association);
	sign_int(bytes, associated->with_deleted);
	sign_int(bytes, associated->with_deleted_joins);
	sign_signed(bytes, params, associated->scope);
	sign_signed(bytes, params, associated->through_scope);
}

static void
sign_exprs(StringInfo bytes, const SdParams *params, const List *exprs)
{
	ListCell   *cell;

	sign_int(bytes, list_length(exprs));
	foreach(cell, exprs)
		sd_sign_expr(bytes, params, lfirst(cell));
}

/* Appends an expression, whose values are bound in params. */
void
sd_sign_expr(StringInfo bytes, const SdParams *params, const SdExpr *expr)
{
	ListCell   *cell;

	check_stack_depth();
	sign_int(bytes, expr->kind);
	if (expr->kind == SD_EXPR_WINDOW)
	{
		sign_pointer(bytes, expr);
		return;
	}
	sign_int(bytes, expr->type);
	sign_int(bytes, expr->attr);
	if (expr->kind == SD_EXPR_PARAM || expr->kind == SD_EXPR_JSON ||
		expr->kind == SD_EXPR_JSON_TEXT || (expr->list && expr->param >= 0))
		sign_param(bytes, params, expr->param);
	if (expr->function != NULL)
		appendBinaryStringInfo(bytes, expr->function, strlen(expr->function) + 1);
	sign_int(bytes, expr->distinct + 2 * expr->star + 4 * expr->list);
	sign_exprs(bytes, params, expr->args);
	if (expr->associated != NULL)
		sign_associated(bytes, params, expr->associated);
	foreach(cell, expr->conditions)
		sign_signed(bytes, params, lfirst(cell));
	sign_signed(bytes, params, expr->filter);
	sign_int(bytes, list_length(expr->orders));
	foreach(cell, expr->orders)
	{
		const SdOrder *order = lfirst(cell);

		sd_sign_expr(bytes, params, order->expr);
		sign_int(bytes, order->nulls * 2 + order->descending);
	}
	sign_int(bytes, list_length(expr->path));
	foreach(cell, expr->path)
		sign_associated(bytes, params, lfirst(cell));
}

/* A subquery: which rows it reads, and of these which value. */
static void
sign_query(StringInfo bytes, const SdParams *params, const SdQuery *query)
{
	if (query->limit_param >= 0 || query->offset_param >= 0 || query->group != NIL ||
		query->having != NULL || query->distinct_on != NIL || query->further != NIL ||
		query->end_where != NULL || query->edge != NULL || query->noutputs != 1)
	{
		sign_pointer(bytes, query);
		return;
	}
	sign_pointer(bytes, query->model);
	sign_int(bytes, query->paranoid);
	sd_sign_expr(bytes, params, query->outputs[0].expr);
	sign_signed(bytes, params, query->where);
}

/* The operator that goes in for op; negated is toggled where it is the opposite one. */
static SdOperator
positive(SdOperator op, bool *negated)
{
	static const SdOperator opposites[][2] = {
		{SD_OP_NE, SD_OP_EQ}, {SD_OP_GE, SD_OP_LT}, {SD_OP_LE, SD_OP_GT},
		{SD_OP_NOT_LIKE, SD_OP_LIKE}, {SD_OP_NOT_ILIKE, SD_OP_ILIKE},
		{SD_OP_NOT_REGEXP, SD_OP_REGEXP}, {SD_OP_NOT_IREGEXP, SD_OP_IREGEXP},
		{SD_OP_PATTERN_LT, SD_OP_PATTERN_GE}
	};

	for (int i = 0; i < lengthof(opposites); i++)
	{
		if (opposites[i][0] == op)
		{
			*negated = !*negated;
			return opposites[i][1];
		}
	}
	return op;
}

/*
 * Appends a condition, whose values are bound in params.  Returns whether it is the
 * negation of what the bytes say: neither is true where either of them is null.
 */
bool
sd_sign_condition(StringInfo bytes, const SdParams *params, const SdCondition *condition)
{
	SdConditionKind kind;
	bool		negated = false;
	bool		flips = false;
	SdOperator	op;
	ListCell   *cell;

	check_stack_depth();
	for (; condition->kind == SD_COND_NOT; condition = linitial(condition->args))
		negated = !negated;
	kind = condition->kind;
	op = condition->op;
	if (kind == SD_COND_COMPARE || kind == SD_COND_ANY || kind == SD_COND_ALL)
		op = positive(op, &flips);
	if (flips && kind != SD_COND_COMPARE)
		kind = kind == SD_COND_ANY ? SD_COND_ALL : SD_COND_ANY;
	if (kind == SD_COND_IS_NOT_NULL)
	{
		kind = SD_COND_IS_NULL;
		flips = true;
	}
	sign_int(bytes, kind);
	sign_int(bytes, op);
	if (condition->left != NULL)
		sd_sign_expr(bytes, params, condition->left);
	if (condition->right != NULL)
		sd_sign_expr(bytes, params, condition->right);
	if (condition->associated != NULL)
		sign_associated(bytes, params, condition->associated);
	if (condition->query != NULL)
		sign_query(bytes, params, condition->query);
	sign_int(bytes, list_length(condition->args));
	foreach(cell, condition->args)
		sign_signed(bytes, params, lfirst(cell));
	sign_signed(bytes, params, condition->through);
	return negated != (flips != condition->negated);
}

bool
sd_same_signature(const StringInfoData *a, const StringInfoData *b)
{
	return a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

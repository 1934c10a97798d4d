/*-------------------------------------------------------------------------
 * plan/deparse_expr.c
 *		Writes expressions and conditions as SQL.
 *
 * Names come from descriptors, quoted; values are parameters; operators and
 * functions are given with their schema, so that the caller's search_path
 * changes nothing.  For the same reason what the grammar turns into an operator
 * found by name (BETWEEN, IN, NULLIF, IS DISTINCT FROM) is not written.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "parse/symbol.h"
#include "plan/deparse_apart.h"
#include "plan/deparse_association.h"
#include "plan/deparse_clause.h"
#include "plan/deparse_expr.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#define JSON_NULL	"'null'::pg_catalog.jsonb"

/* Appends the name that the context's table goes by. */
void
sd_deparse_alias(const SdDeparse *context)
{
	appendStringInfoChar(context->sql, context->level == SD_LEVEL_THROUGH ? 'j' : 't');
	if (context->level > 0)
		appendStringInfo(context->sql, "%d", context->level);
}

/* Appends the context's table with its alias; OFFSET 0 has Citus find its rows by themselves. */
void
sd_deparse_table(const SdDeparse *context)
{
	context->found->distributed |= context->model->distribution != SD_NOT_DISTRIBUTED;
	if (context->apart)
	{
		sd_begin_apart(context);
		appendStringInfoString(context->sql, " FROM ");
	}
	appendStringInfo(context->sql, "%s AS ", context->model->relation);
	sd_deparse_alias(context);
	if (!context->apart)
		return;
	appendStringInfoString(context->sql, " OFFSET 0) AS ");
	sd_deparse_alias(context);
}

/* Appends a column of the context's table. */
void
sd_deparse_attribute(const SdDeparse *context, int attr)
{
	Assert(attr >= 0 && attr < context->model->nattrs);
	Assert(context->model->attrs[attr].column != NULL);
	context->found->secret |= context->model->attrs[attr].hidden;
	sd_note_attribute(context, attr);
	if (!context->bare)
	{
		sd_deparse_alias(context);
		appendStringInfoChar(context->sql, '.');
	}
	appendStringInfoString(context->sql, context->model->attrs[attr].column);
}

/* Appends $1, $2, … */
void
sd_deparse_param(const SdDeparse *context, int param)
{
	Assert(param >= 0);
	appendStringInfo(context->sql, "$%d", param + 1);
}

/* Appends an operator, as it stands for operands of the type. */
void
sd_deparse_operator(const SdDeparse *context, Oid type, SdOperator op)
{
	Assert(OidIsValid(type));
	appendStringInfo(context->sql, " OPERATOR(%s.%s) ", quote_identifier(sd_operator_schema(type)),
					 sd_operator_symbol(op));
}

/*
 * Appends an expression inside of another one.  A column of a domain is of the type that the
 * domain is based on, as expressions count it: what is polymorphic would make an array of the
 * domain of it, or find no range of it.
 */
static void
deparse_inner(const SdDeparse *context, const SdExpr *expr)
{
	if (expr->kind != SD_EXPR_ATTRIBUTE || !OidIsValid(context->model->attrs[expr->attr].domain))
	{
		sd_deparse_expr(context, expr);
		return;
	}
	appendStringInfoString(context->sql, "CAST(");
	sd_deparse_attribute(context, expr->attr);
	appendStringInfo(context->sql, " AS %s)",
					 format_type_extended(expr->type, -1,
										  FORMAT_TYPE_TYPEMOD_GIVEN | FORMAT_TYPE_FORCE_QUALIFY));
}

static void
deparse_args(const SdDeparse *context, const char *function, List *args)
{
	ListCell   *cell;

	appendStringInfo(context->sql, "%s(", function);
	foreach(cell, args)
	{
		if (foreach_current_index(cell) > 0)
			appendStringInfoString(context->sql, ", ");
		deparse_inner(context, lfirst(cell));
	}
	appendStringInfoChar(context->sql, ')');
}

/* Appends attr #> path, which is jsonb, or attr #>> path, which is text. */
static void
deparse_json(const SdDeparse *context, const SdExpr *expr)
{
	Assert(context->model->attrs[expr->attr].type == JSONBOID ||
		   context->model->attrs[expr->attr].type == JSONOID);
	appendStringInfoChar(context->sql, '(');
	sd_deparse_attribute(context, expr->attr);
	appendStringInfo(context->sql, "::pg_catalog.jsonb OPERATOR(pg_catalog.%s) ",
					 expr->kind == SD_EXPR_JSON ? "#>" : "#>>");
	sd_deparse_param(context, expr->param);
	appendStringInfoChar(context->sql, ')');
}

/* Appends a condition where it matters whether it is false or NULL. */
static void
deparse_exactly(const SdDeparse *context, const SdCondition *condition)
{
	SdDeparse	exactly = *context;

	exactly.filter = false;
	sd_deparse_condition(&exactly, condition);
}

/* ORDER BY the terms of a list, where there are any. */
static void
deparse_terms(const SdDeparse *context, const char *keyword, const List *orders)
{
	const ListCell *cell;

	foreach(cell, orders)
	{
		const SdOrder *order = lfirst(cell);

		appendStringInfoString(context->sql, foreach_current_index(cell) == 0 ? keyword : ", ");
		deparse_inner(context, order->expr);
		sd_deparse_direction(context->sql, order, false);
	}
}

/* A function, which may be an aggregate with all that SQL lets it have. */
static void
deparse_function(const SdDeparse *context, const SdExpr *expr)
{
	StringInfo	sql = context->sql;
	ListCell   *cell;

	Assert(expr->function != NULL && (!expr->star || expr->args == NIL));
	appendStringInfo(sql, "%s(%s", expr->function,
					 expr->star ? "*" : expr->distinct ? "DISTINCT " : "");
	foreach(cell, expr->args)
	{
		if (foreach_current_index(cell) > 0)
			appendStringInfoString(sql, ", ");
		deparse_inner(context, lfirst(cell));
	}
	deparse_terms(context, " ORDER BY ", expr->orders);
	appendStringInfoChar(sql, ')');
	if (expr->filter == NULL)
		return;
	appendStringInfoString(sql, " FILTER (WHERE ");
	sd_deparse_condition(context, expr->filter);
	appendStringInfoChar(sql, ')');
}

/* (a operator b), (operator a) */
static void
deparse_operation(const SdDeparse *context, const SdExpr *expr)
{
	Assert(list_length(expr->args) == 1 || list_length(expr->args) == 2);
	appendStringInfoChar(context->sql, '(');
	if (list_length(expr->args) > 1)
	{
		deparse_inner(context, linitial(expr->args));
		appendStringInfoChar(context->sql, ' ');
	}
	appendStringInfo(context->sql, "%s ", expr->function);
	deparse_inner(context, llast(expr->args));
	appendStringInfoChar(context->sql, ')');
}

/* CASE WHEN … THEN … ELSE … END */
static void
deparse_case(const SdDeparse *context, const SdExpr *expr)
{
	StringInfo	sql = context->sql;
	int			n = list_length(expr->conditions);

	Assert(list_length(expr->args) == n || list_length(expr->args) == n + 1);
	appendStringInfoString(sql, "CASE");
	for (int i = 0; i < n; i++)
	{
		appendStringInfoString(sql, " WHEN ");
		sd_deparse_condition(context, list_nth(expr->conditions, i));
		appendStringInfoString(sql, " THEN ");
		deparse_inner(context, list_nth(expr->args, i));
	}
	if (list_length(expr->args) > n)
	{
		appendStringInfoString(sql, " ELSE ");
		deparse_inner(context, llast(expr->args));
	}
	appendStringInfoString(sql, " END");
}

/* function OVER (PARTITION BY … ORDER BY …) */
static void
deparse_window(const SdDeparse *context, const SdExpr *expr)
{
	StringInfo	sql = context->sql;
	ListCell   *cell;

	sd_deparse_expr(context, linitial(expr->args));
	appendStringInfoString(sql, " OVER (");
	foreach(cell, expr->partition)
	{
		appendStringInfoString(sql, foreach_current_index(cell) == 0 ? "PARTITION BY " : ", ");
		sd_deparse_expr(context, lfirst(cell));
	}
	deparse_terms(context, expr->partition != NIL ? " ORDER BY " : "ORDER BY ", expr->orders);
	appendStringInfoChar(sql, ')');
}

/* (SELECT aggregate FROM the tables of a path …), ARRAY(SELECT value …) */
static void
deparse_related(const SdDeparse *context, const SdExpr *expr)
{
	StringInfo	sql = context->sql;
	int			n = list_length(expr->path);
	const SdDeparse *ends = sd_path_contexts(context, expr->path);
	const SdDeparse *end = &ends[n - 1];
	const SdExpr *value = linitial(expr->args);
	bool		boxed = expr->type == RECORDARRAYOID;

	Assert(n > 0);
	appendStringInfoString(sql, expr->list ? "ARRAY(SELECT " : "(SELECT ");
	if (expr->list && expr->distinct && !boxed)
		appendStringInfoString(sql, "DISTINCT ");
	deparse_inner(end, value);
	sd_deparse_path_tables(ends, n, " FROM ");
	appendStringInfoString(sql, " WHERE ");
	sd_deparse_path(context, ends, expr->path);
	sd_deparse_and(end, expr->filter);
	/* what is sorted by is in the row, where DISTINCT does not see it */
	if (expr->distinct && boxed)
	{
		appendStringInfoString(sql, " GROUP BY ");
		sd_deparse_expr(end, linitial(value->args));
	}
	if (expr->list)
		deparse_terms(end, " ORDER BY ", expr->orders);
	if (expr->list && expr->param >= 0)
	{
		appendStringInfoString(sql, " LIMIT ");
		sd_deparse_param(context, expr->param);
	}
	appendStringInfoChar(sql, ')');
}

/* CAST(expression AS type): between timestamps with and without time zone, which are UTC, in any session. */
static void
deparse_cast(const SdDeparse *context, const SdExpr *expr)
{
	StringInfo	sql = context->sql;
	const SdExpr *arg = linitial(expr->args);
	bool		utc = (arg->type == TIMESTAMPOID && expr->type == TIMESTAMPTZOID) ||
		(arg->type == TIMESTAMPTZOID && expr->type == TIMESTAMPOID);

	appendStringInfoString(sql, utc ? "(" : "CAST(");
	sd_deparse_expr(context, arg);
	if (utc)
		appendStringInfoString(sql, " AT TIME ZONE 'UTC')");
	else
		appendStringInfo(sql, " AS %s)", format_type_be_qualified(expr->type));
}

/*
 * Appends an expression; it is one operand, whatever operator stands beside it.  The
 * tables in it are called the same wherever it stands: to the server a term of the
 * group and the output that it is are one expression only where they are equal.
 */
void
sd_deparse_expr(const SdDeparse *context, const SdExpr *expr)
{
	StringInfo	sql = context->sql;
	int			levels = *context->levels;
	SdDeparse	target;

	check_stack_depth();
	switch (expr->kind)
	{
		case SD_EXPR_ATTRIBUTE:
			sd_deparse_attribute(context, expr->attr);
			break;
		case SD_EXPR_PARAM:
			sd_deparse_param(context, expr->param);
			break;
		case SD_EXPR_FUNCTION:
			deparse_function(context, expr);
			break;
		case SD_EXPR_COALESCE:
			deparse_args(context, "COALESCE", expr->args);
			break;
		case SD_EXPR_CAST:
			deparse_cast(context, expr);
			break;
		case SD_EXPR_JSON:
		case SD_EXPR_JSON_TEXT:
			deparse_json(context, expr);
			break;
		case SD_EXPR_ASSOCIATED:
			target = sd_associated_context(context, expr->associated);
			appendStringInfoString(sql, "(SELECT ");
			deparse_inner(&target, linitial(expr->args));
			sd_deparse_associated(context, &target, expr->associated, NULL);
			appendStringInfoString(sql, " LIMIT 1)");
			break;
		case SD_EXPR_THROUGH:
			Assert(context->through != NULL);
			deparse_inner(context->through, linitial(expr->args));
			break;
		case SD_EXPR_OPERATOR:
			deparse_operation(context, expr);
			break;
		case SD_EXPR_CASE:
			deparse_case(context, expr);
			break;
		case SD_EXPR_TEST:
			/* a constant by itself would be the number of a column in ORDER BY and GROUP BY */
			appendStringInfoString(sql, "CAST(");
			deparse_exactly(context, linitial(expr->conditions));
			appendStringInfoString(sql, " AS pg_catalog.bool)");
			break;
		case SD_EXPR_WINDOW:
			deparse_window(context, expr);
			break;
		case SD_EXPR_RELATED:
			deparse_related(context, expr);
			break;
	}
	*context->levels = levels;
}

/* Appends an operand of a comparison: what is at a path in JSON is null also when it is the JSON null. */
static void
deparse_operand(const SdDeparse *context, const SdExpr *expr, SdOperator op)
{
	if (expr->kind != SD_EXPR_JSON)
	{
		if (op >= SD_OP_CONTAINS)
			deparse_inner(context, expr);
		else
			sd_deparse_expr(context, expr);
		return;
	}
	appendStringInfoString(context->sql, "CASE WHEN ");
	sd_deparse_expr(context, expr);
	appendStringInfoString(context->sql, " OPERATOR(pg_catalog.<>) " JSON_NULL " THEN ");
	sd_deparse_expr(context, expr);
	appendStringInfoString(context->sql, " END");
}

/*
 * The same on the left side.  Where it does not matter whether a condition is false or
 * null, a JSON null does not meet it anyhow but for being other than something; and an
 * index may be on the expression as it is.
 */
static void
deparse_left(const SdDeparse *context, const SdCondition *condition)
{
	if (condition->left->kind == SD_EXPR_JSON && context->filter && condition->op != SD_OP_NE &&
		condition->kind != SD_COND_ALL && !(condition->kind == SD_COND_IN_QUERY && condition->negated))
		sd_deparse_expr(context, condition->left);
	else
		deparse_operand(context, condition->left, condition->op);
}

/* left = ANY (SELECT …); the negation passes over nulls in the list */
static void
deparse_in_query(const SdDeparse *context, const SdCondition *condition)
{
	StringInfo	sql = context->sql;
	const SdQuery *query = condition->query;
	SdDeparse	target = sd_next_context(context, query->model);

	Assert(query->noutputs == 1 && query->nmatches == 0 && query->through == NULL);
	if (condition->negated)
		appendStringInfoString(sql, "NOT (");
	deparse_left(context, condition);
	sd_deparse_operator(context, condition->left->type, condition->op);
	appendStringInfoString(sql, condition->negated ? "ANY (SELECT s.c FROM (SELECT" : "ANY (SELECT");
	if (query->distinct)
		appendStringInfoString(sql, " DISTINCT");
	sd_deparse_distinct_on(&target, query);
	appendStringInfoChar(sql, ' ');
	/* DISTINCT and ORDER BY name it as it is */
	if (query->distinct)
		sd_deparse_expr(&target, query->outputs[0].expr);
	else
		deparse_operand(&target, query->outputs[0].expr, condition->op);
	appendStringInfoString(sql, " FROM ");
	sd_deparse_table(&target);
	sd_deparse_where(&target, query);
	sd_deparse_order(&target, query);
	sd_deparse_limit(&target, query);
	appendStringInfoString(sql, condition->negated ? ") AS s (c) WHERE s.c IS NOT NULL))" : ")");
}

static void
deparse_logic(const SdDeparse *context, const SdCondition *condition)
{
	ListCell   *cell;

	Assert(condition->args != NIL);
	foreach(cell, condition->args)
	{
		if (foreach_current_index(cell) > 0)
			appendStringInfoString(context->sql,
								   condition->kind == SD_COND_AND ? " AND " : " OR ");
		appendStringInfoChar(context->sql, '(');
		sd_deparse_condition(context, lfirst(cell));
		appendStringInfoChar(context->sql, ')');
	}
}

/* (left, …) op (right, …) */
static void
deparse_row(const SdDeparse *context, const SdCondition *condition)
{
	StringInfo	sql = context->sql;
	const SdCondition *first = linitial(condition->args);
	ListCell   *cell;

	foreach(cell, condition->args)
	{
		Assert(((const SdCondition *) lfirst(cell))->op == first->op);
		appendStringInfoString(sql, foreach_current_index(cell) > 0 ? ", " : "(");
		sd_deparse_expr(context, ((const SdCondition *) lfirst(cell))->left);
	}
	appendStringInfoChar(sql, ')');
	sd_deparse_operator(context, first->left->type, first->op);
	foreach(cell, condition->args)
	{
		appendStringInfoString(sql, foreach_current_index(cell) > 0 ? ", " : "(");
		sd_deparse_expr(context, ((const SdCondition *) lfirst(cell))->right);
	}
	appendStringInfoChar(sql, ')');
}

/* IS NULL; what is at a path in JSON is null also when it is the JSON null */
static void
deparse_null_test(const SdDeparse *context, const SdCondition *condition)
{
	bool		is_null = condition->kind == SD_COND_IS_NULL;

	if (condition->left->kind != SD_EXPR_JSON)
	{
		sd_deparse_expr(context, condition->left);
		/* IS NULL is true of a row whose fields are all NULL, which is a value */
		if (type_is_rowtype(condition->left->type))
			appendStringInfo(context->sql, " IS %sDISTINCT FROM NULL", is_null ? "NOT " : "");
		else
			appendStringInfoString(context->sql, is_null ? " IS NULL" : " IS NOT NULL");
		return;
	}
	appendStringInfoString(context->sql, "COALESCE(");
	sd_deparse_expr(context, condition->left);
	appendStringInfo(context->sql, ", " JSON_NULL ") OPERATOR(pg_catalog.%s) " JSON_NULL,
					 is_null ? "=" : "<>");
}

/*
 * Appends a condition; where it stands beside others it has to be put into parentheses.
 * Tables in it are called as those in expressions are.
 */
void
sd_deparse_condition(const SdDeparse *context, const SdCondition *condition)
{
	StringInfo	sql = context->sql;
	int			levels = *context->levels;

	check_stack_depth();
	switch (condition->kind)
	{
		case SD_COND_FALSE:
			appendStringInfoString(sql, "false");
			break;
		case SD_COND_AND:
		case SD_COND_OR:
			deparse_logic(context, condition);
			break;
		case SD_COND_NOT:
			appendStringInfoString(sql, "NOT (");
			deparse_exactly(context, linitial(condition->args));
			appendStringInfoChar(sql, ')');
			break;
		case SD_COND_COMPARE:
			deparse_left(context, condition);
			sd_deparse_operator(context, condition->left->type, condition->op);
			deparse_operand(context, condition->right, condition->op);
			break;
		case SD_COND_ROW:
			deparse_row(context, condition);
			break;
		case SD_COND_ANY:
		case SD_COND_ALL:
			deparse_left(context, condition);
			sd_deparse_operator(context, condition->left->type, condition->op);
			/* a subquery by itself would be a set of rows there, and not the array that it gives */
			appendStringInfo(sql, "%s (%s", condition->kind == SD_COND_ANY ? "ANY" : "ALL",
							 condition->right->kind == SD_EXPR_PARAM ? "" : "COALESCE(");
			sd_deparse_expr(context, condition->right);
			appendStringInfoString(sql, condition->right->kind == SD_EXPR_PARAM ? ")" : "))");
			break;
		case SD_COND_SAME_JSON_TYPE:
			appendStringInfoString(sql, "pg_catalog.jsonb_typeof(");
			deparse_left(context, condition);
			appendStringInfoString(sql, ") OPERATOR(pg_catalog.=) pg_catalog.jsonb_typeof(");
			deparse_operand(context, condition->right, condition->op);
			appendStringInfoChar(sql, ')');
			break;
		case SD_COND_IS_NULL:
		case SD_COND_IS_NOT_NULL:
			deparse_null_test(context, condition);
			break;
		case SD_COND_IS_TRUE:
			sd_deparse_expr(context, condition->left);
			appendStringInfoString(sql, " IS TRUE");
			break;
		case SD_COND_IS_FALSE:
			sd_deparse_expr(context, condition->left);
			appendStringInfoString(sql, " IS FALSE");
			break;
		case SD_COND_EXPR:
			sd_deparse_expr(context, condition->left);
			break;
		case SD_COND_IN_QUERY:
			deparse_in_query(context, condition);
			break;
		case SD_COND_EXISTS:
			sd_deparse_exists(context, condition);
			break;
	}
	*context->levels = levels;
}

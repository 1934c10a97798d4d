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
#include "plan/deparse_clause.h"
#include "plan/deparse_expr.h"
#include "utils/builtins.h"

#define JSON_NULL	"'null'::pg_catalog.jsonb"

/* Appends the name that the context's table goes by. */
static void
deparse_alias(const SdDeparse *context)
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
		appendStringInfoString(context->sql, "(SELECT * FROM ");
	appendStringInfo(context->sql, "%s AS ", context->model->relation);
	deparse_alias(context);
	if (!context->apart)
		return;
	appendStringInfoString(context->sql, " OFFSET 0) AS ");
	deparse_alias(context);
}

/* Appends a column of the context's table. */
void
sd_deparse_attribute(const SdDeparse *context, int attr)
{
	Assert(attr >= 0 && attr < context->model->nattrs);
	Assert(context->model->attrs[attr].column != NULL);
	context->found->secret |= context->model->attrs[attr].hidden;
	if (!context->bare)
	{
		deparse_alias(context);
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
	appendStringInfo(context->sql, " OPERATOR(%s.%s) ", quote_identifier(sd_operator_schema(type)),
					 sd_operator_symbol(op));
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
		sd_deparse_expr(context, lfirst(cell));
	}
	appendStringInfoChar(context->sql, ')');
}

/* Appends attr #> path, which is jsonb, or attr #>> path, which is text. */
static void
deparse_json(const SdDeparse *context, const SdExpr *expr)
{
	appendStringInfoChar(context->sql, '(');
	sd_deparse_attribute(context, expr->attr);
	appendStringInfo(context->sql, "::pg_catalog.jsonb OPERATOR(pg_catalog.%s) ",
					 expr->kind == SD_EXPR_JSON ? "#>" : "#>>");
	sd_deparse_param(context, expr->param);
	appendStringInfoChar(context->sql, ')');
}

/* A context for another table of the statement. */
static SdDeparse
next_context(const SdDeparse *context, const SdModel *model)
{
	SdDeparse	next = *context;

	next.model = model;
	next.level = ++*context->levels;
	next.through = NULL;
	next.apart = false;
	next.ends = NULL;
	return next;
}

/* Appends a = b AND …, n attributes of either context. */
void
sd_deparse_match(const SdDeparse *left, const int *attrs, const SdDeparse *right,
				 const int *others, int n)
{
	for (int i = 0; i < n; i++)
	{
		if (i > 0)
			appendStringInfoString(left->sql, " AND ");
		sd_deparse_attribute(left, attrs[i]);
		sd_deparse_operator(left, left->model->attrs[attrs[i]].type, SD_OP_EQ);
		sd_deparse_attribute(right, others[i]);
	}
}

/* Appends a condition where it matters whether it is false or NULL. */
static void
deparse_exactly(const SdDeparse *context, const SdCondition *condition)
{
	SdDeparse	exactly = *context;

	exactly.filter = false;
	sd_deparse_condition(&exactly, condition);
}

/* Appends one more condition on the context's row, or nothing for NULL. */
static void
deparse_and(const SdDeparse *context, const SdCondition *condition)
{
	SdDeparse	filter = *context;

	if (condition == NULL)
		return;
	appendStringInfoString(context->sql, " AND (");
	filter.filter = true;
	sd_deparse_condition(&filter, condition);
	appendStringInfoChar(context->sql, ')');
}

/* Appends that the context's row, if its model is paranoid, is not deleted. */
static void
deparse_not_deleted(const SdDeparse *context)
{
	/* a value of it is bound, and stands among the association's scopes */
	if (context->model->deleted_at < 0 || sd_has_alive_value(context->model))
		return;
	appendStringInfoString(context->sql, " AND ");
	sd_deparse_attribute(context, context->model->deleted_at);
	appendStringInfoString(context->sql, " IS NULL");
}

/* A context for the join rows that an association leads through; NULL where there are none. */
static SdDeparse *
join_context(const SdDeparse *context, const SdAssociated *associated)
{
	SdDeparse  *join;

	if (associated->through == NULL)
		return NULL;
	join = palloc(sizeof(SdDeparse));
	*join = next_context(context, associated->through);
	return join;
}

/* Whether Citus plans for a table of the other end of an association, or for the context's. */
static bool
is_distributed(const SdDeparse *context, const SdAssociated *associated)
{
	return context->model->distribution != SD_NOT_DISTRIBUTED ||
		associated->target->distribution != SD_NOT_DISTRIBUTED ||
		(associated->through != NULL &&
		 associated->through->distribution != SD_NOT_DISTRIBUTED);
}

/* Whether Citus finds equal keys on one node: by what both tables are distributed, or all rows of one. */
static bool
joins_on_nodes(const SdModel *left, const int *attrs, const SdModel *right, const int *others,
			   int n)
{
	if (right->distribution == SD_REFERENCE && left->distribution != SD_NOT_DISTRIBUTED)
		return left->distribution == SD_DISTRIBUTED || left->distribution == SD_REFERENCE;
	for (int i = 0; i < n; i++)
	{
		if (left->distribution == SD_DISTRIBUTED && right->distribution == SD_DISTRIBUTED &&
			left->colocation == right->colocation && attrs[i] == left->distributed_by &&
			others[i] == right->distributed_by)
			return true;
	}
	return false;
}

/* Whether the other end of an association has to be found by itself. */
static bool
is_apart(const SdDeparse *context, const SdDeparse *target, const SdAssociated *associated)
{
	const SdDeparse *join = target->through;
	const SdAssociation *association = associated->association;

	if (!is_distributed(context, associated))
		return false;
	if (join == NULL)
		return !joins_on_nodes(context->model, association->source_keys, target->model,
							   associated->target_keys, association->nkeys);
	return !joins_on_nodes(context->model, association->source_keys, join->model,
						   associated->foreign_keys, association->nkeys) ||
		!joins_on_nodes(join->model, associated->other_keys, target->model,
						associated->target_keys, association->ntarget_keys);
}

/* Has the tables of the other end of an association found by themselves. */
static void
set_apart(SdDeparse *target)
{
	target->apart = true;
	if (target->through != NULL)
		unconstify(SdDeparse *, target->through)->apart = true;
}

/* The tables of the other end of an association, whose contexts these are. */
static void
deparse_end(const SdDeparse *target, const SdDeparse *join)
{
	sd_deparse_table(target);
	if (join == NULL)
		return;
	appendStringInfoString(target->sql, ", ");
	sd_deparse_table(join);
}

/* That the other end of an association belongs to the context's row, and what else holds for it. */
static void
deparse_belongs(const SdDeparse *context, const SdDeparse *target, const SdDeparse *join,
				const SdAssociated *associated)
{
	const SdAssociation *association = associated->association;

	if (join == NULL)
		sd_deparse_match(target, associated->target_keys, context, association->source_keys,
						 association->nkeys);
	else
	{
		sd_deparse_match(join, associated->foreign_keys, context, association->source_keys,
						 association->nkeys);
		appendStringInfoString(context->sql, " AND ");
		sd_deparse_match(target, associated->target_keys, join, associated->other_keys,
						 association->ntarget_keys);
		if (!associated->with_deleted_joins)
			deparse_not_deleted(join);
	}
	if (!associated->with_deleted)
		deparse_not_deleted(target);
	deparse_and(target, associated->scope);
	if (join != NULL)
		deparse_and(join, associated->through_scope);
}

/*
 * FROM the other end of an association WHERE it belongs to the context's row;
 * through is a condition on the join row, or NULL.
 */
static void
deparse_associated(const SdDeparse *context, const SdDeparse *target,
				   const SdAssociated *associated, const SdCondition *through)
{
	appendStringInfoString(context->sql, " FROM ");
	deparse_end(target, target->through);
	appendStringInfoString(context->sql, " WHERE ");
	deparse_belongs(context, target, target->through, associated);
	if (target->through != NULL)
		deparse_and(target->through, through);
}

/* (a, b) of the context's table; one by itself. */
static void
deparse_key(const SdDeparse *context, const int *attrs, int n)
{
	appendStringInfoString(context->sql, n > 1 ? "ROW(" : "");
	for (int i = 0; i < n; i++)
	{
		if (i > 0)
			appendStringInfoString(context->sql, ", ");
		sd_deparse_attribute(context, attrs[i]);
	}
	appendStringInfoString(context->sql, n > 1 ? ")" : "");
}

/* key = ANY (SELECT attrs FROM the table of from WHERE true */
static void
deparse_key_in(const SdDeparse *context, const int *key, const SdDeparse *from, const int *attrs,
			   int n)
{
	deparse_key(context, key, n);
	sd_deparse_operator(context, context->model->attrs[key[0]].type, SD_OP_EQ);
	appendStringInfoString(context->sql, "ANY (SELECT ");
	for (int i = 0; i < n; i++)
	{
		if (i > 0)
			appendStringInfoString(context->sql, ", ");
		sd_deparse_attribute(from, attrs[i]);
	}
	appendStringInfoString(context->sql, " FROM ");
	sd_deparse_table(from);
	appendStringInfoString(context->sql, " WHERE true");
}

/*
 * That the other end of an association has a row, in the form that Citus takes of
 * tables that are not distributed alike: by sets of keys that do not depend on the
 * context's row.  OFFSET 0 has it find each set by itself.
 */
static void
deparse_exists_by_keys(const SdDeparse *context, const SdDeparse *target,
					   const SdCondition *condition)
{
	const SdAssociated *associated = condition->associated;
	const SdAssociation *association = associated->association;
	const SdDeparse *join = target->through;
	StringInfo	sql = context->sql;

	Assert(context->filter);	/* NULL where EXISTS is false */
	appendStringInfoChar(sql, '(');
	if (join == NULL)
		deparse_key_in(context, association->source_keys, target, associated->target_keys,
					   association->nkeys);
	else
	{
		deparse_key_in(context, association->source_keys, join, associated->foreign_keys,
					   association->nkeys);
		deparse_not_deleted(join);
		deparse_and(join, associated->through_scope);
		deparse_and(join, condition->through);
		appendStringInfoString(sql, " AND ");
		deparse_key_in(join, associated->other_keys, target, associated->target_keys,
					   association->ntarget_keys);
	}
	if (!associated->with_deleted)
		deparse_not_deleted(target);
	deparse_and(target, associated->scope);
	if (condition->args != NIL)
		deparse_and(target, linitial(condition->args));
	appendStringInfoString(sql, join != NULL ? " OFFSET 0) OFFSET 0))" : "))");
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
		sd_deparse_expr(context, order->expr);
		sd_deparse_direction(context->sql, order, false);
	}
}

/* A function, which may be an aggregate with all that SQL lets it have. */
static void
deparse_function(const SdDeparse *context, const SdExpr *expr)
{
	StringInfo	sql = context->sql;
	ListCell   *cell;

	appendStringInfo(sql, "%s(%s", expr->function,
					 expr->star ? "*" : expr->distinct ? "DISTINCT " : "");
	foreach(cell, expr->args)
	{
		if (foreach_current_index(cell) > 0)
			appendStringInfoString(sql, ", ");
		sd_deparse_expr(context, lfirst(cell));
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
	appendStringInfoChar(context->sql, '(');
	if (list_length(expr->args) > 1)
	{
		sd_deparse_expr(context, linitial(expr->args));
		appendStringInfoChar(context->sql, ' ');
	}
	appendStringInfo(context->sql, "%s ", expr->function);
	sd_deparse_expr(context, llast(expr->args));
	appendStringInfoChar(context->sql, ')');
}

/* CASE WHEN … THEN … ELSE … END */
static void
deparse_case(const SdDeparse *context, const SdExpr *expr)
{
	StringInfo	sql = context->sql;
	int			n = list_length(expr->conditions);

	appendStringInfoString(sql, "CASE");
	for (int i = 0; i < n; i++)
	{
		appendStringInfoString(sql, " WHEN ");
		sd_deparse_condition(context, list_nth(expr->conditions, i));
		appendStringInfoString(sql, " THEN ");
		sd_deparse_expr(context, list_nth(expr->args, i));
	}
	if (list_length(expr->args) > n)
	{
		appendStringInfoString(sql, " ELSE ");
		sd_deparse_expr(context, llast(expr->args));
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

/* Contexts for the steps of a path (of SdAssociated), an array in the current memory context. */
SdDeparse *
sd_path_contexts(const SdDeparse *context, const List *path)
{
	int			n = list_length(path);
	SdDeparse  *ends = palloc(sizeof(SdDeparse) * Max(n, 1));
	bool		apart = false;

	for (int i = 0; i < n; i++)
	{
		const SdAssociated *step = list_nth(path, i);

		ends[i] = next_context(context, step->target);
		ends[i].through = join_context(context, step);
		apart |= is_apart(i == 0 ? context : &ends[i - 1], &ends[i], step);
	}
	for (int i = 0; apart && i < n; i++)
		set_apart(&ends[i]);
	return ends;
}

/* Appends the tables of a path of n steps, the separator first. */
void
sd_deparse_path_tables(const SdDeparse *ends, int n, const char *separator)
{
	for (int i = 0; i < n; i++)
	{
		appendStringInfoString(ends[i].sql, i == 0 ? separator : ", ");
		deparse_end(&ends[i], ends[i].through);
	}
}

/* Appends that each step of a path belongs to the one before it, the first to the context's row. */
void
sd_deparse_path(const SdDeparse *context, const SdDeparse *ends, const List *path)
{
	for (int i = 0; i < list_length(path); i++)
	{
		if (i > 0)
			appendStringInfoString(context->sql, " AND ");
		deparse_belongs(i == 0 ? context : &ends[i - 1], &ends[i], ends[i].through,
						list_nth(path, i));
	}
}

/* (SELECT aggregate FROM the tables of a path …), ARRAY(SELECT value …) */
static void
deparse_related(const SdDeparse *context, const SdExpr *expr)
{
	StringInfo	sql = context->sql;
	int			n = list_length(expr->path);
	const SdDeparse *ends = sd_path_contexts(context, expr->path);
	const SdDeparse *end = &ends[n - 1];

	appendStringInfoString(sql, expr->list ? "ARRAY(SELECT " : "(SELECT ");
	if (expr->list && expr->distinct)
		appendStringInfoString(sql, "DISTINCT ");
	sd_deparse_expr(end, linitial(expr->args));
	sd_deparse_path_tables(ends, n, " FROM ");
	appendStringInfoString(sql, " WHERE ");
	sd_deparse_path(context, ends, expr->path);
	deparse_and(end, expr->filter);
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

/* Appends an expression; it is one operand, whatever operator stands beside it. */
void
sd_deparse_expr(const SdDeparse *context, const SdExpr *expr)
{
	StringInfo	sql = context->sql;
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
			target = next_context(context, expr->associated->target);
			target.through = join_context(context, expr->associated);
			if (is_apart(context, &target, expr->associated))
				set_apart(&target);
			appendStringInfoString(sql, "(SELECT ");
			sd_deparse_expr(&target, linitial(expr->args));
			deparse_associated(context, &target, expr->associated, NULL);
			appendStringInfoString(sql, " LIMIT 1)");
			break;
		case SD_EXPR_THROUGH:
			Assert(context->through != NULL);
			sd_deparse_expr(context->through, linitial(expr->args));
			break;
		case SD_EXPR_OPERATOR:
			deparse_operation(context, expr);
			break;
		case SD_EXPR_CASE:
			deparse_case(context, expr);
			break;
		case SD_EXPR_TEST:
			appendStringInfoChar(sql, '(');
			deparse_exactly(context, linitial(expr->conditions));
			appendStringInfoChar(sql, ')');
			break;
		case SD_EXPR_WINDOW:
			deparse_window(context, expr);
			break;
		case SD_EXPR_RELATED:
			deparse_related(context, expr);
			break;
	}
}

/* left = ANY (SELECT …); the negation passes over nulls in the list */
static void
deparse_in_query(const SdDeparse *context, const SdCondition *condition)
{
	StringInfo	sql = context->sql;
	const SdQuery *query = condition->query;
	SdDeparse	target = next_context(context, query->model);

	if (condition->negated)
		appendStringInfoString(sql, "NOT (");
	sd_deparse_expr(context, condition->left);
	sd_deparse_operator(context, condition->left->type, condition->op);
	appendStringInfoString(sql, condition->negated ? "ANY (SELECT s.c FROM (SELECT" : "ANY (SELECT");
	if (query->distinct)
		appendStringInfoString(sql, " DISTINCT");
	sd_deparse_distinct_on(&target, query);
	appendStringInfoChar(sql, ' ');
	sd_deparse_expr(&target, query->outputs[0].expr);
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

/* IS NULL; what is at a path in JSON is null also when it is the JSON null */
static void
deparse_null_test(const SdDeparse *context, const SdCondition *condition)
{
	bool		is_null = condition->kind == SD_COND_IS_NULL;

	if (condition->left->kind != SD_EXPR_JSON)
	{
		sd_deparse_expr(context, condition->left);
		appendStringInfoString(context->sql, is_null ? " IS NULL" : " IS NOT NULL");
		return;
	}
	appendStringInfoString(context->sql, "COALESCE(");
	sd_deparse_expr(context, condition->left);
	appendStringInfo(context->sql, ", " JSON_NULL ") OPERATOR(pg_catalog.%s) " JSON_NULL,
					 is_null ? "=" : "<>");
}

/* Appends a condition; where it stands beside others it has to be put into parentheses. */
void
sd_deparse_condition(const SdDeparse *context, const SdCondition *condition)
{
	StringInfo	sql = context->sql;
	SdDeparse	target;

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
			sd_deparse_expr(context, condition->left);
			sd_deparse_operator(context, condition->left->type, condition->op);
			sd_deparse_expr(context, condition->right);
			break;
		case SD_COND_ANY:
		case SD_COND_ALL:
			sd_deparse_expr(context, condition->left);
			sd_deparse_operator(context, condition->left->type, condition->op);
			appendStringInfoString(sql, condition->kind == SD_COND_ANY ? "ANY (" : "ALL (");
			sd_deparse_expr(context, condition->right);
			appendStringInfoChar(sql, ')');
			break;
		case SD_COND_SAME_JSON_TYPE:
			appendStringInfoString(sql, "pg_catalog.jsonb_typeof(");
			sd_deparse_expr(context, condition->left);
			appendStringInfoString(sql, ") OPERATOR(pg_catalog.=) pg_catalog.jsonb_typeof(");
			sd_deparse_expr(context, condition->right);
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
			target = next_context(context, condition->associated->target);
			target.through = join_context(context, condition->associated);
			/* in select lists and under NOT Citus takes no sets of keys */
			if (context->filter && is_distributed(context, condition->associated))
			{
				deparse_exists_by_keys(context, &target, condition);
				break;
			}
			if (is_apart(context, &target, condition->associated))
				set_apart(&target);
			appendStringInfoString(sql, "EXISTS (SELECT 1");
			deparse_associated(context, &target, condition->associated, condition->through);
			if (condition->args != NIL)
				deparse_and(&target, linitial(condition->args));
			appendStringInfoChar(sql, ')');
			break;
	}
}

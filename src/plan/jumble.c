/*-------------------------------------------------------------------------
 * plan/jumble.c
 *		Writes the shape of a statement.
 *
 * The shape is compared byte by byte, so it has to be unambiguous: every
 * variable part is preceded by its length or number.  A model goes in by the
 * serial of its descriptor, so that a plan made with another state of the
 * model or its table is never found.  Since every statement's shape is written
 * before it runs, this is also where each model that it stands on is looked at
 * once more, see sd_model_check().
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "miscadmin.h"
#include "plan/capture.h"
#include "plan/jumble.h"

static inline void
put(StringInfo shape, const void *data, int len)
{
	/* many of a few bytes for each call of ours: no function call for them */
	if (unlikely(len >= shape->maxlen - shape->len))
		enlargeStringInfo(shape, len);
	memcpy(shape->data + shape->len, data, len);
	shape->len += len;
}

static inline void
put_int(StringInfo shape, int value)
{
	put(shape, &value, sizeof(value));
}

/* Appends what an array holds; it may be NULL where that is nothing. */
static void
put_array(StringInfo shape, const void *values, int bytes)
{
	if (bytes > 0)
		put(shape, values, bytes);
}

static void
put_ints(StringInfo shape, const int *values, int n)
{
	put_int(shape, n);
	put_array(shape, values, sizeof(int) * n);
}

static void
put_text(StringInfo shape, const char *text, int len)
{
	put_int(shape, len);
	put(shape, text, len);
}

static void
put_model(StringInfo shape, const SdModel *model)
{
	sd_model_check(model);
	put(shape, &model->serial, sizeof(model->serial));
}

static void put_condition(StringInfo shape, const SdCondition *condition);
static void put_expr(StringInfo shape, const SdExpr *expr);

/* The other end of an association: both models by serial, so that neither can change. */
static void
put_associated(StringInfo shape, const SdAssociated *associated)
{
	put_text(shape, associated->association->alias, strlen(associated->association->alias));
	put_model(shape, associated->source);
	put_model(shape, associated->target);
	put_int(shape, associated->with_deleted);
	put_int(shape, associated->with_deleted_joins);
	if (associated->through != NULL)
		put_model(shape, associated->through);
	put_condition(shape, associated->scope);
	put_condition(shape, associated->through_scope);
}

/* What few expressions have. */
static void
put_expr_rest(StringInfo shape, const SdExpr *expr)
{
	ListCell   *cell;

	/* no kind of expression ends like this without it */
	put_int(shape, -2);
	put_int(shape, expr->distinct);
	put_int(shape, expr->star);
	put_int(shape, expr->list);
	put_condition(shape, expr->filter);
	put_int(shape, list_length(expr->conditions));
	foreach(cell, expr->conditions)
		put_condition(shape, lfirst(cell));
	put_int(shape, list_length(expr->partition));
	foreach(cell, expr->partition)
		put_expr(shape, lfirst(cell));
	put_int(shape, list_length(expr->orders));
	foreach(cell, expr->orders)
	{
		const SdOrder *order = lfirst(cell);

		Assert(!order->bytewise);
		put_expr(shape, order->expr);
		put_int(shape, order->descending);
		put_int(shape, order->nulls);
	}
	put_int(shape, list_length(expr->path));
	foreach(cell, expr->path)
		put_associated(shape, lfirst(cell));
}

static void
put_expr(StringInfo shape, const SdExpr *expr)
{
	ListCell   *cell;

	check_stack_depth();
	/* what is not written of it below */
	Assert(expr->kind >= SD_EXPR_OPERATOR ||
		   (expr->conditions == NIL && expr->partition == NIL && expr->path == NIL && !expr->list));
	put_int(shape, expr->kind);
	put_int(shape, expr->type);
	put_int(shape, expr->attr);
	put_int(shape, expr->param);
	if (expr->function != NULL)
		put_text(shape, expr->function, strlen(expr->function));
	if (expr->associated != NULL)
		put_associated(shape, expr->associated);
	put_int(shape, list_length(expr->args));
	foreach(cell, expr->args)
		put_expr(shape, lfirst(cell));
	if (expr->kind >= SD_EXPR_OPERATOR || expr->distinct || expr->star || expr->filter != NULL ||
		expr->orders != NIL)
		put_expr_rest(shape, expr);
}

static void
put_orders(StringInfo shape, int n, const SdOrder *orders)
{
	put_int(shape, n);
	for (int i = 0; i < n; i++)
	{
		put_expr(shape, orders[i].expr);
		put_int(shape, orders[i].descending);
		put_int(shape, orders[i].nulls);
		put_int(shape, orders[i].bytewise);
	}
}

/* The query that gives the list of a condition. */
static void
put_subquery(StringInfo shape, const SdQuery *query)
{
	ListCell   *cell;

	/* of what a query can have beside this, it has nothing */
	Assert(query->noutputs == 1 && query->nmatches == 0 && query->through == NULL);
	Assert(query->group == NIL && query->having == NULL && query->further == NIL);
	Assert(query->end_where == NULL && query->lock == SD_LOCK_NONE);
	put_model(shape, query->model);
	put_expr(shape, query->outputs[0].expr);
	put_condition(shape, query->where);
	put_int(shape, query->distinct);
	put_int(shape, list_length(query->distinct_on));
	foreach(cell, query->distinct_on)
		put_expr(shape, lfirst(cell));
	put_orders(shape, query->norders, query->orders);
	put_int(shape, query->limit_param);
	put_int(shape, query->offset_param);
}

static void
put_condition(StringInfo shape, const SdCondition *condition)
{
	ListCell   *cell;

	check_stack_depth();
	if (condition == NULL)
	{
		put_int(shape, -1);
		return;
	}
	Assert((condition->query != NULL) == (condition->kind == SD_COND_IN_QUERY));
	Assert(condition->query != NULL || !condition->negated);
	put_int(shape, condition->kind);
	put_int(shape, condition->op);
	if (condition->left != NULL)
		put_expr(shape, condition->left);
	if (condition->right != NULL)
		put_expr(shape, condition->right);
	if (condition->associated != NULL)
		put_associated(shape, condition->associated);
	put_condition(shape, condition->through);
	if (condition->query != NULL)
	{
		put_int(shape, condition->negated);
		put_subquery(shape, condition->query);
	}
	put_int(shape, list_length(condition->args));
	foreach(cell, condition->args)
		put_condition(shape, lfirst(cell));
}

static void
put_output_list(StringInfo shape, const SdModel *model, int noutputs, const SdOutput *outputs)
{
	put_int(shape, noutputs);
	for (int i = 0; i < noutputs; i++)
	{
		const SdOutput *output = &outputs[i];
		const SdExpr *expr = output->expr;

		/* most are attributes under their own names: the attribute says it all */
		if (expr->kind == SD_EXPR_ATTRIBUTE && output->name == model->attrs[expr->attr].name)
			put_int(shape, expr->attr);
		else
		{
			put_int(shape, -1);
			put_expr(shape, expr);
			put_text(shape, output->name, output->name_len);
		}
	}
}

static void
put_outputs(StringInfo shape, const SdQuery *query)
{
	const SdThrough *through = query->through;
	ListCell   *cell;

	put_output_list(shape, query->model, query->noutputs, query->outputs);
	put_int(shape, through != NULL);
	if (through != NULL)
	{
		put_model(shape, through->model);
		put_ints(shape, through->other_keys, through->nkeys);
		put_ints(shape, through->target_keys, through->nkeys);
		put_output_list(shape, through->model, through->noutputs, through->outputs);
		put_condition(shape, through->where);
	}
	put_int(shape, list_length(query->includes));
	foreach(cell, query->includes)
	{
		const SdInclude *include = lfirst(cell);
		const SdAssociation *association = include->association;

		put_ints(shape, association->source_keys, association->nkeys);
		put_int(shape, sd_capture_identity(include));
		if (sd_capture_identity(include) > 0)
			put_ints(shape, include->associated->target_keys, association->nkeys);
		put_int(shape, include->computed ? include->place : -1);
	}
}

static void
put_on_conflict(StringInfo shape, const SdOnConflict *on_conflict)
{
	put_int(shape, on_conflict->action);
	put_int(shape, on_conflict->ntarget);
	put_array(shape, on_conflict->target, sizeof(int) * on_conflict->ntarget);
	put_condition(shape, on_conflict->where);
	put_int(shape, on_conflict->nupdated);
	put_array(shape, on_conflict->updated, sizeof(int) * on_conflict->nupdated);
	put_int(shape, on_conflict->counted);
}

/*
 * Appends the shape of a statement.  Raises 0A000 when the table of a model is
 * not any more what the model's descriptor says.
 */
void
sd_jumble(StringInfo shape, const SdStatement *statement)
{
	const SdQuery *query = statement->query;
	const List *checks = sd_statement_checks(statement);
	ListCell   *cell;

	Assert(shape->len == 0);
	Assert(statement->nassigned == 0 || statement->assigned != NULL);
	put_model(shape, query->model);
	put_int(shape, statement->kind);
	put_int(shape, statement->returning);
	put_int(shape, statement->generic);
	put_int(shape, statement->parallel);
	put_int(shape, statement->one);
	put_int(shape, statement->overriding);

	put_int(shape, statement->params.n);
	put_array(shape, statement->params.types, sizeof(Oid) * statement->params.n);
	put_int(shape, statement->params.long_list);
	put_condition(shape, query->where);
	put_int(shape, list_length(checks));
	foreach(cell, checks)
		put_condition(shape, lfirst(cell));

	if (statement->kind == SD_SELECT || statement->returning)
		put_outputs(shape, query);
	put_int(shape, query->nmatches);
	put_int(shape, query->by_index);
	put_int(shape, query->parents);
	for (int i = 0; i < query->nmatches; i++)
	{
		put_int(shape, query->matches[i].attr);
		put_int(shape, query->matches[i].type);
		put_int(shape, query->matches[i].param);
	}
	put_int(shape, query->distinct);
	put_int(shape, query->whole_row);
	put_int(shape, query->group_matches);
	put_int(shape, list_length(query->further));
	foreach(cell, query->further)
		put_associated(shape, lfirst(cell));
	put_condition(shape, query->end_where);
	put_int(shape, list_length(query->distinct_on));
	foreach(cell, query->distinct_on)
		put_expr(shape, lfirst(cell));
	put_int(shape, list_length(query->group));
	foreach(cell, query->group)
		put_expr(shape, lfirst(cell));
	put_condition(shape, query->having);
	put_int(shape, query->backwards);
	put_int(shape, query->lock);
	put_int(shape, query->lock_wait);
	put_orders(shape, query->norders, query->orders);
	put_int(shape, query->limit_param);
	put_int(shape, query->offset_param);

	put_int(shape, statement->nassigned);
	put_array(shape, statement->assigned, sizeof(int) * statement->nassigned);
	put_int(shape, statement->first_param);
	put_int(shape, statement->sets != NULL);
	for (int i = 0; statement->sets != NULL && i < statement->nassigned; i++)
	{
		put_int(shape, statement->sets[i].kind);
		put_int(shape, statement->sets[i].param);
		put_int(shape, statement->sets[i].npaths);
		if (statement->sets[i].kind == SD_SET_EXPR)
			put_expr(shape, statement->sets[i].expr);
	}
	put_int(shape, statement->expects_version);
	put_int(shape, statement->some_unchanged);
	put_int(shape, statement->all_unchanged);
	put_int(shape, statement->locks_first);
	put_int(shape, statement->row_arrays != NULL ? statement->first_array : -1);
	put_ints(shape, statement->matched, statement->nmatched);
	put_int(shape, statement->scale);
	put_on_conflict(shape, &statement->on_conflict);
}

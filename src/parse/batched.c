/*-------------------------------------------------------------------------
 * parse/batched.c
 *		Makes what is computed over associated records an include.
 *
 * A count, a sum or a list among the outputs of a query that reads many rows is
 * parsed as a subquery (related.c).  Here it becomes one grouped statement for a
 * batch of rows, and no subquery for each.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "model/table_index.h"
#include "parse/associated.h"
#include "parse/batched.h"
#include "parse/include.h"
#include "parse/options.h"
#include "parse/through_option.h"
#include "parse/where.h"
#include "utils/lsyscache.h"

/*
 * Whether an output is computed over associated records, and one statement can do
 * it for all rows: these are not sorted by it, and it has no limit of its own,
 * which an index may make cheap for each row alone.  Distinct arrays are told apart
 * by GROUP BY, which an aggregate does not have.
 */
static bool
is_batched(const SdQuery *query, const SdExpr *expr)
{
	if (expr->kind != SD_EXPR_RELATED || (expr->list && expr->param >= 0) ||
		(expr->distinct && expr->type == RECORDARRAYOID))
		return false;
	for (int i = 0; i < query->norders; i++)
	{
		if (query->orders[i].expr == expr)
			return false;
	}
	return true;
}

/*
 * Whether it is about all records of one association, and no more than attributes
 * of them: then it binds no values, and stands beside others in one statement.
 */
static bool
is_plain(const SdExpr *expr)
{
	const SdAssociated *associated = linitial(expr->path);
	const SdExpr *value = linitial(expr->args);
	ListCell   *cell;

	if (expr->filter != NULL || list_length(expr->path) > 1 || expr->orders != NIL ||
		associated->scope != NULL || associated->through_scope != NULL)
		return false;
	if (value->kind == SD_EXPR_CAST)
		value = linitial(value->args);
	if (expr->list)
		return value->kind == SD_EXPR_ATTRIBUTE;
	foreach(cell, value->args)
	{
		if (((const SdExpr *) lfirst(cell))->kind != SD_EXPR_ATTRIBUTE)
			return false;
	}
	return true;
}

/* The value of an output in the grouped statement: an aggregate of the records. */
static SdExpr *
aggregate_of(const SdExpr *expr)
{
	SdExpr	   *aggregate;

	Assert(expr->kind == SD_EXPR_RELATED);
	if (!expr->list)
		return linitial(expr->args);
	aggregate = palloc0(sizeof(SdExpr));
	aggregate->kind = SD_EXPR_FUNCTION;
	aggregate->type = expr->type;
	aggregate->function = SD_ARRAY_AGG;
	aggregate->aggregate = true;
	aggregate->args = expr->args;
	aggregate->distinct = expr->distinct;
	aggregate->orders = expr->orders;
	aggregate->param = -1;
	return aggregate;
}

static bool
is_integer(Oid type)
{
	return type == INT2OID || type == INT4OID || type == INT8OID;
}

/*
 * Whether an index has the rows of keys that follow each other side by side: those of
 * one integer, on both sides.
 */
static bool
is_by_runs(const SdQuery *rows)
{
	const SdModel *model = rows->through != NULL ? rows->through->model : rows->model;
	const SdMatch *match = &rows->matches[0];
	SdSorting	unsorted = {.attr = -1};

	Assert(rows->nmatches > 0);
	return rows->nmatches == 1 && is_integer(match->type) &&
		is_integer(getBaseType(model->attrs[match->attr].type)) &&
		sd_has_index(model, &match->attr, 1, &unsorted);
}

/*
 * The include that gives what expr is and stands behind the first outputs, as many
 * as place says.  What is plain and stands side by side has one.
 */
static SdInclude *
computed_include(SdQuery *query, const SdExpr *expr, int place)
{
	const SdAssociated *associated = linitial(expr->path);
	SdInclude  *include = query->includes != NIL ? llast(query->includes) : NULL;
	bool		plain = is_plain(expr);
	SdQuery    *rows;

	if (plain && include != NULL && include->computed && include->plain &&
		include->place == place && include->association == associated->association &&
		include->associated->with_deleted == associated->with_deleted)
		return include;
	rows = sd_make_query(associated->target);
	rows->call = query->call;
	rows->noutputs = 0;
	rows->outputs = palloc(sizeof(SdOutput) * query->noutputs);
	rows->group_matches = true;
	/* the values that it binds keep their numbers */
	if (!plain)
		rows->params = sd_copy_params(&query->params);
	sd_match_parents(rows, associated);
	rows->by_runs = is_by_runs(rows);
	sd_leave_out_deleted_joins(rows);
	if (rows->through != NULL)
		rows->through->noutputs = 0;
	if (associated->target->deleted_at >= 0 && !associated->with_deleted)
		rows->where = sd_and(rows->where,
							 sd_alive_condition(rows, associated->target, true));
	rows->further = list_copy_tail(expr->path, 1);
	/* on the way to these the default scope of the first records holds */
	if (rows->further != NIL)
		rows->where = sd_and(rows->where, associated->scope);
	rows->end_where = expr->filter;
	include = palloc0(sizeof(SdInclude));
	include->computed = true;
	include->plain = plain;
	include->place = place;
	include->association = associated->association;
	include->associated = palloc(sizeof(SdAssociated));
	*include->associated = *associated;
	include->query = rows;
	query->includes = lappend(query->includes, include);
	return include;
}

/*
 * Makes counts, sums and their like of associated records among the outputs of a
 * query that reads many rows includes.
 */
void
sd_batch_computed(SdQuery *query)
{
	int			kept = 0;

	for (int i = 0; i < query->noutputs; i++)
	{
		SdOutput	output = query->outputs[i];
		SdQuery    *rows;

		if (!is_batched(query, output.expr))
		{
			query->outputs[kept++] = output;
			continue;
		}
		rows = computed_include(query, output.expr, kept)->query;
		Assert(rows->noutputs < query->noutputs);
		output.expr = aggregate_of(output.expr);
		rows->outputs[rows->noutputs++] = output;
	}
	query->noutputs = kept;
}

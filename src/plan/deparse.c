/*-------------------------------------------------------------------------
 * plan/deparse.c
 *		Writes the SQL text of a statement.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "plan/deparse.h"
#include "plan/deparse_clause.h"
#include "plan/deparse_expr.h"
#include "plan/deparse_update.h"
#include "utils/builtins.h"

/* The context of the join rows of an included query. */
static SdDeparse
through_context(const SdDeparse *context, const SdThrough *through)
{
	SdDeparse	rows = *context;

	rows.model = through->model;
	rows.level = SD_LEVEL_THROUGH;
	return rows;
}

/* The context of the table that holds the parents' keys. */
static SdDeparse
parent_context(const SdDeparse *context, const SdQuery *query)
{
	return query->through != NULL ? through_context(context, query->through) : *context;
}

/* Appends the query's table, joined with its join rows where it has some. */
static void
deparse_from(const SdDeparse *context, const SdQuery *query)
{
	const SdThrough *through = query->through;
	SdDeparse	rows;

	appendStringInfoString(context->sql, " FROM ");
	sd_deparse_table(context);
	if (through == NULL)
		return;
	rows = through_context(context, through);
	appendStringInfoString(context->sql, " JOIN ");
	sd_deparse_table(&rows);
	appendStringInfoString(context->sql, " ON ");
	sd_deparse_attribute(context, through->target_key);
	sd_deparse_operator(context, context->model->attrs[through->target_key].type, SD_OP_EQ);
	sd_deparse_attribute(&rows, through->other_key);
}

/* Appends key = ANY (the parents' keys). */
static void
deparse_parents(const SdDeparse *context, const SdQuery *query)
{
	SdDeparse	rows = parent_context(context, query);

	sd_deparse_attribute(&rows, query->parent_key);
	sd_deparse_operator(&rows, rows.model->attrs[query->parent_key].type, SD_OP_EQ);
	appendStringInfoString(context->sql, "ANY (");
	sd_deparse_param(context, query->parent_param);
	appendStringInfoChar(context->sql, ')');
}

/* Appends one more condition of WHERE, unless it is NULL; *first is cleared. */
void
sd_deparse_restriction(const SdDeparse *context, const SdCondition *condition, bool *first)
{
	if (condition == NULL)
		return;
	appendStringInfoString(context->sql, *first ? " WHERE (" : " AND (");
	*first = false;
	sd_deparse_condition(context, condition);
	appendStringInfoChar(context->sql, ')');
}

/* Appends WHERE, where there are conditions. */
void
sd_deparse_where(const SdDeparse *context, const SdQuery *query)
{
	bool		first = true;

	if (query->parent_key >= 0)
	{
		appendStringInfoString(context->sql, " WHERE ");
		deparse_parents(context, query);
		first = false;
	}
	sd_deparse_restriction(context, query->where, &first);
	if (query->through != NULL)
	{
		SdDeparse	rows = through_context(context, query->through);

		sd_deparse_restriction(&rows, query->through->where, &first);
	}
}

/* How many columns become JSON. */
static int
output_count(const SdQuery *query)
{
	return query->noutputs + (query->through != NULL ? query->through->noutputs : 0);
}

/* How many values are captured of each row. */
static int
capture_count(const SdQuery *query)
{
	return list_length(query->includes) + (query->parent_key >= 0 ? 1 : 0);
}

/* The attribute that capture number capture holds. */
static int
capture_attribute(const SdQuery *query, int capture)
{
	SdInclude  *include;

	if (query->parent_key >= 0 && capture == 0)
		return query->parent_key;
	include = list_nth(query->includes, capture - (query->parent_key >= 0 ? 1 : 0));
	return include->association->source_key;
}

/* Whether a captured value has to be cast: parents' keys are matched in memory. */
static bool
capture_is_cast(const SdQuery *query, int capture)
{
	const SdModel *model = query->through != NULL ? query->through->model : query->model;

	return query->parent_key >= 0 && capture == 0 &&
		model->attrs[query->parent_key].type != query->parent_type;
}

/* The output that is what is captured too, or -1. */
static int
capture_output(const SdQuery *query, int capture)
{
	int			attr = capture_attribute(query, capture);

	if (capture_is_cast(query, capture) ||
		(query->through != NULL && query->parent_key >= 0 && capture == 0))
		return -1;
	for (int i = 0; i < query->noutputs; i++)
	{
		if (query->outputs[i].expr->kind == SD_EXPR_ATTRIBUTE &&
			query->outputs[i].expr->attr == attr)
			return i;
	}
	return -1;
}

/*
 * The column of a SELECT, from 0, that holds capture number capture: the
 * parents' key first, where there is one, then the keys of the includes.  What
 * is an output too is not selected twice.  For -1, the number of columns.
 */
int
sd_capture_column(const SdQuery *query, int capture)
{
	int			column = output_count(query);
	int			captures = capture_count(query);

	for (int i = 0; i < captures; i++)
	{
		int			output = capture_output(query, i);

		if (i == capture)
			return output >= 0 ? output : column;
		if (output < 0)
			column++;
	}
	return column;
}

/* Appends the select list, or what RETURNING gives: outputs, then what is captured. */
void
sd_deparse_outputs(const SdDeparse *context, const SdQuery *query)
{
	StringInfo	sql = context->sql;
	const char *separator = " ";

	for (int i = 0; i < query->noutputs; i++)
	{
		appendStringInfoString(sql, separator);
		sd_deparse_expr(context, query->outputs[i].expr);
		separator = ", ";
	}
	for (int i = 0; i < output_count(query) - query->noutputs; i++)
	{
		SdDeparse	rows = through_context(context, query->through);

		appendStringInfoString(sql, separator);
		sd_deparse_expr(&rows, query->through->outputs[i].expr);
		separator = ", ";
	}
	for (int i = 0; i < capture_count(query); i++)
	{
		SdDeparse	table = *context;

		if (capture_output(query, i) >= 0)
			continue;
		if (query->parent_key >= 0 && i == 0)
			table = parent_context(context, query);
		appendStringInfoString(sql, separator);
		separator = ", ";
		sd_deparse_attribute(&table, capture_attribute(query, i));
		if (capture_is_cast(query, i))
			appendStringInfo(sql, "::%s",
							 format_type_extended(query->parent_type, -1,
												  FORMAT_TYPE_TYPEMOD_GIVEN |
												  FORMAT_TYPE_FORCE_QUALIFY));
	}
}

static void
deparse_group(const SdDeparse *context, const SdQuery *query)
{
	ListCell   *cell;

	foreach(cell, query->group)
	{
		appendStringInfoString(context->sql, foreach_current_index(cell) == 0 ? " GROUP BY "
							   : ", ");
		sd_deparse_expr(context, lfirst(cell));
	}
	if (query->having != NULL)
	{
		appendStringInfoString(context->sql, " HAVING ");
		sd_deparse_condition(context, query->having);
	}
}

static void
deparse_direction(StringInfo sql, const SdOrder *order, bool reversed)
{
	bool		descending = order->descending != reversed;

	if (descending)
		appendStringInfoString(sql, " DESC");
	if (order->nulls != SD_NULLS_DEFAULT)
		appendStringInfoString(sql, (order->nulls == SD_NULLS_FIRST) != reversed ? " NULLS FIRST"
							   : " NULLS LAST");
}

/* Appends ORDER BY, where there is an order. */
void
sd_deparse_order(const SdDeparse *context, const SdQuery *query)
{
	for (int i = 0; i < query->norders; i++)
	{
		appendStringInfoString(context->sql, i == 0 ? " ORDER BY " : ", ");
		sd_deparse_expr(context, query->orders[i].expr);
		deparse_direction(context->sql, &query->orders[i], false);
	}
}

/* Appends LIMIT and OFFSET, where there are. */
void
sd_deparse_limit(const SdDeparse *context, const SdQuery *query)
{
	if (query->limit_param >= 0)
	{
		appendStringInfoString(context->sql, " LIMIT ");
		sd_deparse_param(context, query->limit_param);
	}
	if (query->offset_param >= 0)
	{
		appendStringInfoString(context->sql, " OFFSET ");
		sd_deparse_param(context, query->offset_param);
	}
}

static void
deparse_lock(StringInfo sql, const SdQuery *query)
{
	static const char *const locks[] = {
		[SD_LOCK_NONE] = "",
		[SD_LOCK_UPDATE] = " FOR UPDATE OF t",
		[SD_LOCK_NO_KEY_UPDATE] = " FOR NO KEY UPDATE OF t",
		[SD_LOCK_SHARE] = " FOR SHARE OF t",
		[SD_LOCK_KEY_SHARE] = " FOR KEY SHARE OF t"
	};
	static const char *const waits[] = {
		[SD_LOCK_WAIT] = "",
		[SD_LOCK_SKIP] = " SKIP LOCKED",
		[SD_LOCK_NO_WAIT] = " NOWAIT"
	};

	appendStringInfoString(sql, locks[query->lock]);
	appendStringInfoString(sql, waits[query->lock_wait]);
}

/* SELECT p.c0, p.c1, … FROM ( */
static void
begin_numbered(StringInfo sql, int columns)
{
	appendStringInfoString(sql, "SELECT");
	for (int i = 0; i < columns; i++)
		appendStringInfo(sql, "%s p.c%d", i > 0 ? "," : "", i);
	appendStringInfoString(sql, " FROM (");
}

/* ) AS p (c0, c1, …, n) */
static void
end_numbered(StringInfo sql, int columns)
{
	appendStringInfoString(sql, ") AS p (");
	for (int i = 0; i < columns; i++)
		appendStringInfo(sql, "c%d, ", i);
	appendStringInfoString(sql, "n)");
}

/*
 * The rows of a page that was read from its end, in the order asked: their
 * positions from there are numbered, and sorted the other way round.
 */
static void
deparse_backwards(const SdDeparse *context, const SdQuery *query)
{
	StringInfo	sql = context->sql;
	int			columns = sd_capture_column(query, -1);

	begin_numbered(sql, columns);
	appendStringInfoString(sql, "SELECT page.*, pg_catalog.row_number() OVER () AS n FROM (SELECT");
	sd_deparse_outputs(context, query);
	deparse_from(context, query);
	sd_deparse_where(context, query);
	sd_deparse_order(context, query);
	sd_deparse_limit(context, query);
	deparse_lock(sql, query);
	appendStringInfoString(sql, ") AS page");
	end_numbered(sql, columns);
	appendStringInfoString(sql, " ORDER BY p.n DESC");
}

/* The children of a batch of parents, so many of each: numbered for each parent by itself. */
static void
deparse_limited_children(const SdDeparse *context, const SdQuery *query)
{
	StringInfo	sql = context->sql;
	int			columns = sd_capture_column(query, -1);
	SdDeparse	parents = parent_context(context, query);

	begin_numbered(sql, columns);
	appendStringInfoString(sql, "SELECT");
	sd_deparse_outputs(context, query);
	appendStringInfoString(sql, ", pg_catalog.row_number() OVER (PARTITION BY ");
	sd_deparse_attribute(&parents, query->parent_key);
	sd_deparse_order(context, query);
	appendStringInfoString(sql, ") AS n");
	deparse_from(context, query);
	sd_deparse_where(context, query);
	end_numbered(sql, columns);
	appendStringInfoString(sql, " WHERE ");
	if (query->offset_param >= 0)
	{
		appendStringInfoString(sql, "p.n OPERATOR(pg_catalog.>) ");
		sd_deparse_param(context, query->offset_param);
	}
	if (query->limit_param >= 0)
	{
		if (query->offset_param >= 0)
			appendStringInfoString(sql, " AND ");
		appendStringInfoString(sql, "p.n OPERATOR(pg_catalog.<=) ");
		if (query->offset_param >= 0)
		{
			appendStringInfoChar(sql, '(');
			sd_deparse_param(context, query->offset_param);
			appendStringInfoString(sql, " OPERATOR(pg_catalog.+) ");
			sd_deparse_param(context, query->limit_param);
			appendStringInfoChar(sql, ')');
		}
		else
			sd_deparse_param(context, query->limit_param);
	}
	appendStringInfoString(sql, " ORDER BY p.n");
}

static void
deparse_select(const SdDeparse *context, const SdQuery *query)
{
	StringInfo	sql = context->sql;

	if (query->backwards)
	{
		deparse_backwards(context, query);
		return;
	}
	if (query->parent_key >= 0 && (query->limit_param >= 0 || query->offset_param >= 0))
	{
		deparse_limited_children(context, query);
		return;
	}
	appendStringInfoString(sql, query->distinct ? "SELECT DISTINCT" : "SELECT");
	sd_deparse_outputs(context, query);
	deparse_from(context, query);
	sd_deparse_where(context, query);
	deparse_group(context, query);
	sd_deparse_order(context, query);
	sd_deparse_limit(context, query);
	deparse_lock(sql, query);
}

/* Appends RETURNING, where the statement does: what is asked for, then whether the checks hold. */
void
sd_deparse_returning(const SdDeparse *context, const SdStatement *statement)
{
	StringInfo	sql = context->sql;
	ListCell   *cell;

	if (!statement->returning && statement->query->checks == NIL)
		return;
	appendStringInfoString(sql, " RETURNING");
	if (statement->returning)
		sd_deparse_outputs(context, statement->query);
	foreach(cell, statement->query->checks)
	{
		bool		first = !statement->returning && foreach_current_index(cell) == 0;

		appendStringInfoString(sql, first ? " (" : ", (");
		sd_deparse_condition(context, lfirst(cell));
		appendStringInfoString(sql, ") IS TRUE");
	}
}

static void
deparse_insert(const SdDeparse *context, const SdStatement *statement)
{
	StringInfo	sql = context->sql;

	appendStringInfoString(sql, "INSERT INTO ");
	sd_deparse_table(context);
	if (statement->nassigned == 0 && statement->kind == SD_INSERT)
		appendStringInfoString(sql, " DEFAULT VALUES");
	else
	{
		for (int i = 0; i < statement->nassigned; i++)
			appendStringInfo(sql, "%s%s", i == 0 ? " (" : ", ",
							 context->model->attrs[statement->assigned[i]].column);
		if (statement->nassigned > 0)
			appendStringInfoChar(sql, ')');
		appendStringInfoString(sql, statement->kind == SD_INSERT ? " VALUES (" : " SELECT ");
		for (int i = 0; i < statement->nassigned; i++)
		{
			if (i > 0)
				appendStringInfoString(sql, ", ");
			if (statement->kind == SD_INSERT)
				sd_deparse_param(context, statement->first_param + i);
			else
				appendStringInfo(sql, "r.c%d", i);
		}
		appendStringInfoString(sql, statement->kind == SD_INSERT ? ")" : " FROM " SD_ROWS " AS r");
	}
	sd_deparse_returning(context, statement);
}

/* Appends the SQL text of a statement. */
void
sd_deparse(StringInfo sql, const SdStatement *statement)
{
	int			levels = 0;
	SdDeparse	context = {
		.sql = sql,
		.model = statement->query->model,
		.levels = &levels
	};

	switch (statement->kind)
	{
		case SD_SELECT:
			deparse_select(&context, statement->query);
			break;
		case SD_COUNT:
			appendStringInfoString(sql, "SELECT pg_catalog.count(*) FROM ");
			sd_deparse_table(&context);
			sd_deparse_where(&context, statement->query);
			break;
		case SD_INSERT:
		case SD_INSERT_ROWS:
			deparse_insert(&context, statement);
			break;
		case SD_UPDATE:
			sd_deparse_update(&context, statement);
			break;
		case SD_UPDATE_ROWS:
			sd_deparse_update_rows(&context, statement);
			break;
		case SD_DELETE:
			sd_deparse_delete(&context, statement);
			break;
	}
}

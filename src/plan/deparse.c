/*-------------------------------------------------------------------------
 * plan/deparse.c
 *		Writes the SQL text of a statement.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "plan/capture.h"
#include "plan/deparse.h"
#include "plan/deparse_apart.h"
#include "plan/deparse_association.h"
#include "plan/deparse_clause.h"
#include "plan/deparse_expr.h"
#include "plan/deparse_insert.h"
#include "plan/deparse_update.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* The context of the join rows of an included query. */
static SdDeparse
through_context(const SdDeparse *context, const SdThrough *through)
{
	SdDeparse	rows = *context;

	rows.model = through->model;
	rows.level = SD_LEVEL_THROUGH;
	rows.through = NULL;
	return rows;
}

/* The context of the table that holds the parents' keys. */
static SdDeparse
parent_context(const SdDeparse *context, const SdQuery *query)
{
	return query->through != NULL ? through_context(context, query->through) : *context;
}

/* The context of the records that the outputs are about. */
static const SdDeparse *
end_context(const SdDeparse *context, const SdQuery *query)
{
	Assert(query->further == NIL || context->ends != NULL);
	return query->further != NIL ? &context->ends[list_length(query->further) - 1] : context;
}

/*
 * Appends the arrays of the parents' keys side by side, as rows: k (c0, c1, …).  In FROM
 * unnest() makes columns of the fields of a composite value, in a select list it does not.
 */
static void
deparse_key_rows(const SdDeparse *context, const SdQuery *query)
{
	StringInfo	sql = context->sql;
	bool		composite = false;

	for (int i = 0; i < query->nmatches; i++)
		composite |= type_is_rowtype(query->matches[i].type);
	appendStringInfoString(sql, composite ? "(SELECT " : "ROWS FROM (");
	for (int i = 0; i < query->nmatches; i++)
	{
		appendStringInfoString(sql, i == 0 ? "pg_catalog.unnest(" : ", pg_catalog.unnest(");
		sd_deparse_param(context, query->matches[i].param);
		appendStringInfoChar(sql, ')');
	}
	appendStringInfoString(sql, ") AS k (");
	for (int i = 0; i < query->nmatches; i++)
		appendStringInfo(sql, i == 0 ? "c%d" : ", c%d", i);
	appendStringInfoChar(sql, ')');
}

/* Whether the statement has a part for each parent, by whose key k it is restricted. */
static bool
is_lateral(const SdQuery *query)
{
	return query->by_index && query->parents != SD_ONE_PARENT;
}

/* Appends that a key is one of a run, whose ends are an array. */
static void
deparse_run(const SdDeparse *rows, const SdMatch *match)
{
	Oid			type = rows->model->attrs[match->attr].type;

	for (int end = 1; end <= 2; end++)
	{
		appendStringInfoString(rows->sql, end == 1 ? "" : " AND ");
		sd_deparse_attribute(rows, match->attr);
		sd_deparse_operator(rows, type, end == 1 ? SD_OP_GE : SD_OP_LE);
		appendStringInfoChar(rows->sql, '(');
		sd_deparse_param(rows, match->param);
		appendStringInfo(rows->sql, ")[%d]", end);
	}
}

/*
 * Appends key = ANY (the parents' keys), for one parent key = its key, and for a run of
 * them key >= the first AND key <= the last.  For a key
 * of several attributes of many it is an EXISTS over their arrays side by side,
 * which the planner makes a semijoin; IN with rows would look up its operators by
 * name.
 */
static void
deparse_parents(const SdDeparse *context, const SdQuery *query)
{
	StringInfo	sql = context->sql;
	SdDeparse	rows = parent_context(context, query);
	bool		lateral = is_lateral(query);
	bool		several = query->nmatches > 1 && query->parents != SD_ONE_PARENT && !lateral;

	/* a run is one of integers */
	Assert(query->parents != SD_RUN_OF_PARENTS || query->nmatches == 1);
	if (several)
	{
		appendStringInfoString(sql, "EXISTS (SELECT 1 FROM ");
		deparse_key_rows(context, query);
		appendStringInfoString(sql, " WHERE ");
	}
	for (int i = 0; i < query->nmatches; i++)
	{
		const SdMatch *match = &query->matches[i];

		if (i > 0)
			appendStringInfoString(sql, " AND ");
		if (query->parents == SD_RUN_OF_PARENTS)
		{
			deparse_run(&rows, match);
			continue;
		}
		sd_deparse_attribute(&rows, match->attr);
		sd_deparse_operator(&rows, rows.model->attrs[match->attr].type, SD_OP_EQ);
		if (several || lateral)
			appendStringInfo(sql, "k.c%d", i);
		else if (query->parents == SD_ONE_PARENT)
			sd_deparse_param(context, match->param);
		else
		{
			appendStringInfoString(sql, "ANY (");
			sd_deparse_param(context, match->param);
			appendStringInfoChar(sql, ')');
		}
	}
	if (several)
		appendStringInfoChar(sql, ')');
}

/*
 * Appends the join rows.  Citus joins shards by the column that distributes them,
 * and no others unless one side is found first: OFFSET 0 keeps it apart.
 */
static void
deparse_join_rows(const SdDeparse *rows, const SdQuery *query)
{
	StringInfo	sql = rows->sql;

	if (query->nmatches == 0 || query->parents == SD_ALL_PARENTS ||
		(query->model->distribution == SD_NOT_DISTRIBUTED &&
		 rows->model->distribution == SD_NOT_DISTRIBUTED))
	{
		sd_deparse_table(rows);
		return;
	}
	sd_begin_apart(rows);
	appendStringInfoString(sql, " FROM ");
	sd_deparse_table(rows);
	appendStringInfoString(sql, " WHERE ");
	deparse_parents(rows, query);
	appendStringInfoString(sql, " OFFSET 0) AS j");
}

/* Appends the query's table, joined with its join rows and what leads on from it, where there are. */
static void
deparse_from(const SdDeparse *context, const SdQuery *query)
{
	const SdThrough *through = query->through;

	appendStringInfoString(context->sql, " FROM ");
	sd_deparse_table(context);
	if (through != NULL)
	{
		SdDeparse	rows = through_context(context, through);

		appendStringInfoString(context->sql, " JOIN ");
		deparse_join_rows(&rows, query);
		appendStringInfoString(context->sql, " ON ");
		sd_deparse_match(context, through->target_keys, &rows, through->other_keys,
						 through->nkeys);
	}
	sd_deparse_path_tables(context->ends, list_length(query->further), ", ");
}

/* Appends one more condition of WHERE, unless it is NULL; *first is cleared. */
void
sd_deparse_restriction(const SdDeparse *context, const SdCondition *condition, bool *first)
{
	SdDeparse	filter = *context;

	if (condition == NULL)
		return;
	appendStringInfoString(context->sql, *first ? " WHERE (" : " AND (");
	*first = false;
	filter.filter = true;
	sd_deparse_condition(&filter, condition);
	appendStringInfoChar(context->sql, ')');
}

/* Appends WHERE, where there are conditions. */
void
sd_deparse_where(const SdDeparse *context, const SdQuery *query)
{
	bool		first = true;

	if (query->nmatches > 0 && query->parents != SD_ALL_PARENTS)
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
	if (query->further != NIL)
	{
		appendStringInfoString(context->sql, first ? " WHERE " : " AND ");
		first = false;
		sd_deparse_path(context, context->ends, query->further);
	}
	sd_deparse_restriction(end_context(context, query), query->end_where, &first);
}

/* How many columns become JSON. */
static int
output_count(const SdQuery *query)
{
	return query->noutputs + (query->through != NULL ? query->through->noutputs : 0);
}

/* Appends the select list, or what RETURNING gives: outputs, then what is captured. */
void
sd_deparse_outputs(const SdDeparse *context, const SdQuery *query)
{
	StringInfo	sql = context->sql;
	const char *separator = " ";
	SdCaptured *captured;
	int			ncaptured = sd_capture_count(query);

	if (query->whole_row)
	{
		Assert(query->through == NULL && ncaptured == 0);
		/* a page that is read from its end is numbered, with its row as one value; t might be a column */
		if (query->backwards)
			appendStringInfo(sql, " CAST(t.* AS %s)", context->model->relation);
		else
			appendStringInfoString(sql, " t.*");
		return;
	}
	for (int i = 0; i < query->noutputs; i++)
	{
		appendStringInfoString(sql, separator);
		sd_deparse_expr(end_context(context, query), query->outputs[i].expr);
		separator = ", ";
	}
	for (int i = 0; i < output_count(query) - query->noutputs; i++)
	{
		SdDeparse	rows = through_context(context, query->through);

		appendStringInfoString(sql, separator);
		sd_deparse_expr(&rows, query->through->outputs[i].expr);
		separator = ", ";
	}
	captured = sd_captured(query);
	for (int i = 0; i < ncaptured; i++)
	{
		SdDeparse	table = captured[i].match ? parent_context(context, query) : *context;

		if (!captured[i].selected)
			continue;
		appendStringInfoString(sql, separator);
		separator = ", ";
		sd_deparse_attribute(&table, captured[i].attr);
		/* parents' keys are matched in memory, where they have to be of one type */
		if (table.model->attrs[captured[i].attr].type != captured[i].type)
			appendStringInfo(sql, "::%s",
							 format_type_extended(captured[i].type, -1,
												  FORMAT_TYPE_TYPEMOD_GIVEN |
												  FORMAT_TYPE_FORCE_QUALIFY));
	}
	pfree(captured);
}

static void
deparse_group(const SdDeparse *context, const SdQuery *query)
{
	ListCell   *cell;

	Assert(query->group == NIL || !query->group_matches);
	foreach(cell, query->group)
	{
		appendStringInfoString(context->sql, foreach_current_index(cell) == 0 ? " GROUP BY "
							   : ", ");
		sd_deparse_expr(context, lfirst(cell));
	}
	if (query->group_matches)
	{
		SdDeparse	rows = parent_context(context, query);

		for (int i = 0; i < query->nmatches; i++)
		{
			appendStringInfoString(context->sql, i == 0 ? " GROUP BY " : ", ");
			sd_deparse_attribute(&rows, query->matches[i].attr);
		}
	}
	if (query->having != NULL)
	{
		appendStringInfoString(context->sql, " HAVING ");
		sd_deparse_condition(context, query->having);
	}
}

/* Appends the collation and the direction of a term of an order, or with reversed its opposite. */
void
sd_deparse_direction(StringInfo sql, const SdOrder *order, bool reversed)
{
	bool		descending = order->descending != reversed;

	if (order->bytewise)
		appendStringInfoString(sql, SD_BYTEWISE);
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
		sd_deparse_direction(context->sql, &query->orders[i], false);
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

	StaticAssertStmt(lengthof(locks) == SD_LOCK_KEY_SHARE + 1, "every lock has its words");
	StaticAssertStmt(lengthof(waits) == SD_LOCK_NO_WAIT + 1, "every way to wait has its words");
	Assert(query->lock < lengthof(locks) && query->lock_wait < lengthof(waits));

	appendStringInfoString(sql, locks[query->lock]);
	if (query->lock != SD_LOCK_NONE)
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
	int			columns = sd_column_count(query);

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
	int			columns = sd_column_count(query);
	SdDeparse	parents = parent_context(context, query);

	begin_numbered(sql, columns);
	appendStringInfoString(sql, "SELECT");
	sd_deparse_outputs(context, query);
	appendStringInfoString(sql, ", pg_catalog.row_number() OVER (PARTITION BY ");
	for (int i = 0; i < query->nmatches; i++)
	{
		if (i > 0)
			appendStringInfoString(sql, ", ");
		sd_deparse_attribute(&parents, query->matches[i].attr);
	}
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

/* DISTINCT ON (…), where rows are to differ in some attributes. */
void
sd_deparse_distinct_on(const SdDeparse *context, const SdQuery *query)
{
	ListCell   *cell;

	foreach(cell, query->distinct_on)
	{
		appendStringInfoString(context->sql,
							   foreach_current_index(cell) == 0 ? " DISTINCT ON (" : ", ");
		sd_deparse_expr(context, lfirst(cell));
	}
	if (query->distinct_on != NIL)
		appendStringInfoChar(context->sql, ')');
}

/* count(*), or of the values that differ of what "distinct" names */
static void
deparse_count(const SdDeparse *context, const SdQuery *query)
{
	StringInfo	sql = context->sql;
	bool		several = list_length(query->distinct_on) > 1;
	ListCell   *cell;

	Assert(query->limit_param < 0 && query->offset_param < 0);
	if (query->distinct_on == NIL)
	{
		appendStringInfoString(sql, "SELECT pg_catalog.count(*) FROM ");
		return;
	}
	appendStringInfoString(sql, "SELECT pg_catalog.count(DISTINCT ");
	foreach(cell, query->distinct_on)
	{
		appendStringInfoString(sql, foreach_current_index(cell) > 0 ? ", " : several ? "(" : "");
		sd_deparse_expr(context, lfirst(cell));
	}
	appendStringInfoString(sql, several ? ")) FROM " : ") FROM ");
}

static void
deparse_select(const SdDeparse *context, const SdStatement *statement)
{
	const SdQuery *query = statement->query;
	StringInfo	sql = context->sql;

	Assert(!statement->one || (query->limit_param < 0 && !query->backwards));

	if (query->backwards)
	{
		deparse_backwards(context, query);
		return;
	}
	if (is_lateral(query))
	{
		appendStringInfoString(sql, "SELECT p.* FROM ");
		deparse_key_rows(context, query);
		appendStringInfoString(sql, " CROSS JOIN LATERAL (");
	}
	else if (query->nmatches > 0 && query->parents != SD_ONE_PARENT &&
			 (query->limit_param >= 0 || query->offset_param >= 0))
	{
		deparse_limited_children(context, query);
		return;
	}
	appendStringInfoString(sql, query->distinct ? "SELECT DISTINCT" : "SELECT");
	sd_deparse_distinct_on(context, query);
	sd_deparse_outputs(context, query);
	/* SELECT takes an empty list, SELECT DISTINCT does not */
	if ((query->distinct || query->distinct_on != NIL) && !query->whole_row &&
		sd_column_count(query) == 0)
		appendStringInfoString(sql, " NULL");
	deparse_from(context, query);
	sd_deparse_where(context, query);
	deparse_group(context, query);
	sd_deparse_order(context, query);
	/* a constant, so that also a plan for no particular values is one for a single row */
	if (statement->one)
		appendStringInfoString(sql, " LIMIT 1");
	sd_deparse_limit(context, query);
	deparse_lock(sql, query);
	if (is_lateral(query))
		appendStringInfoString(sql, ") AS p");
}

/* Appends RETURNING, where the statement does: what is asked for, then whether the checks hold. */
void
sd_deparse_returning(const SdDeparse *context, const SdStatement *statement)
{
	StringInfo	sql = context->sql;
	const List *checks = sd_statement_checks(statement);
	bool		first = !statement->returning || sd_column_count(statement->query) == 0;
	ListCell   *cell;

	if (!statement->returning && checks == NIL)
		return;
	appendStringInfoString(sql, " RETURNING");
	if (statement->returning)
		sd_deparse_outputs(context, statement->query);
	/* rows that are only counted */
	if (checks == NIL && first)
		appendStringInfoString(sql, " NULL");
	foreach(cell, checks)
	{
		appendStringInfoString(sql, first ? " (" : ", (");
		first = false;
		sd_deparse_condition(context, lfirst(cell));
		appendStringInfoString(sql, ") IS TRUE");
	}
}

/* Appends the SQL text of a statement.  Returns what stands in it. */
SdFound
sd_deparse(StringInfo sql, const SdStatement *statement)
{
	int			levels = 0;
	SdFound		found = {0};
	SdDeparse	context = {
		.sql = sql,
		.model = statement->query->model,
		.levels = &levels,
		.found = &found
	};

	SdDeparse	through;

	Assert(statement->kind == SD_SELECT || !statement->one);
	if (statement->query->through != NULL)
	{
		through = through_context(&context, statement->query->through);
		context.through = &through;
	}
	if (statement->query->further != NIL)
		context.ends = sd_path_contexts(&context, statement->query->further);
	for (int i = 0; i < statement->nassigned; i++)
		found.secret |= context.model->attrs[statement->assigned[i]].hidden;
	switch (statement->kind)
	{
		case SD_SELECT:
			deparse_select(&context, statement);
			break;
		case SD_COUNT:
			deparse_count(&context, statement->query);
			sd_deparse_table(&context);
			sd_deparse_where(&context, statement->query);
			break;
		case SD_INSERT:
		case SD_INSERT_ROWS:
			sd_deparse_insert(&context, statement);
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
	sd_name_apart_columns(sql, &found);
	return found;
}

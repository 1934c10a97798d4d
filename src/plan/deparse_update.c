/*-------------------------------------------------------------------------
 * plan/deparse_update.c
 *		Writes the SQL text of UPDATE and DELETE.
 *
 * So many rows of a table are chosen by a query that locks them, in a CTE that
 * is materialized: a subquery could be run again for another row, would then
 * pass over the rows that this very statement has changed, and choose more.
 * Locking checks the conditions on the newest state of a row, and goes on to
 * others until there are enough.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "parse/order.h"
#include "plan/capture.h"
#include "plan/deparse.h"
#include "plan/deparse_clause.h"
#include "plan/deparse_update.h"

static bool
is_limited(const SdQuery *query)
{
	return query->limit_param >= 0 || query->offset_param >= 0;
}

/*
 * Whether the rows that are chosen are locked.  No FOR UPDATE goes to several
 * shards of Citus; the conditions are looked at once more there.
 */
static bool
locks_chosen(const SdDeparse *context)
{
	return context->model->distribution != SD_DISTRIBUTED;
}

/* WITH chosen (k0, …) AS MATERIALIZED (SELECT the keys … LIMIT … FOR UPDATE), where rows are limited */
static void
deparse_chosen(const SdDeparse *context, const SdQuery *query)
{
	StringInfo	sql = context->sql;
	const SdModel *model = context->model;

	if (!is_limited(query))
		return;
	appendStringInfoString(sql, "WITH chosen (");
	for (int i = 0; i < model->nkeys; i++)
		appendStringInfo(sql, "%sk%d", i == 0 ? "" : ", ", i);
	appendStringInfoString(sql, ") AS MATERIALIZED (SELECT ");
	for (int i = 0; i < model->nkeys; i++)
	{
		if (i > 0)
			appendStringInfoString(sql, ", ");
		sd_deparse_attribute(context, model->keys[i]);
	}
	appendStringInfoString(sql, " FROM ");
	sd_deparse_table(context);
	sd_deparse_where(context, query);
	sd_deparse_order(context, query);
	sd_deparse_limit(context, query);
	appendStringInfoString(sql, locks_chosen(context) ? " FOR UPDATE OF t) " : ") ");
}

/* t.key = rows.k0 AND …, for the rows of another relation of the statement */
static void
deparse_same_key(const SdDeparse *context, const char *rows)
{
	const SdModel *model = context->model;

	Assert(model->nkeys > 0);
	for (int i = 0; i < model->nkeys; i++)
	{
		if (i > 0)
			appendStringInfoString(context->sql, " AND ");
		sd_deparse_attribute(context, model->keys[i]);
		sd_deparse_operator(context, model->attrs[model->keys[i]].type, SD_OP_EQ);
		appendStringInfo(context->sql, "%s.k%d", rows, i);
	}
}

/* Which rows: those of the conditions, or those chosen; from is FROM or USING. */
static void
deparse_which(const SdDeparse *context, const SdQuery *query, const char *from)
{
	bool		first = false;

	if (!is_limited(query))
	{
		sd_deparse_where(context, query);
		return;
	}
	appendStringInfo(context->sql, " %s chosen WHERE ", from);
	deparse_same_key(context, "chosen");
	if (!locks_chosen(context))
		sd_deparse_restriction(context, query->where, &first);
}

/* The document with values set at paths; json goes by way of jsonb. */
static void
deparse_json_set(const SdDeparse *context, int attr, const SdSet *set)
{
	StringInfo	sql = context->sql;
	bool		is_json = context->model->attrs[attr].type == JSONOID;

	Assert(set->npaths > 0);
	for (int i = 0; i < set->npaths; i++)
		appendStringInfoString(sql, "studentdir.json_set(");
	sd_deparse_attribute(context, attr);
	if (is_json)
		appendStringInfoString(sql, "::pg_catalog.jsonb");
	for (int i = 0; i < set->npaths; i++)
	{
		appendStringInfoString(sql, ", ");
		sd_deparse_param(context, set->param + 2 * i);
		appendStringInfoString(sql, ", ");
		sd_deparse_param(context, set->param + 2 * i + 1);
		appendStringInfoChar(sql, ')');
	}
	if (is_json)
		appendStringInfoString(sql, "::pg_catalog.json");
}

/* What assigned attribute number i becomes. */
static void
deparse_set(const SdDeparse *context, const SdStatement *statement, int i)
{
	StringInfo	sql = context->sql;
	int			attr = statement->assigned[i];
	const SdSet *set;

	Assert(statement->sets != NULL || statement->first_param + i < statement->params.n);
	if (statement->sets == NULL)
	{
		sd_deparse_param(context, statement->first_param + i);
		return;
	}
	set = &statement->sets[i];
	switch (set->kind)
	{
		case SD_SET_VALUE:
			sd_deparse_param(context, set->param);
			break;
		case SD_SET_SUM:
		case SD_SET_DIFFERENCE:
			sd_deparse_attribute(context, attr);
			appendStringInfo(sql, " OPERATOR(pg_catalog.%c) ",
							 set->kind == SD_SET_SUM ? '+' : '-');
			sd_deparse_param(context, set->param);
			break;
		case SD_SET_EXPR:
			sd_deparse_expr(context, set->expr);
			break;
		case SD_SET_DEFAULT:
			appendStringInfoString(sql, "DEFAULT");
			break;
		case SD_SET_JSON:
			deparse_json_set(context, attr, set);
			break;
		case SD_SET_ROW:
			appendStringInfo(sql, "r.c%d", i);
			break;
		case SD_SET_ROW_GIVEN:
			appendStringInfo(sql, "CASE WHEN r.g%d THEN r.c%d ELSE ", i, i);
			sd_deparse_attribute(context, attr);
			appendStringInfoString(sql, " END");
			break;
	}
}

/* UPDATE … SET …; every update of a model with versions makes the next one. */
static void
deparse_assignments(const SdDeparse *context, const SdStatement *statement)
{
	StringInfo	sql = context->sql;
	const SdModel *model = context->model;
	const char *separator = " SET ";

	appendStringInfoString(sql, "UPDATE ");
	sd_deparse_table(context);
	for (int i = 0; i < statement->nassigned; i++)
	{
		appendStringInfo(sql, "%s%s = ", separator, model->attrs[statement->assigned[i]].column);
		deparse_set(context, statement, i);
		separator = ", ";
	}
	if (model->version >= 0)
	{
		appendStringInfo(sql, "%s%s = ", separator, model->attrs[model->version].column);
		sd_deparse_attribute(context, model->version);
		appendStringInfoString(sql, " OPERATOR(pg_catalog.+) 1");
	}
}

/* Appends UPDATE of the rows that the query's conditions leave. */
void
sd_deparse_update(const SdDeparse *context, const SdStatement *statement)
{
	Assert(statement->nassigned > 0);
	deparse_chosen(context, statement->query);
	deparse_assignments(context, statement);
	deparse_which(context, statement->query, "FROM");
	sd_deparse_returning(context, statement);
}

/*
 * locked AS MATERIALIZED (SELECT the rows of SD_ROWS … FOR NO KEY UPDATE): the
 * records are locked in the order of their keys, so that calls which change the
 * same ones wait for each other and do not deadlock.  The planner may choose any
 * order for the UPDATE itself; of a few it takes theirs, so that a record can get the
 * unique value that the one before it gives up.
 */
static void
deparse_locked(const SdDeparse *context, const SdStatement *statement)
{
	StringInfo	sql = context->sql;
	const SdModel *model = context->model;
	bool		first = false;

	appendStringInfoString(sql, "locked AS MATERIALIZED (SELECT r.* FROM ");
	sd_deparse_table(context);
	appendStringInfoString(sql, " JOIN ");
	sd_deparse_rows(context, statement);
	appendStringInfoString(sql, " ON ");
	deparse_same_key(context, "r");
	/* AND of ON: the join is an inner one */
	sd_deparse_restriction(context, statement->query->where, &first);
	for (int i = 0; i < model->nkeys; i++)
	{
		appendStringInfo(sql, i == 0 ? " ORDER BY r.k%d" : ", r.k%d", i);
		if (sd_locks_bytewise(&model->attrs[model->keys[i]]))
			appendStringInfoString(sql, SD_BYTEWISE);
	}
	appendStringInfoString(sql, " FOR NO KEY UPDATE OF t)");
}

/* The record of each row, in the version that the row says, if the query leaves it. */
static void
deparse_row_conditions(const SdDeparse *context, const SdStatement *statement)
{
	StringInfo	sql = context->sql;
	const SdModel *model = context->model;
	bool		first = false;

	deparse_same_key(context, "r");
	if (statement->expects_version)
	{
		appendStringInfoString(sql, " AND (r.v IS NULL OR ");
		sd_deparse_attribute(context, model->version);
		sd_deparse_operator(context, model->attrs[model->version].type, SD_OP_EQ);
		appendStringInfoString(sql, "r.v)");
	}
	sd_deparse_restriction(context, statement->query->where, &first);
}

/* name (c0, …, n) AS ( */
static void
begin_numbered(StringInfo sql, const char *name, int columns)
{
	appendStringInfo(sql, "%s (", name);
	for (int i = 0; i < columns; i++)
		appendStringInfo(sql, "c%d, ", i);
	appendStringInfoString(sql, "n) AS (");
}

/* UPDATE … RETURNING …, r.n */
static void
deparse_changed(const SdDeparse *context, const SdStatement *statement, int columns)
{
	StringInfo	sql = context->sql;

	deparse_assignments(context, statement);
	appendStringInfoString(sql, " FROM ");
	if (statement->locks_first)
		appendStringInfoString(sql, "locked AS r");
	else
		sd_deparse_rows(context, statement);
	appendStringInfoString(sql, " WHERE ");
	deparse_row_conditions(context, statement);
	if (statement->some_unchanged)
		appendStringInfoString(sql, " AND r.w");
	if (columns > 0)
		sd_deparse_returning(context, statement);
	appendStringInfoString(sql, columns > 0 ? ", r.n" : " RETURNING r.n");
}

/* SELECT …, r.n: the records that their rows say nothing new of */
static void
deparse_unchanged(const SdDeparse *context, const SdStatement *statement, int columns)
{
	StringInfo	sql = context->sql;
	int			nchecks = list_length(sd_statement_checks(statement));

	appendStringInfoString(sql, "SELECT");
	sd_deparse_outputs(context, statement->query);
	for (int i = columns - nchecks; i < columns; i++)
		appendStringInfoString(sql, i == 0 ? " true" : ", true");
	appendStringInfoString(sql, columns > 0 ? ", r.n FROM " : " r.n FROM ");
	sd_deparse_table(context);
	appendStringInfoString(sql, ", ");
	sd_deparse_rows(context, statement);
	appendStringInfoString(sql, " WHERE ");
	deparse_row_conditions(context, statement);
	if (!statement->all_unchanged)
		appendStringInfoString(sql, " AND NOT r.w");
}

/*
 * Appends UPDATE of the records whose keys are in SD_ROWS, and which the
 * query's conditions leave; those of rows that set nothing are read.  The numbers of
 * these rows are the last column.  The records come in any order, which the answer is
 * put in, but where the model's conditions are looked at: failures are listed as they come.
 */
void
sd_deparse_update_rows(const SdDeparse *context, const SdStatement *statement)
{
	StringInfo	sql = context->sql;
	int			nchecks = list_length(sd_statement_checks(statement));
	int			columns = sd_column_count(statement->query) + nchecks;
	bool		apart = !statement->all_unchanged && (statement->some_unchanged || nchecks > 0);

	Assert(statement->some_unchanged || !statement->all_unchanged);
	Assert(!statement->expects_version || context->model->version >= 0);
	Assert(!is_limited(statement->query));
	if (statement->locks_first || apart)
		appendStringInfoString(sql, "WITH ");
	if (statement->locks_first)
	{
		deparse_locked(context, statement);
		appendStringInfoString(sql, apart ? ", " : " ");
	}
	if (apart)
		begin_numbered(sql, "changed", columns);
	if (!statement->all_unchanged)
		deparse_changed(context, statement, columns);
	if (apart)
	{
		appendStringInfoString(sql, ") SELECT ");
		for (int i = 0; i < columns; i++)
			appendStringInfo(sql, "w.c%d, ", i);
		appendStringInfoString(sql, "w.n FROM changed AS w");
	}
	if (statement->some_unchanged)
	{
		if (apart)
			appendStringInfoString(sql, " UNION ALL ");
		deparse_unchanged(context, statement, columns);
	}
	if (nchecks > 0)
		appendStringInfoString(sql, apart ? " ORDER BY n" : " ORDER BY r.n");
}

/* Appends DELETE of the rows that the query's conditions leave. */
void
sd_deparse_delete(const SdDeparse *context, const SdStatement *statement)
{
	deparse_chosen(context, statement->query);
	appendStringInfoString(context->sql, "DELETE FROM ");
	sd_deparse_table(context);
	deparse_which(context, statement->query, "USING");
	sd_deparse_returning(context, statement);
}

/* Appends the query for the first row of SD_ROWS whose key an earlier one has, and that one. */
void
sd_deparse_duplicate_key(StringInfo sql, const SdModel *model)
{
	SdDeparse	context = {.sql = sql, .model = model};

	appendStringInfoString(sql, "SELECT r.n, o.n FROM " SD_ROWS " AS r JOIN " SD_ROWS " AS o ON ");
	for (int i = 0; i < model->nkeys; i++)
	{
		appendStringInfo(sql, "r.k%d", i);
		sd_deparse_operator(&context, model->attrs[model->keys[i]].type, SD_OP_EQ);
		appendStringInfo(sql, "o.k%d AND ", i);
	}
	appendStringInfoString(sql, "o.n OPERATOR(pg_catalog.<) r.n ORDER BY r.n, o.n LIMIT 1");
}

/*-------------------------------------------------------------------------
 * plan/deparse_insert.c
 *		Writes the SQL text of INSERT.
 *
 * What RETURNING gives comes in the order of the rows, but not from Citus, whose
 * shards answer in any order.  There the rows are matched with what was written
 * by a key, whose values are known before.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "plan/capture.h"
#include "plan/deparse_clause.h"
#include "plan/deparse_insert.h"

/* ON CONFLICT (…) DO NOTHING, or DO UPDATE SET … */
static void
deparse_on_conflict(const SdDeparse *context, const SdOnConflict *on_conflict)
{
	const SdAttribute *attrs = context->model->attrs;
	StringInfo	sql = context->sql;

	if (on_conflict->action == SD_CONFLICT_ERROR)
		return;
	Assert(on_conflict->action != SD_CONFLICT_UPDATE ||
		   (on_conflict->ntarget > 0 && on_conflict->nupdated > 0));
	Assert(on_conflict->where == NULL || on_conflict->ntarget > 0);
	Assert(!on_conflict->counted || on_conflict->action == SD_CONFLICT_UPDATE);
	appendStringInfoString(sql, " ON CONFLICT");
	for (int i = 0; i < on_conflict->ntarget; i++)
		appendStringInfo(sql, "%s%s", i == 0 ? " (" : ", ", attrs[on_conflict->target[i]].column);
	if (on_conflict->ntarget > 0)
		appendStringInfoChar(sql, ')');
	if (on_conflict->where != NULL)
	{
		SdDeparse	bare = *context;

		bare.bare = true;
		bare.filter = true;
		appendStringInfoString(sql, " WHERE ");
		sd_deparse_condition(&bare, on_conflict->where);
	}
	appendStringInfoString(sql, on_conflict->action == SD_CONFLICT_NOTHING ? " DO NOTHING"
						   : " DO UPDATE SET ");
	for (int i = 0; i < on_conflict->nupdated; i++)
	{
		const char *column = attrs[on_conflict->updated[i]].column;

		appendStringInfo(sql, "%s%s = excluded.%s", i == 0 ? "" : ", ", column, column);
	}
	if (on_conflict->action == SD_CONFLICT_UPDATE && context->model->version >= 0)
		appendStringInfo(sql, ", %s = t.%s OPERATOR(pg_catalog.+) 1",
						 attrs[context->model->version].column,
						 attrs[context->model->version].column);
	/* RETURNING does not say which of the two was done */
	if (on_conflict->counted)
		appendStringInfoString(sql, " WHERE studentdir.row_read()");
}

/* INSERT … RETURNING … */
static void
deparse_rows_in(const SdDeparse *context, const SdStatement *statement)
{
	StringInfo	sql = context->sql;

	Assert(statement->kind != SD_INSERT ||
		   statement->first_param + statement->nassigned <= statement->params.n);
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
		if (statement->overriding)
			appendStringInfoString(sql, " OVERRIDING SYSTEM VALUE");
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
		appendStringInfoString(sql, statement->kind == SD_INSERT ? ")" : " FROM ");
		if (statement->kind == SD_INSERT_ROWS)
			sd_deparse_rows(context, statement);
	}
	/* where an error or the answer has to say which row: by RETURNING it is not known any more */
	if (statement->kind == SD_INSERT_ROWS && statement->row_arrays == NULL)
		appendStringInfoString(sql, " WHERE studentdir.row_read()");
	deparse_on_conflict(context, &statement->on_conflict);
	sd_deparse_returning(context, statement);
}

/* The columns of the CTE of written rows: what is returned, then what tells the rows apart. */
static void
deparse_written_columns(StringInfo sql, int columns, int nmatched)
{
	appendStringInfoString(sql, "WITH written (");
	for (int i = 0; i < columns; i++)
		appendStringInfo(sql, "c%d, ", i);
	for (int i = 0; i < nmatched; i++)
		appendStringInfo(sql, "%sk%d", i == 0 ? "" : ", ", i);
	appendStringInfoString(sql, ") AS (");
}

/*
 * Appends INSERT of rows that are arrays, whose records come in the order of the
 * numbers in the last of them.  Of rows with one key the first is the one written.
 */
static void
deparse_matched_rows(const SdDeparse *context, const SdStatement *statement, int columns)
{
	StringInfo	sql = context->sql;
	const SdAttribute *attrs = context->model->attrs;
	int			nmatched = statement->nmatched;

	Assert(statement->kind == SD_INSERT_ROWS && statement->row_arrays != NULL);
	deparse_written_columns(sql, columns, nmatched);
	deparse_rows_in(context, statement);
	for (int i = 0; i < nmatched; i++)
	{
		appendStringInfoString(sql, ", ");
		sd_deparse_attribute(context, statement->assigned[statement->matched[i]]);
	}
	appendStringInfoString(sql, ") SELECT ");
	for (int i = 0; i < columns; i++)
		appendStringInfo(sql, "%sw.c%d", i == 0 ? "" : ", ", i);
	appendStringInfoString(sql, " FROM written AS w LEFT JOIN ");
	sd_deparse_row_numbers(context, statement);
	for (int i = 0; i < nmatched; i++)
	{
		appendStringInfo(sql, "%sw.k%d", i == 0 ? " ON " : " AND ", i);
		sd_deparse_operator(context, attrs[statement->assigned[statement->matched[i]]].type,
							SD_OP_EQ);
		appendStringInfo(sql, "r.k%d", i);
	}
	appendStringInfoString(sql, " ORDER BY r.n");
}

/* Appends INSERT of one row, or of those in SD_ROWS. */
void
sd_deparse_insert(const SdDeparse *context, const SdStatement *statement)
{
	int			columns = 0;

	if (statement->nmatched > 0)
		columns = sd_column_count(statement->query) +
			list_length(sd_statement_checks(statement));
	if (columns > 0)
		deparse_matched_rows(context, statement, columns);
	else
		deparse_rows_in(context, statement);
}

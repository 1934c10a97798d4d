/*-------------------------------------------------------------------------
 * execute/inspect.c
 *		Shows what a query would run, and how the server would go about it.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/inspect.h"
#include "execute/select.h"
#include "executor/spi.h"
#include "json/writer.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "parse/keyset.h"
#include "plan/deparse.h"
#include "utils/memutils.h"

static SdStep *
make_step(const SdQuery *query)
{
	SdStatement statement = {.kind = SD_SELECT, .query = query, .params = query->params};
	SdStep	   *step = palloc(sizeof(SdStep));
	StringInfoData sql;

	initStringInfo(&sql);
	sd_deparse(&sql, &statement);
	step->sql = sql.data;
	step->params = &query->params;
	return step;
}

/*
 * The statements of a query in the order in which they run, a list of SdStep
 * in the current context: the one for the edge of a keyset page, whose values
 * the next one will compare with, its own, and those of what it includes, in
 * which the parents' keys are not known yet.
 */
List *
sd_query_steps(const SdQuery *query)
{
	List	   *steps = NIL;
	ListCell   *cell;

	check_stack_depth();
	if (query->edge != NULL && query->edge->row != NULL)
	{
		int			n = query->norders;
		Datum	   *values = palloc0(sizeof(Datum) * n);
		bool	   *nulls = palloc0(sizeof(bool) * n);
		int			first = query->params.n;
		SdQuery    *page;

		steps = lappend(steps, make_step(query->edge->row));
		/* values that are given are known, those of the row are not */
		if (query->edge->terms != NULL)
			query = page = sd_beyond_edge(query, NULL, NULL);
		else
		{
			query = page = sd_beyond_edge(query, values, nulls);
			memset(page->params.nulls + first, 'n', page->params.n - first);
		}
	}
	steps = lappend(steps, make_step(query));
	foreach(cell, query->includes)
	{
		const SdInclude *include = lfirst(cell);

		if (!include->key_only)
			steps = list_concat(steps, sd_query_steps(include->query));
	}
	return steps;
}

/* The bound values as a JSON array, a json datum in the current context. */
Datum
sd_params_json(const SdParams *params)
{
	SdBuf		buf;

	sd_buf_init(&buf, CurrentMemoryContext, 256);
	sd_buf_begin(&buf);
	for (int i = 0; i < params->n; i++)
	{
		SdWriter	writer;

		sd_buf_char(&buf, i == 0 ? '[' : ',');
		if (params->nulls[i] == 'n')
		{
			sd_write_null(&buf);
			continue;
		}
		sd_writer_init(&writer, params->types[i], CurrentMemoryContext);
		writer.write(&buf, params->values[i], &writer);
	}
	if (params->n == 0)
		sd_buf_char(&buf, '[');
	sd_buf_char(&buf, ']');
	return PointerGetDatum(sd_buf_end(&buf));
}

/*
 * What EXPLAIN says of a query's own statement, with its values bound, as a
 * list of C strings in the current context.  Raises what running it raises,
 * with analyze, and 02000 for a page whose edge row is not there.
 */
List *
sd_explain(const SdQuery *query, bool analyze)
{
	MemoryContext cxt = CurrentMemoryContext;
	const SdParams *params;
	List	   *lines = NIL;
	SdStep	   *step;

	query = sd_page_query(query);
	params = &query->params;
	step = make_step(query);
	SPI_connect();
	SPI_execute_with_args(psprintf("EXPLAIN %s%s", analyze ? "(ANALYZE, BUFFERS) " : "", step->sql),
						  params->n, params->types, params->values, params->nulls, false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		char	   *line = SPI_getvalue(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1);
		MemoryContext old = MemoryContextSwitchTo(cxt);

		lines = lappend(lines, pstrdup(line));
		MemoryContextSwitchTo(old);
	}
	SPI_finish();
	return lines;
}

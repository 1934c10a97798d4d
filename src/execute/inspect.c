/*-------------------------------------------------------------------------
 * execute/inspect.c
 *		Shows what a query would run, without running it.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/inspect.h"
#include "json/writer.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "parse/keyset.h"
#include "plan/deparse.h"

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
			Assert(page->params.n >= first);
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

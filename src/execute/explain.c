/*-------------------------------------------------------------------------
 * execute/explain.c
 *		Shows the plans of a query's statements: those that run, of every step.
 *
 * The plans are those of the plan cache, which a call would run.  With analyze
 * the query is run as a call runs it, and each execution is looked at before it
 * ends; without, statements of includes get no keys, and what is shown is the
 * plan that is made for keys that are not known.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "commands/explain.h"
#include "execute/execution.h"
#include "execute/explain.h"
#include "execute/select.h"
#include "executor/executor.h"
#include "executor/instrument.h"
#include "miscadmin.h"
#include "parse/keyset.h"
#include "plan/assumed.h"
#include "utils/plancache.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"

/* a step, numbered as by sd_query_steps(), and what was seen of its executions */
typedef struct ExplainedStep
{
	const SdQuery *query;
	const char *name;			/* of an include: the aliases that lead to it; NULL: the call's own */
	int			runs;
	double		total_ms;
	double		slowest_ms;
	char	   *plan;			/* of the slowest run; NULL: none */
} ExplainedStep;

typedef struct Analysis
{
	SdWatch		watch;			/* has to be first */
	List	   *steps;			/* of ExplainedStep */
	MemoryContext cxt;			/* of the plans */
} Analysis;

/* The text of a started plan, in the current context. */
static char *
plan_text(QueryDesc *desc, bool analyze)
{
	ExplainState *es = NewExplainState();

	es->analyze = es->timing = es->buffers = analyze;
	ExplainBeginOutput(es);
	ExplainPrintPlan(es, desc);
	if (analyze)
		ExplainPrintJITSummary(es, desc);
	ExplainEndOutput(es);
	while (es->str->len > 0 && es->str->data[es->str->len - 1] == '\n')
		es->str->data[--es->str->len] = '\0';
	return es->str->data;
}

/* The plan of a step that is not run. */
static char *
make_plan_text(const ExplainedStep *step)
{
	SdStatement statement = sd_select_statement(step->query, false);
	const SdPlan *plan;
	ParamListInfo params = sd_bind(&step->query->params);
	bool		included = step->query->nmatches > 0;
	CachedPlan *cached;
	QueryDesc  *desc;
	char	   *text;

	Assert(ActiveSnapshotSet());
	/* planned for keys that are not known as for none, there would be nothing to do */
	if (included)
		statement.generic = true;
	plan = sd_prepare(&statement, CurrentMemoryContext);
	if (plan->distributed && included)
		return pstrdup("Citus makes the plan for the keys of the parents: see it with \"analyze\".");
	cached = sd_plan_for(plan, params, CurrentResourceOwner);
	desc = CreateQueryDesc(linitial_node(PlannedStmt, cached->stmt_list), plan->sql,
						   GetActiveSnapshot(), InvalidSnapshot, None_Receiver, included ? NULL : params, NULL,
						   0);
	ExecutorStart(desc, EXEC_FLAG_SKIP_TRIGGERS | EXEC_FLAG_EXPLAIN_ONLY);
	text = plan_text(desc, false);
	ExecutorEnd(desc);
	FreeQueryDesc(desc);
	ReleaseCachedPlan(cached, CurrentResourceOwner);
	return text;
}

/* SdWatch: those of other queries are of functions that these call */
static void
note_execution(SdWatch *watch, const SdExecution *execution)
{
	Analysis   *analysis = (Analysis *) watch;
	double		ms = INSTR_TIME_GET_MILLISEC(execution->spent);
	ListCell   *cell;

	Assert(execution->desc != NULL);
	foreach(cell, analysis->steps)
	{
		ExplainedStep *step = lfirst(cell);
		MemoryContext old;

		if (step->query != execution->query)
			continue;
		step->runs++;
		step->total_ms += ms;
		if (step->plan != NULL && ms <= step->slowest_ms)
			continue;
		old = MemoryContextSwitchTo(analysis->cxt);
		step->plan = plan_text(execution->desc, true);
		step->slowest_ms = ms;
		MemoryContextSwitchTo(old);
	}
}

static List *
add_step(List *steps, const SdQuery *query, const char *name)
{
	ExplainedStep *step = palloc0(sizeof(ExplainedStep));

	step->query = query;
	step->name = name;
	return lappend(steps, step);
}

/* Adds the steps of a query that has no edge, and of what it includes. */
static List *
add_steps(List *steps, const SdQuery *query, const char *name)
{
	ListCell   *cell;

	check_stack_depth();
	steps = add_step(steps, query, name);
	foreach(cell, query->includes)
	{
		const SdInclude *include = lfirst(cell);
		const char *alias = include->association->alias;

		if (!include->key_only)
			steps = add_steps(steps, include->query,
							  name != NULL ? psprintf("%s.%s", name, alias) : alias);
	}
	return steps;
}

/* Runs a query as find_all() does, and adds what was seen to the analysis. */
static void
run(Analysis *analysis, const SdQuery *query)
{
	SdWatch    *before = sd_watch(&analysis->watch);

	PG_TRY();
	{
		const SdQuery *page = sd_page_query(query);
		SdScan	   *scan;
		Datum		record;

		analysis->steps = add_steps(analysis->steps, page, NULL);
		scan = sd_scan_begin(page);
		while (sd_scan_next(scan, &record))
			CHECK_FOR_INTERRUPTS();
		sd_scan_end(scan);
	}
	PG_FINALLY();
	{
		(void) sd_watch(before);
	}
	PG_END_TRY();
}

/* Appends the lines of a text. */
static List *
add_lines(List *lines, char *text)
{
	char	   *end;

	while ((end = strchr(text, '\n')) != NULL)
	{
		*end = '\0';
		lines = lappend(lines, text);
		text = end + 1;
	}
	return lappend(lines, text);
}

/* What is said of a step before its plan. */
static char *
step_title(const ExplainedStep *step, int number, bool analyze)
{
	StringInfoData title;

	initStringInfo(&title);
	appendStringInfo(&title, "Step %d", number);
	if (step->name != NULL)
		appendStringInfo(&title, ", %s", step->name);
	if (!analyze)
		appendStringInfoChar(&title, ':');
	else if (step->runs == 0)
		appendStringInfoString(&title, ": not run");
	else if (step->runs == 1)
		appendStringInfo(&title, " (%.3f ms):", step->total_ms);
	else
		appendStringInfo(&title, " (%d times, %.3f ms; the slowest, %.3f ms):",
						 step->runs, step->total_ms, step->slowest_ms);
	return title.data;
}

/*
 * What EXPLAIN says of the statements that find_all() runs for a query, with its
 * values bound, as a list of C strings in the current context.  Each statement has
 * a title where there are several.  With analyze the query is run, and what raises
 * an error then does; without, only the edge row of a page is read: 02000 where it
 * is not there.
 */
List *
sd_explain(const SdQuery *query, bool analyze)
{
	Analysis	analysis = {
		.watch = {
			.instrument = analyze ? INSTRUMENT_TIMER | INSTRUMENT_BUFFERS : 0,
			.ended = note_execution
		},
		.cxt = CurrentMemoryContext
	};
	List	   *lines = NIL;
	ListCell   *cell;

	if (query->edge != NULL && query->edge->row != NULL)
		analysis.steps = add_step(NIL, query->edge->row, NULL);
	if (analyze)
		run(&analysis, query);
	else
		analysis.steps = add_steps(analysis.steps, sd_page_query(query), NULL);
	foreach(cell, analysis.steps)
	{
		ExplainedStep *step = lfirst(cell);

		if (!analyze)
			step->plan = make_plan_text(step);
		if (list_length(analysis.steps) > 1)
			lines = lappend(lines, step_title(step, foreach_current_index(cell) + 1, analyze));
		if (step->plan != NULL)
			lines = add_lines(lines, step->plan);
	}
	return lines;
}

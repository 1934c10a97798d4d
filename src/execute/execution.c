/*-------------------------------------------------------------------------
 * execute/execution.c
 *		Runs a cached plan that only reads.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/execution.h"
#include "execute/log.h"
#include "execute/refusal.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "mb/pg_wchar.h"
#include "plan/assumed.h"
#include "settings.h"
#include "utils/datum.h"
#include "utils/plancache.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"

/* bytes of a statement in the context of an error: a long list of conditions is nothing to read */
#define SD_MAX_STATEMENT_SHOWN	2000

static SdWatch *watching = NULL;

/* Has each execution told to watch, or to nobody for NULL; returns who was told before. */
SdWatch *
sd_watch(SdWatch *watch)
{
	SdWatch    *before = watching;

	watching = watch;
	return before;
}

/* Raises 54000 where a plan is estimated to cost more than studentdir.max_cost. */
void
sd_refuse_cost(const PlannedStmt *stmt)
{
	double		cost = stmt->planTree != NULL ? stmt->planTree->total_cost : 0;

	if (sd_max_cost <= 0 || cost <= sd_max_cost)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("the statement is estimated to cost %.0f, more than studentdir.max_cost allows (%.0f)",
					cost, sd_max_cost),
			 errhint("Add conditions that an index serves, or a limit; studentdir.explain shows the plan.")));
}

/*
 * The cached plan of a statement, pinned until pin_cxt is reset.  Raises what
 * parsing it raises.
 */
const SdPlan *
sd_prepare(const SdStatement *statement, MemoryContext pin_cxt)
{
	const SdPlan *plan = sd_plan_lookup(statement, pin_cxt);

	if (plan == NULL)
	{
		SPI_connect();
		plan = sd_plan_make(statement, pin_cxt);
		SPI_finish();
	}
	return plan;
}

/* Adds the time since the start, or since the run that goes on began, to what has been spent. */
static void
stop_clock(SdExecution *execution)
{
	instr_time	now;

	if (INSTR_TIME_IS_ZERO(execution->since))
		return;
	INSTR_TIME_SET_CURRENT(now);
	INSTR_TIME_ACCUM_DIFF(execution->spent, now, execution->since);
	INSTR_TIME_SET_ZERO(execution->since);
}

/* Makes the snapshot of an execution the active one, unless it is; returns whether it has to be popped. */
static bool
activate_snapshot(const QueryDesc *desc)
{
	if (ActiveSnapshotSet() && GetActiveSnapshot() == desc->snapshot)
		return false;
	PushActiveSnapshot(desc->snapshot);
	return true;
}

/*
 * Error context callback: what fails for a row has no place in the options, but the
 * statement names the attribute, the function and the type.
 */
static void
say_statement(void *arg)
{
	const SdPlan *plan = arg;
	const char *sql = plan->sql;
	int			len = strlen(sql);
	int			shown = pg_mbcliplen(sql, len, SD_MAX_STATEMENT_SHOWN);

	if (ERRCODE_TO_CATEGORY(geterrcode()) == ERRCODE_DATA_EXCEPTION)
		errcontext("SQL statement \"%.*s%s\"", shown, sql, shown < len ? "..." : "");
	sd_explain_refusal(plan);
}

/*
 * Starts a query's plan on the active snapshot: a reader sees what the query that
 * called it sees.  The executor's state is in the current context; params have
 * to outlive the execution.  Raises 54000 where the plan costs more than it may.
 */
void
sd_execution_start(SdExecution *execution, const SdQuery *query, const SdPlan *plan,
				   ParamListInfo params)
{
	ErrorContextCallback callback = {
		.previous = error_context_stack,
		.callback = say_statement,
		.arg = unconstify(SdPlan *, plan)
	};
	PlannedStmt *stmt;

	Assert(ActiveSnapshotSet());
	Assert(list_length(SPI_plan_get_plan_sources(plan->spi)) == 1);
	/* the first run follows at once: it stops the clock */
	INSTR_TIME_SET_ZERO(execution->spent);
	INSTR_TIME_SET_CURRENT(execution->since);
	sd_check_distributed(plan);
	execution->query = query;
	execution->source = plan;
	execution->rows = 0;
	execution->owner = CurrentResourceOwner;
	error_context_stack = &callback;
	execution->plan = sd_plan_for(plan, params, execution->owner);
	stmt = linitial_node(PlannedStmt, execution->plan->stmt_list);
	Assert(list_length(execution->plan->stmt_list) == 1);
	Assert(stmt->commandType == CMD_SELECT && stmt->planTree != NULL);
	sd_plan_estimated(plan, stmt);
	sd_refuse_cost(stmt);
	execution->desc = CreateQueryDesc(stmt, plan->sql, GetActiveSnapshot(), InvalidSnapshot,
									  None_Receiver, params, NULL,
									  watching != NULL ? watching->instrument : 0);
	ExecutorStart(execution->desc, EXEC_FLAG_SKIP_TRIGGERS);
	error_context_stack = callback.previous;
}

/* Sends the next count rows to dest; 0 means all that are left. */
void
sd_execution_run(SdExecution *execution, DestReceiver *dest, uint64 count)
{
	ErrorContextCallback callback = {
		.previous = error_context_stack,
		.callback = say_statement,
		.arg = unconstify(SdPlan *, execution->source)
	};
	bool		pushed;

	Assert(execution->desc != NULL);
	if (INSTR_TIME_IS_ZERO(execution->since))
		INSTR_TIME_SET_CURRENT(execution->since);
	pushed = activate_snapshot(execution->desc);
	execution->desc->dest = dest;
	error_context_stack = &callback;
	sd_ExecutorRun(execution->desc, ForwardScanDirection, count, count == 0);
	execution->rows += execution->desc->estate->es_processed;
	error_context_stack = callback.previous;
	if (pushed)
		PopActiveSnapshot();
	stop_clock(execution);
}

/*
 * What the planner says of a plan with these values: its cost, rows and their width.
 * Nothing is run, and nothing refused.
 */
void
sd_estimate_plan(const SdPlan *plan, ParamListInfo params, Plan *estimate)
{
	CachedPlan *cached = sd_plan_for(plan, params, CurrentResourceOwner);
	const PlannedStmt *stmt = linitial_node(PlannedStmt, cached->stmt_list);

	sd_plan_estimated(plan, stmt);
	*estimate = *stmt->planTree;
	ReleaseCachedPlan(cached, CurrentResourceOwner);
}

/* Whether it runs a plan that was made without the values. */
bool
sd_execution_is_generic(const SdExecution *execution)
{
	CachedPlanSource *source = linitial(SPI_plan_get_plan_sources(execution->source->spi));

	Assert(execution->desc != NULL);
	return execution->plan == source->gplan;
}

/* Ends an execution, finished or not.  After an error the server does it all itself. */
void
sd_execution_end(SdExecution *execution)
{
	QueryDesc  *desc = execution->desc;
	ParamListInfo params;
	bool		pushed;

	if (desc == NULL)
		return;
	stop_clock(execution);
	params = desc->params;
	pushed = activate_snapshot(desc);
	ExecutorFinish(desc);
	if (watching != NULL)
		watching->ended(watching, execution);
	/* what watches the end of executions counts the rows of all runs, not those of the last */
	SD_ROWS_COUNTED(desc->estate) = execution->rows;
	execution->desc = NULL;
	ExecutorEnd(desc);
	if (pushed)
		PopActiveSnapshot();
	FreeQueryDesc(desc);
	ReleaseCachedPlan(execution->plan, execution->owner);
	sd_statement_done(execution->source, params, execution->spent);
}

/* a receiver that keeps the values of the one row that it gets */
typedef struct OneRow
{
	DestReceiver pub;			/* has to be first */
	const SdLayout *layout;
	int			ncolumns;
	Datum	   *values;
	bool	   *nulls;
	bool		found;
	MemoryContext cxt;			/* of the values */
} OneRow;

static bool
receive_one(TupleTableSlot *slot, DestReceiver *self)
{
	OneRow	   *one = (OneRow *) self;
	MemoryContext old = MemoryContextSwitchTo(one->cxt);

	Assert(!one->found);
	slot_getallattrs(slot);
	for (int i = 0; i < one->ncolumns; i++)
	{
		Form_pg_attribute attr = TupleDescAttr(slot->tts_tupleDescriptor, i);

		one->nulls[i] = slot->tts_isnull[i];
		if (!one->nulls[i])
			one->values[i] = datumCopy(slot->tts_values[i], attr->attbyval, attr->attlen);
	}
	one->found = true;
	MemoryContextSwitchTo(old);
	return false;				/* no more rows */
}

static void
one_row_startup(DestReceiver *self, int operation, TupleDesc typeinfo)
{
	OneRow	   *one = (OneRow *) self;

	Assert(one->ncolumns <= typeinfo->natts);
	sd_check_row_type(one->layout, typeinfo);
}

static void
one_row_end(DestReceiver *self)
{
}

/*
 * Runs a plan for its first row, whose first columns go into values and nulls,
 * copied into the current context.  Returns whether there is one.
 */
bool
sd_execute_one(const SdQuery *query, const SdPlan *plan, ParamListInfo params, int ncolumns,
			   Datum *values, bool *nulls)
{
	SdExecution execution;
	OneRow		one = {
		.pub = {
			.receiveSlot = receive_one,
			.rStartup = one_row_startup,
			.rShutdown = one_row_end,
			.rDestroy = one_row_end,
			.mydest = DestTuplestore
		},
		.layout = &plan->layout,
		.ncolumns = ncolumns,
		.values = values,
		.nulls = nulls,
		.cxt = CurrentMemoryContext
	};

	Assert(ncolumns > 0);
	sd_execution_start(&execution, query, plan, params);
	/* no count of rows, which would keep workers away: the receiver stops it */
	sd_execution_run(&execution, &one.pub, 0);
	/* the executor does not count the row at which it is told to stop */
	execution.rows = one.found;
	sd_execution_end(&execution);
	return one.found;
}

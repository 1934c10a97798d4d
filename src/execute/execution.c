/*-------------------------------------------------------------------------
 * execute/execution.c
 *		Runs a cached plan that only reads.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/distributed_call.h"
#include "execute/execution.h"
#include "execute/log.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "nodes/plannodes.h"
#include "utils/datum.h"
#include "utils/plancache.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"

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

static void
add_time_since(SdExecution *execution, instr_time start)
{
	instr_time	now;

	INSTR_TIME_SET_CURRENT(now);
	INSTR_TIME_ACCUM_DIFF(execution->spent, now, start);
}

/*
 * Starts a plan on the active snapshot: a reader sees what the query that
 * called it sees.  The executor's state is in the current context; params have
 * to outlive the execution.
 */
void
sd_execution_start(SdExecution *execution, const SdPlan *plan, ParamListInfo params)
{
	CachedPlanSource *source = linitial(SPI_plan_get_plan_sources(plan->spi));
	SdDistributedCall call;
	instr_time	start;

	Assert(ActiveSnapshotSet());
	Assert(list_length(SPI_plan_get_plan_sources(plan->spi)) == 1);
	INSTR_TIME_SET_CURRENT(start);
	sd_begin_distributed(&call, plan);
	execution->source = plan;
	execution->owner = CurrentResourceOwner;
	execution->plan = GetCachedPlan(source, params, execution->owner, NULL);
	execution->desc = CreateQueryDesc(linitial_node(PlannedStmt, execution->plan->stmt_list),
									  plan->sql, GetActiveSnapshot(), InvalidSnapshot,
									  None_Receiver, params, NULL, 0);
	ExecutorStart(execution->desc, EXEC_FLAG_SKIP_TRIGGERS);
	sd_end_distributed(&call);
	INSTR_TIME_SET_ZERO(execution->spent);
	add_time_since(execution, start);
}

/* Sends the next count rows to dest; 0 means all that are left. */
void
sd_execution_run(SdExecution *execution, DestReceiver *dest, uint64 count)
{
	SdDistributedCall call;
	instr_time	start;

	Assert(execution->desc != NULL);
	INSTR_TIME_SET_CURRENT(start);
	PushActiveSnapshot(execution->desc->snapshot);
	execution->desc->dest = dest;
	sd_begin_distributed(&call, execution->source);
	sd_ExecutorRun(execution->desc, ForwardScanDirection, count, count == 0);
	sd_end_distributed(&call);
	PopActiveSnapshot();
	add_time_since(execution, start);
}

/* Ends an execution, finished or not.  After an error the server does it all itself. */
void
sd_execution_end(SdExecution *execution)
{
	QueryDesc  *desc = execution->desc;
	ParamListInfo params;

	if (desc == NULL)
		return;
	params = desc->params;
	execution->desc = NULL;
	PushActiveSnapshot(desc->snapshot);
	ExecutorFinish(desc);
	ExecutorEnd(desc);
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
	return true;
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
sd_execute_one(const SdPlan *plan, ParamListInfo params, int ncolumns, Datum *values, bool *nulls)
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

	sd_execution_start(&execution, plan, params);
	sd_execution_run(&execution, &one.pub, 1);
	sd_execution_end(&execution);
	return one.found;
}

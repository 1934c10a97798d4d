/*-------------------------------------------------------------------------
 * execute/execution.c
 *		Runs a cached plan that only reads.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/execution.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "nodes/plannodes.h"
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

/*
 * Starts a plan on the active snapshot: a reader sees what the query that
 * called it sees.  The executor's state is in the current context; params have
 * to outlive the execution.
 */
void
sd_execution_start(SdExecution *execution, const SdPlan *plan, ParamListInfo params)
{
	CachedPlanSource *source = linitial(SPI_plan_get_plan_sources(plan->spi));

	execution->owner = CurrentResourceOwner;
	execution->plan = GetCachedPlan(source, params, execution->owner, NULL);
	execution->desc = CreateQueryDesc(linitial_node(PlannedStmt, execution->plan->stmt_list),
									  plan->sql, GetActiveSnapshot(), InvalidSnapshot,
									  None_Receiver, params, NULL, 0);
	ExecutorStart(execution->desc, EXEC_FLAG_SKIP_TRIGGERS);
}

/* Sends the next count rows to dest; 0 means all that are left. */
void
sd_execution_run(SdExecution *execution, DestReceiver *dest, uint64 count)
{
	PushActiveSnapshot(execution->desc->snapshot);
	execution->desc->dest = dest;
	sd_ExecutorRun(execution->desc, ForwardScanDirection, count, count == 0);
	PopActiveSnapshot();
}

/* Ends an execution, finished or not.  After an error the server does it all itself. */
void
sd_execution_end(SdExecution *execution)
{
	QueryDesc  *desc = execution->desc;

	if (desc == NULL)
		return;
	execution->desc = NULL;
	PushActiveSnapshot(desc->snapshot);
	ExecutorFinish(desc);
	ExecutorEnd(desc);
	PopActiveSnapshot();
	FreeQueryDesc(desc);
	ReleaseCachedPlan(execution->plan, execution->owner);
}

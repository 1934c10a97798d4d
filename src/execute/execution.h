/*-------------------------------------------------------------------------
 * execute/execution.h
 *		Runs a cached plan that only reads, all at once or in batches.
 *
 * The executor is driven directly, as the server's SQL-language functions do
 * it.  A portal would be the other way to stop and go on, but the portals that
 * a transaction opened are closed when it commits, even while a holdable
 * cursor over one of our functions is still to be run to its end.
 *-------------------------------------------------------------------------
 */
#ifndef SD_EXECUTION_H
#define SD_EXECUTION_H

#include "executor/execdesc.h"
#include "nodes/plannodes.h"
#include "plan/plancache.h"
#include "portability/instr_time.h"

typedef struct SdExecution
{
	QueryDesc  *desc;			/* NULL when ended */
	const SdQuery *query;		/* whose statement it is */
	const SdPlan *source;
	struct CachedPlan *plan;
	ResourceOwner owner;		/* of the plan's reference */
	instr_time	spent;			/* in the executor so far */
	instr_time	since;			/* when what is being timed began; zero: nothing is */
	uint64		rows;			/* that it has given so far */
} SdExecution;

/* whoever wants to know of each execution while a call runs */
typedef struct SdWatch
{
	int			instrument;		/* InstrumentOption: what the executor measures */
	/* an execution is at its end, and its QueryDesc still there */
	void		(*ended) (struct SdWatch *watch, const SdExecution *execution);
} SdWatch;

extern SdWatch *sd_watch(SdWatch *watch);

extern const SdPlan *sd_prepare(const SdStatement *statement, MemoryContext pin_cxt);
extern void sd_execution_start(SdExecution *execution, const SdQuery *query, const SdPlan *plan,
							   ParamListInfo params);
extern void sd_execution_run(SdExecution *execution, DestReceiver *dest, uint64 count);
extern void sd_execution_end(SdExecution *execution);
extern void sd_estimate_plan(const SdPlan *plan, ParamListInfo params, Plan *estimate);
extern bool sd_execution_is_generic(const SdExecution *execution);
extern bool sd_execute_one(const SdQuery *query, const SdPlan *plan, ParamListInfo params,
						   int ncolumns, Datum *values, bool *nulls);
extern void sd_refuse_cost(const PlannedStmt *stmt);

#endif							/* SD_EXECUTION_H */

/*-------------------------------------------------------------------------
 * execute/estimate.c
 *		What a finder is expected to give and to cost, for the planner.
 *
 * It is what the planner said of the query's own statement when it planned that
 * last: a statement is not planned anew to estimate a call.  Included records are
 * not counted.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/estimate.h"
#include "execute/execution.h"
#include "execute/select.h"
#include "plan/assumed.h"
#include "utils/plancache.h"
#include "utils/resowner.h"

/*
 * Estimates a query without running anything of it.  bound says that its values are
 * known; where they are not, and its statement has not been planned before, only
 * its limit is.  Returns false where nothing can be said.  Locks no more than
 * ACCESS SHARE.  Raises what planning raises.
 */
bool
sd_estimate(const SdQuery *query, bool bound, SdEstimate *estimate)
{
	SdStatement statement = sd_select_statement(query, false);
	const SdPlan *plan;
	bool		limited = query->limit >= 0;

	/* to be parsed it would need a stronger lock of the table */
	if (query->lock != SD_LOCK_NONE)
		return false;
	plan = sd_prepare(&statement, CurrentMemoryContext);
	if (plan->estimated_rows == 0 && bound)
	{
		CachedPlan *cached = sd_plan_for(plan, sd_bind(&query->params), CurrentResourceOwner);

		Assert(list_length(cached->stmt_list) == 1);
		sd_plan_estimated(plan, linitial_node(PlannedStmt, cached->stmt_list));
		ReleaseCachedPlan(cached, CurrentResourceOwner);
	}
	if (plan->estimated_rows == 0 && !limited)
		return false;
	estimate->rows = plan->estimated_rows;
	estimate->cost = plan->estimated_cost;
	if (limited && (plan->estimated_rows == 0 || query->limit < estimate->rows))
		estimate->rows = query->limit;
	return true;
}

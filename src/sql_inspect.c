/*-------------------------------------------------------------------------
 * sql_inspect.c
 *		Entry points of the functions that show what the engine does.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/explain.h"
#include "execute/inspect.h"
#include "funcapi.h"
#include "parse/options.h"
#include "plan/plancache.h"
#include "sql_args.h"
#include "utils/builtins.h"

SD_FUNCTION(studentdir_to_sql);
SD_FUNCTION(studentdir_explain);
SD_FUNCTION(studentdir_plan_cache);

/* to_sql(model text, options jsonb): the statements of a find_all, not run */
Datum
studentdir_to_sql(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *info = (ReturnSetInfo *) fcinfo->resultinfo;
	List	   *steps = sd_query_steps(sd_parse_args(fcinfo, 1, SD_CALL_FIND, NULL));
	ListCell   *cell;

	InitMaterializedSRF(fcinfo, 0);
	foreach(cell, steps)
	{
		const SdStep *step = lfirst(cell);
		Datum		values[] = {
			Int32GetDatum(foreach_current_index(cell) + 1),
			CStringGetTextDatum(step->sql),
			sd_params_json(step->params)
		};
		bool		nulls[lengthof(values)] = {false};

		Assert(info->setDesc->natts == lengthof(values));
		tuplestore_putvalues(info->setResult, info->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* explain(model text, options jsonb, analyze boolean): the plans of a find_all */
Datum
studentdir_explain(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *info = (ReturnSetInfo *) fcinfo->resultinfo;
	List	   *lines = sd_explain(sd_parse_args(fcinfo, 1, SD_CALL_FIND, NULL),
								   !PG_ARGISNULL(2) && PG_GETARG_BOOL(2));
	ListCell   *cell;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	foreach(cell, lines)
	{
		Datum		value = CStringGetTextDatum((char *) lfirst(cell));
		bool		isnull = false;

		tuplestore_putvalues(info->setResult, info->setDesc, &value, &isnull);
	}
	return (Datum) 0;
}

/* plan_cache(): the session's cached statements, the most recently used first */
Datum
studentdir_plan_cache(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *info = (ReturnSetInfo *) fcinfo->resultinfo;
	List	   *plans = sd_cached_plans();
	ListCell   *cell;

	InitMaterializedSRF(fcinfo, 0);
	foreach(cell, plans)
	{
		const SdPlan *plan = lfirst(cell);
		Datum		values[] = {
			CStringGetTextDatum(plan->sql),
			Int64GetDatum(plan->calls),
			Int64GetDatum(plan->hits),
			Float8GetDatum(plan->total_ms),
			Int64GetDatum(plan->query_id),
			Int64GetDatum((int64) plan->bytes),
			BoolGetDatum(plan->generic)
		};
		bool		nulls[lengthof(values)] = {[4] = plan->query_id == 0};

		Assert(info->setDesc->natts == lengthof(values));
		tuplestore_putvalues(info->setResult, info->setDesc, values, nulls);
	}
	return (Datum) 0;
}

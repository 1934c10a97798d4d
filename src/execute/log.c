/*-------------------------------------------------------------------------
 * execute/log.c
 *		Counts statements and, where studentdir.log_sql says so, shows them.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/log.h"
#include "studentdir.h"

/* characters of one parameter that are shown */
#define SD_LOGGED_LENGTH	200

/*
 * Notes that a plan has been run with these parameters, in the time given, and
 * shows the statement as Sequelize's "logging" does, with what was bound.
 */
void
sd_statement_done(const SdPlan *plan, ParamListInfo params, instr_time spent)
{
	double		ms = INSTR_TIME_GET_MILLISEC(spent);

	sd_plan_ran(plan, ms);
	if (sd_log_sql == SD_LOG_OFF)
		return;
	ereport(sd_log_sql,
			(errmsg("executed in %.3f ms: %s", ms, plan->sql),
			 plan->secret ? errdetail("Parameters are not shown: the statement is about a hidden attribute.")
			 : params != NULL
			 ? errdetail("Parameters: %s", BuildParamLogString(params, NULL, SD_LOGGED_LENGTH)) : 0,
			 errhidestmt(true),
			 errhidecontext(true)));
}

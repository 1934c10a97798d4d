/*-------------------------------------------------------------------------
 * execute/log.c
 *		Counts statements and, where settings say so, shows them.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/log.h"
#include "settings.h"

/* characters of one parameter that are shown */
#define SD_LOGGED_LENGTH	200

/* Shows a statement as Sequelize's "logging" does, with what was bound. */
static void
show(int level, const SdPlan *plan, ParamListInfo params, double ms)
{
	ereport(level,
			(errmsg("executed in %.3f ms: %s", ms, plan->sql),
			 plan->secret ? errdetail("Parameters are not shown: the statement is about a hidden attribute.")
			 : params != NULL
			 ? errdetail("Parameters: %s", BuildParamLogString(params, NULL, SD_LOGGED_LENGTH)) : 0,
			 errhidestmt(true),
			 errhidecontext(true)));
}

/*
 * Notes that a plan has been run with these parameters, in the time given, and
 * shows the statement where studentdir.log_sql or studentdir.log_min_duration asks
 * for it.
 */
void
sd_statement_done(const SdPlan *plan, ParamListInfo params, instr_time spent)
{
	double		ms = INSTR_TIME_GET_MILLISEC(spent);
	bool		long_one = sd_log_min_duration >= 0 && ms >= sd_log_min_duration;

	sd_plan_ran(plan, ms);
	if (sd_log_sql != SD_LOG_OFF)
		show(sd_log_sql, plan, params, ms);
	/* once, where the server's log has it already */
	if (long_one && sd_log_sql != LOG)
		show(LOG, plan, params, ms);
}

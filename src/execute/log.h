/*-------------------------------------------------------------------------
 * execute/log.h
 *		Counts statements and, where settings say so, shows them.
 *-------------------------------------------------------------------------
 */
#ifndef SD_LOG_H
#define SD_LOG_H

#include "plan/plancache.h"
#include "portability/instr_time.h"

extern void sd_statement_done(const SdPlan *plan, ParamListInfo params, instr_time spent);

#endif							/* SD_LOG_H */

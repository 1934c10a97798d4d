/*-------------------------------------------------------------------------
 * execute/refusal.h
 *		What is said where Citus refuses a statement.
 *-------------------------------------------------------------------------
 */
#ifndef SD_REFUSAL_H
#define SD_REFUSAL_H

#include "plan/plancache.h"

extern void sd_explain_refusal(const SdPlan *plan);
extern void sd_check_distributed(const SdPlan *plan);

#endif							/* SD_REFUSAL_H */

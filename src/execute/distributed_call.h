/*-------------------------------------------------------------------------
 * execute/distributed_call.h
 *		What is said where Citus refuses a statement.
 *-------------------------------------------------------------------------
 */
#ifndef SD_DISTRIBUTED_CALL_H
#define SD_DISTRIBUTED_CALL_H

#include "plan/plancache.h"

/* while a statement is planned and run; lives on the caller's stack */
typedef struct SdDistributedCall
{
	ErrorContextCallback callback;
	const SdPlan *plan;
} SdDistributedCall;

extern void sd_begin_distributed(SdDistributedCall *call, const SdPlan *plan);
extern void sd_end_distributed(const SdDistributedCall *call);

#endif							/* SD_DISTRIBUTED_CALL_H */

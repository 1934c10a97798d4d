/*-------------------------------------------------------------------------
 * schema/online.h
 *		A difference as migrations during which readers and writers go on.
 *
 * What is returned belongs to the context that was current at the call.
 *-------------------------------------------------------------------------
 */
#ifndef SD_SCHEMA_ONLINE_H
#define SD_SCHEMA_ONLINE_H

#include "nodes/pg_list.h"

/* the text of one migration */
typedef struct SdOnlineText
{
	const char *up;
	const char *down;
} SdOnlineText;

/* what has to be done, in order */
typedef struct SdOnlinePlan
{
	List	   *texts;			/* of SdOnlineText */
	bool		alone;			/* some of it cannot be in a transaction */
	List	   *blocking;		/* what has no form that does not block, in words */
} SdOnlinePlan;

extern SdOnlinePlan sd_online_plan(List *changes);

#endif							/* SD_SCHEMA_ONLINE_H */

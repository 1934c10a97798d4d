/*-------------------------------------------------------------------------
 * migrate/lock_waits.h
 *		Bounds how long DDL waits for a lock, as studentdir.lock_timeout says.
 *
 * An SdLockWaits is on the caller's stack; what begins with it has to end with
 * it, but where an error ends it.
 *-------------------------------------------------------------------------
 */
#ifndef SD_LOCK_WAITS_H
#define SD_LOCK_WAITS_H

#include "utils/guc.h"

typedef struct SdLockWaits
{
	ErrorContextCallback callback;
	int			nestlevel;
} SdLockWaits;

extern void sd_bound_lock_waits(GucAction action);
extern void sd_begin_lock_waits(SdLockWaits *waits);
extern void sd_end_lock_waits(SdLockWaits *waits);

#endif							/* SD_LOCK_WAITS_H */

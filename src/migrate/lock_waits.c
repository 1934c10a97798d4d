/*-------------------------------------------------------------------------
 * migrate/lock_waits.c
 *		Bounds how long DDL waits for a lock, as studentdir.lock_timeout says.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "migrate/lock_waits.h"
#include "settings.h"
#include "storage/proc.h"

/*
 * Makes lock_timeout what studentdir.lock_timeout says, for as long as action
 * says.  A lock_timeout of the caller's that is shorter stays.
 */
void
sd_bound_lock_waits(GucAction action)
{
	if (sd_lock_timeout == 0 || (LockTimeout > 0 && LockTimeout < sd_lock_timeout))
		return;
	set_config_option("lock_timeout", psprintf("%d", sd_lock_timeout), PGC_USERSET, PGC_S_SESSION,
					  action, true, 0, false);
}

static void
add_hint(void *arg)
{
	if (geterrcode() == ERRCODE_LOCK_NOT_AVAILABLE)
		errhint("Another transaction holds the lock for longer than lock_timeout allows, which is %d ms here. "
				"Nothing of this call is left: run it again, or raise studentdir.lock_timeout.",
				LockTimeout);
}

/* From here on waits are bounded, and an error for one that took too long says what can be done. */
void
sd_begin_lock_waits(SdLockWaits *waits)
{
	waits->callback.callback = add_hint;
	waits->callback.arg = NULL;
	waits->callback.previous = error_context_stack;
	error_context_stack = &waits->callback;
	waits->nestlevel = NewGUCNestLevel();
	sd_bound_lock_waits(GUC_ACTION_SAVE);
}

/* Brings back the settings that were there; those that were made since go, too. */
void
sd_end_lock_waits(SdLockWaits *waits)
{
	Assert(error_context_stack == &waits->callback && waits->nestlevel > 0);
	AtEOXact_GUC(false, waits->nestlevel);
	error_context_stack = waits->callback.previous;
}

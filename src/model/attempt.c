/*-------------------------------------------------------------------------
 * model/attempt.c
 *		Doing what may fail, so that one can go on after it.
 *
 * After an error a subtransaction is the only way on: it gives back locks, pins and
 * memory, and undoes what was written.  The steps are those of exec_stmt_block() in
 * PL/pgSQL.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/xact.h"
#include "model/attempt.h"
#include "utils/resowner.h"

/*
 * Does something in a subtransaction, in the current memory context.  NULL when it is
 * done; else its error, a copy in the current context, and nothing of it is left.  It
 * is for the caller to raise the error again, by ReThrowError().
 *
 * What the action changes of the caller's memory stays changed.
 */
ErrorData *
sd_attempt(SdAction action, void *arg)
{
	MemoryContext cxt = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	ErrorData  *volatile error = NULL;

	Assert(IsTransactionState() && !IsInParallelMode());
	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(cxt);
	PG_TRY();
	{
		action(arg);
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(cxt);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(cxt);
	CurrentResourceOwner = owner;
	return error;
}

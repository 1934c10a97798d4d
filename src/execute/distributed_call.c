/*-------------------------------------------------------------------------
 * execute/distributed_call.c
 *		What is said where Citus refuses a statement.
 *
 * Citus' own messages name what of the SQL it does not take; a caller wrote none.
 */
#include "postgres.h"
#include "compat.h"

#include "execute/distributed_call.h"
#include "parser/parser.h"

/* error context callback: a refusal is 0A000 and says what to write instead */
static void
explain_refusal(void *arg)
{
	const SdPlan *plan = arg;
	int			code = geterrcode();

	if (code != ERRCODE_FEATURE_NOT_SUPPORTED && code != ERRCODE_INTERNAL_ERROR)
		return;
	errcode(ERRCODE_FEATURE_NOT_SUPPORTED);
	if (plan->locks)
		errhint("Citus locks records of one node only: give the attribute that distributes the model in \"where\", or leave out \"lock\".");
	else
		errhint("Citus cannot run this call over tables that are distributed differently. "
				"Distribute associated models by the attributes that the association matches (studentdir.distribute() with \"colocate_with\"), "
				"make small ones reference tables (studentdir.reference()), or ask for the keys first and give them in a second call.");
}

/*
 * To be called before a plan is run, and sd_end_distributed() after it; an error ends
 * it, too.  Raises 0A000 where backslashes in strings are escapes, since Citus writes
 * values into the text that it sends to its workers.
 */
void
sd_begin_distributed(SdDistributedCall *call, const SdPlan *plan)
{
	call->plan = plan;
	if (!plan->distributed)
		return;
	if (!standard_conforming_strings)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("tables that Citus distributes are not read or written with standard_conforming_strings off"),
				 errhint("SET standard_conforming_strings = on.")));
	call->callback.callback = explain_refusal;
	call->callback.arg = unconstify(SdPlan *, plan);
	call->callback.previous = error_context_stack;
	error_context_stack = &call->callback;
}

void
sd_end_distributed(const SdDistributedCall *call)
{
	if (call->plan->distributed)
		error_context_stack = call->callback.previous;
}

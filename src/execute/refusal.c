/*-------------------------------------------------------------------------
 * execute/refusal.c
 *		What is said where Citus refuses a statement.
 *
 * Citus' own messages name what of the SQL it does not take; a caller wrote none.
 */
#include "postgres.h"
#include "compat.h"

#include "execute/refusal.h"
#include "parser/parser.h"

/*
 * To be called from an error context callback of a plan that runs: where Citus
 * refuses it, the error is 0A000 and its hint says what to write instead.
 */
void
sd_explain_refusal(const SdPlan *plan)
{
	int			code = geterrcode();

	if (!plan->distributed ||
		(code != ERRCODE_FEATURE_NOT_SUPPORTED && code != ERRCODE_INTERNAL_ERROR))
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
 * To be called before a plan runs.  Raises 0A000 where backslashes in strings are
 * escapes and Citus would write values into the text that it sends to its workers.
 */
void
sd_check_distributed(const SdPlan *plan)
{
	if (plan->distributed && !standard_conforming_strings)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("tables that Citus distributes are not read or written with standard_conforming_strings off"),
				 errhint("SET standard_conforming_strings = on.")));
}

/*-------------------------------------------------------------------------
 * write/model_validation.c
 *		Looks whether the rows that a statement writes meet their model's own
 *		conditions.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "write/model_validation.h"

/* Notes that a row does not meet condition number check. */
static void
note(SdChecker *checker, int check, TupleTableSlot *slot)
{
	static const SdPath data = {.key = "data", .len = 4};
	const SdStatement *statement = checker->statement;
	const SdCheck *failed;
	SdPath		row = SD_INDEX_STEP(&data, -1);	/* of the document; -1: it is not known */

	if (statement->sought && check == list_length(sd_statement_checks(statement)) - 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("where: the new record of model \"%s\" would not meet the conditions, so that it could not be found again",
						statement->query->model->name),
				 errhint("Give the values that meet them in \"defaults\".")));
	Assert(check >= 0 && check < statement->query->model->nchecks);
	failed = &statement->query->model->checks[check];
	if (statement->kind == SD_UPDATE_ROWS)
		row.index = DatumGetInt64(slot->tts_values[slot->tts_tupleDescriptor->natts - 1]);
	else if (statement->rows_read != NULL && statement->rows_read->n > 0)
		row.index = sd_row_number(statement->rows_read);
	if (row.index >= 0)
		sd_add_check_violation(checker->violations, failed,
							   statement->row_paths != NULL ? statement->row_paths[row.index]
							   : &row);
	else if (!bms_is_member(check, checker->failed))
	{
		MemoryContext old = MemoryContextSwitchTo(checker->violations->cxt);

		checker->failed = bms_add_member(checker->failed, check);
		MemoryContextSwitchTo(old);
		sd_add_check_violation(checker->violations, failed, NULL);
	}
}

/* receiveSlot */
static bool
receive(TupleTableSlot *slot, DestReceiver *self)
{
	SdChecker  *checker = (SdChecker *) self;
	int			nchecks = list_length(sd_statement_checks(checker->statement));
	int			first;

	slot_getallattrs(slot);
	first = slot->tts_tupleDescriptor->natts - nchecks -
		(checker->statement->kind == SD_UPDATE_ROWS ? 1 : 0);
	Assert(first >= 0);
	for (int i = 0; i < nchecks; i++)
	{
		Assert(TupleDescAttr(slot->tts_tupleDescriptor, first + i)->atttypid == BOOLOID);
		if (!DatumGetBool(slot->tts_values[first + i]))
			note(checker, i, slot);
	}
	return checker->receiver == NULL ||
		checker->receiver->pub.receiveSlot(slot, &checker->receiver->pub);
}

static void
startup(DestReceiver *self, int operation, TupleDesc typeinfo)
{
	SdChecker  *checker = (SdChecker *) self;

	if (checker->receiver != NULL)
		checker->receiver->pub.rStartup(&checker->receiver->pub, operation, typeinfo);
}

static void
shutdown(DestReceiver *self)
{
}

/* Prepares a checker for one execution of a statement; receiver gets the rows, unless it is NULL. */
void
sd_checker_init(SdChecker *checker, const SdStatement *statement, SdReceiver *receiver)
{
	memset(checker, 0, sizeof(*checker));
	checker->pub.receiveSlot = receive;
	checker->pub.rStartup = startup;
	checker->pub.rShutdown = shutdown;
	checker->pub.rDestroy = shutdown;
	checker->pub.mydest = DestTuplestore;
	checker->statement = statement;
	checker->receiver = receiver;
	checker->violations = sd_make_violations();
}

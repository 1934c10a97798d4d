/*-------------------------------------------------------------------------
 * write/row_arrays.c
 *		The rows of an ephemeral relation as arrays, one for each column.
 *
 * Citus knows no ephemeral relations, which are in this session's memory: there
 * the rows are parameters.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "json/exact_text.h"
#include "miscadmin.h"
#include "plan/deparse_clause.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/tuplestore.h"
#include "write/row_arrays.h"

/* What an element of a column's array is, of a value of the column. */
static Datum
element(Oid type, Datum value)
{
	return sd_row_element(type) == type ? value
		: CStringGetTextDatum(sd_exact_text(value, type));
}

/*
 * Binds the rows to the statement, behind its other parameters.  The arrays live in
 * the current context.
 */
void
sd_bind_row_arrays(SdStatement *statement, EphemeralNamedRelation rows)
{
	TupleDesc	desc = rows->md.tupdesc;
	Tuplestorestate *store = rows->reldata;
	TupleTableSlot *slot = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
	ArrayBuildState **arrays = palloc(sizeof(ArrayBuildState *) * desc->natts);

	Assert(rows->md.enrtype == ENR_NAMED_TUPLESTORE && store != NULL);
	for (int i = 0; i < desc->natts; i++)
		arrays[i] = initArrayResult(sd_row_element(TupleDescAttr(desc, i)->atttypid),
									CurrentMemoryContext, false);
	tuplestore_rescan(store);
	while (tuplestore_gettupleslot(store, true, false, slot))
	{
		CHECK_FOR_INTERRUPTS();
		slot_getallattrs(slot);
		for (int i = 0; i < desc->natts; i++)
			accumArrayResult(arrays[i],
							 slot->tts_isnull[i] ? (Datum) 0
							 : element(TupleDescAttr(desc, i)->atttypid, slot->tts_values[i]),
							 slot->tts_isnull[i], arrays[i]->element_type,
							 CurrentMemoryContext);
	}
	ExecDropSingleTupleTableSlot(slot);
	tuplestore_rescan(store);

	statement->row_arrays = desc;
	statement->params = sd_copy_params(&statement->params);
	statement->first_array = statement->params.n;
	for (int i = 0; i < desc->natts; i++)
		(void) sd_param(&statement->params, get_array_type(arrays[i]->element_type),
						makeArrayResult(arrays[i], CurrentMemoryContext), false);
}

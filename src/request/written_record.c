/*-------------------------------------------------------------------------
 * request/written_record.c
 *		The one record that a request has written.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "executor/tuptable.h"
#include "miscadmin.h"
#include "parse/options.h"
#include "request/written_record.h"
#include "utils/tuplestore.h"
#include "write/modify.h"

/* The one record that a writer returned, copied into the current context; 0 when there is none. */
Datum
sd_only_record(Tuplestorestate *store)
{
	TupleTableSlot *slot = MakeSingleTupleTableSlot(sd_record_desc(), &TTSOpsMinimalTuple);
	Datum		record = (Datum) 0;

	if (tuplestore_gettupleslot(store, true, false, slot))
	{
		bool		isnull;

		record = PointerGetDatum(PG_DETOAST_DATUM_COPY(slot_getattr(slot, 1, &isnull)));
		Assert(!isnull);
	}
	ExecDropSingleTupleTableSlot(slot);
	tuplestore_end(store);
	return record;
}

/*
 * POST /students, and what a nested POST writes in the end; 0 when a trigger or a rule
 * kept the record from being written.
 */
Datum
sd_create_record(const SdModel *model, Jsonb *data)
{
	Tuplestorestate *store = tuplestore_begin_heap(false, false, work_mem);

	sd_create(sd_parse_call(model, NULL, SD_CALL_CREATE, &(SdInputs) {.client = true}), data,
			  NULL, store);
	return sd_only_record(store);
}

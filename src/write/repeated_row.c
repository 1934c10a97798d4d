/*-------------------------------------------------------------------------
 * write/repeated_row.c
 *		Finds a row of a tuplestore that has the key of one before it.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "executor/tuptable.h"
#include "miscadmin.h"
#include "utils/datum.h"
#include "utils/memutils.h"
#include "write/key_query.h"
#include "write/repeated_row.h"

/*
 * The position of the first row of nrows that has the values of attributes of one
 * before it; -1: there is none.  The attributes are in columns of the rows, and none is
 * NULL; their types are hashed, see sd_can_match().  The tuplestore is read from its
 * start, and is there again afterwards.
 */
int64
sd_repeated_row(const SdModel *model, const int *attrs, const int *columns, int nattrs,
				Tuplestorestate *rows, TupleDesc desc, int64 nrows)
{
	MemoryContext cxt = AllocSetContextCreate(CurrentMemoryContext, "studentdir keys",
											  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(cxt);
	TupleTableSlot *slot = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
	Datum	  **keys = palloc(sizeof(Datum *) * nattrs);
	SdKeyMap	map;
	int			row = 0;
	int64		repeated = -1;

	Assert(nattrs > 0 && sd_can_match(model, attrs, nattrs));
	for (int i = 0; i < nattrs; i++)
		keys[i] = palloc_extended(sizeof(Datum) * nrows, MCXT_ALLOC_HUGE);
	sd_key_columns(&map, model, attrs, nattrs, (int) nrows);
	tuplestore_rescan(rows);
	for (; repeated < 0 && tuplestore_gettupleslot(rows, true, false, slot); row++)
	{
		CHECK_FOR_INTERRUPTS();
		Assert(row < nrows);
		slot_getallattrs(slot);
		for (int i = 0; i < nattrs; i++)
		{
			Form_pg_attribute column = TupleDescAttr(desc, columns[i]);

			Assert(!slot->tts_isnull[columns[i]]);
			keys[i][row] = datumCopy(slot->tts_values[columns[i]], column->attbyval,
									 column->attlen);
		}
		if (sd_keymap_add(&map, keys, row) < row)
			repeated = row;
	}
	ExecDropSingleTupleTableSlot(slot);
	tuplestore_rescan(rows);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(cxt);
	return repeated;
}

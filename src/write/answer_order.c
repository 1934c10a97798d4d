/*-------------------------------------------------------------------------
 * write/answer_order.c
 *		Puts what a statement returns in the order of the input.
 *
 * Rows mostly come in that order.  So they are only watched at first, and go where
 * they belong at once; when one is out of order they are sorted by their numbers, on
 * disk where they are many.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "write/answer_order.h"

/*
 * Begins to order what a receiver, whose rowset or tuplestore is empty, gets of some nrows
 * rows.  What it needs is in the current context.
 */
void
sd_answer_begin(SdAnswerOrder *order, SdReceiver *receiver, int64 nrows)
{
	memset(order, 0, sizeof(*order));
	Assert((receiver->store != NULL) + (receiver->rowset != NULL) == 1);
	Assert(receiver->store == NULL || tuplestore_tuple_count(receiver->store) == 0);
	Assert(nrows <= PG_INT32_MAX);
	order->receiver = receiver;
	order->store = receiver->store;
	order->cxt = CurrentMemoryContext;
	order->capacity = Max((int) nrows, 1);
	order->numbers = palloc_extended(sizeof(int) * order->capacity, MCXT_ALLOC_HUGE);
}

/* Puts a record into the sort. */
static void
sort_record(SdAnswerOrder *order, int number, Datum record)
{
	TupleTableSlot *slot = order->slot;

	ExecClearTuple(slot);
	slot->tts_values[0] = Int32GetDatum(number);
	slot->tts_values[1] = record;
	slot->tts_isnull[0] = slot->tts_isnull[1] = false;
	ExecStoreVirtualTuple(slot);
	tuplesort_puttupleslot(order->sort, slot);
}

/* Begins to sort, with the records that are in the tuplestore, which is cleared. */
static void
begin_sort(SdAnswerOrder *order)
{
	AttrNumber	column = 1;
	Oid			operator = Int4LessOperator;
	Oid			collation = InvalidOid;
	bool		nulls_first = false;
	MemoryContext old = MemoryContextSwitchTo(order->cxt);
	TupleDesc	desc = CreateTemplateTupleDesc(2);
	TupleTableSlot *slot = MakeSingleTupleTableSlot(order->receiver->store_desc,
													&TTSOpsMinimalTuple);
	bool		isnull;

	TupleDescInitEntry(desc, column, "n", INT4OID, -1, 0);
	TupleDescInitEntry(desc, 2, "record", JSONOID, -1, 0);
	TupleDescFinalize(desc);
	order->slot = MakeSingleTupleTableSlot(desc, &TTSOpsVirtual);
	order->sort = tuplesort_begin_heap(desc, 1, &column, &operator, &collation, &nulls_first,
									   work_mem, NULL, TUPLESORT_NONE);
	sd_rowset_init(&order->record, order->cxt, 0, 1, order->cxt);
	for (int i = 0; tuplestore_gettupleslot(order->store, true, false, slot); i++)
	{
		CHECK_FOR_INTERRUPTS();
		Assert(i < order->n);
		sort_record(order, order->numbers[i], slot_getattr(slot, 1, &isnull));
	}
	ExecDropSingleTupleTableSlot(slot);
	tuplestore_clear(order->store);
	order->receiver->store = NULL;
	order->receiver->rowset = &order->record;
	MemoryContextSwitchTo(old);
}

/*
 * Notes which row of the input it is that the receiver has just got.  Several rows may have
 * one number: they stay in the order in which they came.
 */
void
sd_answer_note(SdAnswerOrder *order, int number)
{
	bool		breaks = !order->broken && order->n > 0 && number < order->numbers[order->n - 1];

	Assert(number >= 0);
	if (order->n == order->capacity)
	{
		order->capacity *= 2;
		order->numbers = repalloc_huge(order->numbers, sizeof(int) * order->capacity);
	}
	order->numbers[order->n++] = number;
	order->broken |= breaks;
	if (!order->broken || order->store == NULL)
		return;
	if (breaks)
		begin_sort(order);
	else
	{
		/* the receiver puts one after the other there */
		Assert(order->record.nrows == 1);
		sort_record(order, number, PointerGetDatum(order->record.rows[0]));
		sd_rowset_clear(&order->record);
	}
}

/* Moves the sorted records into the tuplestore. */
static void
take_records(SdAnswerOrder *order)
{
	TupleTableSlot *slot = MakeSingleTupleTableSlot(order->slot->tts_tupleDescriptor,
													&TTSOpsMinimalTuple);

	tuplesort_performsort(order->sort);
	while (tuplesort_gettupleslot(order->sort, true, false, slot, NULL))
	{
		CHECK_FOR_INTERRUPTS();
		slot_getallattrs(slot);
		tuplestore_putvalues(order->store, order->receiver->store_desc, &slot->tts_values[1],
							 &slot->tts_isnull[1]);
	}
	ExecDropSingleTupleTableSlot(slot);
	ExecDropSingleTupleTableSlot(order->slot);
	tuplesort_end(order->sort);
	order->receiver->rowset = NULL;
	order->receiver->store = order->store;
}

/* qsort comparator of numbers with positions in their lower half */
static int
compare_positions(const void *a, const void *b)
{
	uint64		left = *(const uint64 *) a;
	uint64		right = *(const uint64 *) b;

	return left < right ? -1 : left > right ? 1 : 0;
}

/* Puts the rows of the rowset, and what is captured of them, in order. */
static void
reorder_rowset(const SdAnswerOrder *order)
{
	SdRowSet   *rowset = order->receiver->rowset;
	int			n = order->n;
	uint64	   *position = palloc_extended(sizeof(uint64) * n, MCXT_ALLOC_HUGE);
	struct varlena **rows = palloc_extended(sizeof(*rows) * n, MCXT_ALLOC_HUGE);
	Datum	   *values = palloc_extended(sizeof(Datum) * n, MCXT_ALLOC_HUGE);
	bool	   *nulls = palloc_extended(sizeof(bool) * n, MCXT_ALLOC_HUGE);

	Assert(n == rowset->nrows);
	for (int i = 0; i < n; i++)
		position[i] = ((uint64) order->numbers[i] << 32) | (uint32) i;
	qsort(position, n, sizeof(uint64), compare_positions);
	memcpy(rows, rowset->rows, sizeof(*rows) * n);
	for (int i = 0; i < n; i++)
		rowset->rows[i] = rows[(uint32) position[i]];
	for (int capture = 0; capture < rowset->ncaptures; capture++)
	{
		memcpy(values, rowset->captured[capture], sizeof(Datum) * n);
		memcpy(nulls, rowset->nulls[capture], sizeof(bool) * n);
		for (int i = 0; i < n; i++)
		{
			rowset->captured[capture][i] = values[(uint32) position[i]];
			rowset->nulls[capture][i] = nulls[(uint32) position[i]];
		}
	}
	pfree(position);
	pfree(rows);
	pfree(values);
	pfree(nulls);
}

/* Puts what the receiver got in the order of the input. */
void
sd_answer_end(SdAnswerOrder *order)
{
	if (!order->broken)
		return;
	Assert((order->store == NULL) == (order->sort == NULL));
	if (order->store != NULL)
		take_records(order);
	else
		reorder_rowset(order);
}

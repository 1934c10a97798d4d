/*-------------------------------------------------------------------------
 * execute/table_rows.c
 *		Reads the rows of a query as rows of their table's type.
 *
 * The statement selects all columns of its table, so that what a scan of it finds
 * is the row as it is stored, and is copied as a whole.  Rows are read in batches,
 * as records are, so that a large result takes the memory of one.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/heaptoast.h"
#include "access/htup_details.h"
#include "execute/execution.h"
#include "execute/select.h"
#include "execute/table_rows.h"
#include "executor/tuptable.h"
#include "funcapi.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

#define SD_FIRST_ROWS	16
#define SD_MOST_ROWS	256

/* a receiver that keeps the rows of a batch as values of the table's row type */
typedef struct RowReceiver
{
	DestReceiver pub;			/* has to be first */
	TupleDesc	desc;			/* of the row type */
	int			ncolumns;		/* of these, without those that were dropped */
	Datum	   *values;			/* one row, by columns of desc */
	bool	   *nulls;
	int			n;
	Datum	   *rows;
	MemoryContext cxt;			/* of the rows; reset with each batch */
} RowReceiver;

struct SdTableScan
{
	SdExecution execution;
	RowReceiver receiver;
	int			batch;
	int			next;
	bool		last;			/* no batch after this one */
};

/* Whether a statement gives the row as one value, and not its columns. */
static inline bool
is_one_value(const RowReceiver *receiver, TupleDesc desc)
{
	return desc->natts == 1 && TupleDescAttr(desc, 0)->atttypid == receiver->desc->tdtypeid;
}

/* The row from its columns: the table has had others, or the row is older than its last. */
static Datum
form_row(RowReceiver *receiver, TupleTableSlot *slot)
{
	int			column = 0;

	slot_getallattrs(slot);
	for (int i = 0; i < receiver->desc->natts; i++)
	{
		receiver->nulls[i] = TupleDescAttr(receiver->desc, i)->attisdropped ||
			slot->tts_isnull[column];
		if (!TupleDescAttr(receiver->desc, i)->attisdropped)
			receiver->values[i] = slot->tts_values[column++];
	}
	Assert(column == receiver->ncolumns);
	return HeapTupleGetDatum(toast_build_flattened_tuple(receiver->desc, receiver->values,
														 receiver->nulls));
}

/* The row of a slot in the current context; what is stored elsewhere is part of it. */
static Datum
read_row(RowReceiver *receiver, TupleTableSlot *slot)
{
	bool		isnull;
	bool		copied;
	HeapTuple	tuple;
	Datum		row;

	if (is_one_value(receiver, slot->tts_tupleDescriptor))
		return datumCopy(slot_getattr(slot, 1, &isnull), false, -1);
	if (receiver->ncolumns < receiver->desc->natts || TTS_IS_VIRTUAL(slot))
		return form_row(receiver, slot);
	tuple = ExecFetchSlotHeapTuple(slot, false, &copied);
	if (HeapTupleHeaderGetNatts(tuple->t_data) == receiver->ncolumns)
		row = heap_copy_tuple_as_datum(tuple, receiver->desc);
	else
		row = form_row(receiver, slot);
	if (copied)
		heap_freetuple(tuple);
	return row;
}

static bool
receive_row(TupleTableSlot *slot, DestReceiver *self)
{
	RowReceiver *receiver = (RowReceiver *) self;
	MemoryContext old = MemoryContextSwitchTo(receiver->cxt);

	Assert(receiver->n < SD_MOST_ROWS);
	receiver->rows[receiver->n++] = read_row(receiver, slot);
	MemoryContextSwitchTo(old);
	return true;
}

static void
start_rows(DestReceiver *self, int operation, TupleDesc typeinfo)
{
	RowReceiver *receiver = (RowReceiver *) self;
	bool		same = is_one_value(receiver, typeinfo);

	if (!same && typeinfo->natts == receiver->ncolumns)
	{
		int			column = 0;

		same = true;
		for (int i = 0; i < receiver->desc->natts; i++)
		{
			Form_pg_attribute attr = TupleDescAttr(receiver->desc, i);

			if (!attr->attisdropped)
				same &= TupleDescAttr(typeinfo, column++)->atttypid == attr->atttypid;
		}
	}
	if (!same)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("a table was changed while the call was running")));
}

static void
end_rows(DestReceiver *self)
{
}

/*
 * Starts a query that asks for whole rows, in the current context, which has to
 * live until sd_table_scan_end().  Raises what starting the statement raises.
 */
SdTableScan *
sd_table_scan_begin(const SdQuery *query)
{
	SdTableScan *scan = palloc0(sizeof(SdTableScan));
	bool		fresh = sd_begin_reading();
	const SdQuery *page = sd_page_query(query);
	SdStatement statement = {.kind = SD_SELECT, .query = page, .params = page->params};
	RowReceiver *receiver = &scan->receiver;

	Assert(page->whole_row);
	receiver->pub.receiveSlot = receive_row;
	receiver->pub.rStartup = start_rows;
	receiver->pub.rShutdown = end_rows;
	receiver->pub.rDestroy = end_rows;
	receiver->pub.mydest = DestTuplestore;
	receiver->desc = lookup_rowtype_tupdesc_copy(get_rel_type_id(page->model->relid), -1);
	for (int i = 0; i < receiver->desc->natts; i++)
		receiver->ncolumns += !TupleDescAttr(receiver->desc, i)->attisdropped;
	receiver->values = palloc0(sizeof(Datum) * receiver->desc->natts);
	receiver->nulls = palloc0(sizeof(bool) * receiver->desc->natts);
	receiver->rows = palloc(sizeof(Datum) * SD_MOST_ROWS);
	receiver->cxt = AllocSetContextCreate(CurrentMemoryContext, "studentdir batch",
										  ALLOCSET_DEFAULT_SIZES);
	scan->batch = SD_FIRST_ROWS;
	sd_execution_start(&scan->execution, page, sd_prepare(&statement, CurrentMemoryContext),
					   sd_bind(&page->params));
	sd_end_reading(fresh);
	return scan;
}

/* Gives the next row, good until the call after the next 15; false when there is none. */
bool
sd_table_scan_next(SdTableScan *scan, Datum *row)
{
	RowReceiver *receiver = &scan->receiver;

	if (scan->next == receiver->n)
	{
		if (scan->last)
			return false;
		Assert(scan->batch > 0 && scan->batch <= SD_MOST_ROWS);
		MemoryContextReset(receiver->cxt);
		scan->next = receiver->n = 0;
		sd_execution_run(&scan->execution, &receiver->pub, scan->batch);
		scan->last = receiver->n < scan->batch;
		scan->batch = Min(scan->batch * 2, SD_MOST_ROWS);
		if (scan->last)
			sd_execution_end(&scan->execution);
		if (receiver->n == 0)
			return false;
	}
	*row = receiver->rows[scan->next++];
	return true;
}

/* Ends a scan, read to its end or not. */
void
sd_table_scan_end(SdTableScan *scan)
{
	scan->last = true;
	sd_execution_end(&scan->execution);
}

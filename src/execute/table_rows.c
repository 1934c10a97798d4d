/*-------------------------------------------------------------------------
 * execute/table_rows.c
 *		Reads the rows of a query as rows of their table's type.
 *
 * The statement selects its table as a whole.  Rows are read in batches, as
 * records are, so that a large result takes the memory of one.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/execution.h"
#include "execute/select.h"
#include "execute/table_rows.h"
#include "executor/tuptable.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#define SD_FIRST_ROWS	16
#define SD_MOST_ROWS	256

/* a receiver that keeps the first column of the rows of a batch */
typedef struct RowReceiver
{
	DestReceiver pub;			/* has to be first */
	Oid			type;			/* that the column has to have */
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

static bool
receive_row(TupleTableSlot *slot, DestReceiver *self)
{
	RowReceiver *receiver = (RowReceiver *) self;
	MemoryContext old = MemoryContextSwitchTo(receiver->cxt);
	bool		isnull;
	Datum		row = slot_getattr(slot, 1, &isnull);

	Assert(!isnull);
	receiver->rows[receiver->n++] = datumCopy(row, false, -1);
	MemoryContextSwitchTo(old);
	return true;
}

static void
start_rows(DestReceiver *self, int operation, TupleDesc typeinfo)
{
	RowReceiver *receiver = (RowReceiver *) self;

	if (typeinfo->natts != 1 || TupleDescAttr(typeinfo, 0)->atttypid != receiver->type)
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
	const SdQuery *page = sd_page_query(query);
	SdStatement statement = {.kind = SD_SELECT, .query = page, .params = page->params};
	RowReceiver *receiver = &scan->receiver;

	Assert(page->whole_row);
	receiver->pub.receiveSlot = receive_row;
	receiver->pub.rStartup = start_rows;
	receiver->pub.rShutdown = end_rows;
	receiver->pub.rDestroy = end_rows;
	receiver->pub.mydest = DestTuplestore;
	receiver->type = get_rel_type_id(page->model->relid);
	receiver->rows = palloc(sizeof(Datum) * SD_MOST_ROWS);
	receiver->cxt = AllocSetContextCreate(CurrentMemoryContext, "studentdir batch",
										  ALLOCSET_DEFAULT_SIZES);
	scan->batch = SD_FIRST_ROWS;
	sd_execution_start(&scan->execution, page, sd_prepare(&statement, CurrentMemoryContext),
					   sd_bind(&page->params));
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

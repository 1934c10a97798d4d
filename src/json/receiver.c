/*-------------------------------------------------------------------------
 * json/receiver.c
 *		A DestReceiver that writes the rows of a statement as JSON objects.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "funcapi.h"
#include "json/receiver.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

/* Writes n columns of a row, from number first on, as the members of an object. */
static inline void
write_columns(SdBuf *buf, const SdLayout *layout, TupleTableSlot *slot, int first, int n)
{
	for (int i = first; i < first + n; i++)
	{
		const SdRecordColumn *column = &layout->columns[i];
		int			comma = i == first ? 1 : 0;

		Assert(column->key[0] == ',' && column->key_len > 1);
		sd_buf_append_padded(buf, column->key + comma, column->key_len - comma);
		if (slot->tts_isnull[i])
			sd_write_null(buf);
		else
			column->writer.write(buf, slot->tts_values[i], &column->writer);
	}
}

/* Writes a row as one JSON object. */
static inline void
write_row(SdBuf *buf, const SdLayout *layout, TupleTableSlot *slot)
{
	sd_buf_char(buf, '{');
	write_columns(buf, layout, slot, 0, layout->ncolumns);
	if (layout->nnested > 0)
	{
		int			comma = layout->ncolumns == 0 ? 1 : 0;

		sd_buf_append_padded(buf, layout->nested_key + comma, layout->nested_key_len - comma);
		sd_buf_char(buf, '{');
		write_columns(buf, layout, slot, layout->ncolumns, layout->nnested);
		sd_buf_char(buf, '}');
	}
	if (!layout->open)
		sd_buf_char(buf, '}');
}

/* Keeps the captured values of a row. */
static void
capture_row(SdRowSet *rowset, int row, const SdLayout *layout, TupleTableSlot *slot)
{
	Assert(layout->ncaptures <= rowset->ncaptures && row < rowset->nrows);
	for (int i = 0; i < layout->ncaptures; i++)
	{
		const SdCapture *capture = &layout->captures[i];
		bool		isnull = slot->tts_isnull[capture->column];
		Datum		value = slot->tts_values[capture->column];

		Assert(capture->column < slot->tts_tupleDescriptor->natts);
		rowset->nulls[i][row] = isnull;
		if (isnull)
			rowset->captured[i][row] = (Datum) 0;
		else if (capture->byval)
			rowset->captured[i][row] = value;
		else
		{
			MemoryContext old = MemoryContextSwitchTo(rowset->value_cxt);

			rowset->captured[i][row] = capture->len == -1
				? PointerGetDatum(PG_DETOAST_DATUM_COPY(value))
				: datumCopy(value, false, capture->len);
			MemoryContextSwitchTo(old);
		}
	}
}

/* Raises 54000: the call would return more rows than the setting allows. */
void
sd_too_many_rows(uint64 limit)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("the result has more than " UINT64_FORMAT " rows", limit),
			 errhint("Use \"limit\", or raise the setting studentdir.max_rows.")));
}

/* receiveSlot: writes one row to where the receiver keeps its rows */
static bool
receive(TupleTableSlot *slot, DestReceiver *self)
{
	SdReceiver *receiver = (SdReceiver *) self;
	MemoryContext old;

	Assert((receiver->rowset != NULL) + (receiver->array != NULL) + (receiver->store != NULL) == 1);
	if (receiver->limit > 0 && receiver->rows >= receiver->limit)
		sd_too_many_rows(receiver->limit);
	receiver->rows++;

	slot_getallattrs(slot);
	/* what the first row leaves behind goes with the executor: mostly there is no other */
	if (receiver->row_cxt == NULL && receiver->rows > 1)
		receiver->row_cxt = AllocSetContextCreate(receiver->cxt, "studentdir row",
												  ALLOCSET_SMALL_SIZES);
	old = MemoryContextSwitchTo(receiver->row_cxt != NULL ? receiver->row_cxt
								: CurrentMemoryContext);
	if (receiver->rowset != NULL)
	{
		SdRowSet   *rowset = receiver->rowset;
		int			row = sd_rowset_add(rowset);

		sd_buf_begin(&rowset->buf);
		write_row(&rowset->buf, receiver->layout, slot);
		rowset->rows[row] = sd_buf_end(&rowset->buf);
		capture_row(rowset, row, receiver->layout, slot);
	}
	else if (receiver->array != NULL)
	{
		if (receiver->rows > 1)
			sd_buf_char(receiver->array, ',');
		write_row(receiver->array, receiver->layout, slot);
	}
	else
	{
		Datum		value;
		bool		isnull = false;

		sd_buf_clear(&receiver->row);
		sd_buf_begin(&receiver->row);
		write_row(&receiver->row, receiver->layout, slot);
		value = PointerGetDatum(sd_buf_end(&receiver->row));
		tuplestore_putvalues(receiver->store, receiver->store_desc, &value, &isnull);
	}
	MemoryContextSwitchTo(old);
	if (receiver->row_cxt != NULL)
		MemoryContextReset(receiver->row_cxt);
	if (unlikely(receiver->on_row != NULL))
		receiver->on_row(receiver->rows, receiver->on_row_arg);
	return receiver->is_full == NULL || !receiver->is_full(receiver);
}

/* Raises 0A000 unless a column of a statement is of the type that it is read as. */
static inline void
check_type(TupleDesc desc, int column, Oid expected)
{
	Oid			type = column < desc->natts ? TupleDescAttr(desc, column)->atttypid : InvalidOid;

	if (unlikely(type != expected && (type == InvalidOid || getBaseType(type) != expected)))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("a table or a function was changed while the call was running"),
				 errdetail("Column %d of the statement is of type %s, not of type %s any more.",
						   column + 1, format_type_be(type), format_type_be(expected)),
				 errhint("Call again after the change: a call reads and writes one state of a table.")));
}

/*
 * Raises 0A000 unless the rows of a statement are of the types that the layout
 * was made for.  The layout is part of a plan, whose statement PostgreSQL
 * analyzes anew when a table changes, and then its columns may be others.
 */
void
sd_check_row_type(const SdLayout *layout, TupleDesc desc)
{
	for (int i = 0; i < layout->ncolumns + layout->nnested; i++)
		check_type(desc, i, layout->columns[i].writer.type);
	for (int i = 0; i < layout->ncaptures; i++)
		check_type(desc, layout->captures[i].column, layout->captures[i].type);
}

/* rStartup: the one place that every execution passes before its first row */
static void
startup(DestReceiver *self, int operation, TupleDesc typeinfo)
{
	sd_check_row_type(((SdReceiver *) self)->layout, typeinfo);
}

static void
shutdown(DestReceiver *self)
{
}

/*
 * Prepares a receiver for one execution; the caller sets rowset, array or
 * store afterwards, and on_row if it likes.  Its workspace is in the current context.
 */
void
sd_receiver_init(SdReceiver *receiver, const SdLayout *layout, uint64 limit)
{
	memset(receiver, 0, sizeof(*receiver));
	receiver->pub.receiveSlot = receive;
	receiver->pub.rStartup = startup;
	receiver->pub.rShutdown = shutdown;
	receiver->pub.rDestroy = shutdown;
	/* any kind but DestNone will do: SPI takes DestNone for "count only" */
	receiver->pub.mydest = DestTuplestore;
	receiver->layout = layout;
	receiver->limit = limit;
	receiver->cxt = CurrentMemoryContext;
}

/* The row type of the functions that return records: one column of type json. */
TupleDesc
sd_record_desc(void)
{
	TupleDesc	desc = CreateTemplateTupleDesc(1);

	TupleDescInitEntry(desc, 1, "record", JSONOID, -1, 0);
	TupleDescFinalize(desc);
	return BlessTupleDesc(desc);
}

/* The row type of the functions that say whether the record is a new one. */
TupleDesc
sd_created_desc(void)
{
	TupleDesc	desc = CreateTemplateTupleDesc(2);

	TupleDescInitEntry(desc, 1, "record", JSONOID, -1, 0);
	TupleDescInitEntry(desc, 2, "created", BOOLOID, -1, 0);
	TupleDescFinalize(desc);
	return BlessTupleDesc(desc);
}

/* Sends the rows to a tuplestore of one json column. */
void
sd_receiver_to_store(SdReceiver *receiver, Tuplestorestate *store)
{
	Assert(receiver->rowset == NULL && receiver->array == NULL);
	receiver->store = store;
	receiver->store_desc = sd_record_desc();
	sd_buf_init(&receiver->row, CurrentMemoryContext, 1024);
}

/*-------------------------------------------------------------------------
 * json/composite.c
 *		Values made of values: arrays, ranges, multiranges, rows.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "access/tupmacs.h"
#include "catalog/pg_type.h"
#include "json/exact_text.h"
#include "json/write_functions.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/memutils.h"
#include "utils/multirangetypes.h"
#include "utils/rangetypes.h"
#include "utils/typcache.h"

/* Where the writing of an array stands. */
typedef struct ArrayCursor
{
	const SdWriter *writer;
	const char *data;			/* next element that is not NULL */
	const uint8 *nulls;			/* bitmap, or NULL */
	int			at;				/* number of the next element */
} ArrayCursor;

static inline void
write_element(SdBuf *buf, ArrayCursor *cursor)
{
	const SdWriter *writer = cursor->writer;
	int			at = cursor->at++;

	if (cursor->nulls != NULL && (cursor->nulls[at / 8] & (1 << (at % 8))) == 0)
		sd_write_null(buf);
	else
	{
		Datum		value = fetch_att(cursor->data, writer->element_byval, writer->element_len);

		writer->element->write(buf, value, writer->element);
		cursor->data = att_addlength_pointer(cursor->data, writer->element_len, cursor->data);
		cursor->data = (const char *) att_align_nominal(cursor->data, writer->element_align);
	}
}

/* Writes an array of ndim dimensions, or one slice of a larger one. */
static void
write_dimension(SdBuf *buf, ArrayCursor *cursor, int ndim, const int *dims)
{
	sd_buf_char(buf, '[');
	for (int i = 0; i < dims[0]; i++)
	{
		if (i > 0)
			sd_buf_char(buf, ',');
		if (ndim > 1)
			write_dimension(buf, cursor, ndim - 1, dims + 1);
		else
			write_element(buf, cursor);
	}
	sd_buf_char(buf, ']');
}

void
sd_write_array(SdBuf *buf, Datum value, const SdWriter *writer)
{
	ArrayType  *array = DatumGetArrayTypeP(value);

	Assert(ARR_ELEMTYPE(array) == writer->element_type);
	if (ARR_NDIM(array) == 0)
		sd_buf_append(buf, "[]", 2);
	else
	{
		ArrayCursor cursor = {
			.writer = writer,
			.data = ARR_DATA_PTR(array),
			.nulls = ARR_NULLBITMAP(array)
		};

		write_dimension(buf, &cursor, ARR_NDIM(array), ARR_DIMS(array));
		Assert(cursor.at == ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)));
		Assert(cursor.data <= (const char *) array + VARSIZE(array));
	}
	if ((Pointer) array != DatumGetPointer(value))
		pfree(array);
}

/* The text of an infinite date or time; NULL of any other value.  Such bounds are many. */
static const char *
infinity_text(Datum value, Oid type)
{
	bool		low;

	if (type == DATEOID && DATE_NOT_FINITE(DatumGetDateADT(value)))
		low = DATE_IS_NOBEGIN(DatumGetDateADT(value));
	else if ((type == TIMESTAMPOID || type == TIMESTAMPTZOID) &&
			 TIMESTAMP_NOT_FINITE(DatumGetTimestamp(value)))
		low = TIMESTAMP_IS_NOBEGIN(DatumGetTimestamp(value));
	else
		return NULL;
	return low ? EARLY : LATE;
}

/*
 * Writes a bound's value.  What is null by itself, such as the date infinity,
 * is text here: null is a bound that is not there.
 */
static void
write_bound_value(SdBuf *buf, Datum value, const SdWriter *writer)
{
	const char *text;

	/* a colon stands before it */
	writer->write(buf, value, writer);
	Assert(buf->len >= buf->start + 5);
	if (memcmp(buf->data + buf->len - 5, ":null", 5) != 0)
		return;
	buf->len -= 4;
	text = infinity_text(value, writer->type);
	if (text == NULL)
		text = sd_exact_text(value, writer->type);
	sd_write_string(buf, text, strlen(text));
}

static void
write_bound(SdBuf *buf, const RangeBound *bound, const SdWriter *writer)
{
	sd_buf_append(buf, "{\"value\":", 9);
	if (bound->infinite)
		sd_write_null(buf);
	else
		write_bound_value(buf, bound->val, writer);
	if (bound->inclusive)
		sd_buf_append(buf, ",\"inclusive\":true}", 18);
	else
		sd_buf_append(buf, ",\"inclusive\":false}", 19);
}

static void
write_bounds(SdBuf *buf, const RangeBound *lower, const RangeBound *upper,
			 const SdWriter *writer)
{
	sd_buf_char(buf, '[');
	write_bound(buf, lower, writer);
	sd_buf_char(buf, ',');
	write_bound(buf, upper, writer);
	sd_buf_char(buf, ']');
}

void
sd_write_range(SdBuf *buf, Datum value, const SdWriter *writer)
{
	RangeType  *range = DatumGetRangeTypeP(value);
	RangeBound	lower;
	RangeBound	upper;
	bool		empty;

	Assert(RangeTypeGetOid(range) == writer->range->type_id);
	range_deserialize(writer->range, range, &lower, &upper, &empty);
	if (empty)
		sd_buf_append(buf, "[]", 2);
	else
		write_bounds(buf, &lower, &upper, writer->element);
	if ((Pointer) range != DatumGetPointer(value))
		pfree(range);
}

void
sd_write_multirange(SdBuf *buf, Datum value, const SdWriter *writer)
{
	MultirangeType *multirange = DatumGetMultirangeTypeP(value);

	Assert(MultirangeTypeGetOid(multirange) == writer->type);
	sd_buf_char(buf, '[');
	for (uint32 i = 0; i < multirange->rangeCount; i++)
	{
		RangeBound	lower;
		RangeBound	upper;

		if (i > 0)
			sd_buf_char(buf, ',');
		multirange_get_bounds(writer->range, multirange, i, &lower, &upper);
		write_bounds(buf, &lower, &upper, writer->element);
	}
	sd_buf_char(buf, ']');
	if ((Pointer) multirange != DatumGetPointer(value))
		pfree(multirange);
}

/* Writes a row as an object: {"column":value}. */
static void
write_columns(SdBuf *buf, HeapTupleHeader header, const SdRowWriter *row)
{
	int			natts = row->desc->natts;
	Datum	   *values = palloc(natts * sizeof(Datum));
	bool	   *nulls = palloc(natts * sizeof(bool));
	bool		first = true;
	HeapTupleData tuple;

	memset(&tuple, 0, sizeof(tuple));
	tuple.t_len = HeapTupleHeaderGetDatumLength(header);
	tuple.t_data = header;
	heap_deform_tuple(&tuple, row->desc, values, nulls);

	sd_buf_char(buf, '{');
	for (int i = 0; i < natts; i++)
	{
		const SdColumnWriter *column = &row->columns[i];

		if (column->key == NULL)
			continue;
		if (!first)
			sd_buf_char(buf, ',');
		first = false;
		sd_buf_append(buf, column->key, column->key_len);
		if (nulls[i])
			sd_write_null(buf);
		else
			column->writer.write(buf, values[i], &column->writer);
	}
	sd_buf_char(buf, '}');
	pfree(nulls);
	pfree(values);
}

/* a row of a named composite type */
void
sd_write_row(SdBuf *buf, Datum value, const SdWriter *writer)
{
	HeapTupleHeader header = DatumGetHeapTupleHeader(value);

	check_stack_depth();
	write_columns(buf, header, sd_current_row_writer(writer));
	if ((Pointer) header != DatumGetPointer(value))
		pfree(header);
}

/* a row of type record: only the value itself tells what its columns are */
void
sd_write_record(SdBuf *buf, Datum value, const SdWriter *writer)
{
	HeapTupleHeader header = DatumGetHeapTupleHeader(value);

	check_stack_depth();
	write_columns(buf, header, sd_row_writer(HeapTupleHeaderGetTypeId(header),
											 HeapTupleHeaderGetTypMod(header),
											 CurrentMemoryContext));
	if ((Pointer) header != DatumGetPointer(value))
		pfree(header);
}

/*
 * The value in an anonymous row of one column, as an element of a list: lists of arrays
 * are made of such rows.  Any other row is written as it is.
 */
void
sd_write_boxed(SdBuf *buf, Datum value, const SdWriter *writer)
{
	HeapTupleHeader header = DatumGetHeapTupleHeader(value);
	int32		typmod = HeapTupleHeaderGetTypMod(header);
	SdRowWriter *row = writer->row;
	HeapTupleData tuple;
	Datum		column;
	bool		isnull;

	check_stack_depth();
	if (HeapTupleHeaderGetNatts(header) != 1 || HeapTupleHeaderGetTypeId(header) != RECORDOID)
	{
		sd_write_record(buf, value, writer);
		return;
	}
	if (row == NULL || row->desc->tdtypmod != typmod)
	{
		row = sd_row_writer(RECORDOID, typmod, GetMemoryChunkContext(unconstify(SdWriter *, writer)));
		unconstify(SdWriter *, writer)->row = row;
	}
	Assert(row->desc->natts == 1);
	memset(&tuple, 0, sizeof(tuple));
	tuple.t_len = HeapTupleHeaderGetDatumLength(header);
	tuple.t_data = header;
	heap_deform_tuple(&tuple, row->desc, &column, &isnull);
	if (isnull)
		sd_write_null(buf);
	else
		row->columns[0].writer.write(buf, column, &row->columns[0].writer);
	if ((Pointer) header != DatumGetPointer(value))
		pfree(header);
}

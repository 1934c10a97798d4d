/*-------------------------------------------------------------------------
 * write/batch_order.c
 *		Writes the rows of a batch in the order of a unique key, and answers in
 *		the order of the input.
 *
 * Rows mostly come in the order of their keys, or get their keys in the order in
 * which they come.  So they are only watched at first; when one is out of order
 * they are sorted, on disk where they are many, and what RETURNING gives is
 * sorted back by the number that each row had in the input.
 *
 * Any order will do that is the same in all sessions and in which equal keys are
 * equal.  Text is compared byte by byte, unless its collation takes different
 * strings as equal: that is much faster than comparing words.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_collation.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/sortsupport.h"
#include "utils/tuplesort.h"
#include "utils/typcache.h"
#include "write/batch_order.h"

/* an attribute of the key */
typedef struct Term
{
	int			column;			/* of the batch, from 0 */
	bool		byval;
	int16		len;
	Oid			less;			/* operator */
	Oid			collation;
	SortSupportData support;
	Datum		last;			/* of the row before */
	bool		last_null;
} Term;

struct SdBatchOrder
{
	int			nterms;
	Term	   *terms;
	MemoryContext cxt;
	bool		begun;			/* there is a row before */
	bool		broken;			/* a row came that is less than the one before it */
	int		   *numbers;		/* of the rows in the input, in the order in which they are written */
	int64		nrows;

	/* the answer */
	SdReceiver *receiver;
	const int64 *read;			/* how many rows the statement has read */
	int		   *returned;		/* the numbers of the rows that came back, as they came */
	int			nreturned;
	Tuplestorestate *answer;	/* where the records go in the end; NULL: they stay in a rowset */
	void		(*on_row) (uint64 rows, void *arg);
	void	   *on_row_arg;
};

/* The collation under which values of an attribute are put in order. */
static Oid
order_collation(const SdAttribute *attr)
{
	bool		is_text = attr->type == TEXTOID || attr->type == VARCHAROID ||
		attr->type == BPCHAROID;

	return is_text && get_collation_isdeterministic(attr->collation) ? C_COLLATION_OID
		: attr->collation;
}

/*
 * Begins an order by attributes of a model, which are in columns of the batch, in
 * the current context.  NULL when values of one of them cannot be ordered.
 */
SdBatchOrder *
sd_order_begin(const SdModel *model, const int *attrs, const int *columns, int nattrs)
{
	SdBatchOrder *order = palloc0(sizeof(SdBatchOrder));

	order->nterms = nattrs;
	order->terms = palloc0(sizeof(Term) * nattrs);
	order->cxt = CurrentMemoryContext;
	for (int i = 0; i < nattrs; i++)
	{
		const SdAttribute *attr = &model->attrs[attrs[i]];
		Term	   *term = &order->terms[i];

		term->less = lookup_type_cache(attr->type, TYPECACHE_LT_OPR)->lt_opr;
		if (!OidIsValid(term->less))
			return NULL;
		term->column = columns[i];
		term->collation = order_collation(attr);
		get_typlenbyval(attr->type, &term->len, &term->byval);
		term->support.ssup_cxt = CurrentMemoryContext;
		term->support.ssup_collation = term->collation;
		PrepareSortSupportFromOrderingOp(term->less, &term->support);
	}
	return order;
}

/* Whether a row is less than the one before it. */
static bool
is_less(SdBatchOrder *order, const Datum *values, const bool *nulls)
{
	for (int i = 0; i < order->nterms; i++)
	{
		Term	   *term = &order->terms[i];
		int			compared = ApplySortComparator(term->last, term->last_null,
												   values[term->column], nulls[term->column],
												   &term->support);

		if (compared != 0)
			return compared > 0;
	}
	return false;
}

/* Watches whether a row that is added follows the one before it. */
void
sd_order_see(SdBatchOrder *order, const Datum *values, const bool *nulls)
{
	MemoryContext old;

	if (order->broken)
		return;
	if (order->begun && is_less(order, values, nulls))
	{
		order->broken = true;
		return;
	}
	old = MemoryContextSwitchTo(order->cxt);
	for (int i = 0; i < order->nterms; i++)
	{
		Term	   *term = &order->terms[i];

		if (!term->byval && order->begun && !term->last_null)
			pfree(DatumGetPointer(term->last));
		term->last_null = nulls[term->column];
		if (!term->last_null)
			term->last = datumCopy(values[term->column], term->byval, term->len);
	}
	MemoryContextSwitchTo(old);
	order->begun = true;
}

/* Whether the rows have come in the order already. */
bool
sd_order_is_kept(const SdBatchOrder *order)
{
	return !order->broken;
}

/* A row type with one more column, the number of the row. */
static TupleDesc
numbered_desc(TupleDesc desc)
{
	TupleDesc	numbered = CreateTemplateTupleDesc(desc->natts + 1);

	for (int i = 1; i <= desc->natts; i++)
		TupleDescCopyEntry(numbered, i, desc, i);
	TupleDescInitEntry(numbered, desc->natts + 1, "n", INT8OID, -1, 0);
	TupleDescFinalize(numbered);
	return BlessTupleDesc(numbered);
}

/* Begins to sort rows by the terms and then by their numbers, or by these alone. */
static Tuplesortstate *
begin_sort(const SdBatchOrder *order, TupleDesc numbered, bool by_terms)
{
	int			nkeys = by_terms ? order->nterms + 1 : 1;
	AttrNumber *columns = palloc(sizeof(AttrNumber) * nkeys);
	Oid		   *operators = palloc(sizeof(Oid) * nkeys);
	Oid		   *collations = palloc0(sizeof(Oid) * nkeys);
	bool	   *nulls_first = palloc0(sizeof(bool) * nkeys);

	for (int i = 0; i < nkeys - 1; i++)
	{
		columns[i] = order->terms[i].column + 1;
		operators[i] = order->terms[i].less;
		collations[i] = order->terms[i].collation;
	}
	columns[nkeys - 1] = numbered->natts;
	operators[nkeys - 1] = Int8LessOperator;
	return tuplesort_begin_heap(numbered, nkeys, columns, operators, collations, nulls_first,
								work_mem, NULL, TUPLESORT_NONE);
}

/* Puts the rows of a tuplestore, which is ended, into a sort with their numbers. */
static void
sort_rows(Tuplesortstate *sort, Tuplestorestate *rows, TupleDesc desc, TupleDesc numbered,
		  const int *numbers)
{
	TupleTableSlot *slot = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
	TupleTableSlot *with_number = MakeSingleTupleTableSlot(numbered, &TTSOpsVirtual);

	for (int64 n = 0; tuplestore_gettupleslot(rows, true, false, slot); n++)
	{
		CHECK_FOR_INTERRUPTS();
		slot_getallattrs(slot);
		ExecClearTuple(with_number);
		memcpy(with_number->tts_values, slot->tts_values, sizeof(Datum) * desc->natts);
		memcpy(with_number->tts_isnull, slot->tts_isnull, sizeof(bool) * desc->natts);
		with_number->tts_values[desc->natts] = Int64GetDatum(numbers != NULL ? numbers[n] : n);
		with_number->tts_isnull[desc->natts] = false;
		ExecStoreVirtualTuple(with_number);
		tuplesort_puttupleslot(sort, with_number);
	}
	ExecDropSingleTupleTableSlot(slot);
	ExecDropSingleTupleTableSlot(with_number);
	tuplestore_end(rows);
	tuplesort_performsort(sort);
}

/* Moves sorted rows, without their numbers, which go into numbers unless that is NULL. */
static void
take_rows(Tuplesortstate *sort, TupleDesc desc, TupleDesc numbered, Tuplestorestate *rows,
		  int *numbers)
{
	TupleTableSlot *slot = MakeSingleTupleTableSlot(numbered, &TTSOpsMinimalTuple);

	for (int64 n = 0; tuplesort_gettupleslot(sort, true, false, slot, NULL); n++)
	{
		CHECK_FOR_INTERRUPTS();
		slot_getallattrs(slot);
		if (numbers != NULL)
			numbers[n] = (int) DatumGetInt64(slot->tts_values[desc->natts]);
		tuplestore_putvalues(rows, desc, slot->tts_values, slot->tts_isnull);
	}
	ExecDropSingleTupleTableSlot(slot);
	tuplesort_end(sort);
}

/*
 * The rows of a tuplestore, which is ended, in the order; *numbers says which of
 * the input they are.  Only for rows that did not come so.
 */
Tuplestorestate *
sd_order_rows(SdBatchOrder *order, Tuplestorestate *rows, TupleDesc desc, int64 nrows,
			  int **numbers)
{
	TupleDesc	numbered = numbered_desc(desc);
	Tuplesortstate *sort = begin_sort(order, numbered, true);
	Tuplestorestate *sorted = tuplestore_begin_heap(false, false, work_mem);

	Assert(order->broken && nrows <= INT_MAX);
	order->nrows = nrows;
	order->numbers = palloc_extended(sizeof(int) * nrows, MCXT_ALLOC_HUGE);
	sort_rows(sort, rows, desc, numbered, NULL);
	take_rows(sort, desc, numbered, sorted, order->numbers);
	*numbers = order->numbers;
	return sorted;
}

/* on_row of the receiver: notes which row it was */
static void
note_row(uint64 rows, void *arg)
{
	SdBatchOrder *order = arg;

	/* a trigger's own rows are not counted; each row comes back before the next is read */
	Assert(*order->read > 0 && *order->read <= order->nrows && order->nreturned < order->nrows);
	order->returned[order->nreturned++] = order->numbers[*order->read - 1];
	if (order->on_row != NULL)
		order->on_row(rows, order->on_row_arg);
}

/*
 * Prepares that the receiver of sorted rows will have them in the order of the
 * input after sd_order_finish().  *read is, while the statement runs, the number of
 * rows that it has read.
 */
void
sd_order_answer(SdBatchOrder *order, SdReceiver *receiver, const int64 *read)
{
	order->receiver = receiver;
	order->read = read;
	order->returned = palloc_extended(sizeof(int) * order->nrows, MCXT_ALLOC_HUGE);
	order->on_row = receiver->on_row;
	order->on_row_arg = receiver->on_row_arg;
	receiver->on_row = note_row;
	receiver->on_row_arg = order;
	order->answer = receiver->store;
	if (receiver->store != NULL)
		receiver->store = tuplestore_begin_heap(false, false, work_mem);
}

/* Puts the rows of a rowset, and what is captured of them, in the order of the input. */
static void
reorder_rowset(const SdBatchOrder *order, SdRowSet *rowset)
{
	int		   *position = palloc_extended(sizeof(int) * order->nrows, MCXT_ALLOC_HUGE);
	struct varlena **rows = palloc_extended(sizeof(*rows) * rowset->capacity, MCXT_ALLOC_HUGE);
	Datum	   *values = palloc_extended(sizeof(Datum) * rowset->capacity, MCXT_ALLOC_HUGE);
	bool	   *nulls = palloc_extended(sizeof(bool) * rowset->capacity, MCXT_ALLOC_HUGE);
	int			n = 0;

	memset(position, -1, sizeof(int) * order->nrows);
	for (int i = 0; i < order->nreturned; i++)
		position[order->returned[i]] = i;
	/* from now on: the rows that came back, in the order of the input */
	for (int64 i = 0; i < order->nrows; i++)
	{
		if (position[i] >= 0)
			position[n++] = position[i];
	}
	memcpy(rows, rowset->rows, sizeof(*rows) * order->nreturned);
	for (int i = 0; i < n; i++)
		rowset->rows[i] = rows[position[i]];
	for (int capture = 0; capture < rowset->ncaptures; capture++)
	{
		memcpy(values, rowset->captured[capture], sizeof(Datum) * order->nreturned);
		memcpy(nulls, rowset->nulls[capture], sizeof(bool) * order->nreturned);
		for (int i = 0; i < n; i++)
		{
			rowset->captured[capture][i] = values[position[i]];
			rowset->nulls[capture][i] = nulls[position[i]];
		}
	}
	pfree(position);
	pfree(rows);
	pfree(values);
	pfree(nulls);
}

/* Puts what the receiver got in the order of the input. */
void
sd_order_finish(SdBatchOrder *order)
{
	SdReceiver *receiver = order->receiver;

	receiver->on_row = order->on_row;
	receiver->on_row_arg = order->on_row_arg;
	if (order->answer != NULL)
	{
		TupleDesc	desc = receiver->store_desc;
		TupleDesc	numbered = numbered_desc(desc);
		Tuplesortstate *sort = begin_sort(order, numbered, false);

		sort_rows(sort, receiver->store, desc, numbered, order->returned);
		take_rows(sort, desc, numbered, order->answer, NULL);
		receiver->store = order->answer;
	}
	else if (receiver->rowset != NULL)
		reorder_rowset(order, receiver->rowset);
}

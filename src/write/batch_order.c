/*-------------------------------------------------------------------------
 * write/batch_order.c
 *		Puts the rows of a batch in the order of a unique key.
 *
 * Rows mostly come in the order of their keys, or get their keys in the order in
 * which they come.  So they are only watched at first; from the first that is out of
 * order on they go into a sort, on disk where they are many.
 *
 * Any order will do that is the same in all sessions and in which equal keys are
 * equal: that in which rows are locked by other calls, see sd_locks_bytewise().
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_collation.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "parse/order.h"
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
	TupleDesc	desc;			/* of a row, whose last column is its number in the input */
	Tuplestorestate *rows;		/* those in the order, then all of them */
	Tuplesortstate *sort;		/* all rows; NULL: none has come that is less than the one before it */
	TupleTableSlot *slot;		/* a row on its way into the sort */
	int64		nrows;
	int		   *numbers;		/* of the rows in the input, in the order in which they are written */
};

/*
 * Begins to order rows, in the current context, by attributes of a model, which are
 * in columns of desc.  NULL when values of one of them cannot be ordered.
 */
SdBatchOrder *
sd_order_begin(const SdModel *model, const int *attrs, const int *columns, int nattrs,
			   TupleDesc desc)
{
	SdBatchOrder *order = palloc0(sizeof(SdBatchOrder));

	Assert(nattrs > 0 && TupleDescAttr(desc, desc->natts - 1)->atttypid == INT8OID);
	order->nterms = nattrs;
	order->terms = palloc0(sizeof(Term) * nattrs);
	order->cxt = CurrentMemoryContext;
	for (int i = 0; i < nattrs; i++)
	{
		const SdAttribute *attr = &model->attrs[attrs[i]];
		Term	   *term = &order->terms[i];

		Assert(columns[i] >= 0 && columns[i] < desc->natts - 1);
		term->less = lookup_type_cache(attr->type, TYPECACHE_LT_OPR)->lt_opr;
		if (!OidIsValid(term->less))
			return NULL;
		term->column = columns[i];
		term->collation = sd_locks_bytewise(attr) ? C_COLLATION_OID : attr->collation;
		get_typlenbyval(attr->type, &term->len, &term->byval);
		term->support.ssup_cxt = CurrentMemoryContext;
		term->support.ssup_collation = term->collation;
		PrepareSortSupportFromOrderingOp(term->less, &term->support);
	}
	order->desc = desc;
	order->rows = tuplestore_begin_heap(false, false, work_mem);
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

/* Keeps the values that the next row is compared with. */
static void
keep_last(SdBatchOrder *order, const Datum *values, const bool *nulls)
{
	MemoryContext old = MemoryContextSwitchTo(order->cxt);

	for (int i = 0; i < order->nterms; i++)
	{
		Term	   *term = &order->terms[i];

		if (!term->byval && order->begun && !term->last_null)
			pfree(DatumGetPointer(term->last));
		term->last_null = nulls[term->column];
		if (!term->last_null)
			term->last = datumCopy(values[term->column], term->byval, term->len);
	}
	order->begun = true;
	MemoryContextSwitchTo(old);
}

/* Begins to sort rows by the terms, and those that are equal by their numbers. */
static Tuplesortstate *
sort_by_terms(const SdBatchOrder *order)
{
	int			nkeys = order->nterms + 1;
	AttrNumber *columns = palloc(sizeof(AttrNumber) * nkeys);
	Oid		   *operators = palloc(sizeof(Oid) * nkeys);
	Oid		   *collations = palloc0(sizeof(Oid) * nkeys);
	bool	   *nulls_first = palloc0(sizeof(bool) * nkeys);

	for (int i = 0; i < order->nterms; i++)
	{
		columns[i] = order->terms[i].column + 1;
		operators[i] = order->terms[i].less;
		collations[i] = order->terms[i].collation;
	}
	columns[order->nterms] = order->desc->natts;
	operators[order->nterms] = Int8LessOperator;
	return tuplesort_begin_heap(order->desc, nkeys, columns, operators, collations, nulls_first,
								work_mem, NULL, TUPLESORT_NONE);
}

/* Puts a row into a sort, by a virtual slot. */
static void
sort_row(Tuplesortstate *sort, TupleTableSlot *slot, const Datum *values, const bool *nulls)
{
	int			natts = slot->tts_tupleDescriptor->natts;

	ExecClearTuple(slot);
	memcpy(slot->tts_values, values, sizeof(Datum) * natts);
	memcpy(slot->tts_isnull, nulls, sizeof(bool) * natts);
	ExecStoreVirtualTuple(slot);
	tuplesort_puttupleslot(sort, slot);
}

/* Begins to sort, with the rows that have come so far. */
static void
begin_sort(SdBatchOrder *order)
{
	MemoryContext old = MemoryContextSwitchTo(order->cxt);
	TupleTableSlot *slot = MakeSingleTupleTableSlot(order->desc, &TTSOpsMinimalTuple);

	order->sort = sort_by_terms(order);
	order->slot = MakeSingleTupleTableSlot(order->desc, &TTSOpsVirtual);
	while (tuplestore_gettupleslot(order->rows, true, false, slot))
	{
		CHECK_FOR_INTERRUPTS();
		tuplesort_puttupleslot(order->sort, slot);
	}
	ExecDropSingleTupleTableSlot(slot);
	tuplestore_clear(order->rows);
	MemoryContextSwitchTo(old);
}

/* Adds a row, whose values are copied. */
void
sd_order_add(SdBatchOrder *order, Datum *values, bool *nulls)
{
	if (order->sort == NULL && order->begun && is_less(order, values, nulls))
		begin_sort(order);
	if (order->sort != NULL)
		sort_row(order->sort, order->slot, values, nulls);
	else
	{
		tuplestore_putvalues(order->rows, order->desc, values, nulls);
		keep_last(order, values, nulls);
	}
	order->nrows++;
}

/*
 * All rows in the order, in a tuplestore that is the caller's from now on.  *numbers says
 * which of the input they are; NULL: they came so.
 */
Tuplestorestate *
sd_order_rows(SdBatchOrder *order, int **numbers)
{
	TupleTableSlot *slot;
	bool		isnull;

	if (order->sort != NULL)
	{
		Assert(order->nrows <= PG_INT32_MAX);
		order->numbers = palloc_extended(sizeof(int) * order->nrows, MCXT_ALLOC_HUGE);
		slot = MakeSingleTupleTableSlot(order->desc, &TTSOpsMinimalTuple);
		tuplesort_performsort(order->sort);
		for (int64 n = 0; tuplesort_gettupleslot(order->sort, true, false, slot, NULL); n++)
		{
			CHECK_FOR_INTERRUPTS();
			Assert(n < order->nrows);
			order->numbers[n] = (int) DatumGetInt64(slot_getattr(slot, order->desc->natts, &isnull));
			tuplestore_puttupleslot(order->rows, slot);
		}
		ExecDropSingleTupleTableSlot(slot);
		ExecDropSingleTupleTableSlot(order->slot);
		tuplesort_end(order->sort);
	}
	*numbers = order->numbers;
	return order->rows;
}

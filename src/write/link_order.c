/*-------------------------------------------------------------------------
 * write/link_order.c
 *		The records of a link in the order of what names them, in which rows find the
 *		record that they are of.
 *
 * Types of unique keys have an order always, and a hash function mostly.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "miscadmin.h"
#include "utils/typcache.h"
#include "write/key_query.h"
#include "write/link_order.h"

/* Compares a row of columns with another one. */
static int
compare_rows(const SdLinkOrder *order, Datum *const *left, int i, Datum *const *right, int j)
{
	for (int k = 0; k < order->nattrs; k++)
	{
		int			compared = DatumGetInt32(FunctionCall2Coll(order->compare[k],
															   order->model->attrs[order->attrs[k]].collation,
															   left[k][i], right[k][j]));

		if (compared != 0)
			return compared;
	}
	return 0;
}

/* qsort_arg: by the values, then in the order of the caller. */
static int
compare_numbers(const void *a, const void *b, void *arg)
{
	const SdLinkOrder *order = arg;
	int			left = *(const int *) a;
	int			right = *(const int *) b;
	int			compared = compare_rows(order, order->values, left, order->values, right);

	CHECK_FOR_INTERRUPTS();
	return compared != 0 ? compared : left - right;
}

/* Sorts the records that are named by what names them; raises 22023 where that has no order. */
void
sd_link_order(SdLinkOrder *order, const SdLink *link)
{
	Assert(link->nnaming > 0);
	order->model = link->naming;
	order->attrs = link->naming_attrs;
	order->nattrs = link->nnaming;
	order->values = link->names;
	order->compare = palloc(sizeof(FmgrInfo *) * order->nattrs);
	for (int i = 0; i < order->nattrs; i++)
	{
		const SdAttribute *attr = &order->model->attrs[order->attrs[i]];
		TypeCacheEntry *entry = lookup_type_cache(attr->type, TYPECACHE_CMP_PROC_FINFO);

		if (!OidIsValid(entry->cmp_proc_finfo.fn_oid))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("values of attribute \"%s\" of model \"%s\" cannot be compared, so that its records cannot be told apart",
							attr->name, order->model->name)));
		order->compare[i] = &entry->cmp_proc_finfo;
	}
	order->n = 0;
	order->numbers = palloc_extended(sizeof(int) * Max(link->n, 1), MCXT_ALLOC_HUGE);
	for (int i = 0; i < link->n; i++)
	{
		if (!link->missing[i])
			order->numbers[order->n++] = i;
	}
	qsort_arg(order->numbers, order->n, sizeof(int), compare_numbers, order);
}

/* Whether the records at two positions of the order are the same. */
bool
sd_same_link(const SdLinkOrder *order, int a, int b)
{
	Assert(a >= 0 && a < order->n && b >= 0 && b < order->n);
	return compare_rows(order, order->values, order->numbers[a], order->values,
						order->numbers[b]) == 0;
}

/*
 * The position of the first record that a row names by what it has from number capture
 * on; -1: none, as where it has a NULL there.
 */
int
sd_link_position(const SdLinkOrder *order, const SdRowSet *rows, int capture, int row)
{
	Datum	   *const *captured = rows->captured + capture;
	int			low = 0;
	int			high = order->n;

	if (sd_lacks_key(rows->nulls + capture, order->nattrs, row))
		return -1;
	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (compare_rows(order, order->values, order->numbers[middle], captured, row) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < order->n &&
		compare_rows(order, order->values, order->numbers[low], captured, row) == 0 ? low : -1;
}

/*
 * The number of the first record that no row names; -1: all are named.  The rows have the
 * naming attributes from number capture on.
 */
int
sd_first_unlinked(const SdLink *link, const SdRowSet *rows, int capture)
{
	SdLinkOrder order;
	bool	   *named;
	int			first = -1;

	sd_link_order(&order, link);
	Assert(capture >= 0 && capture + order.nattrs <= rows->ncaptures);
	named = palloc_extended(Max(order.n, 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (int row = 0; row < rows->nrows; row++)
	{
		int			position;

		CHECK_FOR_INTERRUPTS();
		position = sd_link_position(&order, rows, capture, row);
		if (position >= 0)
			named[position] = true;
	}
	for (int i = 0; i < order.n; i++)
	{
		if (i > 0 && named[i - 1] && sd_same_link(&order, i - 1, i))
			named[i] = true;
		if (!named[i] && (first < 0 || order.numbers[i] < first))
			first = order.numbers[i];
	}
	return first;
}

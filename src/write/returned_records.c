/*-------------------------------------------------------------------------
 * write/returned_records.c
 *		Reads the records that a writer answers with, when they have been written.
 *
 * The writer returns their keys, and one statement reads them all, as it reads an
 * include of as many parents; then includes of theirs.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/included_rows.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "write/returned_records.h"

/* The query of a writer with nothing but the keys in what it returns, captured. */
SdQuery *
sd_keys_query(const SdQuery *query)
{
	SdQuery    *keys = palloc(sizeof(SdQuery));

	Assert(sd_reads_back(query));
	*keys = *query;
	keys->shapes = NULL;
	keys->noutputs = 0;
	keys->includes = list_make1(unconstify(SdInclude *, query->write->returning));
	return keys;
}

/*
 * Reads the records whose keys are captured of rows, from number first_capture on, as
 * they are now, into the current context: for sd_put_records().
 */
SdIncluded *
sd_read_records(const SdQuery *query, const SdRowSet *rows, int first_capture)
{
	SdQuery		root = *query;
	uint64		count = 0;
	SdIncluded *included;

	root.shapes = NULL;
	root.includes = list_make1(unconstify(SdInclude *, query->write->returning));
	included = sd_make_includes(&root, CurrentMemoryContext);
	PushActiveSnapshot(GetTransactionSnapshot());
	sd_load_includes(included, 1, rows, first_capture, &count);
	PopActiveSnapshot();
	return included;
}

/* Puts the record of a row into result; false when it could not be read. */
static bool
put_record(const SdIncluded *records, int row, TupleDesc desc, SdBuf *buf,
		   Tuplestorestate *result)
{
	Datum		record;
	bool		isnull = false;

	sd_buf_clear(buf);
	sd_buf_begin(buf);
	if (!sd_stitch_association(buf, records, row))
		return false;
	record = PointerGetDatum(sd_buf_end(buf));
	tuplestore_putvalues(result, desc, &record, &isnull);
	return true;
}

/*
 * Puts the records of n rows into result, in their order; one that could not be read
 * is left out.  With chosen only those that are: that of row i is chosen[numbers[i]].
 */
void
sd_put_records(const SdIncluded *records, int n, const int *numbers, const bool *chosen,
			   Tuplestorestate *result)
{
	TupleDesc	desc = sd_record_desc();
	SdBuf		buf;

	Assert((numbers == NULL) == (chosen == NULL));
	sd_buf_init(&buf, CurrentMemoryContext, 1024);
	for (int row = 0; row < n; row++)
	{
		CHECK_FOR_INTERRUPTS();
		if (chosen == NULL || chosen[numbers[row]])
			(void) put_record(records, row, desc, &buf, result);
	}
}

/*
 * The same of all n rows, each with that of records or, where there is none, that of
 * others, which may be NULL.
 */
void
sd_put_either(const SdIncluded *records, const SdIncluded *others, int n, Tuplestorestate *result)
{
	TupleDesc	desc = sd_record_desc();
	SdBuf		buf;

	sd_buf_init(&buf, CurrentMemoryContext, 1024);
	for (int row = 0; row < n; row++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!put_record(records, row, desc, &buf, result) && others != NULL)
			(void) put_record(others, row, desc, &buf, result);
	}
}

/*
 * Puts the records whose keys are captured of rows, from number first_capture on,
 * into result, in their order; one that cannot be read is left out.
 */
void
sd_read_back(const SdQuery *query, const SdRowSet *rows, int first_capture,
			 Tuplestorestate *result)
{
	if (rows->nrows > 0)
		sd_put_records(sd_read_records(query, rows, first_capture), rows->nrows, NULL, NULL,
					   result);
}

/* The record of the first of rows, in the current context; 0 when it cannot be read. */
Datum
sd_read_one_back(const SdQuery *query, const SdRowSet *rows)
{
	SdIncluded *included = sd_read_records(query, rows, 0);
	SdBuf		buf;

	Assert(rows->nrows > 0);
	sd_buf_init(&buf, CurrentMemoryContext, 1024);
	sd_buf_begin(&buf);
	return sd_stitch_association(&buf, included, 0) ? PointerGetDatum(sd_buf_end(&buf)) : (Datum) 0;
}

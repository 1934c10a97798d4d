/*-------------------------------------------------------------------------
 * json/rowset.c
 *		Rows as JSON texts in memory.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "json/rowset.h"
#include "utils/memutils.h"

#define SD_ROW_BYTES	256		/* a guess, for the first chunk */
#define SD_FIRST_CHUNK	(64 * 1024)

/*
 * Prepares an empty rowset in cxt, with room for capacity rows at first and
 * ncaptures values kept of each.
 */
void
sd_rowset_init(SdRowSet *rowset, MemoryContext cxt, int ncaptures, int capacity,
			   MemoryContext value_cxt)
{
	Assert(ncaptures == 0 || value_cxt != NULL);
	capacity = Max(capacity, 1);
	sd_buf_init_chunked(&rowset->buf, cxt, Min((Size) capacity * SD_ROW_BYTES, SD_FIRST_CHUNK));
	rowset->value_cxt = value_cxt;
	rowset->nrows = 0;
	rowset->capacity = capacity;
	rowset->rows = MemoryContextAlloc(cxt, sizeof(struct varlena *) * capacity);
	rowset->ncaptures = ncaptures;
	if (ncaptures > 0)
	{
		rowset->captured = MemoryContextAlloc(cxt, sizeof(Datum *) * ncaptures);
		rowset->nulls = MemoryContextAlloc(cxt, sizeof(bool *) * ncaptures);
	}
	for (int i = 0; i < ncaptures; i++)
	{
		rowset->captured[i] = MemoryContextAlloc(cxt, sizeof(Datum) * capacity);
		rowset->nulls[i] = MemoryContextAlloc(cxt, sizeof(bool) * capacity);
	}
}

/* Empties a rowset. */
void
sd_rowset_clear(SdRowSet *rowset)
{
	sd_buf_clear(&rowset->buf);
	rowset->nrows = 0;
}

/* Makes room for one more row; its index is returned, its contents are the caller's to set. */
int
sd_rowset_add(SdRowSet *rowset)
{
	Assert(rowset->nrows <= rowset->capacity);
	if (rowset->nrows == rowset->capacity)
	{
		int			capacity = rowset->capacity * 2;

		rowset->rows = repalloc_huge(rowset->rows, sizeof(struct varlena *) * capacity);
		for (int i = 0; i < rowset->ncaptures; i++)
		{
			rowset->captured[i] = repalloc_huge(rowset->captured[i], sizeof(Datum) * capacity);
			rowset->nulls[i] = repalloc_huge(rowset->nulls[i], sizeof(bool) * capacity);
		}
		rowset->capacity = capacity;
	}
	return rowset->nrows++;
}

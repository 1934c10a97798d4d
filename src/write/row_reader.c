/*-------------------------------------------------------------------------
 * write/row_reader.c
 *		Reads the rows of a document, an array of objects, one after the other.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "utils/memutils.h"
#include "write/row_reader.h"

/*
 * Begins to read the rows of an array, the query's data, in the current context; with
 * create they are new ones.  How many are done is told to progress, unless that is NULL.
 */
void
sd_read_rows(SdRowReader *rows, const SdQuery *query, const JsonbValue *array, bool create,
			 SdProgress *progress)
{
	static const SdPath data = {.key = "data", .len = 4};

	rows->query = query;
	rows->create = create;
	rows->record = sd_make_record(query->model);
	rows->nread = 0;
	rows->progress = progress;
	rows->caller = CurrentMemoryContext;
	rows->row_cxt = AllocSetContextCreate(CurrentMemoryContext, "studentdir row",
										  ALLOCSET_SMALL_SIZES);
	sd_read(&rows->reader, array, &data);
}

/*
 * Reads the next row; the current context is its own then.  False when there is none,
 * and the current context is again the one in which the reader was begun.
 *
 * Can be interrupted.  Raises what sd_read_record() raises.
 */
bool
sd_next_row(SdRowReader *rows)
{
	MemoryContextSwitchTo(rows->caller);
	if (!sd_next_element(&rows->reader))
	{
		MemoryContextDelete(rows->row_cxt);
		return false;
	}
	if (rows->progress != NULL)
		sd_progress(rows->progress, rows->nread);
	rows->nread++;
	MemoryContextReset(rows->row_cxt);
	MemoryContextSwitchTo(rows->row_cxt);
	sd_read_record(rows->query, rows->record, &rows->reader.value, &rows->reader.path,
				   rows->create);
	return true;
}

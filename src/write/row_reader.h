/*-------------------------------------------------------------------------
 * write/row_reader.h
 *		Reads the rows of a document, an array of objects, one after the other.
 *
 * A reader belongs to one call.  What a row leaves behind is in a context of its
 * own, and goes with the next one.
 *-------------------------------------------------------------------------
 */
#ifndef SD_ROW_READER_H
#define SD_ROW_READER_H

#include "convert/reader.h"
#include "record/record.h"
#include "write/progress.h"

typedef struct SdRowReader
{
	const SdQuery *query;
	bool		create;			/* the rows are new ones, see sd_read_record() */
	SdRecord   *record;			/* of the row at hand */
	SdReader	reader;			/* its path and value */
	int64		nread;
	SdProgress *progress;		/* NULL: nobody is told */
	MemoryContext caller;
	MemoryContext row_cxt;
} SdRowReader;

extern void sd_read_rows(SdRowReader *rows, const SdQuery *query, const JsonbValue *array,
						 bool create, SdProgress *progress);
extern bool sd_next_row(SdRowReader *rows);

#endif							/* SD_ROW_READER_H */

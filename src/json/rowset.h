/*-------------------------------------------------------------------------
 * json/rowset.h
 *		Rows as JSON texts in memory, with the keys that includes match by.
 *
 * A rowset can be emptied and filled again, and keeps its memory for that;
 * only captured values that are pointers go into a context of the caller's,
 * which is reset each time.
 *-------------------------------------------------------------------------
 */
#ifndef SD_ROWSET_H
#define SD_ROWSET_H

#include "json/buf.h"

typedef struct SdRowSet
{
	SdBuf		buf;			/* chunked: the rows' texts */
	int			nrows;
	int			capacity;
	struct varlena **rows;
	int			ncaptures;
	Datum	  **captured;		/* [capture][row] */
	bool	  **nulls;
	MemoryContext value_cxt;	/* of captured values */
} SdRowSet;

extern void sd_rowset_init(SdRowSet *rowset, MemoryContext cxt, int ncaptures, int capacity,
						   MemoryContext value_cxt);
extern void sd_rowset_clear(SdRowSet *rowset);
extern int	sd_rowset_add(SdRowSet *rowset);

#endif							/* SD_ROWSET_H */

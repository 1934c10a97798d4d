/*-------------------------------------------------------------------------
 * json/rowset.h
 *		Rows as JSON texts in memory, with the keys that includes match by.
 *
 * A rowset and all it holds live in one memory context, which its maker resets
 * when the rows have been used.
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
} SdRowSet;

extern void sd_rowset_init(SdRowSet *rowset, MemoryContext cxt, int ncaptures, int capacity);
extern int	sd_rowset_add(SdRowSet *rowset);

#endif							/* SD_ROWSET_H */

/*-------------------------------------------------------------------------
 * execute/include.h
 *		Reads the rows that belong to a batch of parents, one statement for each
 *		association, and writes them into their parents' JSON.
 *-------------------------------------------------------------------------
 */
#ifndef SD_INCLUDE_H
#define SD_INCLUDE_H

#include "json/rowset.h"
#include "parse/query.h"

/* the rows of one association of one batch; lives in the batch's context */
typedef struct SdIncluded
{
	const SdInclude *include;
	SdRowSet	children;
	int		   *group;			/* of each parent; -1: its key is NULL */
	int		   *first;			/* child of each group, or -1 */
	int		   *next;			/* child after each child in its group, or -1 */
	struct SdIncluded *nested;	/* of the children, as many as their query includes */
} SdIncluded;

extern SdIncluded *sd_load_includes(const SdQuery *query, SdRowSet *parents, int first_capture,
									uint64 *rows);
extern void sd_stitch_record(SdBuf *buf, const SdRowSet *rowset, int row,
							const SdIncluded *included, int nincluded);

#endif							/* SD_INCLUDE_H */

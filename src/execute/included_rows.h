/*-------------------------------------------------------------------------
 * execute/included_rows.h
 *		Reads the rows that belong to a batch of parents, one statement for each
 *		association, and writes them into their parents' JSON.
 *-------------------------------------------------------------------------
 */
#ifndef SD_INCLUDED_ROWS_H
#define SD_INCLUDED_ROWS_H

#include "execute/counted_rows.h"
#include "json/rowset.h"
#include "parse/query.h"

/*
 * One association of a query: made with the query, filled anew for each batch
 * of parents.  The arrays live in the batch's context.
 */
typedef struct SdIncluded
{
	const SdInclude *include;
	SdRowSet	children;
	int		   *group;			/* of each parent; -1: its key is NULL */
	int		   *first;			/* child of each group, or -1 */
	int		   *next;			/* child after each child in its group, or -1 */
	const SdRowSet *parents;
	int			capture;		/* of the first value of the parents' keys */
	struct SdIncluded *nested;	/* of the children, as many as their query includes */
	MemoryContext batch_cxt;

	/* of what is computed */
	double		key_cost;		/* what the planner says that one key costs */
	struct SdGroups *groups;	/* all that there are; NULL: they are read for each batch */
	int			last_group;		/* among them, that of the last parent of a batch */
	SdCounts	counted;		/* of how many rows each group is */
} SdIncluded;

extern SdIncluded *sd_make_includes(const SdQuery *query, MemoryContext batch_cxt);
extern void sd_load_includes(SdIncluded *included, int nincluded, const SdRowSet *parents,
							 int first_capture, uint64 *rows);
extern void sd_expect_parents(SdIncluded *included, int nincluded, double parents);
extern Size sd_included_bytes(const SdIncluded *included, int nincluded);
extern bool sd_stitch_association(SdBuf *buf, const SdIncluded *included, int parent);
extern void sd_stitch_record(SdBuf *buf, const SdRowSet *rowset, int row,
							const SdIncluded *included, int nincluded);

#endif							/* SD_INCLUDED_ROWS_H */

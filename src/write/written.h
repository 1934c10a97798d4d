/*-------------------------------------------------------------------------
 * write/written.h
 *		A level of a document as it is written.
 *
 * The tree of them lives in the context of the call.
 *-------------------------------------------------------------------------
 */
#ifndef SD_WRITTEN_H
#define SD_WRITTEN_H

#include "json/rowset.h"
#include "record/tree.h"
#include "write/join_rows.h"
#include "write/nested_links.h"

typedef struct SdWritten
{
	const SdLevel *level;
	const struct SdWritten *parents;	/* the level above; NULL at the top */
	int			include;		/* the number of this one in it */
	SdRowSet	locked;			/* top of an update: the record as it was, see sd_old_source() */
	List	   *changed;		/* top: the records that are changed, see sd_note_changed() */
	SdNestedLinks *links;		/* nodes whose records are found by a key; NULL: there are none */
	SdRowSet	rows;			/* those that are inserted, then those that are changed; see make_writer() */
	int		   *row_of;			/* by node, its row; NULL: all nodes have one, in their order */
	SdJoinRows *existing;		/* join rows that are there; NULL: they have not been looked for */
	SdRowSet	joins;			/* those that are inserted */
	int		   *join_of;		/* by node, its join row; NULL: all nodes have one, in their order */
	int			next;			/* node that is put into the JSON next */
	struct SdWritten *nested;	/* as many as the level has */
} SdWritten;

#endif							/* SD_WRITTEN_H */

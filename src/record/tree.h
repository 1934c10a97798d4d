/*-------------------------------------------------------------------------
 * record/tree.h
 *		The records of a document that holds records within records, sorted by
 *		the association that leads to them.
 *
 * The tree has a level for the document itself and one for each include, as
 * deep as these are nested; a level has all records of its include, whatever
 * record they stand in.  It lives in the context of its call and points into
 * the document.
 *-------------------------------------------------------------------------
 */
#ifndef SD_TREE_H
#define SD_TREE_H

#include "record/linked_key.h"
#include "record/record.h"
#include "record/validate.h"

typedef struct SdNode
{
	SdRecord   *record;			/* NULL: it stands for a record that exists */
	JsonbValue	link;			/* then: its key, as it is given, */
	const SdLinkedKey *linked;	/* and converted; else NULL */
	SdRecord   *join;			/* many-to-many: its join row; else NULL */
	const SdPath *path;			/* where it stands */
	int			parent;			/* the record that it stands in, by its number in the level above */
} SdNode;

typedef struct SdLevel
{
	const SdQuery *query;
	const SdQuery *join;		/* of the join rows; NULL where there are none */
	const SdAssociated *associated; /* how the level above leads here; NULL at the top */
	int			nnodes;
	int			nlinked;		/* how many of them stand for records that exist */
	int			capacity;
	SdNode	   *nodes;			/* in the order of the document */
	int			nnested;		/* as many as query->includes */
	struct SdLevel *nested;
} SdLevel;

extern SdLevel *sd_read_nested(const SdQuery *query, const JsonbValue *data, bool many,
							   SdViolations *violations);
extern void sd_convert_nested(SdLevel *level);

#endif							/* SD_TREE_H */

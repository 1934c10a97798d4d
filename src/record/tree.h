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

#include "model/unique.h"
#include "record/linked_key.h"
#include "record/record.h"
#include "record/validate.h"
#include "utils/hsearch.h"

/* what a node of the document is to become */
typedef enum SdNodeKind
{
	SD_NODE_NEW,				/* a record that is created */
	SD_NODE_SOUGHT,				/* the record with its unique key, which is created where there is none */
	SD_NODE_LINKED,				/* a record that exists, named by a key */
	SD_NODE_CHANGED				/* a record that exists, which gives its key and what changes */
} SdNodeKind;

#define SD_NODE_KINDS	(SD_NODE_CHANGED + 1)

typedef struct SdNode
{
	SdNodeKind	kind;
	SdRecord   *record;			/* what is written of it; NULL: nothing */
	JsonbValue	link;			/* LINKED: its key, as it is given */
	const SdLinkedKey *key;		/* its key, converted; NEW: NULL; CHANGED: known when the parent's is */
	SdRecord   *join;			/* many-to-many: its join row; NULL where nothing is said of it */
	const SdPath *path;			/* where it stands */
	JsonbContainer *data;		/* CHANGED: what the document has of it */
	int			parent;			/* the record that it stands in, by its number in the level above */
} SdNode;

typedef struct SdLevel
{
	const SdQuery *query;
	const SdQuery *join;		/* of the join rows; NULL where there are none */
	const SdAssociated *associated; /* how the level above leads here; NULL at the top */
	int			nnodes;
	int			count[SD_NODE_KINDS];	/* how many there are of each kind */
	const SdUniqueKey *sought_key;	/* by which SOUGHT ones are found; NULL where there are none */
	List	   *named;			/* the CHANGED ones above whose data holds the association, by number */
	int			capacity;
	SdNode	   *nodes;			/* in the order of the document */
	int			nnested;		/* as many as query->includes */
	struct SdLevel *nested;
} SdLevel;

extern SdLevel *sd_read_nested(const SdQuery *query, const JsonbValue *data, bool many,
							   SdViolations *violations);
extern SdLevel *sd_read_changed(const SdQuery *query, const JsonbValue *data, HTAB *absent,
								SdViolations *violations);
extern bool sd_gets_primary_key(const SdLevel *level);
extern void sd_convert_nested(SdLevel *level);

#endif							/* SD_TREE_H */

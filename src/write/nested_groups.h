/*-------------------------------------------------------------------------
 * write/nested_groups.h
 *		The records that exist of a document's level, by the unique key that names them.
 *
 * They live in the context of the call.
 *-------------------------------------------------------------------------
 */
#ifndef SD_NESTED_GROUPS_H
#define SD_NESTED_GROUPS_H

#include "execute/included_rows.h"
#include "execute/keymap.h"
#include "record/tree.h"

/* the records of a level that are named by one unique key */
typedef struct SdLinkGroup
{
	const SdLevel *level;
	SdNodeKind	kind;			/* of the nodes; SOUGHT: the rows are there when they have been written */
	const SdLinkedKey *key;		/* of the first: the others have the same attributes */
	SdKeyMap	map;			/* their keys */
	int			nkept;			/* attributes that are kept of locked rows */
	const int  *kept;
	const SdRowSet *locked;		/* the rows, perhaps those of others too: the key, then what is kept */
	int		   *locked_rows;	/* by number in map; -1: there is none */
	SdRowSet	records;		/* as they are answered */
	int		   *record_rows;
	SdIncluded *included;
	int			nincluded;
} SdLinkGroup;

/* Whether the records of a level, which is not the top one, refer to those of the level above. */
static inline bool
sd_refers_up(const SdLevel *level)
{
	Assert(level->associated != NULL);
	return level->join == NULL && level->associated->association->kind != SD_BELONGS_TO;
}

extern void sd_lock_groups(List *groups);
extern void sd_read_group_rows(const SdQuery *query, int nkeys, int ncaptures, SdRowSet *rows,
							   uint64 *count);
extern int *sd_number_rows(const SdLinkGroup *group, const SdRowSet *rows);

#endif							/* SD_NESTED_GROUPS_H */

/*-------------------------------------------------------------------------
 * execute/computed_groups.h
 *		What is computed over associated records, for all parents that there may be.
 *-------------------------------------------------------------------------
 */
#ifndef SD_COMPUTED_GROUPS_H
#define SD_COMPUTED_GROUPS_H

#include "execute/counted_rows.h"
#include "json/rowset.h"
#include "parse/query.h"

typedef struct SdGroups
{
	SdKeyMap	map;			/* from the keys of parents to numbers */
	SdCounts	counted;		/* by these; or */
	struct varlena **texts;		/* the values of each group, as members of a record in braces */
	SdRowSet	rows;			/* which they are of */
} SdGroups;

extern SdGroups *sd_read_groups(const SdQuery *query, double cost);

#endif							/* SD_COMPUTED_GROUPS_H */

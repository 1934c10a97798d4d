/*-------------------------------------------------------------------------
 * execute/computed_groups.h
 *		What is computed over associated records, for all parents that there may be.
 *-------------------------------------------------------------------------
 */
#ifndef SD_COMPUTED_GROUPS_H
#define SD_COMPUTED_GROUPS_H

#include "execute/keymap.h"
#include "json/rowset.h"
#include "parse/query.h"

typedef struct SdGroups
{
	SdRowSet	rows;			/* the values of each group, as members of a record in braces */
	SdKeyMap	map;			/* from the keys of parents to numbers */
	struct varlena **texts;		/* by these: a row */
} SdGroups;

extern SdGroups *sd_read_groups(const SdQuery *query, double cost);

#endif							/* SD_COMPUTED_GROUPS_H */

/*-------------------------------------------------------------------------
 * execute/matched_keys.h
 *		Binds the keys that the rows of a query are matched with.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MATCHED_KEYS_H
#define SD_MATCHED_KEYS_H

#include "execute/keymap.h"
#include "parse/query.h"

/* the planner takes an array that it does not know to have so many elements */
#define SD_FEW_KEYS			10

extern void sd_bind_keys(SdQuery *query, const SdKeyMap *map);
extern bool sd_plans_once(const SdQuery *query, int nkeys);

#endif							/* SD_MATCHED_KEYS_H */

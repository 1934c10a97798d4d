/*-------------------------------------------------------------------------
 * write/key_query.h
 *		Queries for rows by the values of their keys, for writers that look before
 *		they write.
 *-------------------------------------------------------------------------
 */
#ifndef SD_KEY_QUERY_H
#define SD_KEY_QUERY_H

#include "execute/keymap.h"
#include "parse/query.h"

extern bool sd_can_match(const SdModel *model, const int *attrs, int nattrs);
extern void sd_key_columns(SdKeyMap *map, const SdModel *model, const int *attrs, int nattrs,
						   int most);
extern void sd_match_values(SdQuery *query, const int *attrs, int nattrs, const SdKeyMap *map,
							const SdModel *model, const int *key_attrs);
extern void sd_match_keys(SdQuery *query, const int *attrs, int nattrs, const SdKeyMap *map);
extern void sd_capture_too(SdQuery *query, int *attrs, int nattrs);
extern void sd_capture_only(SdQuery *query, int *attrs, int nattrs);

#endif							/* SD_KEY_QUERY_H */

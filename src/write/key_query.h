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

/* Whether one of the n values of a key is NULL in a row. */
static inline bool
sd_lacks_key(bool *const *nulls, int n, int row)
{
	for (int i = 0; i < n; i++)
	{
		if (nulls[i][row])
			return true;
	}
	return false;
}

extern bool sd_can_match(const SdModel *model, const int *attrs, int nattrs);
extern void sd_require_key(const SdModel *model, bool *const *nulls, int row);
extern void sd_key_columns(SdKeyMap *map, const SdModel *model, const int *attrs, int nattrs,
						   int most);
extern void sd_match_values(SdQuery *query, const int *attrs, int nattrs, const SdKeyMap *map,
							const SdModel *model, const int *key_attrs);
extern void sd_match_keys(SdQuery *query, const int *attrs, int nattrs, const SdKeyMap *map);
extern SdInclude *sd_make_self_include(const SdModel *model, int *attrs, int nattrs);
extern void sd_capture_too(SdQuery *query, int *attrs, int nattrs);
extern void sd_capture_only(SdQuery *query, int *attrs, int nattrs);

#endif							/* SD_KEY_QUERY_H */

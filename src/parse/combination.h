/*-------------------------------------------------------------------------
 * parse/combination.h
 *		Options that do not go together, or not with the call.
 *-------------------------------------------------------------------------
 */
#ifndef SD_COMBINATION_H
#define SD_COMBINATION_H

#include "convert/path.h"
#include "parse/calls.h"
#include "parse/query.h"

extern bool sd_has_own_rows(const SdQuery *query);
extern void sd_check_keys(const SdQuery *query, const SdPath *path);
extern void sd_check_combination(const SdQuery *query, const SdPath *path);
extern void sd_settle_order(SdQuery *query);
extern void sd_check_empty_where(const SdQuery *query, SdCall call, const SdPath *path);
extern void sd_check_limited(const SdQuery *query, List *sources, SdCall call, const SdPath *path);
extern void sd_check_truncate(const SdQuery *query, const SdPath *path);
extern void sd_require_condition(const SdQuery *query, const char *verb);

#endif							/* SD_COMBINATION_H */

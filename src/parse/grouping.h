/*-------------------------------------------------------------------------
 * parse/grouping.h
 *		Parses "group", and tells what has one value for each group.
 *-------------------------------------------------------------------------
 */
#ifndef SD_GROUPING_H
#define SD_GROUPING_H

#include "convert/path.h"
#include "parse/query.h"
#include "utils/jsonb.h"

extern void sd_show_groups(SdQuery *query, SdExpr *aggregate, const char *name);
extern void sd_parse_group(SdQuery *query, const JsonbValue *value, const SdPath *path);
extern void sd_check_grouped(const SdQuery *query, const SdPath *path);
extern void sd_check_distinct(const SdQuery *query, const SdPath *path);

#endif							/* SD_GROUPING_H */

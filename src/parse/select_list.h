/*-------------------------------------------------------------------------
 * parse/select_list.h
 *		Parses the options that choose and sort columns: "attributes", "order",
 *		"group" and "fields".
 *-------------------------------------------------------------------------
 */
#ifndef SD_SELECT_LIST_H
#define SD_SELECT_LIST_H

#include "parse/path.h"
#include "parse/query.h"
#include "utils/jsonb.h"

extern int	sd_named_attribute(const SdQuery *query, const JsonbValue *value, const SdPath *path);
extern void sd_all_attributes(SdQuery *query);
extern void sd_drop_hidden(SdQuery *query);
extern void sd_parse_attributes(SdQuery *query, const JsonbValue *value, const SdPath *path);
extern void sd_parse_order(SdQuery *query, const JsonbValue *value, const SdPath *path);
extern void sd_parse_group(SdQuery *query, const JsonbValue *value, const SdPath *path);
extern void sd_parse_fields(SdQuery *query, const JsonbValue *value, const SdPath *path);

extern void sd_check_grouped(const SdQuery *query, const SdPath *path);
extern void sd_check_distinct_order(const SdQuery *query, const SdPath *path);

#endif							/* SD_SELECT_LIST_H */

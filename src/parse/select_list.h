/*-------------------------------------------------------------------------
 * parse/select_list.h
 *		Parses "attributes" and "fields".
 *-------------------------------------------------------------------------
 */
#ifndef SD_SELECT_LIST_H
#define SD_SELECT_LIST_H

#include "convert/path.h"
#include "parse/query.h"
#include "utils/jsonb.h"

extern int	sd_named_attribute(const SdQuery *query, const JsonbValue *value, const SdPath *path);
extern SdExpr *sd_named_expr(SdQuery *query, const JsonbValue *value, const SdPath *path);
extern void sd_all_attributes(SdQuery *query);
extern void sd_add_shown(SdQuery *query);
extern void sd_drop_hidden(SdQuery *query);
extern void sd_parse_attributes(SdQuery *query, const JsonbValue *value, const SdPath *path);
extern void sd_parse_fields(SdQuery *query, const JsonbValue *value, const SdPath *path);

#endif							/* SD_SELECT_LIST_H */

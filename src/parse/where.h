/*-------------------------------------------------------------------------
 * parse/where.h
 *		Parses "where".
 *-------------------------------------------------------------------------
 */
#ifndef SD_WHERE_H
#define SD_WHERE_H

#include "parse/path.h"
#include "parse/query.h"
#include "utils/jsonb.h"

extern SdCondition *sd_parse_where(SdQuery *query, const JsonbValue *value, const SdPath *path);
extern SdCondition *sd_parent_condition(SdQuery *query, int attr, Oid array_type);
extern SdCondition *sd_key_condition(SdQuery *query, int attr, Oid type, Datum value);
extern SdCondition *sd_and(SdCondition *left, SdCondition *right);

extern pg_attribute_noreturn() void sd_unknown_attribute(const SdModel *model, const char *name,
														 int len, const SdPath *path);

#endif							/* SD_WHERE_H */

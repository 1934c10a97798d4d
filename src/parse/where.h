/*-------------------------------------------------------------------------
 * parse/where.h
 *		Parses "where" and "having".
 *-------------------------------------------------------------------------
 */
#ifndef SD_WHERE_H
#define SD_WHERE_H

#include "parse/condition.h"

extern SdCondition *sd_parse_where(const SdScope *scope, const JsonbValue *value,
								   const SdPath *path);
extern SdCondition *sd_null_condition(const SdModel *model, int attr, bool is_null);
extern SdCondition *sd_alive_condition(SdQuery *query, const SdModel *model, bool alive);
extern SdCondition *sd_key_condition(SdQuery *query, int attr, Oid type, Datum value);

#endif							/* SD_WHERE_H */

/*-------------------------------------------------------------------------
 * parse/subquery.h
 *		Parses a query that gives the list of "$in" or "$notIn".
 *-------------------------------------------------------------------------
 */
#ifndef SD_SUBQUERY_H
#define SD_SUBQUERY_H

#include "parse/condition.h"

extern bool sd_is_subquery(const JsonbValue *value);
extern SdCondition *sd_parse_in_query(const SdScope *scope, const SdOperand *left, bool negated,
									  const JsonbValue *value, const SdPath *path);

#endif							/* SD_SUBQUERY_H */

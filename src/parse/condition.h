/*-------------------------------------------------------------------------
 * parse/condition.h
 *		Parses what stands under one name in "where": a value or operators.
 *-------------------------------------------------------------------------
 */
#ifndef SD_CONDITION_H
#define SD_CONDITION_H

#include "parse/comparison.h"
#include "parse/operators.h"

extern bool sd_is_object_value(Oid type, const JsonbValue *value);
extern SdCondition *sd_parse_condition(const SdScope *scope, const SdOperand *left,
									   const JsonbValue *value, const SdPath *path);
extern SdCondition *sd_parse_operator(const SdScope *scope, const SdOperand *left,
									  const SdOperatorName *operator, const JsonbValue *value,
									  const SdPath *path);

#endif							/* SD_CONDITION_H */

/*-------------------------------------------------------------------------
 * parse/text_condition.h
 *		Parses the operators of texts: patterns, literal parts, text search.
 *-------------------------------------------------------------------------
 */
#ifndef SD_TEXT_CONDITION_H
#define SD_TEXT_CONDITION_H

#include "parse/comparison.h"
#include "parse/operators.h"

extern SdCondition *sd_parse_pattern(const SdScope *scope, const SdOperand *left, SdOperator op,
									 const JsonbValue *value, const SdPath *path);
extern SdCondition *sd_parse_literal(const SdScope *scope, const SdOperand *left,
									 const SdOperatorName *operator, const JsonbValue *value,
									 const SdPath *path);
extern SdCondition *sd_parse_match(const SdScope *scope, const SdOperand *left,
								   const JsonbValue *value, const SdPath *path);

#endif							/* SD_TEXT_CONDITION_H */

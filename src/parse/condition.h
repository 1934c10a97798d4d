/*-------------------------------------------------------------------------
 * parse/condition.h
 *		Parses what stands under one name in "where": a value or operators.
 *-------------------------------------------------------------------------
 */
#ifndef SD_CONDITION_H
#define SD_CONDITION_H

#include "parse/expression.h"
#include "parse/operators.h"

/* the left side of a condition */
typedef struct SdOperand
{
	SdExpr	   *expr;
	const char *name;			/* for messages */
	int			json_attr;		/* a json or jsonb attribute, or -1 */
	List	   *steps;			/* the path into it: C strings */
} SdOperand;

extern SdOperand sd_attribute_operand(const SdScope *scope, int attr);
extern SdOperand sd_named_operand(const SdScope *scope, const char *name, int len,
								  const SdPath *path);
extern SdOperand sd_json_operand(const SdScope *scope, int attr, List *steps);
extern SdCondition *sd_parse_condition(const SdScope *scope, const SdOperand *left,
									   const JsonbValue *value, const SdPath *path);
extern SdCondition *sd_parse_operator(const SdScope *scope, const SdOperand *left,
									  const SdOperatorName *operator, const JsonbValue *value,
									  const SdPath *path);

extern SdCondition *sd_make_condition(SdConditionKind kind);
extern SdCondition *sd_make_compare(SdExpr *left, SdOperator op, SdExpr *right);
extern SdCondition *sd_make_logic(SdConditionKind kind, List *args);
extern SdCondition *sd_and(SdCondition *left, SdCondition *right);
extern SdCondition *sd_not(SdCondition *condition);

#endif							/* SD_CONDITION_H */

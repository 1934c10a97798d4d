/*-------------------------------------------------------------------------
 * parse/comparison.h
 *		What conditions are made of: operands, comparisons, AND, OR, NOT.
 *-------------------------------------------------------------------------
 */
#ifndef SD_COMPARISON_H
#define SD_COMPARISON_H

#include "convert/reader.h"
#include "parse/expression.h"

/* the left side of a condition */
typedef struct SdOperand
{
	SdExpr	   *expr;
	const char *name;			/* for messages */
	int			json_attr;		/* a json or jsonb attribute, or -1 */
	List	   *steps;			/* the path into it: C strings */
} SdOperand;

extern SdOperand sd_attribute_operand(const SdScope *scope, int attr, const SdPath *path);
extern SdOperand sd_named_operand(const SdScope *scope, const char *name, int len,
								  const SdPath *path);
extern SdOperand sd_json_operand(const SdScope *scope, int attr, List *steps, const SdPath *path);
extern SdExpr *sd_operand_text(const SdScope *scope, const SdOperand *left, const SdPath *path);
extern SdExpr *sd_bind_operand(const SdScope *scope, const SdOperand *left, Oid type,
							   const JsonbValue *value, const SdPath *path);
extern void sd_check_operator(const SdOperand *left, SdOperator op, Oid right,
							  const SdPath *path);

extern SdCondition *sd_null_test(const SdOperand *left, bool is_null);
extern SdCondition *sd_compare_operand(const SdOperand *left, SdOperator op, SdExpr *right,
									   const SdPath *path);
extern SdCondition *sd_quantified(const SdScope *scope, const SdOperand *left, SdExpr *expr,
								  SdOperator op, bool any, Oid element, const JsonbValue *values,
								  const SdPath *path);
extern const SdReader *sd_read_quantifier(const JsonbValue *value, const SdPath *path,
										  SdReader *reader, bool *any);

extern SdCondition *sd_make_condition(SdConditionKind kind);
extern SdCondition *sd_make_compare(SdExpr *left, SdOperator op, SdExpr *right);
extern SdCondition *sd_make_logic(SdConditionKind kind, List *args);
extern SdCondition *sd_and(SdCondition *left, SdCondition *right);
extern SdCondition *sd_not(SdCondition *condition);

#endif							/* SD_COMPARISON_H */

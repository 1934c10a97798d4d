/*-------------------------------------------------------------------------
 * parse/accepted.h
 *		The values of one thing, an attribute or another expression, for which a
 *		condition is true.
 *-------------------------------------------------------------------------
 */
#ifndef SD_ACCEPTED_H
#define SD_ACCEPTED_H

#include "lib/stringinfo.h"
#include "parse/value_set.h"

/* the model whose rows a condition is about, and the values bound in it */
typedef struct SdSubject
{
	const SdModel *model;
	const SdParams *params;
} SdSubject;

/* in the order of OR, which is their maximum, and AND, the minimum */
typedef enum SdTruth
{
	SD_TRUTH_FALSE,
	SD_TRUTH_UNKNOWN,
	SD_TRUTH_TRUE
} SdTruth;

StaticAssertDecl(SD_TRUTH_FALSE == 0 && SD_TRUTH_TRUE == 2,
				 "the truth of a negation is SD_TRUTH_TRUE less that of what it negates");

typedef struct SdAccepted
{
	const SdExpr *expr;
	StringInfoData signature;	/* of expr, see parse/signature.h */
	SdDomain	domain;
	SdValueSet *set;
	SdTruth		at_null;		/* what the condition is where expr is null */
} SdAccepted;

extern bool sd_is_order_operator(SdOperator op);
extern bool sd_is_bound(const SdSubject *subject, const SdExpr *expr);
extern bool sd_is_never_null(const SdSubject *subject, const SdExpr *expr);
extern bool sd_is_empty_array(const SdSubject *subject, const SdExpr *expr);
extern bool sd_is_array_of_values(const SdSubject *subject, const SdExpr *expr);

extern void sd_accept_values(SdAccepted *accepted, const SdSubject *subject, const SdExpr *expr);
extern bool sd_find_accepted(const SdSubject *subject, const SdCondition *condition, bool negated,
							 SdAccepted *accepted);
extern bool sd_always_true(const SdSubject *subject, const SdCondition *condition, bool negated);

#endif							/* SD_ACCEPTED_H */

/*-------------------------------------------------------------------------
 * parse/signature.h
 *		Conditions and expressions as bytes: where these are equal, so is what
 *		they give for a row.
 *-------------------------------------------------------------------------
 */
#ifndef SD_SIGNATURE_H
#define SD_SIGNATURE_H

#include "lib/stringinfo.h"
#include "parse/query.h"

extern void sd_sign_expr(StringInfo bytes, const SdParams *params, const SdExpr *expr);
extern bool sd_sign_condition(StringInfo bytes, const SdParams *params,
							  const SdCondition *condition);
extern bool sd_same_signature(const StringInfoData *a, const StringInfoData *b);

#endif							/* SD_SIGNATURE_H */

/*-------------------------------------------------------------------------
 * parse/operation.h
 *		Parses expressions that are made of others: arithmetic, $concat, $case,
 *		$test, $agg, $over.
 *-------------------------------------------------------------------------
 */
#ifndef SD_OPERATION_H
#define SD_OPERATION_H

#include "convert/reader.h"
#include "parse/expression.h"

extern SdExpr *sd_parse_operation(const SdScope *scope, const SdReader *member);
extern SdExpr *sd_parse_nullif(const SdScope *scope, SdReader *args);
extern SdExpr *sd_cast_expr(SdExpr *expr, Oid type);

#endif							/* SD_OPERATION_H */

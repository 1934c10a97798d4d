/*-------------------------------------------------------------------------
 * parse/symbol.h
 *		PostgreSQL's operators behind SdOperator, found without the caller's
 *		search_path.
 *-------------------------------------------------------------------------
 */
#ifndef SD_SYMBOL_H
#define SD_SYMBOL_H

#include "parse/query.h"

extern const char *sd_operator_symbol(SdOperator op);
extern const char *sd_operator_schema(Oid type);
extern bool sd_operator_exists(Oid left, SdOperator op, Oid right);

#endif							/* SD_SYMBOL_H */

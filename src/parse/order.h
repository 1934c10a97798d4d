/*-------------------------------------------------------------------------
 * parse/order.h
 *		Parses "order".
 *-------------------------------------------------------------------------
 */
#ifndef SD_ORDER_H
#define SD_ORDER_H

#include "convert/path.h"
#include "parse/expression.h"
#include "parse/query.h"
#include "utils/jsonb.h"

extern void sd_parse_order(SdQuery *query, const JsonbValue *value, const SdPath *path);
extern List *sd_parse_order_terms(const SdScope *scope, const JsonbValue *value,
								  const SdPath *path);
extern void sd_check_sortable(const SdExpr *expr, const SdPath *path);
extern void sd_parse_terms(SdQuery *query);
extern void sd_complete_order(SdQuery *query);
extern bool sd_locks_bytewise(const SdAttribute *attr);
extern void sd_order_by(SdQuery *query, const int *attrs, int nattrs);
extern void sd_order_by_keys(SdQuery *query);

#endif							/* SD_ORDER_H */

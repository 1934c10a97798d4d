/*-------------------------------------------------------------------------
 * parse/related.h
 *		Parses what is said of the records that associations lead to: a value of
 *		the one record, the number of many, sums, lists, whether there are any.
 *-------------------------------------------------------------------------
 */
#ifndef SD_RELATED_H
#define SD_RELATED_H

#include "convert/reader.h"
#include "parse/condition.h"
#include "parse/expression.h"

extern SdExpr *sd_parse_related(const SdScope *scope, const SdReader *member);
extern SdExpr *sd_related_column(const SdScope *scope, const char *name, int len,
								 const SdPath *path);
extern SdCondition *sd_parse_exists(const SdScope *scope, const JsonbValue *value,
									const SdPath *path);

#endif							/* SD_RELATED_H */

/*-------------------------------------------------------------------------
 * define/literal.h
 *		JSON values of definitions as SQL text, and column defaults as values.
 *-------------------------------------------------------------------------
 */
#ifndef SD_LITERAL_H
#define SD_LITERAL_H

#include "json/exact_text.h"
#include "model/types.h"
#include "utils/jsonb.h"

extern char *sd_literal_text(const SdType *type, const JsonbValue *value, const char *name);
extern char *sd_literal_sql(const char *text, Oid type);
extern char *sd_default_function_sql(const SdType *type, const char *function);
extern char *sd_constant_text(const char *expression, bool *constant);

#endif							/* SD_LITERAL_H */

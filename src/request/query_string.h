/*-------------------------------------------------------------------------
 * request/query_string.h
 *		Turns the query string of a request into options of a finder.
 *-------------------------------------------------------------------------
 */
#ifndef SD_QUERY_STRING_H
#define SD_QUERY_STRING_H

#include "model/model.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"

extern void sd_push_options(JsonbParseState **state, const SdModel *model, List *pairs, bool many);
extern void sd_push_string(JsonbParseState **state, JsonbIteratorToken token, const char *text);

#endif							/* SD_QUERY_STRING_H */

/*-------------------------------------------------------------------------
 * write/upsert.h
 *		Writes a row unless it is there already: upsert, find_or_create.
 *-------------------------------------------------------------------------
 */
#ifndef SD_UPSERT_H
#define SD_UPSERT_H

#include "parse/query.h"
#include "utils/jsonb.h"
#include "utils/tuplestore.h"

/* How often a row may come and go between the statements that create and find it. */
#define SD_UPSERT_TRIES	3

extern void sd_upsert(const SdQuery *query, Jsonb *data, Tuplestorestate *result);
extern void sd_find_or_create(const SdQuery *query, Jsonb *options, Tuplestorestate *result);
extern bool sd_is_conflict(const ErrorData *error);
extern pg_attribute_noreturn() void sd_rethrow_conflict(const SdQuery *query, ErrorData *error);

#endif							/* SD_UPSERT_H */

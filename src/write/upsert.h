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
#define SD_UPSERT_TRIES	10

extern void sd_upsert(const SdQuery *query, Jsonb *data, Tuplestorestate *result);
extern void sd_find_or_create(const SdQuery *query, Jsonb *options, Tuplestorestate *result);
extern pg_attribute_noreturn() void sd_never_found(const SdQuery *query);

#endif							/* SD_UPSERT_H */

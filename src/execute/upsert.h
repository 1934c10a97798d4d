/*-------------------------------------------------------------------------
 * execute/upsert.h
 *		Writes a row unless it is there already: upsert, find_or_create.
 *-------------------------------------------------------------------------
 */
#ifndef SD_UPSERT_H
#define SD_UPSERT_H

#include "parse/query.h"
#include "utils/jsonb.h"
#include "utils/tuplestore.h"

extern void sd_upsert(const SdQuery *query, Jsonb *data, Tuplestorestate *result);
extern void sd_find_or_create(const SdQuery *query, Jsonb *options, Tuplestorestate *result);

#endif							/* SD_UPSERT_H */

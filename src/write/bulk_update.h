/*-------------------------------------------------------------------------
 * write/bulk_update.h
 *		Changes many rows, each in its own way, with one statement.
 *-------------------------------------------------------------------------
 */
#ifndef SD_BULK_UPDATE_H
#define SD_BULK_UPDATE_H

#include "parse/query.h"
#include "utils/jsonb.h"
#include "utils/tuplestore.h"

extern void sd_bulk_update(const SdQuery *query, Jsonb *data, Tuplestorestate *result);

#endif							/* SD_BULK_UPDATE_H */

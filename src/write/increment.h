/*-------------------------------------------------------------------------
 * write/increment.h
 *		Counts attributes of a row up and down.
 *-------------------------------------------------------------------------
 */
#ifndef SD_INCREMENT_H
#define SD_INCREMENT_H

#include "parse/query.h"
#include "utils/jsonb.h"
#include "utils/tuplestore.h"

extern int64 sd_increment(const SdQuery *query, Jsonb *amounts, bool down, Tuplestorestate *result);

#endif							/* SD_INCREMENT_H */

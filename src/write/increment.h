/*-------------------------------------------------------------------------
 * write/increment.h
 *		Counts attributes of a row up and down.
 *-------------------------------------------------------------------------
 */
#ifndef SD_INCREMENT_H
#define SD_INCREMENT_H

#include "json/rowset.h"
#include "parse/query.h"
#include "utils/jsonb.h"
#include "utils/tuplestore.h"

extern int64 sd_increment(const SdQuery *query, Jsonb *amounts, bool down, SdRowSet *rows,
						  Tuplestorestate *result);

#endif							/* SD_INCREMENT_H */

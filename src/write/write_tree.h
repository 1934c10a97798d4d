/*-------------------------------------------------------------------------
 * write/write_tree.h
 *		Writes records with the records that are nested in them.
 *-------------------------------------------------------------------------
 */
#ifndef SD_WRITE_TREE_H
#define SD_WRITE_TREE_H

#include "parse/query.h"
#include "utils/jsonb.h"
#include "utils/tuplestore.h"

extern void sd_create_nested(const SdQuery *query, const JsonbValue *data, bool many,
							 Tuplestorestate *result);

#endif							/* SD_WRITE_TREE_H */

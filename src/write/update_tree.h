/*-------------------------------------------------------------------------
 * write/update_tree.h
 *		Changes a record with the records that are nested in its data.
 *-------------------------------------------------------------------------
 */
#ifndef SD_UPDATE_TREE_H
#define SD_UPDATE_TREE_H

#include "parse/query.h"
#include "utils/tuplestore.h"

extern void sd_update_nested(const SdQuery *query, const JsonbValue *data,
							 Tuplestorestate *result);

#endif							/* SD_UPDATE_TREE_H */

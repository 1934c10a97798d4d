/*-------------------------------------------------------------------------
 * write/join_rows.h
 *		The join rows of a level of a document.
 *-------------------------------------------------------------------------
 */
#ifndef SD_JOIN_ROWS_H
#define SD_JOIN_ROWS_H

#include "c.h"

struct SdWritten;

/* those that are there of nodes within records that are changed; in the context of the call */
typedef struct SdJoinRows SdJoinRows;

extern SdJoinRows *sd_find_joins(const struct SdWritten *targets);
extern bool sd_is_joined(const SdJoinRows *existing, int node);
extern void sd_write_joins(struct SdWritten *targets);

#endif							/* SD_JOIN_ROWS_H */

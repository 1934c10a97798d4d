/*-------------------------------------------------------------------------
 * parse/batched.h
 *		Counts, sums, lists of associated records for a batch of records at once.
 *-------------------------------------------------------------------------
 */
#ifndef SD_BATCHED_H
#define SD_BATCHED_H

#include "parse/query.h"

extern void sd_batch_computed(SdQuery *query);

#endif							/* SD_BATCHED_H */

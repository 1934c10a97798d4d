/*-------------------------------------------------------------------------
 * parse/aggregate.h
 *		The query of an aggregate over one attribute.
 *-------------------------------------------------------------------------
 */
#ifndef SD_AGGREGATE_H
#define SD_AGGREGATE_H

#include "parse/query.h"

extern void sd_set_aggregate(SdQuery *query, const char *function, const char *attribute);
extern const SdQuery *sd_group_counts(const SdQuery *query);

#endif							/* SD_AGGREGATE_H */

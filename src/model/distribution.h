/*-------------------------------------------------------------------------
 * model/distribution.h
 *		What Citus, where it is installed, has made of a table and of this node.
 *
 * Owns nothing: it reads Citus' own catalogs, which send relcache invalidations
 * for the tables that they change.
 *-------------------------------------------------------------------------
 */
#ifndef SD_DISTRIBUTION_H
#define SD_DISTRIBUTION_H

#include "access/attnum.h"

typedef enum SdDistribution
{
	SD_NOT_DISTRIBUTED,			/* a table of this server alone, unknown to Citus */
	SD_DISTRIBUTED,				/* its rows are in shards, by the value of a column */
	SD_REFERENCE,				/* every node has all of its rows */
	SD_MANAGED					/* on the coordinator alone, but Citus plans for it */
} SdDistribution;

extern bool sd_has_citus(void);
extern bool sd_is_citus_worker(void);
extern SdDistribution sd_distribution(Oid relid, AttrNumber *column, int *colocation);
extern int	sd_stay_on_this_node(void);
extern void sd_end_this_node(int nestlevel);

#endif							/* SD_DISTRIBUTION_H */

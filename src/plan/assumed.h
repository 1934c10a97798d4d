/*-------------------------------------------------------------------------
 * plan/assumed.h
 *		What the planner is told of some values when it plans for none.
 *-------------------------------------------------------------------------
 */
#ifndef SD_ASSUMED_H
#define SD_ASSUMED_H

#include "plan/plancache.h"
#include "utils/resowner.h"

extern void sd_assumed_init(void);
extern bool sd_is_indexed_page(const SdStatement *statement);
extern int	sd_limit_scale(const SdStatement *statement);
extern struct CachedPlan *sd_plan_for(const SdPlan *plan, ParamListInfo params,
									  ResourceOwner owner);

#endif							/* SD_ASSUMED_H */

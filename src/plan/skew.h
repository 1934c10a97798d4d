/*-------------------------------------------------------------------------
 * plan/skew.h
 *		Whether a statement has to be planned for its values each time, and which
 *		values can share a plan.
 *
 * An SdSkew belongs to the plan that it is made for, and lives in its context.
 *-------------------------------------------------------------------------
 */
#ifndef SD_SKEW_H
#define SD_SKEW_H

#include "plan/statement.h"

typedef struct SdSkew SdSkew;

extern void sd_skew_init(void);
extern bool sd_is_skewed(const SdStatement *statement);
extern SdSkew *sd_make_skew(const SdStatement *statement);
extern int	sd_skewed_param(const SdSkew *skew);
extern bool sd_value_is_rare(SdSkew *skew, const SdParams *params);

#endif							/* SD_SKEW_H */

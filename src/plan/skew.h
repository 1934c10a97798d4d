/*-------------------------------------------------------------------------
 * plan/skew.h
 *		Whether a statement has to be planned for its values each time.
 *-------------------------------------------------------------------------
 */
#ifndef SD_SKEW_H
#define SD_SKEW_H

#include "plan/statement.h"

extern bool sd_is_skewed(const SdStatement *statement);

#endif							/* SD_SKEW_H */

/*-------------------------------------------------------------------------
 * parse/always.h
 *		What comparisons with a value are for all values at once.
 *-------------------------------------------------------------------------
 */
#ifndef SD_ALWAYS_H
#define SD_ALWAYS_H

#include "parse/accepted.h"

extern bool sd_array_is_empty(Datum value);
extern SdTruth sd_for_all_values(SdOperator op, Oid type, Datum value);

#endif							/* SD_ALWAYS_H */

/*-------------------------------------------------------------------------
 * record/passes.h
 *		Tells whether a value passes one rule of its attribute.
 *-------------------------------------------------------------------------
 */
#ifndef SD_PASSES_H
#define SD_PASSES_H

#include "model/rules.h"

extern bool sd_passes(const SdRule *rule, const char *s, Size len);

#endif							/* SD_PASSES_H */

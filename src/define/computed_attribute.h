/*-------------------------------------------------------------------------
 * define/computed_attribute.h
 *		Attributes that are expressions: {"type": "VIRTUAL", "as": …}.
 *
 * They belong to the definition that is being read, see define/definition.h.
 *-------------------------------------------------------------------------
 */
#ifndef SD_COMPUTED_ATTRIBUTE_H
#define SD_COMPUTED_ATTRIBUTE_H

#include "define/definition.h"

/* as SdDefinable has them: the target is an SdAttributeDef */
extern void sd_read_as(void *target, const JsonbValue *value, const SdPath *path);
extern void sd_read_params(void *target, const JsonbValue *value, const SdPath *path);
extern void sd_read_shown(void *target, const JsonbValue *value, const SdPath *path);

extern void sd_check_computed(const SdAttributeDef *attr, const JsonbValue *definition,
							  const SdPath *path);

#endif							/* SD_COMPUTED_ATTRIBUTE_H */

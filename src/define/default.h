/*-------------------------------------------------------------------------
 * define/default.h
 *		Checks that the default value of an attribute is one of its type.
 *-------------------------------------------------------------------------
 */
#ifndef SD_DEFINE_DEFAULT_H
#define SD_DEFINE_DEFAULT_H

#include "define/definition.h"

extern const char *sd_default_function(const SdAttributeDef *attr, const JsonbValue *value);
extern void sd_check_default(const SdAttributeDef *attr, const JsonbValue *value,
							 const SdPath *path);

#endif							/* SD_DEFINE_DEFAULT_H */

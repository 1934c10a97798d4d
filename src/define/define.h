/*-------------------------------------------------------------------------
 * define/define.h
 *		Defines, describes and forgets models.
 *-------------------------------------------------------------------------
 */
#ifndef SD_DEFINE_H
#define SD_DEFINE_H

#include "catalogs/rows.h"

extern char *sd_define(const char *name, Datum attributes, Jsonb *options);
extern void sd_undefine(const char *name);
extern char *sd_attribute_definition(const SdAttributeRow *row);
extern char *sd_options_definition(const SdModelRow *row);
extern char *sd_describe(const char *name, bool warn);

#endif							/* SD_DEFINE_H */

/*-------------------------------------------------------------------------
 * define/numbers.h
 *		How many attributes a definition may have, and its keys and indexes.
 *-------------------------------------------------------------------------
 */
#ifndef SD_NUMBERS_H
#define SD_NUMBERS_H

#include "define/definition.h"

extern void sd_check_number(const SdDefinition *definition);
extern void sd_check_index_keys(const SdDefinition *definition);
extern void sd_too_many_keys(const SdPath *path) pg_attribute_noreturn();

#endif							/* SD_NUMBERS_H */

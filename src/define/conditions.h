/*-------------------------------------------------------------------------
 * define/conditions.h
 *		Checks the conditions that a definition has for the rows of its model.
 *-------------------------------------------------------------------------
 */
#ifndef SD_CONDITIONS_H
#define SD_CONDITIONS_H

#include "define/definition.h"

extern void sd_check_conditions(const SdDefinition *definition);

#endif							/* SD_CONDITIONS_H */

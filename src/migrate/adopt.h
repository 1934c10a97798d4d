/*-------------------------------------------------------------------------
 * migrate/adopt.h
 *		Takes a table that is there already for a built-in model's.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MIGRATE_ADOPT_H
#define SD_MIGRATE_ADOPT_H

#include "migrate/builtin.h"

extern bool sd_adopt(const SdBuiltin *builtin, Oid schema);

#endif							/* SD_MIGRATE_ADOPT_H */

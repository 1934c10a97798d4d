/*-------------------------------------------------------------------------
 * migrate/stepwise.h
 *		Applies migrations in one transaction each.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MIGRATE_STEPWISE_H
#define SD_MIGRATE_STEPWISE_H

#include "migrate/runner.h"

extern void sd_migrate_stepwise(const SdMigrateOptions *options, bool atomic);

#endif							/* SD_MIGRATE_STEPWISE_H */

/*-------------------------------------------------------------------------
 * migrate/create.h
 *		Registers, shows and repairs a migration that a developer wrote.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MIGRATE_CREATE_H
#define SD_MIGRATE_CREATE_H

#include "migrate/ledger.h"

extern char *sd_migration_create(const char *name, const char *up, const char *down);
extern SdMigration *sd_migration_show(const char *name);
extern void sd_migration_repair(const char *name);

#endif							/* SD_MIGRATE_CREATE_H */

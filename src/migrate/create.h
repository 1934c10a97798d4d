/*-------------------------------------------------------------------------
 * migrate/create.h
 *		Registers, shows and repairs a migration or seed that a developer wrote.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MIGRATE_CREATE_H
#define SD_MIGRATE_CREATE_H

#include "migrate/ledger.h"

extern char *sd_migration_create(const char *name, const char *up, const char *down);
extern char *sd_seed_create(const char *name, const char *up, const char *down);
extern SdMigration *sd_ledger_show(const SdLedger *ledger, const char *name);
extern void sd_ledger_accept(const SdLedger *ledger, const char *name);

#endif							/* SD_MIGRATE_CREATE_H */

/*-------------------------------------------------------------------------
 * migrate/create.h
 *		Registers a migration that a developer wrote.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MIGRATE_CREATE_H
#define SD_MIGRATE_CREATE_H

extern char *sd_migration_create(const char *name, const char *up, const char *down);
extern void sd_migration_repair(const char *name);

#endif							/* SD_MIGRATE_CREATE_H */

/*-------------------------------------------------------------------------
 * migrate/checksum.h
 *		The fingerprint by which the ledger knows the text of a migration.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MIGRATE_CHECKSUM_H
#define SD_MIGRATE_CHECKSUM_H

extern char *sd_migration_checksum(const char *up, const char *down);

#endif							/* SD_MIGRATE_CHECKSUM_H */

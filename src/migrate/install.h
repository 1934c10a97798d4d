/*-------------------------------------------------------------------------
 * migrate/install.h
 *		The steps of CREATE EXTENSION that SQL text cannot do.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MIGRATE_INSTALL_H
#define SD_MIGRATE_INSTALL_H

extern void sd_preflight(void);
extern void sd_install(void);

#endif							/* SD_MIGRATE_INSTALL_H */

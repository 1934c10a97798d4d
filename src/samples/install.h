/*-------------------------------------------------------------------------
 * samples/install.h
 *		The steps of the extension's scripts that SQL text cannot do.
 *-------------------------------------------------------------------------
 */
#ifndef SD_INSTALL_H
#define SD_INSTALL_H

extern void sd_preflight(void);
extern void sd_install(void);
extern void sd_grant_to_owner(void);

#endif							/* SD_INSTALL_H */

/*-------------------------------------------------------------------------
 * migrate/extension.h
 *		What the system catalogs know of the installed extension: who owns it, and
 *		its target schema.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MIGRATE_EXTENSION_H
#define SD_MIGRATE_EXTENSION_H

typedef struct SdExtension
{
	Oid			oid;
	Oid			owner;
	Oid			schema;			/* the target schema, not studentdir */
	char	   *schema_name;	/* not quoted */
	char	   *version;		/* of the script, which may not be the library's */
} SdExtension;

extern SdExtension *sd_extension(void);
extern void sd_check_version(void);

#endif							/* SD_MIGRATE_EXTENSION_H */

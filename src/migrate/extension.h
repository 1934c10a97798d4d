/*-------------------------------------------------------------------------
 * migrate/extension.h
 *		What the system catalogs know of the installed extension: who owns it,
 *		its target schema, its catalog tables.
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
extern Oid	sd_catalog_table(const char *name);

#endif							/* SD_MIGRATE_EXTENSION_H */

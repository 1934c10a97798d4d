/*-------------------------------------------------------------------------
 * define/association.h
 *		Defines associations, with the foreign keys that they need.
 *-------------------------------------------------------------------------
 */
#ifndef SD_DEFINE_ASSOCIATION_H
#define SD_DEFINE_ASSOCIATION_H

#include "catalogs/rows.h"

extern const char *sd_default_on_delete(SdAssociationKind kind, bool allow_null);
extern char *sd_associate(SdAssociationKind kind, const char *source, const char *target,
						  Jsonb *options);
extern void sd_restore_associations(const char *model);
extern char *sd_association_definition(const SdAssociationRow *row);
extern char *sd_association_json(const SdAssociationRow *row);

#endif							/* SD_DEFINE_ASSOCIATION_H */

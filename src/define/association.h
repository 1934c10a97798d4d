/*-------------------------------------------------------------------------
 * define/association.h
 *		Defines associations, with the foreign keys that they need.
 *-------------------------------------------------------------------------
 */
#ifndef SD_DEFINE_ASSOCIATION_H
#define SD_DEFINE_ASSOCIATION_H

#include "define/catalog.h"

/* a model that holds foreign keys, and the model that they refer to */
typedef struct SdSide
{
	const char *holder;
	List	   *foreign_key;
	const char *referenced;
	List	   *key;
} SdSide;

extern int	sd_association_sides(const SdAssociationRow *row, SdSide sides[2]);
extern const char *sd_default_on_delete(const char *kind, bool allow_null);
extern char *sd_associate(const char *kind, const char *source, const char *target,
						  Jsonb *options);
extern void sd_restore_associations(const char *model);
extern char *sd_association_json(const SdAssociationRow *row);
extern char *sd_association_options_json(const SdAssociationRow *row);

#endif							/* SD_DEFINE_ASSOCIATION_H */

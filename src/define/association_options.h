/*-------------------------------------------------------------------------
 * define/association_options.h
 *		The options of a call that defines an association.
 *
 * They live in the context of the call and point into its document.
 *-------------------------------------------------------------------------
 */
#ifndef SD_ASSOCIATION_OPTIONS_H
#define SD_ASSOCIATION_OPTIONS_H

#include "catalogs/rows.h"
#include "lib/stringinfo.h"

typedef struct SdAssociationOptions
{
	char	   *as;				/* those that are not given are NULL or NIL */
	List	   *foreign_key;	/* names of attributes */
	List	   *other_key;
	List	   *source_key;
	List	   *target_key;
	char	   *through;
	JsonbValue	scope;			/* jbvNull where it is not given */
	JsonbValue	through_scope;
	const char *on_delete;
	bool		cascades;		/* soft deletes do */
	StringInfoData more;		/* what the normalized form's options hold */
} SdAssociationOptions;

extern SdAssociationOptions *sd_read_association_options(SdAssociationKind kind, Jsonb *options);

#endif							/* SD_ASSOCIATION_OPTIONS_H */

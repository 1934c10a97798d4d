/*-------------------------------------------------------------------------
 * define/association_options.h
 *		The options of a call that defines an association.
 *
 * They live in the context of the call and point into its document.
 *-------------------------------------------------------------------------
 */
#ifndef SD_ASSOCIATION_OPTIONS_H
#define SD_ASSOCIATION_OPTIONS_H

#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"

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
	StringInfoData more;		/* what the normalized form's options hold */
} SdAssociationOptions;

extern SdAssociationOptions *sd_read_association_options(const char *kind, Jsonb *options);

#endif							/* SD_ASSOCIATION_OPTIONS_H */

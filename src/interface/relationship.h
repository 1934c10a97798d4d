/*-------------------------------------------------------------------------
 * interface/relationship.h
 *		Which models refer to which; the caller's context owns the list.
 *-------------------------------------------------------------------------
 */
#ifndef SD_RELATIONSHIP_H
#define SD_RELATIONSHIP_H

#include "interface/interface.h"

/* a model that refers to another */
typedef struct SdRelationship
{
	const SdInterface *holder;	/* of the foreign key */
	const SdInterface *referenced;
	List	   *foreign_key;	/* attributes of the holder */
	const char *label;			/* the association's alias */
	bool		one;			/* there is at most one holder to a record */
	bool		optional;		/* the key may be null */
} SdRelationship;

extern List *sd_relationships(List *interfaces);
extern bool sd_in_relationship(const List *relationships, const SdInterface *interface,
							   const char *attribute);

#endif							/* SD_RELATIONSHIP_H */

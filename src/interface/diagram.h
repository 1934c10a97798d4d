/*-------------------------------------------------------------------------
 * interface/diagram.h
 *		Models and their foreign keys as a diagram.
 *-------------------------------------------------------------------------
 */
#ifndef SD_DIAGRAM_H
#define SD_DIAGRAM_H

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

/* diagram.c */
extern char *sd_diagram(const char *format);
extern bool sd_in_relationship(const List *relationships, const SdInterface *interface,
							   const char *attribute);

/* mermaid.c */
extern char *sd_mermaid(List *interfaces, List *relationships);

/* dot.c */
extern char *sd_dot(List *interfaces, List *relationships);

#endif							/* SD_DIAGRAM_H */

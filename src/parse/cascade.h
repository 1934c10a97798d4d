/*-------------------------------------------------------------------------
 * parse/cascade.h
 *		Where soft deletes go on to: the associations that say "paranoid": "cascade".
 *-------------------------------------------------------------------------
 */
#ifndef SD_CASCADE_H
#define SD_CASCADE_H

#include "parse/query.h"

/* a model from which soft deletes go on; lives in the context of the query */
typedef struct SdCascade
{
	const SdModel *model;
	List	   *associated;		/* of SdAssociated */
	int			ncaptured;
	int		   *captured;		/* the attributes that these go by, one after the other, and deletedAt */
} SdCascade;

extern void sd_find_cascade(SdQuery *query);
extern const SdCascade *sd_cascade_of(const List *cascades, const SdModel *model);

#endif							/* SD_CASCADE_H */

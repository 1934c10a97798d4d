/*-------------------------------------------------------------------------
 * record/linked_key.h
 *		The key of a record that exists, where a document has it in the place of a
 *		record.
 *-------------------------------------------------------------------------
 */
#ifndef SD_LINKED_KEY_H
#define SD_LINKED_KEY_H

#include "parse/path.h"
#include "parse/query.h"
#include "utils/jsonb.h"

/* values of the attributes of a unique key, in the order of the attributes */
typedef struct SdLinkedKey
{
	int			nattrs;
	int		   *attrs;
	Datum	   *values;
	bool		has_null;		/* no record has it */
} SdLinkedKey;

extern bool sd_find_link(const JsonbValue *data, const char *join, const SdPath *path,
						 JsonbValue *key);
extern SdLinkedKey *sd_read_linked_key(const SdModel *model, const JsonbValue *key,
									   const SdPath *path);

#endif							/* SD_LINKED_KEY_H */

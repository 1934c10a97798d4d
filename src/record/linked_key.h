/*-------------------------------------------------------------------------
 * record/linked_key.h
 *		The key of a record that exists, or may, in a document of records within
 *		records.
 *-------------------------------------------------------------------------
 */
#ifndef SD_LINKED_KEY_H
#define SD_LINKED_KEY_H

#include "convert/path.h"
#include "record/record.h"

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
extern SdLinkedKey *sd_record_key(const SdModel *model, const SdRecord *record, const int *attrs,
								  int nattrs, const SdPath *path);

#endif							/* SD_LINKED_KEY_H */

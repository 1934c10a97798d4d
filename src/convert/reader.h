/*-------------------------------------------------------------------------
 * convert/reader.h
 *		Walks jsonb documents: objects member by member, arrays element by
 *		element, each step knowing its path.
 *
 * Values point into the document, which has to outlive them.
 *-------------------------------------------------------------------------
 */
#ifndef SD_READER_H
#define SD_READER_H

#include "convert/path.h"
#include "json/jsonb_value.h"

/* an iteration over one object or array */
typedef struct SdReader
{
	JsonbIterator *it;
	const SdPath *parent;
	SdPath		path;			/* of the current member or element */
	JsonbValue	key;			/* of the current member */
	JsonbValue	value;			/* nested objects and arrays stay jbvBinary */
} SdReader;

extern void sd_read(SdReader *reader, const JsonbValue *container, const SdPath *path);
extern bool sd_next_member(SdReader *reader);
extern bool sd_next_element(SdReader *reader);

extern bool sd_key_is(const SdReader *reader, const char *name);

#endif							/* SD_READER_H */

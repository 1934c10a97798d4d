/*-------------------------------------------------------------------------
 * write/nested_links.h
 *		The records of a document's level that exist, and are linked.
 *
 * They live in the context of the call.
 *-------------------------------------------------------------------------
 */
#ifndef SD_NESTED_LINKS_H
#define SD_NESTED_LINKS_H

#include "json/rowset.h"
#include "record/tree.h"

typedef struct SdNestedLinks SdNestedLinks;

extern SdNestedLinks *sd_name_nested(const SdLevel *level);
extern void sd_lock_named(const List *levels);
extern void sd_lock_nested(const List *levels);
extern bool sd_is_there(const SdNestedLinks *links, int node);
extern int *sd_missing_nested(const SdNestedLinks *links, int *n);
extern void sd_find_nested(SdNestedLinks *links);
extern void sd_check_missing(const SdNestedLinks *links, int node);
extern const SdRowSet *sd_nested_key(const SdNestedLinks *links, int node, int *capture, int *row);
extern const SdRowSet *sd_nested_source(const SdNestedLinks *links, int node, int include,
										int *capture, int *row);
extern bool sd_refers_already(const SdNestedLinks *links, int node);
extern void sd_refer_nested(const SdNestedLinks *links, const SdRowSet *parents, int capture,
							const int *parent_rows);
extern const SdQuery *sd_nested_finder(const SdQuery *written);
extern void sd_read_nested_links(SdNestedLinks *links, uint64 *count);
extern void sd_append_nested(SdBuf *buf, const SdNestedLinks *links, int node,
							 const struct varlena *join);

#endif							/* SD_NESTED_LINKS_H */

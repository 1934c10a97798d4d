/*-------------------------------------------------------------------------
 * write/node_rows.h
 *		The rows that one statement writes for nodes of a document's level.
 *-------------------------------------------------------------------------
 */
#ifndef SD_NODE_ROWS_H
#define SD_NODE_ROWS_H

#include "json/rowset.h"
#include "parse/conflict.h"
#include "record/tree.h"
#include "record/validate.h"

typedef struct SdNodeRows
{
	const SdLevel *level;
	bool		joins;			/* their join rows, not their records */
	int			n;
	int		   *nodes;			/* their numbers in the level */
} SdNodeRows;

extern SdNodeRows sd_nodes_of_kind(const SdLevel *level, SdNodeKind kind);
extern const SdPath *const *sd_node_paths(const SdNodeRows *rows);
extern void sd_insert_nodes(const SdNodeRows *rows, const SdQuery *writer,
							const SdConflict *conflict, const SdUniqueKey *target,
							SdRowSet *result, uint64 *count);
extern void sd_insert_all(const SdNodeRows *rows, const SdQuery *writer, SdRowSet *result,
						  uint64 *count);
extern void sd_look_for_taken(const SdLevel *level, SdViolations *violations);

#endif							/* SD_NODE_ROWS_H */

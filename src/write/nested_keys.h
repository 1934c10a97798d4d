/*-------------------------------------------------------------------------
 * write/nested_keys.h
 *		The keys that go from one row of a document to another.
 *-------------------------------------------------------------------------
 */
#ifndef SD_NESTED_KEYS_H
#define SD_NESTED_KEYS_H

#include "write/returned_records.h"
#include "write/written.h"

/* The row of a node that is written. */
static inline int
sd_written_row(const SdWritten *written, int node)
{
	return written->row_of != NULL ? written->row_of[node] : node;
}

/* The number of the join row of a node; -1: it has none. */
static inline int
sd_join_number(const SdWritten *written, int node)
{
	return written->join_of != NULL ? written->join_of[node] : node;
}

/* Whether a level is the record that an update is of. */
static inline bool
sd_is_top_of_update(const SdWritten *written)
{
	return written->parents == NULL && written->level->count[SD_NODE_CHANGED] > 0;
}

/* Whether the answer is read when all levels have been written; else it is what the statements return. */
static inline bool
sd_is_read_back(const SdWritten *written)
{
	while (written->parents != NULL)
		written = written->parents;
	return sd_reads_back(written->level->query);
}

/* Whether a node is nested in a record that exists, and is changed. */
static inline bool
sd_within_changed(const SdWritten *written, int node)
{
	return written->parents->level->nodes[written->level->nodes[node].parent].kind == SD_NODE_CHANGED;
}

extern bool sd_is_referred_to(const SdLevel *level);
extern int	sd_parent_capture(const SdLevel *parents, int include);
extern void sd_set_keys(SdRecord *record, const SdModel *model, const int *attrs, int n,
						const SdRowSet *rows, int capture, int row, const SdModel *key_model,
						const int *keys, const SdNode *node);
extern const SdRowSet *sd_node_row(const SdWritten *written, int node, int *capture, int *row);
extern void sd_set_target_keys(SdRecord *record, const SdModel *model, const int *attrs,
							   const SdWritten *targets, int node);
extern const SdRowSet *sd_old_key(const SdWritten *written, int parent, int *capture, int *row);

#endif							/* SD_NESTED_KEYS_H */

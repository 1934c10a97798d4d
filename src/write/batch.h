/*-------------------------------------------------------------------------
 * write/batch.h
 *		Rows of one model that one statement inserts.
 *
 * A batch belongs to one call and lives in the context that it is begun in;
 * its rows go to disk when they are many.
 *-------------------------------------------------------------------------
 */
#ifndef SD_BATCH_H
#define SD_BATCH_H

#include "json/receiver.h"
#include "model/unique.h"
#include "record/record.h"
#include "plan/statement.h"

typedef struct SdBatch SdBatch;

extern SdBatch *sd_batch_begin(const SdQuery *query, const bool *occurs, const SdUniqueKey *key);
extern void sd_batch_add(SdBatch *batch, const SdRecord *record);
extern void sd_batch_conflicts(SdBatch *batch, const struct SdConflict *conflict,
							   const SdUniqueKey *target);
extern void sd_name_partial_index(SdOnConflict *on_conflict, const SdQuery **query,
								  const struct SdConflict *conflict);
extern void sd_batch_name_rows(SdBatch *batch, const SdPath *const *paths);
extern void sd_batch_given(SdBatch *batch, const struct SdGivenRows *given);
extern int64 sd_batch_row(const SdBatch *batch);
extern void sd_batch_insert(SdBatch *batch, SdReceiver *receiver);

#endif							/* SD_BATCH_H */

/*-------------------------------------------------------------------------
 * write/progress.h
 *		Tells how far a bulk load is (the setting studentdir.progress).
 *
 * It belongs to one call.
 *-------------------------------------------------------------------------
 */
#ifndef SD_PROGRESS_H
#define SD_PROGRESS_H

#include "json/receiver.h"
#include "model/model.h"
#include "utils/timestamp.h"

typedef struct SdProgress
{
	bool		on;
	const SdModel *model;
	int64		total;			/* rows of the input */
	uint64		before;			/* rows that the receiver got before them */
	const char *done;			/* what is being done with them, as a participle */
	TimestampTz began;			/* the call */
	TimestampTz phase;			/* what is being done */
	TimestampTz told;			/* last */
} SdProgress;

extern void sd_progress_begin(SdProgress *progress, const SdModel *model, int64 total);
extern void sd_progress_phase(SdProgress *progress, const char *done);
extern void sd_progress_tell(SdProgress *progress, int64 rows);
extern void sd_progress_watch(SdProgress *progress, SdReceiver *receiver);
extern void sd_progress_end(const SdProgress *progress, int64 rows);

/* So many rows of the input are done: told about once a second. */
static inline void
sd_progress(SdProgress *progress, int64 rows)
{
	if (unlikely(progress->on))
		sd_progress_tell(progress, rows);
}

#endif							/* SD_PROGRESS_H */

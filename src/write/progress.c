/*-------------------------------------------------------------------------
 * write/progress.c
 *		Tells how far a bulk load is (the setting studentdir.progress).
 *
 * Notices go to the client at once, while the call runs.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "settings.h"
#include "write/progress.h"

/* Time between two notices, in microseconds. */
#define SD_PROGRESS_INTERVAL	USECS_PER_SEC

/* Begins to watch a call that writes total rows; nothing is told unless the setting says so. */
void
sd_progress_begin(SdProgress *progress, const SdModel *model, int64 total)
{
	memset(progress, 0, sizeof(*progress));
	progress->on = sd_show_progress;
	if (!progress->on)
		return;
	progress->model = model;
	progress->total = total;
	progress->began = progress->told = GetCurrentTimestamp();
}

/* What is done with the rows from here on: "checked", "written". */
void
sd_progress_phase(SdProgress *progress, const char *done)
{
	progress->done = done;
	if (progress->on)
		progress->phase = GetCurrentTimestamp();
}

/* Tells how many rows are done, if it has not just been told. */
void
sd_progress_tell(SdProgress *progress, int64 rows)
{
	TimestampTz now = GetCurrentTimestamp();
	double		seconds = (double) (now - progress->phase) / USECS_PER_SEC;

	Assert(progress->on && progress->done != NULL);
	if (now - progress->told < SD_PROGRESS_INTERVAL)
		return;
	progress->told = now;
	ereport(NOTICE,
			(errmsg("model \"%s\": " INT64_FORMAT " of " INT64_FORMAT " rows %s, %.0f rows/s",
					progress->model->name, rows, progress->total, progress->done,
					seconds > 0 ? rows / seconds : 0)));
}

/* called by the receiver with each row that has been written */
static void
row_written(uint64 rows, void *arg)
{
	SdProgress *progress = arg;

	sd_progress_tell(progress, rows - progress->before);
}

/* Tells of the rows that the receiver gets, which are those written. */
void
sd_progress_watch(SdProgress *progress, SdReceiver *receiver)
{
	sd_progress_phase(progress, "written");
	progress->before = receiver->rows;
	if (progress->on)
	{
		receiver->on_row = row_written;
		receiver->on_row_arg = progress;
	}
}

/* Tells that all is done, and how many rows were written. */
void
sd_progress_end(const SdProgress *progress, int64 rows)
{
	double		seconds;

	if (!progress->on)
		return;
	seconds = (double) (GetCurrentTimestamp() - progress->began) / USECS_PER_SEC;
	ereport(NOTICE,
			(errmsg("model \"%s\": " INT64_FORMAT " of " INT64_FORMAT " rows written in %.1f s, %.0f rows/s",
					progress->model->name, rows, progress->total, seconds,
					seconds > 0 ? rows / seconds : 0)));
}

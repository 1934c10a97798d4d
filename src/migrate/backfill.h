/*-------------------------------------------------------------------------
 * migrate/backfill.h
 *		Updates a table in batches that are committed one by one.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MIGRATE_BACKFILL_H
#define SD_MIGRATE_BACKFILL_H

#include "utils/jsonb.h"
#include "utils/timestamp.h"

/* what a call asks for; the documents belong to the caller */
typedef struct SdBackfill
{
	const char *model;
	Jsonb	   *set;			/* as the option "set" of update */
	Jsonb	   *condition;		/* as the option "where" */
	int			batch;			/* rows of a batch */
	double		pause;			/* between two, in seconds */
} SdBackfill;

extern void sd_backfill(const SdBackfill *backfill, bool atomic);

#endif							/* SD_MIGRATE_BACKFILL_H */

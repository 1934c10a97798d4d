/*-------------------------------------------------------------------------
 * samples/remove.h
 *		Takes the samples away.
 *-------------------------------------------------------------------------
 */
#ifndef SD_REMOVE_H
#define SD_REMOVE_H

#include "nodes/pg_list.h"
#include "utils/jsonb.h"

/* what became of one of them; in the caller's context */
typedef struct SdRemovedSample
{
	const char *model;
	const char *table;			/* SQL */
	const char *action;			/* "kept" or "dropped", of the table */
} SdRemovedSample;

extern List *sd_remove_samples(List *models, bool all, Jsonb *options);

#endif							/* SD_REMOVE_H */

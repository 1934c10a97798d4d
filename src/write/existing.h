/*-------------------------------------------------------------------------
 * write/existing.h
 *		Answers bulk_create with the records that were there already, too.
 *-------------------------------------------------------------------------
 */
#ifndef SD_EXISTING_H
#define SD_EXISTING_H

#include "json/receiver.h"
#include "model/unique.h"
#include "record/record.h"
#include "utils/tuplestore.h"
#include "write/batch.h"

/* the unique key of each row of the input, by which its record is found */
typedef struct SdExisting
{
	const SdUniqueKey *key;
	SdRowSet	rows;
	const SdBatch *batch;
	bool	   *written;		/* by row, whether it was */
	bool		numbered;		/* whether that is known */
	void		(*on_row) (uint64 rows, void *arg); /* the receiver's own */
	void	   *on_row_arg;
} SdExisting;

extern SdExisting *sd_existing_begin(const SdQuery *query, const SdUniqueKey *key, int nrows);
extern SdQuery *sd_existing_writer(const SdExisting *existing, const SdQuery *query);
extern void sd_existing_note(SdExisting *existing, const SdModel *model, const SdRecord *record);
extern void sd_existing_watch(SdExisting *existing, const SdBatch *batch, SdReceiver *receiver);
extern void sd_existing_answer(const SdExisting *existing, const SdQuery *query,
							   const SdRowSet *written, Tuplestorestate *result);

#endif							/* SD_EXISTING_H */

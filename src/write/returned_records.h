/*-------------------------------------------------------------------------
 * write/returned_records.h
 *		Reads the records that a writer answers with, when they have been written.
 *-------------------------------------------------------------------------
 */
#ifndef SD_RETURNED_RECORDS_H
#define SD_RETURNED_RECORDS_H

#include "json/receiver.h"
#include "parse/query.h"

/* Whether the records are read back; else the statement itself returns them. */
static inline bool
sd_reads_back(const SdQuery *query)
{
	return query->write != NULL && query->write->returning != NULL;
}

/* Whether what a writer's statement returns is what the call answers with: nothing is nested in it, or read back. */
static inline bool
sd_answers_itself(const SdQuery *query)
{
	return query->includes == NIL && !sd_reads_back(query);
}

extern SdQuery *sd_keys_query(const SdQuery *query);
extern struct SdIncluded *sd_read_records(const SdQuery *query, const SdRowSet *rows,
										  int first_capture);
extern void sd_put_records(const struct SdIncluded *records, int n, const int *numbers,
						   const bool *chosen, Tuplestorestate *result);
extern void sd_put_either(const struct SdIncluded *records, const struct SdIncluded *others, int n,
						  Tuplestorestate *result);
extern void sd_read_back(const SdQuery *query, const SdRowSet *rows, int first_capture,
						 Tuplestorestate *result);
extern Datum sd_read_one_back(const SdQuery *query, const SdRowSet *rows);

#endif							/* SD_RETURNED_RECORDS_H */

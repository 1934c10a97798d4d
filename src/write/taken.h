/*-------------------------------------------------------------------------
 * write/taken.h
 *		Looks which values of unique keys are taken, before anything is written:
 *		"validateUnique".
 *
 * It reports what it finds together with the failures of validation.  Nothing is
 * locked, so the constraint still decides.  What is noted lives in the context of the
 * call that began it.
 *-------------------------------------------------------------------------
 */
#ifndef SD_TAKEN_H
#define SD_TAKEN_H

#include "model/unique.h"
#include "record/record.h"
#include "write/violation.h"

typedef struct SdTaken SdTaken;

/* what becomes of the row that has a record's own key */
typedef enum SdOwnRow
{
	SD_OWN_NONE,				/* there is no such key: records are new */
	SD_OWN_KEPT,				/* it stays as it is, and the record is not written */
	SD_OWN_UPSERTED,			/* it is changed; without it the record is new */
	SD_OWN_UPDATED,				/* it is changed; without it nothing is */
	SD_OWN_CHOSEN				/* the query chooses the rows that are changed */
} SdOwnRow;

extern SdTaken *sd_taken_begin(const SdQuery *query, SdOwnRow effect, const SdUniqueKey *own,
							   int64 nrows);
extern void sd_taken_note(SdTaken *taken, const SdRecord *record, const SdPath *path);
extern void sd_taken_look(SdTaken *taken, const SdGivenRows *given, const SdPath *const *paths,
						  SdViolations *violations);
extern SdViolations *sd_find_violations(const SdQuery *query, SdRecord *record, SdOwnRow effect,
										const SdUniqueKey *own);
extern void sd_check_record(const SdQuery *query, SdRecord *record, SdOwnRow effect,
							const SdUniqueKey *own);

#endif							/* SD_TAKEN_H */

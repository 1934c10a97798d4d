/*-------------------------------------------------------------------------
 * write/destroyed_records.h
 *		Reads what a finder would give of records, before they are deleted.
 *
 * The records belong to the context in which they were read.
 *-------------------------------------------------------------------------
 */
#ifndef SD_DESTROYED_RECORDS_H
#define SD_DESTROYED_RECORDS_H

#include "execute/included_rows.h"
#include "execute/keymap.h"
#include "plan/statement.h"
#include "utils/tuplestore.h"

typedef struct SdDestroyed
{
	SdQuery    *query;			/* these records by their keys, which it captures */
	SdRowSet	rows;			/* their keys */
	int		   *numbers;		/* of their keys in map */
	SdKeyMap	map;
	SdIncluded *records;
} SdDestroyed;

extern bool sd_lock_and_read(SdDestroyed *destroyed, const SdQuery *query);
extern int64 sd_destroy_read(const SdDestroyed *destroyed, SdStatement *statement,
							 Tuplestorestate *result);

#endif							/* SD_DESTROYED_RECORDS_H */

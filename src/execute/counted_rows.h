/*-------------------------------------------------------------------------
 * execute/counted_rows.h
 *		Counts the associated records of many parents, by reading their keys alone.
 *
 * Where the server would read one row after the other and count them for each group
 * in this process, less is to be done when the rows come here as they are read: it
 * has no groups to compare and no aggregate to call, and no row of the result is made.
 *-------------------------------------------------------------------------
 */
#ifndef SD_COUNTED_ROWS_H
#define SD_COUNTED_ROWS_H

#include "execute/keymap.h"
#include "json/receiver.h"
#include "parse/query.h"

/* how many rows there are of each key */
typedef struct SdCounts
{
	int64	   *counts;			/* by number; NULL: nothing was counted here */
	const SdLayout *layout;		/* of the record whose members they are */
} SdCounts;

/* a receiver that counts the rows of each key */
typedef struct SdCounter
{
	DestReceiver pub;			/* has to be first */
	int64	   *counts;			/* by the number that the map gives a key */
	bool		full;			/* it has given up: there are more keys than fit */

	/* its own */
	const SdLayout *layout;
	SdKeyMap   *map;
	Size		limit;			/* in bytes, of what it keeps; 0: it counts the keys of the map alone */
	int			room;			/* of counts */
	int			last;			/* number of the key before, or -1 */
	int64	   *same;			/* its count, where it is one integer that equal datums have; or NULL */
	Datum		same_key;
	int			column;			/* of that in the rows */
	Datum	  **key;			/* that of a row, as the map wants it */
	MemoryContext cxt;			/* of counts, and of keys that it adds */
	MemoryContext row_cxt;		/* reset per row */
} SdCounter;

extern bool sd_is_count(const SdQuery *query);
extern void sd_read_keys_only(SdQuery *query);
extern List *sd_key_runs(const SdQuery *query, const SdKeyMap *map);
extern void sd_counter_init(SdCounter *counter, const SdLayout *layout, SdKeyMap *map, Size limit);

#endif							/* SD_COUNTED_ROWS_H */

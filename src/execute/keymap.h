/*-------------------------------------------------------------------------
 * execute/keymap.h
 *		A hash table from key values to small numbers, 0, 1, 2, …: the groups
 *		of included rows.
 *
 * Keys are equal when their type's own operator says so.  The map and the
 * values in it live in the context it was made in.
 *-------------------------------------------------------------------------
 */
#ifndef SD_KEYMAP_H
#define SD_KEYMAP_H

#include "fmgr.h"

typedef struct SdKeyMap
{
	Oid			collation;
	FmgrInfo   *hash;			/* NULL: the datum itself is the key */
	FmgrInfo   *equal;
	int			nkeys;
	Datum	   *keys;			/* by number */
	uint32	   *hashes;
	int			nslots;			/* a power of two */
	int		   *slots;			/* number of the key, or -1 */
} SdKeyMap;

extern void sd_keymap_init(SdKeyMap *map, Oid type, Oid collation, int most);
extern int	sd_keymap_add(SdKeyMap *map, Datum key);
extern int	sd_keymap_find(SdKeyMap *map, Datum key);

#endif							/* SD_KEYMAP_H */

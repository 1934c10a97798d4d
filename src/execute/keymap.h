/*-------------------------------------------------------------------------
 * execute/keymap.h
 *		A hash table from key values to small numbers, 0, 1, 2, …: the groups
 *		of included rows.
 *
 * A key has one value or several, which a caller has as a row of arrays, one for
 * each column.  Values are equal when their type's own operator says so.  The
 * map and the arrays in it live in the context it was made in.
 *-------------------------------------------------------------------------
 */
#ifndef SD_KEYMAP_H
#define SD_KEYMAP_H

#include "fmgr.h"

/* one attribute of the keys */
typedef struct SdKeyColumn
{
	Oid			collation;
	FmgrInfo   *hash;			/* NULL: the datum itself is what is compared */
	FmgrInfo   *equal;
	Datum	   *values;			/* by number */
} SdKeyColumn;

typedef struct SdKeyMap
{
	int			ncolumns;
	SdKeyColumn *columns;
	bool		integer;		/* there is one column, of integers */
	int			nkeys;
	int			room;			/* keys that there is room for */
	uint32	   *hashes;			/* by number */
	int			nslots;			/* a power of two */
	int		   *slots;			/* number of the key, or -1 */
} SdKeyMap;

extern void sd_keymap_init(SdKeyMap *map, int ncolumns, int most);
extern void sd_keymap_column(SdKeyMap *map, int column, Oid type, Oid collation);
extern int	sd_keymap_add(SdKeyMap *map, Datum *const *columns, int row);
extern int	sd_keymap_find(const SdKeyMap *map, Datum *const *columns, int row);
extern int	sd_keymap_find_near(const SdKeyMap *map, Datum *const *columns, int row, int near);
extern Datum sd_keymap_array(const SdKeyMap *map, int column, Oid type);

#endif							/* SD_KEYMAP_H */

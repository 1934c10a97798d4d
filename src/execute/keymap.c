/*-------------------------------------------------------------------------
 * execute/keymap.c
 *		A hash table from key values to small numbers, by open addressing with
 *		linear probing (Knuth, The Art of Computer Programming, volume 3, 6.4).
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "execute/keymap.h"
#include "port/pg_bitutils.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

/* Makes empty slots for as many keys as there is room for, of which half stay free. */
static void
make_slots(SdKeyMap *map)
{
	Assert(map->nkeys <= map->room);
	map->nslots = pg_nextpower2_32(Max(map->room, 4) * 2);
	map->slots = palloc_extended(sizeof(int) * map->nslots, MCXT_ALLOC_HUGE);
	memset(map->slots, -1, sizeof(int) * map->nslots);
}

/*
 * Prepares an empty map of keys of ncolumns values each, in the current context, with
 * room for so many of them.  The caller says of each column what it holds.
 */
void
sd_keymap_init(SdKeyMap *map, int ncolumns, int room)
{
	Assert(ncolumns > 0);
	memset(map, 0, sizeof(*map));
	map->ncolumns = ncolumns;
	map->room = Max(room, 1);
	map->columns = palloc0(sizeof(SdKeyColumn) * ncolumns);
	for (int i = 0; i < ncolumns; i++)
		map->columns[i].values = palloc_extended(sizeof(Datum) * map->room, MCXT_ALLOC_HUGE);
	map->hashes = palloc_extended(sizeof(uint32) * map->room, MCXT_ALLOC_HUGE);
	make_slots(map);
}

/*
 * Whether values of a type are equal exactly when their datums are: integers,
 * where the server passes them by value, which not every one does with int8.
 */
static bool
is_plain_integer(Oid type)
{
	return (type == INT2OID || type == INT4OID || type == INT8OID) && get_typbyval(type);
}

/*
 * Says of what type the values of a column are.  Raises 0A000 for one whose values
 * cannot be hashed.
 */
void
sd_keymap_column(SdKeyMap *map, int column, Oid type, Oid collation)
{
	SdKeyColumn *key = &map->columns[column];

	Assert(column >= 0 && column < map->ncolumns);
	key->collation = collation;
	if (!is_plain_integer(type))
	{
		TypeCacheEntry *entry = lookup_type_cache(type, TYPECACHE_HASH_PROC_FINFO |
												  TYPECACHE_EQ_OPR_FINFO);

		if (!OidIsValid(entry->hash_proc_finfo.fn_oid) || !OidIsValid(entry->eq_opr_finfo.fn_oid))
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("rows cannot be found by values of type %s, which has no hash function",
							format_type_be(type)),
					 errhint("Use a key of another type.")));
		key->hash = &entry->hash_proc_finfo;
		key->equal = &entry->eq_opr_finfo;
	}
	map->integer = map->ncolumns == 1 && key->hash == NULL;
}

static inline uint32
hash_value(const SdKeyColumn *column, Datum value)
{
	if (column->hash == NULL)
		return murmurhash32((uint32) value ^ (uint32) ((uint64) value >> 32));
	return DatumGetUInt32(FunctionCall1Coll(column->hash, column->collation, value));
}

static inline uint32
hash_key(const SdKeyMap *map, Datum *const *columns, int row)
{
	uint32		hash = hash_value(&map->columns[0], columns[0][row]);

	for (int i = 1; i < map->ncolumns; i++)
		hash = hash_combine(hash, hash_value(&map->columns[i], columns[i][row]));
	return hash;
}

/* Whether a key of the map is the one in the row. */
static inline bool
same_key(const SdKeyMap *map, int number, Datum *const *columns, int row)
{
	for (int i = 0; i < map->ncolumns; i++)
	{
		const SdKeyColumn *column = &map->columns[i];
		Datum		ours = column->values[number];
		Datum		theirs = columns[i][row];

		if (column->hash == NULL ? ours != theirs
			: !DatumGetBool(FunctionCall2Coll(column->equal, column->collation, ours, theirs)))
			return false;
	}
	return true;
}

/* The slot that a key is in, or would be put into. */
static inline int
slot_of(const SdKeyMap *map, Datum *const *columns, int row, uint32 hash)
{
	int			slot = hash & (map->nslots - 1);

	while (map->slots[slot] >= 0)
	{
		int			number = map->slots[slot];

		if (map->integer ? map->columns[0].values[number] == columns[0][row]
			: map->hashes[number] == hash && same_key(map, number, columns, row))
			break;
		slot = (slot + 1) & (map->nslots - 1);
	}
	return slot;
}

/* Makes room for twice as many keys, in the context of the map. */
static void
grow(SdKeyMap *map)
{
	MemoryContext old = MemoryContextSwitchTo(GetMemoryChunkContext(map->slots));

	map->room *= 2;
	for (int i = 0; i < map->ncolumns; i++)
		map->columns[i].values = repalloc_huge(map->columns[i].values, sizeof(Datum) * map->room);
	map->hashes = repalloc_huge(map->hashes, sizeof(uint32) * map->room);
	pfree(map->slots);
	make_slots(map);
	for (int number = 0; number < map->nkeys; number++)
	{
		int			slot = map->hashes[number] & (map->nslots - 1);

		while (map->slots[slot] >= 0)
			slot = (slot + 1) & (map->nslots - 1);
		map->slots[slot] = number;
	}
	MemoryContextSwitchTo(old);
}

/* The number of the key in a row, which is added if it is not there. */
int
sd_keymap_add(SdKeyMap *map, Datum *const *columns, int row)
{
	uint32		hash = hash_key(map, columns, row);
	int			slot = slot_of(map, columns, row, hash);

	if (map->slots[slot] < 0)
	{
		if (map->nkeys == map->room)
		{
			grow(map);
			slot = slot_of(map, columns, row, hash);
		}
		/* a slot is always free, where a search ends */
		Assert(map->nkeys < map->nslots / 2);
		for (int i = 0; i < map->ncolumns; i++)
			map->columns[i].values[map->nkeys] = columns[i][row];
		map->hashes[map->nkeys] = hash;
		map->slots[slot] = map->nkeys++;
	}
	return map->slots[slot];
}

/* The number of the key in a row, or -1. */
int
sd_keymap_find(const SdKeyMap *map, Datum *const *columns, int row)
{
	return map->slots[slot_of(map, columns, row, hash_key(map, columns, row))];
}

/*
 * The same, of rows that often come in the order of the numbers, as those of an index
 * do: near is what was found for the row before, or -1, and is looked at first, with
 * the number after it.
 */
int
sd_keymap_find_near(const SdKeyMap *map, Datum *const *columns, int row, int near)
{
	Assert(near >= -1 && near < map->room);
	if (map->integer)
	{
		const Datum *values = map->columns[0].values;

		if (near >= 0 && values[near] == columns[0][row])
			return near;
		if (near + 1 < map->nkeys && values[near + 1] == columns[0][row])
			return near + 1;
	}
	return sd_keymap_find(map, columns, row);
}

/* The values of a column of the keys, by number, as an array in the current context. */
Datum
sd_keymap_array(const SdKeyMap *map, int column, Oid type)
{
	int16		len;
	bool		byval;
	char		align;

	Assert(column >= 0 && column < map->ncolumns);
	get_typlenbyvalalign(type, &len, &byval, &align);
	return PointerGetDatum(construct_array(map->columns[column].values, map->nkeys, type, len,
										   byval, align));
}

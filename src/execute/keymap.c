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
#include "utils/memutils.h"
#include "utils/typcache.h"

/* Prepares an empty map for at most most keys, in the current context. */
void
sd_keymap_init(SdKeyMap *map, Oid type, Oid collation, int most)
{
	memset(map, 0, sizeof(*map));
	map->collation = collation;
	if (type != INT2OID && type != INT4OID && type != INT8OID)
	{
		TypeCacheEntry *entry = lookup_type_cache(type, TYPECACHE_HASH_PROC_FINFO |
												  TYPECACHE_EQ_OPR_FINFO);

		map->hash = &entry->hash_proc_finfo;
		map->equal = &entry->eq_opr_finfo;
	}
	map->keys = palloc_extended(sizeof(Datum) * Max(most, 1), MCXT_ALLOC_HUGE);
	map->hashes = palloc_extended(sizeof(uint32) * Max(most, 1), MCXT_ALLOC_HUGE);
	map->nslots = pg_nextpower2_32(Max(most, 4) * 2);
	map->slots = palloc_extended(sizeof(int) * map->nslots, MCXT_ALLOC_HUGE);
	memset(map->slots, -1, sizeof(int) * map->nslots);
}

static inline uint32
hash_of(SdKeyMap *map, Datum key)
{
	if (map->hash == NULL)
		return murmurhash32((uint32) key ^ (uint32) (key >> 32));
	return DatumGetUInt32(FunctionCall1Coll(map->hash, map->collation, key));
}

/* The slot that a key is in, or would be put into. */
static inline int
slot_of(SdKeyMap *map, Datum key, uint32 hash)
{
	int			slot = hash & (map->nslots - 1);

	while (map->slots[slot] >= 0)
	{
		int			number = map->slots[slot];

		if (map->hash == NULL)
		{
			if (map->keys[number] == key)
				break;
		}
		else if (map->hashes[number] == hash &&
				 DatumGetBool(FunctionCall2Coll(map->equal, map->collation,
												map->keys[number], key)))
			break;
		slot = (slot + 1) & (map->nslots - 1);
	}
	return slot;
}

/* The number of a key, which is added if it is not there. */
int
sd_keymap_add(SdKeyMap *map, Datum key)
{
	uint32		hash = hash_of(map, key);
	int			slot = slot_of(map, key, hash);

	if (map->slots[slot] < 0)
	{
		map->keys[map->nkeys] = key;
		map->hashes[map->nkeys] = hash;
		map->slots[slot] = map->nkeys++;
	}
	return map->slots[slot];
}

/* The number of a key, or -1. */
int
sd_keymap_find(SdKeyMap *map, Datum key)
{
	return map->slots[slot_of(map, key, hash_of(map, key))];
}

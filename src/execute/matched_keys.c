/*-------------------------------------------------------------------------
 * execute/matched_keys.c
 *		Binds the keys that the rows of a query are matched with.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/matched_keys.h"

/*
 * Binds the keys in the map to what a query, which is the caller's own as its params are,
 * matches: one array for each attribute of the key, or the values of a single one.  That
 * has a statement of its own, which the planner knows to be for one key.
 */
void
sd_bind_keys(SdQuery *query, const SdKeyMap *map)
{
	Assert(map->nkeys > 0 && map->ncolumns == query->nmatches);
	query->parents = map->nkeys == 1 ? SD_ONE_PARENT : SD_MANY_PARENTS;
	for (int i = 0; i < query->nmatches; i++)
	{
		const SdMatch *match = &query->matches[i];

		Assert(match->param >= 0 && match->param < query->params.n);
		if (query->parents == SD_ONE_PARENT)
			query->params.types[match->param] = match->type;
		query->params.values[match->param] = query->parents == SD_ONE_PARENT
			? map->columns[i].values[0] : sd_keymap_array(map, i, match->type);
		query->params.nulls[match->param] = ' ';
	}
}

/*
 * Whether one plan does for all keys that a query may be bound to, of which there are so
 * many now.  Where they are all that is bound, and few, planning anew would be most of the
 * work.  The plan for a key of several attributes is the same however many there are: by an
 * index, if there is one.
 */
bool
sd_plans_once(const SdQuery *query, int nkeys)
{
	Assert(query->nmatches > 0 && nkeys > 0);
	return query->params.n == query->nmatches && (nkeys <= SD_FEW_KEYS || query->nmatches > 1);
}

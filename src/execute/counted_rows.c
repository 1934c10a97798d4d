/*-------------------------------------------------------------------------
 * execute/counted_rows.c
 *		Counts the associated records of many parents, by reading their keys alone.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "execute/counted_rows.h"
#include "executor/tuptable.h"
#include "utils/array.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

/*
 * To look a key up takes about a microsecond, and to run a statement once more ten to
 * twenty: so many keys there are to be for each gap in them, and for each run.
 */
#define SD_KEYS_TO_A_GAP	16
#define SD_KEYS_TO_A_RUN	64

/* Whether all that a query computes for each key is how many rows it has. */
bool
sd_is_count(const SdQuery *query)
{
	if (!query->group_matches)
		return false;
	for (int i = 0; i < query->noutputs; i++)
	{
		const SdExpr *expr = query->outputs[i].expr;

		if (expr->kind != SD_EXPR_CAST || expr->type != FLOAT8OID)
			return false;
		expr = linitial(expr->args);
		if (expr->kind != SD_EXPR_FUNCTION || !expr->star || expr->distinct || expr->filter != NULL)
			return false;
	}
	return true;
}

/* Has a query that computes something for each key give the keys, once for each row. */
void
sd_read_keys_only(SdQuery *query)
{
	query->group_matches = false;
	query->noutputs = 0;
	query->shapes = NULL;
}

static int64
integer_of(Datum value, Oid type)
{
	return type == INT2OID ? DatumGetInt16(value)
		: type == INT4OID ? DatumGetInt32(value) : DatumGetInt64(value);
}

/*
 * The keys of a map as runs, in each of which an integer follows the one before: a
 * list of arrays of the first and the last, in the current context.  An index reads a
 * run in one go, where before PostgreSQL 17 it is searched for each value of a list.
 * NIL where the rows are not to be had so, and where there are so many runs that nothing
 * is gained.
 */
List *
sd_key_runs(const SdQuery *query, const SdKeyMap *map)
{
	Oid			type = query->matches[0].type;
	const Datum *keys = map->columns[0].values;
	int64		least = PG_INT64_MAX;
	int64		greatest = PG_INT64_MIN;
	List	   *runs = NIL;
	int		   *numbers;		/* of the keys from the least on, and 1; 0: there is none */
	int			span;
	int16		len;
	bool		byval;
	char		align;

	Assert(map->nkeys > 0);
	if (!query->by_runs)
		return NIL;
	Assert(query->nmatches == 1 && map->ncolumns == 1);
	for (int i = 0; i < map->nkeys; i++)
	{
		least = Min(least, integer_of(keys[i], type));
		greatest = Max(greatest, integer_of(keys[i], type));
	}
	if ((uint64) greatest - (uint64) least >= (uint64) map->nkeys + map->nkeys / SD_KEYS_TO_A_GAP)
		return NIL;
	get_typlenbyvalalign(type, &len, &byval, &align);
	span = greatest - least + 1;
	/* no key is there twice */
	Assert(span >= map->nkeys);
	numbers = palloc0(sizeof(int) * span);
	for (int i = 0; i < map->nkeys; i++)
		numbers[integer_of(keys[i], type) - least] = i + 1;
	for (int first = 0; first < span; first++)
	{
		int			last = first;
		Datum		ends[2];

		if (numbers[first] == 0)
			continue;
		while (last + 1 < span && numbers[last + 1] > 0)
			last++;
		ends[0] = keys[numbers[first] - 1];
		ends[1] = keys[numbers[last] - 1];
		runs = lappend(runs, construct_array(ends, 2, type, len, byval, align));
		first = last;
	}
	return list_length(runs) <= 1 + map->nkeys / SD_KEYS_TO_A_RUN ? runs : NIL;
}

/* Enters the key of a row into the map, with nothing counted yet.  Returns its number. */
static int
add_key(SdCounter *counter)
{
	const SdLayout *layout = counter->layout;
	MemoryContext old = MemoryContextSwitchTo(counter->cxt);
	int			number;

	for (int i = 0; i < layout->ncaptures; i++)
	{
		const SdCapture *capture = &layout->captures[i];

		if (!capture->byval)
			*counter->key[i] = capture->len == -1
				? PointerGetDatum(PG_DETOAST_DATUM_COPY(*counter->key[i]))
				: datumCopy(*counter->key[i], false, capture->len);
	}
	number = sd_keymap_add(counter->map, counter->key, 0);
	if (number == counter->room)
	{
		counter->room = counter->map->room;
		counter->counts = repalloc_huge(counter->counts, sizeof(int64) * counter->room);
	}
	Assert(number < counter->room && counter->limit > 0);
	counter->counts[number] = 0;
	MemoryContextSwitchTo(old);
	counter->full = MemoryContextMemAllocated(counter->cxt, false) > counter->limit;
	return number;
}

/* The number of the key of a row, or -1. */
static inline int
find_key(SdCounter *counter)
{
	MemoryContext old;
	int			number;

	if (counter->map->integer)
		return sd_keymap_find_near(counter->map, counter->key, 0, counter->last);
	/* what the type's functions leave behind */
	old = MemoryContextSwitchTo(counter->row_cxt);
	number = sd_keymap_find(counter->map, counter->key, 0);
	MemoryContextSwitchTo(old);
	MemoryContextReset(counter->row_cxt);
	return number;
}

/* receiveSlot: counts a row; what has no key belongs to no parent */
static bool
count_row(TupleTableSlot *slot, DestReceiver *self)
{
	SdCounter  *counter = (SdCounter *) self;
	const SdLayout *layout = counter->layout;
	int			number;

	slot_getallattrs(slot);
	/* an index gives the rows of a key one after the other */
	if (counter->same != NULL && slot->tts_values[counter->column] == counter->same_key &&
		!slot->tts_isnull[counter->column])
	{
		(*counter->same)++;
		return true;
	}
	for (int i = 0; i < layout->ncaptures; i++)
	{
		int			column = layout->captures[i].column;

		if (slot->tts_isnull[column])
			return true;
		*counter->key[i] = slot->tts_values[column];
	}
	number = find_key(counter);
	if (number < 0 && counter->limit > 0)
		number = add_key(counter);
	if (number >= 0)
		counter->counts[number]++;
	counter->last = number;
	counter->same = number >= 0 && counter->map->integer ? &counter->counts[number] : NULL;
	counter->same_key = *counter->key[0];
	return !counter->full;
}

static void
start_count(DestReceiver *self, int operation, TupleDesc typeinfo)
{
	sd_check_row_type(((SdCounter *) self)->layout, typeinfo);
}

static void
end_count(DestReceiver *self)
{
}

/*
 * Prepares to count the rows that an execution gives, for the keys of a map.  With a
 * limit, the bytes that the current context may take, other keys are added to the map,
 * which has to be in the current context, too.
 */
void
sd_counter_init(SdCounter *counter, const SdLayout *layout, SdKeyMap *map, Size limit)
{
	Datum	   *key = palloc(sizeof(Datum) * layout->ncaptures);

	Assert(layout->ncaptures > 0 && layout->ncaptures == map->ncolumns);
	Assert(limit == 0 || GetMemoryChunkContext(map->slots) == CurrentMemoryContext);
	memset(counter, 0, sizeof(*counter));
	counter->pub.receiveSlot = count_row;
	counter->pub.rStartup = start_count;
	counter->pub.rShutdown = end_count;
	counter->pub.rDestroy = end_count;
	counter->pub.mydest = DestTuplestore;
	counter->layout = layout;
	counter->map = map;
	counter->limit = limit;
	counter->room = map->room;
	counter->counts = palloc_extended(sizeof(int64) * counter->room, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	counter->last = -1;
	counter->column = layout->captures[0].column;
	counter->cxt = CurrentMemoryContext;
	counter->row_cxt = AllocSetContextCreate(CurrentMemoryContext, "studentdir row",
											 ALLOCSET_SMALL_SIZES);
	counter->key = palloc(sizeof(Datum *) * layout->ncaptures);
	for (int i = 0; i < layout->ncaptures; i++)
		counter->key[i] = &key[i];
}

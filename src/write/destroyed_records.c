/*-------------------------------------------------------------------------
 * write/destroyed_records.c
 *		Reads what a finder would give of records, before they are deleted.
 *
 * Afterwards they, and what the database deletes with them, could not be read any
 * more.  So the records are locked first and then read, and what is deleted is what
 * was locked, by its keys: a record that meets the conditions only now stays.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "parse/options.h"
#include "parse/order.h"
#include "settings.h"
#include "write/destroyed_records.h"
#include "write/key_query.h"
#include "write/returned_records.h"
#include "write/run_write.h"
#include "write/soft_delete.h"

/* Runs a statement for the keys of its rows, which its query captures. */
static int64
run_for_keys(const SdStatement *statement, SdRowSet *rows)
{
	SdReceiver	receiver;

	sd_rowset_init(rows, CurrentMemoryContext, statement->query->model->nkeys, 1,
				   CurrentMemoryContext);
	sd_receiver_init(&receiver, NULL, sd_max_rows);
	receiver.rowset = rows;
	return sd_write(statement, &receiver, NULL);
}

/* Locks the rows that a query leaves, in its order or that of their keys, and keeps these. */
static void
lock_rows(SdDestroyed *destroyed, const SdQuery *query)
{
	SdQuery    *locking = sd_keys_query(query);
	SdStatement statement = {.kind = SD_SELECT, .query = locking, .params = query->params};

	locking->lock = SD_LOCK_UPDATE;
	if (locking->norders == 0)
		sd_order_by_keys(locking);
	(void) run_for_keys(&statement, &destroyed->rows);
}

/* The query for the rows that are locked. */
static SdQuery *
locked_query(const SdDestroyed *destroyed, const SdQuery *query)
{
	const SdQuery *again = query->write->returning->query;
	SdQuery    *locked = sd_make_query(query->model);
	SdMatch    *matches = palloc(sizeof(SdMatch) * again->nmatches);

	Assert(again->nmatches == destroyed->map.ncolumns);
	for (int i = 0; i < again->nmatches; i++)
	{
		matches[i] = again->matches[i];
		matches[i].param = sd_param(&locked->params, again->params.types[again->matches[i].param],
									sd_keymap_array(&destroyed->map, i, matches[i].type), false);
	}
	locked->nmatches = again->nmatches;
	locked->matches = matches;
	locked->noutputs = 0;
	locked->write = query->write;
	return locked;
}

/*
 * Locks the records that a query leaves, and reads what its "returning" asks for.
 * False when there are none; else destroyed->query is the one to delete them with.
 *
 * Raises 54000 when there are more than studentdir.max_rows, and what PostgreSQL
 * raises for SELECT ... FOR UPDATE, which needs the privilege UPDATE.
 */
bool
sd_lock_and_read(SdDestroyed *destroyed, const SdQuery *query)
{
	const SdRowSet *rows = &destroyed->rows;

	lock_rows(destroyed, query);
	if (rows->nrows == 0)
		return false;
	Assert(rows->ncaptures == query->write->returning->query->nmatches);
	sd_keymap_init(&destroyed->map, rows->ncaptures, rows->nrows);
	destroyed->numbers = palloc_extended(sizeof(int) * rows->nrows, MCXT_ALLOC_HUGE);
	for (int i = 0; i < rows->ncaptures; i++)
	{
		const SdMatch *match = &query->write->returning->query->matches[i];

		sd_keymap_column(&destroyed->map, i, match->type, match->collation);
	}
	Assert(rows->ncaptures == query->model->nkeys);
	for (int row = 0; row < rows->nrows; row++)
	{
		sd_require_key(query->model, rows->nulls, row);
		destroyed->numbers[row] = sd_keymap_add(&destroyed->map, rows->captured, row);
	}
	destroyed->query = locked_query(destroyed, query);
	destroyed->records = sd_read_records(query, rows, 0);
	return true;
}

/*
 * Runs a statement that deletes the records, or marks them.  Those that it did, and
 * which could be read, go into result, in the order in which they were locked: a
 * trigger or a policy may keep others.  Returns how many rows were written.
 */
int64
sd_destroy_read(const SdDestroyed *destroyed, SdStatement *statement,
				Tuplestorestate *result)
{
	SdKeyMap	map = destroyed->map;
	bool	   *gone = palloc0(map.nkeys);
	SdRowSet	written;
	int64		count = statement->kind == SD_DELETE ? run_for_keys(statement, &written)
		: sd_mark_captured(statement, &written);

	Assert(written.ncaptures >= map.ncolumns);
	for (int row = 0; row < written.nrows; row++)
	{
		int			number;

		/* a trigger may have taken it */
		if (sd_lacks_key(written.nulls, map.ncolumns, row))
			continue;
		number = sd_keymap_find(&map, written.captured, row);
		if (number >= 0)
			gone[number] = true;
	}
	sd_put_records(destroyed->records, destroyed->rows.nrows, destroyed->numbers, gone, result);
	return count;
}

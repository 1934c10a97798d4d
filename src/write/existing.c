/*-------------------------------------------------------------------------
 * write/existing.c
 *		Answers bulk_create with the records that were there already, too.
 *
 * Which rows were written does not matter then: records are found by the unique key that
 * tells whether they are there.  A row of the input that gives no such key, or a null, is
 * in conflict with none: it is written, and found by its primary key.  So is a row to which
 * a trigger has given another key.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/included_rows.h"
#include "miscadmin.h"
#include "parse/condition.h"
#include "parse/conflict.h"
#include "parse/options.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "write/existing.h"
#include "write/key_query.h"
#include "write/returned_records.h"

/*
 * Begins to note the keys of nrows rows, in the current context.  Raises 22023 when
 * there is no key by which all of them could be found.
 */
SdExisting *
sd_existing_begin(const SdQuery *query, const SdUniqueKey *key, int nrows)
{
	SdExisting *existing = palloc0(sizeof(SdExisting));

	if (key == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("existing: the data gives no unique key of model \"%s\", by which existing records could be found",
						query->model->name),
				 errhint("Give all attributes of one, or name one in \"conflictAttributes\".")));
	if (!sd_can_match(query->model, key->attrs, key->nattrs))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("existing: records of model \"%s\" cannot be found by a key of such a type",
						query->model->name),
				 errhint("Name a key of another type in \"conflictAttributes\".")));
	existing->key = key;
	sd_rowset_init(&existing->rows, CurrentMemoryContext, key->nattrs, nrows,
				   CurrentMemoryContext);
	return existing;
}

/* Whether the current role may read attributes. */
static bool
can_read(const SdModel *model, const int *attrs, int nattrs)
{
	for (int i = 0; i < nattrs; i++)
	{
		if (!sd_is_readable(model, attrs[i]))
			return false;
	}
	return true;
}

/*
 * The query that writes the rows, and captures of them both keys, where they can be found by
 * the primary one.
 */
SdQuery *
sd_existing_writer(const SdExisting *existing, const SdQuery *query)
{
	const SdModel *model = query->model;
	int			nattrs = existing->key->nattrs;
	int		   *attrs = palloc(sizeof(int) * (nattrs + model->nkeys));
	SdQuery    *writer = palloc(sizeof(SdQuery));

	*writer = *query;
	writer->shapes = NULL;
	writer->noutputs = 0;
	memcpy(attrs, existing->key->attrs, sizeof(int) * nattrs);
	memcpy(attrs + nattrs, model->keys, sizeof(int) * model->nkeys);
	if (model->nkeys > 0 && sd_can_match(model, model->keys, model->nkeys) &&
		can_read(model, attrs, nattrs + model->nkeys))
		sd_capture_only(writer, attrs, nattrs + model->nkeys);
	return writer;
}

/* Notes the key of a row, which has been converted; it is copied. */
void
sd_existing_note(SdExisting *existing, const SdModel *model, const SdRecord *record)
{
	SdRowSet   *rows = &existing->rows;
	int			row = sd_rowset_add(rows);
	MemoryContext old = MemoryContextSwitchTo(rows->value_cxt);

	Assert(rows->ncaptures == existing->key->nattrs);
	for (int i = 0; i < existing->key->nattrs; i++)
	{
		int			attr = existing->key->attrs[i];
		bool		isnull = !record->given[attr] || record->nulls[attr];
		int16		len;
		bool		byval;

		get_typlenbyval(model->attrs[attr].type, &len, &byval);
		rows->nulls[i][row] = isnull;
		rows->captured[i][row] = isnull ? (Datum) 0 : datumCopy(record->values[attr], byval, len);
	}
	MemoryContextSwitchTo(old);
}

/* on_row of the receiver: notes which row of the input has been written */
static void
note_written(uint64 rows, void *arg)
{
	SdExisting *existing = arg;
	int64		row = sd_batch_row(existing->batch);

	if (row >= 0)
	{
		Assert(row < existing->rows.nrows);
		existing->numbered = true;
		existing->written[row] = true;
	}
	if (existing->on_row != NULL)
		existing->on_row(rows, existing->on_row_arg);
}

/* Notes which rows of the input, all of which have been noted, a receiver gets of their batch. */
void
sd_existing_watch(SdExisting *existing, const SdBatch *batch, SdReceiver *receiver)
{
	existing->batch = batch;
	existing->written = palloc_extended(existing->rows.nrows, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	existing->on_row = receiver->on_row;
	existing->on_row_arg = receiver->on_row_arg;
	receiver->on_row = note_written;
	receiver->on_row_arg = existing;
}

/* What the partial index of a query's rows says of them, which binds in finder; or NULL. */
static SdCondition *
find_condition(SdQuery *finder, const SdQuery *query)
{
	SdWriteOptions *write = finder->write;
	SdCondition *condition;

	/* the call's parameters are among what its writers are told */
	finder->write = query->write;
	condition = sd_conflict_condition(finder, query->write->conflict);
	finder->write = write;
	return condition;
}

/* The query that finds records by a key, for what the writer answers. */
static SdQuery *
make_finder(const SdQuery *query, const int *attrs, int nattrs)
{
	SdQuery    *finder = sd_make_query(query->model);

	if (query->write->returning != NULL)
	{
		*finder = *query->write->returning->query;
		finder->params = sd_copy_params(&finder->params);
	}
	else
	{
		finder->noutputs = query->noutputs;
		finder->outputs = query->outputs;
	}
	finder->shapes = NULL;
	finder->nmatches = nattrs;
	finder->matches = palloc0(sizeof(SdMatch) * nattrs);
	for (int i = 0; i < nattrs; i++)
	{
		const SdAttribute *attr = &query->model->attrs[attrs[i]];

		finder->matches[i].attr = attrs[i];
		finder->matches[i].type = attr->type;
		finder->matches[i].collation = attr->collation;
		finder->matches[i].param = sd_param(&finder->params, get_array_type(attr->type), (Datum) 0,
											true);
	}
	return finder;
}

/* Reads the records by a key, the values of attrs in rows; with a condition those that meet it. */
static SdIncluded *
read_by(const SdQuery *query, const SdRowSet *rows, int *attrs, int nattrs, bool conditional)
{
	SdInclude  *include = sd_make_self_include(query->model, attrs, nattrs);
	SdQuery    *finder = make_finder(query, attrs, nattrs);
	SdWriteOptions write = *query->write;
	SdQuery		found = *query;

	if (conditional)
		finder->where = sd_and(finder->where, find_condition(finder, query));
	include->query = finder;
	write.returning = include;
	found.write = &write;
	return sd_read_records(&found, rows, 0);
}

/*
 * Finds the rows of the input that were written and are not found by the keys that they give:
 * their primary keys, in rows that are numbered like the input.  written are in the order of
 * the input; where it is not known which they are, those without a key are taken for them.
 * False when there are none.
 */
static bool
find_keyless(const SdExisting *existing, const SdModel *model, const SdRowSet *written,
			 SdRowSet *keyless)
{
	const SdRowSet *rows = &existing->rows;
	int			nattrs = existing->key->nattrs;
	int			next = 0;		/* row of the input */
	bool		found = false;
	SdKeyMap	map;

	if (written->ncaptures == 0)
		return false;
	sd_key_columns(&map, model, existing->key->attrs, nattrs, rows->nrows);
	sd_rowset_init(keyless, CurrentMemoryContext, model->nkeys, rows->nrows, CurrentMemoryContext);
	for (int row = 0; row < rows->nrows; row++)
	{
		(void) sd_rowset_add(keyless);
		for (int i = 0; i < model->nkeys; i++)
			keyless->nulls[i][row] = true;
		if (!sd_lacks_key(rows->nulls, nattrs, row))
			(void) sd_keymap_add(&map, rows->captured, row);
	}
	for (int row = 0; row < written->nrows; row++)
	{
		bool		known = !sd_lacks_key(written->nulls, nattrs, row) && map.nkeys > 0 &&
			sd_keymap_find(&map, written->captured, row) >= 0;

		CHECK_FOR_INTERRUPTS();
		if (!existing->numbered && known)
			continue;
		while (next < rows->nrows && !(existing->numbered ? existing->written[next]
									   : sd_lacks_key(rows->nulls, nattrs, next)))
			next++;
		/* a trigger has changed keys that were given */
		if (next == rows->nrows)
			break;
		if (!known || sd_lacks_key(rows->nulls, nattrs, next))
		{
			for (int i = 0; i < model->nkeys; i++)
			{
				keyless->captured[i][next] = written->captured[nattrs + i][row];
				keyless->nulls[i][next] = written->nulls[nattrs + i][row];
			}
			found = true;
		}
		next++;
	}
	return found;
}

/* Puts the record of each row of the input into result, in its order; written are the new ones. */
void
sd_existing_answer(const SdExisting *existing, const SdQuery *query, const SdRowSet *written,
				   Tuplestorestate *result)
{
	const SdUniqueKey *key = existing->key;
	const SdModel *model = query->model;
	SdIncluded *records = read_by(query, &existing->rows, key->attrs, key->nattrs, true);
	SdIncluded *others = NULL;
	SdRowSet	keyless;

	if (find_keyless(existing, model, written, &keyless))
		others = read_by(query, &keyless, model->keys, model->nkeys, false);
	sd_put_either(records, others, existing->rows.nrows, result);
}

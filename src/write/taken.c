/*-------------------------------------------------------------------------
 * write/taken.c
 *		Looks which values of unique keys are taken, before anything is written.
 *
 * The values of all keys are noted by column, while the records are validated.  Then
 * one statement reads the rows that the records change, if there may be such, and one
 * for each key those that have its values.  Values are equal as the type and collation
 * of their columns have it.  Nulls, keys that the role may not read, and values that
 * only the database knows are left to the constraint.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "parse/conflict.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "write/key_query.h"
#include "write/run_write.h"
#include "write/taken.h"

/* where a value comes from */
typedef enum ValueSource
{
	UNKNOWN,					/* or null */
	GIVEN,						/* by the caller */
	FILLED,						/* by the model's default */
	FOUND						/* in the row that is changed */
} ValueSource;

/* an attribute of the keys, by row of the document */
typedef struct KeyColumn
{
	int			attr;
	bool		byval;
	int16		len;
	Datum	   *values;
	char	   *sources;
	bool	   *unusable;		/* it is null, or did not pass validation */
} KeyColumn;

/* a unique key that is looked at */
typedef struct TakenKey
{
	const SdUniqueKey *key;
	Datum	  **columns;		/* the values of its attributes, by row */
	SdKeyMap	map;
	int		   *numbers;		/* by row: of its key in the map; -1: it is not looked for */
	bool	   *taken;			/* by row */
} TakenKey;

struct SdTaken
{
	const SdQuery *query;
	SdOwnRow	effect;
	const SdUniqueKey *own;
	int			nkeys;
	TakenKey   *keys;
	int			ncolumns;
	KeyColumn  *columns;
	int		   *column_of;		/* by attribute; -1: it is in no key */
	int		   *captured;		/* the attributes of all columns */
	SdConverter *converters;
	MemoryContext cxt;
	int			nrows;

	/* the rows that are changed, when they have been read */
	SdKeyMap	own_map;
	int		   *own_numbers;	/* by row: of its key in own_map, or -1 */
	int		   *own_first;		/* by number: the row of the document */
	SdRowSet	found;
	int		   *found_of;		/* by row: its row in found, or -1 */
	bool		many;			/* the query chooses more than one */
};

/* Whether rows can be found by a key, and the role may do so. */
static bool
can_find(const SdModel *model, const SdUniqueKey *key, const bool *readable)
{
	for (int i = 0; readable != NULL && i < key->nattrs; i++)
	{
		if (!readable[key->attrs[i]])
			return false;
	}
	return sd_can_match(model, key->attrs, key->nattrs);
}

/* Whether a key is looked at: its values are known before, and can be compared and read. */
static bool
is_looked_at(const SdTaken *taken, const SdUniqueKey *key, const bool *readable)
{
	ListCell   *cell;

	if (key->primary && taken->query->write->by_key)
		return false;
	if (taken->own != NULL && key->nattrs == taken->own->nattrs &&
		memcmp(key->attrs, taken->own->attrs, sizeof(int) * key->nattrs) == 0)
		return false;
	for (int i = 0; i < key->nattrs; i++)
	{
		foreach(cell, taken->query->write->assigned)
		{
			if (((const SdAssigned *) lfirst(cell))->attr == key->attrs[i])
				return false;
		}
	}
	return can_find(taken->query->model, key, readable);
}

/* Adds the attributes of a key to the columns. */
static void
add_columns(SdTaken *taken, const SdUniqueKey *key, int64 nrows)
{
	for (int i = 0; i < key->nattrs; i++)
	{
		int			attr = key->attrs[i];
		KeyColumn  *column = &taken->columns[taken->ncolumns];

		if (taken->column_of[attr] >= 0)
			continue;
		Assert(taken->ncolumns < taken->query->model->nattrs);
		column->attr = attr;
		get_typlenbyval(taken->query->model->attrs[attr].type, &column->len, &column->byval);
		column->values = palloc_extended(sizeof(Datum) * nrows, MCXT_ALLOC_HUGE);
		column->sources = palloc_extended(nrows, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
		column->unusable = palloc_extended(nrows, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
		taken->captured[taken->ncolumns] = attr;
		taken->column_of[attr] = taken->ncolumns++;
	}
}

/*
 * Begins to note the keys of nrows records at most, in the current context.  NULL where
 * the query does not ask for it, or there is nothing to look for.  own is the key that
 * tells which row a record changes, for effects that need one.
 */
SdTaken *
sd_taken_begin(const SdQuery *query, SdOwnRow effect, const SdUniqueKey *own, int64 nrows)
{
	SdTaken    *taken;
	List	   *keys;
	const bool *readable;
	ListCell   *cell;

	if (!query->write->validate_unique || nrows == 0)
		return NULL;
	taken = palloc0(sizeof(SdTaken));
	taken->query = query;
	taken->effect = own == NULL && effect != SD_OWN_CHOSEN ? SD_OWN_NONE : effect;
	taken->own = own;
	taken->cxt = CurrentMemoryContext;
	taken->columns = palloc0(sizeof(KeyColumn) * query->model->nattrs);
	taken->captured = palloc(sizeof(int) * query->model->nattrs);
	taken->column_of = palloc(sizeof(int) * query->model->nattrs);
	memset(taken->column_of, -1, sizeof(int) * query->model->nattrs);
	keys = sd_unique_keys(query->model);
	readable = sd_readable(query->model);
	taken->keys = palloc0(sizeof(TakenKey) * Max(list_length(keys), 1));
	foreach(cell, keys)
	{
		if (!is_looked_at(taken, lfirst(cell), readable))
			continue;
		taken->keys[taken->nkeys++].key = lfirst(cell);
		add_columns(taken, lfirst(cell), nrows);
	}
	if (taken->nkeys == 0 || (own != NULL && !can_find(query->model, own, readable)))
		return NULL;
	if (own != NULL)
		add_columns(taken, own, nrows);
	taken->converters = sd_make_converters(query->model);
	return taken;
}

/*
 * Notes the values of a record that has been validated, which stands at path; what is kept of
 * it is copied.  Raises what converting them raises.
 */
void
sd_taken_note(SdTaken *taken, const SdRecord *record, const SdPath *path)
{
	int			row = taken->nrows++;

	for (int i = 0; i < taken->ncolumns; i++)
	{
		KeyColumn  *column = &taken->columns[i];
		bool		isnull;
		Datum		value;

		column->unusable[row] = bms_is_member(column->attr, record->failed);
		if (!record->given[column->attr] || column->unusable[row] ||
			taken->query->model->attrs[column->attr].column == NULL)
			continue;
		value = sd_convert_attribute(taken->query, record, taken->converters, column->attr, path,
									 &isnull);
		column->sources[row] = record->filled[column->attr] ? FILLED : GIVEN;
		if (!isnull)
		{
			MemoryContext old = MemoryContextSwitchTo(taken->cxt);

			column->values[row] = datumCopy(value, column->byval, column->len);
			MemoryContextSwitchTo(old);
		}
		else
			column->unusable[row] = true;
	}
}

/* Runs a query for what it captures of its rows. */
static void
read_captured(const SdQuery *query, int ncaptures, SdRowSet *rows)
{
	SdStatement statement = {
		.kind = SD_SELECT,
		.query = query,
		.params = query->params
	};
	SdReceiver	receiver;

	sd_rowset_init(rows, CurrentMemoryContext, ncaptures, 1, CurrentMemoryContext);
	sd_receiver_init(&receiver, NULL, 0);
	receiver.rowset = rows;
	(void) sd_write(&statement, &receiver, NULL);
}

/* The values of a key's attributes, by row. */
static Datum **
key_columns(const SdTaken *taken, const SdUniqueKey *key)
{
	Datum	  **columns = palloc(sizeof(Datum *) * key->nattrs);

	for (int i = 0; i < key->nattrs; i++)
		columns[i] = taken->columns[taken->column_of[key->attrs[i]]].values;
	return columns;
}

/* Whether all values of a key are known in a row. */
static bool
is_known(const SdTaken *taken, const SdUniqueKey *key, int row)
{
	for (int i = 0; i < key->nattrs; i++)
	{
		const KeyColumn *column = &taken->columns[taken->column_of[key->attrs[i]]];

		Assert(taken->column_of[key->attrs[i]] >= 0);
		if (column->sources[row] == UNKNOWN || column->unusable[row])
			return false;
	}
	return true;
}

/* A query for rows of the model, whatever scopes say of them. */
static SdQuery *
make_reader(const SdTaken *taken)
{
	SdQuery    *query = palloc0(sizeof(SdQuery));

	query->model = taken->query->model;
	query->limit_param = query->offset_param = query->key_param = -1;
	query->limit = -1;
	sd_capture_only(query, taken->captured, taken->ncolumns);
	return query;
}

/* Finds the rows that the records change by their own keys. */
static void
find_own_rows(SdTaken *taken)
{
	const SdUniqueKey *own = taken->own;
	Datum	  **columns = key_columns(taken, own);
	SdQuery    *query = make_reader(taken);
	int		   *found;

	sd_key_columns(&taken->own_map, query->model, own->attrs, own->nattrs, taken->nrows);
	taken->own_numbers = palloc_extended(sizeof(int) * taken->nrows, MCXT_ALLOC_HUGE);
	taken->own_first = palloc_extended(sizeof(int) * taken->nrows, MCXT_ALLOC_HUGE);
	for (int row = 0; row < taken->nrows; row++)
	{
		int			known = taken->own_map.nkeys;

		taken->own_numbers[row] = is_known(taken, own, row)
			? sd_keymap_add(&taken->own_map, columns, row) : -1;
		if (taken->own_map.nkeys > known)
			taken->own_first[known] = row;
	}
	if (taken->own_map.nkeys == 0)
		return;
	sd_match_keys(query, own->attrs, own->nattrs, &taken->own_map);
	query->write = taken->query->write;
	query->where = sd_conflict_condition(query, query->write->conflict);
	read_captured(query, own->nattrs + taken->ncolumns, &taken->found);
	found = palloc_extended(sizeof(int) * taken->own_map.nkeys, MCXT_ALLOC_HUGE);
	memset(found, -1, sizeof(int) * taken->own_map.nkeys);
	for (int i = 0; i < taken->found.nrows; i++)
	{
		int			number = sd_keymap_find(&taken->own_map, taken->found.captured, i);

		if (number >= 0)
			found[number] = i;
	}
	for (int row = 0; row < taken->nrows; row++)
		taken->found_of[row] = taken->own_numbers[row] >= 0 ? found[taken->own_numbers[row]] : -1;
}

/* Reads the rows that the query chooses, two at most: more make no difference. */
static void
find_chosen_rows(SdTaken *taken)
{
	SdQuery    *query = palloc(sizeof(SdQuery));

	Assert(taken->nrows == 1);
	*query = *taken->query;
	query->params = sd_copy_params(&query->params);
	sd_capture_only(query, taken->captured, taken->ncolumns);
	if (query->limit_param < 0)
		query->limit_param = sd_param(&query->params, INT8OID, Int64GetDatum(2), false);
	read_captured(query, taken->ncolumns, &taken->found);
	taken->many = taken->found.nrows > 1;
	taken->found_of[0] = taken->found.nrows > 0 ? 0 : -1;
}

/* What number of capture the first column is in the rows that are changed. */
static int
first_capture(const SdTaken *taken)
{
	Assert(taken->effect == SD_OWN_CHOSEN || taken->own != NULL);
	return taken->effect == SD_OWN_CHOSEN ? 0 : taken->own->nattrs;
}

/* Whether the row that a record changes gets the record's value of an attribute. */
static bool
is_written(const SdTaken *taken, const KeyColumn *column, int row)
{
	const SdConflict *conflict = taken->query->write->conflict;

	if (column->sources[row] != GIVEN && column->sources[row] != FILLED)
		return false;
	if (taken->effect != SD_OWN_UPSERTED)
		return true;
	if (conflict != NULL && conflict->updated != NULL)
		return bms_is_member(column->attr, conflict->updated);
	return column->sources[row] == GIVEN && !sd_is_key(taken->query->model, column->attr);
}

/* Makes the values of a record what its row will have.  False when nothing is written of it. */
static bool
settle_row(SdTaken *taken, int row)
{
	int			found = taken->found_of[row];

	/* of several with the same key the first is written */
	if (taken->effect == SD_OWN_KEPT && taken->own_numbers[row] >= 0 &&
		taken->own_first[taken->own_numbers[row]] != row)
		return false;
	if (found < 0)
		return taken->effect == SD_OWN_UPSERTED || taken->effect == SD_OWN_KEPT ||
			taken->effect == SD_OWN_NONE;
	if (taken->effect == SD_OWN_KEPT)
		return false;
	for (int i = 0; i < taken->ncolumns; i++)
	{
		KeyColumn  *column = &taken->columns[i];
		int			capture = first_capture(taken) + i;

		if (is_written(taken, column, row))
			continue;
		column->unusable[row] = false;
		column->sources[row] = taken->found.nulls[capture][found] || taken->many ? UNKNOWN : FOUND;
		column->values[row] = taken->found.captured[capture][found];
	}
	return true;
}

/* Whether the row that a record changes gets another value for a key. */
static bool
is_changed(const SdTaken *taken, const SdUniqueKey *key, int row)
{
	int			found = taken->found_of[row];

	for (int i = 0; found >= 0 && i < key->nattrs; i++)
	{
		int			number = taken->column_of[key->attrs[i]];
		const KeyColumn *column = &taken->columns[number];
		int			capture = first_capture(taken) + number;

		if (column->sources[row] == FOUND)
			continue;
		if (taken->many || taken->found.nulls[capture][found] ||
			!sd_same_value(&taken->query->model->attrs[column->attr], column->values[row],
						   taken->found.captured[capture][found]))
			return true;
	}
	return found < 0;
}

/* Collects the values of a key that rows will have; one that an earlier row has is taken. */
static void
collect(SdTaken *taken, TakenKey *key, const bool *written)
{
	key->columns = key_columns(taken, key->key);
	key->numbers = palloc_extended(sizeof(int) * taken->nrows, MCXT_ALLOC_HUGE);
	key->taken = palloc_extended(taken->nrows, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	sd_key_columns(&key->map, taken->query->model, key->key->attrs, key->key->nattrs, taken->nrows);
	for (int row = 0; row < taken->nrows; row++)
	{
		int			known = key->map.nkeys;

		CHECK_FOR_INTERRUPTS();
		key->numbers[row] = -1;
		if (!written[row] || !is_known(taken, key->key, row) || !is_changed(taken, key->key, row))
			continue;
		key->numbers[row] = sd_keymap_add(&key->map, key->columns, row);
		/* no two rows can have it, be they two of the document or two that are chosen */
		key->taken[row] = key->numbers[row] < known || taken->many;
	}
}

/*
 * Whether a row that has a value is one that the document changes: then what it will
 * have says whether the value is taken, and in which order the rows are written.
 */
static bool
is_in_document(SdTaken *taken, const TakenKey *key, const SdRowSet *rows, int row)
{
	Datum	  **columns;
	int			number;
	int			other;

	if (taken->own == NULL)
		return false;
	columns = palloc(sizeof(Datum *) * taken->own->nattrs);
	for (int i = 0; i < taken->own->nattrs; i++)
	{
		int			capture = key->key->nattrs + taken->column_of[taken->own->attrs[i]];

		columns[i] = rows->captured[capture];
		if (rows->nulls[capture][row])
			return false;
	}
	number = sd_keymap_find(&taken->own_map, columns, row);
	if (number < 0)
		return false;
	other = taken->own_first[number];
	return taken->found_of[other] >= 0 && is_changed(taken, key->key, other);
}

/* Reads which values of a key rows of the table have. */
static void
look_for(SdTaken *taken, TakenKey *key)
{
	SdQuery    *query;
	SdRowSet	rows;
	bool	   *taken_numbers;

	if (key->map.nkeys == 0 || taken->many)
		return;
	query = make_reader(taken);
	sd_match_keys(query, key->key->attrs, key->key->nattrs, &key->map);
	read_captured(query, key->key->nattrs + taken->ncolumns, &rows);
	taken_numbers = palloc_extended(key->map.nkeys, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (int i = 0; i < rows.nrows; i++)
	{
		int			number = sd_keymap_find(&key->map, rows.captured, i);

		if (number >= 0 && !is_in_document(taken, key, &rows, i))
			taken_numbers[number] = true;
	}
	for (int row = 0; row < taken->nrows; row++)
		key->taken[row] |= key->numbers[row] >= 0 && taken_numbers[key->numbers[row]];
}

/*
 * Adds every value that is taken to the violations, in the order of the records.  given
 * is what the caller gave, and paths says where each record stands; NULL: at data[n], or
 * nowhere, if given has one record.
 */
void
sd_taken_look(SdTaken *taken, const SdGivenRows *given, const SdPath *const *paths,
			  SdViolations *violations)
{
	static const SdPath data = {.key = "data", .len = 4};
	bool	   *written;

	if (taken == NULL || taken->nrows == 0)
		return;
	Assert(given->n == taken->nrows);
	written = palloc_extended(taken->nrows, MCXT_ALLOC_HUGE);
	taken->found_of = palloc_extended(sizeof(int) * taken->nrows, MCXT_ALLOC_HUGE);
	memset(taken->found_of, -1, sizeof(int) * taken->nrows);
	if (taken->effect == SD_OWN_CHOSEN)
		find_chosen_rows(taken);
	else if (taken->own != NULL)
		find_own_rows(taken);
	for (int row = 0; row < taken->nrows; row++)
		written[row] = settle_row(taken, row);
	for (int i = 0; i < taken->nkeys; i++)
	{
		collect(taken, &taken->keys[i], written);
		look_for(taken, &taken->keys[i]);
	}
	for (int row = 0; row < taken->nrows; row++)
	{
		SdPath		step = SD_INDEX_STEP(&data, row);

		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < taken->nkeys; i++)
		{
			const SdUniqueKey *key = taken->keys[i].key;

			if (taken->keys[i].taken[row])
				sd_add_taken(violations, taken->query->model, key->attrs, key->nattrs, key->name,
							 given, row,
							 paths != NULL ? paths[row] : given->record != NULL ? NULL : &step);
		}
	}
}

/*
 * What is wrong with a record that is the only one: what validation finds, and the values
 * that are taken.  In the current context.
 */
SdViolations *
sd_find_violations(const SdQuery *query, SdRecord *record, SdOwnRow effect, const SdUniqueKey *own)
{
	SdViolations *violations = sd_make_violations();
	SdTaken    *taken = sd_taken_begin(query, effect, own, 1);
	SdGivenRows given = {.n = 1, .record = record};

	if (query->write->validate)
		sd_validate(violations, query->model, record, NULL, effect != SD_OWN_CHOSEN);
	if (taken != NULL)
	{
		sd_taken_note(taken, record, NULL);
		sd_taken_look(taken, &given, NULL, violations);
	}
	return violations;
}

/*
 * Validates a record that is the only one, and converts it.  Raises 23514, or 23505 where
 * nothing is wrong but that values are taken, with all failures, and what converting it
 * raises.
 */
void
sd_check_record(const SdQuery *query, SdRecord *record, SdOwnRow effect, const SdUniqueKey *own)
{
	sd_report_violations(sd_find_violations(query, record, effect, own));
	sd_convert_record(query, record, NULL, effect != SD_OWN_CHOSEN);
}

/*-------------------------------------------------------------------------
 * write/link_joins.c
 *		The join rows that many-to-many links are.
 *
 * They are written as by bulk_create, destroy, restore and bulk_update, so that timestamps,
 * versions, validators and paranoid rows cannot differ.  What the rows hold goes to the
 * statements as values; only what all of them share is a document.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/recode.h"
#include "miscadmin.h"
#include "model/unique.h"
#include "parse/comparison.h"
#include "parse/conflict.h"
#include "parse/model_validators.h"
#include "parse/where.h"
#include "record/validate.h"
#include "utils/memutils.h"
#include "write/batch.h"
#include "write/key_query.h"
#include "write/link_document.h"
#include "write/link_joins.h"
#include "write/link_order.h"
#include "write/lock_rows.h"
#include "write/modify.h"
#include "write/stale.h"
#include "write/update_rows.h"
#include "write/violation.h"

/* the join rows that a call adds */
typedef struct JoinRows
{
	const SdLink *link;
	const SdModel *through;
	Datum	   *source;			/* the parent's key, in the types of the join row */
	Bitmapset  *sides;			/* attributes */
	SdRecord   *plain;			/* a row that nothing is given of */
	bool		varied;			/* defaults are not the same in all of these */
	bool		sides_checked;	/* a validator looks at a side */
	SdConverter *converters;
	SdPath	   *steps;			/* two for each row */
	const SdPath **paths;		/* where each row stands */
} JoinRows;

/* The attributes of the join model that are its two sides, by number. */
static Bitmapset *
join_sides(const SdLink *link)
{
	Bitmapset  *sides = NULL;

	for (int i = 0; i < link->association->nkeys; i++)
		sides = bms_add_member(sides, link->associated->foreign_keys[i]);
	for (int i = 0; i < link->association->ntarget_keys; i++)
		sides = bms_add_member(sides, link->associated->other_keys[i]);
	return sides;
}

/* The unique key by which join rows are told apart; NULL: there is none. */
static const SdUniqueKey *
find_join_key(const SdLink *link, const Bitmapset *sides)
{
	ListCell   *cell;

	foreach(cell, sd_unique_keys(link->through))
	{
		if (sd_key_is_of(lfirst(cell), sides))
			return lfirst(cell);
	}
	return NULL;
}

/* Raises 22023 where join rows could not be told apart. */
void
sd_check_join_key(const SdLink *link)
{
	if (find_join_key(link, join_sides(link)) == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("join model \"%s\" of association \"%s\" has no unique key on its two sides, so that a record could be linked twice",
						link->through->name, link->association->alias),
				 errhint("Make their attributes its primary key, or define a unique constraint on just them.")));
}

/* Whether rows differ in what defaults give them. */
static bool
has_varied_defaults(const SdModel *through)
{
	for (int i = 0; i < through->nattrs; i++)
	{
		if (through->attrs[i].default_kind == SD_DEFAULT_UUID)
			return true;
	}
	return false;
}

/* Gives a join row that has been read what the link says of it; its sides are left to be set. */
static void
give_link(const JoinRows *joins, SdRecord *record)
{
	int			attr = -1;

	sd_set_scope(record, joins->through, joins->link->association->through_scope, true);
	record->pending = joins->sides;
	while ((attr = bms_next_member(joins->sides, attr)) >= 0)
		record->given[attr] = record->filled[attr] = false;
}

/* Fills in the row that nothing is given of. */
static void
fill_plain(JoinRows *joins)
{
	sd_clear_record(joins->through, joins->plain);
	sd_fill_in(joins->through, joins->plain);
	give_link(joins, joins->plain);
}

/* Prepares the join rows of a link. */
static void
begin(JoinRows *joins, SdLink *link)
{
	const SdModel *through = link->through;
	const char *name = through->name;
	int			side = -1;

	sd_require_writer(link);
	Assert(link->n > 0 && link->writer != NULL);
	memset(joins, 0, sizeof(JoinRows));
	joins->link = link;
	joins->through = through;
	joins->sides = join_sides(link);
	joins->source = palloc(sizeof(Datum) * link->association->nkeys);
	for (int i = 0; i < link->association->nkeys; i++)
		joins->source[i] = sd_recode(link->source[i],
									 link->parent->model->attrs[link->association->source_keys[i]].type,
									 through->attrs[link->associated->foreign_keys[i]].type);
	while ((side = bms_next_member(joins->sides, side)) >= 0)
		joins->sides_checked |= through->attrs[side].rules.n > 0;
	joins->varied = has_varied_defaults(through);
	joins->converters = sd_make_converters(through);
	joins->plain = sd_make_record(through);
	fill_plain(joins);
	joins->steps = palloc_extended(sizeof(SdPath) * 2 * link->n, MCXT_ALLOC_HUGE);
	joins->paths = palloc_extended(sizeof(SdPath *) * link->n, MCXT_ALLOC_HUGE);
	for (int i = 0; i < link->n; i++)
	{
		joins->steps[2 * i] = sd_link_path(link, i);
		joins->steps[2 * i + 1] = SD_KEY_STEP(&joins->steps[2 * i], name, strlen(name));
		joins->paths[i] = &joins->steps[2 * i + 1];
		if (link->joins != NULL && link->joins[i] != NULL)
			give_link(joins, link->joins[i]);
	}
}

/* Whether nothing is given of join row number i. */
static bool
is_plain(const JoinRows *joins, int i)
{
	return joins->link->joins == NULL || joins->link->joins[i] == NULL;
}

/* Join row number i, without its sides. */
static SdRecord *
get_record(const JoinRows *joins, int i)
{
	return is_plain(joins, i) ? joins->plain : joins->link->joins[i];
}

/* Sets the sides of join row number i in its record, converted. */
static void
set_sides(const JoinRows *joins, int i, SdRecord *record)
{
	const SdAssociated *associated = joins->link->associated;

	Assert(i >= 0 && i < joins->link->n && !joins->link->missing[i]);
	for (int j = 0; j < associated->association->nkeys; j++)
		record->values[associated->foreign_keys[j]] = joins->source[j];
	for (int j = 0; j < associated->association->ntarget_keys; j++)
		record->values[associated->other_keys[j]] = joins->link->names[j][i];
	for (int side = -1; (side = bms_next_member(joins->sides, side)) >= 0;)
	{
		record->given[side] = true;
		record->nulls[side] = false;
	}
}

/* The row as the caller would have given it, for an error; what its values need catalogs to show is null. */
static const SdRecord *
make_given(void *arg, int64 i)
{
	JoinRows   *joins = arg;
	SdRecord   *record = get_record(joins, i);

	/* the last that was written is gone */
	if (joins->varied && record == joins->plain)
		fill_plain(joins);
	set_sides(joins, i, record);
	for (int side = -1; (side = bms_next_member(joins->sides, side)) >= 0;)
	{
		if (!sd_filled_value(joins->through->attrs[side].type, record->values[side],
							 &record->json[side]))
			record->json[side].type = jbvNull;
	}
	return record;
}

/* Sets the sides as JSON too, for validators. */
static void
set_sides_as_json(const JoinRows *joins, int i, SdRecord *record)
{
	set_sides(joins, i, record);
	for (int side = -1; (side = bms_next_member(joins->sides, side)) >= 0;)
		sd_root(sd_link_document(sd_key_json(record->values[side], joins->through->attrs[side].type)),
				&record->json[side]);
}

static void
validate(JoinRows *joins, SdViolations *violations, int i)
{
	SdRecord   *record = get_record(joins, i);

	record->failed = NULL;
	if (joins->sides_checked)
		set_sides_as_json(joins, i, record);
	sd_validate(violations, joins->through, record, joins->paths[i], true);
	if (joins->sides_checked)
		give_link(joins, record);
}

/* Raises 23514 for join rows that validators refuse, with the caller's paths. */
static void
check(JoinRows *joins)
{
	SdViolations *violations = sd_make_violations();
	SdViolations *of_plain = sd_make_violations();
	MemoryContext row_cxt = AllocSetContextCreate(CurrentMemoryContext, "studentdir row",
												  ALLOCSET_SMALL_SIZES);
	bool		each;

	/* what passes once passes everywhere */
	sd_validate(of_plain, joins->through, joins->plain, NULL, true);
	each = joins->sides_checked || of_plain->found != NIL;
	for (int i = 0; i < joins->link->n && (each || joins->link->joins != NULL); i++)
	{
		MemoryContext old = MemoryContextSwitchTo(row_cxt);

		CHECK_FOR_INTERRUPTS();
		if (each || !is_plain(joins, i))
			validate(joins, violations, i);
		MemoryContextSwitchTo(old);
		MemoryContextReset(row_cxt);
	}
	sd_report_violations(violations);
	MemoryContextDelete(row_cxt);
}

/* Converts a join row's values, and sets its timestamps and its version as those of a new one. */
static void
convert(JoinRows *joins, SdRecord *record, const SdPath *path)
{
	int			version = joins->through->version;
	bool		expected = version >= 0 && record->given[version];

	sd_convert_with(joins->link->writer, record, joins->converters, path, true);
	sd_default_timestamps(joins->through, record, record->now);
	/* it is not one that the caller expects */
	if (version >= 0 && !expected)
		record->filled[version] = true;
}

/* Notes which attributes a row gives. */
static void
note_given(const SdModel *through, const SdRecord *record, bool *occurs)
{
	for (int attr = 0; attr < through->nattrs; attr++)
		occurs[attr] |= record->given[attr];
}

/* Adds the rows to a batch. */
static void
add_rows(JoinRows *joins, SdBatch *batch)
{
	MemoryContext row_cxt = AllocSetContextCreate(CurrentMemoryContext, "studentdir row",
												  ALLOCSET_SMALL_SIZES);

	for (int i = 0; i < joins->link->n; i++)
	{
		SdRecord   *record = get_record(joins, i);
		MemoryContext old = MemoryContextSwitchTo(row_cxt);

		CHECK_FOR_INTERRUPTS();
		if (joins->varied && record == joins->plain)
		{
			fill_plain(joins);
			convert(joins, record, joins->paths[i]);
		}
		set_sides(joins, i, record);
		sd_batch_add(batch, record);
		MemoryContextSwitchTo(old);
		MemoryContextReset(row_cxt);
	}
	MemoryContextDelete(row_cxt);
}

/*
 * Inserts the rows that are not there.  What names the records of those that were not goes
 * into inserted, where something is given of any; it counts them in any case.
 */
static void
insert(JoinRows *joins, SdRowSet *inserted)
{
	const SdLink *link = joins->link;
	const SdModel *through = joins->through;
	const SdUniqueKey *key = find_join_key(link, joins->sides);
	SdQuery		writer = *link->writer;
	bool	   *occurs = palloc0(sizeof(bool) * through->nattrs);
	SdGivenRows given = {.n = link->n, .make = make_given, .arg = joins};
	SdReceiver	receiver;
	SdBatch    *batch;

	/* sd_check_join_key() */
	Assert(key != NULL);
	writer.shapes = NULL;
	writer.noutputs = 0;
	if (link->joins != NULL)
		sd_capture_only(&writer, unconstify(int *, link->naming_attrs), link->nnaming);
	/* validating it may have used the memory of a row */
	fill_plain(joins);
	convert(joins, joins->plain, NULL);
	note_given(through, joins->plain, occurs);
	for (int side = -1; (side = bms_next_member(joins->sides, side)) >= 0;)
		occurs[side] = true;
	for (int i = 0; i < link->n && link->joins != NULL; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (is_plain(joins, i))
			continue;
		convert(joins, link->joins[i], joins->paths[i]);
		note_given(through, link->joins[i], occurs);
	}
	batch = sd_batch_begin(&writer, occurs, key);
	sd_batch_conflicts(batch, writer.write->conflict, key);
	sd_batch_name_rows(batch, joins->paths);
	sd_batch_given(batch, &given);
	add_rows(joins, batch);
	sd_rowset_init(inserted, CurrentMemoryContext, link->joins != NULL ? link->nnaming : 0, 1,
				   CurrentMemoryContext);
	sd_receiver_init(&receiver, NULL, 0);
	receiver.rowset = inserted;
	sd_batch_insert(batch, &receiver);
}

/* Locks join rows in the order of their sides; returns how many. */
static int
lock_joins(const SdLink *link, SdQuery *query)
{
	Bitmapset  *sides = join_sides(link);
	int		   *attrs = palloc(sizeof(int) * bms_num_members(sides));
	int			n = 0;
	SdRowSet	rows;

	for (int side = -1; (side = bms_next_member(sides, side)) >= 0;)
		attrs[n++] = side;
	return sd_lock_rows(query, attrs, n, SD_LOCK_UPDATE, &rows);
}

/* A query for the join rows of the parent, with the scope where it is asked for. */
static SdQuery *
parents_joins(const SdLink *link, bool scoped, SdCall call)
{
	StringInfoData json;

	sd_link_where(&json);
	sd_link_source(&json, link, link->association->foreign_keys);
	if (scoped)
		sd_link_scope(&json, link->association->through_scope);
	return sd_link_query(link->through, &json, call);
}

/*
 * Restores the join rows of the records that are deleted; returns how many.  They are
 * locked first in the order in which others are locked to be removed.
 */
static int64
restore(const SdLink *link)
{
	SdQuery    *deleted = sd_make_query(link->through);
	SdQuery    *query;

	deleted->where = sd_source_condition(deleted, link, link->associated->foreign_keys);
	deleted->where = sd_and(deleted->where, sd_alive_condition(deleted, link->through, false));
	sd_link_restrict(deleted, link);
	if (lock_joins(link, deleted) == 0)
		return 0;
	query = parents_joins(link, false, SD_CALL_RESTORE);
	sd_link_restrict(query, link);
	return sd_restore(query);
}

/* Adds to the change of a join row that is there what is given of it. */
static void
merge(const SdModel *through, SdRecord *change, const SdRecord *given)
{
	for (int attr = 0; attr < through->nattrs; attr++)
	{
		if (!given->given[attr] || given->filled[attr] || bms_is_member(attr, given->pending) ||
			sd_is_key(through, attr) || attr == through->created_at || attr == through->updated_at)
			continue;
		change->json[attr] = given->json[attr];
		change->values[attr] = given->values[attr];
		change->nulls[attr] = given->nulls[attr];
		change->given[attr] = true;
	}
}

/* join rows that are there, of which something is given */
typedef struct ChangedJoins
{
	SdLink		link;			/* with just these */
	SdRecord  **changes;
	int		   *numbers;		/* of the first of the link that names each */
	const SdPath *const *paths; /* of the link's */
} ChangedJoins;

/*
 * Finds the rows that are changed: those that were not inserted.  Of a record that is
 * named several times what is given last counts.
 */
static void
find_changed(const JoinRows *joins, const SdRowSet *inserted, ChangedJoins *changed)
{
	const SdLink *link = joins->link;
	SdLinkOrder order;
	bool	   *is_new;
	int			current = -1;	/* the change of the record at hand */
	int			n = 0;

	sd_link_order(&order, link);
	/* a record that is missing is an error before */
	Assert(order.n == link->n);
	is_new = palloc_extended(order.n, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (int row = 0; row < inserted->nrows; row++)
	{
		int			position = sd_link_position(&order, inserted, 0, row);

		CHECK_FOR_INTERRUPTS();
		if (position >= 0)
			is_new[position] = true;
	}
	changed->link = *link;
	changed->link.names = sd_make_columns(link->nnaming, order.n);
	changed->link.missing = palloc_extended(order.n, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	changed->changes = palloc_extended(sizeof(SdRecord *) * order.n, MCXT_ALLOC_HUGE);
	changed->numbers = palloc_extended(sizeof(int) * order.n, MCXT_ALLOC_HUGE);
	changed->paths = joins->paths;
	for (int i = 0; i < order.n; i++)
	{
		int			record = order.numbers[i];

		CHECK_FOR_INTERRUPTS();
		if (i > 0 && !sd_same_link(&order, i - 1, i))
			current = -1;
		if (is_plain(joins, record) || is_new[i])
			continue;
		if (current < 0)
		{
			current = n++;
			for (int j = 0; j < link->nnaming; j++)
				changed->link.names[j][current] = link->names[j][record];
			changed->changes[current] = sd_make_record(joins->through);
			changed->numbers[current] = record;
		}
		merge(joins->through, changed->changes[current], link->joins[record]);
	}
	changed->link.n = n;
}

/* Changes them one by one, where they have no primary key. */
static void
change_each(const ChangedJoins *changed, const SdQuery *writer)
{
	const SdLink *link = &changed->link;
	MemoryContext row_cxt = AllocSetContextCreate(CurrentMemoryContext, "studentdir row",
												  ALLOCSET_SMALL_SIZES);

	for (int i = 0; i < link->n; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(row_cxt);
		SdQuery    *query = sd_make_write_query(writer);

		CHECK_FOR_INTERRUPTS();
		query->where = sd_source_condition(query, link, link->associated->foreign_keys);
		for (int j = 0; j < link->nnaming; j++)
			query->where = sd_and(query->where,
								  sd_key_condition(query, link->naming_attrs[j],
												   query->model->attrs[link->naming_attrs[j]].type,
												   link->names[j][i]));
		sd_change_record(query, changed->changes[i], NULL);
		MemoryContextSwitchTo(old);
		MemoryContextReset(row_cxt);
	}
	MemoryContextDelete(row_cxt);
}

/* Locks the join rows that are changed, and keeps what names their records, and their keys. */
static void
lock_changed(const SdLink *link, SdRowSet *rows)
{
	const SdModel *through = link->through;
	SdQuery    *query = sd_make_query(through);
	int		   *attrs = palloc(sizeof(int) * (link->nnaming + through->nkeys));

	memcpy(attrs, link->naming_attrs, sizeof(int) * link->nnaming);
	memcpy(attrs + link->nnaming, through->keys, sizeof(int) * through->nkeys);
	query->where = sd_source_condition(query, link, link->associated->foreign_keys);
	/* behind the attributes that are matched, where they are, these come again */
	sd_link_restrict(query, link);
	(void) sd_lock_rows(query, attrs, link->nnaming + through->nkeys, SD_LOCK_NO_KEY_UPDATE, rows);
	Assert(rows->ncaptures == query->nmatches + link->nnaming + through->nkeys);
	memmove(rows->captured, rows->captured + query->nmatches,
			sizeof(Datum *) * (link->nnaming + through->nkeys));
	memmove(rows->nulls, rows->nulls + query->nmatches,
			sizeof(bool *) * (link->nnaming + through->nkeys));
}

/*
 * Raises 40001 when rows that were not changed expect another version; it names the first
 * of them in the document.
 */
static void
refuse_stale(const ChangedJoins *changed, List *missing, const SdRecord *const *records,
			 const int *numbers)
{
	const SdModel *through = changed->link.through;
	const SdRecord **expecting = palloc_extended(sizeof(SdRecord *) * Max(list_length(missing), 1),
												 MCXT_ALLOC_HUGE);
	bool	   *there;
	int			n = 0;
	int			first = -1;
	ListCell   *cell;

	foreach(cell, missing)
	{
		if (sd_expects_version(through, records[lfirst_int(cell)]))
			expecting[n++] = records[lfirst_int(cell)];
	}
	if (n == 0)
		return;
	there = sd_find_there(sd_make_query(through), expecting, n, true);
	n = 0;
	foreach(cell, missing)
	{
		int			row = lfirst_int(cell);

		if (sd_expects_version(through, records[row]) && !there[n++] &&
			(first < 0 || numbers[row] < first))
			first = numbers[row];
	}
	if (first >= 0)
		sd_stale_version(through, sd_path_text(changed->paths[first]));
}

/* Changes them with one statement. */
static void
change_all(const ChangedJoins *changed, const SdQuery *writer)
{
	const SdLink *link = &changed->link;
	const SdModel *through = link->through;
	SdRowUpdate *update = sd_row_update_begin(writer);
	const SdRecord **records = palloc_extended(sizeof(SdRecord *) * link->n, MCXT_ALLOC_HUGE);
	const SdPath **paths = palloc_extended(sizeof(SdPath *) * link->n, MCXT_ALLOC_HUGE);
	int		   *numbers = palloc_extended(sizeof(int) * link->n, MCXT_ALLOC_HUGE);
	SdGivenRows given = {.records = records};
	SdLinkOrder order;
	SdRowSet	rows;
	SdRowSet	result;

	lock_changed(link, &rows);
	sd_link_order(&order, link);
	for (int row = 0; row < rows.nrows; row++)
	{
		int			position = sd_link_position(&order, &rows, 0, row);
		SdRecord   *record;
		int			change;

		CHECK_FOR_INTERRUPTS();
		if (position < 0)
			continue;
		change = order.numbers[position];
		sd_require_key(through, rows.nulls + link->nnaming, row);
		record = changed->changes[change];
		for (int i = 0; i < through->nkeys; i++)
		{
			record->given[through->keys[i]] = true;
			record->values[through->keys[i]] = rows.captured[link->nnaming + i][row];
		}
		Assert(given.n < link->n);
		numbers[given.n] = changed->numbers[change];
		paths[given.n] = changed->paths[numbers[given.n]];
		records[given.n++] = record;
		sd_row_update_count(update, record);
	}
	if (given.n == 0)
		return;
	for (int i = 0; i < given.n; i++)
		sd_row_update_add(update, records[i]);
	sd_rowset_init(&result, CurrentMemoryContext, 0, 1, CurrentMemoryContext);
	refuse_stale(changed, sd_row_update_run(update, writer, &given, paths, &result, NULL), records,
				 numbers);
}

/* Changes the rows that were there, and of which something is given. */
static void
change(const JoinRows *joins, const SdRowSet *inserted)
{
	ChangedJoins changed;
	SdQuery    *writer = sd_make_write_query(joins->link->writer);

	find_changed(joins, inserted, &changed);
	if (changed.link.n == 0)
		return;
	writer->noutputs = 0;
	writer->includes = NIL;
	/* of all that are stale the first in the document is named */
	writer->write->ignore_missing = true;
	if (joins->through->nkeys > 0)
		change_all(&changed, writer);
	else
		change_each(&changed, writer);
}

/*
 * Adds join rows to the records, which are there, and restores and changes those that there
 * are; returns how many were not linked before.
 *
 * Raises 23514 with the caller's paths, what converting the values raises, and what the
 * statements raise.
 */
int64
sd_add_joins(SdLink *link)
{
	JoinRows	joins;
	SdRowSet	inserted;
	int64		added;

	if (link->n == 0)
		return 0;
	begin(&joins, link);
	check(&joins);
	insert(&joins, &inserted);
	added = inserted.nrows;
	if (added == link->n)
		return added;
	if (link->through->deleted_at >= 0)
		added += restore(link);
	if (link->joins != NULL)
		change(&joins, &inserted);
	return added;
}

/* Leaves of the parent's join rows those of the records, or with others those of all others. */
static SdQuery *
choose_joins(const SdLink *link, bool others, SdCall call)
{
	SdQuery    *query = parents_joins(link, true, call);

	if (!others)
		sd_link_restrict(query, link);
	else if (link->n > 0)
		query->where = sd_and(query->where, sd_not(sd_link_condition(query, link)));
	return query;
}

/*
 * Deletes the join rows of the records, or with others those of all others;
 * returns how many.  They are locked first in the order in which they are inserted.
 */
int64
sd_remove_joins(const SdLink *link, bool others)
{
	Assert(link->through != NULL);
	if (lock_joins(link, choose_joins(link, others, SD_CALL_FIND)) == 0)
		return 0;
	return sd_destroy(choose_joins(link, others, SD_CALL_DESTROY), NULL);
}

/* Whether all records have a join row. */
bool
sd_has_joins(const SdLink *link)
{
	SdQuery    *query = choose_joins(link, false, SD_CALL_FIND);
	SdRowSet	rows;

	(void) sd_lock_rows(query, link->naming_attrs, link->nnaming, SD_LOCK_NONE, &rows);
	return sd_first_unlinked(link, &rows, query->nmatches) < 0;
}

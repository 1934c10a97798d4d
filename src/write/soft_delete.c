/*-------------------------------------------------------------------------
 * write/soft_delete.c
 *		Marks rows of paranoid models as deleted, and brings them back.
 *
 * A deletion goes on level by level, one UPDATE for each association: it marks the rows
 * that are alive and belong to those that it has marked, with the same time.  So what
 * belongs to a deletion is known by its time, and a restore brings back the rows that bear
 * that of their parent.  Rows that were deleted before bear another one, and stay.
 *
 * What a deletion goes on from is locked FOR UPDATE first: a call that links a record to it
 * has it locked FOR KEY SHARE, with which the lock of an UPDATE would not conflict.  So
 * either the record is marked too, or the call finds what it links to deleted.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/value.h"
#include "miscadmin.h"
#include "parse/associated.h"
#include "parse/cascade.h"
#include "parse/options.h"
#include "parse/order.h"
#include "parse/where.h"
#include "plan/capture.h"
#include "record/record.h"
#include "settings.h"
#include "write/key_query.h"
#include "write/lock_rows.h"
#include "write/modify.h"
#include "write/run_write.h"
#include "write/soft_delete.h"

/* rows that were marked, or brought back, and what is captured of them for where it goes on to */
typedef struct MarkedRows
{
	const SdCascade *cascade;
	SdRowSet	rows;
	int			first;			/* capture of the first of cascade->captured */
	bool	   *chosen;			/* by row; NULL: all are */
	int			ntimes;			/* see group_by_time() */
	int		   *first_row;		/* by time; NULL: they are not grouped */
	int		   *next_row;		/* by row: the next one with its time; -1: there is none */
	const SdRecord *alive;		/* see sd_alive_record() */
} MarkedRows;

/* Whether a row bears the time of a deletion: a trigger may have kept it alive. */
static bool
is_deleted(const MarkedRows *marked, int row)
{
	/* it is captured behind the keys */
	int			capture = marked->first + marked->cascade->ncaptured - 1;

	Assert(row >= 0 && row < marked->rows.nrows);
	return sd_says_deleted(marked->cascade->model, marked->alive,
						   marked->rows.captured[capture][row], marked->rows.nulls[capture][row]);
}

/* Gives a record what deletedAt is of a row that is not deleted, converted. */
void
sd_set_alive(const SdModel *model, SdRecord *record)
{
	const SdAttribute *attr = &model->attrs[model->deleted_at];

	Assert(model->deleted_at >= 0);
	record->given[model->deleted_at] = record->nulls[model->deleted_at] = true;
	record->json[model->deleted_at].type = jbvNull;
	if (!sd_has_alive_value(model))
		return;
	record->json[model->deleted_at] = *attr->default_value;
	record->values[model->deleted_at] = sd_value(attr->default_value, attr->type, attr->name, NULL,
												 &record->nulls[model->deleted_at]);
}

/*
 * What deletedAt is of a row that is not deleted, in a record in the current context; NULL:
 * it is null.
 */
const SdRecord *
sd_alive_record(const SdModel *model)
{
	SdRecord   *alive;

	if (!sd_has_alive_value(model))
		return NULL;
	alive = sd_make_record(model);
	sd_set_alive(model, alive);
	return alive;
}

/* Whether a row is deleted by what its deletedAt is; alive is what sd_alive_record() gave. */
bool
sd_says_deleted(const SdModel *model, const SdRecord *alive, Datum value, bool isnull)
{
	const SdAttribute *attr = &model->attrs[model->deleted_at];

	Assert(model->deleted_at >= 0);
	return !isnull &&
		(alive == NULL || !sd_same_value(attr, alive->values[model->deleted_at], value));
}

/*
 * Makes a statement the one that notes that rows of a paranoid model are
 * deleted or not.  As in Sequelize, that changes updatedAt of a row given by its
 * key, as an instance's method does, and not of rows by condition.
 */
void
sd_mark(SdStatement *statement, bool deleted)
{
	const SdQuery *query = statement->query;
	const SdModel *model = query->model;
	SdRecord   *record = sd_make_record(model);

	Assert(model->deleted_at >= 0 && statement->nassigned == 0);
	statement->kind = SD_UPDATE;
	if (deleted)
		sd_set_timestamp(model, record, model->deleted_at, record->now);
	else
		sd_set_alive(model, record);
	if (query->write->by_key && model->updated_at >= 0)
		sd_set_timestamp(model, record, model->updated_at, record->now);
	statement->params = sd_copy_params(&query->params);
	sd_assign(statement, record);
}

/* Runs a statement for the rows that it returns, and what its query captures of them. */
static int64
run_captured(const SdStatement *statement, SdRowSet *rows, uint64 most)
{
	SdReceiver	receiver;

	sd_rowset_init(rows, CurrentMemoryContext, sd_capture_count(statement->query), 1,
				   CurrentMemoryContext);
	sd_receiver_init(&receiver, NULL, most);
	receiver.rowset = rows;
	return sd_write(statement, &receiver, NULL);
}

/* A query for rows of a model that belongs to the call of query. */
static SdQuery *
make_query(const SdModel *model)
{
	SdQuery    *query = sd_make_query(model);

	query->noutputs = 0;
	query->write = palloc0(sizeof(SdWriteOptions));
	return query;
}

/*
 * Groups rows by the times that they were marked with: one, unless a trigger has set others.
 * A row that is not deleted is in no group.
 */
static void
group_by_time(MarkedRows *marked)
{
	const SdModel *model = marked->cascade->model;
	Datum	   *const *times = &marked->rows.captured[marked->first + marked->cascade->ncaptured - 1];
	bool		told_apart = sd_can_match(model, &model->deleted_at, 1);
	Size		size = sizeof(int) * marked->rows.nrows;
	int		   *last_row = palloc_extended(size, MCXT_ALLOC_HUGE);
	SdKeyMap	map;

	marked->first_row = palloc_extended(size, MCXT_ALLOC_HUGE);
	marked->next_row = palloc_extended(size, MCXT_ALLOC_HUGE);
	if (told_apart)
		sd_key_columns(&map, model, &model->deleted_at, 1, marked->rows.nrows);
	for (int row = 0; row < marked->rows.nrows; row++)
	{
		int			time;

		marked->next_row[row] = -1;
		if (!is_deleted(marked, row))
			continue;
		time = told_apart ? sd_keymap_add(&map, times, row) : 0;
		Assert(time <= marked->ntimes);
		if (time == marked->ntimes)
			marked->first_row[marked->ntimes++] = row;
		else
			marked->next_row[last_row[time]] = row;
		last_row[time] = row;
	}
}

/* The first of the rows of a group or, where they are not grouped, of all; there is one. */
static int
first_of(const MarkedRows *marked, int time)
{
	Assert(marked->rows.nrows > 0 && (marked->first_row == NULL || time < marked->ntimes));
	return marked->first_row != NULL ? marked->first_row[time] : 0;
}

/* The next one; -1: there is none. */
static int
next_of(const MarkedRows *marked, int row)
{
	if (marked->first_row != NULL)
		return marked->next_row[row];
	return row + 1 < marked->rows.nrows ? row + 1 : -1;
}

/*
 * The distinct keys of rows by which an association goes, and with deleted the time of
 * their deletion: in map, the attributes that they are in *attrs.  Of rows that are grouped by
 * time only those of one group.  False when there are none.
 */
static bool
collect_keys(const MarkedRows *marked, int association, int time, bool deleted, SdKeyMap *map,
			 int **attrs)
{
	const SdCascade *cascade = marked->cascade;
	const SdAssociated *associated = list_nth(cascade->associated, association);
	bool		grouped = marked->first_row != NULL;
	int			n = associated->association->nkeys + (deleted ? 1 : 0);
	Datum	  **columns = palloc(sizeof(Datum *) * n);
	int		   *captures = palloc(sizeof(int) * n);
	int			most = 0;

	*attrs = palloc(sizeof(int) * n);
	for (int i = 0; i < n; i++)
	{
		captures[i] = i == associated->association->nkeys ? cascade->ncaptured - 1 : i;
		for (int j = 0; j < association && i < associated->association->nkeys; j++)
			captures[i] += ((SdAssociated *) list_nth(cascade->associated, j))->association->nkeys;
		(*attrs)[i] = cascade->captured[captures[i]];
		captures[i] += marked->first;
		Assert(captures[i] < marked->rows.ncaptures);
		columns[i] = marked->rows.captured[captures[i]];
	}
	if (!sd_can_match(cascade->model, *attrs, n))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("association \"%s\" of model \"%s\" matches values that cannot be looked up",
						associated->association->alias, cascade->model->name)));
	for (int row = first_of(marked, time); row >= 0; row = next_of(marked, row))
		most++;
	sd_key_columns(map, cascade->model, *attrs, n, most);
	for (int row = first_of(marked, time); row >= 0; row = next_of(marked, row))
	{
		bool		known = marked->chosen == NULL || marked->chosen[row];

		for (int i = 0; i < n; i++)
			known &= !marked->rows.nulls[captures[i]][row];
		if (known && (grouped || is_deleted(marked, row)))
			(void) sd_keymap_add(map, columns, row);
	}
	return map->nkeys > 0;
}

/* A query for the rows that an association leads to from those of collect_keys(); NULL: there are none. */
static SdQuery *
associated_query(const MarkedRows *marked, int association, int time, bool deleted)
{
	const SdAssociated *associated = list_nth(marked->cascade->associated, association);
	const SdModel *target = associated->target;
	int			nkeys = associated->association->nkeys;
	int		   *target_keys = palloc(sizeof(int) * (nkeys + 1));
	SdQuery    *query = make_query(target);
	SdKeyMap	map;
	int		   *attrs;

	if (!collect_keys(marked, association, time, deleted, &map, &attrs))
		return NULL;
	memcpy(target_keys, associated->target_keys, sizeof(int) * nkeys);
	target_keys[nkeys] = target->deleted_at;
	sd_match_values(query, target_keys, nkeys + (deleted ? 1 : 0), &map, marked->cascade->model,
					attrs);
	query->where = sd_association_scope(query, target, associated, associated->association->scope);
	if (!deleted)
		query->where = sd_and(query->where, sd_alive_condition(query, target, true));
	return query;
}

/* The time of a group. */
static Datum
deletion_time(const MarkedRows *marked, int time)
{
	return marked->rows.captured[marked->first + marked->cascade->ncaptured - 1][first_of(marked, time)];
}

/* Locks the rows that a deletion goes on from; false when there are none. */
static bool
lock_going_on(const SdQuery *query)
{
	const SdModel *model = query->model;
	SdQuery    *locking = palloc(sizeof(SdQuery));
	SdRowSet	rows;

	/* no FOR UPDATE goes to several shards */
	if (model->distribution != SD_NOT_DISTRIBUTED)
		return true;
	*locking = *query;
	locking->shapes = NULL;
	return sd_lock_rows(locking, model->keys, model->nkeys, SD_LOCK_UPDATE, &rows) > 0;
}

/*
 * Marks the rows of one association with the time of those that they belong to, which are one
 * group; those that it goes on from are added to the list.
 */
static void
mark_associated(List **marked_rows, const List *cascades, const MarkedRows *marked, int association,
				int time)
{
	const SdAssociated *associated = list_nth(marked->cascade->associated, association);
	const SdModel *target = associated->target;
	SdQuery    *query = associated_query(marked, association, time, false);
	SdRecord   *record = sd_make_record(target);
	SdStatement statement = {.kind = SD_UPDATE, .query = query};
	MarkedRows *next = palloc0(sizeof(MarkedRows));

	if (query == NULL)
		return;
	Assert(target->deleted_at >= 0);
	record->given[target->deleted_at] = true;
	record->values[target->deleted_at] = deletion_time(marked, time);
	next->cascade = sd_cascade_of(cascades, target);
	if (next->cascade != NULL && !lock_going_on(query))
		return;
	next->first = query->nmatches;
	if (next->cascade != NULL)
	{
		next->alive = sd_alive_record(target);
		sd_capture_too(query, next->cascade->captured, next->cascade->ncaptured);
	}
	statement.params = sd_copy_params(&query->params);
	sd_assign(&statement, record);
	if (next->cascade == NULL)
	{
		(void) sd_write(&statement, NULL, NULL);
		return;
	}
	statement.returning = true;
	(void) run_captured(&statement, &next->rows, 0);
	if (next->rows.nrows > 0)
		*marked_rows = lappend(*marked_rows, next);
}

/* Lets a deletion go on from rows that it has marked. */
static void
go_on(const List *cascades, MarkedRows *root)
{
	List	   *marked_rows = list_make1(root);

	if (root->rows.nrows == 0)
		return;
	/* the list grows while it is gone through */
	for (int i = 0; i < list_length(marked_rows); i++)
	{
		MarkedRows *marked = list_nth(marked_rows, i);

		group_by_time(marked);
		for (int j = 0; j < list_length(marked->cascade->associated) * marked->ntimes; j++)
		{
			CHECK_FOR_INTERRUPTS();
			mark_associated(&marked_rows, cascades, marked, j / marked->ntimes, j % marked->ntimes);
		}
	}
}

/*
 * Runs the UPDATE that marks rows as deleted, and marks what belongs to them; the rows have
 * been locked FOR UPDATE.  *rows gets what the statement returns and captures.  Returns how
 * many rows it marked itself.
 * Raises what PostgreSQL raises for the UPDATEs.
 */
int64
sd_mark_captured(SdStatement *statement, SdRowSet *rows)
{
	const List *cascades = statement->query->write->cascades;
	SdQuery    *query = palloc(sizeof(SdQuery));
	MarkedRows	root = {.cascade = sd_cascade_of(cascades, statement->query->model)};
	int64		count;

	Assert(statement->kind == SD_UPDATE);
	*query = *statement->query;
	root.first = sd_capture_count(query);
	if (root.cascade != NULL)
	{
		root.alive = sd_alive_record(query->model);
		sd_capture_too(query, root.cascade->captured, root.cascade->ncaptured);
	}
	statement->query = query;
	statement->returning = true;
	count = run_captured(statement, rows, query->noutputs > 0 ? sd_max_rows : 0);
	root.rows = *rows;
	if (root.cascade != NULL)
		go_on(cascades, &root);
	return count;
}

/* The same with the records going into result, where there is one. */
int64
sd_mark_deleted(SdStatement *statement, Tuplestorestate *result)
{
	TupleDesc	desc = sd_record_desc();
	SdRowSet	rows;
	SdBuf		buf;
	int64		count;

	if (statement->query->write->cascades == NIL)
		return sd_write_to(statement, NULL, result);
	/* what is captured leaves the records open, see below */
	Assert(sd_cascade_of(statement->query->write->cascades, statement->query->model) != NULL);
	if (!lock_going_on(statement->query))
		return 0;
	if (result == NULL)
	{
		SdQuery    *query = palloc(sizeof(SdQuery));

		*query = *statement->query;
		query->shapes = NULL;
		query->noutputs = 0;
		statement->query = query;
	}
	count = sd_mark_captured(statement, &rows);
	sd_buf_init(&buf, CurrentMemoryContext, 1024);
	for (int row = 0; result != NULL && row < rows.nrows; row++)
	{
		Datum		record;
		bool		isnull = false;

		/* what is captured stands where includes do, so that the text is not closed yet */
		sd_buf_clear(&buf);
		sd_buf_begin(&buf);
		sd_buf_append(&buf, VARDATA_ANY(rows.rows[row]), VARSIZE_ANY_EXHDR(rows.rows[row]));
		sd_buf_char(&buf, '}');
		record = PointerGetDatum(sd_buf_end(&buf));
		tuplestore_putvalues(result, desc, &record, &isnull);
	}
	return count;
}

/* Locks the rows of a query in the order of their keys; keeps these, and where it goes on to. */
static void
lock_deleted(MarkedRows *deleted, SdQuery *query)
{
	const SdModel *model = query->model;
	SdStatement statement = {.kind = SD_SELECT, .query = query};

	if (model->nkeys == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\" has no primary key, by which what was deleted with its records could be brought back",
						model->name)));
	query->noutputs = 0;
	query->includes = NIL;
	deleted->alive = sd_alive_record(model);
	deleted->first = query->nmatches + model->nkeys;
	sd_capture_too(query, model->keys, model->nkeys);
	sd_capture_too(query, deleted->cascade->captured, deleted->cascade->ncaptured);
	query->lock = SD_LOCK_NO_KEY_UPDATE;
	if (query->norders == 0)
		sd_order_by_keys(query);
	statement.params = query->params;
	(void) run_captured(&statement, &deleted->rows, 0);
}

/* Brings back rows that are locked; notes which were.  Returns how many. */
static int64
restore_locked(MarkedRows *deleted, const SdQuery *locked)
{
	const SdModel *model = locked->model;
	SdQuery    *query = make_query(model);
	SdStatement statement = {.query = query, .returning = true};
	Datum	  **keys = deleted->rows.captured + locked->nmatches;
	SdRowSet	restored;
	SdKeyMap	map;
	int		   *numbers = palloc_extended(sizeof(int) * deleted->rows.nrows, MCXT_ALLOC_HUGE);
	bool	   *back;
	int64		count;

	Assert(deleted->rows.nrows > 0 && deleted->first == locked->nmatches + model->nkeys);
	sd_key_columns(&map, model, model->keys, model->nkeys, deleted->rows.nrows);
	for (int row = 0; row < deleted->rows.nrows; row++)
	{
		sd_require_key(model, deleted->rows.nulls + locked->nmatches, row);
		numbers[row] = sd_keymap_add(&map, keys, row);
	}
	query->write->by_key = locked->write->by_key;
	query->write->checks = locked->write->checks;
	sd_match_keys(query, model->keys, model->nkeys, &map);
	sd_mark(&statement, false);
	count = run_captured(&statement, &restored, 0);
	/* a trigger or a policy may keep some */
	back = palloc0(map.nkeys);
	for (int row = 0; row < restored.nrows; row++)
	{
		int			number;

		if (sd_lacks_key(restored.nulls, model->nkeys, row))
			continue;
		number = sd_keymap_find(&map, restored.captured, row);
		if (number >= 0)
			back[number] = true;
	}
	deleted->chosen = palloc(deleted->rows.nrows);
	for (int row = 0; row < deleted->rows.nrows; row++)
		deleted->chosen[row] = back[numbers[row]];
	return count;
}

/* Brings back the rows of one association that bear their parent's time. */
static void
restore_associated(List **marked_rows, const List *cascades, const MarkedRows *parents,
				   int association)
{
	SdQuery    *query = associated_query(parents, association, -1, true);
	SdStatement statement = {.query = query};
	MarkedRows *next = palloc0(sizeof(MarkedRows));

	if (query == NULL)
		return;
	next->cascade = sd_cascade_of(cascades, query->model);
	if (next->cascade == NULL)
	{
		sd_mark(&statement, false);
		(void) sd_write(&statement, NULL, NULL);
		return;
	}
	lock_deleted(next, query);
	if (next->rows.nrows == 0)
		return;
	(void) restore_locked(next, query);
	*marked_rows = lappend(*marked_rows, next);
}

/*
 * Brings back the deleted rows that a query leaves, and with them what was deleted with
 * them.  Returns how many of the query's own.
 *
 * Raises 22023 for a model without a primary key, if it goes on from there; what
 * PostgreSQL raises for SELECT ... FOR NO KEY UPDATE and the UPDATEs.
 */
int64
sd_bring_back(const SdQuery *query)
{
	const List *cascades = query->write->cascades;
	SdQuery    *locking = palloc(sizeof(SdQuery));
	MarkedRows	root = {.cascade = sd_cascade_of(cascades, query->model)};
	List	   *restored = list_make1(&root);
	int64		count;

	if (root.cascade == NULL)
	{
		SdStatement statement = {.query = query};

		sd_mark(&statement, false);
		return sd_write_to(&statement, NULL, NULL);
	}
	*locking = *query;
	lock_deleted(&root, locking);
	if (root.rows.nrows == 0)
		return 0;
	count = restore_locked(&root, locking);
	/* the list grows while it is gone through */
	for (int i = 0; i < list_length(restored); i++)
	{
		const MarkedRows *parents = list_nth(restored, i);

		for (int j = 0; j < list_length(parents->cascade->associated); j++)
		{
			CHECK_FOR_INTERRUPTS();
			restore_associated(&restored, cascades, parents, j);
		}
	}
	return count;
}

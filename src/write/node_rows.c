/*-------------------------------------------------------------------------
 * write/node_rows.c
 *		Inserts rows for the nodes of a document's level, and looks which of their
 *		values are taken.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "miscadmin.h"
#include "settings.h"
#include "write/batch.h"
#include "write/modify.h"
#include "write/node_rows.h"
#include "write/progress.h"
#include "write/run_write.h"
#include "write/taken.h"
#include "write/violation.h"

/* The record, or the join row, number i. */
static const SdRecord *
get_record(const SdNodeRows *rows, int i)
{
	const SdNode *node = &rows->level->nodes[rows->nodes[i]];

	Assert((rows->joins ? node->join : node->record) != NULL);
	return rows->joins ? node->join : node->record;
}

/* Where the rows stand in the document. */
const SdPath *const *
sd_node_paths(const SdNodeRows *rows)
{
	const SdPath **paths = palloc_extended(sizeof(SdPath *) * rows->n, MCXT_ALLOC_HUGE);

	for (int i = 0; i < rows->n; i++)
	{
		const SdPath *path = rows->level->nodes[rows->nodes[i]].path;

		if (rows->joins)
		{
			const char *name = rows->level->join->model->name;
			SdPath	   *step = palloc(sizeof(SdPath));

			*step = SD_KEY_STEP(path, name, strlen(name));
			path = step;
		}
		paths[i] = path;
	}
	return paths;
}

/* Inserts one row, whose values are bound. */
static void
insert_one(const SdQuery *writer, const SdGivenRows *given, const SdPath *const *paths,
		   SdReceiver *receiver)
{
	SdRowsRead	read = {.total = 1, .n = 1};
	SdStatement statement = {
		.kind = SD_INSERT,
		.query = writer,
		.params = sd_copy_params(&writer->params),
		.row_paths = paths,
		.given = given,
		.rows_read = &read,
		.returning = true
	};

	Assert(given->n == 1);
	sd_assign(&statement, given->records[0]);
	(void) sd_write(&statement, receiver, NULL);
}

/* Inserts rows that a statement reads, see sd_insert_nodes(). */
static void
insert_batch(const SdQuery *writer, const SdConflict *conflict, const SdUniqueKey *target,
			 const SdGivenRows *rows, const SdPath *const *paths, SdReceiver *receiver)
{
	int			nattrs = writer->model->nattrs;
	bool	   *occurs = palloc0(sizeof(bool) * nattrs);
	bool	   *given = palloc0(sizeof(bool) * nattrs);
	SdBatch    *batch;

	for (int i = 0; i < rows->n; i++)
	{
		const SdRecord *record = rows->records[i];

		for (int attr = 0; attr < nattrs; attr++)
		{
			occurs[attr] |= record->given[attr];
			given[attr] |= record->given[attr] && !record->filled[attr];
		}
	}
	batch = sd_batch_begin(writer, occurs,
						   target != NULL ? target : sd_conflict_target(writer, given, NULL));
	sd_batch_conflicts(batch, conflict, target);
	sd_batch_name_rows(batch, paths);
	for (int i = 0; i < rows->n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		sd_batch_add(batch, rows->records[i]);
	}
	sd_batch_given(batch, rows);
	sd_batch_insert(batch, receiver);
}

/*
 * Inserts rows with one statement.  What RETURNING gives goes into result, which is empty;
 * *count is the number of rows that the call has returned so far; NULL: these are not
 * returned.  Rows that are there already by target are left or changed as conflict says,
 * unless it is NULL.
 */
void
sd_insert_nodes(const SdNodeRows *rows, const SdQuery *writer, const SdConflict *conflict,
				const SdUniqueKey *target, SdRowSet *result, uint64 *count)
{
	const SdRecord **records = palloc_extended(sizeof(SdRecord *) * rows->n, MCXT_ALLOC_HUGE);
	SdGivenRows given = {.n = rows->n, .records = records};
	const SdPath *const *paths = sd_node_paths(rows);
	SdReceiver	receiver;
	SdProgress	progress;

	Assert(rows->n > 0);
	for (int i = 0; i < rows->n; i++)
		records[i] = get_record(rows, i);
	sd_receiver_init(&receiver, NULL, count != NULL ? sd_max_rows : 0);
	receiver.rows = count != NULL ? *count : 0;
	receiver.rowset = result;
	sd_progress_begin(&progress, writer->model, rows->n);
	sd_progress_watch(&progress, &receiver);
	/* one row has no order, and nothing to be read from */
	if (rows->n == 1 && conflict == NULL)
		insert_one(writer, &given, paths, &receiver);
	else
		insert_batch(writer, conflict, target, &given, paths, &receiver);
	if (count != NULL)
		*count = receiver.rows;
}

/*
 * The same where all rows have to be written.  Raises 55000 when a trigger or a rule
 * leaves some of them out: what the rest refers to would not be there.
 */
void
sd_insert_all(const SdNodeRows *rows, const SdQuery *writer, SdRowSet *result, uint64 *count)
{
	sd_insert_nodes(rows, writer, NULL, NULL, result, count);
	if (result->nrows != rows->n)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("of %d records of model \"%s\" %d were written", rows->n,
						writer->model->name, result->nrows),
				 errdetail("A trigger or a rule of table %s changed their number, so that it is not known which are which.",
						   writer->model->relation)));
}

static SdNodeRows
make_rows(const SdLevel *level, bool joins)
{
	return (SdNodeRows) {
		.level = level,
		.joins = joins,
		.nodes = palloc_extended(sizeof(int) * Max(level->nnodes, 1), MCXT_ALLOC_HUGE)
	};
}

/* The records of a level's nodes of one kind. */
SdNodeRows
sd_nodes_of_kind(const SdLevel *level, SdNodeKind kind)
{
	SdNodeRows	rows = make_rows(level, false);

	for (int i = 0; i < level->nnodes; i++)
	{
		if (level->nodes[i].kind == kind)
			rows.nodes[rows.n++] = i;
	}
	return rows;
}

/* The join rows of a level that are created. */
static SdNodeRows
all_joins(const SdLevel *level)
{
	SdNodeRows	rows = make_rows(level, true);

	for (int i = 0; i < level->nnodes; i++)
	{
		if (level->nodes[i].join != NULL && level->nodes[i].kind != SD_NODE_CHANGED)
			rows.nodes[rows.n++] = i;
	}
	return rows;
}

/* Looks which values of rows are taken; effect says what becomes of their own rows, by the key own. */
static void
look_for(const SdNodeRows *rows, SdOwnRow effect, const SdUniqueKey *own, SdViolations *violations)
{
	const SdLevel *level = rows->level;
	SdTaken    *taken = sd_taken_begin(rows->joins ? level->join : level->query, effect, own,
									   rows->n);
	const SdRecord **records = palloc_extended(sizeof(SdRecord *) * Max(rows->n, 1), MCXT_ALLOC_HUGE);
	const SdPath *const *paths = sd_node_paths(rows);
	SdGivenRows given = {.n = rows->n, .records = records};

	for (int i = 0; taken != NULL && i < rows->n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		records[i] = get_record(rows, i);
		sd_taken_note(taken, records[i], paths[i]);
	}
	sd_taken_look(taken, &given, paths, violations);
}

/*
 * Adds to violations which values of a document's records and join rows are taken: those
 * of a level and below it.  Records that are looked for may be there.
 */
void
sd_look_for_taken(const SdLevel *level, SdViolations *violations)
{
	SdNodeRows	rows;

	check_stack_depth();
	if (level->nnodes == 0)
		return;
	rows = sd_nodes_of_kind(level, SD_NODE_NEW);
	look_for(&rows, SD_OWN_NONE, NULL, violations);
	rows = sd_nodes_of_kind(level, SD_NODE_CHANGED);
	if (level->associated == NULL)
		look_for(&rows, SD_OWN_CHOSEN, NULL, violations);
	else if (rows.n > 0)
		look_for(&rows, SD_OWN_UPDATED, sd_primary_key(level->query->model), violations);
	if (level->join != NULL)
	{
		rows = all_joins(level);
		look_for(&rows, SD_OWN_NONE, NULL, violations);
	}
	for (int i = 0; i < level->nnested; i++)
		sd_look_for_taken(&level->nested[i], violations);
}

/*-------------------------------------------------------------------------
 * write/write_levels.c
 *		Writes the levels of a document of records within records.
 *
 * Everything of one include is one INSERT and one UPDATE, whatever record it is nested
 * in: the number of statements is that of the includes.  A record is written after those
 * that it belongs to and before those that belong to it, so that each takes the other's
 * key from what RETURNING gave; join rows come last.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "miscadmin.h"
#include "model/attempt.h"
#include "parse/model_validators.h"
#include "plan/capture.h"
#include "write/modify.h"
#include "write/nested_checks.h"
#include "write/nested_keys.h"
#include "write/nested_others.h"
#include "write/node_rows.h"
#include "write/returned_records.h"
#include "write/stale.h"
#include "write/update_rows.h"
#include "write/upsert.h"
#include "write/write_levels.h"

/* Whether the records of the level above belong to this one's, and refer to them. */
static bool
comes_first(const SdLevel *level)
{
	return level->associated->association->kind == SD_BELONGS_TO;
}

/*
 * The query that writes what a level's query reads.  Of each row it captures
 * the key that the level above, or a join row, refers to, where one does, and
 * then the key for each include.
 */
static const SdQuery *
make_writer(const SdWritten *written)
{
	const SdLevel *level = written->level;
	SdQuery    *writer = sd_make_write_query(level->query);

	writer->through = NULL;
	writer->nmatches = 0;
	if (sd_is_read_back(written))
		writer->noutputs = 0;
	/* behind the keys that what is nested refers to */
	if (level->associated == NULL && sd_reads_back(writer))
		writer->includes = lappend(list_copy(writer->includes),
								   unconstify(SdInclude *, writer->write->returning));
	if (sd_is_referred_to(level))
	{
		const SdAssociated *associated = level->associated;

		writer->nmatches = associated->association->ntarget_keys;
		writer->matches = palloc0(sizeof(SdMatch) * writer->nmatches);
		for (int i = 0; i < writer->nmatches; i++)
		{
			writer->matches[i].attr = associated->target_keys[i];
			writer->matches[i].type = writer->model->attrs[associated->target_keys[i]].type;
		}
	}
	return writer;
}

/* Inserts the new records of a level. */
static void
insert_new(SdWritten *written, uint64 *count)
{
	SdNodeRows	inserted = sd_nodes_of_kind(written->level, SD_NODE_NEW);

	if (inserted.n > 0)
		sd_insert_all(&inserted, make_writer(written), &written->rows,
					  sd_is_read_back(written) ? NULL : count);
}

/* an INSERT of the records that are missing, for sd_attempt() */
typedef struct MissingInsertion
{
	const SdNodeRows *missing;
	const SdQuery *writer;
	const SdUniqueKey *key;
	SdRowSet   *rows;
} MissingInsertion;

static void
insert_missing(void *arg)
{
	MissingInsertion *insertion = arg;

	sd_insert_nodes(insertion->missing, insertion->writer, NULL, insertion->key, insertion->rows,
					NULL);
}

/*
 * Writes those records of a level that are not there yet by their unique key, and finds
 * all of them.  Others may delete a record between the two, so it is tried again; at last
 * by an INSERT that says what is wrong.
 *
 * Raises 23505 for a record that is there and not what the association leads to, 55000
 * for one that a trigger keeps out, since others refer to it, and what
 * sd_rethrow_conflict() raises for one that is there and not found.
 */
static void
write_sought(SdWritten *written)
{
	const SdLevel *level = written->level;
	SdQuery    *writer = sd_make_write_query(level->query);
	SdConflict	conflict = *level->query->write->conflict;
	SdNodeRows	inserted = {.level = level};
	SdRowSet	rows;
	MissingInsertion insertion = {
		.missing = &inserted,
		.writer = writer,
		.key = level->sought_key,
		.rows = &rows
	};
	ErrorData  *error = NULL;

	Assert(level->sought_key != NULL && written->links != NULL);
	sd_rowset_init(&rows, CurrentMemoryContext, 0, 1, CurrentMemoryContext);
	writer->through = NULL;
	writer->nmatches = 0;
	writer->noutputs = 0;
	/* only what is there by this key is found by it */
	conflict.target = NULL;
	for (int i = 0; i < level->sought_key->nattrs; i++)
		conflict.target = bms_add_member(conflict.target, level->sought_key->attrs[i]);
	for (int tries = 0;; tries++)
	{
		inserted.nodes = sd_missing_nested(written->links, &inserted.n);
		if (inserted.n == 0)
			return;
		CHECK_FOR_INTERRUPTS();
		if (tries > 0)
			sd_check_missing(written->links, inserted.nodes[0]);
		if (tries > SD_UPSERT_TRIES && error != NULL)
			sd_rethrow_conflict(level->query, error);
		if (tries > SD_UPSERT_TRIES)
			sd_not_written(writer->model, level->nodes[inserted.nodes[0]].path);
		sd_rowset_clear(&rows);
		if (tries < SD_UPSERT_TRIES)
			sd_insert_nodes(&inserted, writer, &conflict, level->sought_key, &rows, NULL);
		else
			error = sd_attempt(insert_missing, &insertion);
		if (error != NULL && !sd_is_conflict(error))
			ReThrowError(error);
		sd_find_nested(written->links);
	}
}

/* Changes the records of a level that exist. */
static void
change_level(SdWritten *written)
{
	const SdLevel *level = written->level;
	const SdQuery *writer = make_writer(written);
	SdRowUpdate *update = sd_row_update_begin(writer);
	SdNodeRows	changed = sd_nodes_of_kind(level, SD_NODE_CHANGED);
	const SdRecord **records = palloc_extended(sizeof(SdRecord *) * changed.n, MCXT_ALLOC_HUGE);
	SdGivenRows given = {.n = changed.n, .records = records};
	List	   *missing;

	for (int i = 0; i < changed.n; i++)
	{
		records[i] = level->nodes[changed.nodes[i]].record;
		sd_row_update_count(update, records[i]);
	}
	for (int i = 0; i < changed.n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		sd_row_update_add(update, records[i]);
	}
	missing = sd_row_update_run(update, writer, &given, sd_node_paths(&changed), &written->rows,
								NULL);
	if (missing != NIL)
		sd_not_changed(level->query->model, records[linitial_int(missing)],
					   level->nodes[changed.nodes[linitial_int(missing)]].path);
}

/* Changes the record at the top, as an update by key does. */
static void
change_top(SdWritten *written)
{
	const SdLevel *level = written->level;
	SdQuery    *writer = palloc(sizeof(SdQuery));

	Assert(level->nnodes == 1 && sd_reads_back(level->query));
	*writer = *level->query;
	writer->shapes = NULL;
	writer->noutputs = 0;
	writer->includes = lappend(list_copy(writer->includes),
							   unconstify(SdInclude *, writer->write->returning));
	sd_change_record(writer, level->nodes[0].record, &written->rows);
	if (written->rows.nrows != 1)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the record of model \"%s\" was not changed", level->query->model->name),
				 errdetail("A trigger, a rule or a policy of table %s left it out.",
						   level->query->model->relation)));
}

/* Writes the records of a level, which have their keys of those that they belong to. */
static void
write_records(SdWritten *written, uint64 *count)
{
	const SdLevel *level = written->level;

	if (level->count[SD_NODE_NEW] + level->count[SD_NODE_CHANGED] > 0)
		sd_rowset_init(&written->rows, CurrentMemoryContext,
					   sd_parent_capture(level, level->nnested) +
					   (level->associated == NULL && sd_reads_back(level->query)
						? level->query->model->nkeys : 0),
					   level->nnodes, CurrentMemoryContext);
	insert_new(written, count);
	if (level->count[SD_NODE_SOUGHT] > 0)
		write_sought(written);
	if (sd_is_top_of_update(written))
		change_top(written);
	else if (level->count[SD_NODE_CHANGED] > 0)
		change_level(written);
}

/* Writes what is nested in records that have been written, and belongs to them. */
static void
write_nested(SdWritten *nested, uint64 *count)
{
	const SdWritten *written = nested->parents;
	const SdLevel *level = nested->level;
	const SdAssociated *associated = level->associated;
	int			capture = sd_parent_capture(written->level, nested->include);

	if (level->join == NULL)
	{
		sd_remove_others(nested);
		sd_check_room(nested);
	}
	for (int i = 0; i < level->nnodes && level->join == NULL; i++)
	{
		const SdNode *node = &level->nodes[i];

		if (node->kind != SD_NODE_NEW)
			continue;
		sd_set_keys(node->record, associated->target, associated->target_keys,
					associated->association->nkeys, &written->rows, capture,
					sd_written_row(written, node->parent), associated->source,
					associated->association->source_keys, node);
	}
	sd_write_level(nested, count);
	if (level->join != NULL)
		sd_write_joins(nested);
	else if (nested->links != NULL)
		sd_refer_nested(nested->links, &written->rows, capture, written->row_of);
}

/* Writes the records of a level and what is nested in them. */
void
sd_write_level(SdWritten *written, uint64 *count)
{
	const SdLevel *level = written->level;

	check_stack_depth();
	if (level->nnodes == 0)
		return;
	for (int i = 0; i < level->nnested; i++)
	{
		SdWritten  *nested = &written->nested[i];
		const SdAssociated *associated = nested->level->associated;

		if (!comes_first(nested->level))
			continue;
		sd_write_level(nested, count);
		for (int row = 0; row < nested->level->nnodes; row++)
		{
			const SdNode *node = &nested->level->nodes[row];

			/* one that is changed is referred to already */
			if (node->kind != SD_NODE_CHANGED)
				sd_set_target_keys(level->nodes[node->parent].record, level->query->model,
								   associated->association->source_keys, nested, row);
		}
	}
	write_records(written, count);
	for (int i = 0; i < level->nnested; i++)
	{
		const SdLevel *nested = written->nested[i].level;

		if (!comes_first(nested) && (nested->nnodes > 0 || nested->named != NIL))
			write_nested(&written->nested[i], count);
	}
}

/* The rows that the nodes of a level are when they are written, where not all are inserted. */
static int *
number_rows(const SdLevel *level)
{
	int		   *row_of;
	int			inserted = 0;
	int			changed = level->count[SD_NODE_NEW];

	if (level->count[SD_NODE_NEW] == level->nnodes)
		return NULL;
	row_of = palloc_extended(sizeof(int) * level->nnodes, MCXT_ALLOC_HUGE);
	for (int i = 0; i < level->nnodes; i++)
	{
		SdNodeKind	kind = level->nodes[i].kind;

		row_of[i] = kind == SD_NODE_NEW ? inserted++ : kind == SD_NODE_CHANGED ? changed++ : -1;
	}
	Assert(inserted == level->count[SD_NODE_NEW]);
	Assert(changed == inserted + level->count[SD_NODE_CHANGED]);
	return row_of;
}

/* Sets a level up: number include of those in parents, which is NULL at the top. */
static void
begin_written(SdWritten *written, const SdLevel *level, const SdWritten *parents, int include)
{
	Assert(level->count[SD_NODE_NEW] + level->count[SD_NODE_SOUGHT] + level->count[SD_NODE_LINKED] +
		   level->count[SD_NODE_CHANGED] == level->nnodes);
	Assert((parents == NULL) == (level->associated == NULL));
	written->level = level;
	written->parents = parents;
	written->include = include;
	written->row_of = number_rows(level);
	written->nested = palloc0(sizeof(SdWritten) * Max(level->nnested, 1));
}

/* Finds, locks and looks at the records that exist and are nested in those of a level, and so on. */
static void
lock_within(SdWritten *written)
{
	const SdLevel *level = written->level;
	List	   *links = NIL;

	check_stack_depth();
	for (int i = 0; i < level->nnested; i++)
	{
		SdWritten  *nested = &written->nested[i];

		begin_written(nested, &level->nested[i], written, i);
		for (int node = 0; node < nested->level->nnodes; node++)
		{
			CHECK_FOR_INTERRUPTS();
			if (nested->level->nodes[node].kind == SD_NODE_CHANGED)
				sd_key_changed(nested, node);
		}
		nested->links = sd_name_nested(nested->level);
		if (nested->links != NULL)
			links = lappend(links, nested->links);
	}
	sd_lock_nested(links);
	for (int i = 0; i < level->nnested; i++)
		sd_check_locked(&written->nested[i]);
	for (int i = 0; i < level->nnested; i++)
		lock_within(&written->nested[i]);
}

/*
 * Prepares the levels of a document to be written, in the current context: level, the one
 * at the top, and those below it.  The records that exist are found, locked and looked at,
 * from the top down; what is nested in one level is locked together.  Of an update the top
 * has been locked.
 *
 * Raises what sd_lock_nested() and sd_check_locked() raise.
 */
void
sd_make_written(SdWritten *written, const SdLevel *level)
{
	begin_written(written, level, NULL, 0);
	lock_within(written);
}

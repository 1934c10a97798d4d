/*-------------------------------------------------------------------------
 * write/update_tree.c
 *		Changes a record with the records that are nested in its data.
 *
 * First everything is read and validated; then the record, and what the document says
 * of records that exist, is locked from the top down, and looked at as it was; then all
 * levels are written; then the record is read as a finder gives it.  Where a key does not
 * tell whether a record is new, the locks come first, and the document is read again.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "parse/returning.h"
#include "record/validate.h"
#include "settings.h"
#include "write/absent_records.h"
#include "write/key_query.h"
#include "write/nested_checks.h"
#include "write/nested_keys.h"
#include "write/node_rows.h"
#include "write/returned_records.h"
#include "write/run_write.h"
#include "write/update_tree.h"
#include "write/write_levels.h"

/* Whether an update can change which records a many-to-many association of the record leads to. */
static bool
links_many(const SdQuery *query)
{
	ListCell   *cell;

	foreach(cell, query->includes)
	{
		if (((SdInclude *) lfirst(cell))->association->kind == SD_BELONGS_TO_MANY)
			return true;
	}
	return false;
}

/*
 * Locks the record at the top, and keeps its primary key and the keys of what is nested in
 * it; false when there is no such record.  Where join rows may come, no other call may add
 * some of this record.
 */
static bool
lock_top(SdWritten *top, const SdQuery *query)
{
	const SdModel *model = query->model;
	SdQuery		locking = *query;
	SdStatement statement = {
		.kind = SD_SELECT,
		.query = &locking,
		.params = query->params,
		.generic = true
	};
	int			n = model->nkeys;
	int		   *kept;
	SdReceiver	receiver;
	ListCell   *cell;

	foreach(cell, query->includes)
		n += ((SdInclude *) lfirst(cell))->association->nkeys;
	kept = palloc(sizeof(int) * n);
	memcpy(kept, model->keys, sizeof(int) * model->nkeys);
	n = model->nkeys;
	foreach(cell, query->includes)
	{
		const SdAssociation *association = ((SdInclude *) lfirst(cell))->association;

		memcpy(kept + n, association->source_keys, sizeof(int) * association->nkeys);
		n += association->nkeys;
	}
	sd_capture_only(&locking, kept, n);
	locking.lock = links_many(query) ? SD_LOCK_UPDATE : SD_LOCK_NO_KEY_UPDATE;
	sd_rowset_init(&top->locked, CurrentMemoryContext, n, 1, CurrentMemoryContext);
	sd_receiver_init(&receiver, NULL, sd_max_rows);
	receiver.rowset = &top->locked;
	(void) sd_write(&statement, &receiver, NULL);
	return top->locked.nrows > 0;
}

/* Whether what a query returns may bind values. */
static bool
outputs_bind(const SdQuery *query)
{
	for (int i = 0; i < query->noutputs; i++)
	{
		if (query->outputs[i].expr->kind != SD_EXPR_ATTRIBUTE)
			return true;
	}
	return false;
}

/* The query with what it answers: unless it says so, its attributes and what it includes. */
static SdQuery *
make_answering(const SdQuery *query)
{
	SdQuery    *answering = palloc(sizeof(SdQuery));
	SdQuery		finder;

	*answering = *query;
	if (sd_reads_back(query))
		return answering;
	finder = *sd_nested_finder(query);
	finder.noutputs = query->noutputs;
	finder.outputs = query->outputs;
	/* what these bind is among the values of the query */
	if (outputs_bind(query))
		finder.params = query->params;
	answering->write = palloc(sizeof(SdWriteOptions));
	*answering->write = *query->write;
	answering->write->returning = sd_make_returning(&finder);
	return answering;
}

/*
 * Changes the record that the query, by key, leaves, as data says, and the records that
 * are nested in it as query->includes says: those with their keys are changed, others
 * created, keys link.  The record goes into result as a finder gives it; nothing does when
 * there is no such record.
 *
 * Raises, before anything is written, what reading and validating (23514, all failures at
 * once) the document raises, 23503 for a key that leads to no record, or to one that does
 * not belong where it stands, 22023 for a record that is changed twice, and for a model
 * without a primary key; and what the statements raise.
 */
void
sd_update_nested(const SdQuery *query, const JsonbValue *data, Tuplestorestate *result)
{
	SdViolations *violations = sd_make_violations();
	SdQuery    *answering;
	SdLevel    *level;
	SdWritten	top = {0};
	bool		locks_first;
	bool		locked;
	uint64		count = 0;

	Assert(query->write->by_key && query->includes != NIL);
	if (query->model->nkeys == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("include: model \"%s\" has no primary key, by which its record could be found again",
						query->model->name),
				 errhint("Update the record and its associated records in calls of their own.")));
	answering = make_answering(query);
	level = sd_read_changed(answering, data, NULL, violations);
	locks_first = sd_may_be_absent(level);
	locked = locks_first && lock_top(&top, query);
	Assert(level->nnodes == 1 && level->count[SD_NODE_CHANGED] == 1);
	if (locked)
	{
		HTAB	   *absent = sd_find_absent(level, &top.locked);

		violations = sd_make_violations();
		level = sd_read_changed(answering, data, absent, violations);
	}
	if (query->write->validate_unique)
		sd_look_for_taken(level, violations);
	sd_report_violations(violations);
	sd_convert_nested(level);
	if (!locked && (locks_first || !lock_top(&top, query)))
		return;
	top.level = level;
	sd_note_changed(&top, query->model, top.locked.captured, 0, NULL);
	sd_make_written(&top, level);
	sd_write_level(&top, &count);
	sd_read_back(answering, &top.rows, sd_parent_capture(level, level->nnested), result);
}

/*-------------------------------------------------------------------------
 * write/bulk.c
 *		Writes many rows with one statement.
 *
 * The document is read twice: once to validate every row and to see which
 * attributes occur at all, once to convert the rows and add them to the batch
 * that is inserted.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/reader.h"
#include "miscadmin.h"
#include "parse/conflict.h"
#include "plan/capture.h"
#include "record/record.h"
#include "settings.h"
#include "write/batch.h"
#include "write/existing.h"
#include "write/modify.h"
#include "write/progress.h"
#include "write/returned_records.h"
#include "write/row_reader.h"
#include "write/taken.h"
#include "write/violation.h"
#include "write/write_tree.h"

/* Reads every row; notes which attributes the caller gives. */
static void
see_given(const SdQuery *query, const JsonbValue *array, bool *given)
{
	static const SdPath root = {.key = "data", .len = 4};
	const SdModel *model = query->model;
	SdReader	rows;

	sd_read(&rows, array, &root);
	while (sd_next_element(&rows))
	{
		SdReader	members;

		CHECK_FOR_INTERRUPTS();
		if (!sd_is_object(&rows.value))
			continue;
		sd_read(&members, &rows.value, NULL);
		while (sd_next_member(&members))
		{
			int			attr = sd_find_attribute(model, members.key.val.string.val,
												 members.key.val.string.len);

			if (attr >= 0)
				given[attr] = true;
		}
	}
}

/* Begins to look for values that are taken, where the query asks for it. */
static SdTaken *
begin_taken(const SdQuery *query, const JsonbValue *array)
{
	const SdConflict *conflict = query->write->conflict;
	bool		ignore = conflict != NULL && conflict->ignore;
	bool		update = conflict != NULL && conflict->updated != NULL;
	bool	   *given;

	/* without a key that is named, rows are left out whatever value is taken */
	if (!query->write->validate_unique || (ignore && conflict->target == NULL))
		return NULL;
	if (!ignore && !update)
		return sd_taken_begin(query, SD_OWN_NONE, NULL, sd_array_length(array));
	given = palloc0(sizeof(bool) * query->model->nattrs);
	see_given(query, array, given);
	return sd_taken_begin(query, ignore ? SD_OWN_KEPT : SD_OWN_UPSERTED,
						  sd_conflict_target(query, given, NULL), sd_array_length(array));
}

/* Reads and validates every row; notes which attributes occur, and which the caller gives. */
static void
check_rows(const SdQuery *query, const JsonbValue *array, bool *occurs, bool *given,
		   SdProgress *progress)
{
	SdGivenRows rows_given = {.n = sd_array_length(array), .array = array};
	SdTaken    *taken = begin_taken(query, array);
	SdViolations *violations = sd_make_violations();
	SdRowReader rows;

	sd_progress_phase(progress, "checked");
	sd_read_rows(&rows, query, array, true, progress);
	while (sd_next_row(&rows))
	{
		if (query->write->validate)
			sd_validate(violations, query->model, rows.record, &rows.reader.path, true);
		if (taken != NULL)
			sd_taken_note(taken, rows.record, &rows.reader.path);
		for (int i = 0; i < query->model->nattrs; i++)
		{
			occurs[i] |= rows.record->given[i];
			given[i] |= rows.record->given[i] && !rows.record->filled[i];
		}
	}
	Assert(rows.nread == rows_given.n);
	sd_taken_look(taken, &rows_given, NULL, violations);
	sd_report_violations(violations);
}

/* Converts every row, and adds it to the batch. */
static void
add_rows(SdBatch *batch, const SdQuery *query, const JsonbValue *array, SdExisting *existing,
		 SdProgress *progress)
{
	SdConverter *converters = sd_make_converters(query->model);
	SdRowReader rows;

	sd_progress_phase(progress, "prepared");
	sd_read_rows(&rows, query, array, true, progress);
	while (sd_next_row(&rows))
	{
		sd_convert_with(query, rows.record, converters, &rows.reader.path, true);
		sd_default_timestamps(query->model, rows.record, rows.record->now);
		sd_batch_add(batch, rows.record);
		if (existing != NULL)
			sd_existing_note(existing, query->model, rows.record);
	}
	Assert(rows.nread == sd_array_length(array));
}

/*
 * Writes a row for each object of the array data, all or none, with one
 * statement; the rows as they are go into result in the order of the input.
 * With "include" the objects hold further records.  Rows that are there already
 * are changed or left out, as the query says.
 *
 * Raises what sd_create() raises; a row's errors are under data[n].  22023 for
 * "conflictAttributes" that are no unique key.
 */
void
sd_bulk_create(const SdQuery *query, Jsonb *data, Tuplestorestate *result)
{
	bool	   *occurs = palloc0(sizeof(bool) * query->model->nattrs);
	bool	   *given = palloc0(sizeof(bool) * query->model->nattrs);
	SdGivenRows given_rows = {0};
	SdExisting *existing = NULL;
	const SdUniqueKey *key;
	const SdQuery *writer;
	SdBatch    *batch;
	SdReceiver	receiver;
	SdProgress	progress;
	SdRowSet	keys;
	JsonbValue	array;

	sd_data_array(data, &array);
	if (query->includes != NIL)
	{
		sd_create_nested(query, &array, true, result);
		return;
	}
	sd_progress_begin(&progress, query->model, sd_array_length(&array));
	check_rows(query, &array, occurs, given, &progress);
	if (sd_array_length(&array) == 0)
		return;
	given_rows.n = sd_array_length(&array);
	given_rows.array = &array;
	key = sd_conflict_target(query, given, NULL);
	if (query->write->conflict != NULL && query->write->conflict->existing)
		existing = sd_existing_begin(query, key, given_rows.n);
	writer = existing != NULL ? sd_existing_writer(existing, query)
		: sd_reads_back(query) ? sd_keys_query(query) : query;
	batch = sd_batch_begin(writer, occurs,
						   key != NULL && sd_key_occurs(key, occurs, NULL) ? key : NULL);
	sd_batch_conflicts(batch, query->write->conflict, key);
	sd_batch_given(batch, &given_rows);
	add_rows(batch, query, &array, existing, &progress);
	sd_receiver_init(&receiver, NULL, sd_max_rows);
	if (existing != NULL || sd_reads_back(query))
	{
		sd_rowset_init(&keys, CurrentMemoryContext, sd_capture_count(writer), 1,
					   CurrentMemoryContext);
		receiver.rowset = &keys;
	}
	else
		sd_receiver_to_store(&receiver, result);
	sd_progress_watch(&progress, &receiver);
	if (existing != NULL)
		sd_existing_watch(existing, batch, &receiver);
	sd_batch_insert(batch, &receiver);
	sd_progress_end(&progress, receiver.rows);
	if (existing != NULL)
		sd_existing_answer(existing, query, &keys, result);
	else if (sd_reads_back(query))
		sd_read_back(query, &keys, 0, result);
}

/*-------------------------------------------------------------------------
 * execute/bulk.c
 *		Writes many rows with one statement.
 *
 * The document is read twice: once to validate every row and to see which
 * attributes occur at all, once to convert the rows and add them to the batch
 * that is inserted.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/batch.h"
#include "execute/modify.h"
#include "execute/nested.h"
#include "miscadmin.h"
#include "parse/reader.h"
#include "parse/record.h"
#include "parse/validate.h"
#include "studentdir.h"
#include "utils/memutils.h"

/* Reads and validates every row; notes which attributes occur. */
static void
check_rows(SdQuery *query, const JsonbValue *array, bool *occurs)
{
	static const SdPath root = {.key = "data", .len = 4};
	SdRecord   *record = sd_make_record(query->model);
	SdViolations *violations = sd_make_violations();
	MemoryContext row_cxt = AllocSetContextCreate(CurrentMemoryContext, "studentdir row",
												  ALLOCSET_SMALL_SIZES);
	SdReader	reader;

	sd_read(&reader, array, &root);
	while (sd_next_element(&reader))
	{
		MemoryContext old = MemoryContextSwitchTo(row_cxt);

		CHECK_FOR_INTERRUPTS();
		sd_read_record(query, record, &reader.value, &reader.path, true);
		if (query->validate)
			sd_validate(violations, query->model, record, &reader.path, true);
		for (int i = 0; i < query->model->nattrs; i++)
			occurs[i] |= record->given[i];
		MemoryContextSwitchTo(old);
		MemoryContextReset(row_cxt);
	}
	sd_report_violations(violations);
	MemoryContextDelete(row_cxt);
}

/* Converts every row, and adds it to the batch. */
static void
add_rows(SdBatch *batch, SdQuery *query, const JsonbValue *array)
{
	static const SdPath root = {.key = "data", .len = 4};
	SdRecord   *record = sd_make_record(query->model);
	MemoryContext row_cxt = AllocSetContextCreate(CurrentMemoryContext, "studentdir row",
												  ALLOCSET_SMALL_SIZES);
	SdReader	reader;

	sd_read(&reader, array, &root);
	while (sd_next_element(&reader))
	{
		MemoryContext old = MemoryContextSwitchTo(row_cxt);

		CHECK_FOR_INTERRUPTS();
		sd_read_record(query, record, &reader.value, &reader.path, true);
		sd_convert_record(query, record, &reader.path);
		sd_default_timestamps(query->model, record, record->now);
		sd_batch_add(batch, record);
		MemoryContextSwitchTo(old);
		MemoryContextReset(row_cxt);
	}
	MemoryContextDelete(row_cxt);
}

/*
 * Writes a row for each object of the array data, all or none, with one
 * statement; the rows as they are go into result in the order of the input.
 * With "include" the objects hold further records.
 *
 * Raises what sd_create() raises; a row's errors are under data[n].
 */
void
sd_bulk_create(SdQuery *query, Jsonb *data, Tuplestorestate *result)
{
	bool	   *occurs = palloc0(sizeof(bool) * query->model->nattrs);
	SdBatch    *batch;
	SdReceiver	receiver;
	JsonbValue	array;

	sd_data_array(data, &array);
	if (query->includes != NIL)
	{
		sd_create_nested(query, &array, true, result);
		return;
	}
	check_rows(query, &array, occurs);
	if (sd_array_length(&array) == 0)
		return;
	batch = sd_batch_begin(query, occurs);
	add_rows(batch, query, &array);
	sd_receiver_init(&receiver, NULL, sd_max_rows);
	sd_receiver_to_store(&receiver, result);
	sd_batch_insert(batch, &receiver);
}

/*-------------------------------------------------------------------------
 * write/bulk_update.c
 *		Changes many rows, each in its own way, with one statement.
 *
 * The document is read twice, as by bulk_create: once to validate the rows and
 * to see which attributes they give, once to convert them.  What became of a row
 * that does not come back is looked up only then.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/reader.h"
#include "miscadmin.h"
#include "parse/assigned.h"
#include "record/record.h"
#include "utils/memutils.h"
#include "write/bulk_update.h"
#include "write/returned_records.h"
#include "write/row_reader.h"
#include "write/stale.h"
#include "write/taken.h"
#include "write/update_rows.h"
#include "write/violation.h"

/* rows that were not written, looked up together */
#define SD_MISSING_ROWS		1000

static const SdPath data_path = {.key = "data", .len = 4};

typedef struct BulkUpdate
{
	const SdQuery *query;
	JsonbValue	array;
	SdRowUpdate *rows;
} BulkUpdate;

/* Raises 22023 for a row that does not say which record it changes, or that changes it by a path. */
static void
check_row(const SdModel *model, const SdRecord *record, const SdPath *path)
{
	for (int i = 0; i < model->nkeys; i++)
	{
		const SdAttribute *key = &model->attrs[model->keys[i]];
		SdPath		step = SD_KEY_STEP(path, key->name, key->name_len);

		if (!record->given[model->keys[i]] || record->json[model->keys[i]].type == jbvNull)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s: expected the key of the record that is to be changed",
							sd_path_text(&step))));
	}
	if (record->paths != NIL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: a path into attribute \"%s\" cannot be set here", sd_path_text(path),
						model->attrs[((SdJsonPath *) linitial(record->paths))->attr].name),
				 errhint("studentdir.update and studentdir.update_by_pk set paths.")));
}

/* Reads and validates every row; counts them, and what they give. */
static void
check_rows(BulkUpdate *update)
{
	const SdQuery *query = update->query;
	SdViolations *violations = sd_make_violations();
	SdGivenRows given = {.n = sd_array_length(&update->array), .array = &update->array};
	SdTaken    *taken = sd_taken_begin(query, SD_OWN_UPDATED, sd_primary_key(query->model), given.n);
	SdRowReader rows;

	sd_read_rows(&rows, query, &update->array, false, NULL);
	while (sd_next_row(&rows))
	{
		check_row(query->model, rows.record, &rows.reader.path);
		if (query->write->validate)
			sd_validate(violations, query->model, rows.record, &rows.reader.path, false);
		if (taken != NULL)
			sd_taken_note(taken, rows.record, &rows.reader.path);
		sd_check_assigned(query, rows.record->given, &rows.reader.path);
		sd_row_update_count(update->rows, rows.record);
	}
	sd_taken_look(taken, &given, NULL, violations);
	sd_report_violations(violations);
}

/* Converts every row, and adds it to the ephemeral relation. */
static void
add_rows(BulkUpdate *update)
{
	const SdQuery *query = update->query;
	SdConverter *converters = sd_make_converters(query->model);
	SdRowReader rows;

	sd_read_rows(&rows, query, &update->array, false, NULL);
	while (sd_next_row(&rows))
	{
		sd_convert_with(query, rows.record, converters, &rows.reader.path, false);
		sd_row_update_add(update->rows, rows.record);
	}
}

/*
 * Raises the error for the first of n rows that were not written: 02000 where there is no
 * such record, unless that may be, 40001 for a stale version, 55000 when something else
 * left it out.  They are those of missing from number first on.
 */
static void
report_missing(BulkUpdate *update, const List *missing, int first, int n)
{
	const SdQuery *query = update->query;
	const SdModel *model = query->model;
	const SdRecord **records = palloc(sizeof(SdRecord *) * n);
	SdPath	   *paths = palloc(sizeof(SdPath) * n);
	bool	   *there;

	for (int i = 0; i < n; i++)
	{
		int			number = list_nth_int(missing, first + i);
		SdRecord   *record = sd_make_record(model);
		JsonbValue *row = getIthJsonbValueFromContainer(update->array.val.binary.data, number);

		CHECK_FOR_INTERRUPTS();
		Assert(row != NULL);
		paths[i] = (SdPath) SD_INDEX_STEP(&data_path, number);
		sd_read_record(query, record, row, &paths[i], false);
		sd_convert_record(query, record, &paths[i], false);
		records[i] = record;
	}
	there = sd_find_there(query, records, n, false);
	for (int i = 0; i < n; i++)
	{
		if (there[i])
			sd_not_changed(model, records[i], &paths[i]);
		if (!query->write->ignore_missing)
			ereport(ERROR,
					(errcode(ERRCODE_NO_DATA),
					 errmsg("%s: there is no such record of model \"%s\"", sd_path_text(&paths[i]),
							model->name),
					 errhint("\"ignoreMissing\": true passes over rows without a record.")));
	}
}

/* Runs the statement; what comes back goes into result. */
static void
run(BulkUpdate *update, Tuplestorestate *result)
{
	const SdQuery *query = update->query;
	SdGivenRows given = {.n = sd_array_length(&update->array), .array = &update->array};
	MemoryContext row_cxt;
	List	   *missing;
	SdRowSet	keys;

	if (sd_reads_back(query))
	{
		sd_rowset_init(&keys, CurrentMemoryContext, query->model->nkeys, 1, CurrentMemoryContext);
		missing = sd_row_update_run(update->rows, sd_keys_query(query), &given, NULL, &keys, NULL);
	}
	else
		missing = sd_row_update_run(update->rows, query, &given, NULL, NULL, result);
	row_cxt = AllocSetContextCreate(CurrentMemoryContext, "studentdir row", ALLOCSET_SMALL_SIZES);
	for (int i = 0; i < list_length(missing); i += SD_MISSING_ROWS)
	{
		MemoryContext old = MemoryContextSwitchTo(row_cxt);

		report_missing(update, missing, i, Min(list_length(missing) - i, SD_MISSING_ROWS));
		MemoryContextSwitchTo(old);
		MemoryContextReset(row_cxt);
	}
	MemoryContextDelete(row_cxt);
	if (sd_reads_back(query))
		sd_read_back(query, &keys, 0, result);
}

/*
 * Changes a record for each object of the array data, all or none, with one
 * statement.  An object holds the record's key, and the attributes that change;
 * others stay as they are, and so does the record of an object that sets nothing.
 * The records as they now are go into result in the order of the input.
 *
 * Raises, with data[n]: what reading, validating (23514) and converting the rows
 * raises, 22023 for a row without its key and a record that occurs twice,
 * 02000 where there is no record, unless the query says so, 40001 for a record
 * with another version than the row says; and what PostgreSQL raises for the
 * UPDATE.
 */
void
sd_bulk_update(const SdQuery *query, Jsonb *data, Tuplestorestate *result)
{
	const SdModel *model = query->model;
	BulkUpdate	update = {.query = query};

	if (model->nkeys == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\" has no primary key, by which rows could be told apart",
						model->name)));
	sd_data_array(data, &update.array);
	if (sd_array_length(&update.array) == 0)
		return;
	update.rows = sd_row_update_begin(query);
	check_rows(&update);
	add_rows(&update);
	run(&update, result);
}

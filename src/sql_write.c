/*-------------------------------------------------------------------------
 * sql_write.c
 *		Entry points of the writers.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "funcapi.h"
#include "json/set.h"
#include "parse/options.h"
#include "sql_args.h"
#include "utils/builtins.h"
#include "write/bulk_update.h"
#include "write/increment.h"
#include "write/modify.h"
#include "write/run_write.h"
#include "write/sequence.h"
#include "write/upsert.h"

SD_FUNCTION(studentdir_create);
SD_FUNCTION(studentdir_bulk_create);
SD_FUNCTION(studentdir_upsert);
SD_FUNCTION(studentdir_find_or_create);
SD_FUNCTION(studentdir_reset_sequence);
SD_FUNCTION(studentdir_update);
SD_FUNCTION(studentdir_update_returning);
SD_FUNCTION(studentdir_update_by_pk);
SD_FUNCTION(studentdir_increment);
SD_FUNCTION(studentdir_decrement);
SD_FUNCTION(studentdir_increment_where);
SD_FUNCTION(studentdir_decrement_where);
SD_FUNCTION(studentdir_bulk_update);
SD_FUNCTION(studentdir_json_set);
SD_FUNCTION(studentdir_row_read);
SD_FUNCTION(studentdir_truncate);
SD_FUNCTION(studentdir_destroy);
SD_FUNCTION(studentdir_destroy_returning);
SD_FUNCTION(studentdir_destroy_by_pk);
SD_FUNCTION(studentdir_restore);
SD_FUNCTION(studentdir_restore_by_pk);

/* increment and decrement, which are the same but for the sign */
static Datum
count_by(FunctionCallInfo fcinfo, bool down)
{
	const SdQuery *query;
	Tuplestorestate *store;
	SdRowSet	rows;

	if (sd_record_is_given(fcinfo))
		PG_RETURN_NULL();
	query = sd_parse_by_key(fcinfo, 1, 3, SD_CALL_INCREMENT);
	if (query == NULL)
		return sd_return_record(fcinfo, false, (Datum) 0);
	store = sd_begin_record(fcinfo, query, &rows);
	(void) sd_increment(query, sd_jsonb_arg(fcinfo, 2), down, store == NULL ? &rows : NULL, store);
	return sd_end_record(fcinfo, &rows, store);
}

/* create(model text, data jsonb, options jsonb): the new record */
Datum
studentdir_create(PG_FUNCTION_ARGS)
{
	const SdQuery *query;
	Tuplestorestate *store;
	SdRowSet	rows;

	if (sd_record_is_given(fcinfo))
		PG_RETURN_NULL();
	query = sd_parse_args(fcinfo, 2, SD_CALL_CREATE, NULL);
	store = sd_begin_record(fcinfo, query, &rows);
	sd_create(query, sd_data_arg(fcinfo, 1), store == NULL ? &rows : NULL, store);
	return sd_end_record(fcinfo, &rows, store);
}

/* bulk_create(model text, data jsonb, options jsonb): the new records */
Datum
studentdir_bulk_create(PG_FUNCTION_ARGS)
{
	const SdQuery *query = sd_parse_args(fcinfo, 2, SD_CALL_BULK_CREATE, NULL);

	sd_bulk_create(query, sd_data_arg(fcinfo, 1), sd_return_store(fcinfo));
	return (Datum) 0;
}

/* upsert(model text, data jsonb, options jsonb): the record, and whether it is new */
Datum
studentdir_upsert(PG_FUNCTION_ARGS)
{
	const SdQuery *query = sd_parse_args(fcinfo, 2, SD_CALL_UPSERT, NULL);

	sd_upsert(query, sd_data_arg(fcinfo, 1), sd_return_created_store(fcinfo));
	return (Datum) 0;
}

/* find_or_create(model text, options jsonb): the record, and whether it is new */
Datum
studentdir_find_or_create(PG_FUNCTION_ARGS)
{
	Jsonb	   *options = sd_jsonb_arg(fcinfo, 1);
	const SdQuery *query = sd_parse_args(fcinfo, 1, SD_CALL_FIND_OR_CREATE, NULL);

	sd_find_or_create(query, options, sd_return_created_store(fcinfo));
	return (Datum) 0;
}

/* reset_sequence(model text): the sequences, and the values that they give next */
Datum
studentdir_reset_sequence(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *info = (ReturnSetInfo *) fcinfo->resultinfo;
	List	   *resets = sd_reset_sequences(sd_model_arg(fcinfo));
	ListCell   *cell;

	InitMaterializedSRF(fcinfo, 0);
	foreach(cell, resets)
	{
		const SdSequenceReset *reset = lfirst(cell);
		Datum		values[2] = {CStringGetTextDatum(reset->sequence), Int64GetDatum(reset->next)};
		bool		nulls[2] = {false, reset->exhausted};

		Assert(info->setDesc->natts == lengthof(values));
		tuplestore_putvalues(info->setResult, info->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* update(model text, data jsonb, options jsonb): how many records were changed */
Datum
studentdir_update(PG_FUNCTION_ARGS)
{
	const SdQuery *query = sd_parse_args(fcinfo, 2, SD_CALL_UPDATE, NULL);

	PG_RETURN_INT64(sd_update(query, sd_data_arg(fcinfo, 1), NULL, NULL));
}

/* update_returning(model text, data jsonb, options jsonb): the changed records */
Datum
studentdir_update_returning(PG_FUNCTION_ARGS)
{
	const SdQuery *query = sd_parse_args(fcinfo, 2, SD_CALL_UPDATE_RETURNING, NULL);

	(void) sd_update(query, sd_data_arg(fcinfo, 1), NULL, sd_return_store(fcinfo));
	return (Datum) 0;
}

/* update_by_pk(model text, id …, data jsonb, options jsonb): the record as it now is */
Datum
studentdir_update_by_pk(PG_FUNCTION_ARGS)
{
	const SdQuery *query;
	Tuplestorestate *store;
	SdRowSet	rows;

	if (sd_record_is_given(fcinfo))
		PG_RETURN_NULL();
	query = sd_parse_by_key(fcinfo, 1, 3, SD_CALL_UPDATE_BY_PK);
	if (query == NULL)
		return sd_return_record(fcinfo, false, (Datum) 0);
	store = sd_begin_record(fcinfo, query, &rows);
	(void) sd_update(query, sd_data_arg(fcinfo, 2), store == NULL ? &rows : NULL, store);
	return sd_end_record(fcinfo, &rows, store);
}

/* increment(model text, id …, amounts jsonb, options jsonb): the record as it now is */
Datum
studentdir_increment(PG_FUNCTION_ARGS)
{
	return count_by(fcinfo, false);
}

/* decrement(model text, id …, amounts jsonb, options jsonb): the record as it now is */
Datum
studentdir_decrement(PG_FUNCTION_ARGS)
{
	return count_by(fcinfo, true);
}

/* increment_where(model text, amounts jsonb, options jsonb): how many records were changed */
Datum
studentdir_increment_where(PG_FUNCTION_ARGS)
{
	const SdQuery *query = sd_parse_args(fcinfo, 2, SD_CALL_INCREMENT_WHERE, NULL);

	PG_RETURN_INT64(sd_increment(query, sd_jsonb_arg(fcinfo, 1), false, NULL, NULL));
}

/* decrement_where(model text, amounts jsonb, options jsonb): how many records were changed */
Datum
studentdir_decrement_where(PG_FUNCTION_ARGS)
{
	const SdQuery *query = sd_parse_args(fcinfo, 2, SD_CALL_INCREMENT_WHERE, NULL);

	PG_RETURN_INT64(sd_increment(query, sd_jsonb_arg(fcinfo, 1), true, NULL, NULL));
}

/* bulk_update(model text, data jsonb, options jsonb): the records as they now are */
Datum
studentdir_bulk_update(PG_FUNCTION_ARGS)
{
	const SdQuery *query = sd_parse_args(fcinfo, 2, SD_CALL_BULK_UPDATE, NULL);

	sd_bulk_update(query, sd_data_arg(fcinfo, 1), sd_return_store(fcinfo));
	return (Datum) 0;
}

/* json_set(document jsonb, path jsonb, value jsonb): the document with the value at the path */
Datum
studentdir_json_set(PG_FUNCTION_ARGS)
{
	PG_RETURN_JSONB_P(sd_json_set(sd_jsonb_arg(fcinfo, 0), sd_jsonb_arg(fcinfo, 1),
								  sd_jsonb_arg(fcinfo, 2)));
}

/* row_read(): counts a row, and lets it pass */
Datum
studentdir_row_read(PG_FUNCTION_ARGS)
{
	sd_row_read();
	PG_RETURN_BOOL(true);
}

/* truncate(model text, options jsonb) */
Datum
studentdir_truncate(PG_FUNCTION_ARGS)
{
	sd_truncate(sd_parse_args(fcinfo, 1, SD_CALL_TRUNCATE, NULL));
	PG_RETURN_VOID();
}

/* destroy(model text, options jsonb): how many records were deleted; null for TRUNCATE */
Datum
studentdir_destroy(PG_FUNCTION_ARGS)
{
	const SdQuery *query = sd_parse_args(fcinfo, 1, SD_CALL_DESTROY, NULL);

	if (!query->write->truncate)
		PG_RETURN_INT64(sd_destroy(query, NULL));
	sd_truncate(query);
	PG_RETURN_NULL();
}

/* destroy_returning(model text, options jsonb): the records that were deleted */
Datum
studentdir_destroy_returning(PG_FUNCTION_ARGS)
{
	const SdQuery *query = sd_parse_args(fcinfo, 1, SD_CALL_DESTROY_RETURNING, NULL);

	(void) sd_destroy(query, sd_return_store(fcinfo));
	return (Datum) 0;
}

/* destroy_by_pk(model text, id …, options jsonb): 1, or 0 when there is no such record */
Datum
studentdir_destroy_by_pk(PG_FUNCTION_ARGS)
{
	const SdQuery *query = sd_parse_by_key(fcinfo, 1, 2, SD_CALL_DESTROY_BY_PK);

	PG_RETURN_INT64(query != NULL ? sd_destroy(query, NULL) : 0);
}

/* restore(model text, options jsonb): how many deleted records were brought back */
Datum
studentdir_restore(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(sd_restore(sd_parse_args(fcinfo, 1, SD_CALL_RESTORE, NULL)));
}

/* restore_by_pk(model text, id …, options jsonb): 1, or 0 when there is no such deleted record */
Datum
studentdir_restore_by_pk(PG_FUNCTION_ARGS)
{
	const SdQuery *query = sd_parse_by_key(fcinfo, 1, 2, SD_CALL_RESTORE_BY_PK);

	PG_RETURN_INT64(query != NULL ? sd_restore(query) : 0);
}

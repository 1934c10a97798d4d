/*-------------------------------------------------------------------------
 * sql_find.c
 *		Entry points of the finders.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "funcapi.h"
#include "parse/options.h"
#include "settings.h"
#include "sql_args.h"
#include "utils/builtins.h"

SD_FUNCTION(studentdir_find_all);
SD_FUNCTION(studentdir_find_all_with);
SD_FUNCTION(studentdir_find_one);
SD_FUNCTION(studentdir_find_by_pk);
SD_FUNCTION(studentdir_list);
SD_FUNCTION(studentdir_find_and_count_all);
SD_FUNCTION(studentdir_count);
SD_FUNCTION(studentdir_aggregate);
SD_FUNCTION(studentdir_version);

/* The first call of a finder: parses the options and starts the query. */
static void
start_find(FunctionCallInfo fcinfo, int options_arg, const char *association)
{
	FuncCallContext *call = SRF_FIRSTCALL_INIT();
	MemoryContext old = MemoryContextSwitchTo(call->multi_call_memory_ctx);
	const SdQuery *query = sd_parse_args(fcinfo, options_arg, SD_CALL_FIND,
										 &(SdInputs) {.association = association});

	sd_return_scan(fcinfo, sd_scan_begin(query));
	MemoryContextSwitchTo(old);
}

/* find_all(model text, options jsonb): the records that the options ask for */
Datum
studentdir_find_all(PG_FUNCTION_ARGS)
{
	if (SRF_IS_FIRSTCALL())
		start_find(fcinfo, 1, NULL);
	return sd_next_record(fcinfo);
}

/* find_all_with(model text, association text, options jsonb): the same, with an include */
Datum
studentdir_find_all_with(PG_FUNCTION_ARGS)
{
	if (SRF_IS_FIRSTCALL())
		start_find(fcinfo, 2, sd_name_arg(fcinfo, 1, "association"));
	return sd_next_record(fcinfo);
}

/* find_one(model text, options jsonb): the first of these records */
Datum
studentdir_find_one(PG_FUNCTION_ARGS)
{
	Datum		record = (Datum) 0;
	bool		found;

	if (sd_record_is_given(fcinfo))
		PG_RETURN_NULL();
	found = sd_select_one(sd_parse_args(fcinfo, 1, SD_CALL_FIND_ONE, NULL), &record);
	return sd_return_record(fcinfo, found, record);
}

/* find_by_pk(model text, id text | bigint | uuid | jsonb, options jsonb): one record by key */
Datum
studentdir_find_by_pk(PG_FUNCTION_ARGS)
{
	const SdQuery *query;
	Datum		record = (Datum) 0;
	bool		found;

	if (sd_record_is_given(fcinfo))
		PG_RETURN_NULL();
	query = sd_parse_by_key(fcinfo, 1, 2, SD_CALL_FIND_BY_PK);
	found = query != NULL && sd_select_one(query, &record);
	return sd_return_record(fcinfo, found, record);
}

/* list(model text, options jsonb): the records as one array */
Datum
studentdir_list(PG_FUNCTION_ARGS)
{
	return sd_select_array(sd_parse_args(fcinfo, 1, SD_CALL_FIND,
												&(SdInputs) {.foldable = true}));
}

/* count(model text, options jsonb): how many records there are */
Datum
studentdir_count(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(sd_select_count(sd_parse_args(fcinfo, 1, SD_CALL_COUNT, NULL)));
}

/* find_and_count_all(model text, options jsonb): a page of records, and how many there are */
Datum
studentdir_find_and_count_all(PG_FUNCTION_ARGS)
{
	return sd_select_count_and_array(sd_parse_args(fcinfo, 1, SD_CALL_FIND_AND_COUNT, NULL));
}

/* aggregate(model text, fn text, attribute text, options jsonb): one value, or one for each group */
Datum
studentdir_aggregate(PG_FUNCTION_ARGS)
{
	SdInputs	inputs = {
		.aggregate = sd_name_arg(fcinfo, 1, "aggregate"),
		.attribute = sd_name_arg(fcinfo, 2, "attribute")
	};

	const SdQuery *query = sd_parse_args(fcinfo, 3, SD_CALL_AGGREGATE, &inputs);

	return query->group != NIL ? sd_select_array(query) : sd_select_value(query);
}

/* version(): the version of the library */
Datum
studentdir_version(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(SD_VERSION));
}

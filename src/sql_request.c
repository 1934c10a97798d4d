/*-------------------------------------------------------------------------
 * sql_request.c
 *		Entry points of requests.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "request/request.h"
#include "sql_args.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

SD_FUNCTION(studentdir_request);
SD_FUNCTION(studentdir_allowed_methods);
SD_FUNCTION(studentdir_routes);

/* (status int, body json), made once */
static TupleDesc
answer_desc(void)
{
	static TupleDesc desc = NULL;

	if (desc == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);
		TupleDesc	made = CreateTemplateTupleDesc(2);

		TupleDescInitEntry(made, 1, "status", INT4OID, -1, 0);
		TupleDescInitEntry(made, 2, "body", JSONOID, -1, 0);
		TupleDescFinalize(made);
		desc = BlessTupleDesc(made);
		MemoryContextSwitchTo(old);
	}
	return desc;
}

/* A text argument; "" for null, which no method and no path is. */
static const char *
text_arg(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? "" : text_to_cstring(PG_GETARG_TEXT_PP(n));
}

/* request(method text, path text, body jsonb, params jsonb): the status and the body of the answer */
Datum
studentdir_request(PG_FUNCTION_ARGS)
{
	FuncCallContext *call;
	Datum		values[2];
	bool		nulls[2] = {false, false};
	SdRequest	request = {0};
	SdAnswer	answer;

	if (!SRF_IS_FIRSTCALL())
	{
		call = SRF_PERCALL_SETUP();
		SRF_RETURN_DONE(call);
	}
	call = SRF_FIRSTCALL_INIT();
	request.method = text_arg(fcinfo, 0);
	request.url = text_arg(fcinfo, 1);
	request.body = sd_jsonb_arg(fcinfo, 2);
	request.params = sd_jsonb_arg(fcinfo, 3);
	answer = sd_answer_request(&request);
	Assert(answer.status >= 100 && answer.status < 600);
	values[0] = Int32GetDatum(answer.status);
	values[1] = PointerGetDatum(answer.body);
	nulls[1] = answer.body == NULL;
	SRF_RETURN_NEXT(call, HeapTupleGetDatum(heap_form_tuple(answer_desc(), values, nulls)));
}

/* allowed_methods(path text): what the header Allow of a path says */
Datum
studentdir_allowed_methods(PG_FUNCTION_ARGS)
{
	SdRequest	request = {.method = "OPTIONS", .url = text_arg(fcinfo, 0)};
	SdAnswer	answer = sd_answer_request(&request);

	if (answer.allow == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(answer.allow));
}

/* routes(): what request() answers */
Datum
studentdir_routes(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *info = (ReturnSetInfo *) fcinfo->resultinfo;
	ListCell   *cell;

	InitMaterializedSRF(fcinfo, 0);
	foreach(cell, sd_served_routes())
	{
		const SdServed *route = lfirst(cell);
		Datum		values[4] = {
			CStringGetTextDatum(route->method),
			CStringGetTextDatum(route->path),
			CStringGetTextDatum(route->model),
			CStringGetTextDatum(route->action)
		};
		bool		nulls[4] = {false, false, false, false};

		Assert(info->setDesc->natts == lengthof(values));
		tuplestore_putvalues(info->setResult, info->setDesc, values, nulls);
	}
	return (Datum) 0;
}

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
#include "json/object_text.h"
#include "request/request.h"
#include "sql_args.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

SD_FUNCTION(studentdir_request);
SD_FUNCTION(studentdir_routes);

/* (status int, body json, headers json), made once */
static TupleDesc
answer_desc(void)
{
	static TupleDesc desc = NULL;

	if (desc == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);
		TupleDesc	made = CreateTemplateTupleDesc(3);

		TupleDescInitEntry(made, 1, "status", INT4OID, -1, 0);
		TupleDescInitEntry(made, 2, "body", JSONOID, -1, 0);
		TupleDescInitEntry(made, 3, "headers", JSONOID, -1, 0);
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

/* The headers of an answer as an object, or 0 for none. */
static Datum
headers_of(const SdAnswer *answer)
{
	StringInfoData json;

	if (answer->allow == NULL)
		return (Datum) 0;
	initStringInfo(&json);
	sd_add_string(&json, "Allow", answer->allow);
	appendStringInfoChar(&json, '}');
	return CStringGetTextDatum(json.data);
}

/* request(method text, path text, body jsonb, params jsonb): the status, the body and the headers of the answer */
Datum
studentdir_request(PG_FUNCTION_ARGS)
{
	FuncCallContext *call;
	Datum		values[3];
	bool		nulls[3] = {false, false, false};
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
	values[2] = headers_of(&answer);
	nulls[2] = answer.allow == NULL;
	SRF_RETURN_NEXT(call, HeapTupleGetDatum(heap_form_tuple(answer_desc(), values, nulls)));
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

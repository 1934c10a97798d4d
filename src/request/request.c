/*-------------------------------------------------------------------------
 * request/request.c
 *		Answers requests.
 *
 * A request runs in a subtransaction: without one an error could not become an
 * answer.  One that only reads has no transaction id, and runs on a standby.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/reader.h"
#include "execute/select.h"
#include "json/receiver.h"
#include "json/utf8_text.h"
#include "miscadmin.h"
#include "model/attempt.h"
#include "parse/kept.h"
#include "parse/key.h"
#include "request/answer.h"
#include "request/body.h"
#include "request/linking.h"
#include "request/query_string.h"
#include "request/request.h"
#include "request/subresource.h"
#include "request/url_decode.h"
#include "request/written_record.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "write/modify.h"

/* An answer with a body, which has to fit into the row that request() returns. */
static SdAnswer
answer(int status, Datum body)
{
	SdAnswer	result = {.status = status, .body = (struct varlena *) DatumGetPointer(body)};

	Assert(result.body != NULL);
	if (VARSIZE_ANY(result.body) > MaxAllocSize - 1024)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the answer is larger than 1 GB"),
				 errhint("Ask for pages, with limit and offset.")));
	return result;
}

static SdAnswer
not_found(void)
{
	return sd_plain_answer(404, "not found");
}

/* The options that the query string asks for; NULL when it is empty. */
static Jsonb *
query_options(const SdRequest *request, bool many)
{
	JsonbParseState *state = NULL;

	Assert(request->route.target != NULL);
	if (request->pairs == NIL)
		return NULL;
	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	sd_push_options(&state, request->route.target, request->pairs, many);
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}

/* The options of a call on the record that the path names. */
static const SdQuery *
parse_by_key(SdRequest *request, Jsonb *options, SdCall call)
{
	Assert(request->route.model->nkeys > 0);
	return sd_parse_kept(request->route.model, options, call,
						 &(SdInputs) {
							 .key_value = sd_route_key(&request->route),
							 .client = true,
							 .params = request->params,
							 .more_params = true
						 });
}

/* GET /students */
static SdAnswer
get_list(SdRequest *request)
{
	const SdQuery *query = sd_parse_kept(request->route.model, query_options(request, true),
										 SD_CALL_FIND, &(SdInputs) {
											 .client = true,
											 .params = request->params,
											 .more_params = true
										 });

	request->reads = true;
	return answer(200, sd_select_array(query));
}

/* GET /students/7 */
static SdAnswer
get_record(SdRequest *request)
{
	const SdQuery *query = parse_by_key(request, query_options(request, false), SD_CALL_FIND_BY_PK);
	Datum		record;

	request->reads = true;
	return sd_select_one(query, &record) ? answer(200, record) : not_found();
}

/* What has been made; nothing is shown where a trigger or a rule did otherwise than to insert the row. */
static SdAnswer
created(Datum record)
{
	return record != (Datum) 0 ? answer(201, record) : (SdAnswer) {.status = 204};
}

/* POST /students */
static SdAnswer
post_record(SdRequest *request)
{
	const SdModel *model = request->route.model;
	Jsonb	   *data = sd_writable_body(model, request->body, true, NULL, 0);

	request->writes = true;
	return created(sd_create_record(model, data));
}

/* PUT or PATCH /students/7; a body that sets nothing changes nothing */
static SdAnswer
put_record(SdRequest *request)
{
	const SdModel *model = request->route.model;
	Jsonb	   *data = sd_writable_body(model, request->body, false, NULL, 0);
	const SdQuery *query;
	Tuplestorestate *store;
	Datum		record;

	if (data == NULL)
		return get_record(request);
	query = parse_by_key(request, NULL, SD_CALL_UPDATE_BY_PK);
	request->writes = true;
	store = tuplestore_begin_heap(false, false, work_mem);
	(void) sd_update(query, data, NULL, store);
	record = sd_only_record(store);
	return record != (Datum) 0 ? answer(200, record) : not_found();
}

/* DELETE /students/7 */
static SdAnswer
delete_record(SdRequest *request)
{
	const SdQuery *query = parse_by_key(request, NULL, SD_CALL_DESTROY_BY_PK);

	request->writes = true;
	if (sd_destroy(query, NULL) == 0)
		return not_found();
	return (SdAnswer) {.status = 204};
}

/* GET /users/1/posts, GET /posts/1/user */
static SdAnswer
get_associated(SdRequest *request)
{
	Datum		body;

	if (!sd_get_associated(request, &body))
		return not_found();
	return answer(200, body);
}

/* POST /users/1/posts */
static SdAnswer
post_associated(SdRequest *request)
{
	Datum		body;

	if (!sd_post_associated(request, &body))
		return not_found();
	return created(body);
}

static SdAnswer
no_content(bool found)
{
	return found ? (SdAnswer) {.status = 204} : not_found();
}

/* PUT /students/1/courses/7 */
static SdAnswer
put_link(SdRequest *request)
{
	return no_content(sd_put_link(request));
}

/* DELETE /students/1/courses/7 */
static SdAnswer
delete_link(SdRequest *request)
{
	return no_content(sd_delete_link(request));
}

/* PUT /students/1/courses */
static SdAnswer
put_links(SdRequest *request)
{
	return no_content(sd_put_links(request));
}

/* kinds of routes */
typedef enum RouteKind
{
	ROUTE_LIST,
	ROUTE_RECORD,
	ROUTE_ASSOCIATED,
	ROUTE_LINK
} RouteKind;

static const struct
{
	RouteKind	kind;
	const char *method;
	SdAnswer	(*serve) (SdRequest *request);
	bool		query;			/* takes a query string */
}			handlers[] = {
	{ROUTE_LIST, "GET", get_list, true},
	{ROUTE_LIST, "HEAD", get_list, true},
	{ROUTE_LIST, "POST", post_record},
	{ROUTE_RECORD, "GET", get_record, true},
	{ROUTE_RECORD, "HEAD", get_record, true},
	{ROUTE_RECORD, "PUT", put_record},
	{ROUTE_RECORD, "PATCH", put_record},
	{ROUTE_RECORD, "DELETE", delete_record},
	{ROUTE_ASSOCIATED, "GET", get_associated, true},
	{ROUTE_ASSOCIATED, "HEAD", get_associated, true},
	{ROUTE_ASSOCIATED, "POST", post_associated},
	{ROUTE_ASSOCIATED, "PUT", put_links},
	{ROUTE_LINK, "PUT", put_link},
	{ROUTE_LINK, "DELETE", delete_link}
};

/* Whether a path of a kind of routes is served by a handler; depends on what the association is kept in. */
static bool
is_served(const SdRoute *route, RouteKind kind, int handler)
{
	bool		links = kind == ROUTE_LINK || handlers[handler].serve == put_links;

	if (handlers[handler].kind != kind)
		return false;
	if (handlers[handler].serve == post_associated)
		return sd_can_post_associated(route->association);
	if (handlers[handler].serve == put_links && !sd_is_to_many(route->association))
		return false;
	return !links || sd_can_link(route->model, route->association, route->target);
}

/* What a request by another method than those that a path has is answered. */
static SdAnswer
not_allowed(const SdRoute *route, RouteKind kind)
{
	SdAnswer	result = sd_plain_answer(405, "method not allowed");
	StringInfoData allow;

	initStringInfo(&allow);
	for (int i = 0; i < lengthof(handlers); i++)
	{
		if (is_served(route, kind, i))
			appendStringInfo(&allow, "%s%s", allow.len > 0 ? ", " : "", handlers[i].method);
	}
	result.allow = allow.data;
	return result;
}

/* Answers a request, or raises what it cannot be answered for. */
static SdAnswer
serve(SdRequest *request)
{
	SdRoute    *route = &request->route;
	RouteKind	kind;

	/* raises 22021 and 22P05 in databases where not every text is UTF-8 */
	if (!sd_find_route(sd_utf8_text(request->url), route))
		return not_found();
	kind = route->linked != NULL ? ROUTE_LINK
		: route->association != NULL ? ROUTE_ASSOCIATED
		: route->key != NULL ? ROUTE_RECORD : ROUTE_LIST;
	Assert(route->model != NULL && route->target != NULL);
	Assert(kind == ROUTE_LIST || route->key != NULL);
	for (int i = 0; i < lengthof(handlers); i++)
	{
		if (pg_strcasecmp(handlers[i].method, request->method) != 0 || !is_served(route, kind, i))
			continue;
		request->pairs = sd_read_pairs(route->query);
		if (request->pairs != NIL && !handlers[i].query)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("a %s request takes no query string", handlers[i].method)));
		return handlers[i].serve(request);
	}
	return not_allowed(route, kind);
}

/* How many triggers are running. */
static int
trigger_depth(void)
{
	return DatumGetInt32(DirectFunctionCall1(pg_trigger_depth, (Datum) 0));
}

/* a request that is being answered */
typedef struct Answering
{
	SdRequest  *request;
	SdAnswer   *result;
	int			outside;		/* triggers that it was sent from */
} Answering;

/*
 * Error context callback: says in which triggers an error is raised, which is
 * not known any more when it is caught.
 */
static void
note_triggers(void *arg)
{
	Answering  *answering = arg;

	answering->request->trigger_depth = trigger_depth() - answering->outside;
}

/* what may fail of an answer, for sd_attempt() */
static void
serve_in_order(void *arg)
{
	Answering  *answering = arg;
	ErrorContextCallback callback = {
		.previous = error_context_stack,
		.callback = note_triggers,
		.arg = answering
	};

	/* what the requests before it in the same statement wrote is there */
	PushActiveSnapshot(GetTransactionSnapshot());
	error_context_stack = &callback;
	*answering->result = serve(answering->request);
	error_context_stack = callback.previous;
	PopActiveSnapshot();
}

/*
 * Answers a request in a subtransaction; false when the models have changed while
 * it opened them, and it has to be served anew.
 */
static bool
try_to_answer(SdRequest *request, SdAnswer *result)
{
	Answering	answering = {.request = request, .result = result, .outside = trigger_depth()};
	ErrorData  *error = sd_attempt(serve_in_order, &answering);

	if (error == NULL)
		return true;
	if (sd_models_start_over(error->sqlerrcode))
		return false;
	if (sd_passes_through(error))
		ReThrowError(error);
	*result = sd_error_answer(request, error);
	return true;
}

/*
 * Answers a request: an error in it undoes what it did and becomes the answer.
 * What the answer has is in the current context; that of HEAD has no body, whatever
 * it is.
 *
 * Raises only what another attempt or an administrator can help: errors of the
 * classes 40, 53, 57, 58 and XX.
 */
SdAnswer
sd_answer_request(SdRequest *request)
{
	SdRequest	fresh = *request;
	SdAnswer	result;

	Assert(request->method != NULL && request->url != NULL);
	Assert(!request->reads && !request->writes);
	while (!try_to_answer(request, &result))
	{
		CHECK_FOR_INTERRUPTS();
		*request = fresh;
	}
	if (pg_strcasecmp(request->method, "HEAD") == 0)
		result.body = NULL;
	return result;
}

/*-------------------------------------------------------------------------
 * request/subresource.c
 *		Requests for what an association of a record leads to: /users/1/posts.
 *
 * A GET is the include of the record that the path names, and what is written
 * out is what was included: so every kind of association, its scope, limits
 * and order are those of the finders.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "convert/reader.h"
#include "execute/execution.h"
#include "execute/select.h"
#include "json/exact_text.h"
#include "parse/key.h"
#include "parse/kept.h"
#include "request/body.h"
#include "request/query_string.h"
#include "request/subresource.h"
#include "request/written_record.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

/* Whether a record can be made through an association: where the new one refers to the old one. */
bool
sd_can_post_associated(const SdAssociation *association)
{
	return association->kind != SD_BELONGS_TO;
}

/* {"attributes":[…],"include":[{"association":…,"required":false, and what the query string says}]} */
static Jsonb *
include_options(const SdRequest *request)
{
	const SdRoute *route = &request->route;
	JsonbParseState *state = NULL;
	JsonbValue	no = {.type = jbvBool};

	Assert(route->association != NULL && route->model->nkeys > 0);
	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	sd_push_string(&state, WJB_KEY, "attributes");
	pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	sd_push_string(&state, WJB_ELEM, route->model->attrs[route->model->keys[0]].name);
	pushJsonbValue(&state, WJB_END_ARRAY, NULL);
	sd_push_string(&state, WJB_KEY, "include");
	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	sd_push_string(&state, WJB_KEY, "association");
	sd_push_string(&state, WJB_VALUE, route->association->alias);
	sd_push_string(&state, WJB_KEY, "required");
	pushJsonbValue(&state, WJB_VALUE, &no);
	sd_push_options(&state, route->target, request->pairs, sd_is_to_many(route->association));
	pushJsonbValue(&state, WJB_END_OBJECT, NULL);
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}

/*
 * What an association of a record leads to: an array, or one record; false when
 * there is no such record, on either side.  Raises what finders raise.
 */
bool
sd_get_associated(SdRequest *request, Datum *body)
{
	SdInputs	inputs = {
		.key_value = sd_route_key(&request->route),
		.client = true,
		.params = request->params,
		.more_params = true
	};
	const SdQuery *query = sd_parse_kept(request->route.model, include_options(request),
										 SD_CALL_FIND_BY_PK, &inputs);

	request->reads = true;
	return sd_select_included(query, body);
}

/* A key as the JSON value that a writer takes. */
static JsonbValue
key_json(Datum value, Oid type)
{
	JsonbValue	result = {.type = jbvString};
	char	   *text = sd_exact_text(value, type);

	if (type == INT2OID || type == INT4OID || type == INT8OID)
	{
		result.type = jbvNumeric;
		result.val.numeric = int64_to_numeric(strtoll(text, NULL, 10));
		return result;
	}
	result.val.string.val = text;
	result.val.string.len = strlen(text);
	return result;
}

/*
 * The attributes through which new records will refer to the one that the path
 * names, with its values; NULL when there is no such record.
 */
static SdGiven *
read_parent(SdRequest *request, const char *const *attributes)
{
	const SdRoute *route = &request->route;
	const SdAssociation *association = route->association;
	int			n = association->nkeys;
	JsonbParseState *state = NULL;
	SdQuery		query;
	SdStatement statement = {.kind = SD_SELECT, .query = &query, .generic = true};
	SdGiven    *given = palloc(sizeof(SdGiven) * n);
	Datum	   *values = palloc(sizeof(Datum) * n);
	bool	   *nulls = palloc(sizeof(bool) * n);

	Assert(n > 0);
	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	sd_push_string(&state, WJB_KEY, "attributes");
	pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	for (int i = 0; i < n; i++)
		sd_push_string(&state, WJB_ELEM, route->model->attrs[association->source_keys[i]].name);
	pushJsonbValue(&state, WJB_END_ARRAY, NULL);
	query = *sd_parse_call(route->model,
						   JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL)),
						   SD_CALL_FIND_BY_PK, &(SdInputs) {
							   .key_value = sd_route_key(route),
							   .params = request->params,
							   .more_params = true
						   });
	query.includes = NIL;
	statement.params = query.params;
	request->reads = true;
	if (!sd_execute_one(&query, sd_prepare(&statement, CurrentMemoryContext),
						sd_bind(&query.params), n, values, nulls))
		return NULL;
	for (int i = 0; i < n; i++)
	{
		if (nulls[i])
			return NULL;
		given[i].attribute = attributes[i];
		given[i].value = key_json(values[i],
								  route->model->attrs[association->source_keys[i]].type);
	}
	return given;
}

/* What a new record is given, *n attributes, and behind them those of an association's scope. */
static SdGiven *
add_scope(const SdGiven *given, int *n, const JsonbValue *scope)
{
	SdGiven    *all = palloc(sizeof(SdGiven) * (*n + sd_array_length(scope)));
	SdReader	reader;

	memcpy(all, given, sizeof(SdGiven) * *n);
	sd_read(&reader, scope, NULL);
	while (sd_next_member(&reader))
	{
		/* what it says by operators is a condition alone */
		if (reader.value.type == jbvBinary)
			continue;
		all[*n].attribute = sd_string(&reader.key);
		all[(*n)++].value = reader.value;
	}
	return all;
}

/* Writes the join row between the record that the path names and the new one. */
static void
create_join_row(const SdModel *model, const SdAssociation *association, const SdGiven *given,
				Datum record)
{
	Jsonb	   *document = DatumGetJsonbP(DirectFunctionCall1(jsonb_in,
															  CStringGetDatum(TextDatumGetCString(record))));
	JsonbParseState *state = NULL;

	Assert(association->kind == SD_BELONGS_TO_MANY && given != NULL);
	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	for (int i = 0; i < association->nkeys; i++)
	{
		JsonbValue	value = given[i].value;

		sd_push_string(&state, WJB_KEY, given[i].attribute);
		pushJsonbValue(&state, WJB_VALUE, &value);
	}
	for (int i = 0; i < association->ntarget_keys; i++)
	{
		const char *key = association->target_keys[i];
		JsonbValue *value = getKeyJsonValueFromContainer(&document->root, key, strlen(key), NULL);

		if (value == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("no record can be made through association \"%s\"",
							association->alias),
					 errdetail("Its key \"%s\" is hidden, or may not be read.", key)));
		sd_push_string(&state, WJB_KEY, association->other_keys[i]);
		pushJsonbValue(&state, WJB_VALUE, value);
	}
	if (association->through_scope != NULL)
	{
		SdReader	reader;

		sd_read(&reader, association->through_scope, NULL);
		while (sd_next_member(&reader))
		{
			if (reader.value.type == jbvBinary)
				continue;
			pushJsonbValue(&state, WJB_KEY, &reader.key);
			pushJsonbValue(&state, WJB_VALUE, &reader.value);
		}
	}
	(void) sd_create_record(sd_model_open_beside(association->through, model),
							JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL)));
}

/*
 * Makes a record that belongs to the one that the path names, whatever the body
 * says about that; false when there is no such record.  *body is 0 where a trigger or a
 * rule kept it from being written.  Raises what create
 * raises.
 */
bool
sd_post_associated(SdRequest *request, Datum *body)
{
	const SdAssociation *association = request->route.association;
	const SdModel *target = request->route.target;
	bool		joined = association->kind == SD_BELONGS_TO_MANY;
	int			n = joined ? 0 : association->nkeys;
	SdGiven    *given;
	const SdGiven *values;
	Jsonb	   *data;

	Assert(sd_can_post_associated(association));
	given = read_parent(request, joined ? association->foreign_keys : association->target_keys);
	if (given == NULL)
		return false;
	request->reads = false;
	values = association->scope != NULL ? add_scope(given, &n, association->scope) : given;
	data = sd_writable_body(target, request->body, true, values, n);
	request->writes = true;
	*body = sd_create_record(target, data);
	if (joined && *body != (Datum) 0)
		create_join_row(target, association, given, *body);
	return true;
}

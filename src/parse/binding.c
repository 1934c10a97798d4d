/*-------------------------------------------------------------------------
 * parse/binding.c
 *		Values of options, and those that are known only when a call is made.
 *
 * A parameter of a call, {"$param": name}, is a value whatever it holds: it is
 * converted like one that stands in its place, and nothing of it is looked at
 * but for that.  NULL is NULL, as a bound value is in SQL: the text of a
 * statement never depends on it.  {"$value": x} says the same of x.
 *
 * Values whose conversion depends on more than themselves (the time, the time
 * zone, the labels of an enum) are bindings too, so that a query that is kept
 * converts them anew for each call.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "convert/reader.h"
#include "miscadmin.h"
#include "parse/binding.h"
#include "parse/combination.h"
#include "parse/include.h"
#include "parse/key.h"
#include "parse/keyset.h"
#include "parse/limiting.h"
#include "utils/lsyscache.h"

/* Whether a value is {"$param": name} or {"$value": x}. */
bool
sd_is_placeholder(const JsonbValue *value)
{
	SdReader	reader;

	if (!sd_is_object(value) || sd_array_length(value) != 1)
		return false;
	sd_read(&reader, value, NULL);
	sd_next_member(&reader);
	return sd_key_is(&reader, "$param") || sd_key_is(&reader, "$value");
}

/* Notes how the value of a parameter of the query is made for each call. */
static SdBinding *
add_binding(SdQuery *query, int param, SdConversion conversion, Oid type, const char *name,
			const JsonbValue *value, const SdPath *path)
{
	SdBinding  *binding = palloc0(sizeof(SdBinding));

	binding->param = param;
	binding->conversion = conversion;
	binding->type = type;
	binding->name = name;
	binding->path = sd_copy_path(path);
	binding->value = *value;
	query->params.bindings = lappend(query->params.bindings, binding);
	return binding;
}

/* Binds the parameter of the call that {"$param": name}, whose member it is, stands for. */
static SdExpr *
bind_call_param(SdQuery *query, SdConversion conversion, Oid type, const char *name,
				const SdReader *member)
{
	SdExpr	   *expr;

	if (member->value.type != jbvString)
		sd_bad_shape(&member->path, "the name of a parameter");
	if (query->call == NULL)
		sd_bad_shape(&member->path, "a value: nothing gives parameters here");
	query->call->names = lappend(query->call->names, sd_string(&member->value));
	expr = sd_param_expr(&query->params, sd_conversion_type(conversion, type), (Datum) 0, true,
						 member->path.parent);
	add_binding(query, expr->param, conversion, type, name, &member->value,
				member->path.parent)->is_param = true;
	return expr;
}

/* Raises 22023 for a parameter that the options name and the call does not give. */
static pg_attribute_noreturn() void
missing_param(const char *name, int len, Jsonb *params, const SdPath *path)
{
	const char *nearest = NULL;

	if (params != NULL && JB_ROOT_IS_OBJECT(params))
	{
		const char **names = palloc(sizeof(char *) * (JB_ROOT_COUNT(params) + 1));
		JsonbValue	root;
		SdReader	reader;
		int			n = 0;

		sd_root(params, &root);
		sd_read(&reader, &root, NULL);
		while (sd_next_member(&reader))
			names[n++] = sd_string(&reader.key);
		nearest = sd_nearest(name, len, names, n);
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s: parameter \"%s\" is not given", sd_path_text(path), sd_clip(name, len)),
			 nearest != NULL ? errhint("Perhaps you meant \"%s\".", nearest)
			 : errhint("Parameters are given in the argument \"params\", an object with a value for each.")));
}

/* What the call gives for the parameter called name, which stands at path. */
static JsonbValue
find_param(Jsonb *params, const char *name, int len, const SdPath *path)
{
	JsonbValue	value;

	if (params == NULL || !JB_ROOT_IS_OBJECT(params) ||
		getKeyJsonValueFromContainer(&params->root, name, len, &value) == NULL)
		missing_param(name, len, params, path);
	return value;
}

/* Notes that the options use a parameter, where a value that is read later is one. */
void
sd_note_param(const SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	SdReader	reader;

	if (!sd_is_placeholder(value))
		return;
	sd_read(&reader, value, path);
	sd_next_member(&reader);
	if (!sd_key_is(&reader, "$param"))
		return;
	if (reader.value.type != jbvString)
		sd_bad_shape(&reader.path, "the name of a parameter");
	if (query->call == NULL)
		sd_bad_shape(&reader.path, "a value: nothing gives parameters here");
	query->call->names = lappend(query->call->names, sd_string(&reader.value));
}

/* Whether values of a type, or the elements of its arrays, may hold placeholders at any depth, and objects in place of them. */
static bool
is_json(Oid type)
{
	Oid			element = get_element_type(type);

	if (OidIsValid(element))
		type = element;
	return type == JSONBOID || type == JSONOID;
}

/* What a placeholder at path stands for; json: where it may be an object or an array. */
static JsonbValue
filled_value(const JsonbValue *placeholder, Jsonb *params, const SdPath *path, bool json)
{
	static const SdPath root = {.key = "params", .len = 6};
	JsonbValue	value;
	SdReader	member;
	SdPath		step;

	sd_read(&member, placeholder, path);
	sd_next_member(&member);
	step = member.path;
	value = member.value;
	if (sd_key_is(&member, "$param"))
	{
		Assert(value.type == jbvString);
		step = SD_KEY_STEP(&root, value.val.string.val, value.val.string.len);
		value = find_param(params, value.val.string.val, value.val.string.len, path);
	}
	if (value.type == jbvBinary && !json)
		sd_bad_shape(&step, "one element of an array");
	return value;
}

/* Appends a container that stands at path, with what the placeholders in it stand for. */
static JsonbValue *
push_filled(JsonbParseState **state, const JsonbValue *container, Jsonb *params,
			const SdPath *path, bool json)
{
	bool		is_object = sd_is_object(container);
	SdReader	reader;

	sd_check_depth(path);
	pushJsonbValue(state, is_object ? WJB_BEGIN_OBJECT : WJB_BEGIN_ARRAY, NULL);
	sd_read(&reader, container, path);
	while (is_object ? sd_next_member(&reader) : sd_next_element(&reader))
	{
		JsonbValue	value = reader.value;

		if (is_object)
			pushJsonbValue(state, WJB_KEY, &reader.key);
		if (sd_is_placeholder(&value))
			value = filled_value(&value, params, &reader.path, json);
		else if (json && value.type == jbvBinary)
		{
			push_filled(state, &value, params, &reader.path, json);
			continue;
		}
		pushJsonbValue(state, is_object ? WJB_VALUE : WJB_ELEM, &value);
	}
	return pushJsonbValue(state, is_object ? WJB_END_OBJECT : WJB_END_ARRAY, NULL);
}

/* A container that stands at path, with what the placeholders in it stand for, in the current context. */
static JsonbValue
fill(const JsonbValue *container, Jsonb *params, const SdPath *path, bool json)
{
	JsonbParseState *state = NULL;
	JsonbValue	filled;

	sd_root(JsonbValueToJsonb(push_filled(&state, container, params, path, json)), &filled);
	return filled;
}

/*
 * Whether a member or an element of a container that stands at path is a placeholder,
 * in JSON at any depth; *late is set where one is of a parameter, which it notes.
 */
static bool
has_placeholder(const SdQuery *query, const JsonbValue *container, const SdPath *path, bool json,
				bool *late)
{
	bool		is_object = sd_is_object(container);
	bool		found = false;
	SdReader	reader;
	SdReader	member;

	sd_check_depth(path);
	sd_read(&reader, container, path);
	while (is_object ? sd_next_member(&reader) : sd_next_element(&reader))
	{
		if (json && reader.value.type == jbvBinary && !sd_is_placeholder(&reader.value))
			found |= has_placeholder(query, &reader.value, &reader.path, json, late);
		if (!sd_is_placeholder(&reader.value))
			continue;
		found = true;
		sd_read(&member, &reader.value, &reader.path);
		sd_next_member(&member);
		if (!sd_key_is(&member, "$param"))
			continue;
		if (query->call == NULL)
			sd_bad_shape(&member.path, "a value: nothing gives parameters here");
		sd_note_param(query, &reader.value, &reader.path);
		*late = true;
	}
	return found;
}

/*
 * The value at path, plain or a placeholder or an array, or JSON, with placeholders
 * in it, as a parameter of the scope's query, in the current context.  Raises what sd_convert_option() raises.
 */
SdExpr *
sd_bind_value(const SdScope *scope, SdConversion conversion, Oid type, const char *name,
			  const JsonbValue *value, const SdPath *path)
{
	SdQuery    *query = scope->query;
	JsonbValue	given = *value;
	SdReader	reader;
	SdExpr	   *expr;
	Datum		datum;
	bool		isnull;
	bool		json = value->type == jbvBinary && is_json(type);
	bool		late = false;	/* there is a parameter in it */

	if (sd_is_placeholder(value))
	{
		sd_read(&reader, value, path);
		sd_next_member(&reader);
		if (sd_key_is(&reader, "$param"))
			return bind_call_param(query, conversion, type, name, &reader);
		given = reader.value;
	}
	else if ((sd_is_array(value) || (json && sd_is_object(value))) &&
			 has_placeholder(query, value, path, json, &late) && !late)
		given = fill(value, NULL, path, json);
	if (late)
	{
		expr = sd_param_expr(&query->params, sd_conversion_type(conversion, type), (Datum) 0, true,
							 path);
		add_binding(query, expr->param, conversion, type, name, value, path)->is_container = true;
		return expr;
	}
	datum = sd_convert_option(conversion, type, name, &given, path, &isnull);
	expr = sd_param_expr(&query->params, sd_conversion_type(conversion, type), datum, isnull, path);
	if (conversion == SD_CONVERT_LIST && !isnull)
		sd_note_list(&query->params, datum);
	if (!isnull && query->call != NULL && !sd_conversion_is_settled(conversion, type, &given))
		add_binding(query, expr->param, conversion, type, name, &given, path);
	return expr;
}

/* The value of a call's key, for an attribute of a type, as a parameter that is bound for each call. */
SdExpr *
sd_bind_key(SdQuery *query, Oid type, const char *name, const JsonbValue *key, const SdPath *path)
{
	static const JsonbValue none = {.type = jbvNull};
	SdExpr	   *expr;
	bool		isnull;
	Datum		datum = sd_convert_option(SD_CONVERT_VALUE, type, name, key, path, &isnull);

	if (isnull)
		sd_bad_shape(path, "a value that is not null");
	expr = sd_param_expr(&query->params, type, datum, isnull, path);
	/* each call has its own, which is gone when a kept query is bound again */
	add_binding(query, expr->param, SD_CONVERT_VALUE, type, name, &none, path)->is_key = true;
	return expr;
}

/*
 * What a value of the options that stands at path means in a call: what a
 * placeholder stands for, or else the value itself.  For options of writers that
 * are read with the data.
 */
JsonbValue
sd_call_value(const SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	SdReader	reader;

	if (!sd_is_placeholder(value))
		return *value;
	sd_read(&reader, value, path);
	sd_next_member(&reader);
	if (sd_key_is(&reader, "$value"))
		return reader.value;
	if (reader.value.type != jbvString)
		sd_bad_shape(&reader.path, "the name of a parameter");
	return find_param(query->write->params, reader.value.val.string.val,
					  reader.value.val.string.len, path);
}

/* Appends a container with {"$value": x} wherever it has {"$param": name}. */
static JsonbValue *
push_settled(JsonbParseState **state, const SdQuery *query, const JsonbValue *container,
			 const SdPath *path)
{
	bool		is_object = sd_is_object(container);
	bool		is_param = sd_is_placeholder(container);
	JsonbValue	value_key = {.type = jbvString};
	SdReader	reader;

	sd_check_depth(path);
	value_key.val.string.val = "$value";
	value_key.val.string.len = strlen("$value");
	pushJsonbValue(state, is_object ? WJB_BEGIN_OBJECT : WJB_BEGIN_ARRAY, NULL);
	sd_read(&reader, container, path);
	while (is_object ? sd_next_member(&reader) : sd_next_element(&reader))
	{
		JsonbValue	value = reader.value;

		if (is_param)
			value = sd_call_value(query, container, path);
		if (is_object)
			pushJsonbValue(state, WJB_KEY, is_param ? &value_key : &reader.key);
		if (!is_param && (sd_is_object(&value) || sd_is_array(&value)))
			push_settled(state, query, &value, &reader.path);
		else
			pushJsonbValue(state, is_object ? WJB_VALUE : WJB_ELEM, &value);
	}
	return pushJsonbValue(state, is_object ? WJB_END_OBJECT : WJB_END_ARRAY, NULL);
}

/*
 * A member of the options of a call, an object or array that stands at path, with
 * {"$value": x} for each of the call's parameters, in the current context.
 */
JsonbValue
sd_settle_params(const SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	JsonbParseState *state = NULL;
	JsonbValue	settled = *value;

	if (query->call != NULL && query->call->names != NIL)
		sd_root(JsonbValueToJsonb(push_settled(&state, query, value, path)), &settled);
	return settled;
}

/* The value of an attribute in the key of a call: the key itself, or a member of it. */
static JsonbValue
key_member(const SdInputs *inputs, const char *name)
{
	JsonbValue	key;
	JsonbValue	member;

	if (inputs->key_value != NULL)
		key = *inputs->key_value;
	else
		sd_key_value(inputs->key, inputs->key_type, &key);
	if (!sd_is_object(&key))
		return key;
	/* the attributes of the key are part of what a kept query is found by */
	if (getKeyJsonValueFromContainer(key.val.binary.data, name, strlen(name), &member) == NULL)
		Assert(false);
	return member;
}

/* Makes one value of a call. */
static void
evaluate(SdParams *params, const SdBinding *binding, const SdInputs *inputs)
{
	static const SdPath root = {.key = "params", .len = 6};
	const JsonbValue *name = &binding->value;
	JsonbValue	value = binding->value;
	const SdPath *path = binding->path;
	SdPath		step;
	bool		isnull;

	Assert(binding->param >= 0 && binding->param < params->n);
	Assert(!binding->is_param || name->type == jbvString);
	if (binding->is_param)
	{
		value = find_param(inputs->params, name->val.string.val, name->val.string.len, path);
		step = SD_KEY_STEP(&root, name->val.string.val, name->val.string.len);
		path = &step;
	}
	else if (binding->is_container)
		value = fill(&binding->value, inputs->params, path, is_json(binding->type));
	else if (binding->is_key)
		value = key_member(inputs, binding->name);
	params->values[binding->param] = sd_convert_option(binding->conversion, binding->type,
													   binding->name, &value, path, &isnull);
	params->nulls[binding->param] = isnull ? 'n' : ' ';
	if (binding->conversion == SD_CONVERT_LIST && !isnull)
		sd_note_list(params, params->values[binding->param]);
}

/* Params with the values of a call, in the current context. */
static SdParams
bind_params(const SdParams *params, const SdInputs *inputs)
{
	SdParams	bound = sd_copy_params(params);
	ListCell   *cell;

	foreach(cell, params->bindings)
		evaluate(&bound, lfirst(cell), inputs);
	return bound;
}

/* Whether a query, or what it includes, has values that are made for each call. */
static bool
has_bindings(const SdQuery *query, const SdInputs *inputs)
{
	ListCell   *cell;

	if (query->params.bindings != NIL || query->key_param >= 0 ||
		(query->write != NULL && inputs->params != NULL) || sd_edge_has_bindings(query->edge))
		return true;
	foreach(cell, query->includes)
	{
		if (has_bindings(((SdInclude *) lfirst(cell))->query, inputs))
			return true;
	}
	return query->write != NULL && query->write->returning != NULL &&
		has_bindings(query->write->returning->query, inputs);
}

static const SdQuery *bind_query(const SdQuery *query, const SdInputs *inputs);

/* An include with the values of a call. */
static SdInclude *
bind_include(const SdInclude *include, const SdInputs *inputs)
{
	SdInclude  *bound = palloc(sizeof(SdInclude));

	*bound = *include;
	bound->query = unconstify(SdQuery *, bind_query(include->query, inputs));
	return bound;
}

/* The edge of a page with the values of a call. */
static const SdEdge *
bind_edge(const SdEdge *edge, const SdInputs *inputs)
{
	SdEdge	   *bound = palloc(sizeof(SdEdge));

	*bound = *edge;
	bound->values = bind_params(&edge->values, inputs);
	if (edge->row != NULL)
		bound->row = bind_query(edge->row, inputs);
	return bound;
}

static const SdQuery *
bind_query(const SdQuery *query, const SdInputs *inputs)
{
	SdQuery    *bound;
	ListCell   *cell;

	check_stack_depth();
	if (!has_bindings(query, inputs))
		return query;
	bound = palloc(sizeof(SdQuery));
	*bound = *query;
	bound->params = bind_params(&query->params, inputs);
	Assert(query->key_param < query->params.n && query->limit_param < query->params.n);
	if (query->key_param >= 0)
		bound->params.values[query->key_param] = inputs->key;
	if (query->limit_param >= 0)
		bound->limit = sd_bound_count(&bound->params, query->limit_param);
	if (query->edge != NULL)
		bound->edge = bind_edge(query->edge, inputs);
	if (query->write != NULL)
	{
		bound->write = palloc(sizeof(SdWriteOptions));
		*bound->write = *query->write;
		bound->write->params = inputs->params;
		if (query->write->returning != NULL)
			bound->write->returning = bind_include(query->write->returning, inputs);
	}
	bound->includes = NIL;
	foreach(cell, query->includes)
		bound->includes = lappend(bound->includes, bind_include(lfirst(cell), inputs));
	return bound;
}

/*
 * Looks again at what options mean whose conditions have parameters: one that is
 * true of every row with these values is no condition.  Raises what parsing them
 * raises then.
 */
static void
check_conditions(SdQuery *query)
{
	SdWriteOptions *write = query->write;
	ListCell   *cell;

	query->empty_where |= query->asked != NULL && !sd_leaves_out_rows(query, query->asked);
	sd_check_empty_where(query, query->call->kind, NULL);
	if (write == NULL || write->by_key)
		return;
	write->limited = false;
	foreach(cell, write->limiting)
		write->limited |= sd_leaves_out_rows(query, lfirst(cell));
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* The names of the parameters that the options of a call use, sorted. */
static const char **
sort_names(const SdCallInfo *call)
{
	const char **names = palloc(sizeof(char *) * (list_length(call->names) + 1));
	ListCell   *cell;

	foreach(cell, call->names)
		names[foreach_current_index(cell)] = lfirst(cell);
	qsort(names, list_length(call->names), sizeof(char *), compare_names);
	return names;
}

/* Whether a parameter is among n names, which are sorted. */
static bool
is_used(const char *const *names, int n, const JsonbValue *name)
{
	const char *sought = sd_string(name);

	return bsearch(&sought, names, n, sizeof(char *), compare_names) != NULL;
}

/* Whether a computed attribute of a model takes a parameter. */
static bool
is_declared(const SdModel *model, const JsonbValue *name)
{
	for (int i = 0; i < model->nattrs; i++)
	{
		ListCell   *cell;

		foreach(cell, model->attrs[i].params)
		{
			if (sd_string_is(name, lfirst(cell)))
				return true;
		}
	}
	return false;
}

/* Whether a computed attribute of a model that the call leads to takes a parameter. */
static bool
is_declared_by_any(const SdQuery *query, const JsonbValue *name)
{
	ListCell   *cell;

	if (is_declared(query->model, name))
		return true;
	foreach(cell, query->call->models)
	{
		if (is_declared(lfirst(cell), name))
			return true;
	}
	return false;
}

/* Raises 22023 for parameters that are no object, and for one that nothing uses. */
static void
check_params(const SdQuery *query, Jsonb *params)
{
	const SdCallInfo *call = query->call;
	static const SdPath root = {.key = "params", .len = 6};
	int			n = list_length(call->names);
	const char **names;
	JsonbValue	value;
	SdReader	reader;

	sd_root(params, &value);
	if (value.type == jbvNull)
		return;
	if (!sd_is_object(&value))
		sd_bad_shape(&root, "an object with a value for each parameter");
	names = sort_names(call);
	sd_read(&reader, &value, &root);
	while (sd_next_member(&reader))
	{
		const char *nearest;

		if (is_used(names, n, &reader.key) || is_declared_by_any(query, &reader.key))
			continue;
		nearest = sd_nearest(reader.key.val.string.val, reader.key.val.string.len, names, n);
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: the options use no such parameter", sd_path_text(&reader.path)),
				 nearest != NULL ? errhint("Perhaps you meant \"%s\".", nearest)
				 : errhint("A value of the options is {\"$param\": name} where a parameter is meant.")));
	}
}

/*
 * A parsed query with the values of a call: the query itself where it needs
 * none, else a copy in the current context that shares its conditions.  kept
 * says that it was parsed for another call, so that all of its bindings count.
 *
 * Raises 22023 for parameters that are missing or not used and for values of a
 * wrong shape, and what converting the values raises.
 */
const SdQuery *
sd_bind_call(const SdQuery *query, const SdInputs *inputs, bool kept)
{
	const SdQuery *bound;

	Assert(query->call != NULL);
	if (inputs->params != NULL && !inputs->more_params)
		check_params(query, inputs->params);
	if (!kept && query->call->names == NIL && inputs->params == NULL)
		return query;
	bound = bind_query(query, inputs);
	if (query->call->names != NIL && bound != query)
		check_conditions(unconstify(SdQuery *, bound));
	return bound;
}

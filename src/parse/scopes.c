/*-------------------------------------------------------------------------
 * parse/scopes.c
 *		Parses the option "scope".
 *
 * A scope with parameters has {"$param": name} where a value belongs.  It
 * becomes a document of its own, in which the arguments stand in these places,
 * as {"$value": argument} or, where an argument is a parameter of the call, as
 * that.  So what an application passes on cannot become an operator.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/reader.h"
#include "parse/scopes.h"

#define DEFAULT_SCOPE	"defaultScope"
#define SD_MAX_SCOPES	100		/* that one call names */

/* what a scope may hold */
const char *const sd_scope_options[] = {
	"params", "where", "attributes", "order", "limit", "offset", "include", "group", "having",
	"distinct", "paranoid"
};
const int	sd_nscope_options = lengthof(sd_scope_options);

/* a call of a scope that has parameters */
typedef struct Arguments
{
	int			n;
	const char **names;
	bool	   *given;
	JsonbValue *values;
} Arguments;

/* A source in the current context; the document has to outlive it. */
SdSource *
sd_make_source(SdSourceKind kind, const JsonbValue *value, const SdPath *path)
{
	SdSource   *source = palloc(sizeof(SdSource));

	source->kind = kind;
	source->value = *value;
	source->path = sd_copy_path(path);
	return source;
}

/* Raises 22023 for a name that no scope of the model has. */
static pg_attribute_noreturn() void
unknown_scope(const SdModel *model, const char *name, int len, const SdPath *path)
{
	const char **names = palloc(sizeof(char *));
	const char *nearest;
	int			n = 0;

	names[n++] = DEFAULT_SCOPE;
	if (model->scopes != NULL)
	{
		SdReader	reader;

		names = repalloc(names, sizeof(char *) * (1 + sd_array_length(model->scopes)));
		sd_read(&reader, model->scopes, NULL);
		while (sd_next_member(&reader))
			names[n++] = sd_string(&reader.key);
	}
	nearest = sd_nearest(name, len, names, n);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s: model \"%s\" has no scope \"%s\"", sd_path_text(path), model->name,
					sd_clip(name, len)),
			 nearest != NULL ? errhint("Perhaps you meant \"%s\".", nearest)
			 : errhint("Scopes are part of the model's definition, see studentdir.describe.")));
}

/* The parameters that a scope, which stands at path, declares. */
static Arguments
read_params(const JsonbValue *scope, const SdPath *path)
{
	SdPath		step = SD_KEY_STEP(path, "params", 6);
	Arguments	arguments = {0};
	JsonbValue	params;
	SdReader	reader;

	if (getKeyJsonValueFromContainer(scope->val.binary.data, "params", 6, &params) == NULL)
		return arguments;
	if (!sd_is_array(&params))
		sd_bad_shape(&step, "an array of names");
	arguments.names = palloc(sizeof(char *) * sd_array_length(&params));
	arguments.given = palloc0(sizeof(bool) * sd_array_length(&params));
	arguments.values = palloc0(sizeof(JsonbValue) * sd_array_length(&params));
	sd_read(&reader, &params, &step);
	while (sd_next_element(&reader))
	{
		if (reader.value.type != jbvString)
			sd_bad_shape(&reader.path, "a name");
		arguments.names[arguments.n++] = sd_string(&reader.value);
	}
	return arguments;
}

/* The parameter called name, or -1. */
static int
find_param(const Arguments *arguments, const JsonbValue *name)
{
	for (int i = 0; i < arguments->n; i++)
	{
		if (sd_string_is(name, arguments->names[i]))
			return i;
	}
	return -1;
}

static void
set_argument(Arguments *arguments, int param, const JsonbValue *value)
{
	Assert(param >= 0 && param < arguments->n);
	arguments->given[param] = true;
	arguments->values[param] = *value;
}

/* Raises 22023 for an argument by a name that the scope has no parameter for. */
static pg_attribute_noreturn() void
unknown_param(const Arguments *arguments, const SdReader *member)
{
	const char *name = member->key.val.string.val;
	int			len = member->key.val.string.len;
	const char *nearest = sd_nearest(name, len, arguments->names, arguments->n);

	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s: the scope has no parameter \"%s\"", sd_path_text(&member->path),
					sd_clip(name, len)),
			 nearest != NULL ? errhint("Perhaps you meant \"%s\".", nearest) : 0));
}

/* Reads the arguments of a call, which stand at path, in order or by name; NULL are none. */
static void
read_arguments(Arguments *arguments, const JsonbValue *value, const SdPath *path)
{
	SdReader	reader;

	if (value != NULL && sd_is_array(value))
	{
		sd_read(&reader, value, path);
		while (sd_next_element(&reader))
		{
			if (reader.path.index >= arguments->n)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("%s: one argument too many", sd_path_text(&reader.path)),
						 errdetail_plural("The scope has %d parameter.",
										  "The scope has %d parameters.",
										  arguments->n, arguments->n)));
			set_argument(arguments, reader.path.index, &reader.value);
		}
	}
	else if (value != NULL && sd_is_object(value))
	{
		sd_read(&reader, value, path);
		while (sd_next_member(&reader))
		{
			int			param = find_param(arguments, &reader.key);

			if (param < 0)
				unknown_param(arguments, &reader);
			set_argument(arguments, param, &reader.value);
		}
	}
	else if (value != NULL)
		sd_bad_shape(path, "an array or an object of arguments");
	for (int i = 0; i < arguments->n; i++)
	{
		if (!arguments->given[i])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s: an argument for parameter \"%s\" of the scope is missing",
							sd_path_text(path), arguments->names[i]),
					 errhint("A scope with parameters is called {\"name\": [\"argument\"]} or {\"name\": {\"parameter\": \"argument\"}}.")));
	}
}

/*
 * The argument that a value inside a scope, at path, stands for; NULL when it is
 * what it is, a parameter of the call for one.
 */
static JsonbValue *
find_argument(const Arguments *arguments, const JsonbValue *value, const SdPath *path)
{
	JsonbValue	name;
	int			param;

	if (!sd_is_object(value) ||
		getKeyJsonValueFromContainer(value->val.binary.data, "$param", 6, &name) == NULL)
		return NULL;
	if (name.type != jbvString || sd_array_length(value) != 1)
		sd_bad_shape(path, "only \"$param\" with the name of a parameter");
	param = find_param(arguments, &name);
	return param >= 0 ? &arguments->values[param] : NULL;
}

/* Appends an argument as a value, a member's or an element. */
static void
push_argument(JsonbParseState **state, const JsonbValue *argument, bool is_member)
{
	JsonbValue	key = {.type = jbvString};
	JsonbValue	name;

	if (sd_is_object(argument) && sd_array_length(argument) == 1 &&
		getKeyJsonValueFromContainer(argument->val.binary.data, "$param", 6, &name) != NULL)
	{
		pushJsonbValue(state, is_member ? WJB_VALUE : WJB_ELEM, unconstify(JsonbValue *, argument));
		return;
	}
	key.val.string.val = "$value";
	key.val.string.len = strlen("$value");
	pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	pushJsonbValue(state, WJB_KEY, &key);
	pushJsonbValue(state, WJB_VALUE, unconstify(JsonbValue *, argument));
	pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

/* Appends a container, which stands at path, with the arguments in their places. */
static JsonbValue *
substitute(JsonbParseState **state, const JsonbValue *container, const Arguments *arguments,
		   const SdPath *path)
{
	bool		is_object = sd_is_object(container);
	SdReader	reader;

	sd_check_depth(path);
	pushJsonbValue(state, is_object ? WJB_BEGIN_OBJECT : WJB_BEGIN_ARRAY, NULL);
	sd_read(&reader, container, path);
	while (is_object ? sd_next_member(&reader) : sd_next_element(&reader))
	{
		JsonbValue *argument = find_argument(arguments, &reader.value, &reader.path);

		if (is_object)
			pushJsonbValue(state, WJB_KEY, &reader.key);
		if (argument != NULL)
			push_argument(state, argument, is_object);
		else if (sd_is_object(&reader.value) || sd_is_array(&reader.value))
			substitute(state, &reader.value, arguments, &reader.path);
		else
			pushJsonbValue(state, is_object ? WJB_VALUE : WJB_ELEM, &reader.value);
	}
	return pushJsonbValue(state, is_object ? WJB_END_OBJECT : WJB_END_ARRAY, NULL);
}

/* Adds a source; raises 54000 for more than anybody combines. */
static List *
append_source(List *sources, SdSource *source)
{
	if (list_length(sources) == SD_MAX_SCOPES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s: a call may name at most %d scopes", sd_path_text(source->path),
						SD_MAX_SCOPES)));
	return lappend(sources, source);
}

/* Adds a scope by name, with its arguments, or NULL, which stand at path. */
static List *
add_scope(List *sources, const SdModel *model, const char *name, int len,
		  const JsonbValue *value, const SdPath *path)
{
	bool		is_default = len == strlen(DEFAULT_SCOPE) && memcmp(name, DEFAULT_SCOPE, len) == 0;
	bool		found = !is_default || model->default_scope != NULL;
	Arguments	arguments = {0};
	JsonbValue	scope;

	if (is_default && found)
		scope = *model->default_scope;
	else if (!is_default &&
			 (model->scopes == NULL ||
			  getKeyJsonValueFromContainer(model->scopes->val.binary.data, name, len,
										   &scope) == NULL))
		unknown_scope(model, name, len, path);
	if (found)
	{
		if (!sd_is_object(&scope))
			sd_bad_shape(path, "a scope that is an object of options");
		arguments = read_params(&scope, path);
	}
	read_arguments(&arguments, value, path);
	if (!found)
		return sources;
	if (arguments.n > 0)
	{
		JsonbParseState *state = NULL;

		sd_root(JsonbValueToJsonb(substitute(&state, &scope, &arguments, path)), &scope);
	}
	return append_source(sources, sd_make_source(is_default ? SD_SOURCE_DEFAULT_SCOPE : SD_SOURCE_SCOPE,
												 &scope, path));
}

/* Whether an object is a scope itself, written out, and names none of the model's. */
static bool
is_written_out(const SdModel *model, const JsonbValue *value)
{
	SdReader	reader;
	JsonbValue	named;

	sd_read(&reader, value, NULL);
	while (sd_next_member(&reader))
	{
		bool		known = false;

		for (int i = 0; i < sd_nscope_options && !known; i++)
			known = sd_key_is(&reader, sd_scope_options[i]);
		if (!known || (model->scopes != NULL &&
					   getKeyJsonValueFromContainer(model->scopes->val.binary.data,
													reader.key.val.string.val,
													reader.key.val.string.len, &named) != NULL))
			return false;
	}
	return sd_array_length(value) > 0;
}

/* {"name": arguments, ...} */
static List *
add_scopes(List *sources, const SdModel *model, const JsonbValue *value, const SdPath *path)
{
	SdReader	reader;

	sd_read(&reader, value, path);
	while (sd_next_member(&reader))
		sources = add_scope(sources, model, reader.key.val.string.val, reader.key.val.string.len,
							&reader.value, &reader.path);
	return sources;
}

/* One element of a list of scopes, or a scope without a list. */
static List *
add_element(List *sources, const SdModel *model, const JsonbValue *value, const SdPath *path)
{
	if (value->type == jbvString)
	{
		const char *name = value->val.string.val;
		int			len = value->val.string.len;
		SdPath		step = SD_KEY_STEP(path, name, len);

		return add_scope(sources, model, name, len, NULL, &step);
	}
	if (!sd_is_object(value))
		sd_bad_shape(path, "the name of a scope, or an object of scopes and their arguments");
	if (is_written_out(model, value))
	{
		SdPath		step = SD_KEY_STEP(path, "params", 6);
		JsonbValue	params;

		if (getKeyJsonValueFromContainer(value->val.binary.data, "params", 6, &params) != NULL)
			sd_bad_shape(&step, "no parameters: a scope that is written out is given its values in place");
		return append_source(sources, sd_make_source(SD_SOURCE_SCOPE, value, path));
	}
	return add_scopes(sources, model, value, path);
}

/* The scope of a call at path that names none: a list of at most one SdSource. */
List *
sd_default_scope(const SdModel *model, const SdPath *path)
{
	SdPath		step = SD_KEY_STEP(path, DEFAULT_SCOPE, strlen(DEFAULT_SCOPE));

	Assert(model->default_scope == NULL || sd_is_object(model->default_scope));
	return model->default_scope == NULL ? NIL
		: list_make1(sd_make_source(SD_SOURCE_DEFAULT_SCOPE, model->default_scope, &step));
}

/*
 * The scopes that the option "scope" at path names, in its order: a list of
 * SdSource in the current context, which point to the model's descriptor.
 *
 * Raises 22023 for an unknown scope, a missing or unknown argument and a wrong
 * shape, 54000 when nested too deep.
 */
List *
sd_parse_scope(const SdModel *model, const JsonbValue *value, const SdPath *path)
{
	List	   *sources = NIL;
	SdReader	reader;

	if (value->type == jbvNull)
		return NIL;
	if (!sd_is_array(value))
		return add_element(NIL, model, value, path);
	sd_read(&reader, value, path);
	while (sd_next_element(&reader))
		sources = add_element(sources, model, &reader.value, &reader.path);
	return sources;
}

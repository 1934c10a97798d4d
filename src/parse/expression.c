/*-------------------------------------------------------------------------
 * parse/expression.c
 *		Parses expressions.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "convert/reader.h"
#include "convert/value.h"
#include "json/object_text.h"
#include "lib/stringinfo.h"
#include "parse/binding.h"
#include "parse/expression.h"
#include "parse/functions.h"
#include "parse/json_steps.h"
#include "parse/operation.h"
#include "parse/related.h"
#include "parser/parse_coerce.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#define SD_MAX_ARGS		20

/* computed attributes that one may name, and those that they name: each can multiply the one below */
#define SD_MAX_COMPUTED	2000

static SdExpr *
make_expr(SdExprKind kind, Oid type)
{
	SdExpr	   *expr = palloc0(sizeof(SdExpr));

	expr->kind = kind;
	expr->type = type;
	return expr;
}

/* An attribute of a model, as an expression in the current context. */
SdExpr *
sd_attribute_expr(const SdModel *model, int attr)
{
	SdExpr	   *expr = make_expr(SD_EXPR_ATTRIBUTE, model->attrs[attr].type);

	Assert(attr >= 0 && attr < model->nattrs);
	expr->attr = attr;
	return expr;
}

/* Whether two expressions are the same attribute. */
bool
sd_same_attribute(const SdExpr *a, const SdExpr *b)
{
	return a->kind == SD_EXPR_ATTRIBUTE && b->kind == SD_EXPR_ATTRIBUTE && a->attr == b->attr;
}

/*
 * A bound value, as an expression in the current context.  Raises 54000 where what
 * stands at path is a value too many; path is NULL for what no document asks for.
 */
SdExpr *
sd_param_expr(SdParams *params, Oid type, Datum value, bool isnull, const SdPath *path)
{
	SdExpr	   *expr = make_expr(SD_EXPR_PARAM, type);

	if (path != NULL)
		sd_check_params(params, path);
	expr->param = sd_param(params, type, value, isnull);
	return expr;
}

/* Whether a name is that of an option, which may have been taken for data. */
static bool
is_option(const char *name, int len)
{
	static const char *const options[] = {
		"where", "attributes", "order", "limit", "offset", "scope", "include", "fields",
		"ignoreUnknown", "validate", "all", "force", "paranoid", "returning"
	};

	for (int i = 0; i < lengthof(options); i++)
	{
		if (strlen(options[i]) == len && memcmp(options[i], name, len) == 0)
			return true;
	}
	return false;
}

/* Raises 42703 for a name that no attribute of the model has. */
void
sd_unknown_attribute(const SdModel *model, const char *name, int len, const SdPath *path)
{
	const char *nearest = sd_nearest_attribute(model, name, len);
	StringInfoData names;

	if (sd_find_attribute(model, name, len) >= 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("%s: attribute \"%s\" of model \"%s\" is virtual", sd_path_text(path),
						sd_clip(name, len), model->name),
				 model->attrs[sd_find_attribute(model, name, len)].as != NULL
				 ? errdetail("It is computed where it is read, and not kept in a column.")
				 : errdetail("It is validated when a row is written, but not kept in a column.")));
	if (path->parent == NULL && is_option(name, len))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("%s: model \"%s\" has no attribute \"%s\"", sd_path_text(path), model->name,
						sd_clip(name, len)),
				 errhint("It is an option: options are an argument of their own, after the data.")));
	initStringInfo(&names);
	for (int i = 0; i < model->nattrs; i++)
		appendStringInfo(&names, "%s\"%s\"", i > 0 ? ", " : "", model->attrs[i].name);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("%s: model \"%s\" has no attribute \"%s\"", sd_path_text(path), model->name,
					sd_clip(name, len)),
			 nearest != NULL
			 ? errhint("Perhaps you meant \"%s\".", nearest)
			 : errhint("Its attributes are %s.", names.data)));
}

/* The same for a name that is an association's; hint says what to do with it. */
void
sd_no_attribute(const SdModel *model, const char *name, int len, const char *hint,
				const SdPath *path)
{
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("%s: model \"%s\" has no attribute \"%s\"", sd_path_text(path), model->name,
					sd_clip(name, len)),
			 errdetail("It is an association."),
			 errhint("%s", hint)));
}

/* The same for a name that options ask for, and that may be an association's. */
void
sd_unknown_name(const SdModel *model, const char *name, int len, const SdPath *path)
{
	bool		ambiguous;
	const SdAssociation *association = sd_find_association(model, name, len, &ambiguous);
	const char *alias;

	if (association == NULL)
		sd_unknown_attribute(model, name, len, path);
	alias = association->alias;
	sd_no_attribute(model, name, len,
					psprintf("Its records come with \"include\"; %s, and conditions on them stand under %s.",
							 sd_is_to_many(association)
							 ? psprintf("values over all of them are {\"$count\": %s} and its like", sd_json_name(alias))
							 : psprintf("an attribute of them is %s", sd_json_name(psprintf("%s.attribute", alias))),
							 sd_json_name(psprintf("$%s.attribute$", alias))),
					path);
}

/*
 * The expression that a computed attribute is, whose name stands at path.  Raises
 * 22023 for one that names itself, by way of others or not, 54000 for one that names too
 * many, and what parsing the expression raises, with the attribute's name in the path.
 */
static SdExpr *
computed_expr(const SdScope *scope, const SdAttribute *attr, const SdPath *path)
{
	SdPath		step = SD_KEY_STEP(path, attr->name, attr->name_len);
	int			ncomputed = 0;
	SdScope		inner = {
		.query = scope->query,
		.model = scope->model,
		.ncomputed = scope->ncomputed != NULL ? scope->ncomputed : &ncomputed
	};

	Assert(attr->as != NULL);
	/* the steps of the path that are such attributes point to their names in descriptors */
	for (const SdPath *above = path; above != NULL; above = above->parent)
	{
		if (above->key == attr->name)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s: the computed attribute \"%s\" of model \"%s\" names itself",
							sd_path_text(path), attr->name, scope->model->name)));
	}
	if (++*inner.ncomputed > SD_MAX_COMPUTED)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s: a computed attribute names more than %d others, by way of those that it names",
						sd_path_text(path), SD_MAX_COMPUTED)));
	return sd_parse_expr(&inner, attr->as, &step);
}

/*
 * What a name means in a scope: an attribute, one that associations lead to, a path
 * into a JSON one or, in "having", first of all an alias.  Raises 42703, and 22023 for what is no path.
 */
SdExpr *
sd_column_expr(const SdScope *scope, const char *name, int len, const SdPath *path)
{
	SdExpr	   *expr;
	int			attr;

	if (scope->having)
	{
		for (int i = 0; i < scope->query->noutputs; i++)
		{
			const SdOutput *output = &scope->query->outputs[i];

			if (output->name_len == len && memcmp(output->name, name, len) == 0)
				return output->expr;
		}
	}
	attr = sd_find_column(scope->model, name, len);
	if (attr >= 0)
		return sd_attribute_expr(scope->model, attr);
	attr = sd_find_attribute(scope->model, name, len);
	if (attr >= 0 && scope->model->attrs[attr].as != NULL)
		return computed_expr(scope, &scope->model->attrs[attr], path);
	/* "$User.name$" is User.name, as in the keys of conditions */
	if (len > 2 && name[0] == '$' && name[len - 1] == '$')
		return sd_column_expr(scope, name + 1, len - 2, path);
	expr = sd_related_column(scope, name, len, path);
	if (expr != NULL)
		return sd_shared_expr(scope->query, expr);
	attr = scope->having ? -1 : sd_json_attribute(scope->model, name, len);
	if (attr < 0)
		sd_unknown_name(scope->model, name, len, path);
	return sd_shared_expr(scope->query,
						  sd_json_expr(scope, attr,
									   sd_json_keys(name + scope->model->attrs[attr].name_len,
													len - scope->model->attrs[attr].name_len, path),
									   false, path));
}

/*
 * What a json or jsonb attribute holds at a path of steps, C strings; as jsonb
 * or as text.  Raises 54000 where it is, at path or NULL, a bound value too many.
 */
SdExpr *
sd_json_expr(const SdScope *scope, int attr, List *steps, bool as_text, const SdPath *path)
{
	SdExpr	   *expr = make_expr(as_text ? SD_EXPR_JSON_TEXT : SD_EXPR_JSON,
								 as_text ? TEXTOID : JSONBOID);
	Datum	   *elements = palloc(sizeof(Datum) * Max(list_length(steps), 1));
	ListCell   *cell;

	Assert(scope->model->attrs[attr].type == JSONBOID || scope->model->attrs[attr].type == JSONOID);
	foreach(cell, steps)
		elements[foreach_current_index(cell)] = CStringGetTextDatum((char *) lfirst(cell));
	if (path != NULL)
		sd_check_params(&scope->query->params, path);
	expr->attr = attr;
	expr->param = sd_param(&scope->query->params, TEXTARRAYOID,
						   PointerGetDatum(construct_array(elements, list_length(steps), TEXTOID,
														   -1, false, TYPALIGN_INT)),
						   false);
	return expr;
}

/* what the one member of an expression is called; a value in its place has none of these */
static const char *const keywords[] = {
	"$col", "$fn", "$cast", "$add", "$sub", "$mul", "$div", "$mod", "$neg", "$concat", "$case",
	"$test", "$agg", "$over", "$count", "$sum", "$avg", "$min", "$max", "$list", "$exists"
};

/* What the one member of an expression may be called; *n of them. */
const char *const *
sd_expression_keywords(int *n)
{
	*n = lengthof(keywords);
	return keywords;
}

/* Whether a key is what the one member of an expression is called. */
bool
sd_is_expression_keyword(const JsonbValue *key)
{
	for (int i = 0; i < lengthof(keywords); i++)
	{
		if (sd_string_is(key, keywords[i]))
			return true;
	}
	return false;
}

/* Whether a value is an expression and not a plain value. */
bool
sd_is_expr(const JsonbValue *value)
{
	SdReader	reader;

	if (!sd_is_object(value) || sd_array_length(value) != 1)
		return false;
	sd_read(&reader, value, NULL);
	sd_next_member(&reader);
	return sd_is_expression_keyword(&reader.key);
}

/* Raises 22023 for an object that is no expression: one that looks like it is named. */
static pg_attribute_noreturn() void
not_an_expression(const JsonbValue *value, const SdPath *path)
{
	const char *names[lengthof(keywords)];
	const char *nearest;
	StringInfoData list;
	SdReader	reader;

	if (sd_is_object(value) && sd_array_length(value) == 1)
	{
		sd_read(&reader, value, path);
		sd_next_member(&reader);
		initStringInfo(&list);
		for (int i = 0; i < lengthof(keywords); i++)
		{
			names[i] = keywords[i];
			appendStringInfo(&list, "%s%s", i > 0 ? ", " : "", keywords[i]);
		}
		nearest = sd_nearest(reader.key.val.string.val, reader.key.val.string.len, names,
							 lengthof(keywords));
		if (reader.key.val.string.len > 0 && reader.key.val.string.val[0] == '$')
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s: there is no such expression", sd_path_text(&reader.path)),
					 sd_key_is(&reader, "$literal") || sd_key_is(&reader, "$raw") || sd_key_is(&reader, "$sql")
					 ? errhint("Nothing takes SQL text. What expressions cannot say belongs into a view or a function.")
					 : nearest != NULL ? errhint("Perhaps you meant \"%s\".", nearest)
					 : errhint("Expressions are %s.", list.data)));
	}
	sd_bad_shape(path, "an expression: a value, {\"$col\": ...}, {\"$fn\": [...]} or {\"$cast\": [...]}");
}

/* A plain value, of the type that its JSON type suggests. */
static SdExpr *
plain_value(const SdScope *scope, const JsonbValue *value, const SdPath *path)
{
	SdParams   *params = &scope->query->params;
	bool		isnull;
	Oid			type;

	switch (value->type)
	{
		case jbvNull:
			return sd_param_expr(params, TEXTOID, (Datum) 0, true, path);
		case jbvString:
			type = TEXTOID;
			break;
		case jbvBool:
			type = BOOLOID;
			break;
		case jbvNumeric:
			{
				const char *digits = sd_scalar_text(value, NULL);
				int			n = strlen(digits);

				/* functions such as round and left take an integer, no numeric */
				type = n <= 9 && strspn(digits, "-0123456789") == n ? INT4OID : NUMERICOID;
				break;
			}
		default:
			not_an_expression(value, path);
	}
	return sd_param_expr(params, type, sd_value(value, type, "value", path, &isnull), false, path);
}

/* coalesce(a, b, …): all of the type of the first, to which the others are converted */
static SdExpr *
parse_coalesce(const SdScope *scope, SdReader *reader)
{
	SdExpr	   *expr = make_expr(SD_EXPR_COALESCE, InvalidOid);

	while (sd_next_element(reader))
	{
		SdExpr	   *arg;

		if (OidIsValid(expr->type) && !sd_is_expr(&reader->value))
		{
			arg = sd_bind_value(scope, SD_CONVERT_VALUE, expr->type, "value", &reader->value,
								&reader->path);
		}
		else
			arg = sd_parse_expr(scope, &reader->value, &reader->path);
		if (!OidIsValid(expr->type))
			expr->type = arg->type;
		/* a cast to character would leave the first one of them */
		else if (!can_coerce_type(1, &arg->type, &expr->type, COERCION_IMPLICIT) ||
				 (arg->type != expr->type && expr->type == BPCHAROID))
			sd_bad_shape(&reader->path, psprintf("a value of type %s, as those before it",
												 format_type_be(expr->type)));
		arg = sd_cast_expr(arg, expr->type);
		expr->aggregate |= arg->aggregate;
		expr->window |= arg->window;
		expr->args = lappend(expr->args, arg);
	}
	if (expr->args == NIL)
		sd_bad_shape(reader->parent, "a function's name and its arguments");
	return expr;
}

/* Notes that what a name means is not said by the options alone. */
static void
mark_unsettled(const SdScope *scope)
{
	if (scope->query->call != NULL)
		scope->query->call->unsettled = true;
}

/* {"$fn":["name", arg, …]} */
static SdExpr *
parse_function(const SdScope *scope, const JsonbValue *value, const SdPath *path)
{
	SdExpr	   *expr = make_expr(SD_EXPR_FUNCTION, InvalidOid);
	Oid			types[SD_MAX_ARGS];
	JsonbValue	values[SD_MAX_ARGS];
	bool		late[SD_MAX_ARGS];
	SdFunction	function;
	SdScope		inner = *scope;
	SdReader	reader;
	char	   *name;
	int			n = 0;

	if (!sd_is_array(value) || sd_array_length(value) == 0)
		sd_bad_shape(path, "an array of a function's name and its arguments");
	sd_read(&reader, value, path);
	sd_next_element(&reader);
	if (reader.value.type != jbvString)
		sd_bad_shape(&reader.path, "the name of a function");
	name = sd_string(&reader.value);
	if (pg_strcasecmp(name, "coalesce") == 0)
		return parse_coalesce(scope, &reader);
	if (pg_strcasecmp(name, "nullif") == 0)
		return sd_parse_nullif(scope, &reader);
	inner.window_function = false;

	while (sd_next_element(&reader))
	{
		SdExpr	   *arg;

		if (n == SD_MAX_ARGS)
			sd_bad_shape(path, psprintf("at most %d arguments", SD_MAX_ARGS));
		/* its type is what the function takes */
		late[n] = sd_is_placeholder(&reader.value);
		if (late[n])
		{
			values[n] = reader.value;
			types[n++] = UNKNOWNOID;
			expr->args = lappend(expr->args, NULL);
			continue;
		}
		arg = sd_parse_expr(&inner, &reader.value, &reader.path);
		types[n++] = arg->type;
		expr->aggregate |= arg->aggregate;
		expr->window |= arg->window;
		expr->args = lappend(expr->args, arg);
	}
	function = sd_find_function(name, n, types, scope->window_function, scope->order, path);
	Assert(list_length(expr->args) == n);
	for (int i = 0; i < n; i++)
	{
		SdPath		step = SD_INDEX_STEP(path, i + 1);

		if (late[i])
			lfirst(list_nth_cell(expr->args, i)) =
				sd_bind_value(scope, SD_CONVERT_VALUE, types[i], "value", &values[i], &step);
	}
	if (function.other)
		mark_unsettled(scope);
	if (function.aggregate && (expr->aggregate || !scope->aggregates))
		sd_bad_shape(path, expr->aggregate ? "no aggregate inside an aggregate"
					 : "no aggregate here");
	if (function.aggregate && expr->window)
		sd_bad_shape(path, "no window inside an aggregate");
	expr->aggregate |= function.aggregate;
	expr->star = function.star;
	expr->function = function.name;
	expr->type = function.type;
	return expr;
}

/* {"$cast":[expr, "type"]} */
static SdExpr *
parse_cast(const SdScope *scope, const JsonbValue *value, const SdPath *path)
{
	SdExpr	   *expr;
	SdExpr	   *arg;
	SdPath		value_path;
	JsonbValue	inner;
	SdReader	reader;

	if (!sd_is_array(value) || sd_array_length(value) != 2)
		sd_bad_shape(path, "an array of an expression and the name of a type");
	sd_read(&reader, value, path);
	sd_next_element(&reader);
	value_path = reader.path;
	inner = reader.value;
	sd_next_element(&reader);
	if (reader.value.type != jbvString)
		sd_bad_shape(&reader.path, "the name of a type");
	expr = make_expr(SD_EXPR_CAST, sd_find_cast_type(sd_string(&reader.value), &reader.path));
	if (sd_is_placeholder(&inner))
		return sd_bind_value(scope, SD_CONVERT_VALUE, expr->type, "value", &inner, &value_path);
	arg = sd_parse_expr(scope, &inner, &value_path);
	if (arg->kind == SD_EXPR_JSON && expr->type != JSONBOID && expr->type != JSONOID)
	{
		/* the string "9" in a document is the number 9 too, and a text without its quotes */
		SdExpr	   *text = make_expr(SD_EXPR_JSON_TEXT, TEXTOID);

		text->attr = arg->attr;
		text->param = arg->param;
		arg = text;
	}
	if (!can_coerce_type(1, &arg->type, &expr->type, COERCION_EXPLICIT))
		sd_bad_shape(path, psprintf("a value that can be cast: one of type %s cannot be to %s",
									format_type_be(arg->type), format_type_be(expr->type)));
	expr->aggregate = arg->aggregate;
	expr->window = arg->window;
	expr->args = list_make1(arg);
	return expr;
}

/*
 * Parses the expression that stands at path.  Plain values are bound in the
 * scope's query.
 *
 * Raises 22023 for a wrong shape or a function or type that is not allowed,
 * 42703 for an unknown attribute.
 */
SdExpr *
sd_parse_expr(const SdScope *scope, const JsonbValue *value, const SdPath *path)
{
	SdReader	reader;
	SdExpr	   *expr;

	sd_check_depth(path);
	if (sd_is_placeholder(value))
		return sd_bind_value(scope, SD_CONVERT_VALUE, TEXTOID, "value", value, path);
	if (!sd_is_expr(value))
		return plain_value(scope, value, path);
	sd_read(&reader, value, path);
	sd_next_member(&reader);
	if (sd_key_is(&reader, "$fn"))
		return sd_shared_expr(scope->query, parse_function(scope, &reader.value, &reader.path));
	if (sd_key_is(&reader, "$cast"))
		return sd_shared_expr(scope->query, parse_cast(scope, &reader.value, &reader.path));
	expr = sd_parse_operation(scope, &reader);
	if (expr == NULL)
		expr = sd_parse_related(scope, &reader);
	if (expr != NULL)
		return sd_shared_expr(scope->query, expr);
	if (reader.value.type != jbvString)
		sd_bad_shape(&reader.path, "the name of an attribute");
	return sd_column_expr(scope, reader.value.val.string.val, reader.value.val.string.len,
						  &reader.path);
}

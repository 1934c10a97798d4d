/*-------------------------------------------------------------------------
 * parse/related.c
 *		Parses what is said of the records that associations lead to.
 *
 * They are those that an include of the same path would show: association
 * scopes, the default scope and the paranoid rule of the model hold for them.
 * Each is a subquery over the path; in "attributes" it becomes one statement for
 * a batch of records instead (include.c).
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "json/object_text.h"
#include "lib/stringinfo.h"
#include "parse/associated.h"
#include "parse/binding.h"
#include "parse/functions.h"
#include "parse/include.h"
#include "parse/members.h"
#include "parse/operation.h"
#include "parse/options.h"
#include "parse/related.h"
#include "parse/scopes.h"
#include "parse/order.h"
#include "parse/where.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#define SD_MAX_STEPS	10		/* associations in a path */

typedef enum RelatedKind
{
	RELATED_COUNT,
	RELATED_SUM,
	RELATED_AVG,
	RELATED_MIN,
	RELATED_MAX,
	RELATED_LIST,
	RELATED_EXISTS
} RelatedKind;

static const struct
{
	const char *key;
	const char *function;		/* NULL: none */
}			kinds[] = {
	[RELATED_COUNT] = {"$count", "count"},
	[RELATED_SUM] = {"$sum", "sum"},
	[RELATED_AVG] = {"$avg", "avg"},
	[RELATED_MIN] = {"$min", "min"},
	[RELATED_MAX] = {"$max", "max"},
	[RELATED_LIST] = {"$list", NULL},
	[RELATED_EXISTS] = {"$exists", NULL}
};

StaticAssertDecl(lengthof(kinds) == RELATED_EXISTS + 1, "every kind has a key");

/* the records at the end of a path */
typedef struct Related
{
	List	   *path;			/* of SdAssociated */
	SdScope		scope;			/* of the model at its end */
	SdCondition *where;			/* what is said of the records there */
} Related;

/* The scope that a path begins in. */
static SdScope
start_of_path(const SdScope *scope)
{
	return (SdScope) {
		.query = scope->query,
		.model = scope->model,
		.within_default = scope->within_default,
		.ncomputed = scope->ncomputed
	};
}

/*
 * One more step of a path, by the name of an association, to what sd_open_shown() shows
 * there; what it says of these records stands in related->where until the next step.
 */
static void
add_step(Related *related, const char *name, int len, List *sources, bool with_deleted,
		 const SdPath *path)
{
	SdScope		scope = related->scope;
	const SdAssociation *association;
	bool		ambiguous;

	if (list_length(related->path) == SD_MAX_STEPS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s: a path may have at most %d associations", sd_path_text(path),
						SD_MAX_STEPS)));
	association = sd_find_association(scope.model, name, len, &ambiguous);
	if (association == NULL)
		sd_unknown_association(scope.model, name, len, ambiguous, path);
	if (related->path != NIL)
	{
		SdAssociated *step = llast(related->path);

		step->scope = sd_and(step->scope, related->where);
	}
	related->path = lappend(related->path,
							sd_open_shown(&scope, association, sources, with_deleted, path,
										  &related->scope, &related->where));
}

/* The steps of a name such as Posts.Comments; the sources are about the last. */
static void
add_steps(Related *related, const char *name, int len, List *sources, bool with_deleted,
		 const SdPath *path)
{
	const char *end = name + len;

	for (;;)
	{
		const char *dot = memchr(name, '.', end - name);

		add_step(related, name, (dot != NULL ? dot : end) - name, dot != NULL ? NIL : sources,
				 with_deleted, path);
		if (dot == NULL)
			return;
		name = dot + 1;
	}
}

/* The records that a value, a name or an object, is about; *attribute is what it names of them. */
static Related
read_related(const SdScope *scope, RelatedKind kind, const JsonbValue *value,
			 const SdPath *path, JsonbValue *attribute, SdPath *attribute_path)
{
	Related		related = {.scope = start_of_path(scope)};
	bool		takes_attribute = kind != RELATED_COUNT && kind != RELATED_EXISTS;
	JsonbValue	name = {.type = jbvNull};
	SdPath		name_path = *path;
	bool		with_deleted = false;

	attribute->type = jbvNull;
	*attribute_path = *path;
	if (value->type == jbvString)
	{
		const char *dot = NULL;

		name = *value;
		for (int i = 0; takes_attribute && i < name.val.string.len; i++)
		{
			if (name.val.string.val[i] == '.')
				dot = name.val.string.val + i;
		}
		if (takes_attribute && dot == NULL)
			sd_bad_shape(path, "an association and an attribute of it: \"Posts.likes\"");
		if (dot != NULL)
		{
			attribute->type = jbvString;
			attribute->val.string.val = unconstify(char *, dot + 1);
			attribute->val.string.len = name.val.string.val + name.val.string.len - dot - 1;
			name.val.string.len = dot - name.val.string.val;
		}
	}
	else if (sd_is_object(value))
	{
		SdReader	reader;

		sd_read(&reader, value, path);
		while (sd_next_member(&reader))
		{
			if (sd_key_is(&reader, "association"))
			{
				name = reader.value;
				name_path = reader.path;
			}
			else if (sd_key_is(&reader, takes_attribute ? "attribute" : "distinct") &&
					 kind != RELATED_EXISTS)
			{
				if (!takes_attribute && reader.value.type != jbvString && reader.value.type != jbvNull)
					sd_bad_shape(&reader.path, "the name of an attribute");
				*attribute = reader.value;
				*attribute_path = reader.path;
			}
			else if (sd_key_is(&reader, "paranoid"))
				with_deleted = !sd_parse_flag(&reader.value, &reader.path);
			else if (!sd_key_is(&reader, "where") && !sd_key_is(&reader, "scope") &&
					 !(kind == RELATED_LIST && (sd_key_is(&reader, "order") ||
												sd_key_is(&reader, "distinct") ||
												sd_key_is(&reader, "limit"))))
				sd_bad_shape(&reader.path,
							 kind == RELATED_EXISTS
							 ? "only \"association\", \"where\", \"scope\" and \"paranoid\" here"
							 : kind == RELATED_COUNT
							 ? "only \"association\", \"where\", \"distinct\", \"scope\" and \"paranoid\" here"
							 : kind == RELATED_LIST
							 ? "only \"association\", \"attribute\", \"where\", \"order\", \"distinct\", \"limit\", \"scope\" and \"paranoid\" here"
							 : "only \"association\", \"attribute\", \"where\", \"scope\" and \"paranoid\" here");
		}
		if (takes_attribute && attribute->type != jbvString)
			sd_bad_shape(attribute_path, "a member \"attribute\" with the name of one");
	}
	if (name.type != jbvString)
		sd_bad_shape(&name_path, "the name of an association, or an object with \"association\"");
	add_steps(&related, name.val.string.val, name.val.string.len,
			  sd_is_object(value) ? list_make1(sd_make_source(SD_SOURCE_CALLER, value, path)) : NIL,
			  with_deleted, &name_path);
	return related;
}

/* An expression over the records at the end of a path. */
static SdExpr *
make_related(const Related *related, SdExpr *value)
{
	SdExpr	   *expr = palloc0(sizeof(SdExpr));

	Assert(related->path != NIL);
	expr->kind = SD_EXPR_RELATED;
	expr->type = value->type;
	expr->path = related->path;
	expr->args = list_make1(value);
	expr->filter = related->where;
	expr->param = -1;
	return expr;
}

/* A row of one value, which may be an array: see sd_write_boxed(). */
static SdExpr *
box(SdExpr *value)
{
	SdExpr	   *row = palloc0(sizeof(SdExpr));

	row->kind = SD_EXPR_FUNCTION;
	row->type = RECORDOID;
	row->function = SD_ROW;
	row->args = list_make1(value);
	return row;
}

/* {"$list": …}: an array of values in their order */
static SdExpr *
make_list(const Related *related, SdExpr *value, const JsonbValue *options, const SdPath *path)
{
	bool		is_array = OidIsValid(get_element_type(value->type));
	SdExpr	   *expr = make_related(related, is_array ? box(value) : value);
	JsonbValue	member;

	expr->type = is_array ? RECORDARRAYOID : get_array_type(value->type);
	if (!OidIsValid(expr->type))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: values of type %s cannot be listed", sd_path_text(path),
						format_type_be(value->type))));
	expr->list = true;
	if (!sd_is_object(options))
		return expr;
	if (getKeyJsonValueFromContainer(options->val.binary.data, "distinct", 8, &member) != NULL)
	{
		SdPath		step = SD_KEY_STEP(path, "distinct", 8);

		expr->distinct = sd_parse_flag(&member, &step);
		if (expr->distinct)
			sd_check_sortable(value, &step);
	}
	if (getKeyJsonValueFromContainer(options->val.binary.data, "order", 5, &member) != NULL)
	{
		SdPath		step = SD_KEY_STEP(path, "order", 5);

		expr->orders = sd_parse_order_terms(&related->scope, &member, &step);
		for (int i = 0; expr->distinct && i < list_length(expr->orders); i++)
		{
			if (!sd_same_attribute(((SdOrder *) list_nth(expr->orders, i))->expr, value))
				sd_bad_shape(&step, "an order by the attribute alone, beside \"distinct\"");
		}
	}
	if (getKeyJsonValueFromContainer(options->val.binary.data, "limit", 5, &member) != NULL)
	{
		SdPath		step = SD_KEY_STEP(path, "limit", 5);

		expr->param = sd_bind_value(&related->scope, SD_CONVERT_COUNT, INT8OID, "limit", &member,
									&step)->param;
	}
	return expr;
}

/*
 * The expression that the one member of {"$count": …} and its like makes; NULL when
 * it is none of them.  Raises 22023 for a wrong shape and an unknown association,
 * 42703 for an unknown attribute, 54000 for a path that is too long, and what
 * opening models and parsing conditions raises.
 */
SdExpr *
sd_parse_related(const SdScope *scope, const SdReader *member)
{
	int			kind = 0;
	Related		related;
	JsonbValue	attribute;
	SdPath		path;
	SdExpr	   *arg = NULL;
	SdExpr	   *aggregate;
	SdFunction	function;

	while (kind < lengthof(kinds) && !sd_key_is(member, kinds[kind].key))
		kind++;
	if (kind == lengthof(kinds))
		return NULL;
	if (kind == RELATED_EXISTS)
	{
		SdExpr	   *expr = palloc0(sizeof(SdExpr));

		expr->kind = SD_EXPR_TEST;
		expr->type = BOOLOID;
		expr->conditions = list_make1(sd_parse_exists(scope, &member->value, &member->path));
		return expr;
	}
	related = read_related(scope, kind, &member->value, &member->path, &attribute, &path);
	if (attribute.type == jbvString)
		arg = sd_column_expr(&related.scope, attribute.val.string.val, attribute.val.string.len,
							 &path);
	if (kind == RELATED_LIST)
		return make_list(&related, arg, &member->value, &member->path);
	Assert(arg != NULL || kind == RELATED_COUNT);
	function = sd_find_function(kinds[kind].function, arg != NULL ? 1 : 0,
								arg != NULL ? &arg->type : NULL, false, false, &path);
	aggregate = palloc0(sizeof(SdExpr));
	aggregate->kind = SD_EXPR_FUNCTION;
	aggregate->type = function.type;
	aggregate->function = function.name;
	aggregate->star = arg == NULL;
	aggregate->distinct = kind == RELATED_COUNT && arg != NULL;
	if (aggregate->distinct)
		sd_check_sortable(arg, &path);
	aggregate->args = arg != NULL ? list_make1(arg) : NIL;
	/* numbers as aggregate() writes them */
	if (kind == RELATED_COUNT ||
		((kind == RELATED_SUM || kind == RELATED_AVG) &&
		 (arg->type == INT2OID || arg->type == INT4OID || arg->type == FLOAT4OID ||
		  arg->type == FLOAT8OID)))
		aggregate = sd_cast_expr(aggregate, FLOAT8OID);
	return make_related(&related, aggregate);
}

/*
 * "$exists": whether there is a record at the end of a path, a condition.  Raises
 * what sd_parse_related() raises.
 */
SdCondition *
sd_parse_exists(const SdScope *scope, const JsonbValue *value, const SdPath *path)
{
	JsonbValue	attribute;
	SdPath		attribute_path;
	Related		related = read_related(scope, RELATED_EXISTS, value, path, &attribute,
									   &attribute_path);
	SdCondition *condition = related.where;

	Assert(related.path != NIL);
	for (int i = list_length(related.path) - 1; i >= 0; i--)
	{
		SdCondition *exists = sd_make_condition(SD_COND_EXISTS);

		exists->associated = list_nth(related.path, i);
		if (condition != NULL)
			exists->args = list_make1(condition);
		condition = exists;
	}
	return condition;
}

/*
 * An attribute by a name with dots: of the record that associations lead to, or of
 * the join row; NULL where the name begins with neither.  Raises 22023 where a
 * step leads to many records, 42703 for an unknown attribute.
 */
SdExpr *
sd_related_column(const SdScope *scope, const char *name, int len, const SdPath *path)
{
	const char *dot = memchr(name, '.', len);
	Related		related = {.scope = start_of_path(scope)};
	const SdAssociation *association;
	SdAssociated *associated;
	SdExpr	   *expr;
	bool		ambiguous;
	int			rest;

	if (dot == NULL)
		return NULL;
	rest = len - (dot + 1 - name);
	if (scope->through != NULL && strlen(scope->through->name) == dot - name &&
		memcmp(scope->through->name, name, dot - name) == 0)
	{
		SdScope		rows = {.query = scope->query, .model = scope->through};

		expr = palloc0(sizeof(SdExpr));
		expr->kind = SD_EXPR_THROUGH;
		expr->args = list_make1(sd_column_expr(&rows, dot + 1, rest, path));
		expr->type = ((SdExpr *) linitial(expr->args))->type;
		return expr;
	}
	association = sd_find_association(scope->model, name, dot - name, &ambiguous);
	if (association == NULL)
	{
		if (ambiguous)
			sd_unknown_association(scope->model, name, dot - name, true, path);
		return NULL;
	}
	if (sd_is_to_many(association))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: association \"%s\" leads to many records, of which one value is asked",
						sd_path_text(path), association->alias),
				 errhint("Use an aggregate: {\"$max\": %s}, $min, $sum, $avg, $count, or a $list.",
						 sd_json_name(sd_clip(name, len)))));
	add_step(&related, name, dot - name, NIL, false, path);
	if (sd_find_association(related.scope.model, dot + 1, rest, &ambiguous) != NULL &&
		sd_find_attribute(related.scope.model, dot + 1, rest) < 0)
		sd_bad_shape(path, psprintf("an attribute of association \"%s\", not an association",
									association->alias));
	related.scope.through = NULL;
	associated = linitial(related.path);
	associated->scope = sd_and(associated->scope, related.where);
	expr = palloc0(sizeof(SdExpr));
	expr->kind = SD_EXPR_ASSOCIATED;
	expr->associated = associated;
	expr->args = list_make1(sd_column_expr(&related.scope, dot + 1, rest, path));
	expr->type = ((SdExpr *) linitial(expr->args))->type;
	return expr;
}

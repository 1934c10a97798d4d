/*-------------------------------------------------------------------------
 * parse/include.c
 *		Parses the option "include".
 *
 * Each include is a query of its own on the other end of an association, with
 * options, scopes and includes of its own, restricted to the rows that belong
 * to its parents.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/reader.h"
#include "convert/value.h"
#include "miscadmin.h"
#include "model/table_index.h"
#include "parse/associated.h"
#include "parse/conflict.h"
#include "parse/include.h"
#include "parse/members.h"
#include "parse/options.h"
#include "parse/scopes.h"
#include "parse/through_option.h"
#include "parse/where.h"
#include "settings.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

/* associations that one call may include */
#define SD_MAX_INCLUDES	1000

/*
 * What an associated row has to satisfy for its parent to be there: the
 * include's condition, and that of what is required in it.  It is parsed anew
 * for each level, whose statement binds the values.
 */
static SdCondition *
required_condition(const SdScope *scope, const SdInclude *include)
{
	SdScope		target = {
		.query = scope->query,
		.model = include->associated->target,
		.through = include->associated->through,
		.within_default = scope->within_default
	};
	SdCondition *exists = sd_make_condition(SD_COND_EXISTS);
	SdCondition *condition = NULL;
	ListCell   *cell;

	check_stack_depth();
	foreach(cell, include->wheres)
	{
		const SdSource *where = lfirst(cell);

		condition = sd_and(condition, sd_parse_where(&target, &where->value, where->path));
	}
	if (include->query->through != NULL)
	{
		SdScope		rows = {.query = scope->query, .model = include->query->through->model};

		foreach(cell, include->query->through->wheres)
		{
			const SdSource *where = lfirst(cell);

			exists->through = sd_and(exists->through,
									 sd_parse_where(&rows, &where->value, where->path));
		}
	}
	foreach(cell, include->query->includes)
	{
		if (((SdInclude *) lfirst(cell))->required)
			condition = sd_and(condition, required_condition(&target, lfirst(cell)));
	}
	exists->associated = sd_scoped(scope->query, include->associated);
	if (condition != NULL)
		exists->args = list_make1(condition);
	return exists;
}

/* Leaves out the rows that lack what a required include asks for. */
void
sd_require_includes(SdQuery *query)
{
	SdScope		scope = {.query = query, .model = query->model};
	ListCell   *cell;

	foreach(cell, query->includes)
	{
		if (((SdInclude *) lfirst(cell))->required)
			query->where = sd_and(query->where, required_condition(&scope, lfirst(cell)));
	}
}

/* Counts the levels of include above path, which stands in the include option. */
static void
check_include_depth(const SdPath *path)
{
	int			depth = 0;

	for (const SdPath *step = path; step != NULL; step = step->parent)
	{
		if (step->key != NULL && step->len == 7 && memcmp(step->key, "include", 7) == 0)
			depth++;
	}
	if (depth > sd_max_include_depth)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s: includes are nested more than %d levels deep", sd_path_text(path),
						sd_max_include_depth),
				 errhint("The setting studentdir.max_include_depth is the limit.")));
}

/* Counts one more include of the call, which "all" can make many of. */
static void
count_include(const SdQuery *query, const SdPath *path)
{
	Assert(query->call != NULL);
	if (++query->call->nincludes > SD_MAX_INCLUDES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s: more than %d associations are included in one call",
						sd_path_text(path), SD_MAX_INCLUDES),
				 errhint("Each of them is a statement. Name those that are wanted instead of \"all\".")));
}

/* The include of an association that the query has already, or NULL. */
static SdInclude *
find_include(const SdQuery *query, const SdAssociation *association)
{
	ListCell   *cell;

	foreach(cell, query->includes)
	{
		SdInclude  *include = lfirst(cell);

		if (include->association == association && !include->computed)
			return include;
	}
	return NULL;
}

/*
 * Restricts an included query to the rows that belong to a batch of parents,
 * whose keys are bound as one array when the batch is there.  Raises 55000 for
 * keys of a type without equality.
 */
void
sd_match_parents(SdQuery *query, const SdAssociated *associated)
{
	const SdAssociation *association = associated->association;
	const int  *attrs = associated->through != NULL ? associated->foreign_keys
		: associated->target_keys;

	Assert(association->nkeys > 0 && query->nmatches == 0);
	query->nmatches = association->nkeys;
	query->matches = palloc(sizeof(SdMatch) * association->nkeys);
	for (int i = 0; i < association->nkeys; i++)
	{
		const SdAttribute *key = &associated->source->attrs[association->source_keys[i]];
		Oid			array_type = get_array_type(key->type);

		if (!OidIsValid(array_type) ||
			!OidIsValid(lookup_type_cache(key->type, TYPECACHE_HASH_PROC)->hash_proc))
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("association \"%s\" of model \"%s\" is not valid",
							association->alias, associated->source->name),
					 errdetail("Values of type %s cannot be keys.", format_type_be(key->type))));
		query->matches[i].attr = attrs[i];
		query->matches[i].type = key->type;
		query->matches[i].collation = key->collation;
		query->matches[i].param = sd_param(&query->params, array_type, (Datum) 0, true);
	}
	query->where = sd_and(query->where,
						  sd_association_scope(query, associated->target, associated,
											   association->scope));
	if (associated->through != NULL)
	{
		SdThrough  *through = palloc0(sizeof(SdThrough));
		SdQuery    *rows = sd_make_query(associated->through);

		query->through = through;
		through->model = associated->through;
		through->nkeys = association->ntarget_keys;
		through->other_keys = associated->other_keys;
		through->target_keys = associated->target_keys;
		through->noutputs = rows->noutputs;
		through->outputs = rows->outputs;
		through->where = sd_association_scope(query, through->model, associated,
											  association->through_scope);
	}
}

/* Adds an include by name, or finds that of an earlier source, and returns it for more options. */
static SdInclude *
add_include(SdQuery *query, const char *name, int len, const SdPath *path)
{
	SdInclude  *include = palloc0(sizeof(SdInclude));
	SdInclude  *known;
	const SdModel *source = query->model;
	const SdAssociation *association;
	bool		ambiguous;

	association = sd_find_association(source, name, len, &ambiguous);
	if (association == NULL)
		sd_unknown_association(source, name, len, ambiguous, path);
	known = find_include(query, association);
	if (known != NULL && known->named_in == query->source)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: association \"%s\" is included twice", sd_path_text(path),
						association->alias)));
	if (known != NULL)
	{
		known->named_in = query->source;
		return known;
	}
	count_include(query, path);
	include->path = sd_copy_path(path);
	include->named_in = query->source;
	include->association = association;
	include->associated = sd_open_associated(query, source, association);
	include->query = sd_make_query(include->associated->target);
	include->query->call = query->call;
	sd_match_parents(include->query, include->associated);
	query->includes = lappend(query->includes, include);
	return include;
}

/* {"all":true}: every association; with "nested" theirs too, but no model within itself. */
static void
include_all(SdQuery *query, bool nested, List *within, const SdPath *path)
{
	const SdModel *model = query->model;

	check_stack_depth();
	within = lappend(list_copy(within), unconstify(char *, model->name));
	for (int i = 0; i < model->nassociations; i++)
	{
		const SdAssociation *association = &model->associations[i];
		SdInclude  *include;
		ListCell   *cell;
		bool		circle = false;

		foreach(cell, within)
			circle |= nested && strcmp(lfirst(cell), association->target) == 0;
		/* the join row has that key */
		if (query->through != NULL && strcmp(association->alias, query->through->model->name) == 0)
			continue;
		if (circle || find_include(query, association) != NULL)
			continue;
		include = add_include(query, association->alias, strlen(association->alias), path);
		if (nested && list_length(within) < sd_max_include_depth)
			include_all(include->query, true, within, path);
	}
}

/* An object with "all": its other members. */
static void
parse_include_all(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	bool		nested = false;
	bool		all = false;
	SdReader	reader;

	sd_read(&reader, value, path);
	while (sd_next_member(&reader))
	{
		if (sd_key_is(&reader, "all"))
			all = sd_parse_flag(&reader.value, &reader.path);
		else if (sd_key_is(&reader, "nested"))
			nested = sd_parse_flag(&reader.value, &reader.path);
		else
			sd_bad_shape(&reader.path, "only \"nested\" beside \"all\"");
	}
	if (all)
		include_all(query, nested, NIL, path);
}

/*
 * Notes an include's conditions, and whether it is required: when it says so or,
 * if it does not say, when it has a condition.
 */
static void
parse_required(SdInclude *include, List *sources)
{
	ListCell   *cell;
	JsonbValue	member;

	foreach(cell, sources)
	{
		const SdSource *source = lfirst(cell);
		SdPath		step = SD_KEY_STEP(source->path, "where", 5);

		if (getKeyJsonValueFromContainer(source->value.val.binary.data, "where", 5,
										 &member) != NULL)
			include->wheres = lappend(include->wheres,
									  sd_make_source(source->kind, &member, &step));
	}
	include->required = include->wheres != NIL;
	foreach(cell, include->sources)
	{
		const SdSource *source = lfirst(cell);
		SdPath		step = SD_KEY_STEP(source->path, "required", 8);

		if (getKeyJsonValueFromContainer(source->value.val.binary.data, "required", 8,
										 &member) != NULL)
			include->required = sd_parse_flag(&member, &step);
	}
}

/* A whole number of levels, 1 or more; raises 22023 for anything else. */
static int
parse_depth(const JsonbValue *value, const SdPath *path)
{
	const char *digits = value->type == jbvNumeric ? sd_integer_text(value) : "";
	size_t		len = strlen(digits);

	if (len == 0 || strspn(digits, "0123456789") < len || strcmp(digits, "0") == 0)
		sd_bad_shape(path, "a whole number, 1 or more");
	/* what does not fit is more than any setting allows */
	return len > 9 ? PG_INT32_MAX : atoi(digits);
}

/*
 * Reads how many levels a recursive include has, unless the one above it says so.
 * Raises 22023 for an association that does not lead to its own model, 54000 for
 * more levels than the setting allows.
 */
static void
read_depth(SdInclude *include)
{
	ListCell   *cell;
	bool		recursive = include->depth > 0;
	int			depth = sd_max_include_depth;
	JsonbValue	member;

	foreach(cell, include->sources)
	{
		const SdSource *source = lfirst(cell);
		SdPath		step = SD_KEY_STEP(source->path, "recursive", 9);
		SdPath		depth_step = SD_KEY_STEP(source->path, "depth", 5);

		if (recursive)
			return;
		if (getKeyJsonValueFromContainer(source->value.val.binary.data, "recursive", 9,
										 &member) != NULL)
			recursive = sd_parse_flag(&member, &step);
		if (recursive &&
			strcmp(include->association->target, include->associated->source->name) != 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s: association \"%s\" leads from model \"%s\" to model \"%s\", not to the same",
							sd_path_text(&step), include->association->alias,
							include->associated->source->name, include->association->target)));
		if (getKeyJsonValueFromContainer(source->value.val.binary.data, "depth", 5, &member) == NULL)
			continue;
		if (!recursive)
			sd_bad_shape(&depth_step, "\"recursive\": true beside it");
		depth = parse_depth(&member, &depth_step);
		if (depth > sd_max_include_depth)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("%s: includes are nested more than %d levels deep",
							sd_path_text(&depth_step), sd_max_include_depth),
					 errhint("The setting studentdir.max_include_depth is the limit.")));
	}
	if (recursive)
		include->depth = depth;
}

/* Includes a recursive include in itself, for one level less; below the last for its key alone. */
static void
include_again(SdInclude *include)
{
	SdInclude  *again = add_include(include->query, include->association->alias,
									strlen(include->association->alias), include->path);

	again->sources = include->sources;
	again->depth = include->depth - 1;
	again->key_only = again->hidden = again->depth == 0;
}

/* Raises 22023 where records that belong to the one that they are nested in would be looked for. */
static void
check_sought(const SdInclude *include)
{
	const SdConflict *conflict = include->query->write->conflict;
	const char *option;
	SdPath		step;

	if (conflict == NULL || include->association->kind == SD_BELONGS_TO ||
		include->association->kind == SD_BELONGS_TO_MANY)
		return;
	option = conflict->ignore ? "ignoreDuplicates" : "updateOnDuplicate";
	step = SD_KEY_STEP(include->path, option, strlen(option));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s: records are found and linked under belongs_to and belongs_to_many only",
					sd_path_text(&step)),
			 errdetail("Association \"%s\" is neither.",
					   include->association->alias)));
}

/* "others": "keep", "remove" or "destroy", in the include of an update */
void
sd_parse_others_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	static const char *const words[] = {
		[SD_OTHERS_KEEP] = "keep",
		[SD_OTHERS_REMOVE] = "remove",
		[SD_OTHERS_DESTROY] = "destroy"
	};
	int			word = 0;

	StaticAssertStmt(lengthof(words) == SD_OTHERS_DESTROY + 1, "everything that becomes of others has a word");
	if (query->call->kind != SD_CALL_UPDATE_BY_PK)
		sd_bad_shape(path, "nothing here: a record that is created has no others");
	while (word < lengthof(words) &&
		   !(value->type == jbvString && sd_string_is(value, words[word])))
		word++;
	if (word == lengthof(words))
		sd_bad_shape(path, "\"keep\", \"remove\" or \"destroy\"");
	query->write->others = word;
}

/* Raises 22023 for "others" of an association that leads from the record that refers. */
static void
check_others(const SdInclude *include)
{
	SdPath		step = SD_KEY_STEP(include->path, "others", 6);

	if (include->query->write->others != SD_OTHERS_KEEP &&
		include->association->kind == SD_BELONGS_TO)
		sd_bad_shape(&step, "nothing here: a record belongs to one by the association, and there are no others");
}

/*
 * Whether an index has the records of each parent together, in the order that they
 * are asked for: then those of one parent after the other are read until there are
 * enough (plan/deparse.c).
 */
static bool
is_by_index(const SdQuery *query)
{
	const SdModel *model = query->through != NULL ? query->through->model : query->model;
	const SdOrder *order = query->norders > 0 ? &query->orders[0] : NULL;
	SdSorting	sorting = {.attr = -1};
	int		   *attrs = palloc(sizeof(int) * query->nmatches);

	if (query->nmatches == 0 || query->limit_param < 0)
		return false;
	/* Citus takes no LATERAL over shards */
	if (query->model->distribution != SD_NOT_DISTRIBUTED ||
		model->distribution != SD_NOT_DISTRIBUTED)
		return false;
	if (order != NULL)
	{
		const SdExpr *expr = order->expr;

		if (query->through != NULL && expr->kind == SD_EXPR_THROUGH)
			expr = linitial(expr->args);
		else if (query->through != NULL)
			return false;
		if (expr->kind != SD_EXPR_ATTRIBUTE)
			return false;
		sorting.attr = expr->attr;
		sorting.descending = order->descending;
		sorting.nulls_first = order->nulls == SD_NULLS_DEFAULT ? order->descending
			: order->nulls == SD_NULLS_FIRST;
	}
	for (int i = 0; i < query->nmatches; i++)
		attrs[i] = query->matches[i].attr;
	return sd_has_index(model, attrs, query->nmatches, &sorting);
}

/* Parses what all that ask for an include of a call, or of an include, say of it. */
void
sd_finish_include(SdInclude *include, SdCall call)
{
	SdQuery    *query = include->query;
	List	   *sources = include->sources;

	bool		again = include->depth > 0;

	read_depth(include);
	if (call == SD_CALL_INCLUDE)
		sources = sd_add_scopes(query->model, sources, include->path, true);
	if (include->depth > 0)
		include_again(include);
	sd_parse_sources(query, sources, call, include->path);
	if (call == SD_CALL_CREATE_INCLUDE && query->through != NULL && query->through->wheres != NIL)
	{
		const SdSource *where = linitial(query->through->wheres);

		sd_bad_shape(where->path, "no condition on join rows that are created");
	}
	if (call == SD_CALL_CREATE_INCLUDE)
	{
		check_sought(include);
		check_others(include);
	}
	/* a tree is not cut off where it ends */
	if (!again)
		parse_required(include, sources);
	query->by_index = is_by_index(query);
	include->associated->with_deleted = !query->paranoid;
	sd_leave_out_deleted_joins(query);
	include->associated->with_deleted_joins = query->through != NULL && query->through->with_deleted;
	include->hidden = query->noutputs == 0 && query->includes == NIL;
}

/* A member of an object of "include" that is a name; false where there is none. */
static bool
read_name_member(const JsonbValue *value, const char *key, const SdPath *path, JsonbValue *name)
{
	SdPath		step = SD_KEY_STEP(path, key, strlen(key));

	if (getKeyJsonValueFromContainer(value->val.binary.data, key, strlen(key), name) == NULL)
		return false;
	if (name->type != jbvString)
		sd_bad_shape(&step, "a name");
	return true;
}

/*
 * Which association an object means: "association", or in Sequelize's words "as",
 * its alias, beside "model", its target, either of which may be left out.
 */
static void
read_name(const SdModel *source, const JsonbValue *value, const SdPath *path, JsonbValue *name)
{
	JsonbValue	target;
	bool		by_name = read_name_member(value, "association", path, name);
	bool		by_model = read_name_member(value, "model", path, &target);
	const SdAssociation *association;
	bool		ambiguous;

	if (by_name && !by_model && !read_name_member(value, "as", path, &target))
		return;
	if (by_name)
		sd_bad_shape(path, "either \"association\", or \"model\" and \"as\"");
	if (!read_name_member(value, "as", path, name))
	{
		if (!by_model)
			sd_bad_shape(path, "a member \"association\" with the name of one");
		*name = target;
		return;
	}
	association = sd_find_association(source, name->val.string.val, name->val.string.len,
									  &ambiguous);
	if (by_model && association != NULL && !sd_string_is(&target, association->target))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: association \"%s\" leads to model \"%s\", not to \"%s\"",
						sd_path_text(path), association->alias, association->target,
						sd_clip(target.val.string.val, target.val.string.len))));
}

/* One element of "include": a name, or an object with options. */
static void
parse_one_include(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	SdInclude  *include;
	JsonbValue	name;

	if (value->type == jbvString)
	{
		add_include(query, value->val.string.val, value->val.string.len, path);
		return;
	}
	if (!sd_is_object(value))
		sd_bad_shape(path, "the name of an association, or an object with \"association\"");
	if (getKeyJsonValueFromContainer(value->val.binary.data, "all", 3, &name) != NULL)
	{
		parse_include_all(query, value, path);
		return;
	}
	read_name(query->model, value, path, &name);
	include = add_include(query, name.val.string.val, name.val.string.len, path);
	include->sources = lappend(include->sources,
							   sd_make_source(SD_SOURCE_CALLER, value, path));
}

/* "include": a name, an object, or an array of these */
void
sd_parse_include_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	SdReader	reader;

	sd_check_depth(path);
	check_include_depth(path);
	if (!sd_is_array(value))
	{
		parse_one_include(query, value, path);
		return;
	}
	sd_read(&reader, value, path);
	while (sd_next_element(&reader))
		parse_one_include(query, &reader.value, &reader.path);
}

/*
 * What a row of the scope's model has to satisfy for the includes of a list of
 * SdSource, its scopes among them; NULL for nothing.  Where these lead to the model
 * again, they do not hold in themselves.  Raises what parsing an include raises.
 */
SdCondition *
sd_required_by_sources(const SdScope *scope, List *sources)
{
	SdModel    *model = unconstify(SdModel *, scope->model);
	SdCallInfo	own = {.kind = SD_CALL_FIND};
	SdCallInfo *call = scope->query->call != NULL ? scope->query->call : &own;
	SdQuery    *query = NULL;
	SdCondition *condition = NULL;
	ListCell   *cell;

	if (list_member_ptr(call->requiring, model))
		return NULL;
	foreach(cell, sources)
	{
		const SdSource *source = lfirst(cell);
		SdPath		step = SD_KEY_STEP(source->path, "include", 7);
		JsonbValue	member;

		if (getKeyJsonValueFromContainer(source->value.val.binary.data, "include", 7,
										 &member) == NULL)
			continue;
		if (query == NULL)
		{
			query = sd_make_query(model);
			query->call = call;
		}
		query->source = source;
		sd_parse_include_option(query, &member, &step);
	}
	if (query == NULL)
		return NULL;
	call->requiring = lappend(call->requiring, model);
	foreach(cell, query->includes)
	{
		SdInclude  *include = lfirst(cell);

		sd_finish_include(include, SD_CALL_INCLUDE);
		if (include->required)
			condition = sd_and(condition, required_condition(scope, include));
	}
	Assert(llast(call->requiring) == model);
	call->requiring = list_delete_last(call->requiring);
	return condition;
}

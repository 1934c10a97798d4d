/*-------------------------------------------------------------------------
 * parse/options.c
 *		Parses the options of a call.
 *
 * One table says which option each call takes and what parses it; a key that
 * the table does not have for the call is an error.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "parse/associated.h"
#include "parse/checks.h"
#include "parse/columns.h"
#include "parse/conflict.h"
#include "parse/functions.h"
#include "parse/members.h"
#include "parse/options.h"
#include "parse/reader.h"
#include "parse/scopes.h"
#include "parse/value.h"
#include "parse/where.h"
#include "studentdir.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

typedef void (*ParseOption) (SdQuery *query, const JsonbValue *value, const SdPath *path);

typedef struct Option
{
	const char *name;
	int			calls;			/* of SdCall */
	ParseOption parse;			/* NULL: the caller has read it already */
	bool		all_sources;	/* it conditions: that of each source counts, not only the last's */
} Option;

#define SD_MAX_INCLUDES	1000

static SdQuery *make_query(const SdModel *model);
static void parse_include(SdQuery *query, const JsonbValue *value, const SdPath *path);
static void finish_include(SdInclude *include, SdCall call);

#define CALLS_FIND		(SD_CALL_FIND | SD_CALL_FIND_BY_PK)
#define CALLS_UPDATE	(SD_CALL_UPDATE | SD_CALL_UPDATE_BY_PK | SD_CALL_INCREMENT | SD_CALL_BULK_UPDATE)
#define CALLS_DESTROY	(SD_CALL_DESTROY | SD_CALL_DESTROY_BY_PK)
#define CALLS_RESTORE	(SD_CALL_RESTORE | SD_CALL_RESTORE_BY_PK)
/* those that may find the row there already */
#define CALLS_CONFLICT	(SD_CALL_BULK_CREATE | SD_CALL_UPSERT)
#define CALLS_WRITE		(SD_CALL_CREATE | CALLS_CONFLICT | SD_CALL_FIND_OR_CREATE | CALLS_UPDATE)
/* those that take data with attributes in it */
#define CALLS_DATA		(CALLS_WRITE & ~SD_CALL_INCREMENT)
/* those that find the rows by a condition, so that there may be too many of them */
#define CALLS_LIMITED	(SD_CALL_UPDATE | SD_CALL_DESTROY | SD_CALL_RESTORE)
#define CALLS_BY_PK		(SD_CALL_FIND_BY_PK | SD_CALL_UPDATE_BY_PK | SD_CALL_DESTROY_BY_PK | \
						 SD_CALL_RESTORE_BY_PK | SD_CALL_INCREMENT | SD_CALL_BULK_UPDATE)
/* those that write the records of what they include */
#define CALLS_NESTED	(SD_CALL_CREATE | SD_CALL_BULK_CREATE | SD_CALL_CREATE_INCLUDE)

#define CALLS_INCLUDE	(CALLS_FIND | SD_CALL_FIND_AND_COUNT | SD_CALL_INCLUDE)
#define CALLS_NUMBER	(SD_CALL_COUNT | SD_CALL_AGGREGATE)

/* those that the default scope and the paranoid filter hold for */
#define CALLS_SCOPED	(CALLS_FIND | SD_CALL_FIND_AND_COUNT | SD_CALL_FIND_OR_CREATE | \
						 SD_CALL_INCLUDE | CALLS_NUMBER | CALLS_UPDATE | CALLS_DESTROY)

/* {"attributes":[…],"where":{…}} of the join rows of a many-to-many include */
static void
parse_through(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	SdThrough  *through = query->through;
	SdQuery    *rows;
	SdReader	reader;

	if (through == NULL)
		sd_bad_shape(path, "an association that goes through a join model");
	if (!sd_is_object(value))
		sd_bad_shape(path, "an object");
	sd_read(&reader, value, path);
	while (sd_next_member(&reader))
	{
		if (sd_key_is(&reader, "attributes"))
		{
			rows = make_query(through->model);
			sd_parse_attributes(rows, &reader.value, &reader.path);
			if (rows->params.n > 0)
				sd_bad_shape(&reader.path, "attributes and aliases alone, no values");
			through->noutputs = rows->noutputs;
			through->outputs = rows->outputs;
		}
		else if (sd_key_is(&reader, "where"))
		{
			SdScope		scope = {.query = query, .model = through->model};

			through->where = sd_and(through->where,
									sd_parse_where(&scope, &reader.value, &reader.path));
			through->wheres = lappend(through->wheres,
									  sd_make_source(SD_SOURCE_CALLER, &reader.value,
													 &reader.path));
		}
		else
			sd_bad_shape(&reader.path, "only \"attributes\" and \"where\" in \"through\"");
	}
}

/* in the order in which they are parsed: what an option refers to comes before it */
static const Option options_known[] = {
	{"association", SD_CALL_INCLUDE | SD_CALL_CREATE_INCLUDE, NULL},
	{"required", SD_CALL_INCLUDE, NULL},
	{"through", SD_CALL_INCLUDE, parse_through, true},
	{"scope", CALLS_SCOPED | CALLS_RESTORE, NULL},
	{"paranoid", CALLS_SCOPED, sd_parse_paranoid_option},
	{"force", CALLS_DESTROY | SD_CALL_TRUNCATE, sd_parse_force_option},
	{"where", CALLS_SCOPED | CALLS_RESTORE, sd_parse_where_option, true},
	{"attributes", CALLS_FIND | SD_CALL_FIND_AND_COUNT | SD_CALL_INCLUDE, sd_parse_attributes},
	{"include", CALLS_INCLUDE | CALLS_NESTED, parse_include, true},
	{"distinct", SD_CALL_FIND | SD_CALL_COUNT, sd_parse_distinct_option},
	{"group", SD_CALL_FIND, sd_parse_group},
	{"group", SD_CALL_COUNT | SD_CALL_FIND_AND_COUNT, sd_refuse_group_option},
	{"having", SD_CALL_FIND, sd_parse_having_option, true},
	{"order", SD_CALL_FIND | SD_CALL_FIND_AND_COUNT | SD_CALL_INCLUDE | SD_CALL_FIND_OR_CREATE |
		CALLS_LIMITED, sd_parse_order},
	{"limit", SD_CALL_FIND | SD_CALL_FIND_AND_COUNT | SD_CALL_INCLUDE | CALLS_LIMITED,
	sd_parse_limit_option},
	{"offset", SD_CALL_FIND | SD_CALL_FIND_AND_COUNT | SD_CALL_INCLUDE | CALLS_LIMITED,
	sd_parse_offset_option},
	{"after", SD_CALL_FIND, sd_parse_after_option},
	{"before", SD_CALL_FIND, sd_parse_before_option},
	{"lock", CALLS_FIND, sd_parse_lock_option},
	{"skipLocked", CALLS_FIND, sd_parse_skip_locked_option},
	{"noWait", CALLS_FIND, sd_parse_no_wait_option},
	{"fields", CALLS_DATA, sd_parse_fields},
	{"ignoreUnknown", CALLS_DATA, sd_parse_ignore_unknown_option},
	{"validate", CALLS_WRITE, sd_parse_validate_option},
	{"defaults", SD_CALL_FIND_OR_CREATE, NULL},
	{"ignoreDuplicates", CALLS_CONFLICT, sd_parse_ignore_duplicates_option},
	{"updateOnDuplicate", CALLS_CONFLICT, sd_parse_update_on_duplicate_option},
	{"conflictAttributes", CALLS_CONFLICT, sd_parse_conflict_attributes_option},
	{"by", SD_CALL_INCREMENT, sd_parse_by_option},
	{"ignoreMissing", SD_CALL_BULK_UPDATE, sd_parse_ignore_missing_option},
	{"all", SD_CALL_UPDATE | SD_CALL_DESTROY | SD_CALL_RESTORE, sd_parse_all_option},
	{"truncate", SD_CALL_DESTROY | SD_CALL_TRUNCATE, sd_parse_truncate_option},
	{"cascade", SD_CALL_DESTROY | SD_CALL_TRUNCATE, sd_parse_cascade_option},
	{"restartIdentity", SD_CALL_DESTROY | SD_CALL_TRUNCATE, sd_parse_restart_identity_option}
};

/*
 * What a scope may hold that such a call does not take, because it concerns
 * how rows are shown and not which ones they are.
 */
static const struct
{
	const char *name;
	int			calls;
}			unused_in_scopes[] = {
	{"attributes", CALLS_NUMBER | SD_CALL_FIND_OR_CREATE | CALLS_UPDATE | CALLS_DESTROY | CALLS_RESTORE},
	{"order", CALLS_FIND | CALLS_NUMBER | CALLS_UPDATE | CALLS_DESTROY | CALLS_RESTORE},
	{"limit", CALLS_BY_PK | SD_CALL_FIND_OR_CREATE | CALLS_NUMBER},
	{"offset", CALLS_BY_PK | SD_CALL_FIND_OR_CREATE | CALLS_NUMBER},
	{"distinct", SD_CALL_FIND_BY_PK | SD_CALL_FIND_OR_CREATE | SD_CALL_AGGREGATE | CALLS_UPDATE | CALLS_DESTROY | CALLS_RESTORE},
	{"paranoid", CALLS_RESTORE}
};

/* Raises 22023 for a key that the call does not take; an attribute of the model may have lost its "where". */
static pg_attribute_noreturn() void
unknown_option(const SdModel *model, const SdReader *reader, SdCall call)
{
	const char *names[lengthof(options_known)];
	const char *nearest;
	const char *name = reader->key.val.string.val;
	int			len = reader->key.val.string.len;
	int			n = 0;
	bool		takes_where = false;
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < lengthof(options_known); i++)
	{
		if (options_known[i].calls & call)
		{
			takes_where |= strcmp(options_known[i].name, "where") == 0;
			names[n++] = options_known[i].name;
			appendStringInfo(&list, "%s%s", n > 1 ? ", " : "", options_known[i].name);
		}
	}
	nearest = sd_nearest(name, len, names, n);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s: there is no such option here", sd_path_text(&reader->path)),
			 takes_where && sd_find_attribute(model, name, len) >= 0
			 ? errhint("It is an attribute: conditions stand in \"where\". The options here are: %s.", list.data)
			 : nearest != NULL
			 ? errhint("Perhaps you meant \"%s\". The options here are: %s.", nearest, list.data)
			 : errhint("The options here are: %s.", list.data)));
}

/* Raises 22023 when an association would be written under an attribute's key. */
static void
check_keys(const SdQuery *query, const SdPath *path)
{
	ListCell   *cell;

	foreach(cell, query->includes)
	{
		const char *alias = ((SdInclude *) lfirst(cell))->association->alias;

		for (int i = 0; i < query->noutputs; i++)
		{
			if (query->outputs[i].name_len == strlen(alias) &&
				memcmp(query->outputs[i].name, alias, query->outputs[i].name_len) == 0)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("%s: the key \"%s\" is both an attribute's and an association's",
								sd_path_text(path), alias)));
		}
	}
}

/* Raises 22023 for options that do not go together. */
static void
check_combination(const SdQuery *query, const SdPath *path)
{
	bool		aggregate = query->group != NIL;

	for (int i = 0; i < query->noutputs; i++)
		aggregate |= query->outputs[i].expr->aggregate;
	if (query->lock != SD_LOCK_NONE && (aggregate || query->distinct))
		sd_bad_shape(path, "no \"lock\" together with \"group\", \"distinct\" or an aggregate");
	if (query->includes != NIL && (aggregate || query->distinct))
		sd_bad_shape(path, "no \"include\" together with \"group\", \"distinct\" or an aggregate");
	if (query->edge != NULL && (aggregate || query->distinct))
		sd_bad_shape(path, "no \"after\" or \"before\" together with \"group\", \"distinct\" or an aggregate");
	if (aggregate)
		sd_check_grouped(query, path);
	if (query->distinct)
		sd_check_distinct_order(query, path);
}

/*
 * Raises 22023 where a writer cannot choose rows as it is told to.  An order
 * without a limit says nothing there; that of a scope may stand.
 */
static void
check_limited(const SdQuery *query, List *sources, SdCall call, const SdPath *path)
{
	const SdSource *last = sources != NIL ? llast(sources) : NULL;
	SdPath		step = SD_KEY_STEP(path, "order", 5);
	JsonbValue	order;

	if (!(call & CALLS_LIMITED))
		return;
	if (query->limit_param >= 0 || query->offset_param >= 0)
	{
		if (query->model->nkeys == 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("model \"%s\" has no primary key, so that \"limit\" and \"offset\" cannot choose rows to write",
							query->model->name)));
	}
	else if (last != NULL && last->kind == SD_SOURCE_CALLER &&
			 getKeyJsonValueFromContainer(last->value.val.binary.data, "order", 5, &order) != NULL)
		sd_bad_shape(&step, "\"limit\" or \"offset\" beside it");
}

/* Raises 22023 where a table that is emptied as a whole is to be so in part. */
static void
check_truncate(const SdQuery *query, const SdPath *path)
{
	if (!query->truncate && query->cascade)
		sd_bad_shape(path, "\"truncate\": true beside \"cascade\"");
	if (!query->truncate && query->restart_identity)
		sd_bad_shape(path, "\"truncate\": true beside \"restartIdentity\"");
	if (query->truncate &&
		(query->where != NULL || query->limit_param >= 0 || query->offset_param >= 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"truncate\" empties a table as a whole, but there is a condition or a limit"),
				 errhint("Leave \"truncate\" out. Conditions may come from a scope: \"scope\": null is none.")));
}

/*
 * What an associated row has to satisfy for its parent to be there: the
 * include's condition, and that of what is required in it.  It is parsed anew
 * for each level, whose statement binds the values.
 */
static SdCondition *
required_condition(const SdScope *scope, const SdInclude *include)
{
	SdScope		target = {.query = scope->query, .model = include->associated->target};
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
static void
require_includes(SdQuery *query)
{
	SdScope		scope = {.query = query, .model = query->model};
	ListCell   *cell;

	foreach(cell, query->includes)
	{
		if (((SdInclude *) lfirst(cell))->required)
			query->where = sd_and(query->where, required_condition(&scope, lfirst(cell)));
	}
}

/* Leaves out the deleted rows of a paranoid model, or the others when rows are restored. */
static void
choose_deleted(SdQuery *query, SdCall call)
{
	bool		restore = (call & CALLS_RESTORE) != 0;
	int			deleted_at = query->model->deleted_at;

	if (restore && deleted_at < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\" is not paranoid: its deleted rows are gone", query->model->name),
				 errhint("A model defined with \"paranoid\": true keeps them.")));
	if (deleted_at < 0 || query->force || !(restore || (query->paranoid && (call & CALLS_SCOPED))))
		return;
	query->where = sd_and(query->where, sd_null_condition(query->model, deleted_at, !restore));
}

/* Whether a call takes an option from a source. */
static bool
takes(SdCall call, const SdSource *source, const Option *option)
{
	if (source->kind == SD_SOURCE_CALLER)
		return (option->calls & call) != 0;
	/* includes of scopes may condition the rows, whatever is done with these */
	return option->parse == parse_include ||
		(option->parse != NULL && (option->calls & call));
}

/* Raises 22023 for a member of a scope that the call cannot heed. */
static void
check_scope_member(const SdReader *reader, SdCall call)
{
	if (sd_key_is(reader, "params"))
		return;
	for (int i = 0; i < lengthof(unused_in_scopes); i++)
	{
		if ((unused_in_scopes[i].calls & call) && sd_key_is(reader, unused_in_scopes[i].name))
			return;
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s: this call cannot be made in a scope with such an option",
					sd_path_text(&reader->path)),
			 errhint("Name another scope, or \"scope\": null for none.")));
}

/* Raises 22023 for members of a source that the call does not take. */
static void
check_members(const SdModel *model, const SdSource *source, SdCall call)
{
	SdReader	reader;

	sd_read(&reader, &source->value, source->path);
	while (sd_next_member(&reader))
	{
		bool		known = false;

		for (int i = 0; i < lengthof(options_known) && !known; i++)
			known = takes(call, source, &options_known[i]) &&
				sd_key_is(&reader, options_known[i].name);
		if (known)
			continue;
		if (source->kind == SD_SOURCE_CALLER)
			unknown_option(model, &reader, call);
		check_scope_member(&reader, call);
	}
}

/* Parses an option of one source; false when it is not there. */
static bool
parse_option(SdQuery *query, const SdSource *source, const Option *option, SdCall call)
{
	int			len = strlen(option->name);
	SdPath		step = SD_KEY_STEP(source->path, option->name, len);
	JsonbValue	member;

	if (!takes(call, source, option) ||
		getKeyJsonValueFromContainer(source->value.val.binary.data, option->name, len,
									 &member) == NULL)
		return false;
	query->source = source;
	option->parse(query, &member, &step);
	return true;
}

/*
 * Parses the options that the sources, of which the first ones are scopes, give
 * for a query.  Where they condition all of them hold, where they choose the last
 * that does.
 */
static void
parse_sources(SdQuery *query, List *sources, SdCall call, const SdPath *path)
{
	ListCell   *cell;

	check_stack_depth();
	foreach(cell, sources)
		check_members(query->model, lfirst(cell), call);
	for (int i = 0; i < lengthof(options_known); i++)
	{
		const Option *option = &options_known[i];

		if (option->parse == NULL)
			continue;
		if (option->all_sources)
		{
			foreach(cell, sources)
				(void) parse_option(query, lfirst(cell), option, call);
			continue;
		}
		for (int j = list_length(sources) - 1; j >= 0; j--)
		{
			if (parse_option(query, list_nth(sources, j), option, call))
				break;
		}
	}
	foreach(cell, query->includes)
		finish_include(lfirst(cell), call & CALLS_NESTED ? SD_CALL_CREATE_INCLUDE
					   : SD_CALL_INCLUDE);
	require_includes(query);
	check_limited(query, sources, call, path);
	query->truncate |= call == SD_CALL_TRUNCATE;
	check_truncate(query, path);
	choose_deleted(query, call);
	if (!(call & (CALLS_INCLUDE | CALLS_NESTED)))
		query->includes = NIL;
	if (query->validate && (call & CALLS_WRITE))
		sd_add_checks(query);
	check_keys(query, path);
	check_combination(query, path);
	if (call & CALLS_CONFLICT)
		sd_check_conflict_options(query, call == SD_CALL_BULK_CREATE);
}

/* The sources of a query: its scopes, then the objects that the caller gives. */
static List *
add_scopes(const SdModel *model, List *given, const SdPath *path, bool scoped)
{
	List	   *scopes = NIL;
	bool		named = false;

	for (int i = list_length(given) - 1; i >= 0 && !named; i--)
	{
		const SdSource *source = list_nth(given, i);
		SdPath		step = SD_KEY_STEP(source->path, "scope", 5);
		JsonbValue	value;

		if (getKeyJsonValueFromContainer(source->value.val.binary.data, "scope", 5, &value) != NULL)
		{
			named = true;
			scopes = sd_parse_scope(model, &value, &step);
		}
	}
	if (!named && scoped)
		scopes = sd_default_scope(model, path);
	return list_concat(scopes, given);
}

static SdQuery *
make_query(const SdModel *model)
{
	SdQuery    *query = palloc0(sizeof(SdQuery));

	query->model = model;
	query->limit_param = -1;
	query->offset_param = -1;
	query->limit = -1;
	query->validate = true;
	query->paranoid = true;
	sd_all_attributes(query);
	return query;
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
	if (++*query->nincludes > SD_MAX_INCLUDES)
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

		if (include->association == association)
			return include;
	}
	return NULL;
}

/*
 * Restricts an included query to the rows that belong to a batch of parents,
 * whose keys are bound as one array when the batch is there.
 */
static void
match_parents(SdQuery *query, const SdAssociated *associated)
{
	const SdAssociation *association = associated->association;
	const int  *attrs = associated->through != NULL ? associated->foreign_keys
		: associated->target_keys;

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
		SdQuery    *rows = make_query(associated->through);

		query->through = through;
		through->model = associated->through;
		through->nkeys = association->ntarget_keys;
		through->other_keys = associated->other_keys;
		through->target_keys = associated->target_keys;
		through->noutputs = rows->noutputs;
		through->outputs = rows->outputs;
		if (through->model->deleted_at >= 0)
			through->where = sd_null_condition(through->model, through->model->deleted_at, true);
		through->where = sd_and(through->where,
								sd_association_scope(query, through->model, associated,
													 association->through_scope));
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
	include->associated = sd_open_associated(source, association);
	include->query = make_query(include->associated->target);
	include->query->nincludes = query->nincludes;
	match_parents(include->query, include->associated);
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

/* Parses what all that ask for an include of a call, or of an include, say of it. */
static void
finish_include(SdInclude *include, SdCall call)
{
	SdQuery    *query = include->query;
	List	   *sources = include->sources;

	if (call == SD_CALL_INCLUDE)
		sources = add_scopes(query->model, sources, include->path, true);
	parse_sources(query, sources, call, include->path);
	parse_required(include, sources);
	include->associated->with_deleted = !query->paranoid;
	include->hidden = query->noutputs == 0 && query->includes == NIL;
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
	if (getKeyJsonValueFromContainer(value->val.binary.data, "association", 11, &name) == NULL ||
		name.type != jbvString)
		sd_bad_shape(path, "a member \"association\" with the name of one");
	include = add_include(query, name.val.string.val, name.val.string.len, path);
	include->sources = lappend(include->sources,
							   sd_make_source(SD_SOURCE_CALLER, value, path));
}

static void
parse_include(SdQuery *query, const JsonbValue *value, const SdPath *path)
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
 * Parses the options of a call on model.  NULL options are none.  The tree is
 * made in the current context and points into options.
 *
 * Raises 22023 for an unknown option, operator or association and for a wrong
 * shape, 42703 for an unknown attribute, 54000 for a limit, and what opening
 * an included model raises.
 */
SdQuery *
sd_parse_options(const SdModel *model, Jsonb *options, SdCall call)
{
	SdQuery    *query = make_query(model);
	List	   *sources = NIL;

	query->nincludes = palloc0(sizeof(int));
	if (options != NULL)
	{
		JsonbValue	root;

		sd_root(options, &root);
		if (!sd_is_object(&root))
			sd_bad_shape(NULL, "an object");
		sources = list_make1(sd_make_source(SD_SOURCE_CALLER, &root, NULL));
	}
	if ((CALLS_SCOPED | CALLS_RESTORE) & call)
		sources = add_scopes(model, sources, NULL, (CALLS_SCOPED & call) != 0);
	parse_sources(query, sources, call, NULL);
	return query;
}

/*
 * Makes an aggregate over an attribute the only output of a query.  Sums and
 * averages of what JavaScript holds exactly are numbers, of other types they
 * are written as strings.
 *
 * Raises 22023 for another function or one that does not take the attribute's
 * type, 42703 for an unknown attribute.
 */
void
sd_set_aggregate(SdQuery *query, const char *function, const char *attribute)
{
	static const char *const functions[] = {"count", "sum", "avg", "min", "max"};
	SdPath		path = SD_KEY_STEP(NULL, "attribute", 9);
	SdScope		scope = {.query = query, .model = query->model};
	SdExpr	   *arg = sd_column_expr(&scope, attribute, strlen(attribute), &path);
	SdExpr	   *expr = palloc0(sizeof(SdExpr));
	SdFunction	found;
	bool		known = false;
	bool		number;

	for (int i = 0; i < lengthof(functions); i++)
		known |= strcmp(function, functions[i]) == 0;
	if (!known)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("fn: there is no aggregate \"%s\"",
						sd_clip(function, strlen(function))),
				 errhint("It is count, sum, avg, min or max.")));
	found = sd_find_function(function, 1, &arg->type, &path);
	expr->kind = SD_EXPR_FUNCTION;
	expr->type = found.type;
	expr->function = found.name;
	expr->aggregate = true;
	expr->args = list_make1(arg);
	number = strcmp(function, "count") == 0 ||
		((strcmp(function, "sum") == 0 || strcmp(function, "avg") == 0) &&
		 (arg->type == INT2OID || arg->type == INT4OID || arg->type == FLOAT4OID ||
		  arg->type == FLOAT8OID));
	if (number)
	{
		SdExpr	   *cast = palloc0(sizeof(SdExpr));

		cast->kind = SD_EXPR_CAST;
		cast->type = FLOAT8OID;
		cast->args = list_make1(expr);
		expr = cast;
	}
	query->noutputs = 1;
	query->outputs[0].expr = expr;
	query->outputs[0].name = function;
	query->outputs[0].name_len = strlen(function);
}

/* Includes the association called name, as {"include": name} does, unless it is already. */
void
sd_add_include(SdQuery *query, const char *name)
{
	SdPath		path = SD_KEY_STEP(NULL, "include", 7);
	SdScope		scope = {.query = query, .model = query->model};
	bool		ambiguous;
	const SdAssociation *association;
	SdInclude  *include;

	association = sd_find_association(query->model, name, strlen(name), &ambiguous);
	if (association != NULL && find_include(query, association) != NULL)
		return;
	include = add_include(query, name, strlen(name), &path);
	finish_include(include, SD_CALL_INCLUDE);
	if (include->required)
		query->where = sd_and(query->where, required_condition(&scope, include));
}

/* Raises 22023 when a writer would change every row without having been told to. */
void
sd_require_condition(const SdQuery *query, const char *verb)
{
	if (!query->limited && !query->all)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s without a condition would concern every row of model \"%s\"", verb,
						query->model->name),
				 errhint("Give a \"where\", or say \"all\": true.")));
}

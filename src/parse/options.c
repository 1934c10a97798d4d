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

#include "convert/reader.h"
#include "miscadmin.h"
#include "parse/aggregate.h"
#include "parse/assigned.h"
#include "parse/batched.h"
#include "parse/binding.h"
#include "parse/cascade.h"
#include "parse/combination.h"
#include "parse/conflict.h"
#include "parse/grouping.h"
#include "parse/include.h"
#include "parse/key.h"
#include "parse/members.h"
#include "parse/model_validators.h"
#include "parse/options.h"
#include "parse/order.h"
#include "parse/page_names.h"
#include "parse/returning.h"
#include "parse/scopes.h"
#include "parse/select_list.h"
#include "parse/through_option.h"
#include "parse/where.h"
#include "parse/words.h"

typedef void (*ParseOption) (SdQuery *query, const JsonbValue *value, const SdPath *path);

typedef struct Option
{
	const char *name;
	int			calls;			/* of SdCall */
	ParseOption parse;			/* NULL: the caller has read it already */
	bool		all_sources;	/* it conditions, or adds to what others choose: that of each source
								 * counts, not only the last's */
} Option;

/* in the order in which they are parsed: what an option refers to comes before it */
static const Option options_known[] = {
	{"association", SD_CALL_INCLUDE | SD_CALL_CREATE_INCLUDE, NULL},
	{"model", SD_CALL_SUBQUERY | SD_CALL_ROWS | SD_CALL_INCLUDE | SD_CALL_CREATE_INCLUDE, NULL},
	{"as", SD_CALL_INCLUDE | SD_CALL_CREATE_INCLUDE, NULL},
	{"required", SD_CALL_INCLUDE, NULL},
	{"recursive", SD_CALL_INCLUDE, NULL},
	{"depth", SD_CALL_INCLUDE, NULL},
	{"through", SD_CALL_INCLUDE | SD_CALL_CREATE_INCLUDE, sd_parse_through_option, true},
	{"scope", SD_CALL_ROWS | SD_CALLS_SCOPED | SD_CALLS_RESTORE, NULL},
	{"paranoid", SD_CALL_ROWS | SD_CALLS_SCOPED, sd_parse_paranoid_option},
	{"force", SD_CALLS_DESTROY | SD_CALL_TRUNCATE, sd_parse_force_option},
	{"where", SD_CALL_ROWS | SD_CALLS_SCOPED | SD_CALLS_RESTORE, sd_parse_where_option, true},
	{"attributes", SD_CALL_SUBQUERY | SD_CALLS_FIND | SD_CALL_FIND_AND_COUNT | SD_CALL_INCLUDE, sd_parse_attributes,
	true},
	{"include", SD_CALLS_INCLUDE | SD_CALLS_NESTED | SD_CALLS_NUMBER | SD_CALL_FIND_OR_CREATE, sd_parse_include_option, true},
	{"distinct", SD_CALL_SUBQUERY | SD_CALL_ROWS | SD_CALLS_SEARCH | SD_CALL_COUNT, sd_parse_distinct_option},
	{"group", SD_CALLS_SEARCH | SD_CALL_FIND_AND_COUNT | SD_CALL_AGGREGATE, sd_parse_group},
	{"group", SD_CALL_COUNT, sd_refuse_group_option},
	{"having", SD_CALLS_SEARCH | SD_CALL_FIND_AND_COUNT | SD_CALL_AGGREGATE, sd_parse_having_option, true},
	{"order", SD_CALL_SUBQUERY | SD_CALL_ROWS | SD_CALLS_SEARCH | SD_CALL_FIND_AND_COUNT | SD_CALL_INCLUDE | SD_CALL_FIND_OR_CREATE |
		SD_CALLS_LIMITED, sd_parse_order},
	{"limit", SD_CALL_SUBQUERY | SD_CALL_ROWS | SD_CALLS_SEARCH | SD_CALL_FIND_AND_COUNT | SD_CALL_INCLUDE | SD_CALLS_LIMITED,
	sd_parse_limit_option},
	{"offset", SD_CALL_SUBQUERY | SD_CALL_ROWS | SD_CALLS_SEARCH | SD_CALL_FIND_AND_COUNT | SD_CALL_INCLUDE | SD_CALLS_LIMITED,
	sd_parse_offset_option},
	{"after", SD_CALL_ROWS | SD_CALLS_SEARCH, sd_parse_after_option},
	{"before", SD_CALL_ROWS | SD_CALLS_SEARCH, sd_parse_before_option},
	{"lock", SD_CALL_ROWS | SD_CALLS_FIND | SD_CALL_FIND_OR_CREATE, sd_parse_lock_option},
	{"skipLocked", SD_CALL_ROWS | SD_CALLS_FIND, sd_parse_skip_locked_option},
	{"noWait", SD_CALL_ROWS | SD_CALLS_FIND | SD_CALL_FIND_OR_CREATE, sd_parse_no_wait_option},
	{"names", SD_CALL_FIND_AND_COUNT, sd_parse_names_option},
	{"fields", SD_CALLS_WRITE, sd_parse_fields},
	{"ignoreUnknown", SD_CALLS_DATA, sd_parse_ignore_unknown_option},
	{"validate", SD_CALLS_WRITE, sd_parse_validate_option},
	{"validateUnique", SD_CALLS_DATA, sd_parse_validate_unique_option},
	{"set", SD_CALLS_UPDATE & ~SD_CALLS_INCREMENT, sd_parse_set_option},
	{"returning", SD_CALLS_RETURNING, sd_parse_returning_option},
	{"defaults", SD_CALL_FIND_OR_CREATE, NULL},
	{"ignoreDuplicates", SD_CALLS_CONFLICT | SD_CALL_CREATE_INCLUDE, sd_parse_ignore_duplicates_option},
	{"existing", SD_CALL_BULK_CREATE, sd_parse_existing_option},
	{"updateOnDuplicate", SD_CALLS_CONFLICT | SD_CALL_CREATE_INCLUDE, sd_parse_update_on_duplicate_option},
	{"conflictAttributes", SD_CALLS_CONFLICT | SD_CALL_CREATE_INCLUDE, sd_parse_conflict_attributes_option},
	{"conflictWhere", SD_CALLS_CONFLICT, sd_parse_conflict_where_option},
	{"others", SD_CALL_CREATE_INCLUDE, sd_parse_others_option},
	{"by", SD_CALLS_INCREMENT, sd_parse_by_option},
	{"ignoreMissing", SD_CALL_BULK_UPDATE, sd_parse_ignore_missing_option},
	{"all", SD_CALL_ROWS | SD_CALLS_LIMITED | SD_CALLS_SEARCH | SD_CALL_FIND_AND_COUNT | SD_CALLS_NUMBER | SD_CALL_FIND_OR_CREATE,
	sd_parse_all_option},
	{"truncate", SD_CALLS_TRUNCATE, sd_parse_truncate_option},
	{"cascade", SD_CALLS_TRUNCATE, sd_parse_cascade_option},
	{"restartIdentity", SD_CALLS_TRUNCATE, sd_parse_restart_identity_option}
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
	{"attributes", SD_CALLS_NUMBER | SD_CALL_FIND_OR_CREATE | SD_CALLS_UPDATE | SD_CALLS_DESTROY | SD_CALLS_RESTORE},
	{"order", SD_CALLS_FIND | SD_CALLS_NUMBER | SD_CALLS_UPDATE | SD_CALLS_DESTROY | SD_CALLS_RESTORE},
	{"limit", SD_CALLS_BY_PK | SD_CALL_FIND_OR_CREATE | SD_CALLS_NUMBER},
	{"offset", SD_CALLS_BY_PK | SD_CALL_FIND_OR_CREATE | SD_CALLS_NUMBER},
	{"distinct", SD_CALL_FIND_BY_PK | SD_CALL_FIND_OR_CREATE | SD_CALL_AGGREGATE | SD_CALLS_UPDATE | SD_CALLS_DESTROY | SD_CALLS_RESTORE},
	{"paranoid", SD_CALLS_RESTORE}
};

/* Raises 22023 for a key that the call does not take; an attribute of the model may have lost its "where". */
static pg_attribute_noreturn() void
unknown_option(const SdModel *model, const SdReader *reader, SdCall call)
{
	const char *names[lengthof(options_known)];
	const char *nearest;
	const char *instead;
	const char *name = reader->key.val.string.val;
	int			len = reader->key.val.string.len;
	int			n = 0;
	bool		takes_where = false;
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < lengthof(options_known); i++)
	{
		if ((options_known[i].calls & call) && options_known[i].parse != sd_refuse_group_option)
		{
			takes_where |= strcmp(options_known[i].name, "where") == 0;
			names[n++] = options_known[i].name;
			appendStringInfo(&list, "%s%s", n > 1 ? ", " : "", options_known[i].name);
		}
	}
	nearest = sd_meant(name, len, names, n);
	instead = sd_instead_of(name, len);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s: there is no such option here", sd_path_text(&reader->path)),
			 (call & SD_CALLS_DATA) && sd_find_attribute(model, name, len) >= 0
			 ? errhint("It is an attribute: values stand in the data, which comes before the options. The options here are: %s.", list.data)
			 : takes_where && sd_find_attribute(model, name, len) >= 0
			 ? errhint("It is an attribute: conditions stand in \"where\". The options here are: %s.", list.data)
			 : instead != NULL
			 ? errhint("Leave it out. %s The options here are: %s.", instead, list.data)
			 : nearest != NULL
			 ? errhint("Perhaps you meant \"%s\". The options here are: %s.", nearest, list.data)
			 : errhint("The options here are: %s.", list.data)));
}

/* Leaves out the deleted rows of a paranoid model, or the others when rows are restored. */
static void
choose_deleted(SdQuery *query, SdCall call)
{
	bool		restore = (call & SD_CALLS_RESTORE) != 0;
	int			deleted_at = query->model->deleted_at;

	if (restore && deleted_at < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\" is not paranoid: its deleted rows are gone", query->model->name),
				 errhint("A model defined with \"paranoid\": true keeps them.")));
	if (deleted_at < 0 || (query->write != NULL && query->write->force) || !(restore || (query->paranoid && (call & SD_CALLS_SCOPED))))
		return;
	query->where = sd_and(query->where, sd_alive_condition(query, query->model, !restore));
}

/* Whether a call takes an option from a source. */
static bool
takes(SdCall call, const SdSource *source, const Option *option)
{
	if (source->kind == SD_SOURCE_CALLER)
		return (option->calls & call) != 0;
	/* only the call itself can say that every row is meant */
	if (option->parse == sd_parse_all_option)
		return false;
	/* includes of scopes may condition the rows, whatever is done with these */
	return option->parse == sd_parse_include_option ||
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

/* What the records of an include are written as: as those that they stand in. */
static SdWriteOptions *
inherit_write_options(const SdWriteOptions *parent, bool updated)
{
	SdWriteOptions *write = palloc0(sizeof(SdWriteOptions));

	write->validate = parent->validate;
	write->validate_unique = parent->validate_unique;
	write->ignore_unknown = parent->ignore_unknown;
	write->by_key = updated;
	return write;
}

/* Whether the records of an include are written; those of a scope only say which rows there are. */
static bool
is_written(const SdInclude *include, SdCall call)
{
	Assert((call & SD_CALLS_NESTED) == 0 || include->named_in != NULL);
	return (call & SD_CALLS_NESTED) && include->named_in->kind == SD_SOURCE_CALLER;
}

/* Leaves out the includes of a writer whose records are not written. */
static void
drop_read_includes(SdQuery *query)
{
	ListCell   *cell;

	foreach(cell, query->includes)
	{
		if (((SdInclude *) lfirst(cell))->query->write == NULL)
			query->includes = foreach_delete_current(query->includes, cell);
	}
}

/* A record's key is among what a row of bulk_update gives, whatever "fields" says. */
static void
choose_by_keys(SdQuery *query)
{
	SdWriteOptions *write = query->write;

	write->limited = write->by_key = true;
	for (int i = 0; write->writable != NULL && i < query->model->nkeys; i++)
		write->writable[query->model->keys[i]] = true;
}

/* Whether a source says which attributes there are, and not only what else than all of them. */
static bool
lists_attributes(List *sources)
{
	ListCell   *cell;

	foreach(cell, sources)
	{
		const SdSource *source = lfirst(cell);
		JsonbValue	attributes;

		if (getKeyJsonValueFromContainer(source->value.val.binary.data, "attributes", 10,
										 &attributes) != NULL && sd_is_array(&attributes))
			return true;
	}
	return false;
}

/*
 * Parses the options that the sources, of which the first ones are scopes, give
 * for a query.  Where they condition all of them hold, where they choose the last
 * that does.  path is where the call, or the include, stands.
 *
 * Raises what sd_parse_options() raises.
 */
void
sd_parse_sources(SdQuery *query, List *sources, SdCall call, const SdPath *path)
{
	ListCell   *cell;

	Assert((call & (call - 1)) == 0);
	Assert((call & SD_CALLS_WRITER) == 0 || query->write != NULL);
	check_stack_depth();
	foreach(cell, sources)
		check_members(query->model, lfirst(cell), call);
	if ((call & (SD_CALLS_FIND | SD_CALL_FIND_AND_COUNT | SD_CALL_INCLUDE)) &&
		!lists_attributes(sources))
		sd_add_shown(query);
	for (int i = 0; i < lengthof(options_known); i++)
	{
		const Option *option = &options_known[i];

		if (option->parse == NULL)
			continue;
		if (option->parse == sd_parse_order)
			sd_parse_terms(query);
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
	{
		SdInclude  *include = lfirst(cell);

		if (include->key_only)
			continue;
		if (is_written(include, call))
			include->query->write = inherit_write_options(query->write,
														  query->call->kind == SD_CALL_UPDATE_BY_PK);
		sd_finish_include(include, include->query->write != NULL ? SD_CALL_CREATE_INCLUDE
						  : SD_CALL_INCLUDE);
	}
	sd_require_includes(query);
	sd_check_empty_where(query, call, path);
	sd_check_limited(query, sources, call, path);
	if (call & SD_CALLS_TRUNCATE)
	{
		query->write->truncate |= call == SD_CALL_TRUNCATE;
		sd_check_truncate(query, path);
	}
	choose_deleted(query, call);
	if ((call & (SD_CALLS_DESTROY | SD_CALLS_RESTORE | SD_CALL_TRUNCATE)) &&
		query->model->deleted_at >= 0 && !query->write->force)
		sd_find_cascade(query);
	if (!(call & SD_CALLS_INCLUDE))
		drop_read_includes(query);
	/* it answers with the aggregate, and what that is grouped by */
	if (call == SD_CALL_AGGREGATE)
		query->noutputs = 0;
	if ((call & SD_CALLS_WRITE) && query->write->validate)
		sd_add_checks(query);
	sd_check_keys(query, path);
	sd_check_combination(query, path);
	sd_settle_order(query);
	if ((call & (SD_CALL_FIND | SD_CALL_FIND_AND_COUNT | SD_CALL_INCLUDE)) &&
		sd_has_own_rows(query))
		sd_batch_computed(query);
	if (call == SD_CALL_BULK_UPDATE)
		choose_by_keys(query);
	if (call & (SD_CALLS_CONFLICT | SD_CALL_CREATE_INCLUDE))
		sd_check_conflict_options(query, call != SD_CALL_UPSERT, path);
}

/*
 * The sources of a query: its scopes, then the objects that the caller gives.
 * scoped says that the default scope holds where none is named.  Raises what
 * sd_parse_scope() raises.
 */
List *
sd_add_scopes(const SdModel *model, List *given, const SdPath *path, bool scoped)
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

/* A query on model that asks for nothing but all attributes, in the current context. */
SdQuery *
sd_make_query(const SdModel *model)
{
	SdQuery    *query = palloc0(sizeof(SdQuery));

	query->model = model;
	query->limit_param = -1;
	query->offset_param = -1;
	query->limit = -1;
	query->key_param = -1;
	query->paranoid = true;
	sd_all_attributes(query);
	return query;
}

/* What a writer is told that is told nothing, in the current context. */
static SdWriteOptions *
make_write_options(void)
{
	SdWriteOptions *write = palloc0(sizeof(SdWriteOptions));

	write->validate = true;
	return write;
}

/* {"include": association}, as an object of options. */
static SdSource *
include_source(const char *association)
{
	JsonbParseState *state = NULL;
	JsonbValue	key = {.type = jbvString};
	JsonbValue	value = {.type = jbvString};
	JsonbValue	root;

	key.val.string.val = "include";
	key.val.string.len = strlen("include");
	value.val.string.val = unconstify(char *, association);
	value.val.string.len = strlen(association);
	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	pushJsonbValue(&state, WJB_KEY, &key);
	pushJsonbValue(&state, WJB_VALUE, &value);
	sd_root(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL)), &root);
	return sd_make_source(SD_SOURCE_CALLER, &root, NULL);
}

/* What find_or_create includes, its answer shows, unless "returning" says what it shows. */
static void
answer_included(SdQuery *query, const List *sources)
{
	ListCell   *cell;

	foreach(cell, sources)
	{
		const SdSource *source = lfirst(cell);
		JsonbParseState *state = NULL;
		JsonbValue	key = {.type = jbvString, .val.string.val = "include", .val.string.len = 7};
		JsonbValue	include;
		JsonbValue	returning;

		if (source->kind != SD_SOURCE_CALLER ||
			getKeyJsonValueFromContainer(source->value.val.binary.data, "returning", 9,
										 &returning) != NULL ||
			getKeyJsonValueFromContainer(source->value.val.binary.data, "include", 7,
										 &include) == NULL)
			continue;
		pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
		pushJsonbValue(&state, WJB_KEY, &key);
		pushJsonbValue(&state, WJB_VALUE, &include);
		sd_root(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL)), &returning);
		sd_parse_returning_option(query, &returning, NULL);
	}
}

/*
 * Parses the options of a call on model, and what the call says besides.  NULL
 * options are none.  The tree is made in the current context and points into
 * options and inputs.
 *
 * Raises 22023 for an unknown option, operator or association and for a wrong
 * shape, 42703 for an unknown attribute, 54000 for a limit, and what opening
 * an included model raises, 40001 where the models have changed since model was
 * opened (see sd_models_start_over()); for a key what sd_add_key() raises.
 */
const SdQuery *
sd_parse_call(const SdModel *model, Jsonb *options, SdCall call, const SdInputs *inputs)
{
	return sd_bind_call(sd_parse_unbound(model, options, call, inputs), inputs, false);
}

/* The same without the values of the call's parameters. */
SdQuery *
sd_parse_unbound(const SdModel *model, Jsonb *options, SdCall call, const SdInputs *inputs)
{
	SdQuery    *query = sd_make_query(model);
	List	   *sources = NIL;

	Assert((inputs->aggregate != NULL) == (call == SD_CALL_AGGREGATE));
	Assert(inputs->aggregate == NULL || inputs->attribute != NULL);
	query->call = palloc0(sizeof(SdCallInfo));
	query->call->kind = call;
	query->whole_row = call == SD_CALL_ROWS;
	if (call & SD_CALLS_WRITER)
		query->write = make_write_options();
	if (options != NULL)
	{
		JsonbValue	root;

		sd_root(options, &root);
		sd_expect_object(&root, NULL, "an object");
		sources = list_make1(sd_make_source(SD_SOURCE_CALLER, &root, NULL));
	}
	if (inputs->association != NULL)
		sources = lappend(sources, include_source(inputs->association));
	if ((SD_CALLS_SCOPED | SD_CALLS_RESTORE) & call)
		sources = sd_add_scopes(model, sources, NULL, (SD_CALLS_SCOPED & call) != 0);
	sd_parse_sources(query, sources, call, NULL);
	if (call == SD_CALL_FIND_OR_CREATE)
		answer_included(query, sources);
	if (inputs->client)
		sd_drop_hidden(query);
	if (inputs->client && query->write != NULL)
		query->write->settled = true;
	if (inputs->foldable && query->lock != SD_LOCK_NONE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("lock: a list cannot lock the records in it"),
				 errdetail("PostgreSQL may call the function while it plans a statement, which EXPLAIN does too."),
				 errhint("find_all locks the records that it returns.")));
	if (inputs->aggregate != NULL)
		sd_set_aggregate(query, inputs->aggregate, inputs->attribute);
	if (inputs->key_value != NULL)
		sd_add_key_value(query, inputs->key_value, NULL, false);
	else if (OidIsValid(inputs->key_type))
		sd_add_key(query, inputs->key, inputs->key_type);
	return query;
}

/* The same for a call that says nothing besides. */
const SdQuery *
sd_parse_options(const SdModel *model, Jsonb *options, SdCall call)
{
	return sd_parse_call(model, options, call, &(SdInputs) {0});
}

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
#include "parse/columns.h"
#include "parse/options.h"
#include "parse/reader.h"
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
	ParseOption parse;			/* NULL: its caller has read it */
} Option;

static void parse_include(SdQuery *query, const JsonbValue *value, const SdPath *path);

static void
parse_where_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	query->where = sd_parse_where(query, value, path);
}

/* A whole number that is not negative, bound as a bigint; its value is returned. */
static int64
parse_count(SdQuery *query, const JsonbValue *value, const SdPath *path, int *param)
{
	int64		count = -1;

	if (value->type == jbvNumeric)
	{
		char	   *text = sd_scalar_text(value, NULL);

		if (strlen(text) <= 18 && strspn(text, "0123456789") == strlen(text))
			count = strtoll(text, NULL, 10);
	}
	if (count < 0)
		sd_bad_shape(path, "a whole number, 0 or more");
	*param = sd_param(&query->params, INT8OID, Int64GetDatum(count), false);
	return count;
}

static void
parse_limit(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	query->limit = parse_count(query, value, path, &query->limit_param);
}

static void
parse_offset(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	(void) parse_count(query, value, path, &query->offset_param);
}

static bool
parse_flag(const JsonbValue *value, const SdPath *path)
{
	if (value->type != jbvBool)
		sd_bad_shape(path, "true or false");
	return value->val.boolean;
}

static void
parse_all(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	query->all = parse_flag(value, path);
}

static void
parse_ignore_unknown(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	query->ignore_unknown = parse_flag(value, path);
}

static void
parse_validate(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	query->validate = parse_flag(value, path);
}

#define CALLS_FIND		(SD_CALL_FIND | SD_CALL_FIND_BY_PK)
#define CALLS_UPDATE	(SD_CALL_UPDATE | SD_CALL_UPDATE_BY_PK)
#define CALLS_DESTROY	(SD_CALL_DESTROY | SD_CALL_DESTROY_BY_PK)
#define CALLS_WRITE		(SD_CALL_CREATE | CALLS_UPDATE)

static const Option options_known[] = {
	{"association", SD_CALL_INCLUDE, NULL},
	{"where", CALLS_FIND | SD_CALL_COUNT | CALLS_UPDATE | CALLS_DESTROY, parse_where_option},
	{"attributes", CALLS_FIND | SD_CALL_INCLUDE, sd_parse_attributes},
	{"order", SD_CALL_FIND | SD_CALL_INCLUDE, sd_parse_order},
	{"limit", SD_CALL_FIND, parse_limit},
	{"offset", SD_CALL_FIND, parse_offset},
	{"include", CALLS_FIND | SD_CALL_INCLUDE, parse_include},
	{"fields", CALLS_WRITE, sd_parse_fields},
	{"ignoreUnknown", CALLS_WRITE, parse_ignore_unknown},
	{"validate", CALLS_WRITE, parse_validate},
	{"all", SD_CALL_UPDATE | SD_CALL_DESTROY, parse_all}
};

/* Raises 22023 for a key that the call does not take. */
static pg_attribute_noreturn() void
unknown_option(const SdReader *reader, SdCall call)
{
	const char *names[lengthof(options_known)];
	const char *nearest;
	int			n = 0;
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < lengthof(options_known); i++)
	{
		if (options_known[i].calls & call)
		{
			names[n++] = options_known[i].name;
			appendStringInfo(&list, "%s%s", n > 1 ? ", " : "", options_known[i].name);
		}
	}
	nearest = sd_nearest(reader->key.val.string.val, reader->key.val.string.len, names, n);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s: there is no such option here", sd_path_text(&reader->path)),
			 nearest != NULL
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

/* Parses the members of an options object that stands at path. */
static void
parse_members(SdQuery *query, const JsonbValue *value, const SdPath *path, SdCall call)
{
	SdReader	reader;

	sd_read(&reader, value, path);
	while (sd_next_member(&reader))
	{
		const Option *option = NULL;

		for (int i = 0; i < lengthof(options_known) && option == NULL; i++)
		{
			if ((options_known[i].calls & call) && sd_key_is(&reader, options_known[i].name))
				option = &options_known[i];
		}
		if (option == NULL)
			unknown_option(&reader, call);
		if (option->parse != NULL)
			option->parse(query, &reader.value, &reader.path);
	}
	check_keys(query, path);
}

static SdQuery *
make_query(const SdModel *model)
{
	SdQuery    *query = palloc0(sizeof(SdQuery));

	query->model = model;
	query->limit_param = -1;
	query->offset_param = -1;
	query->limit = -1;
	query->parent_key = -1;
	query->validate = true;
	sd_all_attributes(query);
	return query;
}

/* Raises 22023 for a name that no association, or more than one, goes by. */
static pg_attribute_noreturn() void
unknown_association(const SdModel *model, const char *name, int len, bool ambiguous,
					const SdPath *path)
{
	const char **names = palloc(sizeof(char *) * (model->nassociations + 1));
	const char *nearest;
	const char *shown = pnstrdup(name, Min(len, NAMEDATALEN * 2));
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < model->nassociations; i++)
	{
		names[i] = model->associations[i].alias;
		appendStringInfo(&list, "%s\"%s\"", i > 0 ? ", " : "", names[i]);
	}
	if (ambiguous)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: model \"%s\" has several associations with \"%s\"",
						sd_path_text(path), model->name, shown),
				 errhint("Name one by its alias: %s.", list.data)));
	nearest = sd_nearest(name, len, names, model->nassociations);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s: model \"%s\" has no association \"%s\"", sd_path_text(path), model->name,
					shown),
			 nearest != NULL ? errhint("Perhaps you meant \"%s\".", nearest)
			 : model->nassociations > 0 ? errhint("Its associations are %s.", list.data)
			 : errhint("It has no associations.")));
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
match_parents(SdQuery *query, const SdModel *source, const SdAssociation *association)
{
	const SdAttribute *key = &source->attrs[association->source_key];
	int			attr = sd_find_attribute(query->model, association->target_key,
										 strlen(association->target_key));
	Oid			array_type = get_array_type(key->type);

	if (association->kind == SD_BELONGS_TO_MANY || association->nkeys > 1)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("association \"%s\" of model \"%s\" cannot be included: %s",
						association->alias, source->name,
						association->nkeys > 1 ? "its key has several attributes"
						: "it goes through a join model"),
				 association->through != NULL
				 ? errhint("Include the join model \"%s\", and in it the other side.",
						   association->through) : 0));
	if (attr < 0 || !OidIsValid(array_type) ||
		!OidIsValid(lookup_type_cache(key->type, TYPECACHE_HASH_PROC)->hash_proc))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("association \"%s\" of model \"%s\" is not valid", association->alias,
						source->name),
				 attr < 0
				 ? errdetail("Its key \"%s\" is no attribute of model \"%s\".",
							 association->target_key, query->model->name)
				 : errdetail("Values of type %s cannot be keys.", format_type_be(key->type)),
				 errhint("Correct its row in studentdir.association, or define it again.")));
	query->parent_key = attr;
	query->parent_type = key->type;
	query->parent_collation = key->collation;
	query->where = sd_parent_condition(query, attr, array_type);
	query->parent_param = query->where->param;
}

/* Adds an include by name, and returns it for more options. */
static SdInclude *
add_include(SdQuery *query, const char *name, int len, const SdPath *path)
{
	SdInclude  *include = palloc0(sizeof(SdInclude));
	const SdModel *source = query->model;
	const SdAssociation *association;
	bool		ambiguous;

	association = sd_find_association(source, name, len, &ambiguous);
	if (association == NULL)
		unknown_association(source, name, len, ambiguous, path);
	if (find_include(query, association) != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: association \"%s\" is included twice", sd_path_text(path),
						association->alias)));
	include->association = association;
	include->query = make_query(sd_model_open(association->target));
	match_parents(include->query, source, association);
	query->includes = lappend(query->includes, include);
	return include;
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
	if (getKeyJsonValueFromContainer(value->val.binary.data, "association", 11, &name) == NULL ||
		name.type != jbvString)
		sd_bad_shape(path, "a member \"association\" with the name of one");
	include = add_include(query, name.val.string.val, name.val.string.len, path);
	parse_members(include->query, value, path, SD_CALL_INCLUDE);
	include->hidden = include->query->noutputs == 0 && include->query->includes == NIL;
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
	JsonbValue	root;

	if (options == NULL)
		return query;
	sd_root(options, &root);
	if (!sd_is_object(&root))
		sd_bad_shape(NULL, "an object");
	parse_members(query, &root, NULL, call);
	return query;
}

/* Includes the association called name, as {"include": name} does, unless it is already. */
void
sd_add_include(SdQuery *query, const char *name)
{
	SdPath		path = SD_KEY_STEP(NULL, "include", 7);
	bool		ambiguous;
	const SdAssociation *association;

	association = sd_find_association(query->model, name, strlen(name), &ambiguous);
	if (association != NULL && find_include(query, association) != NULL)
		return;
	add_include(query, name, strlen(name), &path);
}

/* Raises 22023 when a writer would change every row without having been told to. */
void
sd_require_condition(const SdQuery *query, const char *verb)
{
	if (query->where == NULL && !query->all)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s without a condition would concern every row of model \"%s\"", verb,
						query->model->name),
				 errhint("Give a \"where\", or say \"all\": true.")));
}

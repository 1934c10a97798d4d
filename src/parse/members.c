/*-------------------------------------------------------------------------
 * parse/members.c
 *		Parses the options that are one member of SdQuery each.
 *
 * Their functions are in the table of options.c.  Each takes the option's value
 * and where it stands, and raises 22023 for a value of the wrong shape.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "convert/reader.h"
#include "parse/binding.h"
#include "parse/keyset.h"
#include "parse/limiting.h"
#include "parse/members.h"
#include "parse/scopes.h"
#include "parse/select_list.h"
#include "parse/where.h"
#include "utils/typcache.h"

void
sd_parse_where_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	SdScope		scope = {
		.query = query,
		.model = query->model,
		.through = query->through != NULL ? query->through->model : NULL
	};
	SdCondition *condition = sd_parse_where(&scope, value, path);
	bool		limits = sd_leaves_out_rows(query, condition);

	Assert(query->source != NULL);
	query->where = sd_and(query->where, condition);
	if (query->source->kind == SD_SOURCE_CALLER)
	{
		query->asked = condition;
		query->empty_where = !limits;
	}
	if (query->write == NULL)
		return;
	if (query->source->kind == SD_SOURCE_DEFAULT_SCOPE)
		query->write->default_limited |= limits;
	else
	{
		query->write->limited |= limits;
		query->write->limiting = lappend(query->write->limiting, condition);
	}
}

void
sd_parse_having_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	SdScope		scope = {
		.query = query,
		.model = query->model,
		.having = true,
		.aggregates = true
	};

	if (query->group == NIL)
		sd_bad_shape(path, "\"group\" beside it");
	query->having = sd_and(query->having, sd_parse_where(&scope, value, path));
}

void
sd_parse_after_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	sd_parse_edge(query, value, path, false);
}

void
sd_parse_before_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	sd_parse_edge(query, value, path, true);
}

/* A whole number that is not negative, bound as a bigint; returns its index. */
static int
parse_count(SdQuery *query, const char *name, const JsonbValue *value, const SdPath *path)
{
	SdScope		scope = {.query = query, .model = query->model};

	return sd_bind_value(&scope, SD_CONVERT_COUNT, INT8OID, name, value, path)->param;
}

void
sd_parse_limit_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	query->limit_param = parse_count(query, "limit", value, path);
	query->limit = sd_bound_count(&query->params, query->limit_param);
}

void
sd_parse_offset_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	query->offset_param = parse_count(query, "offset", value, path);
}

/* A boolean; raises 22023 for anything else. */
bool
sd_parse_flag(const JsonbValue *value, const SdPath *path)
{
	if (value->type != jbvBool)
		sd_bad_shape(path, "true or false");
	return value->val.boolean;
}

void
sd_parse_all_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	query->all = sd_parse_flag(value, path);
}

void
sd_parse_paranoid_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	query->paranoid = sd_parse_flag(value, path);
}

void
sd_parse_force_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	query->write->force = sd_parse_flag(value, path);
}

void
sd_parse_ignore_unknown_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	query->write->ignore_unknown = sd_parse_flag(value, path);
}

void
sd_parse_validate_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	query->write->validate = sd_parse_flag(value, path);
}

/* "validateUnique": true looks for values that are taken, and reports them with the other failures */
void
sd_parse_validate_unique_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	query->write->validate_unique = sd_parse_flag(value, path);
}

void
sd_parse_ignore_missing_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	query->write->ignore_missing = sd_parse_flag(value, path);
}

void
sd_parse_truncate_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	query->write->truncate = sd_parse_flag(value, path);
}

void
sd_parse_cascade_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	query->write->cascade = sd_parse_flag(value, path);
}

void
sd_parse_restart_identity_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	query->write->restart_identity = sd_parse_flag(value, path);
}

/* a number, which is converted to the type of each attribute that it is for */
void
sd_parse_by_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	JsonbValue *by = palloc(sizeof(JsonbValue));

	*by = *value;
	sd_note_param(query, value, path);
	query->write->by = by;
}

/* true, or what the rows are to differ in, of which the first by the order is there; twice counts once */
void
sd_parse_distinct_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	Bitmapset  *seen = NULL;
	SdReader	names;

	if (!sd_is_array(value))
	{
		query->distinct = sd_parse_flag(value, path);
		return;
	}
	if (sd_array_length(value) == 0)
		sd_bad_shape(path, "true, false or an array of attributes, at least one");
	sd_read(&names, value, path);
	while (sd_next_element(&names))
	{
		SdExpr	   *expr = sd_attribute_expr(query->model,
											 sd_named_attribute(query, &names.value, &names.path));

		if (!OidIsValid(lookup_type_cache(expr->type, TYPECACHE_LT_OPR)->lt_opr))
			sd_bad_shape(&names.path, "an attribute whose values have an order");
		if (!bms_is_member(expr->attr, seen))
			query->distinct_on = lappend(query->distinct_on, expr);
		seen = bms_add_member(seen, expr->attr);
	}
}

/* The strength of a row lock, by its name in SQL. */
static SdLock
parse_lock_level(const JsonbValue *value, const SdPath *path)
{
	static const struct
	{
		const char *name;
		SdLock		lock;
	}			locks[] = {
		{"UPDATE", SD_LOCK_UPDATE},
		{"NO KEY UPDATE", SD_LOCK_NO_KEY_UPDATE},
		{"SHARE", SD_LOCK_SHARE},
		{"KEY SHARE", SD_LOCK_KEY_SHARE}
	};

	for (int i = 0; i < lengthof(locks); i++)
	{
		if (sd_string_is(value, locks[i].name))
			return locks[i].lock;
	}
	sd_bad_shape(path, "\"UPDATE\", \"NO KEY UPDATE\", \"SHARE\" or \"KEY SHARE\"");
}

/* The query whose rows a name in "of" means: the call's own, or those of an include. */
static SdQuery *
locked_query(SdQuery *query, const JsonbValue *name, const SdPath *path)
{
	ListCell   *cell;

	if (name->type != jbvString)
		sd_bad_shape(path, "the name of the model, or of an association that is included");
	if (sd_string_is(name, query->model->name))
		return query;
	foreach(cell, query->includes)
	{
		SdInclude  *include = lfirst(cell);

		if (sd_string_is(name, include->association->alias) ||
			sd_string_is(name, include->association->target))
			return include->query;
	}
	sd_bad_shape(path, "the name of the model, or of an association that is included");
}

/* "UPDATE", or {"level":"UPDATE","of":["Post"]} for the rows of the named includes, and of the model if it is named */
void
sd_parse_lock_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	SdPath		level_step = SD_KEY_STEP(path, "level", 5);
	SdPath		of_step = SD_KEY_STEP(path, "of", 2);
	JsonbValue	level;
	JsonbValue	of;
	SdReader	reader;
	SdLock		lock;

	if (!sd_is_object(value))
	{
		query->lock = parse_lock_level(value, path);
		return;
	}
	if (getKeyJsonValueFromContainer(value->val.binary.data, "level", 5, &level) == NULL ||
		getKeyJsonValueFromContainer(value->val.binary.data, "of", 2, &of) == NULL ||
		sd_array_length(value) != 2)
		sd_bad_shape(path, "a level, or an object with \"level\" and \"of\"");
	lock = parse_lock_level(&level, &level_step);
	if (!sd_is_array(&of) || sd_array_length(&of) == 0)
		sd_bad_shape(&of_step, "an array of names, at least one");
	sd_read(&reader, &of, &of_step);
	while (sd_next_element(&reader))
		locked_query(query, &reader.value, &reader.path)->lock = lock;
}

static void
parse_lock_wait(SdQuery *query, const JsonbValue *value, const SdPath *path, SdLockWait wait)
{
	bool		locked;
	ListCell   *cell;

	if (!sd_parse_flag(value, path))
		return;
	locked = query->lock != SD_LOCK_NONE;
	foreach(cell, query->includes)
	{
		SdQuery    *included = ((SdInclude *) lfirst(cell))->query;

		if (included->lock == SD_LOCK_NONE)
			continue;
		locked = true;
		included->lock_wait = wait;
	}
	if (!locked)
		sd_bad_shape(path, "\"lock\" beside it");
	if (query->lock_wait != SD_LOCK_WAIT)
		sd_bad_shape(path, "only one of \"skipLocked\" and \"noWait\"");
	query->lock_wait = wait;
}

void
sd_parse_skip_locked_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	parse_lock_wait(query, value, path, SD_LOCK_SKIP);
}

void
sd_parse_no_wait_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	parse_lock_wait(query, value, path, SD_LOCK_NO_WAIT);
}

/* count() takes it to say why not */
void
sd_refuse_group_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s: count gives one number", sd_path_text(path)),
			 errhint("For the count of each group use find_all with \"attributes\": [\"x\", [{\"$fn\": [\"count\", {\"$col\": \"id\"}]}, \"n\"]], \"group\": [\"x\"].")));
}

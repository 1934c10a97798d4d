/*-------------------------------------------------------------------------
 * parse/conflict.c
 *		Rows that are to be written and may be there already: the options, and
 *		the unique key that tells.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/reader.h"
#include "miscadmin.h"
#include "parse/binding.h"
#include "parse/conflict.h"
#include "parse/select_list.h"
#include "parse/where.h"

/* What the query says of conflicts, to be set. */
static SdConflict *
said(SdQuery *query)
{
	Assert(query->write != NULL);
	if (query->write->conflict == NULL)
		query->write->conflict = palloc0(sizeof(SdConflict));
	return query->write->conflict;
}

/* An array of the names of attributes, at least one. */
static Bitmapset *
parse_names(const SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	Bitmapset  *attrs = NULL;
	SdReader	names;

	if (!sd_is_array(value) || sd_array_length(value) == 0)
		sd_bad_shape(path, "an array of attributes, at least one");
	sd_read(&names, value, path);
	while (sd_next_element(&names))
		attrs = bms_add_member(attrs, sd_named_attribute(query, &names.value, &names.path));
	return attrs;
}

/* "ignoreDuplicates": true leaves rows that are there already as they are */
void
sd_parse_ignore_duplicates_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	said(query)->ignore = sd_parse_flag(value, path);
}

/* "existing": true answers with rows that are there already, too */
void
sd_parse_existing_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	said(query)->existing = sd_parse_flag(value, path);
}

/* "updateOnDuplicate": what is changed in a row that is there already */
void
sd_parse_update_on_duplicate_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	const SdModel *model = query->model;
	Bitmapset  *attrs = parse_names(query, value, path);
	int			attr = -1;

	while ((attr = bms_next_member(attrs, attr)) >= 0)
	{
		bool		kept = attr == model->created_at || attr == model->version;

		if (kept || model->attrs[attr].computed)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s: attribute \"%s\" cannot be changed", sd_path_text(path),
							model->attrs[attr].name),
					 kept ? errhint("It is kept by studentdir; leave it out.")
					 : errhint("The table generates it; leave it out.")));
	}
	said(query)->updated = attrs;
}

/* "conflictAttributes": the unique key by which a row is there already */
void
sd_parse_conflict_attributes_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	said(query)->target = parse_names(query, value, path);
}

static const SdPath where_path = {.key = "conflictWhere", .len = 13};

static bool looks_elsewhere(const SdCondition *condition);

/* Whether an expression, NULL for none, looks at other rows than the one at hand. */
static bool
expr_looks_elsewhere(const SdExpr *expr)
{
	ListCell   *cell;

	if (expr == NULL)
		return false;
	check_stack_depth();
	if (expr->associated != NULL || expr->path != NIL)
		return true;
	foreach(cell, expr->args)
	{
		if (expr_looks_elsewhere(lfirst(cell)))
			return true;
	}
	foreach(cell, expr->conditions)
	{
		if (looks_elsewhere(lfirst(cell)))
			return true;
	}
	return false;
}

/* The same of a condition: no index can have such a one. */
static bool
looks_elsewhere(const SdCondition *condition)
{
	ListCell   *cell;

	if (condition->associated != NULL || condition->query != NULL ||
		expr_looks_elsewhere(condition->left) || expr_looks_elsewhere(condition->right))
		return true;
	foreach(cell, condition->args)
	{
		if (looks_elsewhere(lfirst(cell)))
			return true;
	}
	return false;
}

/* "conflictWhere": the condition of the partial unique index by which a row is there already */
void
sd_parse_conflict_where_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	SdQuery    *probe = palloc(sizeof(SdQuery));
	SdScope		scope = {.query = probe, .model = query->model};
	JsonbValue *where = palloc(sizeof(JsonbValue));
	SdCondition *condition;

	/* it is parsed for each statement that binds it; here for its errors, and the parameters' names */
	*probe = *query;
	probe->params = sd_copy_params(&query->params);
	condition = sd_parse_where(&scope, value, path);
	if (condition == NULL)
		sd_bad_shape(path, "a condition");
	if (looks_elsewhere(condition))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: the condition of an index is about attributes of the record itself",
						sd_path_text(path))));
	*where = *value;
	said(query)->where = where;
}

/*
 * The condition of the partial index that a query's rows may be there by, which binds in
 * rows, a query that the caller may change; NULL: it is no partial one.
 */
SdCondition *
sd_conflict_condition(SdQuery *rows, const SdConflict *conflict)
{
	SdScope		scope = {.query = rows, .model = rows->model};
	JsonbValue	settled;

	if (conflict == NULL || conflict->where == NULL)
		return NULL;
	settled = sd_settle_params(rows, conflict->where, &where_path);
	return sd_parse_where(&scope, &settled, &where_path);
}

/*
 * Raises 22023 for options of conflicts, at path, that do not go together.  bulk says that
 * without them rows are only created.
 */
void
sd_check_conflict_options(const SdQuery *query, bool bulk, const SdPath *path)
{
	const SdConflict *conflict = query->write->conflict;
	SdPath		updated = SD_KEY_STEP(path, "updateOnDuplicate", 17);
	SdPath		target = SD_KEY_STEP(path, "conflictAttributes", 18);
	SdPath		where = SD_KEY_STEP(path, "conflictWhere", 13);
	SdPath		existing = SD_KEY_STEP(path, "existing", 8);
	SdPath		include = SD_KEY_STEP(path, "include", 7);
	bool		handled;

	if (conflict == NULL)
		return;
	handled = conflict->ignore || conflict->updated != NULL;
	if (conflict->ignore && conflict->updated != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: an existing row cannot be both changed and left as it is",
						sd_path_text(&updated)),
				 errhint("Leave out either \"updateOnDuplicate\" or \"ignoreDuplicates\".")));
	if (bulk && conflict->target != NULL && !handled)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: the options do not say what to do with existing rows",
						sd_path_text(&target)),
				 errhint("Say \"ignoreDuplicates\": true, or name the attributes to change in \"updateOnDuplicate\".")));
	if (conflict->where != NULL && conflict->target == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: the condition alone does not say which unique index is meant",
						sd_path_text(&where)),
				 errhint("Name its attributes in \"conflictAttributes\".")));
	if (conflict->existing && !conflict->ignore)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: there are no records that are left as they are",
						sd_path_text(&existing)),
				 errhint("Say \"ignoreDuplicates\": true beside it.")));
	if (handled && query->includes != NIL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: nested records cannot be written together with rows that may exist already",
						sd_path_text(&include)),
				 errhint("Write the rows first, and what belongs to them in a second call.")));
}

/* Raises 22023: the target of a query is no unique key; keys are those that there are. */
static pg_attribute_noreturn() void
no_such_key(const SdQuery *query, const List *keys)
{
	const SdModel *model = query->model;
	const SdConflict *conflict = query->write->conflict;
	List	   *partial = NIL;
	ListCell   *cell;

	Assert(conflict != NULL && conflict->target != NULL);
	if (conflict->where != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("conflictAttributes: no partial unique index of model \"%s\" has just these attributes",
						model->name),
				 keys != NIL
				 ? errhint("Its partial unique indexes are: %s.", sd_list_keys(model, keys))
				 : errhint("It has no partial unique index.")));
	foreach(cell, sd_partial_keys(model))
	{
		if (sd_key_is_of(lfirst(cell), conflict->target))
			partial = lappend(partial, lfirst(cell));
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("conflictAttributes: no unique key of model \"%s\" has just these attributes",
					model->name),
			 partial != NIL
			 ? errhint("A partial unique index has: give its condition as \"conflictWhere\": %s.",
					   sd_list_keys(model, partial))
			 : keys != NIL
			 ? errhint("Its unique keys are: %s.", sd_list_keys(model, keys))
			 : errhint("It has no unique key.")));
}

/*
 * The unique key by which a row is there already: what the query says, else the
 * first one, beginning with the primary key, whose attributes all are given, and
 * are not null where nulls, by attribute, is known and nulls differ in the index.
 * NULL when there is none: then a new row is in conflict with none.
 *
 * Raises 22023 when the query names what is no unique key.
 */
const SdUniqueKey *
sd_conflict_target(const SdQuery *query, const bool *given, const bool *nulls)
{
	const SdConflict *conflict = query->write->conflict;
	bool		partial = conflict != NULL && conflict->where != NULL;
	List	   *keys = partial ? sd_partial_keys(query->model) : sd_unique_keys(query->model);
	ListCell   *cell;

	foreach(cell, keys)
	{
		const SdUniqueKey *key = lfirst(cell);

		if (conflict != NULL && conflict->target != NULL
			? sd_key_is_of(key, conflict->target)
			: sd_key_occurs(key, given, nulls))
			return key;
	}
	if (conflict != NULL && conflict->target != NULL)
		no_such_key(query, keys);
	return NULL;
}

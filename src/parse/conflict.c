/*-------------------------------------------------------------------------
 * parse/conflict.c
 *		Rows that are to be written and may be there already: the options, and
 *		the unique key that tells.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "parse/select_list.h"
#include "parse/conflict.h"
#include "parse/reader.h"

/* What the query says of conflicts, to be set. */
static SdConflict *
said(SdQuery *query)
{
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
	const int	kept[] = {model->created_at, model->version};

	for (int i = 0; i < lengthof(kept); i++)
	{
		if (kept[i] >= 0 && bms_is_member(kept[i], attrs))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s: attribute \"%s\" cannot be changed", sd_path_text(path),
							model->attrs[kept[i]].name),
					 errhint("It is kept by the engine; leave it out.")));
	}
	said(query)->updated = attrs;
}

/* "conflictAttributes": the unique key by which a row is there already */
void
sd_parse_conflict_attributes_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	said(query)->target = parse_names(query, value, path);
}

/*
 * Raises 22023 for options of conflicts that do not go together.  bulk says that
 * without them rows are only created.
 */
void
sd_check_conflict_options(const SdQuery *query, bool bulk)
{
	const SdConflict *conflict = query->write->conflict;
	bool		handled;

	if (conflict == NULL)
		return;
	handled = conflict->ignore || conflict->updated != NULL;
	if (conflict->ignore && conflict->updated != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("updateOnDuplicate: an existing row cannot be both changed and left as it is"),
				 errhint("Leave out either \"updateOnDuplicate\" or \"ignoreDuplicates\".")));
	if (bulk && conflict->target != NULL && !handled)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("conflictAttributes: the options do not say what to do with existing rows"),
				 errhint("Say \"ignoreDuplicates\": true, or name the attributes to change in \"updateOnDuplicate\".")));
	if (conflict->existing && !conflict->ignore)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("existing: there are no records that are left as they are"),
				 errhint("Say \"ignoreDuplicates\": true beside it.")));
	if (handled && query->includes != NIL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("include: nested records cannot be written together with rows that may exist already"),
				 errhint("Write the rows first, and what belongs to them in a second call.")));
}

/* Raises 22023: "conflictAttributes" are no unique key. */
static pg_attribute_noreturn() void
no_such_key(const SdModel *model, const List *keys)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("conflictAttributes: no unique key of model \"%s\" has just these attributes",
					model->name),
			 keys != NIL
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
	List	   *keys = sd_unique_keys(query->model);
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
		no_such_key(query->model, keys);
	return NULL;
}

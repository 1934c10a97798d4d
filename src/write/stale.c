/*-------------------------------------------------------------------------
 * write/stale.c
 *		The errors of records that are not written, which several writers raise.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/select.h"
#include "parse/options.h"
#include "parse/where.h"
#include "utils/snapmgr.h"
#include "write/stale.h"

/*
 * Whether a record that was not changed is given with a version, and has another one, or is
 * gone: a trigger, a rule or a policy can leave it out as well.  It has been converted, and
 * has its primary key.  Looks at what the transaction sees now.
 */
bool
sd_is_stale(const SdModel *model, const SdRecord *record)
{
	SdQuery    *query;
	int64		there;

	if (model->version < 0 || !record->given[model->version] || record->nulls[model->version])
		return false;
	query = sd_make_query(model);
	query->where = sd_key_condition(query, model->version, model->attrs[model->version].type,
									record->values[model->version]);
	for (int i = 0; i < model->nkeys; i++)
	{
		int			attr = model->keys[i];

		Assert(record->given[attr] && !record->nulls[attr]);
		query->where = sd_and(query->where,
							  sd_key_condition(query, attr, model->attrs[attr].type,
											   record->values[attr]));
	}
	PushActiveSnapshot(GetTransactionSnapshot());
	there = sd_select_count(query);
	PopActiveSnapshot();
	return there == 0;
}

/*
 * Raises 40001: a record has another version than the caller expects.  where
 * says which one it is in the caller's document; NULL where there is only one.
 */
void
sd_stale_version(const SdModel *model, const char *where)
{
	Assert(model->version >= 0);
	ereport(ERROR,
			(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
			 errmsg("%s%sthe record of model \"%s\" was changed since it was read",
					where != NULL ? where : "", where != NULL ? ": " : "", model->name),
			 errdetail("Its \"%s\" is not the one that the data gives.",
					   model->attrs[model->version].name),
			 errhint("Read the record again, and make the change on what it is now.")));
}

/*
 * Raises the error for a record that is there and was not changed: 40001 where it has
 * another version than the data says, 55000 when something else left it out.  path is
 * where it stands in the caller's document.
 */
void
sd_not_changed(const SdModel *model, const SdRecord *record, const SdPath *path)
{
	if (sd_is_stale(model, record))
		sd_stale_version(model, sd_path_text(path));
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("%s: the record was not changed", sd_path_text(path)),
			 errdetail("A trigger, a rule or a policy of table %s left it out.", model->relation)));
}

/*
 * Raises 55000 for a new record, at path in the caller's document, that was not written and
 * is in conflict with none.
 */
void
sd_not_written(const SdModel *model, const SdPath *path)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("%s: the record was not written", sd_path_text(path)),
			 errdetail("A trigger of table %s left it out, or gave it another key.",
					   model->relation),
			 errhint("Look at the table's BEFORE INSERT triggers.")));
}

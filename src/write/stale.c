/*-------------------------------------------------------------------------
 * write/stale.c
 *		The errors of records that are not written, which several writers raise.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/select.h"
#include "miscadmin.h"
#include "parse/options.h"
#include "parse/where.h"
#include "utils/snapmgr.h"
#include "write/key_query.h"
#include "write/lock_rows.h"
#include "write/stale.h"

/* Whether a query has a row with a record's values of attributes. */
static bool
is_there(const SdQuery *query, const SdRecord *record, const int *attrs, int nattrs)
{
	SdQuery		probe = *query;
	int64		there;

	probe.shapes = NULL;
	probe.params = sd_copy_params(&query->params);
	for (int i = 0; i < nattrs; i++)
	{
		Assert(record->given[attrs[i]] && !record->nulls[attrs[i]]);
		probe.where = sd_and(probe.where,
							 sd_key_condition(&probe, attrs[i], query->model->attrs[attrs[i]].type,
											  record->values[attrs[i]]));
	}
	PushActiveSnapshot(GetTransactionSnapshot());
	there = sd_select_count(&probe);
	PopActiveSnapshot();
	return there > 0;
}

/*
 * By record, which of n records a query has rows of, as the transaction sees them now: with
 * their primary keys and, with version, with the versions that they give.  They have been
 * converted.  One statement, where the type of the key allows it; the result is in the
 * current context.
 */
bool *
sd_find_there(const SdQuery *query, const SdRecord *const *records, int n, bool version)
{
	const SdModel *model = query->model;
	int			nattrs = model->nkeys + (version ? 1 : 0);
	int		   *attrs = palloc(sizeof(int) * nattrs);
	int		   *numbers = palloc_extended(sizeof(int) * n, MCXT_ALLOC_HUGE);
	bool	   *there = palloc_extended(n, MCXT_ALLOC_HUGE);
	bool	   *found;
	Datum	  **values = palloc(sizeof(Datum *) * nattrs);
	SdQuery    *probe = palloc(sizeof(SdQuery));
	SdRowSet	rows;
	SdKeyMap	map;

	Assert(n > 0);
	memcpy(attrs, model->keys, sizeof(int) * model->nkeys);
	if (version)
		attrs[model->nkeys] = model->version;
	if (n == 1 || !sd_can_match(model, attrs, nattrs))
	{
		for (int i = 0; i < n; i++)
		{
			CHECK_FOR_INTERRUPTS();
			there[i] = is_there(query, records[i], attrs, nattrs);
		}
		return there;
	}
	sd_key_columns(&map, model, attrs, nattrs, n);
	for (int i = 0; i < nattrs; i++)
	{
		values[i] = palloc_extended(sizeof(Datum) * n, MCXT_ALLOC_HUGE);
		for (int j = 0; j < n; j++)
			values[i][j] = records[j]->values[attrs[i]];
	}
	for (int i = 0; i < n; i++)
		numbers[i] = sd_keymap_add(&map, values, i);
	*probe = *query;
	sd_match_keys(probe, attrs, nattrs, &map);
	(void) sd_lock_rows(probe, attrs, nattrs, SD_LOCK_NONE, &rows);
	found = palloc_extended(map.nkeys, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (int row = 0; row < rows.nrows; row++)
	{
		int			number = sd_keymap_find(&map, rows.captured, row);

		if (number >= 0)
			found[number] = true;
	}
	for (int i = 0; i < n; i++)
		there[i] = found[numbers[i]];
	return there;
}

/* Whether a record that was not changed gives the version that it expects. */
bool
sd_expects_version(const SdModel *model, const SdRecord *record)
{
	return model->version >= 0 && record->given[model->version] && !record->nulls[model->version];
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
	if (sd_expects_version(model, record) &&
		!sd_find_there(sd_make_query(model), &record, 1, true)[0])
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

/*-------------------------------------------------------------------------
 * write/update.c
 *		Changes the rows that conditions leave, all in the same way.
 *
 * What an update by key says of the key and the version is no change, but what
 * the row has to be: it becomes a condition, so that no other session can come
 * in between.  Only when nothing was changed is it looked up why.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "convert/reader.h"
#include "execute/select.h"
#include "parse/assigned.h"
#include "parse/combination.h"
#include "parse/key.h"
#include "parse/where.h"
#include "settings.h"
#include "utils/snapmgr.h"
#include "write/modify.h"
#include "write/returned_records.h"
#include "write/run_write.h"
#include "write/stale.h"
#include "write/taken.h"
#include "write/update_tree.h"
#include "write/violation.h"

/* what the data of an update by key says of the row that is there; NULL: nothing of that kind */
typedef struct Expected
{
	const SdQuery *any_key;		/* the query without what is said of the key */
	const SdQuery *any_version; /* the query without what is said of the version */
} Expected;

/*
 * Binds the values that an update sets at paths in JSON attributes, after the others,
 * and assigns what it sets from expressions.
 */
static void
assign_others(SdStatement *statement, const SdRecord *record)
{
	const SdModel *model = statement->query->model;

	if (record->paths == NIL && statement->query->write->assigned == NIL)
		return;
	statement->sets = palloc0(sizeof(SdSet) * model->nattrs);
	for (int i = 0; i < statement->nassigned; i++)
		statement->sets[i].param = statement->first_param + i;
	for (int attr = 0; attr < model->nattrs; attr++)
	{
		SdSet		set = {.kind = SD_SET_JSON, .param = statement->params.n};
		ListCell   *cell;

		foreach(cell, record->paths)
		{
			const SdJsonPath *path = lfirst(cell);

			if (path->attr != attr)
				continue;
			(void) sd_param(&statement->params, JSONBOID, JsonbPGetDatum(path->path), false);
			(void) sd_param(&statement->params, JSONBOID, JsonbPGetDatum(path->value), false);
			set.npaths++;
		}
		if (set.npaths == 0)
			continue;
		Assert(statement->nassigned < model->nattrs);
		statement->sets[statement->nassigned] = set;
		statement->assigned[statement->nassigned++] = attr;
	}
	sd_assign_set(statement);
}

/* Raises 22023 where the data of an update gives what "set" sets. */
static void
check_assigned(const SdQuery *query, const SdRecord *record)
{
	bool	   *given;
	ListCell   *cell;

	if (query->write->assigned == NIL)
		return;
	given = palloc(sizeof(bool) * query->model->nattrs);
	memcpy(given, record->given, sizeof(bool) * query->model->nattrs);
	foreach(cell, record->paths)
		given[((SdJsonPath *) lfirst(cell))->attr] = true;
	sd_check_assigned(query, given, NULL);
}

/* The query with parameters of its own. */
static SdQuery *
copy_query(const SdQuery *query)
{
	SdQuery    *copy = palloc(sizeof(SdQuery));

	*copy = *query;
	copy->shapes = NULL;
	copy->params = sd_copy_params(&query->params);
	return copy;
}

/* Raises 22023: an update by key gives the key another value. */
static pg_attribute_noreturn() void
another_key(const SdModel *model, int attr)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s: the record of model \"%s\" has another key, which an update by key does not change",
					model->attrs[attr].name, model->name),
			 errhint("Leave it out. An update with a condition can change keys.")));
}

/* Whether the value of a parameter is that of an attribute in a record. */
static bool
is_param(const SdQuery *query, int param, const SdRecord *record, int attr)
{
	const SdParams *params = &query->params;
	Oid			type = query->model->attrs[attr].type;
	Datum		value = record->values[attr];

	Assert(param >= 0 && param < params->n);
	if (params->types[param] == type)
		return sd_same_value(&query->model->attrs[attr], params->values[param], value);
	/* only integers are bound in another type than the attribute's, see sd_add_key() */
	Assert(params->types[param] == INT8OID);
	return DatumGetInt64(params->values[param]) ==
		(type == INT2OID ? DatumGetInt16(value) : DatumGetInt32(value));
}

/*
 * Takes the key out of the record of an update by key.  Raises 22023 when it is
 * not the one that the call names; where the call names none, which is so when it
 * names another unique key, the query is restricted to it.
 */
static void
expect_key(Expected *expected, SdQuery *query, SdRecord *record)
{
	const SdModel *model = query->model;

	for (int i = 0; query->write->by_key && i < model->nkeys; i++)
	{
		int			attr = model->keys[i];
		int			param = sd_key_param(query->where, attr);

		if (!record->given[attr])
			continue;
		if (record->nulls[attr] || (param >= 0 && !is_param(query, param, record, attr)))
			another_key(model, attr);
		record->given[attr] = false;
		if (param >= 0)
			continue;
		if (expected->any_key == NULL)
			expected->any_key = copy_query(query);
		query->where = sd_and(query->where,
							  sd_key_condition(query, attr, model->attrs[attr].type,
											   record->values[attr]));
	}
}

/* Takes the version that the caller expects out of a record, and restricts the query to it. */
static void
expect_version(Expected *expected, SdQuery *query, SdRecord *record)
{
	int			version = query->model->version;

	if (version < 0 || !record->given[version])
		return;
	if (record->nulls[version])
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: expected the version that is about to be changed, not null",
						query->model->attrs[version].name)));
	record->given[version] = false;
	expected->any_version = copy_query(query);
	query->where = sd_and(query->where,
						  sd_key_condition(query, version, query->model->attrs[version].type,
										   record->values[version]));
}

/*
 * Raises the error for a row that is there, but is not what the caller expects: 22023 or
 * 40001.  One that is what rows, the query with all that is expected, asks for was left out
 * by a trigger, a rule or a policy: that is no error.
 */
static void
report_unexpected(const Expected *expected, const SdQuery *rows)
{
	if (expected->any_version == NULL && expected->any_key == NULL)
		return;
	/* as it is now: what the caller's query sees may be older than the update's */
	PushActiveSnapshot(GetTransactionSnapshot());
	if (sd_select_count(rows) == 0)
	{
		if (expected->any_version != NULL && sd_select_count(expected->any_version) > 0)
			sd_stale_version(rows->model, NULL);
		if (expected->any_key != NULL && sd_select_count(expected->any_key) > 0)
			another_key(rows->model, rows->model->keys[0]);
	}
	PopActiveSnapshot();
}

/* Whether an update sets nothing. */
static bool
is_empty(const SdQuery *query, const SdRecord *record)
{
	const SdModel *model = query->model;

	for (int i = 0; i < model->nattrs; i++)
	{
		if (record->given[i] && model->attrs[i].column != NULL)
			return false;
	}
	return record->paths == NIL && query->write->assigned == NIL;
}

/* Changes rows by a record that has been converted; see sd_update(). */
static int64
change(const SdQuery *query, SdRecord *record, SdRowSet *rowset, Tuplestorestate *result)
{
	const SdModel *model = query->model;
	SdQuery    *rows = copy_query(query);
	SdStatement statement = {
		.kind = SD_SELECT,
		.query = rows,
		.generic = query->write->by_key
	};
	Expected	expected = {0};
	SdGivenRows given = {.n = 1, .record = record};
	bool		empty;
	int64		changed;

	Assert(rowset == NULL || result == NULL);
	expect_key(&expected, rows, record);
	expect_version(&expected, rows, record);
	empty = is_empty(query, record);
	if (empty && result == NULL && rowset == NULL)
		return 0;
	/* the query may be asked again */
	statement.params = sd_copy_params(&rows->params);
	if (!empty)
	{
		if (model->updated_at >= 0)
			sd_set_timestamp(model, record, model->updated_at, record->now);
		statement.kind = SD_UPDATE;
		statement.returning = result != NULL || rowset != NULL;
		statement.given = &given;
		sd_assign(&statement, record);
		assign_others(&statement, record);
	}
	changed = sd_write_to(&statement, rowset, result);
	if (changed == 0)
		report_unexpected(&expected, rows);
	return empty ? 0 : changed;
}

/*
 * Changes the record that a query by key leaves, by what has been read, validated and
 * converted; what the query captures of it goes into rowset.  Raises 22023 where the data
 * gives what "set" sets, and what sd_update() raises when it has done that.
 */
void
sd_change_record(const SdQuery *query, SdRecord *record, SdRowSet *rowset)
{
	check_assigned(query, record);
	(void) change(query, record, rowset, NULL);
}

/*
 * Changes the rows that the query's conditions leave.  Returns how many; the
 * rows as they now are go into rows, where sd_answers_itself() says that they can,
 * or into result, where there is one of the two.  Data that sets
 * nothing changes nothing, not even updatedAt: 0, and the rows as they are.
 * With "include" the data holds further records.
 *
 * Raises 22023 without a condition and, by key, for data with another one, what
 * reading, validating (23514) and converting the data raises, 40001 when the row
 * has another version than the data says, and what PostgreSQL raises for the
 * UPDATE.
 */
int64
sd_update(const SdQuery *query, Jsonb *data, SdRowSet *rows, Tuplestorestate *result)
{
	SdRecord   *record;
	JsonbValue	root;

	sd_root(data, &root);
	Assert(rows == NULL || sd_answers_itself(query));
	if (query->includes != NIL)
	{
		sd_update_nested(query, &root, result);
		return 1;
	}
	record = sd_make_record(query->model);
	/* data that are options, turned round with them, say so: before the missing condition does */
	sd_read_record(query, record, &root, NULL, false);
	check_assigned(query, record);
	sd_require_condition(query, "update");
	sd_check_record(query, record, SD_OWN_CHOSEN, NULL);
	return change(query, record, rows, result);
}

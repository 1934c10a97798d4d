/*-------------------------------------------------------------------------
 * write/upsert.c
 *		Writes a row unless it is there already: upsert, find_or_create.
 *
 * Whether a row is new is known from which statement wrote it.  ON CONFLICT DO
 * UPDATE would take one statement less, but needs UPDATE privileges where nothing
 * is updated.  Every statement has a new snapshot, so that it sees what made the one
 * before it do nothing.
 *
 * An INSERT that writes nothing, and no row that is found: then a trigger keeps the
 * row out or gives it another key, or the row in conflict is hidden, or it came or
 * went meanwhile.  Only one statement can tell, which is run last: ON CONFLICT DO
 * UPDATE, which writes what PostgreSQL makes of the row, or a plain INSERT.  A
 * row that is kept out is no error, as it is none of create.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "convert/reader.h"
#include "miscadmin.h"
#include "model/attempt.h"
#include "parse/conflict.h"
#include "parse/model_validators.h"
#include "parse/where.h"
#include "record/sought.h"
#include "utils/lsyscache.h"
#include "utils/rls.h"
#include "write/batch.h"
#include "write/modify.h"
#include "write/run_write.h"
#include "write/taken.h"
#include "write/upsert.h"
#include "write/violation.h"

static void
put(Tuplestorestate *result, Datum record, bool created)
{
	Datum		values[2] = {record, BoolGetDatum(created)};
	bool		nulls[2] = {false, false};

	if (record != (Datum) 0)
		tuplestore_putvalues(result, sd_created_desc(), values, nulls);
}

/* Whether an error is that of a row which is in conflict with another. */
bool
sd_is_conflict(const ErrorData *error)
{
	return error->sqlerrcode == ERRCODE_UNIQUE_VIOLATION ||
		error->sqlerrcode == ERRCODE_EXCLUSION_VIOLATION;
}

/* What the caller gave, for errors; in the current context. */
static const SdGivenRows *
given_record(const SdRecord *record)
{
	SdGivenRows *given = palloc0(sizeof(SdGivenRows));

	given->n = 1;
	given->record = record;
	return given;
}

/* Makes it an error of an INSERT when its row does not meet required, conditions. */
static void
require(SdStatement *insert, SdQuery *rows, const JsonbValue *required)
{
	static const SdPath path = {.key = "where", .len = 5};
	SdScope		scope = {.query = rows, .model = rows->model};
	SdCondition *condition = sd_parse_where(&scope, required, &path);

	if (condition == NULL)
		return;
	rows->write->checks = lappend(rows->write->checks, condition);
	insert->sought = true;
}

/*
 * The INSERT of a record, which has to meet required, unless that is NULL; on a
 * conflict with target, or with anything for NULL, it does nothing.
 */
static void
make_insert(SdStatement *insert, const SdQuery *query, const SdRecord *record,
			const SdUniqueKey *target, const JsonbValue *required)
{
	SdQuery    *rows = sd_make_write_query(query);

	if (required != NULL)
		require(insert, rows, required);

	insert->kind = SD_INSERT;
	insert->query = rows;
	insert->params = sd_copy_params(&rows->params);
	insert->returning = true;
	insert->given = given_record(record);
	insert->on_conflict.action = SD_CONFLICT_NOTHING;
	if (target != NULL)
	{
		insert->on_conflict.ntarget = target->nattrs;
		insert->on_conflict.target = target->attrs;
		sd_name_partial_index(&insert->on_conflict, &insert->query, query->write->conflict);
		insert->params = sd_copy_params(&insert->query->params);
	}
	sd_assign(insert, record);
}

/*
 * The unique key that tells whether a record, which need not be converted yet, is there
 * already; NULL: no row can be.  Raises 0A000 for a foreign table.
 */
static const SdUniqueKey *
choose_target(const SdQuery *query, const SdRecord *record)
{
	int			nattrs = query->model->nattrs;
	bool	   *known = palloc(sizeof(bool) * nattrs);
	bool	   *nulls = palloc(sizeof(bool) * nattrs);
	const SdUniqueKey *target;

	for (int i = 0; i < nattrs; i++)
	{
		known[i] = record->given[i] && !record->filled[i];
		nulls[i] = record->given[i] && record->json[i].type == jbvNull;
	}
	target = sd_conflict_target(query, known, nulls);
	if (target == NULL)
	{
		if (get_rel_relkind(query->model->relid) == RELKIND_FOREIGN_TABLE)
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("whether a record of model \"%s\" exists cannot be told: its table is a foreign one",
							query->model->name),
					 errdetail("PostgreSQL knows no unique keys of foreign tables."),
					 errhint("Use update, and create where it has changed nothing; or upsert on the other server.")));
		return NULL;
	}
	for (int i = 0; i < target->nattrs; i++)
	{
		int			attr = target->attrs[i];

		/* the key of a row that is there cannot be known before the row's default is */
		if (!record->given[attr] || (nulls[attr] && !target->nulls_equal))
			return NULL;
	}
	return target;
}

/* Whether the row that is there already gets the value that the caller gives for an attribute. */
static bool
is_changed(const SdQuery *query, const SdRecord *record, int attr)
{
	const SdConflict *conflict = query->write->conflict;

	if (!record->given[attr] || record->filled[attr] || attr == query->model->created_at ||
		attr == query->model->version || query->model->attrs[attr].column == NULL)
		return false;
	if (conflict != NULL && conflict->updated != NULL)
		return bms_is_member(attr, conflict->updated);
	return !sd_is_key(query->model, attr);
}

/*
 * What is done with the row that is there already: an UPDATE, or a SELECT when
 * it is to be left as it is.  The record's timestamps are not set yet.
 */
static void
make_update(SdStatement *update, const SdQuery *query, const SdRecord *record,
			const SdUniqueKey *target)
{
	const SdModel *model = query->model;
	SdQuery    *rows = sd_make_write_query(query);
	SdRecord   *changes = sd_make_record(model);
	bool		changed = false;

	for (int i = 0; i < target->nattrs; i++)
	{
		int			attr = target->attrs[i];

		Assert(record->given[attr]);
		rows->where = sd_and(rows->where,
							 record->nulls[attr]
							 ? sd_null_condition(model, attr, true)
							 : sd_key_condition(rows, attr, model->attrs[attr].type,
												record->values[attr]));
	}
	rows->where = sd_and(rows->where, sd_conflict_condition(rows, query->write->conflict));
	for (int i = 0; i < model->nattrs; i++)
	{
		changes->given[i] = is_changed(query, record, i);
		changes->values[i] = record->values[i];
		changes->nulls[i] = record->nulls[i];
	}
	if (model->updated_at >= 0 && !changes->given[model->updated_at])
		sd_set_timestamp(model, changes, model->updated_at, record->now);
	for (int i = 0; i < model->nattrs; i++)
		changed |= changes->given[i];
	update->query = rows;
	update->params = sd_copy_params(&rows->params);
	update->generic = true;
	if (!changed || (query->write->conflict != NULL && query->write->conflict->ignore))
	{
		update->kind = SD_SELECT;
		return;
	}
	update->kind = SD_UPDATE;
	update->given = given_record(record);
	update->returning = true;
	sd_assign(update, changes);
}

/*
 * Raises an error, that of an INSERT in conflict with a row which is not found as the query
 * says, in better words where it is known why: 42501 for one that row-level security
 * hides, 22023 for one that does not meet "conflictWhere".
 */
void
sd_rethrow_conflict(const SdQuery *query, ErrorData *error)
{
	const SdModel *model = query->model;
	const SdConflict *conflict = query->write->conflict;

	Assert(sd_is_conflict(error));
	if (check_enable_rls(model->relid, InvalidOid, true) == RLS_ENABLED)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("a record of model \"%s\" with this key already exists, and row-level security hides it",
						model->name)));
	if (conflict != NULL && conflict->where != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("conflictWhere: the existing record of model \"%s\" does not meet it",
						model->name),
				 errhint("Give the condition of the unique index itself: %s.",
						 sd_list_keys(model, sd_partial_keys(model)))));
	ReThrowError(error);
}

/* an INSERT of one row, for sd_attempt() */
typedef struct Insertion
{
	const SdStatement *insert;
	Datum		row;
	bool		written;
} Insertion;

static void
write_insertion(void *arg)
{
	Insertion  *insertion = arg;

	insertion->written = sd_write_one(insertion->insert, &insertion->row);
}

/*
 * Inserts a row that is not there, and which the INSERT before has not written, to let
 * this one say what is wrong; a row that is kept out is none.  Should it be in conflict
 * with one that is found by now, that is the answer; with one that is not, returns the
 * error.  This, and nothing else, needs a subtransaction: there is no other way on after
 * an error.
 */
static ErrorData *
insert_or_find(SdStatement *insert, const SdStatement *find, Tuplestorestate *result)
{
	Insertion	insertion = {.insert = insert};
	ErrorData  *error;
	Datum		row;

	memset(&insert->on_conflict, 0, sizeof(insert->on_conflict));
	error = sd_attempt(write_insertion, &insertion);
	if (error == NULL)
	{
		if (insertion.written)
			put(result, insertion.row, true);
		return NULL;
	}
	if (!sd_is_conflict(error))
		ReThrowError(error);
	if (!sd_write_one(find, &row))
		return error;
	put(result, row, false);
	return NULL;
}

/* Whether one statement can insert the row or make an update of the row in conflict. */
static bool
can_merge(const SdQuery *query, const SdStatement *update)
{
	const SdConflict *conflict = query->write->conflict;

	/* Citus takes no volatile function there; of rows that are hidden the words are better without */
	return update->kind == SD_UPDATE && query->model->distribution == SD_NOT_DISTRIBUTED &&
		(conflict == NULL || conflict->where == NULL) &&
		check_enable_rls(query->model->relid, InvalidOid, true) != RLS_ENABLED;
}

/*
 * Inserts the row, or changes the one with which it is in conflict, in one statement: by
 * the key that triggers have given it, if they have.  None may be written.
 */
static void
merge(SdStatement *insert, const SdStatement *update, Tuplestorestate *result)
{
	static const SdPath *const no_path = NULL;
	SdRowsRead	changed = {.total = 1}; /* rows in conflict */
	Datum		row;

	insert->on_conflict.action = SD_CONFLICT_UPDATE;
	insert->on_conflict.nupdated = update->nassigned;
	insert->on_conflict.updated = update->assigned;
	insert->on_conflict.counted = true;
	insert->rows_read = &changed;
	insert->row_paths = &no_path;
	if (sd_write_one(insert, &row))
		put(result, row, changed.n == 0);
}

/*
 * Writes the record in data, or changes the one that is there already; the row
 * as it is goes into result, and whether it is new.
 *
 * Raises what sd_create() and sd_update() raise; 22023 for "conflictAttributes"
 * that are no unique key; and what sd_rethrow_conflict() raises.
 */
void
sd_upsert(const SdQuery *query, Jsonb *data, Tuplestorestate *result)
{
	SdRecord   *record = sd_make_record(query->model);
	SdStatement insert = {0};
	SdStatement update = {0};
	const SdUniqueKey *target;
	ErrorData  *error;
	JsonbValue	root;
	Datum		row;

	sd_root(data, &root);
	sd_read_record(query, record, &root, NULL, true);
	target = choose_target(query, record);
	sd_check_record(query, record, query->write->conflict != NULL && query->write->conflict->ignore
					? SD_OWN_KEPT : SD_OWN_UPSERTED, target);
	if (target != NULL)
		make_update(&update, query, record, target);
	sd_default_timestamps(query->model, record, record->now);
	make_insert(&insert, query, record, target, NULL);
	if (target == NULL)
		insert.on_conflict.action = SD_CONFLICT_ERROR;

	for (int tries = 1;; tries++)
	{
		CHECK_FOR_INTERRUPTS();
		if (sd_write_one(&insert, &row))
		{
			put(result, row, true);
			return;
		}
		/* a trigger or a rule wrote nothing */
		if (target == NULL)
			return;
		if (sd_write_one(&update, &row))
		{
			put(result, row, false);
			return;
		}
		if (can_merge(query, &update))
		{
			merge(&insert, &update, result);
			return;
		}
		if (tries == SD_UPSERT_TRIES)
			break;
	}
	error = insert_or_find(&insert, &update, result);
	if (error != NULL)
		sd_rethrow_conflict(query, error);
}

/* Gets a member of the options; false when it is missing. */
static bool
get_member(Jsonb *options, const char *name, JsonbValue *value)
{
	return options != NULL &&
		getKeyJsonValueFromContainer(&options->root, name, strlen(name), value) != NULL;
}

/*
 * Finds the first row that the query's conditions leave, or writes one: from
 * "defaults", and what "where" says attributes are equal to.  The row goes into
 * result, and whether it is new.  options are those that query was parsed from.
 *
 * Raises 22023 without "where", and when the new row does not meet it, but for
 * equalities that "defaults" overrides; what sd_create() raises, 23505 only where
 * the new row is in conflict with one that the conditions do not find.
 */
void
sd_find_or_create(const SdQuery *query, Jsonb *options, Tuplestorestate *result)
{
	SdRecord   *record = sd_make_record(query->model);
	SdStatement find = {.kind = SD_SELECT, .query = query, .params = query->params, .one = true};
	SdStatement insert = {0};
	SdViolations *violations;
	ErrorData  *error;
	JsonbValue	where,
				defaults,
				required;
	Datum		row;

	if (!get_member(options, "where", &where))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("where: find_or_create needs a condition"),
				 errhint("Give the conditions as \"where\", and as \"defaults\" what else a new record holds.")));
	sd_read_sought_record(query, record, &where,
						  get_member(options, "defaults", &defaults) ? &defaults : NULL,
						  &required);
	if (sd_write_one(&find, &row))
	{
		put(result, row, false);
		return;
	}
	violations = sd_find_violations(query, record, SD_OWN_NONE, NULL);
	/* what is taken may be by the record that is sought, and has come meanwhile */
	if (violations->found != NIL && query->write->validate_unique && sd_write_one(&find, &row))
	{
		put(result, row, false);
		return;
	}
	sd_report_violations(violations);
	sd_convert_record(query, record, NULL, true);
	sd_default_timestamps(query->model, record, record->now);
	make_insert(&insert, query, record, NULL, &required);
	if (sd_write_one(&insert, &row))
		put(result, row, true);
	else if (sd_write_one(&find, &row))
		put(result, row, false);
	else
	{
		error = insert_or_find(&insert, &find, result);
		/* the conditions need not find it, whoever may see it */
		if (error != NULL)
			ReThrowError(error);
	}
}

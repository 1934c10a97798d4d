/*-------------------------------------------------------------------------
 * write/modify.c
 *		Writes rows: create, destroy, restore.
 *
 * What is written is read, validated and converted first (record/record.c), so
 * that a failure of any of it has changed nothing.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "convert/reader.h"
#include "execute/command.h"
#include "parse/combination.h"
#include "parse/where.h"
#include "record/record.h"
#include "write/destroyed_records.h"
#include "write/modify.h"
#include "write/returned_records.h"
#include "write/run_write.h"
#include "write/soft_delete.h"
#include "write/taken.h"
#include "write/violation.h"
#include "write/write_tree.h"

/* Binds the values of a record, and names the attributes that get them. */
void
sd_assign(SdStatement *statement, const SdRecord *record)
{
	const SdModel *model = statement->query->model;

	Assert(statement->nassigned == 0);
	statement->first_param = statement->params.n;
	statement->assigned = palloc(sizeof(int) * model->nattrs);
	for (int i = 0; i < model->nattrs; i++)
	{
		if (!record->given[i] || model->attrs[i].column == NULL)
			continue;
		statement->assigned[statement->nassigned++] = i;
		(void) sd_param(&statement->params, model->attrs[i].type, record->values[i],
						record->nulls[i]);
	}
}

/* Adds what an update sets from expressions, "set", to the attributes that get values. */
void
sd_assign_set(SdStatement *statement)
{
	ListCell   *cell;

	foreach(cell, statement->query->write->assigned)
	{
		const SdAssigned *assigned = lfirst(cell);
		SdSet	   *set = &statement->sets[statement->nassigned];

		Assert(statement->nassigned < statement->query->model->nattrs);
		set->kind = assigned->expr != NULL ? SD_SET_EXPR : SD_SET_DEFAULT;
		set->expr = assigned->expr;
		statement->assigned[statement->nassigned++] = assigned->attr;
	}
}

/*
 * Writes one row from data, an object; the row as it is goes into rows, where
 * sd_answers_itself() says that it can, or else into result.  With "include" the
 * object holds further records.
 *
 * Raises what reading, validating (23514) and converting the data raises, and
 * what PostgreSQL raises for the INSERT.
 */
void
sd_create(const SdQuery *query, Jsonb *data, SdRowSet *rows, Tuplestorestate *result)
{
	const SdModel *model = query->model;
	SdStatement statement = {
		.kind = SD_INSERT,
		.query = query,
		.params = sd_copy_params(&query->params),
		.returning = true
	};
	SdRecord   *record = sd_make_record(model);
	SdGivenRows given = {.n = 1, .record = record};
	JsonbValue	root;

	Assert((rows == NULL) != (result == NULL));
	Assert(rows == NULL || sd_answers_itself(query));
	sd_root(data, &root);
	statement.given = &given;
	if (query->includes != NIL)
	{
		sd_create_nested(query, &root, false, result);
		return;
	}
	sd_read_record(query, record, &root, NULL, true);
	sd_check_record(query, record, SD_OWN_NONE, NULL);
	sd_default_timestamps(model, record, record->now);
	sd_assign(&statement, record);
	(void) sd_write_to(&statement, rows, result);
}

/*
 * Empties the model's table; the rows of a paranoid model are only marked as
 * deleted, unless the query says "force".
 *
 * Raises what PostgreSQL raises for TRUNCATE or UPDATE, and 22023 for what can
 * only be said of TRUNCATE where rows are marked.
 */
void
sd_truncate(const SdQuery *query)
{
	const SdModel *model = query->model;
	SdQuery		alive = *query;
	SdStatement statement = {.query = &alive};

	if (model->deleted_at < 0 || query->write->force)
	{
		(void) sd_command(psprintf("TRUNCATE TABLE %s%s%s", model->relation,
								   query->write->restart_identity ? " RESTART IDENTITY" : "",
								   query->write->cascade ? " CASCADE" : ""), NULL, 0);
		return;
	}
	if (query->write->cascade || query->write->restart_identity)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\" is paranoid: its rows are marked as deleted, the table is not emptied",
						model->name),
				 errhint("\"force\": true empties it.")));
	alive.params = sd_copy_params(&query->params);
	alive.where = sd_alive_condition(&alive, model, true);
	sd_mark(&statement, true);
	(void) sd_mark_deleted(&statement, NULL);
}

/*
 * Deletes the rows that the query's conditions leave; those of a paranoid model
 * are only marked, unless the query says "force".  Returns how many; the rows as
 * they were, or are when they are marked, go into result, where there is one; with
 * "returning" what a finder would give of them, as they were.
 *
 * Raises 22023 without a condition, and what PostgreSQL raises for the DELETE
 * or UPDATE.
 */
int64
sd_destroy(const SdQuery *query, Tuplestorestate *result)
{
	SdStatement statement = {
		.kind = SD_DELETE,
		.query = query,
		.params = query->params,
		.returning = result != NULL,
		.generic = query->write->by_key
	};
	bool		reads = result != NULL && sd_reads_back(query);
	SdDestroyed destroyed;

	if (query->write->truncate)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("truncate: records that are truncated cannot be returned"),
				 errhint("studentdir.destroy and studentdir.truncate do it.")));
	sd_require_condition(query, "destroy");
	if (reads)
	{
		if (!sd_lock_and_read(&destroyed, query))
			return 0;
		statement.query = destroyed.query;
		statement.params = destroyed.query->params;
	}
	if (query->model->deleted_at >= 0 && !query->write->force)
		sd_mark(&statement, true);
	if (reads)
		return sd_destroy_read(&destroyed, &statement, result);
	return statement.kind == SD_DELETE ? sd_write_to(&statement, NULL, result)
		: sd_mark_deleted(&statement, result);
}

/*
 * Brings back the deleted rows of a paranoid model that the query's conditions
 * leave, and what was deleted with them.  Returns how many of them.
 *
 * Raises 22023 without a condition, and what sd_bring_back() raises.
 */
int64
sd_restore(const SdQuery *query)
{
	sd_require_condition(query, "restore");
	return sd_bring_back(query);
}

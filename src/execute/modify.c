/*-------------------------------------------------------------------------
 * execute/modify.c
 *		Writes rows: create, update, destroy, restore.
 *
 * What is written is read, validated and converted first (parse/record.c), so
 * that a failure of any of it has changed nothing.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/modify.h"
#include "execute/nested.h"
#include "execute/write.h"
#include "parse/options.h"
#include "parse/reader.h"
#include "parse/record.h"
#include "parse/validate.h"
#include "studentdir.h"

/* Binds the values of a record, and names the attributes that get them. */
void
sd_assign(SdStatement *statement, SdQuery *query, const SdRecord *record)
{
	const SdModel *model = query->model;

	statement->first_param = query->params.n;
	statement->assigned = palloc(sizeof(int) * model->nattrs);
	for (int i = 0; i < model->nattrs; i++)
	{
		if (!record->given[i] || model->attrs[i].column == NULL)
			continue;
		statement->assigned[statement->nassigned++] = i;
		(void) sd_param(&query->params, model->attrs[i].type, record->values[i],
						record->nulls[i]);
	}
}

/* Runs a statement; the rows that it returns go into result, where there is one. */
static int64
run(const SdStatement *statement, Tuplestorestate *result)
{
	SdReceiver	receiver;

	if (result == NULL)
		return sd_write(statement, NULL, NULL);
	sd_receiver_init(&receiver, NULL, sd_max_rows);
	sd_receiver_to_store(&receiver, result);
	return sd_write(statement, &receiver, NULL);
}

/*
 * Writes one row from data, an object; the row as it is goes into result.  With
 * "include" the object holds further records.
 *
 * Raises what reading, validating (23514) and converting the data raises, and
 * what PostgreSQL raises for the INSERT.
 */
void
sd_create(SdQuery *query, Jsonb *data, Tuplestorestate *result)
{
	const SdModel *model = query->model;
	SdStatement statement = {.kind = SD_INSERT, .query = query, .returning = true};
	SdRecord   *record = sd_make_record(model);
	JsonbValue	root;

	sd_root(data, &root);
	if (query->includes != NIL)
	{
		sd_create_nested(query, &root, false, result);
		return;
	}
	sd_read_record(query, record, &root, NULL, true);
	if (query->validate)
	{
		SdViolations *violations = sd_make_violations();

		sd_validate(violations, model, record, NULL, true);
		sd_report_violations(violations);
	}
	sd_convert_record(query, record, NULL);
	sd_default_timestamps(model, record, record->now);
	sd_assign(&statement, query, record);
	(void) run(&statement, result);
}

/*
 * Changes the rows that the query's conditions leave.  Returns how many; the
 * rows as they now are go into result, where there is one.
 *
 * Raises 22023 without a condition, what reading, validating (23514) and
 * converting the data raises, and what PostgreSQL raises for the UPDATE.
 */
int64
sd_update(SdQuery *query, Jsonb *data, Tuplestorestate *result)
{
	const SdModel *model = query->model;
	SdStatement statement = {.kind = SD_UPDATE, .query = query, .returning = result != NULL};
	SdRecord   *record = sd_make_record(model);
	JsonbValue	root;

	sd_require_condition(query, "update");
	sd_root(data, &root);
	sd_read_record(query, record, &root, NULL, false);
	if (query->validate)
	{
		SdViolations *violations = sd_make_violations();

		sd_validate(violations, model, record, NULL, false);
		sd_report_violations(violations);
	}
	sd_convert_record(query, record, NULL);
	if (model->updated_at >= 0)
		sd_set_timestamp(model, record, model->updated_at, sd_now());
	sd_assign(&statement, query, record);
	if (statement.nassigned == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("update of model \"%s\" without a value to set", model->name)));
	return run(&statement, result);
}

/*
 * Makes a statement the one that notes that rows of a paranoid model are
 * deleted or not.  As in Sequelize, that changes updatedAt of a row given by its
 * key, as an instance's method does, and not of rows by condition.
 */
static void
mark(SdStatement *statement, SdQuery *query, bool deleted)
{
	const SdModel *model = query->model;
	SdRecord   *record = sd_make_record(model);

	statement->kind = SD_UPDATE;
	if (deleted)
		sd_set_timestamp(model, record, model->deleted_at, record->now);
	else
		record->given[model->deleted_at] = record->nulls[model->deleted_at] = true;
	if (query->by_key && model->updated_at >= 0)
		sd_set_timestamp(model, record, model->updated_at, record->now);
	sd_assign(statement, query, record);
}

/*
 * Deletes the rows that the query's conditions leave; those of a paranoid model
 * are only marked, unless the query says "force".  Returns how many; the rows as
 * they were, or are when they are marked, go into result, where there is one.
 *
 * Raises 22023 without a condition, and what PostgreSQL raises for the DELETE
 * or UPDATE.
 */
int64
sd_destroy(SdQuery *query, Tuplestorestate *result)
{
	SdStatement statement = {.kind = SD_DELETE, .query = query, .returning = result != NULL};

	sd_require_condition(query, "destroy");
	if (query->model->deleted_at >= 0 && !query->force)
		mark(&statement, query, true);
	return run(&statement, result);
}

/*
 * Brings back the deleted rows of a paranoid model that the query's conditions
 * leave.  Returns how many.
 *
 * Raises 22023 without a condition, and what PostgreSQL raises for the UPDATE.
 */
int64
sd_restore(SdQuery *query)
{
	SdStatement statement = {.query = query};

	sd_require_condition(query, "restore");
	mark(&statement, query, false);
	return run(&statement, NULL);
}

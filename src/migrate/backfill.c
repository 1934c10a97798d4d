/*-------------------------------------------------------------------------
 * migrate/backfill.c
 *		Updates a table in batches that are committed one by one.
 *
 * A batch is the rows between two primary keys.  The last key that is done is
 * kept in studentdir.backfill and committed with the rows, so that a call which
 * was stopped goes on there, in another session or after a restore too.  The row
 * there is locked before it is read: of several calls each takes the next batch.
 *
 * Every batch is a transaction of its own, in which model, options and plan are
 * looked up anew: nothing is held between them, and what others change meanwhile
 * is seen.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "execute/command.h"
#include "execute/execution.h"
#include "executor/spi.h"
#include "json/exact_text.h"
#include "lib/stringinfo.h"
#include "migrate/backfill.h"
#include "migrate/checksum.h"
#include "migrate/lock_waits.h"
#include "miscadmin.h"
#include "parse/condition.h"
#include "parse/keyset.h"
#include "parse/options.h"
#include "settings.h"
#include "tcop/pquery.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "write/modify.h"

#define PROGRESS_INTERVAL	USECS_PER_SEC

/* how far the rows are, as studentdir.backfill has it */
typedef struct BackfillDone
{
	List	   *key;			/* texts of the last key; NIL: none */
	int64		rows;
} BackfillDone;

/* a call that runs; outlives its transactions */
typedef struct BackfillRun
{
	const SdBackfill *backfill;
	char	   *checksum;		/* the key of its row in studentdir.backfill */
	bool		begun;			/* the first batch is done */
	int64		rows;			/* changed by this call */
	TimestampTz began;
	TimestampTz told;
} BackfillRun;

static char *
json_text(Jsonb *json)
{
	return JsonbToCString(NULL, &json->root, VARSIZE(json));
}

/* Options of a call over all rows that the condition leaves, deleted and scoped ones too. */
static Jsonb *
make_options(const SdBackfill *backfill, const char *more)
{
	char	   *text = psprintf("{\"where\":%s,\"scope\":null,\"paranoid\":false,\"all\":true,%s}",
								json_text(backfill->condition), more);

	return DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(text)));
}

/* The names of the model's key as members of an array, each with a word after it, such as "ASC". */
static char *
key_names(const SdModel *model, const char *word)
{
	StringInfoData names;

	initStringInfo(&names);
	for (int i = 0; i < model->nkeys; i++)
	{
		appendStringInfoString(&names, i == 0 ? "[" : ",");
		if (word != NULL)
			appendStringInfoChar(&names, '[');
		escape_json(&names, model->attrs[model->keys[i]].name);
		if (word != NULL)
			appendStringInfo(&names, ",\"%s\"]", word);
	}
	appendStringInfoChar(&names, ']');
	return names.data;
}

/* A copy of a parsed query, to which a condition can be added. */
static SdQuery *
copy_query(const SdQuery *query)
{
	SdQuery    *copy = palloc(sizeof(SdQuery));

	*copy = *query;
	copy->shapes = NULL;
	copy->params = sd_copy_params(&query->params);
	return copy;
}

/*
 * Finds the key of a row that is to be changed behind the key last, which may be
 * NULL: that of row number skip, counted from 0 in the order of keys, or from
 * their end.  Returns whether there is such a row.  Raises 55000 for one whose key is NULL.
 */
static bool
find_key(const SdBackfill *backfill, const SdModel *model, const Datum *last, int skip,
		 bool from_end, Datum *key)
{
	char	   *more = psprintf("\"attributes\":%s,\"order\":%s,\"limit\":1,\"offset\":%d",
								key_names(model, NULL), key_names(model, from_end ? "DESC" : "ASC"),
								skip);
	SdQuery    *query = copy_query(sd_parse_options(model, make_options(backfill, more),
													SD_CALL_FIND));
	SdStatement statement = {.kind = SD_SELECT};
	bool	   *nulls = palloc(sizeof(bool) * model->nkeys);
	bool		found;

	Assert(model->nkeys > 0 && skip >= 0);
	if (last != NULL)
		query->where = sd_and(query->where, sd_beyond_key(query, last));
	statement.query = query;
	statement.params = query->params;
	found = sd_execute_one(query, sd_prepare(&statement, CurrentMemoryContext), sd_bind(&query->params),
						   model->nkeys, key, nulls);
	for (int i = 0; found && i < model->nkeys; i++)
	{
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("a row of model \"%s\" has no \"%s\", which is its primary key", model->name,
							model->attrs[model->keys[i]].name),
					 errhint("Rows are changed in the order of the key: give all of them one first.")));
	}
	return found;
}

/*
 * The update that sets what the call says, of all rows: a query that can be changed.  It
 * names every attribute as one that it may write, read only ones too.
 */
static SdQuery *
parse_update(const SdBackfill *backfill, const SdModel *model)
{
	StringInfoData more;
	bool		first = true;

	initStringInfo(&more);
	appendStringInfo(&more, "\"set\":%s,\"fields\":[", json_text(backfill->set));
	for (int i = 0; i < model->nattrs; i++)
	{
		if (model->attrs[i].column == NULL)
			continue;
		if (!first)
			appendStringInfoChar(&more, ',');
		first = false;
		escape_json(&more, model->attrs[i].name);
	}
	appendStringInfoChar(&more, ']');
	return copy_query(sd_parse_options(model, make_options(backfill, more.data), SD_CALL_UPDATE));
}

/* Changes the rows behind the key last, which may be NULL, up to the key upto.  Returns how many. */
static int64
change_rows(const SdBackfill *backfill, const SdModel *model, const Datum *last, const Datum *upto)
{
	SdQuery    *query = parse_update(backfill, model);
	Jsonb	   *nothing = DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum("{}")));

	Assert(upto != NULL);
	if (last != NULL)
		query->where = sd_and(query->where, sd_beyond_key(query, last));
	query->where = sd_and(query->where, sd_upto_key(query, upto));
	return sd_update(query, nothing, NULL, NULL);
}

/* The row of the call in studentdir.backfill, locked; it is made where it is missing. */
static BackfillDone
lock_done(const BackfillRun *run)
{
	BackfillDone done = {0};
	SdArg		args[4];
	SdRows	   *rows;

	args[0] = sd_text_arg(run->checksum);
	args[1] = sd_text_arg(run->backfill->model);
	args[2] = sd_arg(JSONBOID, JsonbPGetDatum(run->backfill->set));
	args[3] = sd_arg(JSONBOID, JsonbPGetDatum(run->backfill->condition));
	sd_command("INSERT INTO studentdir.backfill (checksum, model, set, condition) VALUES ($1, $2, $3, $4)"
			   " ON CONFLICT (checksum) DO NOTHING",
			   args, lengthof(args));
	rows = sd_query("SELECT last_key, rows FROM studentdir.backfill"
					" WHERE checksum OPERATOR(pg_catalog.=) $1 FOR UPDATE",
					args, 1, InvalidSnapshot);
	Assert(rows->nrows <= 1 && rows->ncols == 2);
	if (rows->nrows == 0)
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("the entry of this call in studentdir.backfill was deleted meanwhile"),
				 errhint("Run the call again: it begins anew.")));
	if (!SD_ISNULL(rows, 0, 0))
		done.key = sd_rows_list(rows, 0, 0);
	done.rows = DatumGetInt64(SD_VALUE(rows, 0, 1));
	return done;
}

/* Records how far the call is: the key of its last row, NULL where nothing is left to do. */
static void
record_done(const BackfillRun *run, const SdModel *model, const Datum *key, int64 rows)
{
	SdArg		args[3];
	Datum	   *texts = palloc(sizeof(Datum) * model->nkeys);

	args[0] = sd_text_arg(run->checksum);
	if (key == NULL)
	{
		sd_command("UPDATE studentdir.backfill SET finished_at = pg_catalog.clock_timestamp()"
				   " WHERE checksum OPERATOR(pg_catalog.=) $1",
				   args, 1);
		return;
	}
	for (int i = 0; i < model->nkeys; i++)
		texts[i] = CStringGetTextDatum(sd_exact_text(key[i], model->attrs[model->keys[i]].type));
	args[1] = sd_arg(TEXTARRAYOID,
					 PointerGetDatum(construct_array(texts, model->nkeys, TEXTOID, -1, false,
													 TYPALIGN_INT)));
	args[2] = sd_arg(INT8OID, Int64GetDatum(rows));
	sd_command("UPDATE studentdir.backfill SET last_key = $2, rows = $3,"
			   " updated_at = pg_catalog.clock_timestamp(), finished_at = NULL"
			   " WHERE checksum OPERATOR(pg_catalog.=) $1",
			   args, lengthof(args));
}

/* The values of a key that was recorded; NULL for none.  Raises 55000 where it is no key of the model any more. */
static Datum *
read_key(const SdModel *model, List *texts)
{
	Datum	   *key;
	int			nestlevel;

	if (texts == NIL)
		return NULL;
	if (list_length(texts) != model->nkeys || list_member_ptr(texts, NULL))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the primary key of model \"%s\" has changed since this backfill was begun",
						model->name),
				 errhint("Delete its row from studentdir.backfill to begin anew.")));
	key = palloc(sizeof(Datum) * model->nkeys);
	nestlevel = sd_settle_output();
	for (int i = 0; i < model->nkeys; i++)
	{
		const SdAttribute *attr = &model->attrs[model->keys[i]];
		Oid			function;
		Oid			param;

		getTypeInputInfo(attr->type, &function, &param);
		key[i] = OidInputFunctionCall(function, list_nth(texts, i), param, attr->typmod);
	}
	sd_unsettle_output(nestlevel);
	return key;
}

/* Tells that the call goes on where another one stopped. */
static void
notice_resumed(const SdModel *model, const BackfillDone *done)
{
	StringInfoData key;
	ListCell   *cell;

	initStringInfo(&key);
	foreach(cell, done->key)
		appendStringInfo(&key, "%s%s", key.len > 0 ? ", " : "", (char *) lfirst(cell));
	ereport(NOTICE,
			(errmsg("backfill of model \"%s\" goes on after key %s: " INT64_FORMAT " rows were changed before",
					model->name, key.data, done->rows),
			 errhint("To begin anew, delete its row from studentdir.backfill.")));
}

/* Tells about once a second how far the call is, where studentdir.progress is on. */
static void
tell(BackfillRun *run, bool last)
{
	TimestampTz now = GetCurrentTimestamp();
	double		seconds = (double) (now - run->began) / USECS_PER_SEC;

	if (!sd_show_progress || (!last && now - run->told < PROGRESS_INTERVAL))
		return;
	run->told = now;
	ereport(NOTICE,
			(errmsg("model \"%s\": " INT64_FORMAT " rows changed%s, %.0f rows/s",
					run->backfill->model, run->rows,
					last ? psprintf(" in %.1f s", seconds) : "",
					seconds > 0 ? run->rows / seconds : 0)));
}

/* Changes the next batch.  Returns false when there is none. */
static bool
run_batch(BackfillRun *run)
{
	const SdBackfill *backfill = run->backfill;
	SdLockWaits waits;
	const SdModel *model;
	BackfillDone done;
	Datum	   *last;
	Datum	   *upto;
	int64		rows;
	bool		found;

	/* a commit took the call's snapshot with it */
	EnsurePortalSnapshotExists();
	sd_begin_lock_waits(&waits);
	model = sd_model_open(backfill->model);
	if (model->nkeys == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\" has no primary key, by which batches are told apart", model->name),
				 errhint("Use studentdir.update with \"limit\".")));
	done = lock_done(run);
	last = read_key(model, done.key);
	if (!run->begun && done.key != NIL)
		notice_resumed(model, &done);
	upto = palloc(sizeof(Datum) * model->nkeys);
	found = find_key(backfill, model, last, backfill->batch - 1, false, upto) ||
		find_key(backfill, model, last, 0, true, upto);
	if (found)
	{
		rows = change_rows(backfill, model, last, upto);
		record_done(run, model, upto, done.rows + rows);
		run->rows += rows;
	}
	else
	{
		/* what cannot be set is said where no row is there, too */
		if (!run->begun)
			(void) parse_update(backfill, model);
		record_done(run, model, NULL, 0);
	}
	run->begun = true;
	sd_end_lock_waits(&waits);
	return found;
}

/*
 * Changes the rows of a model that a condition leaves, deleted ones and those
 * that the default scope hides too, a batch of them in a transaction each, in the
 * order of the primary key.  The same call again goes on after the last key that
 * was done.  atomic: the caller cannot commit.
 *
 * Raises 25001 then, 22023 for a model without a key, what parsing and running
 * the update raises, and 55P03 where a batch waits longer for a lock than
 * studentdir.lock_timeout; batches before it stay.
 */
void
sd_backfill(const SdBackfill *backfill, bool atomic)
{
	BackfillRun run = {.backfill = backfill};
	MemoryContext one;
	bool		more = true;

	Assert(backfill->model != NULL && backfill->set != NULL && backfill->condition != NULL);
	Assert(backfill->batch >= 1 && backfill->pause >= 0);
	PreventCommandIfReadOnly("studentdir.backfill()");
	if (atomic)
		ereport(ERROR,
				(errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
				 errmsg("studentdir.backfill() commits after each batch, and cannot do so here"),
				 errhint("Call it by itself, outside of a transaction block and of functions. "
						 "A migration that calls it runs with studentdir.migrate_script().")));
	run.checksum = sd_migration_checksum(psprintf("%s\n%s", backfill->model, json_text(backfill->set)),
										 json_text(backfill->condition));
	run.began = run.told = GetCurrentTimestamp();
	if (SPI_connect_ext(SPI_OPT_NONATOMIC) != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect_ext failed");
	one = AllocSetContextCreate(CurrentMemoryContext, "studentdir backfill", ALLOCSET_DEFAULT_SIZES);
	while (more)
	{
		MemoryContext old = MemoryContextSwitchTo(one);

		CHECK_FOR_INTERRUPTS();
		more = run_batch(&run);
		tell(&run, !more);
		MemoryContextSwitchTo(old);
		SPI_commit();
		MemoryContextReset(one);
		if (more && backfill->pause > 0)
			DirectFunctionCall1(pg_sleep, Float8GetDatum(backfill->pause));
	}
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "SPI_finish failed");
}

/*-------------------------------------------------------------------------
 * write/update_rows.c
 *		Changes rows of a model, each in its own way, with one statement.
 *
 * Keys and values are put into a tuplestore, which one UPDATE … FROM reads as an
 * ephemeral relation.  Its rows come back with the numbers that they have in the
 * input, so that those which are missing show.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/table.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "plan/deparse_update.h"
#include "settings.h"
#include "storage/lmgr.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "write/answer_order.h"
#include "write/modify.h"
#include "write/run_write.h"
#include "write/update_rows.h"

struct SdRowUpdate
{
	const SdQuery *query;
	MemoryContext cxt;
	int64		nrows;
	int64		nadded;
	int64	   *given;			/* by attribute: how many rows give it */
	int64		unchanged;		/* rows that set nothing */
	SdStatement statement;
	TupleDesc	desc;			/* of the ephemeral relation, see SD_ROWS */
	Tuplestorestate *rows;		/* NULL: they are still being counted */
	Datum	   *values;			/* of the row being added */
	bool	   *nulls;
};

/* writes the rows that come back, and notes their numbers */
typedef struct Returned
{
	SdReceiver	receiver;		/* has to be first */
	bool		(*receive) (TupleTableSlot *slot, DestReceiver *self);	/* the receiver's own */
	SdAnswerOrder order;
} Returned;

/* receiveSlot: the last column is the row's number */
static bool
receive_numbered(TupleTableSlot *slot, DestReceiver *self)
{
	Returned   *returned = (Returned *) self;
	bool		result = returned->receive(slot, self);
	int			last = slot->tts_tupleDescriptor->natts - 1;

	Assert(TupleDescAttr(slot->tts_tupleDescriptor, last)->atttypid == INT8OID);
	Assert(!slot->tts_isnull[last]);
	sd_answer_note(&returned->order, (int) DatumGetInt64(slot->tts_values[last]));
	return result;
}

/* The numbers of the rows that did not come back: only the first, unless all are asked for. */
static List *
missing_rows(const SdAnswerOrder *order, int64 nrows, bool all)
{
	bool	   *came = palloc_extended(nrows, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	List	   *missing = NIL;

	for (int i = 0; i < order->n; i++)
	{
		Assert(order->numbers[i] >= 0 && order->numbers[i] < nrows);
		came[order->numbers[i]] = true;
	}
	for (int64 i = 0; i < nrows && (all || missing == NIL); i++)
	{
		if (!came[i])
			missing = lappend_int(missing, (int) i);
	}
	pfree(came);
	return missing;
}

/* Whether a row sets an attribute, and does not just say which record it is about. */
static bool
is_set(const SdModel *model, const SdRecord *record, int attr)
{
	return record->given[attr] && model->attrs[attr].column != NULL && attr != model->version &&
		!sd_is_key(model, attr);
}

static bool
sets_something(const SdModel *model, const SdRecord *record)
{
	for (int i = 0; i < model->nattrs; i++)
	{
		if (is_set(model, record, i))
			return true;
	}
	return false;
}

/*
 * Whether rows of a relation have to be locked in order: not those of views, which
 * may come from anywhere, nor of a table whose rows nobody else can lock, since
 * this transaction has locked it all or has made it.  That says nothing of tables
 * that inherit from it.
 */
static bool
needs_row_locks(Oid relid)
{
	Relation	rel = table_open(relid, NoLock);
	char		kind = rel->rd_rel->relkind;
	bool		result = kind == RELKIND_PARTITIONED_TABLE ||
		(kind == RELKIND_RELATION &&
		 (rel->rd_rel->relhassubclass || !CheckRelationLockedByMe(rel, ExclusiveLock, true)));

	table_close(rel, NoLock);
	return result;
}

/* Says what the statement sets: what some row gives, and the timestamp. */
static void
make_statement(SdRowUpdate *update)
{
	SdStatement *statement = &update->statement;
	const SdQuery *query = update->query;
	const SdModel *model = query->model;

	Assert(update->nrows > 0 && update->unchanged <= update->nrows);
	statement->kind = SD_UPDATE_ROWS;
	statement->query = query;
	statement->params = sd_copy_params(&query->params);
	statement->returning = true;
	statement->assigned = palloc(sizeof(int) * model->nattrs);
	statement->sets = palloc0(sizeof(SdSet) * model->nattrs);
	statement->expects_version = model->version >= 0 && update->given[model->version] > 0;
	statement->some_unchanged = update->unchanged > 0;
	statement->all_unchanged = update->unchanged == update->nrows;
	/* no FOR UPDATE goes to several shards of Citus, nor, within WITH, to a reference table */
	statement->locks_first = !statement->all_unchanged && update->nrows > 1 &&
		model->distribution == SD_NOT_DISTRIBUTED && needs_row_locks(model->relid);
	for (int64 n = update->nrows; n > 0; n /= 10)
		statement->scale++;
	for (int i = 0; i < model->nattrs; i++)
	{
		if (update->given[i] == 0 || model->attrs[i].column == NULL || i == model->version ||
			sd_is_key(model, i))
			continue;
		statement->sets[statement->nassigned].kind =
			update->given[i] == update->nrows ? SD_SET_ROW : SD_SET_ROW_GIVEN;
		statement->assigned[statement->nassigned++] = i;
	}
	sd_assign_set(statement);
	if (model->updated_at >= 0 && !statement->all_unchanged)
	{
		SdRecord   *record = sd_make_record(model);

		sd_set_timestamp(model, record, model->updated_at, record->now);
		statement->sets[statement->nassigned].param =
			sd_param(&statement->params, model->attrs[model->updated_at].type,
					 record->values[model->updated_at], false);
		Assert(statement->nassigned < model->nattrs);
		statement->assigned[statement->nassigned++] = model->updated_at;
	}
}

static void
add_column(TupleDesc desc, int *n, const char *name, Oid type, Oid collation)
{
	(*n)++;
	TupleDescInitEntry(desc, *n, name, type, -1, 0);
	TupleDescInitEntryCollation(desc, *n, collation);
}

/* Whether an attribute gets what a row of the ephemeral relation has of it. */
static bool
is_row_value(const SdSet *set)
{
	return set->kind == SD_SET_ROW || set->kind == SD_SET_ROW_GIVEN;
}

/* How many columns the ephemeral relation has. */
static int
count_columns(const SdRowUpdate *update)
{
	const SdStatement *statement = &update->statement;
	int			n = update->query->model->nkeys + 1 + (statement->expects_version ? 1 : 0) +
		(statement->some_unchanged ? 1 : 0);

	for (int i = 0; i < statement->nassigned; i++)
	{
		if (is_row_value(&statement->sets[i]))
			n += statement->sets[i].kind == SD_SET_ROW_GIVEN ? 2 : 1;
	}
	return n;
}

/* Lays out the ephemeral relation, whose columns plan/statement.h names. */
static void
make_columns(SdRowUpdate *update)
{
	const SdStatement *statement = &update->statement;
	const SdModel *model = update->query->model;
	TupleDesc	desc = CreateTemplateTupleDesc(count_columns(update));
	int			n = 0;

	for (int i = 0; i < statement->nassigned; i++)
	{
		const SdAttribute *attr = &model->attrs[statement->assigned[i]];

		if (!is_row_value(&statement->sets[i]))
			continue;
		add_column(desc, &n, psprintf("c%d", i), attr->type, attr->collation);
		if (statement->sets[i].kind == SD_SET_ROW_GIVEN)
			add_column(desc, &n, psprintf("g%d", i), BOOLOID, InvalidOid);
	}
	for (int i = 0; i < model->nkeys; i++)
	{
		const SdAttribute *attr = &model->attrs[model->keys[i]];

		add_column(desc, &n, psprintf("k%d", i), attr->type, attr->collation);
	}
	if (statement->expects_version)
		add_column(desc, &n, "v", model->attrs[model->version].type, InvalidOid);
	if (statement->some_unchanged)
		add_column(desc, &n, "w", BOOLOID, InvalidOid);
	add_column(desc, &n, "n", INT8OID, InvalidOid);
	Assert(n == desc->natts);
	TupleDescFinalize(desc);
	update->desc = BlessTupleDesc(desc);
}

/* Says what the statement is, when all rows have been counted. */
static void
settle(SdRowUpdate *update)
{
	make_statement(update);
	make_columns(update);
	update->values = palloc(sizeof(Datum) * update->desc->natts);
	update->nulls = palloc(sizeof(bool) * update->desc->natts);
	update->rows = tuplestore_begin_heap(false, false, work_mem);
}

/* Begins to change rows as the query says, in the current context. */
SdRowUpdate *
sd_row_update_begin(const SdQuery *query)
{
	SdRowUpdate *update = palloc0(sizeof(SdRowUpdate));

	update->query = query;
	update->given = palloc0(sizeof(int64) * query->model->nattrs);
	update->cxt = CurrentMemoryContext;
	return update;
}

/* Counts a row, and what it gives: all rows are, before the first is added. */
void
sd_row_update_count(SdRowUpdate *update, const SdRecord *record)
{
	const SdQuery *query = update->query;

	Assert(update->rows == NULL);
	for (int i = 0; i < query->model->nattrs; i++)
		update->given[i] += record->given[i];
	update->unchanged += query->write->assigned == NIL && !sets_something(query->model, record);
	update->nrows++;
}

/* Adds a row, which has been counted and converted; its values are copied. */
void
sd_row_update_add(SdRowUpdate *update, const SdRecord *record)
{
	const SdStatement *statement = &update->statement;
	const SdModel *model = update->query->model;
	Datum	   *values;
	bool	   *nulls;
	int			n = 0;

	if (update->rows == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(update->cxt);

		settle(update);
		MemoryContextSwitchTo(old);
	}
	Assert(update->nadded < update->nrows);
	values = update->values;
	nulls = update->nulls;

	for (int i = 0; i < statement->nassigned; i++)
	{
		int			attr = statement->assigned[i];

		if (!is_row_value(&statement->sets[i]))
			continue;
		values[n] = record->given[attr] ? record->values[attr] : (Datum) 0;
		nulls[n++] = !record->given[attr] || record->nulls[attr];
		if (statement->sets[i].kind == SD_SET_ROW_GIVEN)
		{
			values[n] = BoolGetDatum(record->given[attr]);
			nulls[n++] = false;
		}
	}
	for (int i = 0; i < model->nkeys; i++)
	{
		values[n] = record->values[model->keys[i]];
		nulls[n++] = false;
	}
	if (statement->expects_version)
	{
		values[n] = record->values[model->version];
		nulls[n++] = !record->given[model->version] || record->nulls[model->version];
	}
	if (statement->some_unchanged)
	{
		values[n] = BoolGetDatum(sets_something(model, record));
		nulls[n++] = false;
	}
	values[n] = Int64GetDatum(update->nadded++);
	nulls[n] = false;
	Assert(n + 1 == update->desc->natts);
	tuplestore_putvalues(update->rows, update->desc, values, nulls);
}

/* Where a row stands in the document. */
static char *
row_path(const SdPath *const *paths, int64 row)
{
	return paths != NULL ? sd_path_text(paths[row]) : psprintf("data[" INT64_FORMAT "]", row);
}

/* Raises 22023 when two rows have the same key. */
static void
check_duplicates(const SdRowUpdate *update, EphemeralNamedRelation relation,
				 const SdPath *const *paths)
{
	StringInfoData sql;
	bool		isnull;

	initStringInfo(&sql);
	sd_deparse_duplicate_key(&sql, update->query->model);
	SPI_connect();
	SPI_register_relation(relation);
	if (SPI_execute(sql.data, true, 1) == SPI_OK_SELECT && SPI_processed > 0)
	{
		int64		row = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc,
													  1, &isnull));
		int64		earlier = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0],
														  SPI_tuptable->tupdesc, 2, &isnull));

		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: this record is changed by %s already", row_path(paths, row),
						row_path(paths, earlier))));
	}
	SPI_finish();
}

/*
 * Runs the statement and ends the update; query is the one it was begun with, or a copy
 * that returns something else.  What comes back goes into a rowset or a tuplestore, one
 * of which is NULL, in the order of the input.  Returns the numbers of the rows that did
 * not: only the first, unless the query lets them be missing.
 *
 * Raises 22023 when rows are missing and two have the same key, and what PostgreSQL
 * raises for the UPDATE.  given and paths, which may be NULL, are for errors.
 */
List *
sd_row_update_run(SdRowUpdate *update, const SdQuery *query, const SdGivenRows *given,
				  const SdPath *const *paths, SdRowSet *rowset, Tuplestorestate *result)
{
	EphemeralNamedRelationData relation = {
		.md = {
			.name = SD_ROWS,
			.tupdesc = update->desc,
			.enrtype = ENR_NAMED_TUPLESTORE,
			.enrtuples = update->nrows
		},
		.reldata = update->rows
	};
	Returned	returned;
	List	   *missing;

	Assert(update->nadded == update->nrows);
	Assert((rowset == NULL) != (result == NULL));
	sd_receiver_init(&returned.receiver, NULL, query->noutputs > 0 ? sd_max_rows : 0);
	if (rowset != NULL)
		returned.receiver.rowset = rowset;
	else
		sd_receiver_to_store(&returned.receiver, result);
	returned.receive = returned.receiver.pub.receiveSlot;
	returned.receiver.pub.receiveSlot = receive_numbered;
	update->statement.query = query;
	update->statement.given = given;
	update->statement.row_paths = paths;
	sd_answer_begin(&returned.order, &returned.receiver, update->nrows);
	(void) sd_write(&update->statement, &returned.receiver, &relation);
	sd_answer_end(&returned.order);
	missing = missing_rows(&returned.order, update->nrows, update->query->write->ignore_missing);
	if (missing != NIL)
		check_duplicates(update, &relation, paths);
	tuplestore_end(update->rows);
	return missing;
}

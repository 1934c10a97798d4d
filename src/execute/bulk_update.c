/*-------------------------------------------------------------------------
 * execute/bulk_update.c
 *		Changes many rows, each in its own way, with one statement.
 *
 * The document is read twice, as by bulk_create: once to validate the rows and
 * to see which attributes they give, once to put keys and values into a
 * tuplestore.  One UPDATE … FROM then reads that as an ephemeral relation.  Its
 * rows come back in the order of the document, so that the first one that is
 * missing shows; what became of it is looked up only then.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/table.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "execute/bulk_update.h"
#include "execute/modify.h"
#include "execute/select.h"
#include "execute/stale.h"
#include "execute/returned_records.h"
#include "execute/run_write.h"
#include "execute/taken.h"
#include "execute/violation.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "parse/assigned.h"
#include "parse/reader.h"
#include "record/record.h"
#include "parse/where.h"
#include "plan/deparse_update.h"
#include "storage/lmgr.h"
#include "studentdir.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

static const SdPath data_path = {.key = "data", .len = 4};

typedef struct BulkUpdate
{
	const SdQuery *query;
	JsonbValue	array;
	int64		nrows;
	int64	   *given;			/* by attribute: how many rows give it */
	int64		unchanged;		/* rows that set nothing */
	SdStatement statement;
	TupleDesc	desc;			/* of the ephemeral relation, see SD_ROWS */
	Tuplestorestate *rows;
} BulkUpdate;

/* writes the rows that come back, and notes the numbers of those that do not */
typedef struct Returned
{
	SdReceiver	receiver;		/* has to be first */
	bool		(*receive) (TupleTableSlot *slot, DestReceiver *self);	/* the receiver's own */
	int64		next;			/* number of the row that should be the next */
	List	   *missing;		/* numbers of rows; only the first, unless all are asked for */
	bool		all;
	MemoryContext cxt;			/* of the list */
} Returned;

/* Notes that the rows from returned->next to before number are missing. */
static void
note_missing(Returned *returned, int64 number)
{
	MemoryContext old = MemoryContextSwitchTo(returned->cxt);

	for (; returned->next < number; returned->next++)
	{
		if (returned->all || returned->missing == NIL)
			returned->missing = lappend_int(returned->missing, (int) returned->next);
	}
	MemoryContextSwitchTo(old);
}

/* receiveSlot: the last column is the row's number */
static bool
receive_numbered(TupleTableSlot *slot, DestReceiver *self)
{
	Returned   *returned = (Returned *) self;

	int64		number;

	slot_getallattrs(slot);
	number = DatumGetInt64(slot->tts_values[slot->tts_tupleDescriptor->natts - 1]);
	note_missing(returned, number);
	/* a key that the table has several times brings a number back as often */
	returned->next = number + 1;
	return returned->receive(slot, self);
}

/* Raises 22023 for a row that does not say which record it changes, or that changes it by a path. */
static void
check_row(const SdModel *model, const SdRecord *record, const SdPath *path)
{
	for (int i = 0; i < model->nkeys; i++)
	{
		const SdAttribute *key = &model->attrs[model->keys[i]];
		SdPath		step = SD_KEY_STEP(path, key->name, key->name_len);

		if (!record->given[model->keys[i]] || record->json[model->keys[i]].type == jbvNull)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s: expected the key of the record that is to be changed",
							sd_path_text(&step))));
	}
	if (record->paths != NIL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: a path into attribute \"%s\" cannot be set here", sd_path_text(path),
						model->attrs[((SdJsonPath *) linitial(record->paths))->attr].name),
				 errhint("studentdir.update and studentdir.update_by_pk set paths.")));
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

/* Reads and validates every row; counts them, and what they give. */
static void
check_rows(BulkUpdate *update)
{
	const SdQuery *query = update->query;
	SdRecord   *record = sd_make_record(query->model);
	SdViolations *violations = sd_make_violations();
	MemoryContext row_cxt = AllocSetContextCreate(CurrentMemoryContext, "studentdir row",
												  ALLOCSET_SMALL_SIZES);
	SdGivenRows given = {.n = sd_array_length(&update->array), .array = &update->array};
	SdTaken    *taken = sd_taken_begin(query, SD_OWN_UPDATED, sd_primary_key(query->model), given.n);
	SdReader	reader;

	sd_read(&reader, &update->array, &data_path);
	while (sd_next_element(&reader))
	{
		MemoryContext old = MemoryContextSwitchTo(row_cxt);

		CHECK_FOR_INTERRUPTS();
		sd_read_record(query, record, &reader.value, &reader.path, false);
		check_row(query->model, record, &reader.path);
		MemoryContextSwitchTo(row_cxt);
		if (query->write->validate)
			sd_validate(violations, query->model, record, &reader.path, false);
		if (taken != NULL)
			sd_taken_note(taken, record, &reader.path);
		for (int i = 0; i < query->model->nattrs; i++)
			update->given[i] += record->given[i];
		sd_check_assigned(query, record->given, &reader.path);
		update->unchanged += query->write->assigned == NIL && !sets_something(query->model, record);
		update->nrows++;
		MemoryContextSwitchTo(old);
		MemoryContextReset(row_cxt);
	}
	sd_taken_look(taken, &given, NULL, violations);
	sd_report_violations(violations);
	MemoryContextDelete(row_cxt);
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
make_statement(BulkUpdate *update)
{
	SdStatement *statement = &update->statement;
	const SdQuery *query = update->query;
	const SdModel *model = query->model;

	statement->kind = SD_UPDATE_ROWS;
	statement->query = query;
	statement->params = sd_copy_params(&query->params);
	statement->returning = true;
	statement->assigned = palloc(sizeof(int) * model->nattrs);
	statement->sets = palloc0(sizeof(SdSet) * model->nattrs);
	statement->expects_version = model->version >= 0 && update->given[model->version] > 0;
	statement->some_unchanged = update->unchanged > 0;
	statement->all_unchanged = update->unchanged == update->nrows;
	/* no FOR UPDATE goes to several shards */
	statement->locks_first = !statement->all_unchanged && update->nrows > 1 &&
		model->distribution != SD_DISTRIBUTED && needs_row_locks(model->relid);
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
count_columns(const BulkUpdate *update)
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
make_columns(BulkUpdate *update)
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
	TupleDescFinalize(desc);
	update->desc = BlessTupleDesc(desc);
}

/* Puts one row, which has been converted, into the ephemeral relation. */
static void
add_row(BulkUpdate *update, const SdRecord *record, int64 number, Datum *values, bool *nulls)
{
	const SdStatement *statement = &update->statement;
	const SdModel *model = update->query->model;
	int			n = 0;

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
	values[n] = Int64GetDatum(number);
	nulls[n] = false;
	Assert(n + 1 == update->desc->natts);
	tuplestore_putvalues(update->rows, update->desc, values, nulls);
}

/* Converts every row, and adds it to the ephemeral relation. */
static void
add_rows(BulkUpdate *update)
{
	const SdQuery *query = update->query;
	SdRecord   *record = sd_make_record(query->model);
	SdConverter *converters = sd_make_converters(query->model);
	Datum	   *values = palloc(sizeof(Datum) * update->desc->natts);
	bool	   *nulls = palloc(sizeof(bool) * update->desc->natts);
	MemoryContext row_cxt = AllocSetContextCreate(CurrentMemoryContext, "studentdir row",
												  ALLOCSET_SMALL_SIZES);
	SdReader	reader;

	update->rows = tuplestore_begin_heap(false, false, work_mem);
	sd_read(&reader, &update->array, &data_path);
	while (sd_next_element(&reader))
	{
		MemoryContext old = MemoryContextSwitchTo(row_cxt);

		CHECK_FOR_INTERRUPTS();
		sd_read_record(query, record, &reader.value, &reader.path, false);
		sd_convert_with(query, record, converters, &reader.path);
		add_row(update, record, reader.path.index, values, nulls);
		MemoryContextSwitchTo(old);
		MemoryContextReset(row_cxt);
	}
	MemoryContextDelete(row_cxt);
}

/* Raises 22023 when two rows have the same key. */
static void
check_duplicates(const BulkUpdate *update, EphemeralNamedRelation relation)
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
				 errmsg("data[" INT64_FORMAT "]: this record is changed by data[" INT64_FORMAT "] already",
						row, earlier)));
	}
	SPI_finish();
}

/*
 * Raises the error for a row that was not written: 02000 where there is no such
 * record, unless that may be, 40001 for a stale version, 55000 when something
 * else left it out.
 */
static void
report_missing(BulkUpdate *update, int number)
{
	const SdQuery *query = update->query;
	const SdModel *model = query->model;
	SdRecord   *record = sd_make_record(model);
	SdPath		path = SD_INDEX_STEP(&data_path, number);
	JsonbValue *row = getIthJsonbValueFromContainer(update->array.val.binary.data, number);
	SdQuery		probe = *query;
	int64		there;

	sd_read_record(query, record, row, &path, false);
	sd_convert_record(query, record, &path);
	probe.params = sd_copy_params(&query->params);
	for (int i = 0; i < model->nkeys; i++)
		probe.where = sd_and(probe.where,
							 sd_key_condition(&probe, model->keys[i],
											  model->attrs[model->keys[i]].type,
											  record->values[model->keys[i]]));
	PushActiveSnapshot(GetTransactionSnapshot());
	there = sd_select_count(&probe);
	PopActiveSnapshot();

	if (there == 0 && query->write->ignore_missing)
		return;
	if (there == 0)
		ereport(ERROR,
				(errcode(ERRCODE_NO_DATA),
				 errmsg("%s: there is no such record of model \"%s\"", sd_path_text(&path),
						model->name),
				 errhint("\"ignoreMissing\": true passes over rows without a record.")));
	if (model->version >= 0 && record->given[model->version])
		sd_stale_version(model, sd_path_text(&path));
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("%s: the record was not changed", sd_path_text(&path)),
			 errdetail("A trigger, a rule or a policy of table %s left it out.", model->relation)));
}

/* Runs the statement; what comes back goes into result. */
static void
run(BulkUpdate *update, Tuplestorestate *result)
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
	Returned	returned = {
		.all = update->query->write->ignore_missing,
		.cxt = CurrentMemoryContext
	};
	SdRowSet	keys;
	SdGivenRows given = {.n = update->nrows, .array = &update->array};
	MemoryContext row_cxt;
	ListCell   *cell;

	sd_receiver_init(&returned.receiver, NULL, sd_max_rows);
	if (sd_reads_back(update->query))
	{
		sd_rowset_init(&keys, CurrentMemoryContext, update->query->model->nkeys, 1,
					   CurrentMemoryContext);
		returned.receiver.rowset = &keys;
		update->statement.query = sd_keys_query(update->query);
	}
	else
		sd_receiver_to_store(&returned.receiver, result);
	returned.receive = returned.receiver.pub.receiveSlot;
	returned.receiver.pub.receiveSlot = receive_numbered;
	update->statement.given = &given;
	(void) sd_write(&update->statement, &returned.receiver, &relation);
	note_missing(&returned, update->nrows);
	if (returned.missing != NIL)
		check_duplicates(update, &relation);
	row_cxt = AllocSetContextCreate(CurrentMemoryContext, "studentdir row", ALLOCSET_SMALL_SIZES);
	foreach(cell, returned.missing)
	{
		MemoryContext old = MemoryContextSwitchTo(row_cxt);

		CHECK_FOR_INTERRUPTS();
		report_missing(update, lfirst_int(cell));
		MemoryContextSwitchTo(old);
		MemoryContextReset(row_cxt);
	}
	MemoryContextDelete(row_cxt);
	tuplestore_end(update->rows);
	if (sd_reads_back(update->query))
		sd_read_back(update->query, &keys, 0, result);
}

/*
 * Changes a record for each object of the array data, all or none, with one
 * statement.  An object holds the record's key, and the attributes that change;
 * others stay as they are, and so does the record of an object that sets nothing.
 * The records as they now are go into result in the order of the input.
 *
 * Raises, with data[n]: what reading, validating (23514) and converting the rows
 * raises, 22023 for a row without its key and a record that is there twice,
 * 02000 where there is no record, unless the query says so, 40001 for a record
 * with another version than the row says; and what PostgreSQL raises for the
 * UPDATE.
 */
void
sd_bulk_update(const SdQuery *query, Jsonb *data, Tuplestorestate *result)
{
	const SdModel *model = query->model;
	BulkUpdate	update = {.query = query};

	if (model->nkeys == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\" has no primary key, by which rows could be told apart",
						model->name)));
	sd_data_array(data, &update.array);
	update.given = palloc0(sizeof(int64) * model->nattrs);
	check_rows(&update);
	if (update.nrows == 0)
		return;
	make_statement(&update);
	make_columns(&update);
	add_rows(&update);
	run(&update, result);
}

/*-------------------------------------------------------------------------
 * execute/bulk.c
 *		Writes many rows with one statement.
 *
 * The document is read twice: once to validate every row and to see which
 * attributes occur at all, once to convert the rows into a tuplestore, which
 * goes to disk when it is large.  One INSERT … SELECT then reads the tuplestore
 * as an ephemeral relation, as a trigger's transition table is read.  A value
 * that a row leaves out while others give it is the column's default, evaluated
 * here as COPY does it.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/table.h"
#include "execute/modify.h"
#include "execute/write.h"
#include "executor/executor.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "optimizer/optimizer.h"
#include "parse/reader.h"
#include "parse/record.h"
#include "parse/validate.h"
#include "rewrite/rewriteHandler.h"
#include "studentdir.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/rel.h"

/* what is inserted: the attributes that some row gives, and the defaults of their columns */
typedef struct Bulk
{
	SdQuery    *query;
	int			ncolumns;
	int		   *columns;		/* attributes */
	TupleDesc	desc;			/* of the ephemeral relation */
	ExprState **defaults;		/* by column; NULL: the default is NULL */
	ExprContext *econtext;
	int64		nrows;
	Tuplestorestate *rows;
} Bulk;

/* The array that data has to be. */
static void
open_document(Jsonb *data, JsonbValue *array)
{
	sd_root(data, array);
	if (!sd_is_array(array))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("data: expected an array of objects")));
}

/* Reads and validates every row; notes which attributes occur. */
static void
check_rows(SdQuery *query, const JsonbValue *array, bool *occurs)
{
	static const SdPath root = {.key = "data", .len = 4};
	SdRecord   *record = sd_make_record(query->model);
	SdViolations *violations = sd_make_violations();
	MemoryContext row_cxt = AllocSetContextCreate(CurrentMemoryContext, "studentdir row",
												  ALLOCSET_SMALL_SIZES);
	SdReader	reader;

	sd_read(&reader, array, &root);
	while (sd_next_element(&reader))
	{
		MemoryContext old = MemoryContextSwitchTo(row_cxt);

		CHECK_FOR_INTERRUPTS();
		sd_read_record(query, record, &reader.value, &reader.path, true);
		if (query->validate)
			sd_validate(violations, query->model, record, &reader.path, true);
		for (int i = 0; i < query->model->nattrs; i++)
			occurs[i] |= record->given[i] && query->model->attrs[i].column != NULL;
		MemoryContextSwitchTo(old);
		MemoryContextReset(row_cxt);
	}
	sd_report_violations(violations);
	MemoryContextDelete(row_cxt);
}

/* Lays out the ephemeral relation: a column for each attribute that occurs. */
static void
make_columns(Bulk *bulk, const bool *occurs)
{
	const SdModel *model = bulk->query->model;

	bulk->columns = palloc(sizeof(int) * model->nattrs);
	for (int i = 0; i < model->nattrs; i++)
	{
		if (occurs[i] || i == model->created_at || i == model->updated_at)
			bulk->columns[bulk->ncolumns++] = i;
	}
	bulk->desc = CreateTemplateTupleDesc(bulk->ncolumns);
	for (int i = 0; i < bulk->ncolumns; i++)
	{
		const SdAttribute *attr = &model->attrs[bulk->columns[i]];

		TupleDescInitEntry(bulk->desc, i + 1, psprintf("c%d", i), attr->type, -1, 0);
		TupleDescInitEntryCollation(bulk->desc, i + 1, attr->collation);
	}
	BlessTupleDesc(bulk->desc);
}

/* Prepares the defaults of the columns, for the rows that leave them out. */
static void
make_defaults(Bulk *bulk, EState *estate)
{
	const SdModel *model = bulk->query->model;
	Relation	rel = table_open(model->relid, NoLock);

	bulk->econtext = GetPerTupleExprContext(estate);
	bulk->defaults = palloc0(sizeof(ExprState *) * bulk->ncolumns);
	for (int i = 0; i < bulk->ncolumns; i++)
	{
		AttrNumber	attnum = model->attrs[bulk->columns[i]].attnum;
		Expr	   *expr;

		/* a value for a generated column is refused by the INSERT itself */
		if (TupleDescAttr(RelationGetDescr(rel), attnum - 1)->attgenerated)
			continue;
		expr = (Expr *) build_column_default(rel, attnum);
		if (expr != NULL)
			bulk->defaults[i] = ExecPrepareExpr(expression_planner(expr), estate);
	}
	table_close(rel, NoLock);
}

/* Converts every row into the tuplestore. */
static void
fill_rows(Bulk *bulk, const JsonbValue *array)
{
	static const SdPath root = {.key = "data", .len = 4};
	const SdModel *model = bulk->query->model;
	EState	   *estate = CreateExecutorState();
	SdRecord   *record = sd_make_record(model);
	Datum	   *values = palloc(sizeof(Datum) * bulk->ncolumns);
	bool	   *nulls = palloc(sizeof(bool) * bulk->ncolumns);
	SdReader	reader;

	make_defaults(bulk, estate);
	sd_read(&reader, array, &root);
	while (sd_next_element(&reader))
	{
		MemoryContext old = MemoryContextSwitchTo(GetPerTupleMemoryContext(estate));

		CHECK_FOR_INTERRUPTS();
		sd_read_record(bulk->query, record, &reader.value, &reader.path, true);
		sd_convert_record(bulk->query, record, &reader.path);
		sd_default_timestamps(model, record, record->now);
		for (int i = 0; i < bulk->ncolumns; i++)
		{
			int			attr = bulk->columns[i];

			nulls[i] = true;
			if (record->given[attr])
			{
				values[i] = record->values[attr];
				nulls[i] = record->nulls[attr];
			}
			else if (bulk->defaults[i] != NULL)
				values[i] = ExecEvalExpr(bulk->defaults[i], bulk->econtext, &nulls[i]);
		}
		tuplestore_putvalues(bulk->rows, bulk->desc, values, nulls);
		bulk->nrows++;
		MemoryContextSwitchTo(old);
		ResetPerTupleExprContext(estate);
	}
	FreeExecutorState(estate);
}

/*
 * Writes a row for each object of the array data, all or none, with one
 * statement; the rows as they are go into result in the order of the input.
 *
 * Raises what sd_create() raises; a row's errors are under data[n].
 */
void
sd_bulk_create(SdQuery *query, Jsonb *data, Tuplestorestate *result)
{
	Bulk		bulk = {.query = query};
	SdStatement statement = {.kind = SD_INSERT_ROWS, .query = query, .returning = true};
	EphemeralNamedRelationData relation = {{0}};
	bool	   *occurs = palloc0(sizeof(bool) * query->model->nattrs);
	SdReceiver	receiver;
	JsonbValue	array;

	open_document(data, &array);
	check_rows(query, &array, occurs);
	make_columns(&bulk, occurs);
	if (sd_array_length(&array) == 0)
		return;
	bulk.rows = tuplestore_begin_heap(false, false, work_mem);
	fill_rows(&bulk, &array);

	statement.nassigned = bulk.ncolumns;
	statement.assigned = bulk.columns;
	relation.md.name = SD_ROWS;
	relation.md.tupdesc = bulk.desc;
	relation.md.enrtype = ENR_NAMED_TUPLESTORE;
	relation.md.enrtuples = bulk.nrows;
	relation.reldata = bulk.rows;

	sd_receiver_init(&receiver, NULL, sd_max_rows);
	sd_receiver_to_store(&receiver, result);
	(void) sd_write(&statement, &receiver, &relation);
	tuplestore_end(bulk.rows);
}

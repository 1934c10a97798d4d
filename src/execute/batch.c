/*-------------------------------------------------------------------------
 * execute/batch.c
 *		Inserts rows of one model with one statement.
 *
 * The rows are put into a tuplestore, which goes to disk when it is large.  One
 * INSERT … SELECT then reads the tuplestore as an ephemeral relation, as a
 * trigger's transition table is read.  A value that a row leaves out while
 * others give it is the column's default, evaluated here as COPY does it.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/table.h"
#include "execute/batch.h"
#include "execute/write.h"
#include "executor/executor.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "optimizer/optimizer.h"
#include "rewrite/rewriteHandler.h"
#include "utils/rel.h"

/* what is inserted: the attributes that some row gives, and the defaults of their columns */
struct SdBatch
{
	const SdQuery *query;
	int			ncolumns;
	int		   *columns;		/* attributes */
	TupleDesc	desc;			/* of the ephemeral relation */
	EState	   *estate;
	ExprState **defaults;		/* by column; NULL: the default is NULL */
	Datum	   *values;			/* of the row being added */
	bool	   *nulls;
	int64		nrows;
	const SdPath *const *paths; /* of the rows in the document; NULL: data[n] */
	Tuplestorestate *rows;
};

/* Lays out the ephemeral relation: a column for each attribute that occurs. */
static void
make_columns(SdBatch *batch, const bool *occurs)
{
	const SdModel *model = batch->query->model;

	batch->columns = palloc(sizeof(int) * model->nattrs);
	for (int i = 0; i < model->nattrs; i++)
	{
		if ((occurs[i] && model->attrs[i].column != NULL) ||
			i == model->created_at || i == model->updated_at || i == model->version)
			batch->columns[batch->ncolumns++] = i;
	}
	batch->desc = CreateTemplateTupleDesc(batch->ncolumns);
	for (int i = 0; i < batch->ncolumns; i++)
	{
		const SdAttribute *attr = &model->attrs[batch->columns[i]];

		TupleDescInitEntry(batch->desc, i + 1, psprintf("c%d", i), attr->type, -1, 0);
		TupleDescInitEntryCollation(batch->desc, i + 1, attr->collation);
	}
	BlessTupleDesc(batch->desc);
}

/* Prepares the defaults of the columns, for the rows that leave them out. */
static void
make_defaults(SdBatch *batch)
{
	const SdModel *model = batch->query->model;
	Relation	rel = table_open(model->relid, NoLock);

	batch->defaults = palloc0(sizeof(ExprState *) * batch->ncolumns);
	for (int i = 0; i < batch->ncolumns; i++)
	{
		AttrNumber	attnum = model->attrs[batch->columns[i]].attnum;
		Expr	   *expr;

		/* a value for a generated column is refused by the INSERT itself */
		if (TupleDescAttr(RelationGetDescr(rel), attnum - 1)->attgenerated)
			continue;
		expr = (Expr *) build_column_default(rel, attnum);
		if (expr != NULL)
			batch->defaults[i] = ExecPrepareExpr(expression_planner(expr), batch->estate);
	}
	table_close(rel, NoLock);
}

/*
 * Begins a batch of rows of the query's model, in the current context.  occurs
 * says, by attribute, which are given by any row; timestamps and the version are by all.
 */
SdBatch *
sd_batch_begin(const SdQuery *query, const bool *occurs)
{
	SdBatch    *batch = palloc0(sizeof(SdBatch));

	batch->query = query;
	batch->estate = CreateExecutorState();
	make_columns(batch, occurs);
	make_defaults(batch);
	batch->values = palloc(sizeof(Datum) * batch->ncolumns);
	batch->nulls = palloc(sizeof(bool) * batch->ncolumns);
	batch->rows = tuplestore_begin_heap(false, false, work_mem);
	return batch;
}

/* Adds a row, whose values have been converted; they are copied.  Raises what defaults raise. */
void
sd_batch_add(SdBatch *batch, const SdRecord *record)
{
	ExprContext *econtext = GetPerTupleExprContext(batch->estate);
	MemoryContext old = MemoryContextSwitchTo(GetPerTupleMemoryContext(batch->estate));

	for (int i = 0; i < batch->ncolumns; i++)
	{
		int			attr = batch->columns[i];

		batch->nulls[i] = true;
		if (record->given[attr])
		{
			batch->values[i] = record->values[attr];
			batch->nulls[i] = record->nulls[attr];
		}
		else if (batch->defaults[i] != NULL)
			batch->values[i] = ExecEvalExpr(batch->defaults[i], econtext, &batch->nulls[i]);
	}
	tuplestore_putvalues(batch->rows, batch->desc, batch->values, batch->nulls);
	batch->nrows++;
	MemoryContextSwitchTo(old);
	ResetPerTupleExprContext(batch->estate);
}

/* Says where in the document each row stands, for errors; unless it is called, at data[n]. */
void
sd_batch_name_rows(SdBatch *batch, const SdPath *const *paths)
{
	batch->paths = paths;
}

/*
 * Inserts the rows and ends the batch.  The rows as they are go to the
 * receiver in the order in which they were added.
 *
 * Raises what PostgreSQL raises for the INSERT.
 */
void
sd_batch_insert(SdBatch *batch, SdReceiver *receiver)
{
	SdStatement statement = {
		.kind = SD_INSERT_ROWS,
		.query = batch->query,
		.nassigned = batch->ncolumns,
		.assigned = batch->columns,
		.row_paths = batch->paths,
		.returning = true
	};
	EphemeralNamedRelationData relation = {
		.md = {
			.name = SD_ROWS,
			.tupdesc = batch->desc,
			.enrtype = ENR_NAMED_TUPLESTORE,
			.enrtuples = batch->nrows
		},
		.reldata = batch->rows
	};

	FreeExecutorState(batch->estate);
	(void) sd_write(&statement, receiver, &relation);
	tuplestore_end(batch->rows);
}

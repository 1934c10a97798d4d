/*-------------------------------------------------------------------------
 * write/batch.c
 *		Inserts rows of one model with one statement.
 *
 * The rows are put into a tuplestore, which goes to disk when it is large.  One
 * INSERT … SELECT then reads the tuplestore as an ephemeral relation, as a
 * trigger's transition table is read.  A value that a row leaves out while
 * others give it is the column's default, evaluated here as COPY does it.
 *
 * Citus gives what RETURNING says in the order in which its shards answer, so
 * that rows are matched with records by a key there, whose defaults are
 * evaluated here, too.  Where no key can tell, each row has a statement of its own.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/table.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "model/view.h"
#include "optimizer/optimizer.h"
#include "parse/conflict.h"
#include "parser/parsetree.h"
#include "plan/deparse_clause.h"
#include "rewrite/prs2lock.h"
#include "rewrite/rewriteHandler.h"
#include "utils/acl.h"
#include "utils/rel.h"
#include "write/answer_order.h"
#include "write/batch.h"
#include "write/batch_order.h"
#include "write/key_query.h"
#include "write/repeated_row.h"
#include "write/run_write.h"
#include "write/violation.h"

/* what is inserted: the attributes that some row gives, and the defaults of their columns */
struct SdBatch
{
	const SdQuery *query;
	int			ncolumns;
	int		   *columns;		/* attributes */
	Bitmapset  *defaulted;		/* those of them that no row gives */
	TupleDesc	desc;			/* of the ephemeral relation */
	EState	   *estate;
	ExprState **defaults;		/* by column; NULL: the default is NULL */
	Datum	   *values;			/* of the row being added */
	bool	   *nulls;
	const SdPath *const *paths; /* of the rows in the document; NULL: data[n] */
	Tuplestorestate *rows;		/* where there is an order they are kept there until they are inserted */
	const SdGivenRows *given;	/* what the caller gave; NULL: unknown */
	SdOnConflict on_conflict;
	SdRowsRead	read;			/* by the INSERT */
	SdBatchOrder *order;		/* in which the rows are written; NULL: that of the input */
	bool		overriding;		/* the values of an identity are ours to give */
	bool		counted;		/* the row that the INSERT has read last is the one that it writes */
	bool		numbered;		/* the last column is the row's number in the input */

	/* tables of Citus */
	bool		distributed;
	bool		kept;			/* no trigger changes the values of a row before it is written */
	bool	   *has_nulls;		/* by column: of some row */
};

/*
 * The default of a column, or of the one below that a view's column stands
 * for, which a plain INSERT would take; NULL when there is none.
 */
static Expr *
column_default(Relation rel, AttrNumber attnum)
{
	Expr	   *expr;
	Query	   *view;
	int			base;

	check_stack_depth();
	/* a value for a generated column is refused by the INSERT itself */
	if (attnum <= 0 || TupleDescAttr(RelationGetDescr(rel), attnum - 1)->attgenerated)
		return NULL;
	expr = (Expr *) build_column_default(rel, attnum);
	if (expr == NULL && (view = sd_passing_view(rel, &base)) != NULL)
	{
		Relation	below = table_open(rt_fetch(base, view->rtable)->relid, RowExclusiveLock);

		expr = column_default(below, sd_view_column(view, base, attnum));
		table_close(below, NoLock);
	}
	return expr;
}

/* Whether a rule makes something else of an INSERT, possibly of other numbers of rows. */
static bool
has_insert_rule(Relation rel)
{
	for (int i = 0; rel->rd_rules != NULL && i < rel->rd_rules->numLocks; i++)
	{
		if (rel->rd_rules->rules[i]->event == CMD_INSERT)
			return true;
	}
	return false;
}

/* Whether the role may name a column in an INSERT. */
static bool
may_insert(Oid relid, AttrNumber attnum)
{
	return pg_class_aclcheck(relid, GetUserId(), ACL_INSERT) == ACLCHECK_OK ||
		pg_attribute_aclcheck(relid, attnum, GetUserId(), ACL_INSERT) == ACLCHECK_OK;
}

/* Whether a row is written as the INSERT has it. */
static bool
keeps_values(Relation rel)
{
	return !has_insert_rule(rel) &&
		(rel->trigdesc == NULL ||
		 !(rel->trigdesc->trig_insert_before_row || rel->trigdesc->trig_insert_instead_row));
}

/*
 * Lays out the ephemeral relation: a column for each attribute that occurs.  Where
 * the rows may be written in another order than that of the input, so are those
 * whose defaults depend on the order, as sequences do.
 */
static void
make_columns(SdBatch *batch, const bool *occurs, Relation rel)
{
	const SdModel *model = batch->query->model;

	batch->columns = palloc(sizeof(int) * model->nattrs);
	batch->defaults = palloc0(sizeof(ExprState *) * model->nattrs);
	for (int i = 0; i < model->nattrs; i++)
	{
		const SdAttribute *attr = &model->attrs[i];
		bool		given = occurs[i] || i == model->created_at || i == model->updated_at ||
			i == model->version;
		Expr	   *expr;

		if (attr->column == NULL || !(given || (batch->numbered && attr->defaulted)))
			continue;
		expr = column_default(rel, attr->attnum);
		if (!given && (!contain_volatile_functions((Node *) expr) ||
					   !may_insert(model->relid, attr->attnum)))
			continue;
		if (!given)
			batch->defaulted = bms_add_member(batch->defaulted, i);
		batch->overriding |= !given && attr->computed;
		if (expr != NULL)
			batch->defaults[batch->ncolumns] = ExecPrepareExpr(expr, batch->estate);
		batch->columns[batch->ncolumns++] = i;
	}
	batch->desc = CreateTemplateTupleDesc(batch->ncolumns + (batch->numbered ? 1 : 0));
	for (int i = 0; i < batch->ncolumns; i++)
	{
		const SdAttribute *attr = &model->attrs[batch->columns[i]];

		TupleDescInitEntry(batch->desc, i + 1, psprintf("c%d", i), attr->type, -1, 0);
		TupleDescInitEntryCollation(batch->desc, i + 1, attr->collation);
	}
	if (batch->numbered)
		TupleDescInitEntry(batch->desc, batch->ncolumns + 1, "n", INT8OID, -1, 0);
	TupleDescFinalize(batch->desc);
	BlessTupleDesc(batch->desc);
}

/* The order of the rows: that of a unique key, all of which occurs. */
static SdBatchOrder *
begin_order(const SdBatch *batch, const SdUniqueKey *key)
{
	int		   *columns = palloc(sizeof(int) * key->nattrs);

	for (int i = 0; i < key->nattrs; i++)
	{
		columns[i] = 0;
		while (batch->columns[columns[i]] != key->attrs[i])
			columns[i]++;
		Assert(columns[i] < batch->ncolumns);
	}
	return sd_order_begin(batch->query->model, key->attrs, columns, key->nattrs, batch->desc);
}

/*
 * Begins a batch of rows of the query's model, in the current context.  occurs
 * says, by attribute, which are given by any row; timestamps and the version are by
 * all.  The rows will be written in the order of key, whose attributes occur;
 * NULL: in that of the input.
 */
SdBatch *
sd_batch_begin(const SdQuery *query, const bool *occurs, const SdUniqueKey *key)
{
	SdBatch    *batch = palloc0(sizeof(SdBatch));
	const SdModel *model = query->model;
	Relation	rel;

	sd_model_check(model);
	/* as the INSERT will: no sequence is reset between the default's value and the row */
	rel = table_open(model->relid, RowExclusiveLock);
	batch->query = query;
	batch->estate = CreateExecutorState();
	batch->counted = !has_insert_rule(rel);
	batch->distributed = model->distribution != SD_NOT_DISTRIBUTED;
	batch->numbered = batch->distributed || (key != NULL && batch->counted);
	batch->kept = keeps_values(rel);
	make_columns(batch, occurs, rel);
	if (key != NULL && batch->counted)
		batch->order = begin_order(batch, key);
	table_close(rel, NoLock);
	batch->values = palloc(sizeof(Datum) * batch->desc->natts);
	batch->nulls = palloc(sizeof(bool) * batch->desc->natts);
	if (batch->distributed)
		batch->has_nulls = palloc0(sizeof(bool) * batch->ncolumns);
	if (batch->order == NULL)
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
	for (int i = 0; batch->distributed && i < batch->ncolumns; i++)
		batch->has_nulls[i] |= batch->nulls[i];
	if (batch->numbered)
	{
		batch->values[batch->ncolumns] = Int64GetDatum(batch->read.total);
		batch->nulls[batch->ncolumns] = false;
	}
	batch->read.total++;
	if (batch->order != NULL)
		sd_order_add(batch->order, batch->values, batch->nulls);
	else
		tuplestore_putvalues(batch->rows, batch->desc, batch->values, batch->nulls);
	MemoryContextSwitchTo(old);
	ResetPerTupleExprContext(batch->estate);
}

/*
 * Notes the condition of the partial index that a conflict is about, if it is one, in a
 * copy of the query, which binds its values.
 */
void
sd_name_partial_index(SdOnConflict *on_conflict, const SdQuery **query, const SdConflict *conflict)
{
	SdQuery    *rows;

	if (conflict == NULL || conflict->where == NULL)
		return;
	rows = palloc(sizeof(SdQuery));
	*rows = **query;
	rows->shapes = NULL;
	rows->params = sd_copy_params(&rows->params);
	on_conflict->where = sd_conflict_condition(rows, conflict);
	on_conflict->indexes = sd_list_keys(rows->model, sd_partial_keys(rows->model));
	*query = rows;
}

/*
 * Says what becomes of rows that are there already by target, as conflict, which may
 * be NULL, has it; without it they are an error.
 */
void
sd_batch_conflicts(SdBatch *batch, const SdConflict *conflict, const SdUniqueKey *target)
{
	const SdModel *model = batch->query->model;
	SdOnConflict *on_conflict = &batch->on_conflict;

	Assert(on_conflict->action == SD_CONFLICT_ERROR && on_conflict->nupdated == 0);
	if (conflict == NULL || !(conflict->ignore || conflict->updated != NULL))
		return;
	/* rows are left as they are whatever key tells, unless one is named */
	if (target == NULL && (conflict->updated != NULL || conflict->target != NULL))
		return;
	on_conflict->action = SD_CONFLICT_NOTHING;
	if (conflict->updated != NULL)
	{
		int		   *updated = palloc(sizeof(int) * model->nattrs);

		for (int i = 0; i < model->nattrs; i++)
		{
			if (i == model->updated_at || bms_is_member(i, conflict->updated))
				updated[on_conflict->nupdated++] = i;
		}
		Assert(on_conflict->nupdated > 0);
		on_conflict->action = SD_CONFLICT_UPDATE;
		on_conflict->updated = updated;
	}
	if (conflict->updated != NULL || conflict->target != NULL)
	{
		on_conflict->ntarget = target->nattrs;
		on_conflict->target = target->attrs;
		sd_name_partial_index(on_conflict, &batch->query, conflict);
	}
}

/* Raises 22023: a row has the conflict's key of one before it. */
static pg_attribute_noreturn() void
changed_twice(const SdBatch *batch, int64 row)
{
	const SdAttribute *attrs = batch->query->model->attrs;
	StringInfoData names;

	Assert(batch->on_conflict.ntarget > 0);
	initStringInfo(&names);
	for (int i = 0; i < batch->on_conflict.ntarget; i++)
		appendStringInfo(&names, "%s\"%s\"", i > 0 ? ", " : "",
						 attrs[batch->on_conflict.target[i]].name);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("data[" INT64_FORMAT "]: a row before it has the same %s", row, names.data),
			 errdetail("One call cannot write a row and then change it."),
			 errhint("Leave out all but one of these rows, or write them in several calls.")));
}

/*
 * Throws the current error again, to be called in PG_CATCH() and the context of
 * the call.  That a row would be changed twice is said in the words of the
 * caller, who knows nothing of ON CONFLICT, of the row that was read last.
 */
static pg_attribute_noreturn() void
rethrow(const SdBatch *batch)
{
	ErrorData  *error;

	if (batch->on_conflict.action != SD_CONFLICT_UPDATE ||
		geterrcode() != ERRCODE_CARDINALITY_VIOLATION)
		PG_RE_THROW();
	error = CopyErrorData();
	/* subqueries of triggers and defaults have the same code */
	if (error->funcname == NULL || strcmp(error->funcname, SD_CHANGED_TWICE_IN) != 0)
		PG_RE_THROW();
	FlushErrorState();
	changed_twice(batch, sd_row_number(&batch->read));
}

/* Says where in the document each row stands, for errors; unless it is called, at data[n]. */
void
sd_batch_name_rows(SdBatch *batch, const SdPath *const *paths)
{
	batch->paths = paths;
}

/* Says what the caller gave of the rows, for errors. */
void
sd_batch_given(SdBatch *batch, const SdGivenRows *given)
{
	batch->given = given;
}

/* The column that an attribute is in; -1: none. */
static int
find_column(const SdBatch *batch, int attr)
{
	for (int i = 0; i < batch->ncolumns; i++)
	{
		if (batch->columns[i] == attr)
			return i;
	}
	return -1;
}

/*
 * Has the statement match records with their rows by what tells them apart: the
 * conflict's key, or the primary one.  Returns whether all rows have all of it.
 */
static bool
match_rows(const SdBatch *batch, SdStatement *statement)
{
	const SdModel *model = batch->query->model;
	bool		updates = batch->on_conflict.action == SD_CONFLICT_UPDATE;
	const int  *attrs = updates ? batch->on_conflict.target : model->keys;
	int			nattrs = updates ? batch->on_conflict.ntarget : model->nkeys;
	int		   *matched = palloc(sizeof(int) * Max(nattrs, 1));

	if (!batch->kept || nattrs == 0 || !sd_can_match(model, attrs, nattrs))
		return false;
	for (int i = 0; i < nattrs; i++)
	{
		Oid			type = model->attrs[attrs[i]].type;

		matched[i] = find_column(batch, attrs[i]);
		if (matched[i] < 0 || batch->has_nulls[matched[i]] || sd_row_element(type) != type)
			return false;
	}
	statement->nmatched = nattrs;
	statement->matched = matched;
	return true;
}

/* Raises 22023 when a row would be written and then changed, which an error of a shard says of none. */
static void
refuse_repeated(const SdBatch *batch, const SdStatement *statement)
{
	int64		row = sd_repeated_row(batch->query->model, batch->on_conflict.target,
									  statement->matched, statement->nmatched, batch->rows,
									  batch->desc, batch->read.total);

	Assert(statement->nmatched == batch->on_conflict.ntarget);
	if (row >= 0)
		changed_twice(batch, batch->read.numbers != NULL ? batch->read.numbers[row] : row);
}

/*
 * The number in the input of the row that the INSERT has read last, which is the one that its
 * receiver gets; -1 where that is not known, and outside of the INSERT.
 */
int64
sd_batch_row(const SdBatch *batch)
{
	return sd_row_number(&batch->read);
}

/* Inserts the rows by a statement each. */
static void
insert_each(SdBatch *batch, const SdStatement *statement, SdReceiver *receiver)
{
	SdStatement one = *statement;
	TupleTableSlot *slot = MakeSingleTupleTableSlot(batch->desc, &TTSOpsMinimalTuple);
	/* of one row; the last one's pins the plan whose layout the receiver has */
	MemoryContext row_cxt = AllocSetContextCreate(CurrentMemoryContext, "studentdir row",
												  ALLOCSET_SMALL_SIZES);

	one.kind = SD_INSERT;
	one.params = sd_copy_params(&batch->query->params);
	one.first_param = one.params.n;
	one.rows_read = &batch->read;
	for (int i = 0; i < batch->ncolumns; i++)
		(void) sd_param(&one.params, TupleDescAttr(batch->desc, i)->atttypid, (Datum) 0, true);
	Assert(one.params.n == one.first_param + batch->ncolumns);
	while (tuplestore_gettupleslot(batch->rows, true, false, slot))
	{
		MemoryContext old;

		CHECK_FOR_INTERRUPTS();
		MemoryContextReset(row_cxt);
		old = MemoryContextSwitchTo(row_cxt);
		slot_getallattrs(slot);
		for (int i = 0; i < batch->ncolumns; i++)
		{
			one.params.values[one.first_param + i] = slot->tts_values[i];
			one.params.nulls[one.first_param + i] = slot->tts_isnull[i] ? 'n' : ' ';
		}
		batch->read.n++;
		(void) sd_write(&one, receiver, NULL);
		MemoryContextSwitchTo(old);
	}
	ExecDropSingleTupleTableSlot(slot);
}

/* the answer of rows that are not written in the order of the input */
typedef struct SortedAnswer
{
	SdAnswerOrder order;
	const SdRowsRead *read;
	void		(*on_row) (uint64 rows, void *arg);
	void	   *on_row_arg;
} SortedAnswer;

/* on_row of the receiver: notes which row it was */
static void
note_row(uint64 rows, void *arg)
{
	SortedAnswer *answer = arg;

	/* a trigger's own rows are not counted; each row comes back before the next is read */
	sd_answer_note(&answer->order, (int) sd_row_number(answer->read));
	if (answer->on_row != NULL)
		answer->on_row(rows, answer->on_row_arg);
}

/* Prepares that the receiver of sorted rows will have them in the order of the input after end_answer(). */
static void
begin_answer(SortedAnswer *answer, SdBatch *batch, SdReceiver *receiver)
{
	sd_answer_begin(&answer->order, receiver, batch->read.total);
	answer->read = &batch->read;
	answer->on_row = receiver->on_row;
	answer->on_row_arg = receiver->on_row_arg;
	receiver->on_row = note_row;
	receiver->on_row_arg = answer;
}

static void
end_answer(SortedAnswer *answer, SdReceiver *receiver)
{
	receiver->on_row = answer->on_row;
	receiver->on_row_arg = answer->on_row_arg;
	sd_answer_end(&answer->order);
}

/*
 * Inserts the rows, in the order of the batch's key, and ends the batch.  The rows
 * as they are go to the receiver in the order in which they were added.
 *
 * Raises what PostgreSQL raises for the INSERT; 22023 when a row would be changed
 * twice.
 */
void
sd_batch_insert(SdBatch *batch, SdReceiver *receiver)
{
	MemoryContext cxt = CurrentMemoryContext;
	int		   *numbers = NULL;
	SortedAnswer answer;
	bool		sorted;
	bool		each;
	SdStatement statement = {
		.kind = SD_INSERT_ROWS,
		.query = batch->query,
		.params = batch->query->params,
		.nassigned = batch->ncolumns,
		.assigned = batch->columns,
		.defaulted = batch->defaulted,
		.on_conflict = batch->on_conflict,
		.row_paths = batch->paths,
		.given = batch->given,
		.rows_read = batch->counted ? &batch->read : NULL,
		.overriding = batch->overriding,
		.returning = true
	};
	EphemeralNamedRelationData relation = {
		.md = {
			.name = SD_ROWS,
			.tupdesc = batch->desc,
			.enrtype = ENR_NAMED_TUPLESTORE,
			.enrtuples = batch->read.total
		},
		.reldata = NULL
	};

	Assert(batch->read.n == 0);
	FreeExecutorState(batch->estate);
	each = batch->distributed && !match_rows(batch, &statement);
	if (batch->order != NULL)
		batch->rows = sd_order_rows(batch->order, &numbers);
	Assert(numbers == NULL || batch->numbered);
	batch->read.numbers = numbers;
	sorted = numbers != NULL && statement.nmatched == 0;
	if (sorted)
		begin_answer(&answer, batch, receiver);
	relation.reldata = batch->rows;
	if (statement.nmatched > 0)
	{
		statement.rows_read = NULL;
		if (batch->on_conflict.action == SD_CONFLICT_UPDATE)
			refuse_repeated(batch, &statement);
	}
	PG_TRY();
	{
		if (each)
			insert_each(batch, &statement, receiver);
		else
			(void) sd_write(&statement, receiver, &relation);
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(cxt);
		rethrow(batch);
	}
	PG_END_TRY();
	if (sorted)
		end_answer(&answer, receiver);
	tuplestore_end(batch->rows);
}

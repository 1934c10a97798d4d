/*-------------------------------------------------------------------------
 * write/run_write.c
 *		Runs one statement that writes, through SPI.
 *
 * Writers go through SPI and not through execution.c, since what a rule or a
 * view makes of an INSERT can be several queries.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/execution.h"
#include "execute/log.h"
#include "execute/refusal.h"
#include "executor/spi.h"
#include "settings.h"
#include "utils/fmgrprotos.h"
#include "utils/plancache.h"
#include "utils/resowner.h"
#include "write/model_validation.h"
#include "write/returned_records.h"
#include "write/row_arrays.h"
#include "write/run_write.h"
#include "write/violation.h"

/* where the statement that is being run counts the rows that it reads; NULL: nowhere */
static SdRowsRead *rows_read = NULL;

/*
 * Counts a row that an INSERT reads from its ephemeral relation.  It writes each
 * before it reads the next.  Anybody can call this by SQL, so that it has to
 * stop where the rows end.
 */
void
sd_row_read(void)
{
	if (rows_read != NULL && rows_read->n < rows_read->total)
		rows_read->n++;
}

/* How many triggers are running. */
static int
trigger_depth(void)
{
	return DatumGetInt32(DirectFunctionCall1(pg_trigger_depth, (Datum) 0));
}

/* in which triggers of a statement an error is raised, which is not known when it is caught */
typedef struct Raised
{
	const SdPlan *plan;
	int			outside;		/* triggers that the statement is run from */
	int			depth;
} Raised;

/* error context callback */
static void
note_depth(void *arg)
{
	Raised	   *raised = arg;

	raised->depth = trigger_depth() - raised->outside;
	sd_explain_refusal(raised->plan);
}

/*
 * Raises 42P10 in the place of the current error: the condition of a partial index is that
 * of none.
 */
static pg_attribute_noreturn() void
no_such_index(const SdStatement *statement)
{
	FlushErrorState();
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_COLUMN_REFERENCE),
			 errmsg("conflictWhere: it does not imply the condition of a unique index of model \"%s\" on these attributes",
					statement->query->model->name),
			 errhint("The partial unique indexes of its table are: %s.", statement->on_conflict.indexes)));
}

/* Runs a plan; an error about a unique or foreign key says where it is in the document. */
static int
run(const SdStatement *statement, const SdPlan *plan, const SPIExecuteOptions *options)
{
	MemoryContext cxt = CurrentMemoryContext;
	SdRowsRead *outer = rows_read;
	Raised		raised = {.plan = plan, .outside = trigger_depth()};
	ErrorContextCallback callback = {
		.previous = error_context_stack,
		.callback = note_depth,
		.arg = &raised
	};
	int			result;

	Assert(plan->pins > 0);
	/* what triggers write in turn is not counted with it */
	rows_read = statement->rows_read;
	error_context_stack = &callback;

	PG_TRY();
	{
		sd_check_distributed(plan);
		result = SPI_execute_plan_extended(plan->spi, options);
	}
	PG_CATCH();
	{
		rows_read = outer;
		MemoryContextSwitchTo(cxt);
		if (statement->on_conflict.where != NULL && raised.depth == 0 &&
			geterrcode() == ERRCODE_INVALID_COLUMN_REFERENCE)
			no_such_index(statement);
		sd_rethrow_violation(statement, raised.depth);
	}
	PG_END_TRY();
	error_context_stack = callback.previous;
	rows_read = outer;
	return result;
}

/*
 * Looks at what SPI is going to run, which it does not show: where it plans for
 * these values it is planned twice.  Raises 54000 where that costs too much.
 */
static void
refuse_cost(const SdPlan *plan, const SPIExecuteOptions *options, EphemeralNamedRelation rows)
{
	CachedPlanSource *source = linitial(SPI_plan_get_plan_sources(plan->spi));
	QueryEnvironment *environment = create_queryEnv();
	CachedPlan *cached;
	ListCell   *cell;

	if (rows != NULL)
		register_ENR(environment, rows);
	cached = GetCachedPlan(source, options->params, CurrentResourceOwner, environment);
	foreach(cell, cached->stmt_list)
		sd_refuse_cost(lfirst_node(PlannedStmt, cell));
	ReleaseCachedPlan(cached, CurrentResourceOwner);
}

/*
 * Runs a statement to its end, with the rows of an ephemeral relation where it
 * reads one.  Its RETURNING rows go to the receiver, whose layout is set here.
 * Returns the number of rows written.
 *
 * Raises what PostgreSQL raises for the statement, and 23514 when a row does not
 * meet a condition of the model that the query has among its checks.
 */
int64
sd_write(const SdStatement *statement, SdReceiver *receiver, EphemeralNamedRelation rows)
{
	MemoryContext cxt = CurrentMemoryContext;
	SPIExecuteOptions options = {.params = sd_bind(&statement->params)};
	SdStatement with_arrays;
	const SdPlan *plan;
	SdChecker	checker;
	bool		checked = sd_statement_checks(statement) != NIL;
	instr_time	start,
				spent;
	int			result;
	int64		processed;

	Assert(rows == NULL || statement->kind == SD_INSERT_ROWS || statement->kind == SD_UPDATE_ROWS);
	if (rows != NULL && statement->query->model->distribution != SD_NOT_DISTRIBUTED)
	{
		with_arrays = *statement;
		sd_bind_row_arrays(&with_arrays, rows);
		statement = &with_arrays;
		options.params = sd_bind(&statement->params);
		rows = NULL;
	}
	SPI_connect();
	if (rows != NULL)
		SPI_register_relation(rows);
	plan = sd_plan_lookup(statement, cxt);
	if (plan == NULL)
		plan = sd_plan_make(statement, cxt);
	Assert(receiver == NULL || statement->kind == SD_SELECT || statement->returning);
	if (receiver != NULL)
	{
		receiver->layout = &plan->layout;
		options.dest = &receiver->pub;
	}
	if (checked)
	{
		sd_checker_init(&checker, statement, receiver);
		options.dest = &checker.pub;
	}
	if (sd_max_cost > 0)
		refuse_cost(plan, &options, rows);
	INSTR_TIME_SET_CURRENT(start);
	result = run(statement, plan, &options);
	if (result < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not run a statement: %s", SPI_result_code_string(result))));
	processed = SPI_processed;
	if (checked)
		sd_report_violations(checker.violations);
	SPI_finish();
	INSTR_TIME_SET_CURRENT(spent);
	INSTR_TIME_SUBTRACT(spent, start);
	sd_statement_done(plan, options.params, spent);
	return processed;
}

/* Runs a statement for the keys of its rows in a rowset, in the current context. */
static int64
write_keys(const SdStatement *statement, SdRowSet *rows)
{
	SdStatement keys = *statement;
	SdReceiver	receiver;

	keys.query = sd_keys_query(statement->query);
	sd_rowset_init(rows, CurrentMemoryContext, keys.query->model->nkeys, 1, CurrentMemoryContext);
	sd_receiver_init(&receiver, NULL, sd_max_rows);
	receiver.rowset = rows;
	return sd_write(&keys, &receiver, NULL);
}

/* Runs a statement, and then reads its records into result. */
static int64
write_and_read(const SdStatement *statement, Tuplestorestate *result)
{
	SdRowSet	rows;
	int64		written = write_keys(statement, &rows);

	sd_read_back(statement->query, &rows, 0, result);
	return written;
}

/*
 * The same with the rows going into rows as the statement returns them, or into
 * result as the call answers with them; nowhere where both are NULL.
 */
int64
sd_write_to(const SdStatement *statement, SdRowSet *rows, Tuplestorestate *result)
{
	SdReceiver	receiver;

	Assert(rows == NULL || result == NULL);
	if (rows == NULL && result == NULL)
		return sd_write(statement, NULL, NULL);
	if (result != NULL && sd_reads_back(statement->query))
		return write_and_read(statement, result);
	sd_receiver_init(&receiver, NULL, sd_max_rows);
	if (rows != NULL)
		receiver.rowset = rows;
	else
		sd_receiver_to_store(&receiver, result);
	return sd_write(statement, &receiver, NULL);
}

/*
 * Runs a statement for its first row, a json datum in the current context that
 * goes into *record, 0 when it cannot be read back; false when there is none.  Raises what sd_write() raises.
 */
bool
sd_write_one(const SdStatement *statement, Datum *record)
{
	SdReceiver	receiver;
	SdRowSet	rows;

	if (sd_reads_back(statement->query))
	{
		(void) write_keys(statement, &rows);
		if (rows.nrows > 0)
			*record = sd_read_one_back(statement->query, &rows);
		return rows.nrows > 0;
	}
	sd_rowset_init(&rows, CurrentMemoryContext, 0, 1, CurrentMemoryContext);
	sd_receiver_init(&receiver, NULL, sd_max_rows);
	receiver.rowset = &rows;
	(void) sd_write(statement, &receiver, NULL);
	if (rows.nrows == 0)
		return false;
	*record = PointerGetDatum(rows.rows[0]);
	return true;
}

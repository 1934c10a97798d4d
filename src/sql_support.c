/*-------------------------------------------------------------------------
 * sql_support.c
 *		Entry point of what tells the planner about finders that return rows.
 *
 * Where a call's options are constants its rows and costs are estimated.  The
 * planner asks several times for each call that it plans, and calls with options
 * that come once are planned once: so the last answer is kept for as long as the
 * client's statement, a small limit is an answer by itself, and a call that no
 * other part of the query depends on is not looked at.
 *
 * An estimate raises no error: what is wrong with a call is said when it is made.
 * Parsing and planning may raise one anywhere, so it is made in a subtransaction.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/parallel.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "execute/estimate.h"
#include "miscadmin.h"
#include "model/attempt.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "nodes/supportnodes.h"
#include "optimizer/optimizer.h"
#include "parse/kept.h"
#include "sql_args.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/snapmgr.h"

/* up to here a limit is all that is looked at: what it leaves out would change no plan */
#define SD_SMALL_LIMIT	100

SD_FUNCTION(studentdir_finder_support);

/* a call whose arguments are known, but for the values of parameters */
typedef struct KnownCall
{
	char	   *model;			/* NULL: row_type says it */
	Oid			row_type;
	Jsonb	   *options;
	char	   *association;
	Jsonb	   *params;
	bool		bound;			/* the values of parameters are known */
} KnownCall;

/* the last estimate */
static struct
{
	uint64		hash;			/* of the call */
	TimestampTz statement;		/* of the client, in which it was made */
	bool		known;
	SdEstimate	estimate;
} last;

static Const *
constant(List *args, int n)
{
	Node	   *arg = list_nth(args, n);

	return IsA(arg, Const) ? (Const *) arg : NULL;
}

/* A jsonb constant, or NULL. */
static Jsonb *
jsonb_constant(const Const *arg)
{
	return arg->constisnull ? NULL : DatumGetJsonbP(arg->constvalue);
}

/*
 * Takes the arguments of find_all(), find_all_with() and rows_of() apart: the model
 * or a row, with four arguments the association, options, params.  False where
 * they are not constants.
 */
static bool
read_call(FuncExpr *call, KnownCall *known)
{
	int			n = list_length(call->args);
	Const	   *first = constant(call->args, 0);
	Const	   *association = n == 4 ? constant(call->args, 1) : NULL;
	Const	   *options = constant(call->args, n - 2);
	Const	   *params = constant(call->args, n - 1);

	Assert(n == 3 || n == 4);
	if (options == NULL || (n == 4 && (association == NULL || association->constisnull)))
		return false;
	memset(known, 0, sizeof(*known));
	known->row_type = exprType(linitial(call->args));
	if (known->row_type == TEXTOID)
	{
		if (first == NULL || first->constisnull)
			return false;
		known->model = TextDatumGetCString(first->constvalue);
	}
	if (association != NULL)
		known->association = TextDatumGetCString(association->constvalue);
	known->options = jsonb_constant(options);
	known->bound = params != NULL;
	known->params = params != NULL ? jsonb_constant(params) : NULL;
	return true;
}

/* The limit that the options give as a small number, or -1. */
static int64
small_limit(const Jsonb *options)
{
	JsonbValue	value;
	char	   *digits;

	if (options == NULL || !JB_ROOT_IS_OBJECT(options) ||
		getKeyJsonValueFromContainer(&unconstify(Jsonb *, options)->root, "limit", 5,
									 &value) == NULL || value.type != jbvNumeric)
		return -1;
	digits = numeric_normalize(value.val.numeric);
	if (strlen(digits) > 3 || strspn(digits, "0123456789") != strlen(digits))
		return -1;
	return atoi(digits) <= SD_SMALL_LIMIT ? atoi(digits) : -1;
}

/* Estimates a call, and raises whatever that raises. */
static bool
estimate_call(const KnownCall *known, SdEstimate *estimate)
{
	SdInputs	inputs = {.association = known->association, .params = known->params};
	SdCall		call = known->model != NULL ? SD_CALL_FIND : SD_CALL_ROWS;
	const SdModel *model = sd_model_open(known->model != NULL ? known->model
										 : sd_row_model(known->row_type, known->options));

	Assert(known->params == NULL || known->bound);
	return sd_estimate(sd_parse_to_estimate(model, known->options, call, &inputs, known->bound),
					   known->bound, estimate);
}

/* Whether an error has to be raised whatever is being done. */
static bool
is_serious(const ErrorData *error)
{
	return ERRCODE_TO_CATEGORY(error->sqlerrcode) == ERRCODE_OPERATOR_INTERVENTION ||
		error->sqlerrcode == ERRCODE_OUT_OF_MEMORY || error->elevel > ERROR;
}

/* a call that is being estimated, for sd_attempt() */
typedef struct Estimation
{
	const KnownCall *known;
	SdEstimate *estimate;
	bool		result;
} Estimation;

static void
estimate_known(void *arg)
{
	Estimation *estimation = arg;

	estimation->result = estimate_call(estimation->known, estimation->estimate);
}

/* Estimates a call; false where an error is in the way. */
static bool
try_estimate(const KnownCall *known, SdEstimate *estimate)
{
	Estimation	estimation = {.known = known, .estimate = estimate};
	MemoryContext own = AllocSetContextCreate(CurrentMemoryContext, "studentdir estimate",
											  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(own);
	ErrorData  *error = sd_attempt(estimate_known, &estimation);

	if (error != NULL)
	{
		estimation.result = false;
		(void) sd_models_start_over(error->sqlerrcode);
		if (is_serious(error))
			ReThrowError(error);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(own);
	return estimation.result;
}

static uint64
hash_part(uint64 hash, const void *part, int len)
{
	return part == NULL ? hash : hash_combine64(hash, hash_bytes_extended(part, len, 0));
}

/* The estimate of a call of a finder; false where nothing is known of it. */
static bool
estimate_finder(FuncExpr *call, SdEstimate *estimate)
{
	KnownCall	known;
	int64		limit;
	uint64		hash;

	/* a planner that works beside a transaction, or in a worker, must not begin another */
	if (!IsTransactionState() || !ActiveSnapshotSet() || IsInParallelMode() ||
		!read_call(call, &known))
		return false;
	limit = small_limit(known.options);
	if (limit >= 0)
	{
		estimate->rows = limit;
		estimate->cost = limit * cpu_tuple_cost;
		return true;
	}
	hash = hash_part(call->funcid, known.model, known.model != NULL ? strlen(known.model) : 0);
	hash = hash_combine64(hash_combine64(hash, known.row_type), GetUserId());
	hash = hash_part(hash, known.options, known.options != NULL ? VARSIZE(known.options) : 0);
	hash = hash_part(hash, known.association,
					 known.association != NULL ? strlen(known.association) : 0);
	hash = hash_part(hash, known.params, known.params != NULL ? VARSIZE(known.params) : 0);
	if (last.hash != hash || last.statement != GetCurrentStatementStartTimestamp())
	{
		last.known = try_estimate(&known, &last.estimate);
		last.hash = hash;
		last.statement = GetCurrentStatementStartTimestamp();
	}
	*estimate = last.estimate;
	return last.known;
}

/* Whether nothing but the call itself is planned: SELECT students_find_all(…). */
static bool
stands_alone(const PlannerInfo *root)
{
	const List *tables = root != NULL && root->parent_root == NULL ? root->parse->rtable : NIL;

	/* the planner has put it where no FROM was */
	return list_length(tables) == 1 &&
		linitial_node(RangeTblEntry, tables)->rtekind == RTE_RESULT;
}

/* finder_support(internal): rows and costs of the finders that return rows */
Datum
studentdir_finder_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);
	SdEstimate	estimate;

	if (IsA(request, SupportRequestRows))
	{
		SupportRequestRows *rows = (SupportRequestRows *) request;

		if (!stands_alone(rows->root) && IsA(rows->node, FuncExpr) &&
			estimate_finder((FuncExpr *) rows->node, &estimate))
		{
			rows->rows = estimate.rows;
			PG_RETURN_POINTER(rows);
		}
	}
	else if (IsA(request, SupportRequestCost))
	{
		SupportRequestCost *cost = (SupportRequestCost *) request;

		if (!stands_alone(cost->root) && cost->node != NULL && IsA(cost->node, FuncExpr) &&
			estimate_finder((FuncExpr *) cost->node, &estimate))
		{
			cost->startup = 0;
			cost->per_tuple = estimate.cost;
			PG_RETURN_POINTER(cost);
		}
	}
	PG_RETURN_POINTER(NULL);
}

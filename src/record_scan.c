/*-------------------------------------------------------------------------
 * record_scan.c
 *		Runs a function of one record that is all that a query selects.
 *
 * SELECT student_find_by_pk(7) is planned as ProjectSet over Result, which set up
 * what sets of any size that stand beside each other need.  For one record that is a
 * tenth of the work.  So where nothing else is selected a CustomScan takes their place: it
 * calls the function, and returns its record or no row.
 *
 * Privileges, hooks and statistics are those of any function that the executor calls;
 * the function says how it returns what it returns in the same way.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/objectaccess.h"
#include "catalog/pg_proc.h"
#include "executor/executor.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/extensible.h"
#include "nodes/makefuncs.h"
#include "pgstat.h"
#include "record_scan.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
#include "utils/tuplestore.h"

/* the functions that return one record at most, each by sd_return_record() or in a tuplestore */
extern Datum studentdir_find_by_pk(PG_FUNCTION_ARGS);
extern Datum studentdir_find_one(PG_FUNCTION_ARGS);
extern Datum studentdir_create(PG_FUNCTION_ARGS);
extern Datum studentdir_update_by_pk(PG_FUNCTION_ARGS);
extern Datum studentdir_increment(PG_FUNCTION_ARGS);
extern Datum studentdir_decrement(PG_FUNCTION_ARGS);

static const PGFunction functions[] = {
	studentdir_find_by_pk,
	studentdir_find_one,
	studentdir_create,
	studentdir_update_by_pk,
	studentdir_increment,
	studentdir_decrement
};

typedef struct RecordScan
{
	CustomScanState css;		/* has to be first */
	FmgrInfo	function;
	FunctionCallInfo fcinfo;
	ExprState **args;			/* NULL for a constant, which fcinfo has already */
	ReturnSetInfo info;
	bool		called;
	TupleTableSlot *stored;		/* a row of the tuplestore in info; NULL: none was returned */
} RecordScan;

static Node *make_state(CustomScan *plan);
static void begin(CustomScanState *state, EState *estate, int eflags);
static TupleTableSlot *next(CustomScanState *state);
static void rescan(CustomScanState *state);
static void end(CustomScanState *state);

static const CustomScanMethods plan_methods = {
	.CustomName = "studentdir record",
	.CreateCustomScanState = make_state
};

static const CustomExecMethods exec_methods = {
	.CustomName = "studentdir record",
	.BeginCustomScan = begin,
	.ExecCustomScan = next,
	.EndCustomScan = end,
	.ReScanCustomScan = rescan
};

static Node *
make_state(CustomScan *plan)
{
	RecordScan *scan = (RecordScan *) newNode(sizeof(RecordScan), T_CustomScanState);

	scan->css.methods = &exec_methods;
	return (Node *) scan;
}

static void
begin(CustomScanState *state, EState *estate, int eflags)
{
	RecordScan *scan = (RecordScan *) state;
	CustomScan *plan = (CustomScan *) state->ss.ps.plan;
	FuncExpr   *call = castNode(FuncExpr, linitial_node(TargetEntry, plan->custom_scan_tlist)->expr);
	int			nargs = list_length(call->args);
	ListCell   *cell;

	if (!SD_MAY_EXECUTE(call->funcid, GetUserId()))
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_FUNCTION, get_func_name(call->funcid));
	InvokeFunctionExecuteHook(call->funcid);
	fmgr_info_cxt(call->funcid, &scan->function, estate->es_query_cxt);
	fmgr_info_set_expr((Node *) call, &scan->function);
	scan->info.type = T_ReturnSetInfo;
	scan->info.econtext = state->ss.ps.ps_ExprContext;
	scan->info.allowedModes = SFRM_ValuePerCall | SFRM_Materialize | SFRM_Materialize_Preferred;
	scan->fcinfo = palloc0(SizeForFunctionCallInfo(nargs));
	InitFunctionCallInfoData(*scan->fcinfo, &scan->function, nargs, call->inputcollid, NULL,
							 (Node *) &scan->info);
	scan->args = palloc0(sizeof(ExprState *) * nargs);
	foreach(cell, call->args)
	{
		int			i = foreach_current_index(cell);

		if (IsA(lfirst(cell), Const))
		{
			scan->fcinfo->args[i].value = ((Const *) lfirst(cell))->constvalue;
			scan->fcinfo->args[i].isnull = ((Const *) lfirst(cell))->constisnull;
		}
		else
			scan->args[i] = ExecInitExpr(lfirst(cell), &state->ss.ps);
	}
}

/* Calls the function; its record is in the slot, or what it returns in the tuplestore. */
static bool
call_function(RecordScan *scan, TupleTableSlot *slot)
{
	FunctionCallInfo fcinfo = scan->fcinfo;
	ExprContext *econtext = scan->css.ss.ps.ps_ExprContext;
	MemoryContext old = MemoryContextSwitchTo(econtext->ecxt_per_tuple_memory);
	PgStat_FunctionCallUsage usage;

	for (int i = 0; i < fcinfo->nargs; i++)
	{
		if (scan->args[i] != NULL)
			fcinfo->args[i].value = ExecEvalExpr(scan->args[i], econtext, &fcinfo->args[i].isnull);
	}
	scan->info.returnMode = SFRM_ValuePerCall;
	scan->info.isDone = ExprSingleResult;
	scan->info.setResult = NULL;
	scan->info.setDesc = NULL;
	fcinfo->isnull = false;
	pgstat_init_function_usage(fcinfo, &usage);
	slot->tts_values[0] = FunctionCallInvoke(fcinfo);
	slot->tts_isnull[0] = fcinfo->isnull;
	pgstat_end_function_usage(&usage, true);
	MemoryContextSwitchTo(old);
	return scan->info.isDone != ExprEndResult;
}

static TupleTableSlot *
next(CustomScanState *state)
{
	RecordScan *scan = (RecordScan *) state;
	TupleTableSlot *slot = state->ss.ss_ScanTupleSlot;

	ExecClearTuple(slot);
	if (!scan->called)
	{
		scan->called = true;
		ResetExprContext(state->ss.ps.ps_ExprContext);
		if (!call_function(scan, slot))
			return slot;
		if (scan->info.returnMode == SFRM_ValuePerCall)
			return ExecStoreVirtualTuple(slot);
		scan->stored = MakeSingleTupleTableSlot(scan->info.setDesc, &TTSOpsMinimalTuple);
	}
	if (scan->stored == NULL ||
		!tuplestore_gettupleslot(scan->info.setResult, true, false, scan->stored))
		return slot;
	slot->tts_values[0] = slot_getattr(scan->stored, 1, &slot->tts_isnull[0]);
	return ExecStoreVirtualTuple(slot);
}

/* Frees what the last call has returned. */
static void
end(CustomScanState *state)
{
	RecordScan *scan = (RecordScan *) state;

	if (scan->stored == NULL)
		return;
	ExecDropSingleTupleTableSlot(scan->stored);
	tuplestore_end(scan->info.setResult);
	scan->stored = NULL;
}

static void
rescan(CustomScanState *state)
{
	end(state);
	((RecordScan *) state)->called = false;
}

/* Whether a call is that of one of these functions. */
static bool
returns_record(const FuncExpr *call)
{
	FmgrInfo	function;

	fmgr_info(call->funcid, &function);
	/* of a null it would not be called, as these are */
	if (function.fn_strict)
		return false;
	for (int i = 0; i < lengthof(functions); i++)
	{
		if (function.fn_addr == functions[i])
			return true;
	}
	return false;
}

/* Puts a scan in the place of a plan that does nothing but to call one of these functions. */
void
sd_scan_record(PlannedStmt *stmt)
{
	Plan	   *plan = stmt->planTree;
	const Plan *input;
	TargetEntry *target;
	FuncExpr   *call;
	CustomScan *scan;

	if (plan == NULL || !IsA(plan, ProjectSet) || list_length(plan->targetlist) != 1)
		return;
	input = outerPlan(plan);
	if (!IsA(input, Result) || outerPlan(input) != NULL ||
		((const Result *) input)->resconstantqual != NULL ||
		plan->initPlan != NIL || input->initPlan != NIL)
		return;
	target = linitial_node(TargetEntry, plan->targetlist);
	call = (FuncExpr *) target->expr;
	if (!IsA(call, FuncExpr) || !returns_record(call))
		return;

	scan = makeNode(CustomScan);
	scan->scan.plan = *plan;
	scan->scan.plan.type = T_CustomScan;
	outerPlan(scan) = NULL;
	scan->custom_scan_tlist = list_make1(target);
	target = flatCopyTargetEntry(target);
	target->expr = (Expr *) makeVar(INDEX_VAR, 1, call->funcresulttype, -1, call->funccollid, 0);
	scan->scan.plan.targetlist = list_make1(target);
	scan->methods = &plan_methods;
	stmt->planTree = &scan->scan.plan;
}

/* Called once, when the library is loaded. */
void
sd_record_scan_init(void)
{
	RegisterCustomScanMethods(&plan_methods);
}

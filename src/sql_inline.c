/*-------------------------------------------------------------------------
 * sql_inline.c
 *		Planner support of the typed functions.
 *
 * A typed function is an SQL function whose body is one call of a generic one.
 * The planner puts such a body in the function's place where the function
 * stands in FROM and only reads; elsewhere, in a select list above all, it does
 * not inline functions that return sets, and the executor would parse and plan
 * the body anew in every execution.  So this support function does it, under
 * the conditions under which the planner inlines scalar functions.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "executor/functions.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "optimizer/optimizer.h"
#include "optimizer/planmain.h"
#include "parser/analyze.h"
#include "parser/parse_node.h"
#include "tcop/tcopprot.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/syscache.h"

SD_FUNCTION(studentdir_inline);

/* replacing a body's parameters by the arguments of a call */
typedef struct Substitution
{
	List	   *args;
	int			used;
} Substitution;

/* Whether the planner does it by itself: the function only reads and stands in FROM. */
static bool
inlined_by_planner(PlannerInfo *root, const FuncExpr *call, Form_pg_proc function)
{
	ListCell   *cell;

	if (function->provolatile == PROVOLATILE_VOLATILE)
		return false;
	foreach(cell, root->parse->rtable)
	{
		RangeTblEntry *rte = lfirst_node(RangeTblEntry, cell);
		ListCell   *item;

		foreach(item, rte->functions)
		{
			Node	   *expr = lfirst_node(RangeTblFunction, item)->funcexpr;

			if (IsA(expr, FuncExpr) && ((FuncExpr *) expr)->funcid == call->funcid)
				return true;
		}
	}
	return false;
}

/* Whether the function is what can be inlined, and the caller may execute it. */
static bool
is_inlinable(const FuncExpr *call, HeapTuple tuple)
{
	Form_pg_proc function = (Form_pg_proc) GETSTRUCT(tuple);

	return function->prolang == SQLlanguageId &&
		function->prokind == PROKIND_FUNCTION &&
		!function->prosecdef &&
		!function->proisstrict &&
		function->pronargs == list_length(call->args) &&
		heap_attisnull(tuple, Anum_pg_proc_proconfig, NULL) &&
		heap_attisnull(tuple, Anum_pg_proc_prosqlbody, NULL) &&
		!expression_returns_set((Node *) call->args) &&
		!FmgrHookIsNeeded(call->funcid) &&
		SD_MAY_EXECUTE(call->funcid, GetUserId());
}

static char *
function_source(HeapTuple tuple)
{
	bool		isnull;

	return TextDatumGetCString(SysCacheGetAttr(PROCOID, tuple, Anum_pg_proc_prosrc, &isnull));
}

/* The one expression that a function's body selects; NULL when the body is anything else. */
static FuncExpr *
parse_body(const FuncExpr *call, HeapTuple tuple)
{
	char	   *source = function_source(tuple);
	List	   *statements = pg_parse_query(source);
	ParseState *pstate;
	Query	   *query;
	TargetEntry *target;

	if (list_length(statements) != 1)
		return NULL;
	pstate = make_parsestate(NULL);
	pstate->p_sourcetext = source;
	sql_fn_parser_setup(pstate, prepare_sql_fn_parse_info(tuple, (Node *) call,
														  call->inputcollid));
	query = transformTopLevelStmt(pstate, linitial_node(RawStmt, statements));
	free_parsestate(pstate);

	if (query->commandType != CMD_SELECT || query->rtable != NIL || query->cteList != NIL ||
		query->jointree->quals != NULL || query->hasSubLinks || query->hasAggs ||
		query->hasWindowFuncs || query->distinctClause != NIL || query->sortClause != NIL ||
		query->groupClause != NIL || query->groupingSets != NIL || query->havingQual != NULL ||
		query->limitCount != NULL || query->limitOffset != NULL || query->setOperations != NULL ||
		list_length(query->targetList) != 1)
		return NULL;
	target = linitial_node(TargetEntry, query->targetList);
	if (!IsA(target->expr, FuncExpr))
		return NULL;
	return (FuncExpr *) target->expr;
}

static Node *
substitute(Node *node, void *context)
{
	Substitution *substitution = context;

	if (node == NULL)
		return NULL;
	if (IsA(node, Param))
	{
		substitution->used++;
		return list_nth(substitution->args, ((Param *) node)->paramid - 1);
	}
	return expression_tree_mutator(node, substitute, context);
}

/* The call of the generic function that a call of a typed one stands for, or NULL. */
static Node *
inline_call(PlannerInfo *root, FuncExpr *call)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(call->funcid));
	Substitution substitution = {.args = call->args};
	FuncExpr   *body = NULL;
	Node	   *result;

	if (!HeapTupleIsValid(tuple))
		return NULL;
	if (is_inlinable(call, tuple) &&
		!inlined_by_planner(root, call, (Form_pg_proc) GETSTRUCT(tuple)))
		body = parse_body(call, tuple);
	ReleaseSysCache(tuple);
	if (body == NULL || !body->funcretset || body->funcresulttype != call->funcresulttype)
		return NULL;

	/* arguments are evaluated once each: the bodies use each parameter once */
	result = substitute((Node *) body, &substitution);
	if (substitution.used != list_length(call->args))
		return NULL;
	record_plan_function_dependency(root, call->funcid);
	return eval_const_expressions(root, result);
}

/* Support function of the typed functions that return sets. */
Datum
studentdir_inline(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);
	Node	   *result = NULL;

	if (IsA(request, SupportRequestSimplify))
	{
		SupportRequestSimplify *simplify = (SupportRequestSimplify *) request;

		if (simplify->root != NULL && simplify->fcall->funcretset)
			result = inline_call(simplify->root, simplify->fcall);
	}
	PG_RETURN_POINTER(result);
}

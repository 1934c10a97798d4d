/*-------------------------------------------------------------------------
 * inline.c
 *		Puts the generic functions in the place of the typed ones.
 *
 * A typed function is an SQL function whose body is one call of a generic one.
 * The planner puts such a body in the function's place where the function
 * stands in FROM and only reads, or returns no set.  Elsewhere, in a select
 * list above all, the executor would parse and plan the body anew in every
 * execution.  So this hook does it there, before the planner begins, under the
 * conditions under which the planner inlines scalar functions.
 *
 * It is a hook, and no support function: only superusers may name one of those
 * for a function, and typed functions are their users' own, and dumped.  A
 * query without a set in a select list or a function in FROM costs a look at
 * its range table.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "executor/functions.h"
#include "fmgr.h"
#include "inline.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "nodes/plannodes.h"
#include "optimizer/optimizer.h"
#include "optimizer/planner.h"
#include "parser/analyze.h"
#include "parser/parse_node.h"
#include "record_scan.h"
#include "settings.h"
#include "tcop/tcopprot.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/plancache.h"
#include "utils/syscache.h"

static planner_hook_type next_planner_hook = NULL;

/* replacing a body's parameters by the arguments of a call */
typedef struct Substitution
{
	List	   *args;
	Bitmapset  *used;			/* parameters that the body has, by number */
	bool		again;			/* it has one of them twice */
} Substitution;

/* what a query's plan depends on besides what the planner finds: OIDs of functions */
typedef struct Inlining
{
	List	   *functions;
} Inlining;

static void inline_in_query(Query *query, Inlining *inlining);

/* Whether the function is what can be inlined, and the caller may execute it. */
static bool
is_inlinable(const FuncExpr *call, HeapTuple tuple)
{
	Form_pg_proc function = (Form_pg_proc) GETSTRUCT(tuple);

	return function->prolang == SQLlanguageId &&
		function->prokind == PROKIND_FUNCTION &&
		!function->prosecdef &&
		!function->proisstrict &&
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
		int			param = ((Param *) node)->paramid;

		Assert(((Param *) node)->paramkind == PARAM_EXTERN);
		substitution->again |= bms_is_member(param, substitution->used);
		substitution->used = bms_add_member(substitution->used, param);
		return list_nth(substitution->args, param - 1);
	}
	return expression_tree_mutator(node, substitute, context);
}

/* Whether the text of a body begins as that of a typed function does. */
static bool
calls_generic(HeapTuple tuple)
{
	static const char begin[] = "SELECT " SD_SCHEMA ".";

	return strncmp(function_source(tuple), begin, strlen(begin)) == 0;
}

/* The call of the generic function that a call of a typed one stands for, or NULL. */
static Node *
inline_call(Inlining *inlining, FuncExpr *call)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(call->funcid));
	Substitution substitution = {0};
	FuncExpr   *body = NULL;
	Node	   *result;

	if (!HeapTupleIsValid(tuple))
		return NULL;
	if (is_inlinable(call, tuple) && calls_generic(tuple))
	{
		call->args = expand_function_arguments(call->args, false, call->funcresulttype, tuple);
		body = parse_body(call, tuple);
	}
	ReleaseSysCache(tuple);
	if (body == NULL || !body->funcretset || body->funcresulttype != call->funcresulttype)
		return NULL;

	/* arguments are evaluated once each, where the body uses each parameter once */
	substitution.args = call->args;
	result = substitute((Node *) body, &substitution);
	if (substitution.again || bms_num_members(substitution.used) != list_length(call->args))
		return NULL;
	inlining->functions = lappend_oid(inlining->functions, call->funcid);
	return result;
}

/* An expression of a select list, in which sets are returned. */
static Node *
inline_in_expression(Node *node, void *context)
{
	Node	   *result;

	if (node == NULL)
		return NULL;
	if (IsA(node, FuncExpr) && ((FuncExpr *) node)->funcretset)
	{
		result = inline_call(context, (FuncExpr *) node);
		if (result != NULL)
			return result;
	}
	/* queries are gone through by themselves */
	if (IsA(node, Query))
		return node;
	return expression_tree_mutator(node, inline_in_expression, context);
}

/* Goes through the queries in a query's expressions. */
static bool
inline_in_sublinks(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Query))
	{
		inline_in_query((Query *) node, context);
		return false;
	}
	return expression_tree_walker(node, inline_in_sublinks, context);
}

/* A function in FROM: the planner inlines by itself what only reads. */
static void
inline_in_from(RangeTblFunction *function, Inlining *inlining)
{
	FuncExpr   *call = (FuncExpr *) function->funcexpr;
	Node	   *result = NULL;

	if (IsA(call, FuncExpr) && call->funcretset && func_volatile(call->funcid) == PROVOLATILE_VOLATILE)
		result = inline_call(inlining, call);
	if (result != NULL)
		function->funcexpr = result;
}

/* Goes through a query and those in it; changes them in place, as the planner does itself. */
static void
inline_in_query(Query *query, Inlining *inlining)
{
	ListCell   *cell;
	ListCell   *item;

	check_stack_depth();
	if (query->hasTargetSRFs)
		query->targetList = (List *) inline_in_expression((Node *) query->targetList, inlining);
	foreach(cell, query->rtable)
	{
		RangeTblEntry *rte = lfirst_node(RangeTblEntry, cell);

		if (rte->rtekind == RTE_SUBQUERY)
			inline_in_query(rte->subquery, inlining);
		foreach(item, rte->functions)
			inline_in_from(lfirst_node(RangeTblFunction, item), inlining);
	}
	foreach(cell, query->cteList)
		inline_in_query(castNode(Query, lfirst_node(CommonTableExpr, cell)->ctequery), inlining);
	if (query->hasSubLinks)
		(void) query_tree_walker(query, inline_in_sublinks, inlining,
								 QTW_IGNORE_RT_SUBQUERIES | QTW_IGNORE_CTE_SUBQUERIES);
}

/* A plan holds as long as the functions that it was made without are what they were. */
static void
depend_on(PlannedStmt *plan, Oid function)
{
	PlanInvalItem *item = makeNode(PlanInvalItem);

	Assert(OidIsValid(function));
	item->cacheId = PROCOID;
	item->hashValue = GetSysCacheHashValue1(PROCOID, ObjectIdGetDatum(function));
	plan->invalItems = lappend(plan->invalItems, item);
}

static PlannedStmt *
plan_inlined(SD_PLANNER_PARAMS)
{
	Inlining	inlining = {NIL};
	PlannedStmt *plan;
	ListCell   *cell;

	if (parse->commandType != CMD_UTILITY)
		inline_in_query(parse, &inlining);
	plan = next_planner_hook != NULL ? next_planner_hook(SD_PLANNER_ARGS)
		: standard_planner(SD_PLANNER_ARGS);
	sd_scan_record(plan);
	foreach(cell, inlining.functions)
		depend_on(plan, lfirst_oid(cell));
	return plan;
}

/*
 * Called when the library is loaded.  That is often the middle of a session's
 * first call, whose plan and those before it know nothing of the hook: they are
 * made anew when they are used next.
 */
void
sd_inline_init(void)
{
	Assert(planner_hook != plan_inlined);
	sd_record_scan_init();
	next_planner_hook = planner_hook;
	planner_hook = plan_inlined;
	ResetPlanCache();
}

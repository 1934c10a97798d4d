/*-------------------------------------------------------------------------
 * plan/assumed.c
 *		What the planner is told of some values when it plans for none.
 *
 * PostgreSQL takes a LIMIT that it does not know for a tenth of the rows.  So a plan
 * for no particular values reads and sorts where an index would give the first
 * rows at once, or seems to cost so much that each call is planned anew, which
 * takes as long as to read a page.  Here it is told what they are in the call
 * that it plans for: as an estimate, so that the plan is right for any.  Plans are
 * kept by the digits of both, see sd_limit_scale().
 *
 * That is done where the statement is generic, which a page is whose rows an index
 * has together and in their order: that is the plan for all values.  Elsewhere these
 * decide whether enough rows come soon, and PostgreSQL goes on planning for each.
 *
 * It is told, too, of a rare value in a plan that rare values share, see skew.c.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "model/table_index.h"
#include "nodes/bitmapset.h"
#include "optimizer/planner.h"
#include "plan/assumed.h"
#include "utils/plancache.h"

/* up to so many digits a limit is that of a page */
#define SD_PAGE_DIGITS	3

static planner_hook_type next_planner_hook = NULL;

/* the plan that is being asked for, and the values of the call; NULL: none */
static const SdPlan *planned = NULL;
static ParamListInfo values;

static CachedPlanSource *
source_of(const SdPlan *plan)
{
	return linitial(SPI_plan_get_plan_sources(plan->spi));
}

/* The number of decimal digits of the value of a parameter; 0 where it has none. */
static int
count_digits(const SdParams *params, int param)
{
	uint64		rest;
	int			digits = 0;

	Assert(param < params->n);
	if (param < 0 || params->nulls[param] == 'n')
		return 0;
	for (rest = DatumGetInt64(params->values[param]); rest > 0; rest /= 10)
		digits++;
	return digits;
}

/* How large the LIMIT and the OFFSET of a statement are, as one number: part of the key of its plan. */
int
sd_limit_scale(const SdStatement *statement)
{
	const SdQuery *query = statement->query;

	if (statement->kind != SD_SELECT || (query->limit_param < 0 && query->offset_param < 0))
		return 0;
	return count_digits(&statement->params, query->limit_param) * 32 +
		count_digits(&statement->params, query->offset_param);
}

/*
 * Whether a condition chooses rows by nothing but values of attributes, which are
 * added to attrs, and where to begin or end in the order by the sorting one.
 */
static bool
chooses_by_index(const SdCondition *condition, int sorting, Bitmapset **attrs)
{
	ListCell   *cell;
	int			attr;

	if (condition == NULL)
		return true;
	switch (condition->kind)
	{
		case SD_COND_AND:
			foreach(cell, condition->args)
			{
				if (!chooses_by_index(lfirst(cell), sorting, attrs))
					return false;
			}
			return true;
		case SD_COND_ROW:
			return chooses_by_index(linitial(condition->args), sorting, attrs);
		case SD_COND_COMPARE:
			if (condition->left->kind != SD_EXPR_ATTRIBUTE ||
				condition->right->kind != SD_EXPR_PARAM)
				return false;
			attr = condition->left->attr;
			if (condition->op == SD_OP_EQ)
				*attrs = bms_add_member(*attrs, attr);
			return condition->op == SD_OP_EQ ||
				(attr == sorting && condition->op >= SD_OP_LT && condition->op <= SD_OP_GE);
		default:
			return false;
	}
}

/* Whether an index has the rows of a statement together and in their order, for all values. */
static bool
is_by_index(const SdQuery *query)
{
	const SdModel *model = query->model;
	const SdOrder *order = query->norders > 0 ? &query->orders[0] : NULL;
	SdSorting	sorting = {.attr = -1};
	Bitmapset  *attrs = NULL;
	int		   *list;
	int			n = 0;

	if (query->nmatches > 0 || query->group != NIL || query->distinct ||
		query->distinct_on != NIL || query->end_where != NULL || query->further != NIL ||
		(order != NULL && (order->bytewise || order->expr->kind != SD_EXPR_ATTRIBUTE)))
		return false;
	if (order != NULL)
		sorting = (SdSorting) {
			.attr = order->expr->attr,
			.descending = order->descending,
			.nulls_first = order->nulls == SD_NULLS_DEFAULT ? order->descending
			: order->nulls == SD_NULLS_FIRST
		};
	if (!chooses_by_index(query->where, sorting.attr, &attrs))
		return false;
	list = palloc(sizeof(int) * Max(bms_num_members(attrs), 1));
	for (int attr = -1; (attr = bms_next_member(attrs, attr)) >= 0;)
		list[n++] = attr;
	return sd_has_index(model, list, n, &sorting);
}

/* Whether a statement reads a few rows that an index has together and in their order. */
bool
sd_is_indexed_page(const SdStatement *statement)
{
	const SdQuery *query = statement->query;
	int			digits;

	if (statement->kind != SD_SELECT || query->limit_param < 0 || query->offset_param >= 0)
		return false;
	digits = count_digits(&statement->params, query->limit_param);
	return digits > 0 && digits <= SD_PAGE_DIGITS && is_by_index(query);
}

/* planner_hook */
static PlannedStmt *
plan_assuming(SD_PLANNER_PARAMS)
{
	const SdPlan *plan = planned;

	if (plan != NULL && params == NULL && text == source_of(plan)->query_string)
	{
		params = makeParamList(values->numParams);
		memset(params->params, 0, sizeof(ParamExternData) * params->numParams);
		for (int i = -1; (i = bms_next_member(plan->assumed, i)) >= 0;)
		{
			Assert(i < values->numParams);
			params->params[i] = values->params[i];
			/* an estimate, and no constant */
			params->params[i].pflags = 0;
		}
	}
	return next_planner_hook != NULL ? next_planner_hook(SD_PLANNER_ARGS)
		: standard_planner(SD_PLANNER_ARGS);
}

/*
 * The plan of a statement for the values of a call, counted for owner.  PostgreSQL
 * decides whether it is made for them or for none.
 */
CachedPlan *
sd_plan_for(const SdPlan *plan, ParamListInfo params, ResourceOwner owner)
{
	CachedPlanSource *source = source_of(plan);
	const SdPlan *planned_before = planned;
	ParamListInfo values_before = values;
	CachedPlan *volatile result = NULL;

	Assert(plan->pins > 0);
	if (plan->assumed == NULL || params == NULL)
		return GetCachedPlan(source, params, owner, NULL);
	PG_TRY();
	{
		planned = plan;
		values = params;
		result = GetCachedPlan(source, params, owner, NULL);
	}
	PG_FINALLY();
	{
		planned = planned_before;
		values = values_before;
	}
	PG_END_TRY();
	return result;
}

/* Called once, when the library is loaded. */
void
sd_assumed_init(void)
{
	Assert(planner_hook != plan_assuming);
	next_planner_hook = planner_hook;
	planner_hook = plan_assuming;
}

/*-------------------------------------------------------------------------
 * plan/skew.c
 *		Whether a statement has to be planned for its values each time.
 *
 * A plan for no particular values takes the average: rows by an index, where a
 * column has many values.  That is wrong for a value that half of the rows have.
 * PostgreSQL compares costs that it estimates, after five calls: if those were for
 * rare values, it plans no more.  So what ANALYZE has found decides here, when a
 * statement is prepared; the next ANALYZE invalidates the statement.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "catalog/pg_class.h"
#include "catalog/pg_statistic.h"
#include "nodes/bitmapset.h"
#include "plan/skew.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

/* in smaller tables planning is most of the work, whatever the plan */
#define SD_SMALL_TABLE	10000	/* rows */

/* a value with at least this part of the rows, and so many times those of the average one */
#define SD_COMMON_PART	0.01
#define SD_COMMON_TIMES	10

static double
table_rows(Oid relid)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	double		rows;

	if (!HeapTupleIsValid(tuple))
		return 0;
	rows = ((Form_pg_class) GETSTRUCT(tuple))->reltuples;
	ReleaseSysCache(tuple);
	return rows;
}

/* Whether a column of a table of so many rows has values that stand far more often than others. */
static bool
is_skewed_column(Oid relid, AttrNumber attnum, double rows)
{
	HeapTuple	tuple = SearchSysCache3(STATRELATTINH, ObjectIdGetDatum(relid),
										Int16GetDatum(attnum), BoolGetDatum(false));
	Form_pg_statistic statistic;
	AttStatsSlot slot;
	bool		skewed = false;

	if (!HeapTupleIsValid(tuple))
		return false;
	statistic = (Form_pg_statistic) GETSTRUCT(tuple);
	if (statistic->stadistinct != 0 &&
		get_attstatsslot(&slot, tuple, STATISTIC_KIND_MCV, InvalidOid, ATTSTATSSLOT_NUMBERS))
	{
		double		distinct = statistic->stadistinct > 0 ? statistic->stadistinct
			: -statistic->stadistinct * rows;
		double		average = (1 - statistic->stanullfrac) / Max(distinct, 1);

		skewed = slot.nnumbers > 0 && slot.numbers[0] >= SD_COMMON_PART &&
			slot.numbers[0] >= SD_COMMON_TIMES * average;
		free_attstatsslot(&slot);
	}
	ReleaseSysCache(tuple);
	return skewed;
}

/* The attribute that a condition compares with a bound value or list, or -1. */
static int
compared_attribute(const SdCondition *condition)
{
	if ((condition->kind == SD_COND_COMPARE || condition->kind == SD_COND_ANY) &&
		condition->op == SD_OP_EQ && condition->left->kind == SD_EXPR_ATTRIBUTE &&
		condition->right->kind == SD_EXPR_PARAM)
		return condition->left->attr;
	return -1;
}

/* Adds the attributes that rows have to have a bound value of. */
static Bitmapset *
add_compared(Bitmapset *attrs, const SdCondition *condition)
{
	int			attr;
	ListCell   *cell;

	if (condition == NULL)
		return attrs;
	attr = compared_attribute(condition);
	if (attr >= 0)
		return bms_add_member(attrs, attr);
	if (condition->kind == SD_COND_AND)
		foreach(cell, condition->args)
			attrs = add_compared(attrs, lfirst(cell));
	return attrs;
}

/* Whether the primary key is among the attributes: there is one row at most. */
static bool
has_key(const SdModel *model, const Bitmapset *attrs)
{
	for (int i = 0; i < model->nkeys; i++)
	{
		if (!bms_is_member(model->keys[i], attrs))
			return false;
	}
	return model->nkeys > 0;
}

/*
 * Whether a statement's rows are chosen by an attribute whose values are so unevenly
 * distributed that one plan does not do for all of them.
 */
bool
sd_is_skewed(const SdStatement *statement)
{
	const SdModel *model = statement->query->model;
	Bitmapset  *attrs;
	double		rows;
	int			attr = -1;

	if (statement->generic || statement->params.n == 0)
		return false;
	attrs = add_compared(NULL, statement->query->where);
	if (attrs == NULL || has_key(model, attrs))
		return false;
	rows = table_rows(model->relid);
	if (rows < SD_SMALL_TABLE)
		return false;
	while ((attr = bms_next_member(attrs, attr)) >= 0)
	{
		if (is_skewed_column(model->relid, model->attrs[attr].attnum, rows))
			return true;
	}
	return false;
}

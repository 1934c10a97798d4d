/*-------------------------------------------------------------------------
 * plan/skew.c
 *		Whether a statement has to be planned for its values each time.
 *
 * A plan for no particular values takes the average: rows by an index, where a
 * column has many values.  That is wrong for a value that half of the rows have.
 * PostgreSQL compares costs that it estimates, after five calls: if those were for
 * rare values, it plans no more.  So what ANALYZE has found decides here, when a
 * statement is prepared; the next ANALYZE invalidates the statement.
 *
 * To plan takes longer than to read a few rows.  Values that are none of the most
 * common ones have one estimate, so where that decides they share a plan.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_statistic.h"
#include "model/table_index.h"
#include "nodes/bitmapset.h"
#include "plan/skew.h"
#include "utils/array.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

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

/*
 * What tells the rare values of the attribute by which a statement's rows are chosen
 * from the common ones.  ANALYZE keeps a list of the most common values; all others
 * get one estimate, so that they can share a plan.
 */
struct SdSkew
{
	Oid			relid;
	AttrNumber	attnum;
	Oid			type;			/* of the values, and of a list's elements */
	Oid			collation;
	int			param;			/* the value, or the list */
	bool		is_list;

	/* of the statistics */
	uint64		read;			/* statistics_changes when they were read; 0: they have not been */
	bool		known;			/* there are some */
	int			ncommon;
	uint32	   *common;			/* hashes of the most common values, sorted */
	MemoryContext cxt;			/* of these */
};

/* elements of a list up to which it is that of a few rare values */
#define SD_SHORT_LIST	10

/* counts the changes of pg_statistic */
static uint64 statistics_changes = 1;

/* syscache callback */
static void
statistics_changed(Datum arg, int cacheid, uint32 hashvalue)
{
	statistics_changes++;
}

/* Called once, when the library is loaded. */
void
sd_skew_init(void)
{
	CacheRegisterSyscacheCallback(STATRELATTINH, statistics_changed, (Datum) 0);
}

/* what is found in the conditions of a statement */
typedef struct Chosen
{
	const SdModel *model;
	double		rows;			/* of the table */
	bool		limited;
	const SdCondition *by;		/* compares a skewed attribute with a value or a list; NULL: none */
} Chosen;

/* Whether a condition leaves no question to the planner but how many rows have the value. */
static bool
is_filter(const Chosen *chosen, const SdCondition *condition)
{
	return !chosen->limited && !sd_is_indexed(chosen->model, condition->left->attr);
}

/*
 * Whether a plan for one rare value does for all of them, whatever else the conditions
 * compare with: values of which attributes have about the same number of rows each, or,
 * where all rows are read, what no index serves.  Notes the skewed attribute.
 */
static bool
is_chosen_by_value(Chosen *chosen, const SdCondition *condition)
{
	ListCell   *cell;
	bool		skewed;

	switch (condition->kind)
	{
		case SD_COND_AND:
			foreach(cell, condition->args)
			{
				if (!is_chosen_by_value(chosen, lfirst(cell)))
					return false;
			}
			return true;
		case SD_COND_IS_NULL:
		case SD_COND_IS_NOT_NULL:
		case SD_COND_IS_TRUE:
		case SD_COND_IS_FALSE:
			return condition->left->kind == SD_EXPR_ATTRIBUTE;
		case SD_COND_COMPARE:
		case SD_COND_ANY:
			if (condition->left->kind != SD_EXPR_ATTRIBUTE ||
				condition->right->kind != SD_EXPR_PARAM)
				return false;
			if (condition->op != SD_OP_EQ)
				return is_filter(chosen, condition);
			skewed = is_skewed_column(chosen->model->relid,
									  chosen->model->attrs[condition->left->attr].attnum,
									  chosen->rows);
			if (skewed && chosen->by == NULL)
			{
				chosen->by = condition;
				return true;
			}
			return (!skewed && condition->kind == SD_COND_COMPARE) || is_filter(chosen, condition);
		default:
			return false;
	}
}

/*
 * What tells rare values from common ones in a statement that is planned for its
 * values, in the current context; NULL where rare values cannot share a plan.
 */
SdSkew *
sd_make_skew(const SdStatement *statement)
{
	const SdQuery *query = statement->query;
	Chosen		chosen = {
		.model = query->model,
		.rows = table_rows(query->model->relid),
		.limited = query->limit_param >= 0 || statement->one
	};
	const SdAttribute *attr;
	SdSkew	   *skew;

	if ((statement->kind != SD_SELECT && statement->kind != SD_COUNT) ||
		statement->params.long_list || query->nmatches > 0 || query->further != NIL ||
		query->end_where != NULL || query->where == NULL ||
		!is_chosen_by_value(&chosen, query->where) || chosen.by == NULL)
		return NULL;
	/* a value may choose an index that has its rows, and heirs have statistics of their own */
	if (sd_has_partial_index(chosen.model) || has_subclass(chosen.model->relid))
		return NULL;
	attr = &chosen.model->attrs[chosen.by->left->attr];
	if (!OidIsValid(lookup_type_cache(attr->type, TYPECACHE_HASH_PROC)->hash_proc))
		return NULL;
	skew = palloc0(sizeof(SdSkew));
	skew->relid = chosen.model->relid;
	skew->attnum = attr->attnum;
	skew->type = attr->type;
	skew->collation = attr->collation;
	skew->param = chosen.by->right->param;
	skew->is_list = chosen.by->kind == SD_COND_ANY;
	skew->cxt = AllocSetContextCreate(CurrentMemoryContext, "studentdir common values",
									  ALLOCSET_SMALL_SIZES);
	return skew;
}

/* The parameter that holds the value, or the list. */
int
sd_skewed_param(const SdSkew *skew)
{
	return skew->param;
}

/* The hash function of the values; NULL where the type has lost it. */
static FmgrInfo *
hash_function(const SdSkew *skew)
{
	TypeCacheEntry *type = lookup_type_cache(skew->type, TYPECACHE_HASH_PROC_FINFO);

	return OidIsValid(type->hash_proc_finfo.fn_oid) ? &type->hash_proc_finfo : NULL;
}

static uint32
hash_value(const SdSkew *skew, FmgrInfo *function, Datum value)
{
	return DatumGetUInt32(FunctionCall1Coll(function, skew->collation, value));
}

static int
compare_hashes(const void *a, const void *b)
{
	uint32		left = *(const uint32 *) a;
	uint32		right = *(const uint32 *) b;

	return left < right ? -1 : left > right;
}

/* Reads which values are the most common ones. */
static void
read_common_values(SdSkew *skew, FmgrInfo *function)
{
	uint64		changes = statistics_changes;
	HeapTuple	tuple = SearchSysCache3(STATRELATTINH, ObjectIdGetDatum(skew->relid),
										Int16GetDatum(skew->attnum), BoolGetDatum(false));
	bool		known = false;
	int			n = 0;
	uint32	   *hashes = NULL;
	AttStatsSlot slot;

	if (HeapTupleIsValid(tuple))
	{
		if (get_attstatsslot(&slot, tuple, STATISTIC_KIND_MCV, InvalidOid, ATTSTATSSLOT_VALUES))
		{
			known = slot.nvalues > 0 && getBaseType(slot.valuetype) == skew->type;
			hashes = palloc(sizeof(uint32) * Max(slot.nvalues, 1));
			while (known && n < slot.nvalues)
			{
				hashes[n] = hash_value(skew, function, slot.values[n]);
				n++;
			}
			qsort(hashes, n, sizeof(uint32), compare_hashes);
			free_attstatsslot(&slot);
		}
		ReleaseSysCache(tuple);
	}
	/* nothing of anybody's runs from here on */
	skew->known = false;
	MemoryContextReset(skew->cxt);
	if (known)
	{
		skew->common = MemoryContextAlloc(skew->cxt, sizeof(uint32) * n);
		memcpy(skew->common, hashes, sizeof(uint32) * n);
		pfree(hashes);
	}
	skew->ncommon = n;
	skew->known = known;
	skew->read = changes;
}

/* Whether a value may be one of the most common ones: it is, or has the hash of one. */
static bool
is_common(const SdSkew *skew, FmgrInfo *function, Datum value)
{
	uint32		hash = hash_value(skew, function, value);

	return bsearch(&hash, skew->common, skew->ncommon, sizeof(uint32), compare_hashes) != NULL;
}

/* Whether a list is one of a few values, none of them common. */
static bool
is_rare_list(const SdSkew *skew, FmgrInfo *function, ArrayType *list)
{
	int			n = ArrayGetNItems(ARR_NDIM(list), ARR_DIMS(list));
	ArrayIterator iterator;
	Datum		value;
	bool		isnull;
	bool		rare = n > 0 && n <= SD_SHORT_LIST && ARR_ELEMTYPE(list) == skew->type;

	if (!rare)
		return false;
	iterator = array_create_iterator(list, 0, NULL);
	while (rare && array_iterate(iterator, &value, &isnull))
		rare = isnull || !is_common(skew, function, value);
	array_free_iterator(iterator);
	return rare;
}

/*
 * Whether the value that a statement binds is a rare one, for which the planner would
 * expect the same as for any other.  The plan that skew belongs to has to be pinned:
 * the hash function of a type may be anybody's.
 */
bool
sd_value_is_rare(SdSkew *skew, const SdParams *params)
{
	FmgrInfo   *function = hash_function(skew);
	Datum		value;

	Assert(skew->param < params->n);
	value = params->values[skew->param];
	if (params->nulls[skew->param] == 'n' || function == NULL)
		return false;
	if (skew->read != statistics_changes)
		read_common_values(skew, function);
	if (!skew->known)
		return false;
	return skew->is_list ? is_rare_list(skew, function, DatumGetArrayTypeP(value))
		: !is_common(skew, function, value);
}

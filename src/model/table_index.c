/*-------------------------------------------------------------------------
 * model/table_index.c
 *		Whether an index of a model's table gives rows as a query wants them.
 *
 * The answer holds as long as the descriptor: an index that is made or dropped
 * invalidates the table's relation cache, and with it the descriptor.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_am.h"
#include "catalog/pg_index.h"
#include "model/table_index.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

/* Whether one of the first n columns of an index is this attribute. */
static bool
begins_with(const SdModel *model, const int2vector *columns, int n, int attr)
{
	Assert(attr >= 0 && attr < model->nattrs && model->attrs[attr].attnum > 0);
	for (int i = 0; i < n; i++)
	{
		if (columns->values[i] == model->attrs[attr].attnum)
			return true;
	}
	return false;
}

/* Whether a column of an index sorts so, forwards or, with all others, backwards. */
static bool
sorts(const SdModel *model, Relation index, int column, const SdSorting *sorting)
{
	int16		option = index->rd_indoption[column];
	bool		reversed = ((option & INDOPTION_DESC) != 0) != sorting->descending;
	bool		nulls_first = (option & INDOPTION_NULLS_FIRST) != 0;

	Assert(sorting->attr >= 0 && sorting->attr < model->nattrs);
	return index->rd_index->indkey.values[column] == model->attrs[sorting->attr].attnum &&
		(model->attrs[sorting->attr].not_null || (nulls_first != reversed) == sorting->nulls_first);
}

static bool
serves(const SdModel *model, Relation index, const int *attrs, int nattrs,
	   const SdSorting *sorting)
{
	const FormData_pg_index *form = index->rd_index;

	if (!form->indisvalid || index->rd_rel->relam != BTREE_AM_OID ||
		RelationGetIndexPredicate(index) != NIL || form->indnkeyatts < nattrs)
		return false;
	for (int i = 0; i < nattrs; i++)
	{
		if (!begins_with(model, &form->indkey, nattrs, attrs[i]))
			return false;
	}
	return sorting->attr < 0 ||
		(form->indnkeyatts > nattrs && sorts(model, index, nattrs, sorting));
}

/* Whether an index can be searched for values of a column without those of others. */
static bool
searches(Relation index, AttrNumber attnum)
{
	const FormData_pg_index *form = index->rd_index;
	int			n = index->rd_rel->relam == BTREE_AM_OID ? 1 : form->indnkeyatts;

	for (int i = 0; i < n; i++)
	{
		/* an expression may be of any column */
		if (form->indkey.values[i] == attnum || form->indkey.values[i] == InvalidAttrNumber)
			return true;
	}
	return false;
}

/* what is asked of the indexes of a model's table */
typedef struct Wanted
{
	const SdModel *model;
	const int  *attrs;
	int			nattrs;
	const SdSorting *sorting;
} Wanted;

static bool
is_searched(Relation index, const Wanted *wanted)
{
	return searches(index, wanted->model->attrs[wanted->attrs[0]].attnum);
}

static bool
is_partial(Relation index, const Wanted *wanted)
{
	return !heap_attisnull(index->rd_indextuple, Anum_pg_index_indpred, NULL);
}

static bool
is_serving(Relation index, const Wanted *wanted)
{
	return serves(wanted->model, index, wanted->attrs, wanted->nattrs, wanted->sorting);
}

/* Whether one of the indexes of a table, which has to be locked, is such. */
static bool
any_index(const Wanted *wanted, bool (*is_such) (Relation index, const Wanted *wanted))
{
	Relation	rel = table_open(wanted->model->relid, NoLock);
	List	   *indexes = RelationGetIndexList(rel);
	bool		found = false;
	ListCell   *cell;

	foreach(cell, indexes)
	{
		Relation	index = index_open(lfirst_oid(cell), AccessShareLock);

		found = is_such(index, wanted);
		index_close(index, NoLock);
		if (found)
			break;
	}
	list_free(indexes);
	table_close(rel, NoLock);
	return found;
}

/*
 * Whether an index of the model's table may serve a condition on an attribute by
 * itself.  The table has to be locked.
 */
bool
sd_is_indexed(const SdModel *model, int attr)
{
	Assert(model->attrs[attr].attnum > 0);
	return any_index(&(Wanted) {.model = model, .attrs = &attr, .nattrs = 1}, is_searched);
}

/*
 * Whether the model's table has an index of some of its rows: only a plan for known
 * values can see that these are among them.  The table has to be locked.
 */
bool
sd_has_partial_index(const SdModel *model)
{
	return any_index(&(Wanted) {.model = model}, is_partial);
}

/*
 * Whether the model's table has a B-tree index of all rows that begins with these
 * attributes, in any order, and goes on with the one that rows with the same values
 * are sorted by.  The table has to be locked.
 */
bool
sd_has_index(const SdModel *model, const int *attrs, int nattrs, const SdSorting *sorting)
{
	return any_index(&(Wanted) {model, attrs, nattrs, sorting}, is_serving);
}

/*-------------------------------------------------------------------------
 * model/unique.c
 *		The unique keys of a model's table: what a row can be in conflict with.
 *
 * They are read anew for each call, since those of a model over a view are its
 * base table's, whose changes do not concern the descriptor.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "model/unique.h"
#include "model/view.h"
#include "nodes/bitmapset.h"
#include "parser/parsetree.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/syscache.h"

/* The attribute that a column holds, or -1; columns are by attribute, 0 for none. */
static int
column_attribute(const SdModel *model, const AttrNumber *columns, AttrNumber attnum)
{
	for (int i = 0; i < model->nattrs; i++)
	{
		if (columns[i] == attnum && attnum > 0)
			return i;
	}
	return -1;
}

/* which unique keys are looked for */
typedef struct Search
{
	const SdModel *model;
	bool		partial;		/* those of partial indexes, and no others */
	List	   *keys;			/* of SdUniqueKey */
} Search;

/* The attributes of an index that ON CONFLICT can name by them; NULL for another one. */
static Bitmapset *
index_attributes(const Search *search, const AttrNumber *columns, HeapTuple tuple)
{
	Form_pg_index index = (Form_pg_index) GETSTRUCT(tuple);
	Bitmapset  *attrs = NULL;

	if (!index->indisunique || index->indisexclusion || !index->indisvalid || !index->indimmediate ||
		search->partial == heap_attisnull(tuple, Anum_pg_index_indpred, NULL))
		return NULL;
	for (int i = 0; i < index->indnkeyatts; i++)
	{
		/* an expression has number 0 */
		int			attr = column_attribute(search->model, columns, index->indkey.values[i]);

		if (attr < 0)
			return NULL;
		attrs = bms_add_member(attrs, attr);
	}
	return attrs;
}

/* Whether attributes are those of the model's primary key. */
static bool
is_primary(const SdModel *model, const Bitmapset *attrs)
{
	if (model->nkeys != bms_num_members(attrs))
		return false;
	for (int i = 0; i < model->nkeys; i++)
	{
		if (!bms_is_member(model->keys[i], attrs))
			return false;
	}
	return true;
}

/* The condition of a partial index as SQL, in the current context; NULL for another index. */
static char *
index_predicate(HeapTuple tuple)
{
	Oid			relid = ((Form_pg_index) GETSTRUCT(tuple))->indrelid;
	bool		isnull;
	Datum		predicate = SysCacheGetAttr(INDEXRELID, tuple, Anum_pg_index_indpred, &isnull);

	return isnull ? NULL
		: TextDatumGetCString(DirectFunctionCall2(pg_get_expr, predicate, ObjectIdGetDatum(relid)));
}

/* Adds the unique keys of a table. */
static void
add_table_keys(Search *search, Relation rel, const AttrNumber *columns)
{
	List	   *indexes = RelationGetIndexList(rel);
	ListCell   *cell;

	foreach(cell, indexes)
	{
		HeapTuple	tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(lfirst_oid(cell)));
		Bitmapset  *attrs;
		SdUniqueKey *key;
		int			attr = -1;

		if (!HeapTupleIsValid(tuple))
			continue;
		attrs = index_attributes(search, columns, tuple);
		if (attrs != NULL)
		{
			key = palloc0(sizeof(SdUniqueKey));
			key->attrs = palloc(sizeof(int) * bms_num_members(attrs));
			while ((attr = bms_next_member(attrs, attr)) >= 0)
				key->attrs[key->nattrs++] = attr;
			Assert(key->nattrs == bms_num_members(attrs));
			key->predicate = index_predicate(tuple);
			key->primary = key->predicate == NULL && is_primary(search->model, attrs);
			key->nulls_equal = ((Form_pg_index) GETSTRUCT(tuple))->indnullsnotdistinct;
			key->name = get_rel_name(lfirst_oid(cell));
			search->keys = lappend(search->keys, key);
		}
		ReleaseSysCache(tuple);
	}
	list_free(indexes);
}

/* Adds the unique keys of a table, or of what a view that passes rows on stands for. */
static void
add_keys(Search *search, Oid relid, const AttrNumber *columns)
{
	Relation	rel = table_open(relid, AccessShareLock);
	Query	   *view;
	int			base;

	check_stack_depth();
	view = sd_passing_view(rel, &base);
	if (view != NULL)
	{
		AttrNumber *below = palloc(sizeof(AttrNumber) * search->model->nattrs);

		for (int i = 0; i < search->model->nattrs; i++)
			below[i] = sd_view_column(view, base, columns[i]);
		add_keys(search, rt_fetch(base, view->rtable)->relid, below);
	}
	else if (rel->rd_rel->relkind != RELKIND_VIEW)
		add_table_keys(search, rel, columns);
	table_close(rel, NoLock);
}

/* The primary key first, then as the attributes are declared: whatever the order of the indexes. */
static int
compare_keys(const ListCell *a, const ListCell *b)
{
	const SdUniqueKey *left = lfirst(a);
	const SdUniqueKey *right = lfirst(b);

	if (left->primary != right->primary)
		return left->primary ? -1 : 1;
	for (int i = 0; i < Min(left->nattrs, right->nattrs); i++)
	{
		if (left->attrs[i] != right->attrs[i])
			return left->attrs[i] < right->attrs[i] ? -1 : 1;
	}
	return left->nattrs - right->nattrs;
}

static List *
find_keys(const SdModel *model, bool partial)
{
	AttrNumber *columns = palloc(sizeof(AttrNumber) * model->nattrs);
	Search		search = {.model = model, .partial = partial};

	for (int i = 0; i < model->nattrs; i++)
		columns[i] = model->attrs[i].attnum;
	add_keys(&search, model->relid, columns);
	list_sort(search.keys, compare_keys);
	return search.keys;
}

/*
 * The unique keys that consist of attributes of the model, the primary one
 * first: a list of SdUniqueKey in the current context.  Partial, deferrable and
 * expression indexes are not among them, nor keys WITHOUT OVERLAPS.
 */
List *
sd_unique_keys(const SdModel *model)
{
	return find_keys(model, false);
}

/* The same of partial indexes alone, by their attributes. */
List *
sd_partial_keys(const SdModel *model)
{
	return find_keys(model, true);
}

/* The primary key that a model declares, in the current context. */
SdUniqueKey *
sd_primary_key(const SdModel *model)
{
	SdUniqueKey *key = palloc0(sizeof(SdUniqueKey));

	key->nattrs = model->nkeys;
	key->attrs = model->keys;
	key->primary = true;
	return key;
}

/*
 * Whether every attribute of a unique key is given, by attribute.  Where nulls is
 * not NULL, null is no value, unless it is one in the index.
 */
bool
sd_key_occurs(const SdUniqueKey *key, const bool *given, const bool *nulls)
{
	for (int i = 0; i < key->nattrs; i++)
	{
		int			attr = key->attrs[i];

		if (!given[attr] || (nulls != NULL && nulls[attr] && !key->nulls_equal))
			return false;
	}
	return true;
}

/* The unique keys as a hint lists them, in the current context. */
char *
sd_list_keys(const SdModel *model, const List *keys)
{
	StringInfoData list;
	ListCell   *cell;

	initStringInfo(&list);
	foreach(cell, keys)
	{
		const SdUniqueKey *key = lfirst(cell);

		appendStringInfoString(&list, list.len > 0 ? ", [" : "[");
		for (int i = 0; i < key->nattrs; i++)
			appendStringInfo(&list, "%s\"%s\"", i > 0 ? ", " : "", model->attrs[key->attrs[i]].name);
		appendStringInfoChar(&list, ']');
		if (key->predicate != NULL)
			appendStringInfo(&list, " WHERE %s", key->predicate);
	}
	return list.data;
}

/* Whether a unique key has just these attributes. */
bool
sd_key_is_of(const SdUniqueKey *key, const Bitmapset *attrs)
{
	if (key->nattrs != bms_num_members(attrs))
		return false;
	for (int i = 0; i < key->nattrs; i++)
	{
		if (!bms_is_member(key->attrs[i], attrs))
			return false;
	}
	return true;
}

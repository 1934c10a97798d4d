/*-------------------------------------------------------------------------
 * write/nested_groups.c
 *		Finds, locks and reads the records that exist of a document's levels.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "miscadmin.h"
#include "parse/associated.h"
#include "parse/options.h"
#include "parse/order.h"
#include "parse/where.h"
#include "settings.h"
#include "write/key_query.h"
#include "write/lock_rows.h"
#include "write/nested_groups.h"
#include "write/run_write.h"

/*
 * Reads the rows of a query by so many keys into rows, which is made in the current context.
 * *count is the number of rows that the call has returned so far; NULL: it returns none of these.
 */
void
sd_read_group_rows(const SdQuery *query, int nkeys, int ncaptures, SdRowSet *rows, uint64 *count)
{
	SdStatement statement = {
		.kind = SD_SELECT,
		.query = query,
		.params = query->params,
		.generic = query->generic
	};
	SdReceiver	receiver;

	Assert(nkeys > 0);
	sd_rowset_init(rows, CurrentMemoryContext, ncaptures, nkeys, CurrentMemoryContext);
	sd_receiver_init(&receiver, NULL, count != NULL ? sd_max_rows : 0);
	receiver.rows = count != NULL ? *count : 0;
	receiver.rowset = rows;
	(void) sd_write(&statement, &receiver, NULL);
	if (count != NULL)
		*count = receiver.rows;
}

/* Which of rows has which key of a group, by the key's number, in the current context; -1: none has. */
int *
sd_number_rows(const SdLinkGroup *group, const SdRowSet *rows)
{
	int		   *numbered = palloc(sizeof(int) * group->map.nkeys);

	for (int i = 0; i < group->map.nkeys; i++)
		numbered[i] = -1;
	for (int row = 0; row < rows->nrows; row++)
	{
		int			number = sd_keymap_find(&group->map, rows->captured, row);

		if (number >= 0)
			numbered[number] = row;
	}
	return numbered;
}

/*
 * How the rows of a group are locked: against those that change them or, where join rows of
 * theirs may come, add some too; what is only referred to against being deleted.
 */
static SdLock
lock_level(const SdLevel *level, SdNodeKind kind)
{
	for (int i = 0; kind == SD_NODE_CHANGED && i < level->nnested; i++)
	{
		if (level->nested[i].join != NULL)
			return SD_LOCK_UPDATE;
	}
	return sd_refers_up(level) || kind == SD_NODE_CHANGED ? SD_LOCK_NO_KEY_UPDATE
		: SD_LOCK_KEY_SHARE;
}

/*
 * What the rows of a group have to be: records that others refer to are what the
 * association leads to, others become it.
 */
static const JsonbValue *
required_scope(const SdLinkGroup *group)
{
	const SdLevel *level = group->level;

	return level->join != NULL || group->kind == SD_NODE_CHANGED
		? level->associated->association->scope : NULL;
}

/* Whether one statement can lock the rows of two groups, and keep what their links keep of them. */
static bool
are_locked_alike(const SdLinkGroup *a, const SdLinkGroup *b)
{
	return a->level->query->model == b->level->query->model &&
		lock_level(a->level, a->kind) == lock_level(b->level, b->kind) &&
		(a == b || (required_scope(a) == NULL && required_scope(b) == NULL)) &&
		a->key->nattrs == b->key->nattrs &&
		memcmp(a->key->attrs, b->key->attrs, sizeof(int) * a->key->nattrs) == 0 &&
		a->nkept == b->nkept && memcmp(a->kept, b->kept, sizeof(int) * a->nkept) == 0;
}

/* The keys of groups that have the same attributes. */
static SdKeyMap
all_keys(const List *groups)
{
	const SdLinkGroup *first = linitial(groups);
	int			nattrs = first->key->nattrs;
	Datum	  **columns = palloc(sizeof(Datum *) * nattrs);
	SdKeyMap	all;
	ListCell   *cell;

	if (list_length(groups) == 1)
		return first->map;
	sd_key_columns(&all, first->level->query->model, first->key->attrs, nattrs,
				   first->map.nkeys);
	foreach(cell, groups)
	{
		const SdLinkGroup *group = lfirst(cell);

		for (int i = 0; i < nattrs; i++)
			columns[i] = group->map.columns[i].values;
		for (int number = 0; number < group->map.nkeys; number++)
		{
			CHECK_FOR_INTERRUPTS();
			(void) sd_keymap_add(&all, columns, number);
		}
	}
	return all;
}

/* Finds and locks the rows of groups that are locked alike. */
static void
lock_alike(const List *groups)
{
	const SdLinkGroup *first = linitial(groups);
	const SdModel *model = first->level->query->model;
	int		   *kept = palloc(sizeof(int) * first->nkept);
	SdQuery    *query = sd_make_query(model);
	SdKeyMap	keys = all_keys(groups);
	SdRowSet   *rows = palloc(sizeof(SdRowSet));
	ListCell   *cell;

	memcpy(kept, first->kept, sizeof(int) * first->nkept);
	sd_capture_only(query, kept, first->nkept);
	sd_match_keys(query, first->key->attrs, first->key->nattrs, &keys);
	if (model->deleted_at >= 0)
		query->where = sd_alive_condition(query, model, true);
	query->where = sd_and(query->where,
						  sd_association_scope(query, model, first->level->associated,
											   required_scope(first)));
	query->lock = sd_lock_of_many(model, lock_level(first->level, first->kind));
	sd_order_by_keys(query);
	sd_read_group_rows(query, keys.nkeys, first->key->nattrs + first->nkept, rows, NULL);
	foreach(cell, groups)
	{
		SdLinkGroup *group = lfirst(cell);

		group->locked = rows;
		group->locked_rows = sd_number_rows(group, rows);
	}
}

/*
 * Finds and locks the rows of groups.  Those of one model that several levels name are locked
 * by one statement, in one order, where what is asked of them is the same.
 *
 * Raises what PostgreSQL raises for SELECT ... FOR KEY SHARE or FOR NO KEY UPDATE.
 */
void
sd_lock_groups(List *groups)
{
	while (groups != NIL)
	{
		List	   *alike = NIL;
		List	   *others = NIL;
		ListCell   *cell;

		foreach(cell, groups)
		{
			if (are_locked_alike(linitial(groups), lfirst(cell)))
				alike = lappend(alike, lfirst(cell));
			else
				others = lappend(others, lfirst(cell));
		}
		lock_alike(alike);
		groups = others;
	}
}

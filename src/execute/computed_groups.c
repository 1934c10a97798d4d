/*-------------------------------------------------------------------------
 * execute/computed_groups.c
 *		Computes a value for each group of associated records at once.
 *
 * A statement for a batch of parents looks each of their keys up.  Where most of a
 * table is parents, that is slower than one pass over all associated records.
 * Its result has to fit into the memory that a hash table of the server may take;
 * where it turns out not to, it is given up, and the batches go on.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "execute/computed_groups.h"
#include "execute/counted_rows.h"
#include "execute/execution.h"
#include "miscadmin.h"
#include "nodes/plannodes.h"
#include "parser/parse_coerce.h"
#include "settings.h"
#include "utils/memutils.h"

/* bytes of a group beside its text and the datums of its key */
#define SD_GROUP_BYTES		64

/*
 * How many times as much as its estimate says a statement of many look-ups may be
 * taken to cost at most: the planner takes pages of an index to come from the disk.
 */
#define SD_LOOKUPS_OVERRATED	4

/*
 * Whether every key that there may be has a value in the type of the parents': a bigint
 * of a row that belongs to none need not be an integer.
 */
static bool
can_convert_keys(const SdQuery *query)
{
	const SdModel *model = query->through != NULL ? query->through->model : query->model;

	for (int i = 0; i < query->nmatches; i++)
	{
		Oid			from = model->attrs[query->matches[i].attr].type;
		Oid			to = query->matches[i].type;
		bool		wider = (to == INT8OID && (from == INT4OID || from == INT2OID)) ||
			(to == INT4OID && from == INT2OID);

		if (!wider && !IsBinaryCoercible(from, to))
			return false;
	}
	return true;
}

/* Whether the rows take more than they may; asked by the receiver. */
static bool
is_too_large(const SdReceiver *receiver)
{
	const SdRowSet *rows = receiver->rowset;

	return sd_buf_used(&rows->buf) + (Size) rows->nrows * SD_GROUP_BYTES > get_hash_memory_limit();
}

/* Makes room for so many groups. */
static void
init_map(SdGroups *groups, const SdQuery *query, int room)
{
	sd_keymap_init(&groups->map, query->nmatches, room);
	for (int i = 0; i < query->nmatches; i++)
		sd_keymap_column(&groups->map, i, query->matches[i].type, query->matches[i].collation);
}

/* Numbers the groups by their keys; what has none belongs to no parent. */
static void
map_groups(SdGroups *groups, const SdQuery *query)
{
	const SdRowSet *rows = &groups->rows;

	Assert(rows->ncaptures == query->nmatches);
	init_map(groups, query, rows->nrows);
	groups->texts = palloc_extended(sizeof(struct varlena *) * Max(rows->nrows, 1),
									MCXT_ALLOC_HUGE);
	for (int row = 0; row < rows->nrows; row++)
	{
		bool		isnull = false;

		for (int i = 0; i < query->nmatches; i++)
			isnull |= rows->nulls[i][row];
		if (!isnull)
			groups->texts[sd_keymap_add(&groups->map, rows->captured, row)] = rows->rows[row];
	}
}

/* Reads the keys of all rows, and counts them, into the current context; NULL where it does not fit. */
static SdGroups *
run_counts(const SdQuery *query, const SdPlan *plan, ParamListInfo params, double expected)
{
	SdGroups   *groups = palloc0(sizeof(SdGroups));
	SdExecution execution;
	SdCounter	counter;

	init_map(groups, query, (int) expected);
	sd_counter_init(&counter, &plan->layout, &groups->map, get_hash_memory_limit());
	sd_execution_start(&execution, query, plan, params);
	sd_execution_run(&execution, &counter.pub, 0);
	sd_execution_end(&execution);
	Assert(counter.full || groups->map.nkeys <= counter.room);
	groups->counted.counts = counter.counts;
	return counter.full ? NULL : groups;
}

/* Reads what a plan gives into the current context; NULL where it does not fit. */
static SdGroups *
run_groups(const SdQuery *query, const SdPlan *plan, ParamListInfo params, double expected)
{
	SdGroups   *groups = palloc0(sizeof(SdGroups));
	SdExecution execution;
	SdReceiver	receiver;

	sd_rowset_init(&groups->rows, CurrentMemoryContext, plan->layout.ncaptures,
				   (int) Max(expected, 64), CurrentMemoryContext);
	sd_receiver_init(&receiver, &plan->layout, 0);
	receiver.rowset = &groups->rows;
	receiver.is_full = is_too_large;
	sd_execution_start(&execution, query, plan, params);
	sd_execution_run(&execution, &receiver.pub, 0);
	sd_execution_end(&execution);
	if (is_too_large(&receiver))
		return NULL;
	map_groups(groups, query);
	return groups;
}

/*
 * Reads all groups of a query that gives one row for each key, where that is
 * estimated to be cheaper than cost, which is that of looking up the keys of the
 * parents to come.  The result is in a context of its own below the current one;
 * NULL where it is not cheaper, or does not fit.  Raises what the statement raises.
 */
SdGroups *
sd_read_groups(const SdQuery *query, double cost)
{
	SdQuery		all = *query;
	SdStatement statement = {
		.kind = SD_SELECT,
		.query = &all,
		.params = query->params,
		.parallel = true
	};
	ParamListInfo params = sd_bind(&query->params);
	const SdPlan *plan;
	const SdLayout *layout;
	Plan		estimate;
	MemoryContext cxt;
	MemoryContext old;
	SdGroups   *groups;
	SdGroups   *(*run) (const SdQuery *, const SdPlan *, ParamListInfo, double) = run_groups;

	Assert(query->group_matches);
	Assert(query->nmatches > 0 && query->includes == NIL);
	if (!can_convert_keys(query))
		return NULL;
	all.parents = SD_ALL_PARENTS;
	plan = sd_prepare(&statement, CurrentMemoryContext);
	sd_estimate_plan(plan, params, &estimate);
	if (estimate.total_cost * SD_LOOKUPS_OVERRATED > cost ||
		(sd_max_cost > 0 && estimate.total_cost > sd_max_cost) ||
		estimate.plan_rows * (SD_GROUP_BYTES + estimate.plan_width) > get_hash_memory_limit())
		return NULL;
	cxt = AllocSetContextCreate(CurrentMemoryContext, "studentdir groups", ALLOCSET_DEFAULT_SIZES);
	layout = &plan->layout;
	if (plan->groups && sd_is_count(&all))
	{
		sd_read_keys_only(&all);
		plan = sd_prepare(&statement, CurrentMemoryContext);
		run = run_counts;
	}
	old = MemoryContextSwitchTo(cxt);
	groups = run(query, plan, params, estimate.plan_rows);
	if (groups != NULL)
		groups->counted.layout = layout;
	MemoryContextSwitchTo(old);
	/* what was read before it turned out not to fit is not kept to the end of the call */
	if (groups == NULL)
		MemoryContextDelete(cxt);
	return groups;
}

/*-------------------------------------------------------------------------
 * execute/included_rows.c
 *		Reads included rows, and stitches them into their parents' JSON.
 *
 * Parents are written without their closing brace and with the keys that they
 * are matched by.  The distinct keys of a batch are bound as one array for each
 * attribute of the key; each child brings the key that it was found by, which
 * puts it into the group of that key; a parent's children are the group of its
 * key.  Nothing is parsed
 * again: a record is its own text, then its groups' texts, then the brace.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/computed_groups.h"
#include "execute/execution.h"
#include "execute/included_rows.h"
#include "execute/matched_keys.h"
#include "miscadmin.h"
#include "plan/capture.h"
#include "settings.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#define SD_FIRST_CHILDREN	64	/* rows there is room for at first */

/* Whether one of n captured values of a row is null: it matches nothing then. */
static inline bool
any_null(bool *const *nulls, int n, int row)
{
	for (int i = 0; i < n; i++)
	{
		if (nulls[i][row])
			return true;
	}
	return false;
}

/* Numbers the distinct keys of the parents, and says which each parent has. */
static void
group_parents(SdIncluded *included, SdKeyMap *map, const SdRowSet *parents, int capture)
{
	const SdQuery *query = included->include->query;
	Datum	  **columns = parents->captured + capture;
	bool	  **nulls = parents->nulls + capture;
	int			n = query->nmatches;

	Assert(n > 0 && capture + n <= parents->ncaptures);
	sd_keymap_init(map, n, parents->nrows);
	for (int i = 0; i < n; i++)
		sd_keymap_column(map, i, query->matches[i].type, query->matches[i].collation);
	included->group = palloc(sizeof(int) * parents->nrows);
	for (int i = 0; i < parents->nrows; i++)
		included->group[i] = any_null(nulls, n, i) ? -1 : sd_keymap_add(map, columns, i);
}

/* What the planner says that each key of a statement costs that looks up so many. */
static double
key_cost(const SdExecution *execution, int nkeys)
{
	return execution->desc->plannedstmt->planTree->total_cost /
		(sd_execution_is_generic(execution) && nkeys > 1 ? SD_FEW_KEYS : nkeys);
}

/* Plans the statement of a query whose keys are bound. */
static const SdPlan *
prepare_children(SdQuery *query, bool generic)
{
	SdStatement statement = {
		.kind = SD_SELECT,
		.query = query,
		.params = query->params,
		.generic = generic,
		.parallel = !generic
	};

	return sd_prepare(&statement, CurrentMemoryContext);
}

/* Counts the rows whose keys are in the map. */
static void
count_children(SdIncluded *included, SdQuery *query, SdKeyMap *map, bool generic)
{
	int			param = query->matches[0].param;
	List	   *runs = NIL;
	const SdPlan *plan;
	SdCounter	counter;
	SdExecution execution;

	/* the estimate of a run knows nothing of its ends: it is nothing to refuse a statement by */
	if (query->parents == SD_MANY_PARENTS && sd_max_cost <= 0)
		runs = sd_key_runs(query, map);
	sd_read_keys_only(query);
	if (runs != NIL)
		query->parents = SD_RUN_OF_PARENTS;
	plan = prepare_children(query, generic || (runs != NIL && query->params.n == 1));
	sd_counter_init(&counter, &plan->layout, map, 0);
	included->counted.counts = counter.counts;
	for (int i = 0; i < Max(list_length(runs), 1); i++)
	{
		if (runs != NIL)
			query->params.values[param] = PointerGetDatum(list_nth(runs, i));
		sd_execution_start(&execution, included->include->query, plan, sd_bind(&query->params));
		sd_execution_run(&execution, &counter.pub, 0);
		sd_execution_end(&execution);
	}
}

/* Reads the rows whose keys are in the map, or counts them. */
static void
read_children(SdIncluded *included, SdKeyMap *map, uint64 *rows)
{
	SdQuery		query = *included->include->query;
	const SdPlan *plan;
	SdExecution execution;
	SdReceiver	receiver;
	bool		generic;

	query.params = sd_copy_params(&query.params);
	sd_bind_keys(&query, map);
	generic = sd_plans_once(&query, map->nkeys);
	plan = prepare_children(&query, generic);
	sd_rowset_clear(&included->children);
	if (plan->groups && sd_is_count(&query))
	{
		included->counted.layout = &plan->layout;
		included->key_cost = plan->key_cost;
		count_children(included, &query, map, generic);
		return;
	}
	/* values of the parents are no rows of the answer */
	sd_receiver_init(&receiver, &plan->layout, included->include->computed ? 0 : sd_max_rows);
	receiver.rows = *rows;
	receiver.rowset = &included->children;
	sd_execution_start(&execution, included->include->query, plan, sd_bind(&query.params));
	included->key_cost = key_cost(&execution, map->nkeys);
	sd_plan_costs(plan, included->key_cost);
	sd_execution_run(&execution, &receiver.pub, 0);
	sd_execution_end(&execution);
	if (!included->include->computed)
		*rows = receiver.rows;
}

/* Puts each child at the end of the group of its key; the order of the rows is kept. */
static void
group_children(SdIncluded *included, SdKeyMap *map)
{
	const SdRowSet *children = &included->children;
	int		   *last = palloc(sizeof(int) * map->nkeys);
	int			group = -1;

	included->first = palloc(sizeof(int) * map->nkeys);
	included->next = palloc_extended(sizeof(int) * Max(children->nrows, 1), MCXT_ALLOC_HUGE);
	memset(included->first, -1, sizeof(int) * map->nkeys);
	for (int i = 0; i < children->nrows; i++)
	{
		/* a view may give another value than the one that was compared */
		if (any_null(children->nulls, included->include->query->nmatches, i))
		{
			group = -1;
			continue;
		}
		group = sd_keymap_find_near(map, children->captured, i, group);
		Assert(group < map->nkeys);

		/* operators of two types may find what casting one to the other tells apart */
		if (group < 0)
			continue;
		included->next[i] = -1;
		if (included->first[group] < 0)
			included->first[group] = i;
		else
			included->next[last[group]] = i;
		last[group] = i;
	}
}

/* Says which of all groups each parent has. */
static void
find_groups(SdIncluded *included, const SdRowSet *parents, int capture)
{
	int			n = included->include->query->nmatches;
	Datum	  **columns = parents->captured + capture;
	bool	  **nulls = parents->nulls + capture;
	int			group = included->last_group;

	Assert(capture + n <= parents->ncaptures);
	included->group = palloc(sizeof(int) * parents->nrows);
	for (int i = 0; i < parents->nrows; i++)
	{
		group = any_null(nulls, n, i) ? -1
			: sd_keymap_find_near(&included->groups->map, columns, i, group);
		included->group[i] = group;
	}
	included->last_group = group;
}

/*
 * What a query includes: an array with one element for each of query->includes,
 * in the current context.  What belongs to one batch goes into batch_cxt.
 */
SdIncluded *
sd_make_includes(const SdQuery *query, MemoryContext batch_cxt)
{
	SdIncluded *all = palloc0(sizeof(SdIncluded) * list_length(query->includes));
	ListCell   *cell;

	foreach(cell, query->includes)
	{
		SdIncluded *included = &all[foreach_current_index(cell)];
		const SdQuery *child = ((SdInclude *) lfirst(cell))->query;

		included->include = lfirst(cell);
		included->batch_cxt = batch_cxt;
		included->last_group = -1;
		included->nested = sd_make_includes(child, batch_cxt);
		sd_rowset_init(&included->children, CurrentMemoryContext,
					   sd_capture_count(child), SD_FIRST_CHILDREN, batch_cxt);
	}
	return all;
}

/*
 * Reads what is included for a batch of parents, whose context has been reset
 * since the batch before.  first_capture is the number of the first include's
 * key among the values captured of each parent;
 * the others' follow.  *rows counts the rows of the
 * whole call towards studentdir.max_rows.
 */
void
sd_load_includes(SdIncluded *all, int nincluded, const SdRowSet *parents, int first_capture,
				 uint64 *rows)
{
	check_stack_depth();
	for (int i = 0; i < nincluded; i++)
	{
		SdIncluded *included = &all[i];
		const SdQuery *query = included->include->query;
		MemoryContext old = MemoryContextSwitchTo(included->batch_cxt);
		SdKeyMap	map;

		included->first = NULL;
		included->counted.counts = NULL;
		included->parents = parents;
		included->capture = first_capture;
		if (included->groups != NULL)
			find_groups(included, parents, first_capture);
		else if (!included->include->hidden)
		{
			group_parents(included, &map, parents, first_capture);
			if (map.nkeys > 0)
			{
				read_children(included, &map, rows);
				if (included->counted.counts == NULL)
					group_children(included, &map);
				sd_load_includes(included->nested, list_length(query->includes),
								 &included->children, query->nmatches, rows);
			}
		}
		first_capture += sd_include_captures(included->include);
		MemoryContextSwitchTo(old);
	}
	Assert(nincluded == 0 || first_capture <= parents->ncaptures);
}

/*
 * Says that so many parents are expected after the batches that have been read:
 * what is computed for each may then be read for all of them at once, in the
 * current context.
 */
void
sd_expect_parents(SdIncluded *all, int nincluded, double parents)
{
	for (int i = 0; i < nincluded; i++)
	{
		if (all[i].include->computed && !all[i].include->hidden)
			all[i].groups = sd_read_groups(all[i].include->query, all[i].key_cost * parents);
	}
}

/* The bytes of JSON that were read for a batch of parents. */
Size
sd_included_bytes(const SdIncluded *all, int nincluded)
{
	Size		bytes = 0;

	for (int i = 0; i < nincluded; i++)
		bytes += sd_buf_used(&all[i].children.buf) +
			sd_included_bytes(all[i].nested, list_length(all[i].include->query->includes));
	return bytes;
}

/* a record that stands above another in a recursive include */
typedef struct Above
{
	const struct Above *above;
	const SdIncluded *included; /* whose parent it is */
	int			row;
} Above;

/* What a value over no records is: 0, as a number of them is, an empty list, or null. */
static const char *
value_of_none(const SdExpr *expr)
{
	if (expr->kind == SD_EXPR_CAST)
		expr = linitial(expr->args);
	Assert(expr->function != NULL);
	return expr->star || strcmp(expr->function, "pg_catalog.count") == 0 ? "0"
		: strcmp(expr->function, SD_ARRAY_AGG) == 0 ? "[]" : "null";
}

/* Writes a number of records, as each of the members of a record. */
static void
write_count(SdBuf *buf, const SdLayout *layout, int64 count)
{
	for (int i = 0; i < layout->ncolumns; i++)
	{
		const SdRecordColumn *column = &layout->columns[i];
		int			comma = i == 0 ? 1 : 0;

		sd_buf_append_padded(buf, column->key + comma, column->key_len - comma);
		sd_write_double(buf, (double) count);
	}
}

/* Writes the values that a statement has computed for a parent, as members of its record. */
static void
write_members(SdBuf *buf, const SdIncluded *included, int parent)
{
	const SdQuery *query = included->include->query;
	int			group = included->group[parent];
	const SdCounts *counted = included->groups != NULL ? &included->groups->counted
		: &included->counted;
	const struct varlena *text = NULL;

	Assert(!included->include->hidden);
	Assert(parent >= 0 && parent < included->parents->nrows);
	if (counted->counts != NULL)
	{
		write_count(buf, counted->layout, group >= 0 ? counted->counts[group] : 0);
		return;
	}
	if (group >= 0 && included->groups != NULL)
		text = included->groups->texts[group];
	else if (group >= 0 && included->first != NULL && included->first[group] >= 0)
		text = included->children.rows[included->first[group]];
	if (text != NULL)
	{
		/* its braces are not wanted */
		Assert(VARSIZE_ANY_EXHDR(text) >= 2);
		sd_buf_append(buf, VARDATA_ANY(text) + 1, VARSIZE_ANY_EXHDR(text) - 2);
		return;
	}
	for (int i = 0; i < query->noutputs; i++)
	{
		const char *none = value_of_none(query->outputs[i].expr);

		if (i > 0)
			sd_buf_char(buf, ',');
		sd_write_string(buf, query->outputs[i].name, query->outputs[i].name_len);
		sd_buf_char(buf, ':');
		sd_buf_append(buf, none, strlen(none));
	}
}

/*
 * Writes the text of a row, without its closing brace, and what is computed for it
 * in statements of their own: in the row's places, and behind its end when those are
 * used up.  Returns whether the record has no member yet.
 */
static bool
write_own_members(SdBuf *buf, const struct varlena *text, int row, const SdIncluded *included,
				  int nincluded)
{
	const char *rest = VARDATA_ANY(text);
	const char *end = rest + VARSIZE_ANY_EXHDR(text);
	bool		empty = end - rest == 1;

	Assert(end > rest);
	for (int i = 0; i < nincluded; i++)
	{
		const char *place;

		if (!included[i].include->computed)
			continue;
		place = memchr(rest, SD_PLACE, end - rest);
		sd_buf_append(buf, rest, (place != NULL ? place : end) - rest);
		rest = place != NULL ? place + 1 : end;
		if (place == NULL && !empty)
			sd_buf_char(buf, ',');
		write_members(buf, &included[i], row);
		if (place != NULL)
			sd_buf_char(buf, ',');
		empty = false;
	}
	sd_buf_append(buf, rest, end - rest);
	return empty;
}

static void stitch_record(SdBuf *buf, const SdRowSet *rowset, int row,
						  const SdIncluded *included, int nincluded, const Above *above);

/* The same include of the children of a recursive one. */
static const SdIncluded *
find_again(const SdIncluded *included)
{
	int			n = list_length(included->include->query->includes);

	for (int i = 0; i < n; i++)
	{
		if (included->nested[i].include->association == included->include->association &&
			!included->nested[i].include->computed)
			return &included->nested[i];
	}
	return NULL;
}

/* Whether a child of a recursive include is one of the records that it stands in. */
static bool
stands_above(const SdIncluded *included, int child, const Above *above)
{
	const SdIncluded *again = find_again(included);
	const SdInclude *include = included->include;
	int			first = sd_capture_identity(include);

	for (; above != NULL && again != NULL; above = above->above)
	{
		bool		same = above->included->include->association == include->association;

		for (int i = 0; same && i < include->association->nkeys; i++)
		{
			const SdRowSet *rows = above->included->parents;
			int			column = above->included->capture + first + i;
			int			own = first > 0 ? include->associated->target_keys[i]
				: include->association->source_keys[i];
			int16		len;
			bool		byval;

			get_typlenbyval(include->query->model->attrs[own].type, &len, &byval);
			same = !rows->nulls[column][above->row] &&
				!included->children.nulls[again->capture + first + i][child] &&
				datumIsEqual(rows->captured[column][above->row],
							 included->children.captured[again->capture + first + i][child],
							 byval, len);
		}
		if (same)
			return true;
	}
	return false;
}

/*
 * Writes one association of a parent: an array, or one record or null.  above are
 * the records that the parent stands in, where the include is recursive.
 */
static void
write_association(SdBuf *buf, const SdIncluded *included, int parent, const Above *above)
{
	Above		here = {above, included, parent};
	bool		recursive = included->include->depth > 0;
	bool		first_child = true;
	bool		many = sd_is_to_many(included->include->association);
	int			nnested = list_length(included->include->query->includes);
	int			group = included->group[parent];
	int			child = group < 0 || included->first == NULL ? -1 : included->first[group];

	if (many)
		sd_buf_char(buf, '[');
	for (; child >= 0; child = included->next[child])
	{
		/* a record that stands above itself ends the branch */
		if (recursive && stands_above(included, child, &here))
			continue;
		if (!first_child)
			sd_buf_char(buf, ',');
		first_child = false;
		stitch_record(buf, &included->children, child, included->nested, nnested,
					  recursive ? &here : NULL);
		if (!many)
			break;
	}
	if (many)
		sd_buf_char(buf, ']');
	else if (first_child)
		sd_write_null(buf);
}

/*
 * Writes what one association holds for a parent; false when that is to-one and
 * there is none.
 */
bool
sd_stitch_association(SdBuf *buf, const SdIncluded *included, int parent)
{
	int			group = included->group[parent];

	Assert(parent >= 0 && parent < included->parents->nrows);
	if (!sd_is_to_many(included->include->association) &&
		(group < 0 || included->first == NULL || included->first[group] < 0))
		return false;
	write_association(buf, included, parent, NULL);
	return true;
}

/* Writes a row of a rowset with what it includes, as one complete JSON object. */
void
sd_stitch_record(SdBuf *buf, const SdRowSet *rowset, int row, const SdIncluded *included,
				 int nincluded)
{
	stitch_record(buf, rowset, row, included, nincluded, NULL);
}

/* The same for a row that stands in others. */
static void
stitch_record(SdBuf *buf, const SdRowSet *rowset, int row, const SdIncluded *included,
			  int nincluded, const Above *above)
{
	bool		empty = write_own_members(buf, rowset->rows[row], row, included, nincluded);

	Assert(row >= 0 && row < rowset->nrows);
	if (nincluded == 0)
		return;
	for (int i = 0; i < nincluded; i++)
	{
		const char *alias = included[i].include->association->alias;

		if (included[i].include->hidden || included[i].include->computed)
			continue;
		if (!empty)
			sd_buf_char(buf, ',');
		empty = false;
		sd_write_string(buf, alias, strlen(alias));
		sd_buf_char(buf, ':');
		write_association(buf, &included[i], row, above);
	}
	sd_buf_char(buf, '}');
}

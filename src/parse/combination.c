/*-------------------------------------------------------------------------
 * parse/combination.c
 *		Options that do not go together, or not with the call.
 *
 * Each option by itself has been parsed when these are asked.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "nodes/bitmapset.h"
#include "parse/combination.h"
#include "parse/expression.h"
#include "parse/grouping.h"
#include "parse/order.h"
#include "parse/scopes.h"
#include "parse/size.h"
#include "settings.h"

/* Raises 22023 where two things of a record would be written under one key. */
static pg_attribute_noreturn() void
bad_key(const SdPath *path, const char *key, const char *owners)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s: the key \"%s\" is both %s", sd_path_text(path), key, owners)));
}

/* Whether an output is written under a key. */
static bool
has_output(const SdQuery *query, const char *key)
{
	for (int i = 0; i < query->noutputs; i++)
	{
		if (query->outputs[i].name_len == strlen(key) &&
			memcmp(query->outputs[i].name, key, query->outputs[i].name_len) == 0)
			return true;
	}
	return false;
}

/*
 * Raises 22023 when an association, or the join row of an included record, would be
 * written under the key of something else.
 */
void
sd_check_keys(const SdQuery *query, const SdPath *path)
{
	const SdThrough *through = query->through;
	/* of records that are written record/tree.c asks */
	const char *join = through != NULL && through->noutputs > 0 && query->write == NULL
		? through->model->name : NULL;
	ListCell   *cell;

	if (join != NULL && has_output(query, join))
		bad_key(path, join, "an attribute's and the join row's");
	foreach(cell, query->includes)
	{
		const SdInclude *include = lfirst(cell);
		const char *alias = include->association->alias;

		if (has_output(query, alias))
			bad_key(path, alias, "an attribute's and an association's");
		if (join != NULL && !include->hidden && strcmp(alias, join) == 0)
			bad_key(path, alias, "an association's and the join row's");
	}
}

/* Raises 22023 for an option that cannot stand beside what makes one record of many rows. */
static pg_attribute_noreturn() void
bad_beside_groups(const SdPath *path, const char *option)
{
	SdPath		step = SD_KEY_STEP(path, option, strlen(option));

	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s: it cannot stand beside \"group\", \"distinct\" or an aggregate",
					sd_path_text(&step))));
}

/* Whether the rows are made into groups. */
static bool
is_grouped_query(const SdQuery *query)
{
	bool		grouped = query->group != NIL;

	for (int i = 0; i < query->noutputs; i++)
		grouped |= query->outputs[i].expr->aggregate;
	for (int i = 0; i < query->norders; i++)
		grouped |= query->orders[i].expr->aggregate;
	return grouped;
}

/* Whether an expression is one of those that rows are to differ in. */
static bool
is_distinct_on(const SdQuery *query, const SdExpr *expr)
{
	ListCell   *cell;

	foreach(cell, query->distinct_on)
	{
		if (sd_same_attribute(lfirst(cell), expr))
			return true;
	}
	return false;
}

/* Raises 22023 where the order does not begin with what the rows are to differ in. */
static void
check_distinct_order(const SdQuery *query, const SdPath *path)
{
	SdPath		step = SD_KEY_STEP(path, "order", 5);
	Bitmapset  *attrs = NULL;
	Bitmapset  *sorted = NULL;
	ListCell   *cell;

	foreach(cell, query->distinct_on)
		attrs = bms_add_member(attrs, ((SdExpr *) lfirst(cell))->attr);
	for (int i = 0; i < query->norders && bms_num_members(sorted) < bms_num_members(attrs); i++)
	{
		if (!is_distinct_on(query, query->orders[i].expr))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s: it does not begin with the attributes of \"distinct\"",
							sd_path_text(&step)),
					 errhint("Of rows that have equal values of these attributes only the first by the rest of the order is returned.")));
		sorted = bms_add_member(sorted, query->orders[i].expr->attr);
	}
	if (query->norders > 0 && bms_num_members(sorted) < bms_num_members(attrs))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: it does not hold all attributes of \"distinct\"", sd_path_text(&step)),
				 errhint("It has to begin with them, in any order among themselves.")));
}

/* Whether each record that a query gives is one row of its table. */
bool
sd_has_own_rows(const SdQuery *query)
{
	return !query->distinct && query->distinct_on == NIL && !is_grouped_query(query);
}

/* Whether an output is computed over a window. */
static bool
has_window(const SdQuery *query)
{
	for (int i = 0; i < query->noutputs; i++)
	{
		if (query->outputs[i].expr->window)
			return true;
	}
	return false;
}

/* Raises 22023 for options that do not go together, 54000 for too many conditions. */
void
sd_check_combination(const SdQuery *query, const SdPath *path)
{
	bool		grouped = is_grouped_query(query);

	sd_check_size(query, path);
	if (grouped && query->nmatches > 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: an aggregate would make one record of those of all parents",
						sd_path_text(path)),
				 errhint("Ask for it in a call of its own, in \"group\" by the key that leads to the parent.")));
	if (query->nmatches > 0 && query->lock != SD_LOCK_NONE &&
		(query->limit_param >= 0 || query->offset_param >= 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: included records that a limit chooses cannot be locked",
						sd_path_text(path))));
	if (grouped || query->distinct)
	{
		if (query->lock != SD_LOCK_NONE)
			bad_beside_groups(path, "lock");
		if (query->includes != NIL)
			bad_beside_groups(path, "include");
		if (query->edge != NULL)
			bad_beside_groups(path, query->backwards ? "before" : "after");
	}
	if (has_window(query))
	{
		if (grouped || query->distinct)
			bad_beside_groups(path, "$over");
		if (query->lock != SD_LOCK_NONE)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s: records with a window function cannot be locked",
							sd_path_text(path))));
	}
	if (query->distinct_on != NIL)
	{
		if (grouped)
			bad_beside_groups(path, "distinct");
		if (query->lock != SD_LOCK_NONE)
			bad_beside_groups(path, "lock");
		if (query->edge != NULL)
			bad_beside_groups(path, query->backwards ? "before" : "after");
		check_distinct_order(query, path);
	}
	if (grouped)
		sd_check_grouped(query, path);
	if (query->distinct)
		sd_check_distinct(query, path);
}

/*
 * Where a page is cut out of an order, makes it one in which no two rows are equal,
 * so that pages put together are the whole.
 */
void
sd_settle_order(SdQuery *query)
{
	if (query->distinct_on != NIL && query->norders == 0)
	{
		query->orders = palloc0(sizeof(SdOrder) * list_length(query->distinct_on));
		for (int i = 0; i < list_length(query->distinct_on); i++)
			query->orders[query->norders++].expr = list_nth(query->distinct_on, i);
	}
	if (query->norders > 0 && (query->limit_param >= 0 || query->offset_param >= 0) &&
		query->model->nkeys > 0 && !query->distinct && !is_grouped_query(query))
		sd_complete_order(query);
}

/*
 * Raises 22023 where a writer cannot choose rows as it is told to.  An order
 * without a limit says nothing there; that of a scope may stand.
 */
void
sd_check_limited(const SdQuery *query, List *sources, SdCall call, const SdPath *path)
{
	const SdSource *last = sources != NIL ? llast(sources) : NULL;
	SdPath		step = SD_KEY_STEP(path, "order", 5);
	JsonbValue	order;

	if (!(call & SD_CALLS_LIMITED))
		return;
	if (query->limit_param >= 0 || query->offset_param >= 0)
	{
		if (query->model->nkeys == 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("model \"%s\" has no primary key, so that \"limit\" and \"offset\" cannot choose rows to write",
							query->model->name)));
	}
	else if (last != NULL && last->kind == SD_SOURCE_CALLER &&
			 getKeyJsonValueFromContainer(last->value.val.binary.data, "order", 5, &order) != NULL)
		sd_bad_shape(&step, "\"limit\" or \"offset\" beside it");
}

/* Raises 22023 where a table that is emptied as a whole is to be so in part. */
void
sd_check_truncate(const SdQuery *query, const SdPath *path)
{
	SdPath		cascade = SD_KEY_STEP(path, "cascade", 7);
	SdPath		restart = SD_KEY_STEP(path, "restartIdentity", 15);

	if (!query->write->truncate && query->write->cascade)
		sd_bad_shape(&cascade, "\"truncate\": true beside it");
	if (!query->write->truncate && query->write->restart_identity)
		sd_bad_shape(&restart, "\"truncate\": true beside it");
	if (query->write->truncate &&
		(query->where != NULL || query->limit_param >= 0 || query->offset_param >= 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"truncate\" empties a table as a whole, but there is a condition or a limit"),
				 errhint("Leave \"truncate\" out. Conditions may come from a scope: \"scope\": null is none.")));
}

/*
 * Raises 22023 for a "where" that is given and leaves out no row, where the call
 * would then give some record or other, or the setting says so of every finder.
 */
void
sd_check_empty_where(const SdQuery *query, SdCall call, const SdPath *path)
{
	SdPath		step = SD_KEY_STEP(path, "where", 5);
	int			refuse = SD_CALL_FIND_ONE | SD_CALL_FIND_OR_CREATE;

	if (sd_empty_where == SD_EMPTY_WHERE_REFUSE)
		refuse |= SD_CALL_FIND | SD_CALL_FIND_AND_COUNT | SD_CALLS_NUMBER;
	if (query->empty_where && !query->all && (call & refuse))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: it contains no condition, so it means every record",
						sd_path_text(&step)),
				 errdetail("JSON leaves out keys whose value is undefined in JavaScript."),
				 errhint("Give a condition, or \"all\": true if every record is meant.")));
}

/* Raises 22023 when a writer would change every row without having been told to. */
void
sd_require_condition(const SdQuery *query, const char *verb)
{
	Assert(query->write != NULL);
	if (query->write->limited || query->all)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 query->write->default_limited
			 ? errmsg("%s without a condition of its own would affect every row that the default scope of model \"%s\" leaves",
					  verb, query->model->name)
			 : errmsg("%s without a condition would affect every row of model \"%s\"", verb,
					  query->model->name),
			 errhint("Give a \"where\", or say \"all\": true.")));
}

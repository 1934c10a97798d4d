/*-------------------------------------------------------------------------
 * plan/plancache.c
 *		The per-backend cache of prepared statements.
 *
 * The shape (jumble.c) is the key, so there is nothing to invalidate: a model
 * that has changed has another serial, its old plans are never found again and
 * go when they are the least recently used.  What else a plan stands on is
 * PostgreSQL's own plan cache's to watch; when that says that a plan is no
 * longer valid, the statement is built again from the text up.
 *
 * The cache is bounded in plans and in bytes.  What a plan takes is measured
 * when it is entered and again when PostgreSQL has made another generic plan for
 * it, which is kept too; plans for particular values are not.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "common/hashfn.h"
#include "nodes/plannodes.h"
#include "parse/query.h"
#include "plan/assumed.h"
#include "plan/capture.h"
#include "plan/deparse.h"
#include "plan/jumble.h"
#include "plan/plancache.h"
#include "plan/skew.h"
#include "settings.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/plancache.h"

/* an entry of the hash table: plans whose shapes have the same hash are told apart by probing */
typedef struct PlanKey
{
	uint32		hash;
	int			scale;			/* of LIMIT and OFFSET */
	bool		rare;			/* shared by values that are rare, see sd_value_is_rare() */
	int			shape_len;
	const char *shape;
} PlanKey;

typedef struct PlanEntry
{
	PlanKey		key;			/* has to be first; points into the plan */
	SdPlan	   *plan;
} PlanEntry;

static HTAB *plans = NULL;
static dlist_head used_plans = DLIST_STATIC_INIT(used_plans);
static int	nplans = 0;
static Size used_bytes = 0;		/* by the plans in the cache */

static uint32
hash_key(const void *key, Size keysize)
{
	return ((const PlanKey *) key)->hash;
}

static int
match_keys(const void *a, const void *b, Size keysize)
{
	const PlanKey *left = a;
	const PlanKey *right = b;

	return left->hash != right->hash || left->scale != right->scale ||
		left->rare != right->rare ||
		left->shape_len != right->shape_len ||
		memcmp(left->shape, right->shape, left->shape_len) != 0;
}

/* Sets up the cache; called once, when the library is loaded. */
void
sd_plancache_init(void)
{
	HASHCTL		ctl = {
		.keysize = sizeof(PlanKey),
		.entrysize = sizeof(PlanEntry),
		.hash = hash_key,
		.match = match_keys
	};

	Assert(plans == NULL);
	plans = hash_create("studentdir plans", 256, &ctl, HASH_ELEM | HASH_FUNCTION | HASH_COMPARE);
}

static void
free_plan(SdPlan *plan)
{
	Assert(plan->pins == 0);
	if (plan->spi != NULL)
		SPI_freeplan(plan->spi);
	MemoryContextDelete(plan->cxt);
}

/* What a plan is found by. */
static PlanKey
key_of(const SdPlan *plan)
{
	return (PlanKey) {plan->hash, plan->scale, plan->rare, plan->shape_len, plan->shape};
}

/* Takes a plan out of the cache; it is freed now or with its last pin. */
static void
drop_plan(SdPlan *plan)
{
	PlanKey		key = key_of(plan);

	Assert(!plan->dropped && nplans > 0 && used_bytes >= plan->bytes);
	Assert(hash_search(plans, &key, HASH_FIND, NULL) != NULL);
	hash_search(plans, &key, HASH_REMOVE, NULL);
	dlist_delete(&plan->used);
	nplans--;
	used_bytes -= plan->bytes;
	plan->dropped = true;
	if (plan->pins == 0)
		free_plan(plan);
}

static CachedPlanSource *
source_of(const SdPlan *plan)
{
	return linitial(SPI_plan_get_plan_sources(plan->spi));
}

/* Counts what a plan of the cache takes; nothing is allocated. */
static void
measure(SdPlan *plan)
{
	const CachedPlanSource *source = source_of(plan);

	Assert(!plan->dropped && used_bytes >= plan->bytes);
	used_bytes -= plan->bytes;
	plan->measured = source->gplan;
	plan->bytes = MemoryContextMemAllocated(plan->cxt, true) +
		MemoryContextMemAllocated(source->context, true) +
		(source->gplan != NULL ? MemoryContextMemAllocated(source->gplan->context, true) : 0);
	used_bytes += plan->bytes;
}

/* Drops the least recently used plans until the rest takes no more than it may. */
static void
trim(void)
{
	while (used_bytes > (Size) sd_plan_cache_memory * 1024 && !dlist_is_empty(&used_plans))
		drop_plan(dlist_tail_element(SdPlan, used, &used_plans));
	Assert(nplans > 0 || used_bytes == 0);
}

/* memory context callback: the caller that pinned the plan is done with it */
static void
unpin(void *arg)
{
	SdPlan	   *plan = arg;

	Assert(plan->pins > 0);
	if (--plan->pins == 0 && plan->dropped)
		free_plan(plan);
}

static void
pin(SdPlan *plan, MemoryContext cxt)
{
	MemoryContextCallback *callback = MemoryContextAlloc(cxt, sizeof(*callback));

	Assert(!plan->dropped);
	callback->func = unpin;
	callback->arg = plan;
	plan->pins++;
	MemoryContextRegisterResetCallback(cxt, callback);
}

/* How many includes' computed values stand right before an output, or behind the last one. */
static int
count_places(const SdQuery *query, int output)
{
	int			n = 0;
	ListCell   *cell;

	foreach(cell, query->includes)
	{
		const SdInclude *include = lfirst(cell);

		n += include->computed && include->place == output;
	}
	return n;
}

/* Makes ,"name": for the receiver, which copies it in blocks, behind n places. */
static void
make_key(SdPlan *plan, int nplaces, const char *name, int name_len, const char **key, int *key_len)
{
	SdBuf		buf;

	sd_buf_init(&buf, plan->cxt, name_len + 8);
	sd_buf_char(&buf, ',');
	for (int i = 0; i < nplaces; i++)
		sd_buf_char(&buf, SD_PLACE);
	sd_write_string(&buf, name, name_len);
	sd_buf_char(&buf, ':');
	*key_len = buf.len;
	sd_buf_reserve(&buf, SD_PADDING);
	*key = buf.data;
}

static void
make_column(SdPlan *plan, SdRecordColumn *column, int nplaces, const SdOutput *output)
{
	make_key(plan, nplaces, output->name, output->name_len, &column->key, &column->key_len);
	sd_writer_init(&column->writer, output->expr->type, plan->cxt);
}

/* Says how the rows of a statement are written. */
static void
make_layout(SdPlan *plan, const SdStatement *statement)
{
	const SdQuery *query = statement->query;
	SdLayout   *layout = &plan->layout;
	SdCaptured *captured;

	if ((statement->kind != SD_SELECT && !statement->returning) || query->whole_row)
		return;
	Assert(statement->kind != SD_COUNT);
	layout->ncolumns = query->noutputs;
	layout->nnested = query->through != NULL ? query->through->noutputs : 0;
	layout->columns = palloc0(sizeof(SdRecordColumn) * Max(layout->ncolumns + layout->nnested, 1));
	for (int i = 0; i < query->noutputs; i++)
		make_column(plan, &layout->columns[i], count_places(query, i), &query->outputs[i]);
	if (layout->nnested > 0)
	{
		make_key(plan, count_places(query, query->noutputs), query->through->model->name,
				 strlen(query->through->model->name),
				 &layout->nested_key, &layout->nested_key_len);
		for (int i = 0; i < layout->nnested; i++)
			make_column(plan, &layout->columns[query->noutputs + i], 0,
						&query->through->outputs[i]);
	}

	layout->open = query->includes != NIL;
	layout->ncaptures = sd_capture_count(query);
	layout->captures = palloc0(sizeof(SdCapture) * Max(layout->ncaptures, 1));
	captured = sd_captured(query);
	for (int i = 0; i < layout->ncaptures; i++)
	{
		SdCapture  *capture = &layout->captures[i];

		capture->column = captured[i].column;
		capture->type = getBaseType(captured[i].type);
		get_typlenbyval(capture->type, &capture->len, &capture->byval);
	}
	pfree(captured);
}

/*
 * How a statement is planned, with rare for what all rare values share.  Citus cannot
 * plan most of those that it sends to shards without the values: it crashes in some.
 */
static int
cursor_options(const SdStatement *statement, const SdFound *found, bool rare)
{
	int			options = statement->parallel ? CURSOR_OPT_PARALLEL_OK : 0;

	if (found->distributed)
		return CURSOR_OPT_CUSTOM_PLAN;
	if (statement->generic || rare || sd_is_indexed_page(statement))
		return options | CURSOR_OPT_GENERIC_PLAN;
	/* only with its values can a condition be seen to be an index's, and a list be hashed */
	if (sd_is_skewed(statement) || statement->on_conflict.where != NULL ||
		statement->params.long_list)
		return options | CURSOR_OPT_CUSTOM_PLAN;
	return options;
}

/*
 * What the planner is told of the values of a call where it plans for none: how many
 * rows are wanted, and a value that is as rare as those that the plan is for.
 */
static Bitmapset *
assumed_params(const SdStatement *statement, const SdSkew *skew)
{
	const SdQuery *query = statement->query;
	Bitmapset  *params = NULL;

	if (statement->kind == SD_SELECT && query->limit_param >= 0)
	{
		params = bms_make_singleton(query->limit_param);
		if (query->offset_param >= 0)
			params = bms_add_member(params, query->offset_param);
	}
	return skew != NULL ? bms_add_member(params, sd_skewed_param(skew)) : params;
}

/* Builds a plan from the text up.  It is not in the cache yet. */
static SdPlan *
make_plan(const SdStatement *statement, const PlanKey *key)
{
	MemoryContext cxt = AllocSetContextCreate(CurrentMemoryContext, "studentdir plan",
											  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(cxt);
	SdPlan	   *plan = palloc0(sizeof(SdPlan));
	const SdParams *params = &statement->params;
	StringInfoData sql;
	SdFound		found;
	int			options;

	/* what is generic is looked up by key, or is few rows; SdShapes counts on it */
	Assert(statement->generic + statement->parallel + statement->one <= 1);
	plan->cxt = cxt;
	plan->hash = key->hash;
	plan->scale = key->scale;
	plan->rare = key->rare;
	plan->shape_len = key->shape_len;
	plan->shape = palloc(key->shape_len);
	memcpy(plan->shape, key->shape, key->shape_len);
	make_layout(plan, statement);

	initStringInfo(&sql);
	found = sd_deparse(&sql, statement);
	plan->secret = found.secret;
	plan->distributed = found.distributed;
	plan->locks = statement->query->lock != SD_LOCK_NONE;
	plan->sql = sql.data;
	options = cursor_options(statement, &found, key->rare);
	if (!found.distributed && (key->rare || (options & CURSOR_OPT_CUSTOM_PLAN) != 0))
		plan->skew = sd_make_skew(statement);
	if (options & CURSOR_OPT_GENERIC_PLAN)
		plan->assumed = assumed_params(statement, plan->skew);
	plan->spi = SPI_prepare_cursor(sql.data, params->n, params->types, options);
	if (plan->spi == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not prepare a statement: %s", SPI_result_code_string(SPI_result))));
	/* source_of() */
	Assert(list_length(SPI_plan_get_plan_sources(plan->spi)) == 1);
	/* a rule may leave no query */
	if (source_of(plan)->query_list != NIL)
		plan->query_id = linitial_node(Query, source_of(plan)->query_list)->queryId;
	MemoryContextSwitchTo(old);
	return plan;
}

/* Enters a finished plan, making room for it. */
static void
keep_plan(SdPlan *plan)
{
	PlanKey		key = key_of(plan);
	PlanEntry  *entry;

	while (nplans >= sd_plan_cache_size)
		drop_plan(dlist_tail_element(SdPlan, used, &used_plans));

	Assert(hash_search(plans, &key, HASH_FIND, NULL) == NULL);
	entry = hash_search(plans, &key, HASH_ENTER, NULL);
	entry->plan = plan;
	dlist_push_head(&used_plans, &plan->used);
	nplans++;
	/* from here on nothing can fail */
	MemoryContextSetParent(plan->cxt, CacheMemoryContext);
	SPI_keepplan(plan->spi);
	measure(plan);
}

/* Where the query of a statement keeps the statement's shape; NULL: nowhere. */
static SdShape *
kept_shape(const SdStatement *statement)
{
	const SdQuery *query = statement->query;
	int			planning = statement->generic ? 1 : statement->parallel ? 2 : statement->one ? 3 : 0;

	/* a list that is long in one call is not in another */
	if (query->shapes == NULL || statement->params.long_list)
		return NULL;
	Assert(query->call != NULL);
	Assert(planning < lengthof(query->shapes->select));
	Assert(query->parents < lengthof(query->shapes->select[0]));
	switch (statement->kind)
	{
		case SD_SELECT:
			return &query->shapes->select[planning][query->parents];
		case SD_COUNT:
			return &query->shapes->count;
		default:
			return NULL;
	}
}

#ifdef USE_ASSERT_CHECKING
/* Whether a statement has the shape that its query keeps. */
static bool
has_shape(const SdStatement *statement, const SdShape *kept)
{
	StringInfoData shape;
	bool		same;

	initStringInfo(&shape);
	sd_jumble(&shape, statement);
	same = shape.len == kept->len && memcmp(shape.data, kept->bytes, shape.len) == 0;
	pfree(shape.data);
	return same;
}
#endif

/*
 * Writes the shape of a statement and its hash; the key points into shape, or to
 * where the query keeps it.
 */
static PlanKey
shape_key(const SdStatement *statement, StringInfo shape)
{
	const SdQuery *query = statement->query;
	SdShape    *kept = kept_shape(statement);
	uint32		hash;
	PlanKey		key = {.scale = sd_limit_scale(statement)};

	if (kept != NULL && kept->len > 0)
	{
		ListCell   *cell;

		/* what writing it would look at */
		sd_model_check(query->model);
		foreach(cell, query->call->models)
			sd_model_check(lfirst(cell));
		Assert(has_shape(statement, kept));
		key.hash = hash_combine(kept->hash, key.scale);
		key.shape_len = kept->len;
		key.shape = kept->bytes;
		shape->data = NULL;
		return key;
	}
	initStringInfo(shape);
	sd_jumble(shape, statement);
	hash = hash_bytes((const unsigned char *) shape->data, shape->len);
	key.hash = hash_combine(hash, key.scale);
	key.shape_len = shape->len;
	key.shape = shape->data;
	if (kept != NULL)
	{
		kept->bytes = MemoryContextAlloc(query->shapes->cxt, shape->len);
		memcpy(kept->bytes, shape->data, shape->len);
		kept->hash = hash;
		kept->len = shape->len;
	}
	return key;
}

/* The plan that has a key; NULL when there is none that is still valid. */
static SdPlan *
find(const PlanKey *key, MemoryContext pin_cxt)
{
	PlanEntry  *entry = hash_search(plans, key, HASH_FIND, NULL);

	if (entry == NULL)
		return NULL;
	if (!SPI_plan_is_valid(entry->plan->spi))
	{
		drop_plan(entry->plan);
		return NULL;
	}
	dlist_move_head(&used_plans, &entry->plan->used);
	pin(entry->plan, pin_cxt);
	return entry->plan;
}

/*
 * The plan of a statement for the values that it binds, whose key *key becomes; NULL
 * when there is none that is still valid.  The plan that rare values share is found by
 * way of the one for any value.
 */
static SdPlan *
find_plan(const SdStatement *statement, PlanKey *key, MemoryContext pin_cxt)
{
	SdPlan	   *plan = find(key, pin_cxt);

	if (plan == NULL || plan->skew == NULL || !sd_value_is_rare(plan->skew, &statement->params))
		return plan;
	key->rare = true;
	return find(key, pin_cxt);
}

/*
 * The cached plan of a statement, pinned until pin_cxt is reset or deleted;
 * NULL when there is none that is still valid.
 */
const SdPlan *
sd_plan_lookup(const SdStatement *statement, MemoryContext pin_cxt)
{
	StringInfoData shape;
	PlanKey		key = shape_key(statement, &shape);
	SdPlan	   *plan = find_plan(statement, &key, pin_cxt);

	if (shape.data != NULL)
		pfree(shape.data);
	if (plan != NULL)
		plan->hits++;
	return plan;
}

/*
 * Makes the plan of a statement that is not in the cache, and enters it; it is
 * pinned as by sd_plan_lookup().  One that is larger than the cache may be is not
 * kept, and good for the caller all the same.  SPI has to be connected.
 *
 * Raises what parsing the statement raises.
 */
const SdPlan *
sd_plan_make(const SdStatement *statement, MemoryContext pin_cxt)
{
	StringInfoData shape;
	PlanKey		key = shape_key(statement, &shape);
	SdPlan	   *plan = find_plan(statement, &key, pin_cxt);

	if (plan != NULL)
		return plan;
	plan = make_plan(statement, &key);
	keep_plan(plan);
	pin(plan, pin_cxt);
	trim();
	return plan;
}

/* Notes what the planner expects of a plan. */
void
sd_plan_estimated(const SdPlan *plan, const PlannedStmt *stmt)
{
	SdPlan	   *estimated = unconstify(SdPlan *, plan);
	const Plan *tree = stmt->planTree;

	Assert(plan->pins > 0);
	estimated->estimated_cost = tree->total_cost;
	estimated->estimated_rows = (IsA(tree, Limit) ? outerPlan(tree) : tree)->plan_rows;
	/* not by workers, or by another server */
	estimated->groups = !plan->distributed && IsA(tree, Agg) &&
		((const Agg *) tree)->aggsplit == AGGSPLIT_SIMPLE;
}

/* Notes what the planner says that each key costs that a plan looks up. */
void
sd_plan_costs(const SdPlan *plan, double key_cost)
{
	Assert(plan->pins > 0);
	unconstify(SdPlan *, plan)->key_cost = key_cost;
}

/* Notes that a plan has run, in so many milliseconds. */
void
sd_plan_ran(const SdPlan *plan, double ms)
{
	SdPlan	   *counted = unconstify(SdPlan *, plan);
	const CachedPlanSource *source = source_of(plan);

	Assert(plan->pins > 0);
	counted->calls++;
	counted->total_ms += ms;
	counted->generic = source->num_generic_plans != plan->generic_runs;
	counted->generic_runs = source->num_generic_plans;
	if (source->gplan != plan->measured && !plan->dropped)
	{
		measure(counted);
		trim();
	}
}

/* The cached plans, the most recently used first: a list in the current context. */
List *
sd_cached_plans(void)
{
	List	   *list = NIL;
	dlist_iter	iter;

	dlist_foreach(iter, &used_plans)
		list = lappend(list, dlist_container(SdPlan, used, iter.cur));
	Assert(list_length(list) == nplans);
	return list;
}

/* The bound values as SPI wants them, in the current context; NULL for none. */
ParamListInfo
sd_bind(const SdParams *params)
{
	ParamListInfo list;

	if (params->n == 0)
		return NULL;
	list = makeParamList(params->n);
	for (int i = 0; i < params->n; i++)
	{
		Assert(OidIsValid(params->types[i]));
		Assert(params->nulls[i] == 'n' || params->nulls[i] == ' ');
		list->params[i].value = params->values[i];
		list->params[i].isnull = params->nulls[i] == 'n';
		list->params[i].pflags = PARAM_FLAG_CONST;
		list->params[i].ptype = params->types[i];
	}
	return list;
}

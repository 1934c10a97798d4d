/*-------------------------------------------------------------------------
 * plan/plancache.h
 *		The per-backend cache of prepared statements, keyed by shape.
 *
 * The cache owns the plans.  A caller pins the one it uses; the pin is given
 * back when the memory context that it was taken in is reset or deleted, which
 * happens on success and on error alike.
 *-------------------------------------------------------------------------
 */
#ifndef SD_PLANCACHE_H
#define SD_PLANCACHE_H

#include "executor/spi.h"
#include "lib/ilist.h"
#include "plan/statement.h"

typedef struct SdPlan
{
	SPIPlanPtr	spi;
	const char *sql;
	SdLayout	layout;			/* of the rows that it returns */
	bool		secret;			/* a hidden attribute stands in it: no log shows what is bound */
	bool		distributed;	/* Citus plans it, for each execution anew */
	bool		locks;			/* it locks rows that it reads */
	Bitmapset  *assumed;		/* parameters of whose values the planner is told, see sd_plan_for() */
	int64		calls;			/* how often it has run */
	int64		hits;			/* how often it was found in the cache */
	double		total_ms;
	int64		query_id;		/* as pg_stat_statements has it; 0: not computed */
	bool		generic;		/* ran last by a plan that is made for no particular values */
	double		estimated_rows; /* without limit, when it was planned last; 0: it has not been yet */
	double		estimated_cost;
	double		key_cost;		/* of each of the parents' keys that it looks up; 0: it has not run */
	bool		groups;			/* it was planned last to read single rows, and to group them here */
	Size		bytes;			/* that it and what PostgreSQL keeps for it take */

	/* the cache's own */
	uint32		hash;
	int			scale;			/* see sd_limit_scale() */
	bool		rare;			/* shared by values that are rare */
	struct SdSkew *skew;		/* tells which values are rare; NULL: no plan is shared by them */
	int			shape_len;
	char	   *shape;
	dlist_node	used;			/* most recently used first */
	int			pins;
	const struct CachedPlan *measured;	/* the generic plan that is counted in bytes */
	int64		generic_runs;	/* by generic plans, when it had run last */
	bool		dropped;		/* out of the cache, to be freed with the last pin */
	MemoryContext cxt;
} SdPlan;

extern void sd_plancache_init(void);
extern const SdPlan *sd_plan_lookup(const SdStatement *statement, MemoryContext pin_cxt);
extern const SdPlan *sd_plan_make(const SdStatement *statement, MemoryContext pin_cxt);
extern void sd_plan_estimated(const SdPlan *plan, const struct PlannedStmt *stmt);
extern void sd_plan_costs(const SdPlan *plan, double key_cost);
extern void sd_plan_ran(const SdPlan *plan, double ms);
extern List *sd_cached_plans(void);
extern ParamListInfo sd_bind(const SdParams *params);

#endif							/* SD_PLANCACHE_H */

/*-------------------------------------------------------------------------
 * model/routes.c
 *		Which exposed model a URL's first segment means.
 *
 * The exposed models are few and every request asks for one: they are kept as
 * a sorted array, which is thrown away as a whole when the catalogs change.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalogs/scan.h"
#include "model/inflection.h"
#include "model/model.h"
#include "model/routes.h"
#include "utils/inval.h"
#include "utils/memutils.h"

static MemoryContext routes_cxt = NULL;
static SdRouteName *routes = NULL;
static int	nroutes = 0;
static bool loaded = false;		/* routes are those of loaded_generation */
static uint64 loaded_generation = 0;

/* As Express compares paths: the case of ASCII letters does not count. */
static int
compare_paths(const void *a, const void *b)
{
	return pg_strcasecmp(((const SdRouteName *) a)->path, ((const SdRouteName *) b)->path);
}

/* By path; of those with the same path the model whose name sorts first. */
static int
compare_routes(const void *a, const void *b)
{
	int			result = compare_paths(a, b);

	return result != 0 ? result : strcmp(((const SdRouteName *) a)->model,
										 ((const SdRouteName *) b)->model);
}

/* Of several models with one path the first has it. */
static void
drop_doubles(void)
{
	int			kept = 0;

	for (int i = 0; i < nroutes; i++)
	{
		if (kept == 0 || compare_paths(&routes[i], &routes[kept - 1]) != 0)
			routes[kept++] = routes[i];
	}
	nroutes = kept;
}

/* Reads the exposed models, with a snapshot newer than every invalidation processed. */
static void
load_routes(Oid catalog_oid)
{
	SdCatalogScan scan;
	Datum		exposed;
	int			capacity = 16;

	Assert(CurrentMemoryContext == routes_cxt);
	routes = palloc(sizeof(SdRouteName) * capacity);
	nroutes = 0;
	sd_catalog_scan(&scan, catalog_oid, InvalidSnapshot, NULL, NULL);
	while (sd_catalog_next(&scan))
	{
		char	   *plural;
		char	   *model;

		if (!sd_catalog_value(&scan, MODEL_EXPOSED, &exposed) || !DatumGetBool(exposed))
			continue;
		plural = sd_catalog_text(&scan, MODEL_PLURAL);
		model = sd_catalog_text(&scan, MODEL_NAME);
		if (plural == NULL || model == NULL)
			continue;
		if (nroutes == capacity)
		{
			capacity *= 2;
			routes = repalloc(routes, sizeof(SdRouteName) * capacity);
		}
		routes[nroutes].path = sd_dasherize(plural);
		routes[nroutes].model = model;
		nroutes++;
	}
	sd_catalog_end(&scan);
	qsort(routes, nroutes, sizeof(SdRouteName), compare_routes);
	drop_doubles();
}

/*
 * The exposed models by path, sorted; *n is how many.  Raises 42P01 when the
 * extension is not installed.
 */
const SdRouteName *
sd_route_names(int *n)
{
	/* a lock that the transaction holds already would not bring the news of other sessions */
	AcceptInvalidationMessages();
	if (!loaded || loaded_generation != sd_model_generation())
	{
		uint64		before = sd_model_generation();
		bool		remembered;
		Oid			catalog = sd_model_catalog(&remembered);
		MemoryContext old;

		loaded = false;
		if (routes_cxt == NULL)
			routes_cxt = AllocSetContextCreate(CacheMemoryContext, "studentdir routes",
											   ALLOCSET_SMALL_SIZES);
		MemoryContextReset(routes_cxt);
		old = MemoryContextSwitchTo(routes_cxt);
		load_routes(catalog);
		MemoryContextSwitchTo(old);
		/* what changed while it was read is read again the next time */
		loaded_generation = before;
		loaded = remembered;
	}
	*n = nroutes;
	return routes;
}

/* The name of the exposed model that a path segment means, or NULL; raises what sd_route_names() does. */
const char *
sd_routed_model(const char *path)
{
	SdRouteName key = {.path = path};
	int			n;
	const SdRouteName *names = sd_route_names(&n);
	const SdRouteName *found = bsearch(&key, names, n, sizeof(SdRouteName), compare_paths);

	return found != NULL ? found->model : NULL;
}

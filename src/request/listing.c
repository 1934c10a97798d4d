/*-------------------------------------------------------------------------
 * request/listing.c
 *		Lists what requests are answered.
 *
 * It reads the catalogs, not descriptors: a model whose table is still to be
 * made is listed.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalogs/rows.h"
#include "lib/stringinfo.h"
#include "model/inflection.h"
#include "model/model.h"
#include "model/routes.h"
#include "request/request.h"

static List *
add_route(List *routes, const char *method, const char *path, const char *model,
		  const char *action)
{
	SdServed   *route = palloc(sizeof(SdServed));

	route->method = method;
	route->path = path;
	route->model = model;
	route->action = action;
	return lappend(routes, route);
}

/* /post-tags/:postId,:tagId */
static char *
record_path(const char *path, List *keys)
{
	StringInfoData buf;
	ListCell   *cell;

	initStringInfo(&buf);
	appendStringInfo(&buf, "/%s/", path);
	foreach(cell, keys)
		appendStringInfo(&buf, "%s:%s", foreach_current_index(cell) > 0 ? "," : "",
						 (char *) lfirst(cell));
	return buf.data;
}

static bool
is_exposed(const char *model, const SdRouteName *names, int n)
{
	for (int i = 0; i < n; i++)
	{
		if (strcmp(names[i].model, model) == 0)
			return true;
	}
	return false;
}

/* /users/:id/posts/:postId; NULL for a model without a key */
static char *
linked_path(const char *path, const char *target)
{
	SdModelRow *row = sd_model_row(target);
	List	   *keys = sd_row_keys(row);
	StringInfoData buf;
	ListCell   *cell;

	if (keys == NIL)
		return NULL;
	initStringInfo(&buf);
	appendStringInfo(&buf, "%s/", path);
	foreach(cell, keys)
	{
		const char *key = lfirst(cell);

		appendStringInfo(&buf, "%s:%c%s%c%s", foreach_current_index(cell) > 0 ? "," : "",
						 pg_tolower(target[0]), target + 1, pg_toupper(key[0]), key + 1);
	}
	return buf.data;
}

/* The routes of what an association of a record leads to. */
static List *
add_associated(List *routes, const char *record, const SdAssociationRow *association)
{
	const char *path = psprintf("%s/%s", record, sd_dasherize(association->alias));
	bool		many = association->kind == SD_HAS_MANY || association->kind == SD_BELONGS_TO_MANY;
	char	   *linked;

	routes = add_route(routes, "GET", path, association->target, many ? "find_all" : "find_one");
	if (association->kind != SD_BELONGS_TO)
		routes = add_route(routes, "POST", path, association->target, "create");
	if (many)
		routes = add_route(routes, "PUT", path, association->target, "set");
	linked = linked_path(path, association->target);
	if (linked != NULL)
	{
		routes = add_route(routes, "PUT", linked, association->target, "add");
		routes = add_route(routes, "DELETE", linked, association->target, "remove");
	}
	return routes;
}

/* The routes of one model. */
static List *
add_model(List *routes, const SdRouteName *route, const SdRouteName *names, int n)
{
	SdModelRow *row = sd_model_row(route->model);
	List	   *keys = sd_row_keys(row);
	char	   *list = psprintf("/%s", route->path);
	char	   *record;
	ListCell   *cell;

	routes = add_route(routes, "GET", list, row->name, "find_all");
	routes = add_route(routes, "POST", list, row->name, "create");
	if (keys == NIL)
		return routes;
	record = record_path(route->path, keys);
	routes = add_route(routes, "GET", record, row->name, "find_by_pk");
	routes = add_route(routes, "PUT", record, row->name, "update");
	routes = add_route(routes, "PATCH", record, row->name, "update");
	routes = add_route(routes, "DELETE", record, row->name, "destroy");
	foreach(cell, sd_association_rows(row->name))
	{
		const SdAssociationRow *association = lfirst(cell);

		if (strcmp(association->model, row->name) == 0 &&
			is_exposed(association->target, names, n))
			routes = add_associated(routes, record, association);
	}
	return routes;
}

/*
 * What requests are answered, by path: a list of SdServed in the current
 * context.  Raises what reading the catalogs raises.
 */
List *
sd_served_routes(void)
{
	List	   *routes = NIL;
	int			n;
	const SdRouteName *names = sd_route_names(&n);
	SdRouteName *copy = palloc(sizeof(SdRouteName) * Max(n, 1));

	/* the list may be made anew while the catalogs are read */
	for (int i = 0; i < n; i++)
	{
		copy[i].path = pstrdup(names[i].path);
		copy[i].model = pstrdup(names[i].model);
	}
	for (int i = 0; i < n; i++)
		routes = add_model(routes, &copy[i], copy, n);
	return routes;
}

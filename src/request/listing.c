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
#include "miscadmin.h"
#include "model/inflection.h"
#include "model/model.h"
#include "model/routes.h"
#include "request/request.h"
#include "request/url_encode.h"

/* Adds a route that has the parts of another. */
static List *
add_route(List *routes, const char *method, const SdServed *parts, const char *action)
{
	SdServed   *route = palloc(sizeof(SdServed));

	*route = *parts;
	route->method = method;
	route->action = action;
	return lappend(routes, route);
}

/* A name as a segment of a path, with the slash. */
static char *
segment(const char *name)
{
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfoChar(&buf, '/');
	sd_append_encoded(&buf, name);
	return buf.data;
}

/* /post-tags/:postId,:tagId; path is that of the list */
static char *
record_path(const char *path, List *keys)
{
	StringInfoData buf;
	ListCell   *cell;

	initStringInfo(&buf);
	appendStringInfo(&buf, "%s/", path);
	foreach(cell, keys)
	{
		appendStringInfoString(&buf, foreach_current_index(cell) > 0 ? ",:" : ":");
		sd_append_encoded(&buf, lfirst(cell));
	}
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

/* /users/:id/posts/:postId */
static char *
linked_path(const char *path, const char *target, List *keys)
{
	StringInfoData buf;
	ListCell   *cell;

	Assert(*target != '\0' && keys != NIL);
	initStringInfo(&buf);
	appendStringInfo(&buf, "%s/", path);
	foreach(cell, keys)
	{
		const char *key = lfirst(cell);

		appendStringInfoString(&buf, foreach_current_index(cell) > 0 ? ",:" : ":");
		sd_append_encoded(&buf, psprintf("%c%s%c%s", pg_ascii_tolower(target[0]), target + 1,
										 pg_ascii_toupper(key[0]), key + 1));
	}
	return buf.data;
}

/* Whether a path is among others, as requests compare them. */
static bool
is_taken(List *paths, const char *path)
{
	ListCell   *cell;

	foreach(cell, paths)
	{
		if (pg_strcasecmp(lfirst(cell), path) == 0)
			return true;
	}
	return false;
}

/* Whether requests may write all attributes of a model that are named, as sd_can_link() has it. */
static bool
may_write_all(const SdModelRow *row, List *names)
{
	ListCell   *cell;

	foreach(cell, names)
	{
		const SdAttributeRow *attribute = sd_row_attribute(row, lfirst(cell));

		if (attribute == NULL || attribute->field == NULL || attribute->read_only || attribute->hidden)
			return false;
	}
	return true;
}

/* Whether requests may link records through an association: sd_can_link(), but for what only the table knows. */
static bool
can_link(const SdAssociationRow *association)
{
	const SdModelRow *target = sd_model_row(association->target);
	const SdModelRow *through;

	if (sd_row_keys(target) == NIL)
		return false;
	switch (association->kind)
	{
		case SD_BELONGS_TO:
			return may_write_all(sd_model_row(association->model), association->source_key);
		case SD_HAS_ONE:
		case SD_HAS_MANY:
			return may_write_all(target, association->target_key);
		case SD_BELONGS_TO_MANY:
			through = sd_find_model_row(association->through);
			return through != NULL && may_write_all(through, association->foreign_key) &&
				may_write_all(through, association->other_key);
	}
	pg_unreachable();
}

/* The routes of what an association of a record leads to, which stands at path behind it. */
static List *
add_associated(List *routes, const SdServed *record, const SdAssociationRow *association,
			   const char *path)
{
	bool		many = association->kind == SD_HAS_MANY || association->kind == SD_BELONGS_TO_MANY;
	SdServed	parts = *record;

	Assert(record->keys != NIL);
	parts.model = association->target;
	parts.alias = association->alias;
	parts.associated = segment(path);
	parts.path = psprintf("%s%s", record->path, parts.associated);
	routes = add_route(routes, "GET", &parts, many ? "find_all" : "find_one");
	if (association->kind != SD_BELONGS_TO)
		routes = add_route(routes, "POST", &parts, "create");
	if (!can_link(association))
		return routes;
	if (many)
		routes = add_route(routes, "PUT", &parts, "set");
	parts.linked_keys = sd_row_keys(sd_model_row(association->target));
	parts.path = linked_path(parts.path, association->target, parts.linked_keys);
	routes = add_route(routes, "PUT", &parts, "add");
	return add_route(routes, "DELETE", &parts, "remove");
}

/* The routes of one model; associations are those of all models. */
static List *
add_model(List *routes, const SdRouteName *route, const SdRouteName *names, int n,
		  List *associations)
{
	SdModelRow *row = sd_model_row(route->model);
	SdServed	parts = {.model = row->name, .parent = row->name};
	List	   *paths = NIL;
	ListCell   *cell;

	parts.path = parts.list = segment(route->path);
	routes = add_route(routes, "GET", &parts, "find_all");
	routes = add_route(routes, "POST", &parts, "create");
	parts.keys = sd_row_keys(row);
	if (parts.keys == NIL)
		return routes;
	parts.path = record_path(parts.list, parts.keys);
	routes = add_route(routes, "GET", &parts, "find_by_pk");
	routes = add_route(routes, "PUT", &parts, "update");
	routes = add_route(routes, "PATCH", &parts, "update");
	routes = add_route(routes, "DELETE", &parts, "destroy");
	foreach(cell, associations)
	{
		const SdAssociationRow *association = lfirst(cell);
		char	   *path;

		if (strcmp(association->model, row->name) != 0)
			continue;
		/* of several associations with one path the first has it, exposed or not */
		path = sd_dasherize(association->alias);
		if (!is_taken(paths, path) && is_exposed(association->target, names, n))
			routes = add_associated(routes, &parts, association, path);
		paths = lappend(paths, path);
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
	List	   *associations;

	/* the list may be made anew while the catalogs are read */
	for (int i = 0; i < n; i++)
	{
		copy[i].path = pstrdup(names[i].path);
		copy[i].model = pstrdup(names[i].model);
	}
	associations = sd_all_association_rows();
	for (int i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		routes = add_model(routes, &copy[i], copy, n, associations);
	}
	return routes;
}

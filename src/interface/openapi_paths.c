/*-------------------------------------------------------------------------
 * interface/openapi_paths.c
 *		The operations of a document: one for each route that is served.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "interface/json_schema.h"
#include "interface/openapi.h"
#include "json/object_text.h"
#include "miscadmin.h"
#include "model/inflection.h"
#include "request/linking.h"
#include "utils/formatting.h"
#include "utils/json.h"

/* one operation, and what it is about */
typedef struct Operation
{
	const SdServed *route;
	const SdInterface *parent;
	const SdInterface *target;
	const SdInterfaceLink *link;	/* or NULL */
} Operation;

/* The names of a model's schemas; NULL where it is not described. */
static const SdComponents *
components_of(const SdOpenApi *api, const char *model)
{
	int			low = 0;
	int			high = list_length(api->interfaces);

	while (low < high)
	{
		int			middle = (low + high) / 2;
		int			order = strcmp(model, api->components[middle].interface->row->name);

		if (order == 0)
			return &api->components[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static bool
is_action(const Operation *operation, const char *action)
{
	return strcmp(operation->route->action, action) == 0;
}

/* Whether the role may delete records of a model, or hide them where it is paranoid. */
static bool
may_destroy(const SdInterface *interface)
{
	return interface->model->deleted_at >= 0 ? interface->updatable : interface->deletable;
}

/*
 * Whether the role may write what a link is kept in.  The records on both sides are
 * locked, and join rows that go, for which PostgreSQL asks for the right to UPDATE.
 */
static bool
may_link(const Operation *operation)
{
	const SdInterface *through = operation->link->through;
	bool		adds = !is_action(operation, "remove");
	bool		removes = !is_action(operation, "add");

	if (!operation->parent->updatable || !operation->target->updatable ||
		!sd_can_link(operation->parent->model, operation->link->association, operation->target->model))
		return false;
	return through == NULL ||
		((!adds || through->insertable) &&
		 (!removes || (through->updatable && may_destroy(through))));
}

/* Whether the role may do what an operation does. */
static bool
may_operate(const Operation *operation)
{
	const SdInterface *target = operation->target;

	if (is_action(operation, "create"))
		return target->insertable && (operation->link == NULL || operation->link->through == NULL ||
									  operation->link->through->insertable);
	if (is_action(operation, "update"))
		return target->updatable;
	if (is_action(operation, "destroy"))
		return may_destroy(target);
	if (is_action(operation, "set") || is_action(operation, "add") ||
		is_action(operation, "remove"))
		return may_link(operation);
	return true;
}

/*
 * What an operation is called: as the typed function that does the same, and
 * where there is none by parent and association.
 */
static const char *
operation_id(const Operation *operation)
{
	const SdServed *route = operation->route;
	const char *singular = sd_underscore(operation->parent->row->singular);

	if (route->alias != NULL)
	{
		const char *alias = sd_underscore(route->alias);

		if (strncmp(route->action, "find", 4) == 0 || is_action(operation, "create"))
			return psprintf("%s_%s_%s", singular, alias, route->action);
		return psprintf("%s_%s_%s", singular, route->action, alias);
	}
	if (is_action(operation, "find_all"))
		return psprintf("%s_find_all", sd_underscore(operation->parent->row->plural));
	if (strcmp(route->method, "PUT") == 0)
		return psprintf("%s_%s_put", singular, route->action);
	return psprintf("%s_%s", singular, route->action);
}

/* What an operation does, in words. */
static char *
summary(const Operation *operation)
{
	static const struct
	{
		const char *action;
		const char *words;		/* about the model, and behind a key about the association */
		const char *associated;
	}			summaries[] = {
		{"find_all", "Lists %s", "Lists the %s of one %s"},
		{"find_by_pk", "Gets one %s", NULL},
		{"find_one", NULL, "Gets the %s of one %s"},
		{"create", "Makes a new %s", "Makes a new record among the %s of one %s"},
		{"update", "Changes one %s", NULL},
		{"destroy", "Deletes one %s", NULL},
		{"set", NULL, "Makes records all of the %s of one %s"},
		{"add", NULL, "Links a record to the %s of one %s"},
		{"remove", NULL, "Unlinks a record from the %s of one %s"}
	};
	const SdModelRow *row = operation->parent->row;

	for (int i = 0; i < lengthof(summaries); i++)
	{
		if (!is_action(operation, summaries[i].action))
			continue;
		Assert(operation->route->alias != NULL ? summaries[i].associated != NULL : summaries[i].words != NULL);
		if (operation->route->alias != NULL)
			return psprintf(summaries[i].associated, operation->route->alias, row->singular);
		return psprintf(summaries[i].words, is_action(operation, "find_all") ? row->plural : row->singular);
	}
	pg_unreachable();
}

static char *
content(const char *schema)
{
	return psprintf("{\"application/json\":{\"schema\":%s}}", schema);
}

static char *
reference(const char *name)
{
	return psprintf("{\"$ref\":\"%s%s\"}", SD_SCHEMAS, name);
}

/* The key of a record in a body: its value, or an object where it has several attributes. */
static char *
key_schema(const SdInterface *interface)
{
	StringInfoData properties;
	List	   *names = NIL;

	Assert(interface->model->nkeys > 0);
	if (interface->model->nkeys == 1)
		return sd_value_form_schema(interface->attrs[interface->model->keys[0]].form, true);
	initStringInfo(&properties);
	for (int i = 0; i < interface->model->nkeys; i++)
	{
		const SdInterfaceAttribute *attribute = &interface->attrs[interface->model->keys[i]];

		sd_add_member(&properties, attribute->attr->name, sd_value_form_schema(attribute->form, true));
		names = lappend(names, unconstify(char *, attribute->attr->name));
	}
	return psprintf("{\"type\":\"object\",\"properties\":%s},\"required\":%s}", properties.data,
					sd_json_strings(names, false));
}

/* The attributes of a new record that its parent gives it, as C strings. */
static List *
given_by_parent(const SdInterfaceLink *link)
{
	List	   *given = NIL;

	if (link == NULL || link->through != NULL)
		return NIL;
	Assert(link->association->ntarget_keys == link->association->nkeys);
	for (int i = 0; i < link->association->nkeys; i++)
		given = lappend(given, unconstify(char *, link->association->target_keys[i]));
	return given;
}

/* The schema of the body that an operation takes, or NULL. */
static char *
body_schema(SdOpenApi *api, const Operation *operation)
{
	const SdComponents *components = components_of(api, operation->target->row->name);
	List	   *given = given_by_parent(operation->link);

	Assert(components != NULL);
	if (is_action(operation, "create") && given != NIL)
		return sd_document_schema(operation->target, SD_DOCUMENT_POST, NULL, SD_SCHEMAS, given);
	if (is_action(operation, "create"))
		return reference(components->create);
	if (is_action(operation, "update"))
		return reference(components->patch);
	if (is_action(operation, "set"))
		return psprintf("{\"type\":\"array\",\"description\":\"Keys of records\",\"items\":%s}",
						key_schema(operation->target));
	return NULL;
}

/* What answers an operation when all is well. */
static void
add_success(StringInfo answers, const Operation *operation)
{
	char	   *record = reference(operation->target->id);

	if (is_action(operation, "find_all"))
		sd_add_member(answers, "200", psprintf("{\"description\":\"The records\",\"content\":%s}",
											   content(psprintf("{\"type\":\"array\",\"items\":%s}", record))));
	else if (is_action(operation, "find_by_pk") || is_action(operation, "find_one"))
		sd_add_member(answers, "200", psprintf("{\"description\":\"The record\",\"content\":%s}", content(record)));
	else if (is_action(operation, "create"))
		sd_add_member(answers, "201", psprintf("{\"description\":\"The new record\",\"content\":%s}", content(record)));
	else if (is_action(operation, "update"))
		sd_add_member(answers, "200", psprintf("{\"description\":\"The record as it now is\",\"content\":%s}", content(record)));
	else
		sd_add_member(answers, "204", "{\"description\":\"Done\"}");
}

static char *
answers_of(const Operation *operation)
{
	StringInfoData answers;

	initStringInfo(&answers);
	add_success(&answers, operation);
	sd_add_member(&answers, "400", "{\"$ref\":\"#/components/responses/BadRequest\"}");
	if (operation->route->keys != NIL)
		sd_add_member(&answers, "404", "{\"$ref\":\"#/components/responses/NotFound\"}");
	sd_add_member(&answers, "500", "{\"$ref\":\"#/components/responses/ServerError\"}");
	return psprintf("%s}", answers.data);
}

static char *
operation_json(SdOpenApi *api, const Operation *operation, const char *parameters)
{
	bool		reads = strcmp(operation->route->method, "GET") == 0;
	const char *query = reads ? sd_query_parameters(operation->target,
													is_action(operation, "find_all")) : "";
	char	   *body = body_schema(api, operation);
	StringInfoData object;
	StringInfoData tag;

	initStringInfo(&object);
	initStringInfo(&tag);
	sd_add_string(&object, "operationId", sd_unique_name(api->operations, sd_identifier(operation_id(operation))));
	sd_add_string(&object, "summary", summary(operation));
	escape_json(&tag, operation->parent->row->name);
	sd_add_member(&object, "tags", psprintf("[%s]", tag.data));
	if (*parameters != '\0' || *query != '\0')
		sd_add_member(&object, "parameters",
					  psprintf("[%s%s%s]", parameters, *parameters != '\0' && *query != '\0' ? "," : "", query));
	if (body != NULL)
		sd_add_member(&object, "requestBody", psprintf("{\"required\":true,\"content\":%s}", content(body)));
	sd_add_member(&object, "responses", answers_of(operation));
	appendStringInfoChar(&object, '}');
	return object.data;
}

static const SdInterfaceLink *
link_of(const SdInterface *interface, const char *alias)
{
	ListCell   *cell;

	foreach(cell, interface->links)
	{
		const SdInterfaceLink *link = lfirst(cell);

		if (strcmp(link->association->alias, alias) == 0)
			return link;
	}
	return NULL;
}

/* Whether a route is described, and as what. */
static bool
read_route(const SdOpenApi *api, const SdServed *route, Operation *operation)
{
	operation->route = route;
	operation->parent = sd_interface_of(api->interfaces, route->parent);
	operation->target = sd_interface_of(api->interfaces, route->model);
	operation->link = NULL;
	if (operation->parent == NULL || operation->target == NULL)
		return false;
	if (route->alias != NULL)
	{
		operation->link = link_of(operation->parent, route->alias);
		if (operation->link == NULL)
			return false;
	}
	return may_operate(operation);
}

/* Adds the operations to the document, by path. */
void
sd_openapi_paths(SdOpenApi *api)
{
	StringInfoData methods;
	char	   *path = NULL;
	ListCell   *cell;

	initStringInfo(&methods);
	foreach(cell, sd_served_routes())
	{
		Operation	operation;
		const char *parameters;
		char	   *current;

		CHECK_FOR_INTERRUPTS();
		if (!read_route(api, lfirst(cell), &operation))
			continue;
		parameters = sd_path_parameters(api, operation.route, &current);
		if (path != NULL && strcmp(path, current) != 0)
		{
			sd_add_member(&api->paths, path, psprintf("%s}", methods.data));
			resetStringInfo(&methods);
		}
		path = current;
		sd_add_member(&methods, asc_tolower(operation.route->method, strlen(operation.route->method)),
					  operation_json(api, &operation, parameters));
	}
	if (path != NULL)
		sd_add_member(&api->paths, path, psprintf("%s}", methods.data));
}

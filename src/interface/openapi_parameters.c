/*-------------------------------------------------------------------------
 * interface/openapi_parameters.c
 *		What the paths and the query strings of requests say.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "interface/json_schema.h"
#include "interface/openapi.h"
#include "json/object_text.h"
#include "schema/table.h"
#include "utils/json.h"

/* Adds a parameter to an array without its bracket. */
static void
add_parameter(StringInfo array, const char *name, const char *in, const char *description,
			  const char *more, const char *schema)
{
	StringInfoData object;

	initStringInfo(&object);
	sd_add_string(&object, "name", name);
	sd_add_string(&object, "in", in);
	sd_add_string(&object, "description", description);
	appendStringInfoString(&object, more);
	sd_add_member(&object, "schema", schema);
	appendStringInfo(array, "%s%s}", array->len > 0 ? "," : "", object.data);
}

/* Adds the parts of a key to a path, each with a parameter of its own. */
static void
add_keys(StringInfo path, StringInfo parameters, SdNames *names, const SdInterface *interface,
		 List *keys, bool linked)
{
	ListCell   *cell;

	Assert(interface != NULL && keys != NIL);
	appendStringInfoChar(path, '/');
	foreach(cell, keys)
	{
		const SdInterfaceAttribute *attribute = sd_interface_attribute(interface, lfirst(cell));
		const char *name = sd_identifier(lfirst(cell));

		/* routes are read after the models */
		if (attribute == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
					 errmsg("model \"%s\" has been changed while it was described", interface->row->name),
					 errhint("Repeat the call.")));
		if (linked)
			name = psprintf("%s_%s", sd_identifier(interface->row->singular), name);
		name = sd_unique_name(names, name);
		appendStringInfo(path, "%s{%s}", foreach_current_index(cell) > 0 ? "," : "", name);
		add_parameter(parameters, name, "path", attribute->row->comment, ",\"required\":true",
					  sd_value_form_schema(attribute->form, false));
	}
}

/*
 * The parameters in the path of a route, the elements of a JSON array; *path is
 * the path as OpenAPI writes it.
 */
char *
sd_path_parameters(const SdOpenApi *api, const SdServed *route, char **path)
{
	StringInfoData text;
	StringInfoData parameters;

	Assert(route->alias == NULL || route->keys != NIL);
	Assert(route->linked_keys == NIL || route->alias != NULL);
	initStringInfo(&text);
	initStringInfo(&parameters);
	appendStringInfoString(&text, route->list);
	if (route->keys != NIL)
	{
		SdNames    *names = sd_make_names();

		add_keys(&text, &parameters, names, sd_interface_of(api->interfaces, route->parent),
				 route->keys, false);
		if (route->alias != NULL)
			appendStringInfoString(&text, route->associated);
		if (route->linked_keys != NIL)
			add_keys(&text, &parameters, names, sd_interface_of(api->interfaces, route->model),
					 route->linked_keys, true);
		hash_destroy(names);
	}
	*path = text.data;
	return parameters.data;
}

/* The names of attributes that requests may ask for, as C strings. */
static List *
asked_names(const SdInterface *interface)
{
	List	   *names = NIL;

	for (int i = 0; i < interface->nattrs; i++)
	{
		if (interface->attrs[i].asked)
			names = lappend(names, unconstify(char *, interface->attrs[i].attr->name));
	}
	return names;
}

/* A list of names, written "a,b". */
static void
add_list(StringInfo parameters, const char *name, const char *description, List *names)
{
	add_parameter(parameters, name, "query", description, ",\"style\":\"form\",\"explode\":false",
				  psprintf("{\"type\":\"array\",\"items\":{\"type\":\"string\",\"enum\":%s}}",
						   sd_json_strings(names, false)));
}

/* Conditions: an attribute equals a value, or one of several. */
static void
add_conditions(StringInfo parameters, const SdInterface *interface)
{
	static const char *const words[] = {"limit", "offset", "order", "attributes", "include"};
	List	   *taken = NIL;

	for (int i = 0; i < lengthof(words); i++)
		taken = lappend(taken, unconstify(char *, words[i]));
	for (int i = 0; i < interface->nattrs; i++)
	{
		const SdInterfaceAttribute *attribute = &interface->attrs[i];
		const SdValueForm *form = attribute->form;
		const char *schema;

		if (!attribute->asked || sd_name_in(taken, attribute->attr->name))
			continue;
		/* what is no scalar is written as the text of its type, or as JSON */
		schema = form->kind == SD_JSON_BOOLEAN || form->kind == SD_JSON_INTEGER ||
			form->kind == SD_JSON_NUMBER || form->kind == SD_JSON_STRING
			? sd_value_form_schema(form, false) : "{\"type\":\"string\"}";
		add_parameter(parameters, attribute->attr->name, "query",
					  "Only records in which it has this value, or one of several",
					  "", psprintf("{\"anyOf\":[%s,{\"type\":\"array\",\"items\":%s}]}", schema, schema));
	}
}

/* The parameters of a request's query string, the elements of a JSON array; many: of one for a list. */
char *
sd_query_parameters(const SdInterface *interface, bool many)
{
	StringInfoData parameters;
	List	   *attributes = asked_names(interface);
	List	   *aliases = NIL;
	ListCell   *cell;

	initStringInfo(&parameters);
	if (many)
	{
		add_conditions(&parameters, interface);
		add_parameter(&parameters, "order", "query",
					  "Attributes to sort by, each with .asc or .desc, and with .nullsfirst or .nullslast behind that: name.desc,id",
					  ",\"style\":\"form\",\"explode\":false,\"allowReserved\":true",
					  "{\"type\":\"array\",\"items\":{\"type\":\"string\"}}");
		add_parameter(&parameters, "limit", "query", "How many records at most", "",
					  "{\"type\":\"integer\",\"minimum\":0}");
		add_parameter(&parameters, "offset", "query", "How many records to pass over", "",
					  "{\"type\":\"integer\",\"minimum\":0}");
	}
	if (attributes != NIL)
		add_list(&parameters, "attributes", "The attributes that the answer has, and no others", attributes);
	foreach(cell, interface->links)
	{
		const SdInterfaceLink *link = lfirst(cell);

		aliases = lappend(aliases, unconstify(char *, link->association->alias));
	}
	if (aliases != NIL)
		add_list(&parameters, "include", "Associations whose records the answer has, too", aliases);
	return parameters.data;
}

/*-------------------------------------------------------------------------
 * interface/openapi.c
 *		The document as a whole: what it is called, its schemas and answers.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "commands/dbcommands.h"
#include "define/definition_value.h"
#include "interface/json_schema.h"
#include "interface/openapi.h"
#include "json/object_text.h"
#include "miscadmin.h"
#include "schema/table.h"
#include "utils/json.h"
#include "utils/lsyscache.h"

/* the options of a call */
typedef struct OpenApiOptions
{
	char	   *title;
	char	   *version;
	char	   *description;
	List	   *servers;		/* URLs */
	List	   *models;			/* names; NIL: all */
} OpenApiOptions;

static void
read_title(void *target, const JsonbValue *value, const SdPath *path)
{
	((OpenApiOptions *) target)->title = sd_read_string(value, path, "a title");
}

static void
read_version(void *target, const JsonbValue *value, const SdPath *path)
{
	((OpenApiOptions *) target)->version = sd_read_string(value, path, "a version");
}

static void
read_description(void *target, const JsonbValue *value, const SdPath *path)
{
	((OpenApiOptions *) target)->description = sd_read_string(value, path, "a description");
}

/* An array of strings that is not empty. */
static List *
read_strings(const JsonbValue *value, const SdPath *path, const char *array, const char *element)
{
	List	   *strings = NIL;
	SdReader	reader;

	if (!sd_is_array(value) || sd_array_length(value) == 0)
		sd_bad_shape(path, array);
	sd_read(&reader, value, path);
	while (sd_next_element(&reader))
		strings = lappend(strings, sd_read_string(&reader.value, &reader.path, element));
	return strings;
}

static void
read_servers(void *target, const JsonbValue *value, const SdPath *path)
{
	((OpenApiOptions *) target)->servers = read_strings(value, path, "an array of URLs", "a URL");
}

static void
read_models(void *target, const JsonbValue *value, const SdPath *path)
{
	List	   *models = read_strings(value, path, "an array of names of models",
									  "the name of a model");
	ListCell   *cell;

	foreach(cell, models)
		(void) sd_model_row(lfirst(cell));
	((OpenApiOptions *) target)->models = models;
}

static void
read_options(OpenApiOptions *options, Jsonb *document)
{
	static const SdDefinable known[] = {
		{"title", read_title},
		{"version", read_version},
		{"description", read_description},
		{"servers", read_servers},
		{"models", read_models}
	};
	JsonbValue	root;

	if (document == NULL)
		return;
	sd_root(document, &root);
	sd_read_definables(options, &root, NULL, known, lengthof(known));
}

/* Takes away the associations that lead out of the interfaces. */
static void
keep_inner_links(List *interfaces)
{
	ListCell   *cell;

	foreach(cell, interfaces)
	{
		SdInterface *interface = lfirst(cell);
		List	   *inner = NIL;
		ListCell   *link;

		foreach(link, interface->links)
		{
			const SdInterfaceLink *each = lfirst(link);

			if (sd_interface_of(interfaces, each->target->row->name) != NULL)
				inner = lappend(inner, lfirst(link));
		}
		interface->links = inner;
	}
}

/* The interfaces that the document describes: of the models that are exposed, and of these those asked for. */
static List *
described(List *models)
{
	List	   *interfaces = NIL;
	ListCell   *cell;

	foreach(cell, sd_interfaces())
	{
		SdInterface *interface = lfirst(cell);

		if (interface->model->exposed &&
			(models == NIL || sd_name_in(models, interface->row->name)))
			interfaces = lappend(interfaces, interface);
	}
	keep_inner_links(interfaces);
	return interfaces;
}

/* Gives the schemas of each model names that nothing else has. */
static void
name_components(SdOpenApi *api)
{
	ListCell   *cell;

	api->components = palloc(sizeof(SdComponents) * Max(list_length(api->interfaces), 1));
	foreach(cell, api->interfaces)
	{
		SdInterface *interface = lfirst(cell);

		api->components[foreach_current_index(cell)].interface = interface;
		interface->id = sd_unique_name(api->names, sd_identifier(interface->row->name));
	}
	for (int i = 0; i < list_length(api->interfaces); i++)
	{
		const char *id = api->components[i].interface->id;

		api->components[i].create = sd_unique_name(api->names, psprintf("%sCreate", id));
		api->components[i].patch = sd_unique_name(api->names, psprintf("%sPatch", id));
	}
}

static void
add_schemas(SdOpenApi *api)
{
	for (int i = 0; i < list_length(api->interfaces); i++)
	{
		const SdComponents *components = &api->components[i];
		const SdInterface *interface = components->interface;

		CHECK_FOR_INTERRUPTS();
		sd_add_member(&api->schemas, interface->id,
					  sd_document_schema(interface, SD_DOCUMENT_RECORD, interface->row->name,
										 SD_SCHEMAS, NIL));
		if (interface->insertable)
			sd_add_member(&api->schemas, components->create,
						  sd_document_schema(interface, SD_DOCUMENT_POST, NULL, SD_SCHEMAS, NIL));
		if (interface->updatable && interface->model->nkeys > 0)
			sd_add_member(&api->schemas, components->patch,
						  sd_document_schema(interface, SD_DOCUMENT_PATCH, NULL, SD_SCHEMAS, NIL));
	}
}

/* An answer with a body of a schema. */
static void
add_answer(StringInfo answers, const char *name, const char *description, const char *schema)
{
	StringInfoData object;

	initStringInfo(&object);
	sd_add_string(&object, "description", description);
	sd_add_member(&object, "content", psprintf("{\"application/json\":{\"schema\":{\"$ref\":\"%s%s\"}}}",
											   SD_SCHEMAS, schema));
	sd_add_member(answers, name, psprintf("%s}", object.data));
}

/* The answers that errors become, and their bodies. */
static char *
error_answers(SdOpenApi *api)
{
	const char *error = sd_unique_name(api->names, "Error");
	const char *invalid = sd_unique_name(api->names, "InvalidRequest");
	const char *problem = sd_unique_name(api->names, "Problem");
	StringInfoData answers;

	sd_add_member(&api->schemas, error,
				  "{\"type\":\"object\",\"properties\":{\"error\":{\"type\":\"string\"}},\"required\":[\"error\"]}");
	sd_add_member(&api->schemas, invalid,
				  psprintf("{\"type\":\"object\",\"properties\":{\"error\":{\"type\":\"string\"},"
						   "\"errors\":{\"type\":\"array\",\"items\":{\"$ref\":\"%s%s\"}}},"
						   "\"required\":[\"error\",\"errors\"]}", SD_SCHEMAS, problem));
	sd_add_member(&api->schemas, problem,
				  "{\"type\":\"object\",\"description\":\"What is wrong with one attribute\",\"properties\":{"
				  "\"message\":{\"type\":\"string\"},"
				  "\"type\":{\"type\":\"string\",\"examples\":[\"Validation error\",\"notNull Violation\",\"unique violation\"]},"
				  "\"path\":{\"type\":\"string\",\"description\":\"The attribute\"},"
				  "\"value\":{\"description\":\"What it was given\"},"
				  "\"validatorKey\":{\"type\":\"string\",\"examples\":[\"isEmail\",\"is_null\",\"not_unique\"]}},"
				  "\"required\":[\"message\",\"type\",\"path\",\"value\",\"validatorKey\"]}");
	initStringInfo(&answers);
	add_answer(&answers, "BadRequest", "The request is wrong: what it says does not validate, convert or fit", invalid);
	add_answer(&answers, "NotFound", "There is no such record", error);
	add_answer(&answers, "ServerError", "The server failed; its log says why", error);
	return psprintf("%s}", answers.data);
}

/* The tags, one for each model. */
static char *
tags(const SdOpenApi *api)
{
	StringInfoData array;
	ListCell   *cell;

	initStringInfo(&array);
	foreach(cell, api->interfaces)
	{
		const SdInterface *interface = lfirst(cell);
		StringInfoData tag;

		initStringInfo(&tag);
		sd_add_string(&tag, "name", interface->row->name);
		sd_add_string(&tag, "description", interface->row->comment != NULL ? interface->row->comment
					  : psprintf("%s, and what is associated with them", interface->row->plural));
		appendStringInfo(&array, "%s%s}", array.len > 0 ? "," : "", tag.data);
	}
	return psprintf("[%s]", array.data);
}

static char *
servers(List *urls)
{
	StringInfoData array;
	ListCell   *cell;

	initStringInfo(&array);
	foreach(cell, urls)
	{
		appendStringInfoString(&array, array.len > 0 ? ",{\"url\":" : "{\"url\":");
		escape_json(&array, lfirst(cell));
		appendStringInfoChar(&array, '}');
	}
	return array.len > 0 ? psprintf("[%s]", array.data) : pstrdup("[{\"url\":\"/\"}]");
}

static char *
info(const OpenApiOptions *options)
{
	StringInfoData object;

	initStringInfo(&object);
	sd_add_string(&object, "title",
				  options->title != NULL ? options->title : get_database_name(MyDatabaseId));
	sd_add_string(&object, "version", options->version != NULL ? options->version : "1");
	sd_add_string(&object, "description", options->description);
	return psprintf("%s}", object.data);
}

/*
 * The OpenAPI 3.1 document of the requests that are answered about models that
 * the current role may read, as JSON text in the current context.
 *
 * Raises 22023 for wrong options, 42P01 for an unknown model in them, and what
 * reading the catalogs raises.
 */
char *
sd_openapi(Jsonb *document)
{
	OpenApiOptions options = {0};
	SdOpenApi	api = {0};
	StringInfoData components;
	StringInfoData object;

	read_options(&options, document);
	initStringInfo(&api.schemas);
	initStringInfo(&api.paths);
	api.names = sd_make_names();
	api.operations = sd_make_names();
	api.interfaces = described(options.models);
	name_components(&api);
	add_schemas(&api);
	initStringInfo(&components);
	if (api.interfaces != NIL)
	{
		char	   *answers = error_answers(&api);

		sd_openapi_paths(&api);
		sd_add_member(&components, "schemas", psprintf("%s}", api.schemas.data));
		sd_add_member(&components, "responses", answers);
	}
	initStringInfo(&object);
	sd_add_string(&object, "openapi", "3.1.0");
	sd_add_member(&object, "info", info(&options));
	sd_add_member(&object, "servers", servers(options.servers));
	sd_add_member(&object, "security", "[]");
	sd_add_member(&object, "tags", tags(&api));
	sd_add_member(&object, "paths", api.paths.len == 0 ? "{}" : psprintf("%s}", api.paths.data));
	sd_add_member(&object, "components",
				  components.len == 0 ? "{}" : psprintf("%s}", components.data));
	appendStringInfoChar(&object, '}');
	return object.data;
}

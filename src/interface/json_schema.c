/*-------------------------------------------------------------------------
 * interface/json_schema.c
 *		Interfaces as JSON Schema.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/path.h"
#include "interface/json_schema.h"
#include "json/object_text.h"
#include "schema/table.h"
#include "utils/acl.h"

/* The schema of an attribute's values in a document, with its comment, default and validators. */
static char *
attribute_schema(const SdInterfaceAttribute *attribute, SdDocumentKind kind)
{
	bool		data = kind != SD_DOCUMENT_RECORD;
	bool		create = kind == SD_DOCUMENT_CREATE || kind == SD_DOCUMENT_POST;
	bool		null = data ? attribute->takes_null || (create && attribute->attr->generated)
		: attribute->nullable;
	SdKeywords	keywords;

	sd_keywords_init(&keywords);
	sd_type_keyword(&keywords, attribute->form, data, null);
	sd_keyword_string(&keywords, "description", attribute->row->comment);
	sd_form_keywords(&keywords, attribute->form, data, null);
	if (data)
		sd_rule_keywords(&keywords, attribute);
	if (create && attribute->row->default_value != NULL)
		sd_keyword(&keywords, "default", sd_json_text(attribute->row->default_value));
	if (!data && !attribute->posted && !attribute->patched)
		sd_keyword(&keywords, "readOnly", "true");
	return sd_keywords_end(&keywords);
}

/* What an association adds to a record that includes it, in a document whose schemas stand at refs. */
static char *
link_schema(const SdInterfaceLink *link, const char *refs)
{
	StringInfoData ref;

	initStringInfo(&ref);
	if (refs == NULL)
		appendStringInfoString(&ref, "{\"type\":\"object\"}");
	else
		appendStringInfo(&ref, "{\"$ref\":\"%s%s\"}", refs, link->target->id);
	if (sd_is_to_many(link->association))
		return psprintf("{\"type\":\"array\",\"items\":%s}", ref.data);
	return psprintf("{\"anyOf\":[%s,{\"type\":\"null\"}]}", ref.data);
}

/* Whether a document may have an attribute. */
static bool
has_attribute(const SdInterfaceAttribute *attribute, SdDocumentKind kind, List *given)
{
	switch (kind)
	{
		case SD_DOCUMENT_RECORD:
			return attribute->readable;
		case SD_DOCUMENT_CREATE:
			return attribute->created;
		case SD_DOCUMENT_UPDATE:
			return attribute->updated;
		case SD_DOCUMENT_POST:
			return attribute->posted && !sd_name_in(given, attribute->attr->name);
		case SD_DOCUMENT_PATCH:
			return attribute->patched;
	}
	pg_unreachable();
}

/* Paths into JSON attributes, which an update may set. */
static char *
path_properties(const SdInterface *interface)
{
	StringInfoData properties;

	initStringInfo(&properties);
	for (int i = 0; i < interface->nattrs; i++)
	{
		const SdInterfaceAttribute *attribute = &interface->attrs[i];
		SdRuleText	name = {attribute->attr->name, attribute->attr->name_len};

		if (attribute->updated && attribute->form->kind == SD_JSON_ANY &&
			attribute->attr->column != NULL)
			sd_add_member(&properties, psprintf("^%s[.\\[]", sd_literal_pattern(&name)), "true");
	}
	return properties.len == 0 ? NULL : psprintf("%s}", properties.data);
}

/*
 * The schema of a document.  title names it, or is NULL.  Of a record, refs is
 * where the schemas of others stand, or NULL for none.  Of a body, given are
 * the attributes that the path gives, as C strings.
 */
char *
sd_document_schema(const SdInterface *interface, SdDocumentKind kind, const char *title,
				   const char *refs, List *given)
{
	bool		create = kind == SD_DOCUMENT_CREATE || kind == SD_DOCUMENT_POST;
	SdKeywords	keywords;
	StringInfoData properties;
	List	   *required = NIL;
	ListCell   *cell;

	Assert(given == NIL || kind == SD_DOCUMENT_POST);
	initStringInfo(&properties);
	for (int i = 0; i < interface->nattrs; i++)
	{
		const SdInterfaceAttribute *attribute = &interface->attrs[i];

		if (!has_attribute(attribute, kind, given))
			continue;
		sd_add_member(&properties, attribute->attr->name,
					  attribute_schema(attribute, kind));
		if (kind == SD_DOCUMENT_RECORD ? attribute->always : create && attribute->required)
			required = lappend(required, unconstify(char *, attribute->attr->name));
	}
	if (kind == SD_DOCUMENT_RECORD)
	{
		foreach(cell, interface->links)
		{
			const SdInterfaceLink *link = lfirst(cell);

			sd_add_member(&properties, link->association->alias, link_schema(link, refs));
		}
	}

	sd_keywords_init(&keywords);
	sd_keyword_string(&keywords, "title", title);
	sd_keyword_string(&keywords, "description", interface->row->comment);
	sd_keyword_string(&keywords, "type", "object");
	sd_keyword(&keywords, "properties", properties.len == 0 ? "{}" : psprintf("%s}", properties.data));
	if (required != NIL)
		sd_keyword(&keywords, "required", sd_json_strings(required, false));
	if (kind == SD_DOCUMENT_UPDATE && path_properties(interface) != NULL)
		sd_keyword(&keywords, "patternProperties", path_properties(interface));
	if (kind == SD_DOCUMENT_CREATE || kind == SD_DOCUMENT_UPDATE)
		sd_keyword(&keywords, "additionalProperties", "false");
	return sd_keywords_end(&keywords);
}

/* The interface of a model by name; raises why there is none that the caller may read. */
static const SdInterface *
find_interface(const char *name)
{
	const SdInterface *interface = sd_interface_of(sd_interfaces(), name);

	if (interface == NULL)
	{
		const SdModel *model = sd_model_open(name);

		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_TABLE, model->relation);
	}
	return interface;
}

/*
 * The schema of documents of a model, as JSON text in the current context; kind
 * is "record", "create", "update" or "options".
 *
 * Raises 22023 for another kind, 42P01 for an unknown model and one whose table
 * is missing, 42501 for one that the current role may not read.
 */
char *
sd_json_schema(const char *name, const char *kind)
{
	static const char *const kinds[] = {"record", "create", "update", "options"};
	const SdInterface *interface = find_interface(name);
	const char *title;
	char	   *schema;
	int			i;

	for (i = 0; i < lengthof(kinds) && strcmp(kinds[i], kind) != 0; i++)
		 /* to the kind that is meant */ ;
	if (i == lengthof(kinds))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("kind: there is no schema \"%s\" of a model", sd_clip(kind, strlen(kind))),
				 errhint("The kinds are: record, create, update, options.")));
	title = psprintf("%s, %s", interface->row->name, kind);
	if (i == 0)
		schema = sd_document_schema(interface, SD_DOCUMENT_RECORD, title, NULL, NIL);
	else if (i == 1)
		schema = sd_document_schema(interface, SD_DOCUMENT_CREATE, title, NULL, NIL);
	else if (i == 2)
		schema = sd_document_schema(interface, SD_DOCUMENT_UPDATE, title, NULL, NIL);
	else
		schema = sd_options_schema(interface, title);
	Assert(schema[0] == '{');
	return psprintf("{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",%s", schema + 1);
}

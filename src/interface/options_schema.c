/*-------------------------------------------------------------------------
 * interface/options_schema.c
 *		The options of finders as JSON Schema, so that an editor completes them.
 *
 * Each model that includes lead to has schemas of its own below "$defs".
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "interface/json_schema.h"
#include "json/object_text.h"
#include "miscadmin.h"
#include "parse/expression.h"
#include "parse/operators.h"
#include "utils/json.h"

#define REF(name)		"{\"$ref\":\"#/$defs/" name "\"}"
#define EXPRESSION		REF("expression")

/* A value of an attribute, or an expression in its place. */
static char *
value_schema(const SdInterfaceAttribute *attribute)
{
	return psprintf("{\"anyOf\":[%s," EXPRESSION "]}", sd_value_form_schema(attribute->form, true));
}

/* What an operator takes, where its attribute has values of a schema. */
static char *
operand_schema(const SdOperatorName *operator, const char *value)
{
	switch (operator->form)
	{
		case SD_FORM_EQUALITY:
			return psprintf("{\"anyOf\":[%s,{\"type\":[\"null\",\"object\"]}]}", value);
		case SD_FORM_ORDER:
			return psprintf("{\"anyOf\":[%s,{\"type\":\"object\"}]}", value);
		case SD_FORM_IS:
			return pstrdup("{\"anyOf\":[{\"type\":[\"null\",\"boolean\"]}," EXPRESSION "]}");
		case SD_FORM_LIST:
			return psprintf("{\"anyOf\":[{\"type\":\"array\",\"items\":%s},{\"type\":\"object\"}]}", value);
		case SD_FORM_BETWEEN:
			return psprintf("{\"anyOf\":[{\"type\":\"array\",\"items\":%s,\"minItems\":2,\"maxItems\":2}," EXPRESSION "]}", value);
		case SD_FORM_PATTERN:
		case SD_FORM_PREFIX:
		case SD_FORM_SUFFIX:
		case SD_FORM_INFIX:
			return pstrdup("{\"type\":[\"string\",\"object\"]}");
		default:
			return pstrdup("true");
	}
}

/* A condition on an attribute: a value, a list of values, or operators. */
static char *
condition_schema(const SdInterfaceAttribute *attribute)
{
	char	   *value = value_schema(attribute);
	StringInfoData operators;
	const SdOperatorName *names;
	int			n;

	if (attribute->form->kind == SD_JSON_ANY)
		return pstrdup("true");
	names = sd_operator_names(&n);
	Assert(n > 0);
	initStringInfo(&operators);
	for (int i = 0; i < n; i++)
		sd_add_member(&operators, names[i].name, operand_schema(&names[i], value));
	return psprintf("{\"anyOf\":[%s,{\"type\":\"null\"},{\"type\":\"array\",\"items\":%s},"
					"{\"type\":\"object\",\"properties\":%s}}]}", value, value, operators.data);
}

/* One of some names, of which there may be none. */
static char *
one_of(List *names)
{
	return names == NIL ? pstrdup("false") : psprintf("{\"enum\":%s}", sd_json_strings(names, false));
}

/* Names of attributes that a caller of SQL functions may name, as C strings. */
static List *
named_attributes(const SdInterface *interface)
{
	List	   *names = NIL;

	for (int i = 0; i < interface->nattrs; i++)
	{
		if (interface->attrs[i].named)
			names = lappend(names, unconstify(char *, interface->attrs[i].attr->name));
	}
	return names;
}

static List *
aliases_of(const SdInterface *interface)
{
	List	   *aliases = NIL;
	ListCell   *cell;

	foreach(cell, interface->links)
		aliases = lappend(aliases, unconstify(char *, ((SdInterfaceLink *) lfirst(cell))->association->alias));
	return aliases;
}

/* Conditions: attributes, logic, and what goes into associations and JSON. */
static char *
where_schema(const SdInterface *interface)
{
	char	   *again = psprintf("{\"$ref\":\"#/$defs/%sWhere\"}", interface->id);
	char	   *either = psprintf("{\"anyOf\":[%s,{\"type\":\"array\",\"items\":%s}]}", again, again);
	StringInfoData properties;
	StringInfoData paths;

	initStringInfo(&properties);
	initStringInfo(&paths);
	for (int i = 0; i < interface->nattrs; i++)
	{
		const SdInterfaceAttribute *attribute = &interface->attrs[i];
		SdRuleText	name = {attribute->attr->name, attribute->attr->name_len};

		if (!attribute->named)
			continue;
		sd_add_member(&properties, attribute->attr->name, condition_schema(attribute));
		if (attribute->form->kind == SD_JSON_ANY)
			sd_add_member(&paths, psprintf("^%s[.\\[]", sd_literal_pattern(&name)), "true");
	}
	sd_add_member(&properties, "$and", either);
	sd_add_member(&properties, "$or", either);
	sd_add_member(&properties, "$not", either);
	sd_add_member(&properties, "$expr", "true");
	sd_add_member(&properties, "$exists", "true");
	/* "$Posts.title$" */
	sd_add_member(&paths, "^\\$[^$]+\\$", "true");
	return psprintf("{\"type\":[\"object\",\"array\"],\"items\":%s,\"properties\":%s},"
					"\"patternProperties\":%s},\"additionalProperties\":false}",
					again, properties.data, paths.data);
}

static void
add_path(StringInfo schemas, const char *format, const char *name)
{
	SdRuleText	literal = {name, strlen(name)};
	StringInfoData pattern;

	initStringInfo(&pattern);
	escape_json(&pattern, psprintf(format, sd_literal_pattern(&literal)));
	appendStringInfo(schemas, ",{\"type\":\"string\",\"pattern\":%s}", pattern.data);
}

/* The paths that "attributes" takes, as elements of a list: into JSON, and to one associated record. */
static char *
path_schemas(const SdInterface *interface)
{
	StringInfoData schemas;
	ListCell   *cell;

	initStringInfo(&schemas);
	for (int i = 0; i < interface->nattrs; i++)
	{
		if (interface->attrs[i].named && interface->attrs[i].form->kind == SD_JSON_ANY)
			add_path(&schemas, "^%s[.\\[]", interface->attrs[i].attr->name);
	}
	foreach(cell, interface->links)
	{
		const SdAssociation *association = ((SdInterfaceLink *) lfirst(cell))->association;

		if (!sd_is_to_many(association))
			add_path(&schemas, "^\\$?%s\\..", association->alias);
	}
	return schemas.data;
}

/* The members of an object of options that finders and includes have in common. */
static void
add_common(StringInfo properties, const SdInterface *interface)
{
	char	   *names = one_of(named_attributes(interface));
	char	   *name = psprintf("{\"anyOf\":[%s%s,{\"type\":\"array\",\"minItems\":2,\"maxItems\":2,"
								"\"prefixItems\":[true,{\"type\":\"string\"}]}]}", names, path_schemas(interface));
	char	   *term = psprintf("{\"anyOf\":[%s,{\"type\":\"string\"},{\"type\":\"array\",\"minItems\":1}]}", names);

	sd_add_member(properties, "where", psprintf("{\"$ref\":\"#/$defs/%sWhere\"}", interface->id));
	sd_add_member(properties, "attributes",
				  psprintf("{\"anyOf\":[{\"type\":\"array\",\"items\":%s},{\"type\":\"object\",\"properties\":{"
						   "\"include\":{\"type\":\"array\",\"items\":%s},\"exclude\":{\"type\":\"array\",\"items\":%s}},"
						   "\"additionalProperties\":false}]}", name, name, names));
	sd_add_member(properties, "order",
				  psprintf("{\"anyOf\":[%s,{\"type\":\"array\",\"items\":%s}]}", term, term));
	sd_add_member(properties, "limit", REF("count"));
	sd_add_member(properties, "offset", REF("count"));
	sd_add_member(properties, "include", psprintf("{\"$ref\":\"#/$defs/%sInclude\"}", interface->id));
	sd_add_member(properties, "scope", "{\"type\":[\"string\",\"array\",\"object\",\"null\"]}");
	sd_add_member(properties, "paranoid", "{\"type\":\"boolean\"}");
}

/* One object of an include, by alias, with the options of the target. */
static char *
include_object(const SdInterfaceLink *link)
{
	StringInfoData properties;
	StringInfoData alias;

	initStringInfo(&alias);
	escape_json(&alias, link->association->alias);
	initStringInfo(&properties);
	sd_add_member(&properties, "association", psprintf("{\"const\":%s}", alias.data));
	add_common(&properties, link->target);
	sd_add_member(&properties, "required", "{\"type\":\"boolean\"}");
	sd_add_member(&properties, "recursive", "{\"type\":\"boolean\"}");
	sd_add_member(&properties, "depth", REF("count"));
	if (link->association->through != NULL)
		sd_add_member(&properties, "through", "{\"type\":\"object\"}");
	return psprintf("{\"type\":\"object\",\"properties\":%s},\"required\":[\"association\"],\"additionalProperties\":false}",
					properties.data);
}

static char *
include_schema(const SdInterface *interface)
{
	StringInfoData element;
	ListCell   *cell;

	initStringInfo(&element);
	appendStringInfo(&element, "%s,{\"type\":\"object\",\"properties\":{\"all\":{\"const\":true},"
					 "\"nested\":{\"type\":\"boolean\"}},\"required\":[\"all\"],\"additionalProperties\":false},"
					 "{\"type\":\"object\",\"properties\":{\"model\":{\"type\":\"string\"}},\"required\":[\"model\"]}",
					 one_of(aliases_of(interface)));
	foreach(cell, interface->links)
		appendStringInfo(&element, ",%s", include_object(lfirst(cell)));
	return psprintf("{\"anyOf\":[%s,{\"type\":\"array\",\"items\":{\"anyOf\":[%s]}}]}", element.data,
					element.data);
}

/* Adds the schemas of a model, and of those that its associations lead to. */
static void
add_definitions(StringInfo definitions, const SdInterface *first)
{
	List	   *reached = list_make1(unconstify(SdInterface *, first));

	for (int i = 0; i < list_length(reached); i++)
	{
		const SdInterface *interface = list_nth(reached, i);
		ListCell   *cell;

		CHECK_FOR_INTERRUPTS();
		sd_add_member(definitions, psprintf("%sWhere", interface->id), where_schema(interface));
		sd_add_member(definitions, psprintf("%sInclude", interface->id), include_schema(interface));
		foreach(cell, interface->links)
		{
			const SdInterface *target = ((SdInterfaceLink *) lfirst(cell))->target;

			reached = list_append_unique_ptr(reached, unconstify(SdInterface *, target));
		}
	}
}

/* The schema of the options of a model's finders, as JSON text in the current context. */
char *
sd_options_schema(const SdInterface *interface, const char *title)
{
	const char *const *keywords;
	int			nkeywords;
	StringInfoData definitions;
	StringInfoData expressions;
	StringInfoData properties;
	StringInfoData object;

	initStringInfo(&properties);
	add_common(&properties, interface);
	sd_add_member(&properties, "distinct",
				  psprintf("{\"anyOf\":[{\"type\":\"boolean\"},{\"type\":\"array\",\"items\":%s}]}",
						   one_of(named_attributes(interface))));
	sd_add_member(&properties, "group", "{\"type\":[\"string\",\"array\"]}");
	sd_add_member(&properties, "having", "{\"type\":[\"object\",\"array\"]}");
	sd_add_member(&properties, "after", "true");
	sd_add_member(&properties, "before", "true");
	sd_add_member(&properties, "lock",
				  "{\"anyOf\":[{\"enum\":[\"UPDATE\",\"NO KEY UPDATE\",\"SHARE\",\"KEY SHARE\"]},"
				  "{\"type\":\"object\",\"properties\":{\"level\":{\"enum\":[\"UPDATE\",\"NO KEY UPDATE\",\"SHARE\",\"KEY SHARE\"]},"
				  "\"of\":{}},\"required\":[\"level\"]},{\"type\":\"boolean\"}]}");
	sd_add_member(&properties, "skipLocked", "{\"type\":\"boolean\"}");
	sd_add_member(&properties, "noWait", "{\"type\":\"boolean\"}");
	sd_add_member(&properties, "all", "{\"type\":\"boolean\"}");
	/* of find_and_count_all alone */
	sd_add_member(&properties, "names",
				  "{\"type\":\"object\",\"properties\":{\"count\":{\"type\":\"string\"},\"rows\":{\"type\":\"string\"}},"
				  "\"additionalProperties\":false}");

	initStringInfo(&expressions);
	keywords = sd_expression_keywords(&nkeywords);
	Assert(nkeywords > 0);
	for (int i = 0; i < nkeywords; i++)
		sd_add_member(&expressions, keywords[i], "true");
	/* values in the place of an expression */
	sd_add_member(&expressions, "$param", "true");
	sd_add_member(&expressions, "$value", "true");
	initStringInfo(&definitions);
	sd_add_member(&definitions, "count",
				  "{\"anyOf\":[{\"type\":\"integer\",\"minimum\":0},{\"type\":\"string\",\"pattern\":\"^[0-9]+$\"}," EXPRESSION "]}");
	sd_add_member(&definitions, "expression",
				  psprintf("{\"type\":\"object\",\"properties\":%s},\"additionalProperties\":false,\"minProperties\":1}",
						   expressions.data));
	add_definitions(&definitions, interface);

	initStringInfo(&object);
	sd_add_string(&object, "title", title);
	sd_add_string(&object, "type", "object");
	sd_add_member(&object, "properties", psprintf("%s}", properties.data));
	sd_add_member(&object, "additionalProperties", "false");
	sd_add_member(&object, "$defs", psprintf("%s}", definitions.data));
	appendStringInfoChar(&object, '}');
	return object.data;
}

/*-------------------------------------------------------------------------
 * interface/typescript.c
 *		The interfaces of models as declarations of TypeScript.
 *
 * Names of attributes and models stand in quotes, so that they may be any.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "interface/typescript.h"
#include "miscadmin.h"
#include "parse/operators.h"
#include "utils/json.h"

/* what the types of a model are called */
typedef struct TypeNames
{
	const char *record;
	const char *all;
	const char *given;
	const char *create;
	const char *update;
} TypeNames;

/* A comment of any text: nothing in it ends it. */
static void
add_comment(StringInfo text, const char *comment, const char *indent)
{
	if (comment == NULL)
		return;
	appendStringInfo(text, "%s/** ", indent);
	for (const char *p = comment; *p != '\0'; p++)
	{
		if (*p == '\n' || *p == '\r')
			appendStringInfo(text, "\n%s * ", indent);
		else
			appendStringInfoChar(text, *p);
		if (*p == '*' && p[1] == '/')
			appendStringInfoChar(text, ' ');
	}
	appendStringInfoString(text, " */\n");
}

/* The labels of an enum as a union of strings. */
static void
add_labels(StringInfo text, List *labels)
{
	ListCell   *cell;

	appendStringInfoChar(text, '(');
	foreach(cell, labels)
	{
		if (foreach_current_index(cell) > 0)
			appendStringInfoString(text, " | ");
		escape_json(text, lfirst(cell));
	}
	appendStringInfoChar(text, ')');
}

static void
add_string_form(StringInfo text, const SdValueForm *form, bool data)
{
	if (form->labels != NIL)
		add_labels(text, form->labels);
	else if (data && form->digits)
		appendStringInfoString(text, "(string | number)");
	else if (data && form->format != NULL && strncmp(form->format, "date", 4) == 0)
		appendStringInfoString(text, "(string | Date)");
	else
		appendStringInfoString(text, "string");
}

/* The type of the values of a form, not null; data tells whether they are given or got. */
static void
add_form(StringInfo text, const SdValueForm *form, bool data)
{
	switch (form->kind)
	{
		case SD_JSON_ANY:
			appendStringInfoString(text, data ? "unknown" : "Json");
			break;
		case SD_JSON_BOOLEAN:
			appendStringInfoString(text, "boolean");
			break;
		case SD_JSON_INTEGER:
		case SD_JSON_NUMBER:
			appendStringInfoString(text, "number");
			break;
		case SD_JSON_STRING:
			add_string_form(text, form, data);
			break;
		case SD_JSON_ARRAY:
			Assert(form->element != NULL);
			appendStringInfoString(text, data ? "readonly (" : "(");
			add_form(text, form->element, data);
			appendStringInfoString(text, " | null)[]");
			break;
		case SD_JSON_RANGE:
			Assert(form->element != NULL);
			appendStringInfoString(text, "Range<");
			add_form(text, form->element, data);
			appendStringInfoString(text, data ? "> | readonly unknown[]" : ">");
			break;
		case SD_JSON_OBJECT:
			appendStringInfoString(text, "{ ");
			for (int i = 0; i < form->nmembers; i++)
			{
				escape_json(text, form->names[i]);
				appendStringInfoString(text, data ? "?: " : ": ");
				add_form(text, form->members[i], data);
				appendStringInfoString(text, " | null; ");
			}
			appendStringInfoChar(text, '}');
			break;
		case SD_JSON_STRINGS:
			appendStringInfoString(text, "{ [key: string]: string | null }");
			break;
	}
}

/* One attribute as a member of an interface. */
static void
add_member(StringInfo text, const SdInterfaceAttribute *attribute, bool data, bool optional)
{
	bool		null = data ? attribute->takes_null : attribute->nullable;

	add_comment(text, attribute->row->comment, "  ");
	appendStringInfoString(text, "  ");
	escape_json(text, attribute->attr->name);
	appendStringInfoString(text, optional ? "?: " : ": ");
	add_form(text, attribute->form, data);
	appendStringInfoString(text, null && attribute->form->kind != SD_JSON_ANY ? " | null;\n" : ";\n");
}

/* What a default answer has, and behind it what may be asked for besides. */
static void
add_records(StringInfo text, const SdInterface *interface, const TypeNames *names)
{
	add_comment(text, interface->row->comment, "");
	appendStringInfo(text, "export interface %s {\n", names->record);
	for (int i = 0; i < interface->nattrs; i++)
	{
		if (interface->attrs[i].always)
			add_member(text, &interface->attrs[i], false, false);
	}
	appendStringInfo(text, "}\ninterface %s extends %s {\n", names->all, names->record);
	for (int i = 0; i < interface->nattrs; i++)
	{
		if (interface->attrs[i].named && !interface->attrs[i].always)
			add_member(text, &interface->attrs[i], false, false);
	}
	appendStringInfo(text, "}\ninterface %s {\n", names->given);
	for (int i = 0; i < interface->nattrs; i++)
	{
		if (interface->attrs[i].named)
			add_member(text, &interface->attrs[i], true, false);
	}
	appendStringInfoString(text, "}\n");
}

/* Adds a name to a template, which it neither ends nor has places in. */
static void
add_template(StringInfo text, const char *name)
{
	for (const char *p = name; *p != '\0'; p++)
	{
		if ((unsigned char) *p < ' ')
			appendStringInfo(text, "\\u%04x", *p);
		else
		{
			if (*p == '`' || *p == '\\' || *p == '$')
				appendStringInfoChar(text, '\\');
			appendStringInfoChar(text, *p);
		}
	}
}

/* The data of writers. */
static void
add_data(StringInfo text, const SdInterface *interface, const TypeNames *names)
{
	appendStringInfo(text, "export interface %s {\n", names->create);
	for (int i = 0; i < interface->nattrs; i++)
	{
		if (interface->attrs[i].created)
			add_member(text, &interface->attrs[i], true, !interface->attrs[i].required);
	}
	appendStringInfo(text, "}\nexport interface %s {\n", names->update);
	for (int i = 0; i < interface->nattrs; i++)
	{
		const SdInterfaceAttribute *attribute = &interface->attrs[i];

		if (!attribute->updated)
			continue;
		add_member(text, attribute, true, true);
		if (attribute->form->kind == SD_JSON_ANY && attribute->attr->column != NULL)
		{
			appendStringInfoString(text, "  [path: `");
			add_template(text, attribute->attr->name);
			appendStringInfoString(text, ".${string}`]: unknown;\n");
		}
	}
	appendStringInfoString(text, "}\n");
}

/* The attributes of the key, and the key as functions take it: its value, or an object of them. */
static void
add_keys(StringInfo text, const SdInterface *interface)
{
	const SdModel *model = interface->model;
	StringInfoData keys;

	initStringInfo(&keys);
	for (int i = 0; i < model->nkeys; i++)
	{
		appendStringInfoChar(&keys, ' ');
		escape_json(&keys, model->attrs[model->keys[i]].name);
		appendStringInfoString(&keys, ": ");
		add_form(&keys, interface->attrs[model->keys[i]].form, true);
		appendStringInfoChar(&keys, ';');
	}
	appendStringInfo(text, "    keys: {%s };\n    key: ", keys.data);
	if (model->nkeys == 1)
		add_form(text, interface->attrs[model->keys[0]].form, true);
	else if (model->nkeys > 1)
		appendStringInfo(text, "{%s }", keys.data);
	else
		appendStringInfoString(text, "never");
	appendStringInfoString(text, ";\n");
}

/* A model in the interface Models. */
static void
add_model(StringInfo text, const SdInterface *interface, const TypeNames *names)
{
	ListCell   *cell;

	appendStringInfoString(text, "  ");
	escape_json(text, interface->row->name);
	appendStringInfo(text, ": {\n    record: %s;\n    all: %s;\n    given: %s;\n    create: %s;\n    update: %s;\n",
					 names->record, names->all, names->given, names->create, names->update);
	add_keys(text, interface);
	appendStringInfoString(text, "    links: {");
	foreach(cell, interface->links)
	{
		const SdInterfaceLink *link = lfirst(cell);

		appendStringInfoString(text, " ");
		escape_json(text, link->association->alias);
		appendStringInfoString(text, ": { target: ");
		escape_json(text, link->target->row->name);
		appendStringInfo(text, "; many: %s };", sd_is_to_many(link->association) ? "true" : "false");
	}
	appendStringInfoString(text, " };\n  };\n");
}

/* The type Operators, of the operators of conditions. */
static void
add_operators(StringInfo text)
{
	int			n;
	const SdOperatorName *operators = sd_operator_names(&n);

	appendStringInfoString(text, "/** The operators of conditions */\nexport interface Operators<V> {\n");
	for (int i = 0; i < n; i++)
	{
		const char *type = "unknown";

		switch (operators[i].form)
		{
			case SD_FORM_EQUALITY:
				type = "Operand<V> | null | Quantified<V>";
				break;
			case SD_FORM_ORDER:
				type = "Operand<V> | Quantified<V>";
				break;
			case SD_FORM_IS:
				type = "boolean | null | Expression";
				break;
			case SD_FORM_LIST:
				type = "readonly Operand<V>[] | Expression | { model: ModelName; attributes: readonly unknown[]; [option: string]: unknown }";
				break;
			case SD_FORM_BETWEEN:
				type = "readonly [Operand<V>, Operand<V>] | Expression";
				break;
			case SD_FORM_PATTERN:
			case SD_FORM_PREFIX:
			case SD_FORM_SUFFIX:
			case SD_FORM_INFIX:
				type = "Pattern<V>";
				break;
			default:
				break;
		}
		appendStringInfo(text, "  %s?: %s;\n", operators[i].name, type);
	}
	appendStringInfoString(text, "}\n");
}

/* Names for the types of each model, which neither the prelude nor another model has. */
static TypeNames *
name_types(List *interfaces)
{
	static const char *const taken[] = {"Create", "BulkCreate", "FindOrCreate", "Update", "BulkUpdate"};
	TypeNames  *names = palloc(sizeof(TypeNames) * Max(list_length(interfaces), 1));
	SdNames    *used = sd_make_names();
	ListCell   *cell;

	for (int i = 0; i < lengthof(taken); i++)
		(void) sd_unique_name(used, taken[i]);
	foreach(cell, interfaces)
	{
		const char *id = ((SdInterface *) lfirst(cell))->id;
		TypeNames  *each = &names[foreach_current_index(cell)];

		each->record = sd_unique_name(used, psprintf("%sRecord", id));
		each->all = sd_unique_name(used, psprintf("%sAttributes", id));
		each->given = sd_unique_name(used, psprintf("%sValues", id));
		each->create = sd_unique_name(used, psprintf("%sCreate", id));
		each->update = sd_unique_name(used, psprintf("%sUpdate", id));
	}
	return names;
}

/*
 * Declarations of all models that the current role may read, and of the typed
 * functions of those that are exposed, as a module of TypeScript, in the current
 * context.  Raises what reading the catalogs raises.
 */
char *
sd_typescript(void)
{
	List	   *interfaces = sd_interfaces();
	TypeNames  *names = name_types(interfaces);
	StringInfoData text;
	ListCell   *cell;

	initStringInfo(&text);
	appendStringInfoString(&text, "// Made by studentdir.typescript(): what the models of a database give and take.\n");
	appendStringInfoString(&text, sd_typescript_prelude);
	appendStringInfoChar(&text, '\n');
	add_operators(&text);
	foreach(cell, interfaces)
	{
		CHECK_FOR_INTERRUPTS();
		appendStringInfoChar(&text, '\n');
		add_records(&text, lfirst(cell), &names[foreach_current_index(cell)]);
		add_data(&text, lfirst(cell), &names[foreach_current_index(cell)]);
	}
	appendStringInfoString(&text, "\n/** The models, by name */\nexport interface Models {\n");
	foreach(cell, interfaces)
		add_model(&text, lfirst(cell), &names[foreach_current_index(cell)]);
	appendStringInfoString(&text, "}\n");
	sd_typescript_functions(&text, interfaces);
	return text.data;
}

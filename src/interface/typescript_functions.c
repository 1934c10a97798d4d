/*-------------------------------------------------------------------------
 * interface/typescript_functions.c
 *		The typed functions of models, as define/expose.c makes them.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "define/expose.h"
#include "interface/typescript.h"
#include "model/inflection.h"
#include "utils/json.h"

/*
 * The type of each function.  In the names @s and @p are the model's singular
 * and plural, @w the association; in the types @m is the model's name and @a the
 * association's, as literals.
 */
typedef struct FunctionType
{
	const char *name;
	const char *type;
} FunctionType;

static const FunctionType model_types[] = {
	{"@p_find_all", "FindAll<@m>"},
	{"@p_list", "FindAll<@m>"},
	{"@p_find_and_count_all", "FindAndCountAll<@m>"},
	{"@p_aggregate", "Aggregate<@m>"},
	{"@p_count", "CountAll<@m>"},
	{"@s_find_one", "FindAll<@m>"},
	{"@s_create", "Create<@m>"},
	{"@p_bulk_create", "BulkCreate<@m>"},
	{"@s_upsert", "Upsert<@m>"},
	{"@s_find_or_create", "FindOrCreate<@m>"},
	{"@p_update", "UpdateAll<@m>"},
	{"@p_increment", "IncrementAll<@m>"},
	{"@p_decrement", "IncrementAll<@m>"},
	{"@p_destroy", "DestroyAll<@m>"}
};

/* of models that have a primary key */
static const FunctionType key_types[] = {
	{"@s_find_by_pk", "FindByPk<@m>"},
	{"@s_update", "Update<@m>"},
	{"@p_bulk_update", "BulkUpdate<@m>"},
	{"@s_increment", "Increment<@m>"},
	{"@s_decrement", "Increment<@m>"},
	{"@s_destroy", "Destroy<@m>"}
};

static const FunctionType paranoid_types[] = {
	{"@p_restore", "DestroyAll<@m>"}
};

static const FunctionType paranoid_key_types[] = {
	{"@s_restore", "Destroy<@m>"}
};

/* of each association */
static const FunctionType link_types[] = {
	{"@p_with_@w", "FindAllWith<@m, @a>"}
};

static const FunctionType link_key_types[] = {
	{"@s_with_@w", "FindByPkWith<@m, @a>"}
};

/* of each association between models that have primary keys */
static const FunctionType to_many_types[] = {
	{"@s_add_@w", "Link<@m>"},
	{"@s_remove_@w", "Link<@m>"},
	{"@s_set_@w", "SetLinks<@m>"},
	{"@s_has_@w", "HasLinks<@m>"}
};

static const FunctionType to_one_types[] = {
	{"@s_set_@w", "SetLinks<@m>"}
};

/* Writes a text with its places filled in; literals of the names are quoted. */
static char *
fill(const char *text, const SdInterface *interface, const char *alias)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (const char *p = text; *p != '\0'; p++)
	{
		if (*p != '@')
		{
			appendStringInfoChar(&buf, *p);
			continue;
		}
		switch (*++p)
		{
			case 's':
				appendStringInfoString(&buf, sd_underscore(interface->row->singular));
				break;
			case 'p':
				appendStringInfoString(&buf, sd_underscore(interface->row->plural));
				break;
			case 'w':
				Assert(alias != NULL);
				appendStringInfoString(&buf, sd_underscore(alias));
				break;
			case 'm':
				escape_json(&buf, interface->row->name);
				break;
			case 'a':
				Assert(alias != NULL);
				escape_json(&buf, alias);
				break;
		}
	}
	return buf.data;
}

/* Adds functions, but for those of a name that another model has in the same schema. */
static void
add_types(StringInfo text, SdNames *taken, const FunctionType *types, int n,
		  const SdInterface *interface, const char *alias)
{
	for (int i = 0; i < n; i++)
	{
		const char *name = fill(types[i].name, interface, alias);

		if (!sd_take_name(taken, name))
			continue;
		appendStringInfoString(text, "    ");
		escape_json(text, name);
		appendStringInfo(text, ": %s;\n", fill(types[i].type, interface, alias));
	}
}

static void
add_links(StringInfo text, SdNames *taken, const SdInterface *interface)
{
	ListCell   *cell;

	foreach(cell, interface->links)
	{
		const SdInterfaceLink *link = lfirst(cell);
		const char *alias = link->association->alias;

		add_types(text, taken, link_types, lengthof(link_types), interface, alias);
		if (interface->model->nkeys == 0)
			continue;
		add_types(text, taken, link_key_types, lengthof(link_key_types), interface, alias);
		if (link->target->model->nkeys == 0)
			continue;
		if (sd_is_to_many(link->association))
			add_types(text, taken, to_many_types, lengthof(to_many_types), interface, alias);
		else
			add_types(text, taken, to_one_types, lengthof(to_one_types), interface, alias);
	}
}

/* The functions of one model. */
static void
add_model(StringInfo text, SdNames *taken, const SdInterface *interface)
{
	bool		has_key = interface->model->nkeys > 0;
	bool		paranoid = interface->row->paranoid;

	add_types(text, taken, model_types, lengthof(model_types), interface, NULL);
	if (has_key)
		add_types(text, taken, key_types, lengthof(key_types), interface, NULL);
	if (paranoid)
		add_types(text, taken, paranoid_types, lengthof(paranoid_types), interface, NULL);
	if (paranoid && has_key)
		add_types(text, taken, paranoid_key_types, lengthof(paranoid_key_types), interface, NULL);
	add_links(text, taken, interface);
}

/* For list_sort: by schema, and by model where that is the same. */
static int
compare_exposures(const ListCell *a, const ListCell *b)
{
	const SdExposure *one = lfirst(a);
	const SdExposure *other = lfirst(b);
	int			order = strcmp(one->schema, other->schema);

	return order != 0 ? order : strcmp(one->model, other->model);
}

/*
 * Writes the interface Schemas: the functions of the models that are described, by
 * the schema that they are called in.  Functions of different schemas may have one name.
 */
void
sd_typescript_functions(StringInfo text, List *interfaces)
{
	List	   *exposures = sd_exposures();
	const char *schema = NULL;
	SdNames    *taken = NULL;
	ListCell   *cell;

	list_sort(exposures, compare_exposures);
	appendStringInfoString(text, "\n/** The typed functions, by schema and name */\nexport interface Schemas {\n");
	foreach(cell, exposures)
	{
		const SdExposure *exposure = lfirst(cell);
		const SdInterface *interface = sd_interface_of(interfaces, exposure->model);

		if (interface == NULL)
			continue;
		if (schema == NULL || strcmp(schema, exposure->schema) != 0)
		{
			appendStringInfoString(text, schema != NULL ? "  };\n  " : "  ");
			schema = exposure->schema;
			taken = sd_make_names();
			escape_json(text, schema);
			appendStringInfoString(text, ": {\n");
		}
		add_model(text, taken, interface);
	}
	appendStringInfoString(text, schema != NULL ? "  };\n}\n" : "}\n");
}

/*-------------------------------------------------------------------------
 * introspect/import.c
 *		Defines models over the tables of a database that exists.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "define/association.h"
#include "define/define.h"
#include "define/expose.h"
#include "introspect/introspect.h"
#include "miscadmin.h"
#include "model/inflection.h"
#include "schema/ddl.h"
#include "utils/builtins.h"

/* the longest of the names that expose() gives to functions: plural_find_and_count_all */
#define LONGEST_SUFFIX	19

static Jsonb *
jsonb_of(const char *json)
{
	return DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(unconstify(char *, json))));
}

/* Whether the names of a model's functions will do; what will not is noted. */
static bool
can_be_exposed(SdFoundModel *model)
{
	const char *plural = sd_underscore(sd_model_plural(model));
	size_t		length = strlen(plural) + LONGEST_SUFFIX;
	ListCell   *cell;

	foreach(cell, model->aliases)
		length = Max(length, strlen(plural) + strlen("_with_") + strlen(sd_underscore(lfirst(cell))));
	if (length < NAMEDATALEN)
		return true;
	sd_note(model, "not exposed: names of its functions would have more than %d bytes", NAMEDATALEN - 1);
	return false;
}

/*
 * Looks at the relations that the options ask for, and defines the models and
 * the associations that are missing; with "expose" exposes the models that it
 * defines.  Returns an SdImported for each relation, in the current context.
 *
 * Raises what sd_introspect(), sd_define(), sd_associate() and sd_expose()
 * raise; nothing is defined then.
 */
List *
sd_import(Jsonb *options)
{
	SdIntrospection *look;
	List	   *results = NIL;
	ListCell   *cell;
	ListCell   *item;

	PreventCommandIfReadOnly("studentdir.import()");
	look = sd_introspect(options, true);
	foreach(cell, look->models)
	{
		SdFoundModel *model = lfirst(cell);
		SdImported *imported = palloc0(sizeof(SdImported));

		CHECK_FOR_INTERRUPTS();
		imported->model = model->name;
		imported->table = sd_table_sql(model->table);
		if (model->name == NULL)
			imported->action = "left out";
		else if (model->row != NULL)
			imported->action = "exists";
		else
		{
			Assert(model->attributes != NULL && model->options != NULL);
			(void) sd_define(model->name, CStringGetTextDatum(model->attributes),
							 jsonb_of(model->options));
			imported->action = "defined";
		}
		foreach(item, model->associations)
		{
			const SdFoundAssociation *association = lfirst(item);

			(void) sd_associate(association->kind, association->source, association->target,
								jsonb_of(association->options));
			imported->associations++;
		}
		results = lappend(results, imported);
	}
	Assert(list_length(results) == list_length(look->models));
	/* with the functions of all associations */
	forboth(cell, look->models, item, results)
	{
		SdFoundModel *model = lfirst(cell);
		SdImported *imported = lfirst(item);

		if (look->options.expose && model->name != NULL && model->row == NULL && can_be_exposed(model))
		{
			sd_expose(model->name, NULL);
			imported->action = "defined and exposed";
		}
		imported->notes = model->notes;
	}
	return results;
}

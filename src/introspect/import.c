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
#include "utils/memutils.h"

static Jsonb *
jsonb_of(const char *json)
{
	return DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(unconstify(char *, json))));
}

/*
 * Whether the names of the functions that expose() will make of a model will do; what
 * will not is noted.  The longest of them are looked at.
 */
static bool
can_be_exposed(SdFoundModel *model)
{
	const char *singular;
	const char *plural;
	size_t		length;
	ListCell   *cell;

	(void) sd_model_options_name(model, &singular, &plural);
	singular = sd_underscore(singular);
	plural = sd_underscore(plural);
	length = strlen(plural) + strlen("_find_and_count_all");
	foreach(cell, model->aliases)
	{
		size_t		alias = strlen(sd_underscore(lfirst(cell)));

		length = Max(length, strlen(plural) + strlen("_with_") + alias);
		length = Max(length, strlen(singular) + strlen("_remove_") + alias);
	}
	if (length < NAMEDATALEN)
		return true;
	sd_note(model, "not exposed: names of its functions would have more than %d bytes", NAMEDATALEN - 1);
	return false;
}

/* Defines a model, unless it is there, and the associations that can be made then; returns their number. */
static int
define_found(const SdFoundModel *model)
{
	ListCell   *cell;

	if (model->name != NULL && model->row == NULL)
	{
		Assert(model->attributes != NULL && model->options != NULL);
		(void) sd_define(model->name, CStringGetTextDatum(model->attributes),
						 jsonb_of(model->options));
	}
	foreach(cell, model->associations)
	{
		const SdFoundAssociation *association = lfirst(cell);

		(void) sd_associate(association->kind, association->source, association->target,
							jsonb_of(association->options));
	}
	return list_length(model->associations);
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
	MemoryContext step;
	MemoryContext old;

	PreventCommandIfReadOnly("studentdir.import()");
	look = sd_introspect(options, true);
	/* what defining one of thousands of models takes goes before the next */
	step = AllocSetContextCreate(CurrentMemoryContext, "studentdir import", ALLOCSET_DEFAULT_SIZES);
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
			imported->action = "defined";
		old = MemoryContextSwitchTo(step);
		imported->associations = define_found(model);
		MemoryContextSwitchTo(old);
		MemoryContextReset(step);
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
			old = MemoryContextSwitchTo(step);
			sd_expose(model->name, NULL);
			MemoryContextSwitchTo(old);
			MemoryContextReset(step);
			imported->action = "defined and exposed";
		}
		imported->notes = model->notes;
	}
	MemoryContextDelete(step);
	return results;
}

/*-------------------------------------------------------------------------
 * introspect/introspect.c
 *		What define and the association calls would say of tables that exist.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "define/definition_value.h"
#include "introspect/introspect.h"
#include "json/exact_text.h"
#include "migrate/extension.h"
#include "schema/difference.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

/* A string, or an array of strings; an empty one would be taken for none given. */
static List *
read_patterns(const JsonbValue *value, const SdPath *path)
{
	List	   *patterns = NIL;
	SdReader	reader;

	if (value->type == jbvString)
		return list_make1(sd_string(value));
	if (!sd_is_array(value) || sd_array_length(value) == 0)
		sd_bad_shape(path, "a pattern, or an array of patterns");
	sd_read(&reader, value, path);
	while (sd_next_element(&reader))
		patterns = lappend(patterns, sd_read_string(&reader.value, &reader.path, "a pattern"));
	return patterns;
}

static void
read_schemas(void *target, const JsonbValue *value, const SdPath *path)
{
	((SdIntrospectOptions *) target)->schemas = read_patterns(value, path);
}

static void
read_tables(void *target, const JsonbValue *value, const SdPath *path)
{
	((SdIntrospectOptions *) target)->tables = read_patterns(value, path);
}

static void
read_exclude(void *target, const JsonbValue *value, const SdPath *path)
{
	if (!sd_is_array(value) || sd_array_length(value) > 0)
		((SdIntrospectOptions *) target)->exclude = read_patterns(value, path);
}

static void
read_timestamps(void *target, const JsonbValue *value, const SdPath *path)
{
	((SdIntrospectOptions *) target)->timestamps = sd_read_flag(value, path);
}

static void
read_expose(void *target, const JsonbValue *value, const SdPath *path)
{
	((SdIntrospectOptions *) target)->expose = sd_read_flag(value, path);
}

static void
read_options(SdIntrospectOptions *options, Jsonb *given, bool import)
{
	static const SdDefinable known[] = {
		{"schemas", read_schemas},
		{"tables", read_tables},
		{"exclude", read_exclude},
		{"timestamps", read_timestamps},
		{"expose", read_expose}
	};
	JsonbValue	root;

	options->timestamps = true;
	if (given == NULL)
		return;
	sd_root(given, &root);
	sd_read_definables(options, &root, NULL, known, lengthof(known) - (import ? 0 : 1));
}

static int
by_place(const ListCell *a, const ListCell *b)
{
	return ((SdFoundModel *) lfirst(a))->place - ((SdFoundModel *) lfirst(b))->place;
}

/* Puts the models into the order in which each comes after those that it refers to. */
static void
put_in_order(SdIntrospection *look)
{
	List	   *tables = NIL;
	ListCell   *cell;
	ListCell   *item;

	foreach(cell, look->models)
		tables = lappend(tables, ((SdFoundModel *) lfirst(cell))->table);
	tables = sd_tables_in_order(tables);
	Assert(list_length(tables) == list_length(look->models));
	foreach(cell, tables)
	{
		const SdTable *table = lfirst(cell);

		foreach(item, look->models)
		{
			SdFoundModel *model = lfirst(item);

			if (model->table == table)
				model->place = foreach_current_index(cell);
		}
	}
	list_sort(look->models, by_place);
}

/* Finds the models that are defined already: over one of the tables, and their names. */
static void
find_defined(SdIntrospection *look)
{
	ListCell   *cell;
	ListCell   *item;

	foreach(cell, sd_all_model_rows())
	{
		const SdModelRow *row = lfirst(cell);

		look->taken = lappend(look->taken, row->name);
		foreach(item, look->models)
		{
			SdFoundModel *model = lfirst(item);

			if (model->row == NULL && strcmp(model->table->schema, row->schema) == 0 &&
				strcmp(model->table->name, row->table) == 0)
				model->row = row;
		}
	}
}

/* A list of strings, some of which may be NULL, in the current context. */
static List *
copy_strings(List *strings)
{
	List	   *copy = NIL;
	ListCell   *cell;

	foreach(cell, strings)
		copy = lappend(copy, lfirst(cell) != NULL ? pstrdup(lfirst(cell)) : NULL);
	return copy;
}

/*
 * Makes the attributes and options of the models that have a name.  What that takes
 * for each goes before the next: there may be thousands.
 */
static void
find_attributes(SdIntrospection *look)
{
	MemoryContext step = AllocSetContextCreate(CurrentMemoryContext, "studentdir found model",
											   ALLOCSET_DEFAULT_SIZES);
	ListCell   *cell;

	foreach(cell, look->models)
	{
		SdFoundModel *model = lfirst(cell);
		MemoryContext old;

		CHECK_FOR_INTERRUPTS();
		if (model->name == NULL)
			continue;
		Assert(model->aliases == NIL && model->associations == NIL);
		old = MemoryContextSwitchTo(step);
		sd_find_attributes(look, model);
		MemoryContextSwitchTo(old);
		model->attribute_names = copy_strings(model->attribute_names);
		model->names = copy_strings(model->names);
		model->notes = copy_strings(model->notes);
		if (model->attributes != NULL)
			model->attributes = pstrdup(model->attributes);
		if (model->options != NULL)
			model->options = pstrdup(model->options);
		MemoryContextReset(step);
	}
	MemoryContextDelete(step);
}

/*
 * Looks at the relations that the options ask for.  Nothing is written.
 *
 * Raises 22023 for wrong options and 42P01 when they ask for no relation that
 * there is.
 */
SdIntrospection *
sd_introspect(Jsonb *options, bool import)
{
	SdIntrospection *look = palloc0(sizeof(SdIntrospection));
	int			nestlevel;

	read_options(&look->options, options, import);
	look->target_schema = sd_extension()->schema_name;
	if (look->options.schemas == NIL)
		look->options.schemas = list_make1(unconstify(char *, look->target_schema));
	nestlevel = sd_settle_output();
	look->models = sd_find_relations(look);
	if (look->models == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("no table matches the options"),
				 errhint("Tables are looked for in schema \"%s\" unless \"schemas\" names others; \"schemas\", \"tables\" and \"exclude\" are patterns of LIKE.",
						 look->target_schema)));
	put_in_order(look);
	find_defined(look);
	sd_name_models(look);
	find_attributes(look);
	sd_find_associations(look);
	sd_unsettle_output(nestlevel);
	return look;
}

/* The call that makes an association, as SQL. */
const char *
sd_association_call(const SdFoundAssociation *association)
{
	return psprintf("SELECT studentdir.%s(%s, %s, %s);", sd_association_kind(association->kind),
					quote_literal_cstr(association->source),
					quote_literal_cstr(association->target),
					quote_literal_cstr(association->options));
}

/* The calls that define a model and the associations that can be made then, as SQL; NULL: none. */
const char *
sd_found_sql(const SdFoundModel *model)
{
	StringInfoData sql;
	ListCell   *cell;

	Assert(model->name == NULL || model->row != NULL || model->attributes != NULL);
	initStringInfo(&sql);
	if (model->name != NULL && model->row == NULL)
		appendStringInfo(&sql, "SELECT studentdir.define(%s, %s, %s);",
						 quote_literal_cstr(model->name), quote_literal_cstr(model->attributes),
						 quote_literal_cstr(model->options));
	foreach(cell, model->associations)
		appendStringInfo(&sql, "%s%s", sql.len > 0 ? "\n" : "", sd_association_call(lfirst(cell)));
	return sql.len > 0 ? sql.data : NULL;
}

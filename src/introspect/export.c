/*-------------------------------------------------------------------------
 * introspect/export.c
 *		All models, associations and exposures as SQL that makes them again.
 *
 * The text has the order of names and a line for each attribute, so that two
 * of them can be compared line by line.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "define/association.h"
#include "define/define.h"
#include "define/definition_value.h"
#include "define/expose.h"
#include "introspect/introspect.h"
#include "json/object_text.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "model/model.h"
#include "utils/builtins.h"

static void
read_models(void *target, const JsonbValue *value, const SdPath *path)
{
	List	  **models = target;
	SdReader	reader;

	if (!sd_is_array(value) || sd_array_length(value) == 0)
		sd_bad_shape(path, "an array of names of models");
	sd_read(&reader, value, path);
	while (sd_next_element(&reader))
	{
		char	   *name = sd_read_string(&reader.value, &reader.path, "the name of a model");

		(void) sd_model_row(name);
		*models = lappend(*models, name);
	}
}

static bool
is_wanted(List *models, const char *name)
{
	return models == NIL || sd_name_in(models, name);
}

static void
append_model(StringInfo sql, const SdModelRow *row)
{
	StringInfoData attributes;

	Assert(row->nattributes > 0);
	initStringInfo(&attributes);
	for (int i = 0; i < row->nattributes; i++)
		appendStringInfo(&attributes, "%s\n  %s: %s", i > 0 ? "," : "{",
						 sd_json_name(row->attributes[i].name),
						 sd_attribute_definition(&row->attributes[i]));
	appendStringInfoString(&attributes, "\n}");
	appendStringInfo(sql, "%sSELECT studentdir.define(%s, %s,\n  %s);\n", sql->len > 0 ? "\n" : "",
					 quote_literal_cstr(row->name), quote_literal_cstr(attributes.data),
					 quote_literal_cstr(sd_options_definition(row)));
}

static void
append_associations(StringInfo sql, List *models)
{
	ListCell   *cell;
	bool		first = true;

	foreach(cell, sd_all_association_rows())
	{
		const SdAssociationRow *row = lfirst(cell);

		if (!is_wanted(models, row->model) || !is_wanted(models, row->target) ||
			(row->through != NULL && !is_wanted(models, row->through)))
			continue;
		appendStringInfo(sql, "%sSELECT studentdir.%s(%s, %s,\n  %s);\n", first ? "\n" : "",
						 sd_association_kind(row->kind), quote_literal_cstr(row->model),
						 quote_literal_cstr(row->target),
						 quote_literal_cstr(sd_association_definition(row)));
		first = false;
	}
}

/*
 * The models of a call's options, or all, with the associations between them and
 * the schemas that they are exposed in, as SQL in the current context.  Raises
 * 22023 for wrong options and 42P01 for an unknown model.
 */
char *
sd_export(Jsonb *options)
{
	static const SdDefinable known[] = {{"models", read_models}};
	List	   *models = NIL;
	StringInfoData sql;
	StringInfoData exposures;
	JsonbValue	root;
	ListCell   *cell;

	if (options != NULL)
	{
		sd_root(options, &root);
		sd_read_definables(&models, &root, NULL, known, lengthof(known));
	}
	initStringInfo(&sql);
	initStringInfo(&exposures);
	foreach(cell, sd_all_model_rows())
	{
		const SdModelRow *row = lfirst(cell);

		CHECK_FOR_INTERRUPTS();
		if (is_wanted(models, row->name))
			append_model(&sql, row);
	}
	append_associations(&sql, models);
	foreach(cell, sd_exposures())
	{
		const SdExposure *exposure = lfirst(cell);

		if (is_wanted(models, exposure->model))
			appendStringInfo(&exposures, "SELECT studentdir.expose(%s, %s);\n",
							 quote_literal_cstr(exposure->model),
							 quote_literal_cstr(exposure->schema));
	}
	if (exposures.len > 0)
		appendStringInfo(&sql, "\n%s", exposures.data);
	return sql.data;
}

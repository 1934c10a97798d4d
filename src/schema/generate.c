/*-------------------------------------------------------------------------
 * schema/generate.c
 *		A new model with the migration that makes its table, as Sequelize's
 *		model:generate.
 *
 * The model is there at once, its table when the migration is applied.  The
 * migration defines the model again where it is missing, after an undo or in
 * another database, and leaves it alone where it was developed meanwhile.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/namespace.h"
#include "catalogs/rows.h"
#include "define/define.h"
#include "define/definition_value.h"
#include "define/literal.h"
#include "json/object_text.h"
#include "migrate/create.h"
#include "miscadmin.h"
#include "model/inflection.h"
#include "schema/ddl.h"
#include "schema/difference.h"
#include "model/model.h"
#include "schema/schema.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"

/* create-blog-entry: what cannot be in a name of a migration is a hyphen */
static char *
migration_name(const char *model)
{
	char	   *name = psprintf("create-%s", sd_underscore(model));

	for (char *p = name; *p != '\0'; p++)
	{
		if (!IS_HIGHBIT_SET(*p) && !isalnum((unsigned char) *p) && *p != '.')
			*p = '-';
	}
	return name;
}

/* Raises 42710 and 42P07 for what already exists, 22023 for a model that could not be exposed. */
static void
check_free(const SdModelRow *row)
{
	Oid			schema = get_namespace_oid(row->schema, true);

	if (OidIsValid(schema) && OidIsValid(get_relname_relid(row->table, schema)))
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_TABLE),
				 errmsg("table %s already exists", quote_qualified_identifier(row->schema, row->table)),
				 errhint("For an existing table, SELECT studentdir.define(%s, ...) is enough.",
						 quote_literal_cstr(row->name))));
	if (strcmp(sd_underscore(row->singular), sd_underscore(row->plural)) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the singular and the plural of model \"%s\" are both \"%s\"", row->name,
						sd_underscore(row->plural)),
				 errhint("Tell them apart with the options: {\"name\":{\"singular\":%s,\"plural\":%s}}.",
						 sd_json_name(sd_underscore(row->singular)),
						 sd_json_name(psprintf("all_%s", sd_underscore(row->singular))))));
}

/* The statements that make the table of a model, and those that take it away. */
static void
table_statements(const SdModelRow *row, char **up, char **down)
{
	SdComparison comparison = {0};
	int			nestlevel = sd_settle_output();
	SdTable    *table = sd_table_find(sd_desired_tables(), row->schema, row->table);
	StringInfoData sql;
	ListCell   *cell;

	Assert(table != NULL);
	sd_report_lacking(table, ERROR);
	sd_name_all(&comparison, table);
	initStringInfo(&sql);
	appendStringInfoString(&sql, sd_ddl_create_table(table, true));
	foreach(cell, table->indexes)
	{
		const SdIndex *index = lfirst(cell);

		if (!index->constraint)
			appendStringInfo(&sql, "\n%s", sd_ddl_add_index(table, index));
	}
	*up = sql.data;
	*down = sd_ddl_drop_table(table);
	sd_unsettle_output(nestlevel);
}

/*
 * Defines a model with the attributes of a list, and registers the pending
 * migration that makes its table, defines it where it is missing, and exposes
 * it.  Returns the migration's name.
 *
 * Raises 42710 for a model and 42P07 for a table that already exists, what
 * sd_generated_attributes(), sd_define() and sd_migration_create() raise.
 */
char *
sd_generate(const char *model, const char *attributes, Jsonb *options)
{
	char	   *definition;
	char	   *given = "";
	char	   *literal = quote_literal_cstr(model);
	char	   *up;
	char	   *down;
	SdModelRow *row;

	PreventCommandIfReadOnly("studentdir.generate()");
	if (sd_find_model_row(model) != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_OBJECT),
				 errmsg("model \"%s\" already exists", model),
				 errhint("Change it with studentdir.define; studentdir.migration_generate writes the migration.")));
	definition = sd_generated_attributes(attributes);
	if (options != NULL && JB_ROOT_COUNT(options) > 0)
		given = psprintf(", %s", quote_literal_cstr(JsonbToCString(NULL, &options->root,
																   VARSIZE(options))));
	(void) sd_define(model, CStringGetTextDatum(definition), options);
	row = sd_model_row(model);
	check_free(row);
	table_statements(row, &up, &down);
	return sd_migration_create(migration_name(model),
							   psprintf("%s\n\n"
										"SELECT studentdir.define(%s, %s%s)\n"
										"WHERE NOT EXISTS (SELECT FROM studentdir.model WHERE name = %s);\n\n"
										"SELECT studentdir.expose(%s);\n",
										up, literal, quote_literal_cstr(definition), given, literal,
										literal),
							   psprintf("SELECT studentdir.undefine(%s)\n"
										"WHERE EXISTS (SELECT FROM studentdir.model WHERE name = %s);\n\n"
										"%s\n",
										literal, literal, down));
}

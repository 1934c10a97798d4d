/*-------------------------------------------------------------------------
 * model/table_models.c
 *		Which model a table belongs to.
 *
 * What was found is kept for a few tables, and forgotten when the catalogs
 * change or a table gets another name or schema.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalogs/scan.h"
#include "json/object_text.h"
#include "model/model.h"
#include "model/table_models.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"

#define SD_KEPT_TABLES	16

typedef struct TableModel
{
	Oid			relid;
	uint64		generation;
	NameData	schema;			/* the table's names when it was looked for */
	NameData	table;
	NameData	model;
} TableModel;

static TableModel kept_models[SD_KEPT_TABLES];

/*
 * Looks in the catalog for the model of a table, by its name in a schema.
 * Raises 42P01 when there is none, 22023 when there are several, with the first
 * two by name: the order of the catalog's rows is nobody's.
 */
static char *
find_model(Oid catalog, const char *schema, const char *table)
{
	SdCatalogScan scan;
	char	   *found = NULL;	/* the first by name */
	char	   *other = NULL;	/* the second */

	sd_catalog_scan(&scan, catalog, InvalidSnapshot, NULL, NULL);
	while (sd_catalog_next(&scan))
	{
		char	   *name;

		if (!sd_catalog_is(&scan, MODEL_TABLE_NAME, table) ||
			!sd_catalog_is(&scan, MODEL_SCHEMA_NAME, schema))
			continue;
		name = sd_catalog_text(&scan, MODEL_NAME);
		if (found == NULL || strcmp(name, found) < 0)
		{
			other = found;
			found = name;
		}
		else if (other == NULL || strcmp(name, other) < 0)
			other = name;
	}
	sd_catalog_end(&scan);
	if (found == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("no model has the table %s", quote_qualified_identifier(schema, table)),
				 errhint("studentdir.models() lists the models; studentdir.define makes one.")));
	if (other != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the models \"%s\" and \"%s\" have the table %s", found, other,
						quote_qualified_identifier(schema, table)),
				 errhint("Say which one in the options: {\"model\": %s}.", sd_json_name(other))));
	return found;
}

/*
 * The name of the model of a table, in the current context.  Raises 42P01 when
 * there is none, 22023 when there are several.
 */
char *
sd_table_model(Oid relid)
{
	TableModel *kept = &kept_models[relid % SD_KEPT_TABLES];
	char	   *table;
	char	   *schema;
	char	   *model;
	bool		remembered;
	uint64		generation;
	Oid			catalog;

	AcceptInvalidationMessages();
	generation = sd_model_generation();
	table = get_rel_name(relid);
	schema = table != NULL ? get_namespace_name(get_rel_namespace(relid)) : NULL;
	if (schema == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("the table does not exist any more")));
	if (kept->relid == relid && kept->generation == generation &&
		strcmp(NameStr(kept->table), table) == 0 && strcmp(NameStr(kept->schema), schema) == 0)
		return pstrdup(NameStr(kept->model));
	catalog = sd_model_catalog(&remembered);
	model = find_model(catalog, schema, table);
	if (remembered && strlen(model) < NAMEDATALEN)
	{
		kept->relid = relid;
		kept->generation = generation;
		namestrcpy(&kept->schema, schema);
		namestrcpy(&kept->table, table);
		namestrcpy(&kept->model, model);
	}
	return model;
}

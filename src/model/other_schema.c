/*-------------------------------------------------------------------------
 * model/other_schema.c
 *		Finds the table that a model with the wrong schema means, for hints.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "catalog/catalog.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "model/model.h"
#include "utils/catcache.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

static bool
holds_rows(char relkind)
{
	return relkind == RELKIND_RELATION || relkind == RELKIND_PARTITIONED_TABLE ||
		relkind == RELKIND_VIEW || relkind == RELKIND_MATVIEW || relkind == RELKIND_FOREIGN_TABLE;
}

/*
 * A schema with a table, or something else with rows, of that name (not quoted);
 * of several the first by name, in the current context.  None of the system's, of
 * temporary tables, or this one's own; NULL where there is none.
 */
char *
sd_other_schema(const char *schema, const char *table)
{
	CatCList   *list = SearchSysCacheList1(RELNAMENSP, CStringGetDatum(table));
	char	   *found = NULL;

	for (int i = 0; i < list->n_members; i++)
	{
		Form_pg_class form = (Form_pg_class) GETSTRUCT(&list->members[i]->tuple);
		char	   *name;

		if (!holds_rows(form->relkind) || IsCatalogNamespace(form->relnamespace) ||
			IsToastNamespace(form->relnamespace) || isAnyTempNamespace(form->relnamespace))
			continue;
		name = get_namespace_name(form->relnamespace);
		if (name != NULL && strcmp(name, schema) != 0 && strcmp(name, "information_schema") != 0 &&
			(found == NULL || strcmp(name, found) < 0))
			found = name;
	}
	ReleaseSysCacheList(list);
	return found;
}

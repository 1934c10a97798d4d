/*-------------------------------------------------------------------------
 * model/missing.c
 *		The error for a model that does not exist: what it was probably meant
 *		to be, or where models come from.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "model/catalog.h"
#include "model/model.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

/* Whether name is that of one of the samples. */
static bool
is_builtin(const char *name)
{
	return strcmp(name, "Student") == 0 || strcmp(name, "User") == 0 || strcmp(name, "Post") == 0;
}

/* The names of all models, and how many in *n. */
static const char **
model_names(Oid model_catalog, int *n)
{
	Relation	catalog = table_open(model_catalog, AccessShareLock);
	Snapshot	snapshot = RegisterSnapshot(GetLatestSnapshot());
	SysScanDesc scan = systable_beginscan(catalog, InvalidOid, false, snapshot, 0, NULL);
	List	   *found = NIL;
	const char **names;
	ListCell   *cell;
	HeapTuple	tuple;

	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		bool		isnull;
		Datum		name = heap_getattr(tuple, MODEL_NAME, RelationGetDescr(catalog), &isnull);

		if (!isnull)
			found = lappend(found, TextDatumGetCString(name));
	}
	systable_endscan(scan);
	UnregisterSnapshot(snapshot);
	table_close(catalog, AccessShareLock);

	*n = list_length(found);
	names = palloc(sizeof(char *) * Max(*n, 1));
	foreach(cell, found)
		names[foreach_current_index(cell)] = lfirst(cell);
	return names;
}

/*
 * The model whose name differs from name only in case, else the one that is
 * spelt most like it; NULL when there is none.
 */
static const char *
nearest_model(const char *name, Oid model_catalog)
{
	int			n;
	const char **names = model_names(model_catalog, &n);

	for (int i = 0; i < n; i++)
	{
		if (pg_strcasecmp(names[i], name) == 0)
			return names[i];
	}
	return sd_nearest(name, strlen(name), names, n);
}

/* Raises 42P01 for a model that is not in the catalog. */
void
sd_no_such_model(const char *name, Oid model_catalog)
{
	const char *nearest = is_builtin(name) ? NULL : nearest_model(name, model_catalog);

	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_TABLE),
			 errmsg("model \"%s\" does not exist", name),
			 is_builtin(name)
			 ? errhint("It is one of the samples: SELECT * FROM studentdir.migrate() brings it back, unless the samples were removed or not installed. A model of your own is made with studentdir.define.")
			 : nearest != NULL
			 ? errhint("Perhaps you meant \"%s\". A new model is made with studentdir.define.", nearest)
			 : errhint("studentdir.models() lists the models. studentdir.define or a migration makes one: SELECT * FROM studentdir.migrate() applies the pending ones.")));
}

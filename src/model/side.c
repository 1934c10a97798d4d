/*-------------------------------------------------------------------------
 * model/side.c
 *		Finds the side of an association that nobody defined, for hints.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "model/catalog.h"
#include "model/inflection.h"
#include "model/model.h"
#include "studentdir.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

/* A text column as a string in the current context, or NULL. */
static char *
text_column(HeapTuple tuple, TupleDesc desc, int attnum)
{
	bool		isnull;
	Datum		value = heap_getattr(tuple, attnum, desc, &isnull);

	return isnull ? NULL : TextDatumGetCString(value);
}

/*
 * Appends a member of an object: the names in a text[] column, one as it is,
 * several as an array; nothing where they are the ones that need not be said.
 */
static void
append_key(StringInfo object, const char *key, HeapTuple tuple, TupleDesc desc, int attnum,
		   const char *const *unsaid, int nunsaid)
{
	bool		isnull;
	Datum		value = heap_getattr(tuple, attnum, desc, &isnull);
	Datum	   *elements;
	bool	   *nulls;
	bool		differs;
	int			n;

	if (isnull)
		return;
	deconstruct_array(DatumGetArrayTypeP(value), TEXTOID, -1, false, TYPALIGN_INT,
					  &elements, &nulls, &n);
	differs = n != nunsaid;
	for (int i = 0; i < n && !differs; i++)
		differs = nulls[i] || strcmp(TextDatumGetCString(elements[i]), unsaid[i]) != 0;
	if (!differs)
		return;
	appendStringInfo(object, "%s\"%s\":%s", object->len == 0 ? "{" : ",", key, n == 1 ? "" : "[");
	for (int i = 0; i < n; i++)
	{
		if (i > 0)
			appendStringInfoChar(object, ',');
		escape_json(object, nulls[i] ? "" : TextDatumGetCString(elements[i]));
	}
	if (n != 1)
		appendStringInfoChar(object, ']');
}

/* The call that defines the other side of an association, which leads from model to target. */
static char *
other_side(HeapTuple tuple, TupleDesc desc, const SdModel *model, const char *target)
{
	/* the target is not open: most models have this key, and to say it does no harm */
	static const char *const usual_key[] = {"id"};
	const char **key = palloc(sizeof(char *) * Max(model->nkeys, 1));
	const char *kind = text_column(tuple, desc, ASSOCIATION_KIND);
	const char *through = text_column(tuple, desc, ASSOCIATION_THROUGH);
	const char *other = "belongs_to";
	StringInfoData options;

	for (int i = 0; i < model->nkeys; i++)
		key[i] = model->attrs[model->keys[i]].name;
	initStringInfo(&options);
	if (through != NULL)
	{
		other = "belongs_to_many";
		appendStringInfoString(&options, "{\"through\":");
		escape_json(&options, through);
		append_key(&options, "foreignKey", tuple, desc, ASSOCIATION_OTHER_KEY, NULL, 0);
		append_key(&options, "otherKey", tuple, desc, ASSOCIATION_FOREIGN_KEY, NULL, 0);
	}
	else
	{
		if (strcmp(kind, "belongs_to") == 0)
			other = "has_many";
		append_key(&options, "foreignKey", tuple, desc, ASSOCIATION_FOREIGN_KEY, NULL, 0);
	}
	if (strcmp(other, "belongs_to") != 0)
		append_key(&options, "sourceKey", tuple, desc, ASSOCIATION_TARGET_KEY, key, model->nkeys);
	if (strcmp(other, "has_many") != 0)
		append_key(&options, "targetKey", tuple, desc, ASSOCIATION_SOURCE_KEY, usual_key, 1);
	appendStringInfoString(&options, options.len == 0 ? "{}" : "}");
	return psprintf("studentdir.%s(%s, %s, %s)", other, quote_literal_cstr(model->name),
					quote_literal_cstr(target), quote_literal_cstr(options.data));
}

/*
 * The call that would give the model an association by that name (len bytes):
 * where another model, of that name in either number, has one with this model.
 * In the current context; NULL when there is none.
 */
char *
sd_missing_side(const SdModel *model, const char *name, int len)
{
	char	   *wanted = pnstrdup(name, len);
	char	   *singular = sd_singularize(wanted);
	Oid			relid = get_relname_relid("association", get_namespace_oid(SD_SCHEMA, false));
	char	   *call = NULL;
	Relation	catalog;
	Snapshot	snapshot;
	SysScanDesc scan;
	HeapTuple	tuple;

	if (!OidIsValid(relid))
		return NULL;
	catalog = table_open(relid, AccessShareLock);
	snapshot = RegisterSnapshot(GetLatestSnapshot());
	scan = systable_beginscan(catalog, InvalidOid, false, snapshot, 0, NULL);
	while (call == NULL && HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		TupleDesc	desc = RelationGetDescr(catalog);
		char	   *source = text_column(tuple, desc, ASSOCIATION_MODEL);
		char	   *target = text_column(tuple, desc, ASSOCIATION_TARGET);

		if (source != NULL && target != NULL && strcmp(target, model->name) == 0 &&
			(strcmp(source, wanted) == 0 || strcmp(source, singular) == 0))
			call = other_side(tuple, desc, model, source);
	}
	systable_endscan(scan);
	UnregisterSnapshot(snapshot);
	table_close(catalog, AccessShareLock);
	return call;
}

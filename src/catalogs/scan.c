/*-------------------------------------------------------------------------
 * catalogs/scan.c
 *		Scans of the catalogs.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "catalogs/rows.h"
#include "catalogs/scan.h"
#include "miscadmin.h"
#include "settings.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

/* The OID of one of the extension's tables.  Raises 42P01 where there is none. */
Oid
sd_catalog_table(const char *name)
{
	Oid			schema = get_namespace_oid(SD_SCHEMA, true);
	Oid			relid = OidIsValid(schema) ? get_relname_relid(name, schema) : InvalidOid;

	if (!OidIsValid(relid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("table \"%s.%s\" does not exist", SD_SCHEMA, name),
				 errhint("It is part of extension %s: drop the extension and create it again.",
						 SD_SCHEMA)));
	return relid;
}

/*
 * Opens a scan of a catalog in ACCESS SHARE mode: of the rows whose key, which
 * its primary key index has, begins with first and second, where they are not
 * NULL.  snapshot has to outlive the scan; InvalidSnapshot stands for the newest
 * one there is.
 */
void
sd_catalog_scan(SdCatalogScan *scan, Oid catalog, Snapshot snapshot, const char *first,
				const char *second)
{
	ScanKeyData keys[2];
	int			nkeys = 0;
	Oid			index = InvalidOid;

	Assert(first != NULL || second == NULL);
	scan->catalog = table_open(catalog, AccessShareLock);
	scan->own_snapshot = snapshot == InvalidSnapshot;
	scan->snapshot = scan->own_snapshot ? RegisterSnapshot(GetLatestSnapshot()) : snapshot;
	scan->tuple = NULL;
	if (first != NULL)
	{
		list_free(RelationGetIndexList(scan->catalog));
		index = scan->catalog->rd_pkindex;
		ScanKeyInit(&keys[nkeys++], 1, BTEqualStrategyNumber, F_TEXTEQ, CStringGetTextDatum(first));
	}
	if (second != NULL)
		ScanKeyInit(&keys[nkeys++], 2, BTEqualStrategyNumber, F_TEXTEQ, CStringGetTextDatum(second));
	scan->scan = systable_beginscan(scan->catalog, index, OidIsValid(index), scan->snapshot,
									nkeys, keys);
}

/* Moves to the next row; false at the end. */
bool
sd_catalog_next(SdCatalogScan *scan)
{
	CHECK_FOR_INTERRUPTS();
	scan->tuple = systable_getnext(scan->scan);
	return HeapTupleIsValid(scan->tuple);
}

/* Closes a scan, with its lock. */
void
sd_catalog_end(SdCatalogScan *scan)
{
	systable_endscan(scan->scan);
	if (scan->own_snapshot)
		UnregisterSnapshot(scan->snapshot);
	table_close(scan->catalog, AccessShareLock);
}

/* A column of the current row, good until the next one; false where it is null. */
bool
sd_catalog_value(const SdCatalogScan *scan, int column, Datum *value)
{
	bool		isnull;

	Assert(HeapTupleIsValid(scan->tuple));
	Assert(column >= 1 && column <= RelationGetDescr(scan->catalog)->natts);
	*value = heap_getattr(scan->tuple, column, RelationGetDescr(scan->catalog), &isnull);
	return !isnull;
}

/* A text column of the current row in the current context, or NULL. */
char *
sd_catalog_text(const SdCatalogScan *scan, int column)
{
	Datum		value;

	return sd_catalog_value(scan, column, &value) ? TextDatumGetCString(value) : NULL;
}

/* Whether a text column of the current row is that text; nothing of it stays allocated. */
bool
sd_catalog_is(const SdCatalogScan *scan, int column, const char *text)
{
	Datum		value;
	struct varlena *packed;
	bool		same;

	if (!sd_catalog_value(scan, column, &value))
		return false;
	packed = PG_DETOAST_DATUM_PACKED(value);
	same = VARSIZE_ANY_EXHDR(packed) == strlen(text) &&
		memcmp(VARDATA_ANY(packed), text, strlen(text)) == 0;
	if ((Pointer) packed != DatumGetPointer(value))
		pfree(packed);
	return same;
}

/* The name of a column. */
const char *
sd_catalog_column(const SdCatalogScan *scan, int column)
{
	Assert(column >= 1 && column <= RelationGetDescr(scan->catalog)->natts);
	return NameStr(TupleDescAttr(RelationGetDescr(scan->catalog), column - 1)->attname);
}

/* The elements of a text[] as strings, in the current context; NULL ones are NULL. */
List *
sd_text_list(Datum array)
{
	List	   *list = NIL;
	Datum	   *elements;
	bool	   *nulls;
	int			n;

	deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false, TYPALIGN_INT, &elements,
					  &nulls, &n);
	for (int i = 0; i < n; i++)
		list = lappend(list, nulls[i] ? NULL : TextDatumGetCString(elements[i]));
	return list;
}

/*-------------------------------------------------------------------------
 * model/distribution.c
 *		What Citus, where it is installed, has made of a table and of this node.
 *
 * Citus' catalogs are read by the names of their columns: their numbers differ
 * between its versions.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_namespace.h"
#include "commands/extension.h"
#include "model/distribution.h"
#include "nodes/primnodes.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

/* whether CREATE and ALTER of objects go to the other nodes too */
#define PROPAGATION		"citus.enable_ddl_propagation"

/* Whether Citus is installed in this database. */
bool
sd_has_citus(void)
{
	return OidIsValid(get_extension_oid("citus", true));
}

/* Citus' catalog of that name, locked in ACCESS SHARE mode; NULL where there is none. */
static Relation
open_catalog(const char *name)
{
	Oid			relid = sd_has_citus() ? get_relname_relid(name, PG_CATALOG_NAMESPACE) : InvalidOid;

	return OidIsValid(relid) ? table_open(relid, AccessShareLock) : NULL;
}

static Datum
column_of(HeapTuple tuple, Relation catalog, const char *name, bool *isnull)
{
	AttrNumber	attnum = get_attnum(RelationGetRelid(catalog), name);

	*isnull = true;
	return attnum == InvalidAttrNumber ? (Datum) 0
		: heap_getattr(tuple, attnum, RelationGetDescr(catalog), isnull);
}

/* Whether this server is a worker of Citus, to which a coordinator sends its DDL. */
bool
sd_is_citus_worker(void)
{
	Relation	catalog = open_catalog("pg_dist_local_group");
	SysScanDesc scan;
	HeapTuple	tuple;
	bool		isnull = true;
	int32		group = 0;

	if (catalog == NULL)
		return false;
	scan = systable_beginscan(catalog, InvalidOid, false, NULL, 0, NULL);
	if (HeapTupleIsValid(tuple = systable_getnext(scan)))
		group = DatumGetInt32(column_of(tuple, catalog, "groupid", &isnull));
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return !isnull && group != 0;
}

/*
 * What Citus has made of a table.  *column is the one whose value distributes its
 * rows, or 0; tables of one *colocation keep equal values on one node.  Good until the
 * table is invalidated.
 */
SdDistribution
sd_distribution(Oid relid, AttrNumber *column, int *colocation)
{
	Relation	catalog = open_catalog("pg_dist_partition");
	Oid			index;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	SdDistribution distribution = SD_NOT_DISTRIBUTED;

	*column = InvalidAttrNumber;
	*colocation = 0;
	if (catalog == NULL)
		return distribution;
	index = get_relname_relid("pg_dist_partition_logical_relid_index", PG_CATALOG_NAMESPACE);
	ScanKeyInit(&key, get_attnum(RelationGetRelid(catalog), "logicalrelid"), BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(relid));
	scan = systable_beginscan(catalog, index, OidIsValid(index), NULL, 1, &key);
	if (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		bool		isnull;
		Datum		value = column_of(tuple, catalog, "partkey", &isnull);

		if (!isnull)
		{
			*column = castNode(Var, stringToNode(TextDatumGetCString(value)))->varattno;
			distribution = SD_DISTRIBUTED;
			value = column_of(tuple, catalog, "colocationid", &isnull);
			*colocation = isnull ? 0 : DatumGetInt32(value);
		}
		else
		{
			value = column_of(tuple, catalog, "repmodel", &isnull);
			distribution = !isnull && DatumGetChar(value) == 't' ? SD_REFERENCE : SD_MANAGED;
		}
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return distribution;
}

/*
 * From here to sd_end_this_node(), what this session makes is not made on the
 * other nodes of Citus: typed functions, which read the models of this node.  An
 * error ends it, too.
 */
int
sd_stay_on_this_node(void)
{
	int			nestlevel = NewGUCNestLevel();

	if (GetConfigOption(PROPAGATION, true, false) != NULL)
		(void) set_config_option(PROPAGATION, "off", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE,
								 true, 0, false);
	return nestlevel;
}

void
sd_end_this_node(int nestlevel)
{
	AtEOXact_GUC(false, nestlevel);
}

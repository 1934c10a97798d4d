/*-------------------------------------------------------------------------
 * catalogs/scan.h
 *		Scans of the catalogs, for the readers of their rows and for what needs
 *		no more than a name of each.
 *
 * A scan is opened and closed by the same function; an error closes it with its
 * resource owner.
 *-------------------------------------------------------------------------
 */
#ifndef SD_CATALOGS_SCAN_H
#define SD_CATALOGS_SCAN_H

#include "access/genam.h"
#include "utils/relcache.h"
#include "utils/snapshot.h"

/* columns of studentdir.model */
enum
{
	MODEL_NAME = 1,
	MODEL_SINGULAR,
	MODEL_PLURAL,
	MODEL_SCHEMA_NAME,
	MODEL_TABLE_NAME,
	MODEL_ATTRIBUTES,
	MODEL_OPTIONS,
	MODEL_EXPOSED
};

/* columns of studentdir.association */
enum
{
	ASSOCIATION_MODEL = 1,
	ASSOCIATION_ALIAS,
	ASSOCIATION_KIND,
	ASSOCIATION_TARGET,
	ASSOCIATION_SOURCE_KEY,
	ASSOCIATION_TARGET_KEY,
	ASSOCIATION_THROUGH,
	ASSOCIATION_FOREIGN_KEY,
	ASSOCIATION_OTHER_KEY,
	ASSOCIATION_OPTIONS
};

typedef struct SdCatalogScan
{
	Relation	catalog;
	Snapshot	snapshot;
	bool		own_snapshot;	/* registered by the scan */
	SysScanDesc scan;
	HeapTuple	tuple;			/* the current row */
} SdCatalogScan;

extern void sd_catalog_scan(SdCatalogScan *scan, Oid catalog, Snapshot snapshot, const char *first,
							const char *second);
extern bool sd_catalog_next(SdCatalogScan *scan);
extern void sd_catalog_end(SdCatalogScan *scan);

extern bool sd_catalog_value(const SdCatalogScan *scan, int column, Datum *value);
extern char *sd_catalog_text(const SdCatalogScan *scan, int column);
extern bool sd_catalog_is(const SdCatalogScan *scan, int column, const char *text);
extern const char *sd_catalog_column(const SdCatalogScan *scan, int column);

#endif							/* SD_CATALOGS_SCAN_H */

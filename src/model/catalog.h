/*-------------------------------------------------------------------------
 * model/catalog.h
 *		The columns of the catalogs, by number.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MODEL_CATALOG_H
#define SD_MODEL_CATALOG_H

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

#endif							/* SD_MODEL_CATALOG_H */

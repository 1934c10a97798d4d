/*-------------------------------------------------------------------------
 * schema/index.h
 *		The indexes and unique constraints that models ask for.
 *-------------------------------------------------------------------------
 */
#ifndef SD_SCHEMA_INDEX_H
#define SD_SCHEMA_INDEX_H

#include "catalogs/rows.h"
#include "schema/table.h"

extern List *sd_collect_index(List *asked, const char *name, bool unique, const char *column);
extern SdIndex *sd_make_primary_key(List *columns);
extern SdIndex *sd_make_index(List *columns, bool constraint);
extern void sd_add_index(SdTable *table, SdIndex *index);
extern void sd_add_index_options(SdTable *table, const SdModelRow *row);
extern List *sd_index_columns(const SdIndex *index);
extern bool sd_same_keys(const SdIndex *wanted, const SdIndex *index);
extern bool sd_index_fits(const SdIndex *wanted, const SdIndex *index, const char *where);
extern bool sd_has_index_for(const SdTable *table, List *columns);

/* index_predicate.c */
extern char *sd_predicate_deparsed(const SdTable *actual, const char *predicate);

#endif							/* SD_SCHEMA_INDEX_H */

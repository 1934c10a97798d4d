/*-------------------------------------------------------------------------
 * define/write_rows.h
 *		Writes rows of studentdir.model and studentdir.association, as the
 *		caller; catalogs/rows.h reads them.
 *
 * Everything raises 42501 when the caller may not write the catalogs.
 *-------------------------------------------------------------------------
 */
#ifndef SD_DEFINE_WRITE_ROWS_H
#define SD_DEFINE_WRITE_ROWS_H

#include "catalogs/rows.h"
#include "define/definition.h"

extern void sd_write_model_row(const SdDefinition *definition);
extern void sd_append_attribute(const SdModelRow *row, const char *name, const char *attribute);
extern bool sd_delete_model_row(const char *name);

extern void sd_write_association_row(const SdAssociationRow *row, const char *options);
extern void sd_delete_association_rows(const char *model);

#endif							/* SD_DEFINE_WRITE_ROWS_H */

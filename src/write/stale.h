/*-------------------------------------------------------------------------
 * write/stale.h
 *		The errors of records that are not written, which several writers raise.
 *-------------------------------------------------------------------------
 */
#ifndef SD_STALE_H
#define SD_STALE_H

#include "record/record.h"

extern bool *sd_find_there(const SdQuery *query, const SdRecord *const *records, int n, bool version);
extern bool sd_expects_version(const SdModel *model, const SdRecord *record);
extern void sd_stale_version(const SdModel *model, const char *where) pg_attribute_noreturn();
extern void sd_not_changed(const SdModel *model, const SdRecord *record, const SdPath *path) pg_attribute_noreturn();
extern void sd_not_written(const SdModel *model, const SdPath *path) pg_attribute_noreturn();

#endif							/* SD_STALE_H */

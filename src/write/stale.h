/*-------------------------------------------------------------------------
 * write/stale.h
 *		The error of optimistic locking, which several writers raise.
 *-------------------------------------------------------------------------
 */
#ifndef SD_STALE_H
#define SD_STALE_H

#include "model/model.h"

extern void sd_stale_version(const SdModel *model, const char *where) pg_attribute_noreturn();

#endif							/* SD_STALE_H */

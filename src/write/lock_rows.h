/*-------------------------------------------------------------------------
 * write/lock_rows.h
 *		Locks rows in an order that all calls share.
 *-------------------------------------------------------------------------
 */
#ifndef SD_LOCK_ROWS_H
#define SD_LOCK_ROWS_H

#include "json/rowset.h"
#include "parse/query.h"

extern SdLock sd_lock_of_many(const SdModel *model, SdLock lock);
extern int	sd_lock_rows(SdQuery *query, const int *attrs, int nattrs, SdLock lock, SdRowSet *rows);

#endif							/* SD_LOCK_ROWS_H */

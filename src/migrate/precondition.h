/*-------------------------------------------------------------------------
 * migrate/precondition.h
 *		What has to hold before migrations are applied or undone.
 *
 * Each check raises its error or returns; none of them changes anything.
 *-------------------------------------------------------------------------
 */
#ifndef SD_PRECONDITION_H
#define SD_PRECONDITION_H

#include "migrate/ledger.h"
#include "storage/lockdefs.h"

extern void sd_check_known(const SdLedger *ledger, List *migrations, const char *name);
extern void sd_check_unchanged(List *migrations);
extern void sd_check_registered_by(List *migrations);
extern void sd_check_has_down(List *migrations);
extern void sd_check_not_begun(List *migrations);
extern void sd_check_builtin_rows(List *migrations, const char *schema, LOCKMODE lockmode);

#endif							/* SD_PRECONDITION_H */

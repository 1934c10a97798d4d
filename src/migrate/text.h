/*-------------------------------------------------------------------------
 * migrate/text.h
 *		Runs the SQL text of a migration or seed.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MIGRATE_TEXT_H
#define SD_MIGRATE_TEXT_H

#include "migrate/ledger.h"
#include "utils/guc.h"

extern void sd_run_text(const char *doing_what, const SdMigration *migration, const char *text);
extern void sd_bound_lock_waits(GucAction action);

#endif							/* SD_MIGRATE_TEXT_H */

/*-------------------------------------------------------------------------
 * migrate/run_text.h
 *		Runs the SQL text of a migration or seed.
 *-------------------------------------------------------------------------
 */
#ifndef SD_RUN_TEXT_H
#define SD_RUN_TEXT_H

#include "migrate/ledger.h"
#include "utils/guc.h"

extern void sd_run_text(const char *doing_what, const SdMigration *migration, const char *text);
extern void sd_bound_lock_waits(GucAction action);

#endif							/* SD_RUN_TEXT_H */

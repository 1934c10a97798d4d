/*-------------------------------------------------------------------------
 * migrate/run_text.h
 *		Runs the SQL text of a migration or seed.
 *-------------------------------------------------------------------------
 */
#ifndef SD_RUN_TEXT_H
#define SD_RUN_TEXT_H

#include "migrate/ledger.h"

extern void sd_run_text(const char *doing_what, const SdMigration *migration, const char *text);

#endif							/* SD_RUN_TEXT_H */

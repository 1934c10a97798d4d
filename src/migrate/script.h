/*-------------------------------------------------------------------------
 * migrate/script.h
 *		Pending migrations as single statements, for psql to run.
 *
 * script.c writes the statements; script_step.c is what they call between
 * the migration's own, so that the ledger always says how far they came.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MIGRATE_SCRIPT_H
#define SD_MIGRATE_SCRIPT_H

#include "migrate/runner.h"

/* where a call stands */
typedef enum SdScriptPhase
{
	SD_SCRIPT_WITH,				/* before a statement, in the same transaction */
	SD_SCRIPT_BEFORE,			/* before one that runs alone, in a transaction of its own */
	SD_SCRIPT_AFTER,			/* after one that ran alone */
	SD_SCRIPT_APPLIED			/* after the last one, in its transaction */
} SdScriptPhase;

extern List *sd_migrate_script(const SdMigrateOptions *options);
extern const char *sd_script_phase_name(SdScriptPhase phase);
extern void sd_script_step(const char *name, const char *checksum, int statement,
						   const char *phase);
extern void sd_script_init(void);

#endif							/* SD_MIGRATE_SCRIPT_H */

/*-------------------------------------------------------------------------
 * migrate/runner.h
 *		Applies and undoes migrations, and seeds likewise.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MIGRATE_RUNNER_H
#define SD_MIGRATE_RUNNER_H

#include "migrate/ledger.h"

/* of what, and how far to go */
typedef struct SdMigrateOptions
{
	const SdLedger *ledger;
	const char *upto;			/* last migration to apply or undo, or NULL */
	int			steps;			/* at most so many; 0: as many as there are */
	bool		dry_run;		/* only say what would be done */
	bool		force;			/* undo built-in ones whose tables have rows */
	bool		quiet;			/* say nothing where there is nothing to do */
} SdMigrateOptions;

/* what was done, or would be done, to one migration */
typedef struct SdMigrateStep
{
	const char *name;
	const char *action;
	double		duration_ms;	/* less than 0: it was not run */
} SdMigrateStep;

extern SdMigrateStep *sd_make_step(const SdMigration *migration, const char *action,
								   double duration_ms);

extern List *sd_migrate(const SdMigrateOptions *options);
extern List *sd_migrate_undo(const SdMigrateOptions *options);
extern List *sd_migrate_redo(void);
extern List *sd_choose_pending(List *migrations, const SdMigrateOptions *options);

#endif							/* SD_MIGRATE_RUNNER_H */

/*-------------------------------------------------------------------------
 * migrate/ledger.h
 *		The table studentdir.migration: which migrations there are, and which
 *		of them are applied.
 *
 * A loaded ledger belongs to the context that it was loaded in, and does not
 * follow later changes of the table.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MIGRATE_LEDGER_H
#define SD_MIGRATE_LEDGER_H

#include "datatype/timestamp.h"
#include "nodes/pg_list.h"

typedef struct SdMigration
{
	char	   *name;
	char	   *up;
	char	   *down;			/* NULL: cannot be undone */
	char	   *checksum;		/* of the text as registered or applied */
	char	   *registered_by;	/* role name; need not exist any more */
	bool		applied;
	TimestampTz applied_at;
	char	   *applied_by;
	double		duration_ms;
	bool		timed;			/* has a duration */
} SdMigration;

extern void sd_ledger_lock(void);
extern List *sd_ledger_load(void);
extern SdMigration *sd_ledger_find(List *ledger, const char *name);
extern bool sd_ledger_register(const char *name, const char *up, const char *down);
extern void sd_ledger_set_applied(const SdMigration *migration, double duration_ms);
extern void sd_ledger_set_pending(const SdMigration *migration);
extern void sd_ledger_repair(const SdMigration *migration);
extern bool sd_migration_changed(const SdMigration *migration);

#endif							/* SD_MIGRATE_LEDGER_H */

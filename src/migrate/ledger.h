/*-------------------------------------------------------------------------
 * migrate/ledger.h
 *		The tables studentdir.migration and studentdir.seed: which migrations
 *		and seeds there are, and which of them are applied.
 *
 * Both are worked with in the same way, and a seed is an SdMigration too.
 * What is loaded belongs to the context that it was loaded in, and does not
 * follow later changes of the table.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MIGRATE_LEDGER_H
#define SD_MIGRATE_LEDGER_H

#include "datatype/timestamp.h"
#include "nodes/pg_list.h"

/* what is different between the two; the sentences are sequelize-cli's */
typedef struct SdLedger
{
	const char *table;			/* in schema studentdir */
	const char *noun;			/* begins the names of the functions, too */
	bool		has_builtins;
	const char *nothing_pending;
	const char *nothing_applied;
	const char *sequelize_table;	/* where Sequelize keeps the same */
} SdLedger;

extern const SdLedger sd_migrations;
extern const SdLedger sd_seeds;

typedef struct SdMigration
{
	const SdLedger *ledger;
	char	   *name;
	char	   *up;				/* empty: applied before it came here, by others; NULL: not read */
	char	   *down;			/* NULL: cannot be undone */
	char	   *checksum;		/* of the text as registered or applied */
	char	   *registered_by;	/* role name; need not exist any more */
	bool		applied;
	TimestampTz applied_at;
	char	   *applied_by;
	double		duration_ms;
	bool		timed;			/* has a duration */
	int			done_statements;	/* by a script that is not through; -1: none was begun */
} SdMigration;

extern void sd_ledger_lock(const SdLedger *ledger);
extern void sd_ledger_unlock(const SdLedger *ledger);
extern bool sd_ledger_same(List *a, List *b);
extern List *sd_ledger_load(const SdLedger *ledger);
extern List *sd_ledger_states(const SdLedger *ledger);
extern SdMigration *sd_ledger_find(List *migrations, const char *name);
extern bool sd_ledger_register(const SdLedger *ledger, const char *name,
							   const char *up, const char *down);
extern void sd_ledger_delete(const SdLedger *ledger, const char *name);
extern void sd_ledger_set_applied(const SdMigration *migration, double duration_ms);
extern void sd_ledger_set_pending(const SdMigration *migration);
extern void sd_ledger_set_done(const SdMigration *migration, int done_statements);
extern void sd_ledger_repair(const SdMigration *migration);
extern bool sd_migration_changed(const SdMigration *migration);

#endif							/* SD_MIGRATE_LEDGER_H */

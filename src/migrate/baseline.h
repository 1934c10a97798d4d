/*-------------------------------------------------------------------------
 * migrate/baseline.h
 *		Marks migrations as applied that were applied in another way.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MIGRATE_BASELINE_H
#define SD_MIGRATE_BASELINE_H

#include "migrate/ledger.h"

extern List *sd_baseline(const SdLedger *ledger, const char *upto);
extern List *sd_baseline_from_sequelize(const SdLedger *ledger, Oid table);

#endif							/* SD_MIGRATE_BASELINE_H */

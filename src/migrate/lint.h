/*-------------------------------------------------------------------------
 * migrate/lint.h
 *		Tells the author of a migration what may hurt when it is applied.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MIGRATE_LINT_H
#define SD_MIGRATE_LINT_H

#include "nodes/pg_list.h"

extern void sd_lint(const char *name, List *statements);

#endif							/* SD_MIGRATE_LINT_H */

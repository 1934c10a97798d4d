/*-------------------------------------------------------------------------
 * migrate/lint.h
 *		Tells the author of a migration what may hurt when it is applied.
 *
 * What is returned belongs to the context that was current at the call.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MIGRATE_LINT_H
#define SD_MIGRATE_LINT_H

#include "nodes/pg_list.h"

typedef struct SdFinding
{
	const char *rule;
	const char *level;			/* "notice", "warning", or "error": the migration fails, at least over a table with rows */
	int			statement;		/* the first is 1 */
	int			line;			/* in the text, at which the statement begins */
	const char *message;
	const char *hint;
} SdFinding;

/* texts that are applied one after the other, see linted.h */
typedef struct SdLinted SdLinted;

extern SdLinted *sd_lint_begin(void);
extern List *sd_lint_next(SdLinted *linted, List *statements);

/* kept_values.c */
extern bool sd_type_keeps_values(Oid old_type, int32 old_modifier, Oid new_type, int32 new_modifier);
extern bool sd_type_takes_rows(Oid type);

/* lint_report.c */
extern void sd_report_findings(const char *migration, List *statements);
extern List *sd_lint_texts(const char *sql, const char *migration);

#endif							/* SD_MIGRATE_LINT_H */

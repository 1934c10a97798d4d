/*-------------------------------------------------------------------------
 * schema/schema.h
 *		What users ask of the schema: the text of a table, missing tables, the
 *		difference as a migration, a new model with its migration, whether all is
 *		as it should be.
 *
 * All results are in the current context.
 *-------------------------------------------------------------------------
 */
#ifndef SD_SCHEMA_H
#define SD_SCHEMA_H

#include "nodes/pg_list.h"
#include "utils/jsonb.h"

/* what sync() found or did */
typedef struct SdSyncRow
{
	const char *model;
	const char *table;			/* SQL */
	const char *action;
} SdSyncRow;

/* what lint_models() has to say */
typedef struct SdModelFinding
{
	const char *rule;
	const char *level;
	const char *model;
	const char *attribute;		/* or several, with commas */
	const char *message;
	const char *hint;
} SdModelFinding;

extern char *sd_create_table_sql(const char *model);
extern List *sd_diff(Jsonb *options);
extern void sd_check(Jsonb *options);
extern List *sd_lint_models(void);
extern List *sd_sync(Jsonb *options);
extern char *sd_migration_generate(const char *name, Jsonb *options);
extern char *sd_generate(const char *model, const char *attributes, Jsonb *options);

/* attributes.c */
extern char *sd_generated_attributes(const char *list);

#endif							/* SD_SCHEMA_H */

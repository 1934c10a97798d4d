/*-------------------------------------------------------------------------
 * settings.h
 *		The extension's version and schema, and its settings (docs/reference/settings.md).
 *-------------------------------------------------------------------------
 */
#ifndef SD_SETTINGS_H
#define SD_SETTINGS_H

#define SD_VERSION	"1.0.0"
#define SD_SCHEMA	"studentdir"

/* studentdir.create_tables: whether CREATE EXTENSION makes the built-in tables */
typedef enum SdCreateTables
{
	SD_CREATE_TABLES_AUTO,		/* unless a dump is being restored */
	SD_CREATE_TABLES_ON,
	SD_CREATE_TABLES_OFF
} SdCreateTables;

/* studentdir.empty_where: what finders do with a "where" in which no condition is left */
typedef enum SdEmptyWhere
{
	SD_EMPTY_WHERE_ALLOW,
	SD_EMPTY_WHERE_REFUSE
} SdEmptyWhere;

/* studentdir.lint_level: what migration_create() does with what may hurt */
typedef enum SdLintLevel
{
	SD_LINT_OFF,
	SD_LINT_NOTICE,
	SD_LINT_ERROR
} SdLintLevel;

#define SD_LOG_OFF	0

extern bool sd_numbers_as_strings;	/* bigint and numeric as JSON strings */
extern int	sd_create_tables;	/* SdCreateTables */
extern int	sd_plan_cache_size; /* shapes kept per backend */
extern int	sd_plan_cache_memory;	/* kB that they may take */
extern int	sd_max_rows;		/* rows one call may return; 0: any number */
extern int	sd_max_include_depth;	/* levels of include */
extern int	sd_lock_timeout;	/* ms that a statement of a migration waits for a lock; 0: any time */
extern double sd_max_cost;		/* of a statement's plan, as the planner estimates it; 0: any */
extern int	sd_log_min_duration;	/* ms from which on statements are logged; -1: none are */
extern int	sd_log_sql;			/* elevel at which statements are shown, or SD_LOG_OFF */
extern bool sd_show_progress;	/* studentdir.progress: notices during bulk loads */
extern int	sd_empty_where;		/* SdEmptyWhere */
extern int	sd_lint_level;		/* SdLintLevel */
extern char *sd_allowed_functions;	/* functions that expressions may call besides the listed ones */

extern void sd_settings_init(void);

#endif							/* SD_SETTINGS_H */

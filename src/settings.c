/*-------------------------------------------------------------------------
 * settings.c
 *		The extension's settings: their variables, and what PostgreSQL is told of them.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include <float.h>
#include <limits.h>

#include "settings.h"
#include "utils/guc.h"

bool		sd_numbers_as_strings = true;
int			sd_create_tables = SD_CREATE_TABLES_AUTO;
int			sd_plan_cache_size = 256;
int			sd_plan_cache_memory = 8192;
int			sd_max_rows = 0;
int			sd_max_include_depth = 10;
char	   *sd_allowed_functions = NULL;
int			sd_lock_timeout = 10000;
int			sd_log_sql = SD_LOG_OFF;
int			sd_log_min_duration = -1;
double		sd_max_cost = 0;
bool		sd_show_progress = false;
int			sd_empty_where = SD_EMPTY_WHERE_ALLOW;
int			sd_lint_level = SD_LINT_NOTICE;

static const struct config_enum_entry create_tables_options[] = {
	{"auto", SD_CREATE_TABLES_AUTO, false},
	{"on", SD_CREATE_TABLES_ON, false},
	{"off", SD_CREATE_TABLES_OFF, false},
	{NULL, 0, false}
};

static const struct config_enum_entry empty_where_options[] = {
	{"allow", SD_EMPTY_WHERE_ALLOW, false},
	{"refuse", SD_EMPTY_WHERE_REFUSE, false},
	{NULL, 0, false}
};

static const struct config_enum_entry lint_level_options[] = {
	{"off", SD_LINT_OFF, false},
	{"notice", SD_LINT_NOTICE, false},
	{"error", SD_LINT_ERROR, false},
	{NULL, 0, false}
};

static const struct config_enum_entry log_sql_options[] = {
	{"off", SD_LOG_OFF, false},
	{"debug1", DEBUG1, false},
	{"log", LOG, false},
	{"info", INFO, false},
	{"notice", NOTICE, false},
	{NULL, 0, false}
};

/* each has one more, which ends it */
StaticAssertDecl(lengthof(create_tables_options) == SD_CREATE_TABLES_OFF + 2,
				 "every way to create tables has a name");
StaticAssertDecl(lengthof(empty_where_options) == SD_EMPTY_WHERE_REFUSE + 2,
				 "every way to take an empty where has a name");
StaticAssertDecl(lengthof(lint_level_options) == SD_LINT_ERROR + 2,
				 "every level of lint has a name");

/* Defines the settings; once a session, as the library is loaded. */
void
sd_settings_init(void)
{
	DefineCustomBoolVariable("studentdir.numbers_as_strings",
							 "Writes bigint and numeric values as JSON strings.",
							 "A JavaScript number cannot hold every one of them.",
							 &sd_numbers_as_strings, true,
							 PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomEnumVariable("studentdir.create_tables",
							 "Whether CREATE EXTENSION makes the samples.",
							 "\"auto\" makes them unless a dump is being restored.",
							 &sd_create_tables, SD_CREATE_TABLES_AUTO, create_tables_options,
							 PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("studentdir.plan_cache_size",
							"Number of statement shapes whose plans a session keeps.",
							"The least recently used goes first.",
							&sd_plan_cache_size, 256, 1, 65536,
							PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("studentdir.plan_cache_memory",
							"Memory that the plans that a session keeps may take.",
							"The least recently used goes first.",
							&sd_plan_cache_memory, 8192, 0, MAX_KILOBYTES,
							PGC_USERSET, GUC_UNIT_KB, NULL, NULL, NULL);
	DefineCustomIntVariable("studentdir.max_rows",
							"Number of rows that one call may return, included ones counted.",
							"0 sets no limit.",
							&sd_max_rows, 0, 0, INT_MAX,
							PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("studentdir.max_include_depth",
							"Number of levels that \"include\" may be nested.",
							NULL,
							&sd_max_include_depth, 10, 0, 100,
							PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomEnumVariable("studentdir.empty_where",
							 "Whether finders take a \"where\" without any condition.",
							 "\"refuse\" makes it an error unless the call says \"all\": true. find_one and find_or_create refuse it anyway.",
							 &sd_empty_where, SD_EMPTY_WHERE_ALLOW, empty_where_options,
							 PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomEnumVariable("studentdir.lint_level",
							 "What migration_create does with statements that may block or fail.",
							 "\"notice\" says what they are, \"error\" refuses the migration.",
							 &sd_lint_level, SD_LINT_NOTICE, lint_level_options,
							 PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomEnumVariable("studentdir.log_sql",
							 "Shows each statement with its parameters and its time, as messages of this level.",
							 NULL,
							 &sd_log_sql, SD_LOG_OFF, log_sql_options,
							 PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("studentdir.log_min_duration",
							"Logs each statement that took as long, with its parameters.",
							"0 logs all of them, -1 none.",
							&sd_log_min_duration, -1, -1, INT_MAX,
							PGC_USERSET, GUC_UNIT_MS, NULL, NULL, NULL);
	DefineCustomRealVariable("studentdir.max_cost",
							 "What a statement may cost, as the planner estimates it before it runs.",
							 "0 sets no limit.",
							 &sd_max_cost, 0, 0, DBL_MAX,
							 PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomBoolVariable("studentdir.progress",
							 "Tells about once a second how far bulk_create or backfill is.",
							 NULL,
							 &sd_show_progress, false,
							 PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("studentdir.lock_timeout",
							"How long a statement of a migration waits for a lock.",
							"0 leaves it to lock_timeout.",
							&sd_lock_timeout, 10000, 0, INT_MAX,
							PGC_USERSET, GUC_UNIT_MS, NULL, NULL, NULL);
	DefineCustomStringVariable("studentdir.allowed_functions",
							   "Functions that expressions may call besides those of the list.",
							   "Names separated by commas, with a schema unless it is pg_catalog.",
							   &sd_allowed_functions, "",
							   PGC_SUSET, GUC_LIST_INPUT, NULL, NULL, NULL);
	MarkGUCPrefixReserved("studentdir");
}

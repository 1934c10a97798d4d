/*-------------------------------------------------------------------------
 * migrate/builtin.h
 *		The samples: models and migrations that ship with the library.
 *
 * Which of them a database has is in studentdir.sample, by their models' names.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MIGRATE_BUILTIN_H
#define SD_MIGRATE_BUILTIN_H

#include "nodes/pg_list.h"
#include "storage/lockdefs.h"

/* what a column has to be for the engine to work with it */
typedef enum SdColumnKind
{
	SD_COLUMN_KEY,				/* integer, in the primary key, has a default */
	SD_COLUMN_INTEGER,
	SD_COLUMN_STRING,			/* room for 255 characters */
	SD_COLUMN_TEXT,				/* no limit */
	SD_COLUMN_TIME				/* a time with zone, milliseconds kept */
} SdColumnKind;

typedef struct SdBuiltinColumn
{
	const char *name;			/* NULL ends a list of them */
	SdColumnKind kind;
} SdBuiltinColumn;

#define SD_BUILTIN_MAX_COLUMNS	8

typedef struct SdBuiltin
{
	const char *migration;
	const char *up;				/* '@' stands for the quoted target schema */
	const char *model;			/* also its singular */
	const char *plural;
	const char *table;
	const char *attributes;		/* JSON, normalized */
	SdBuiltinColumn columns[SD_BUILTIN_MAX_COLUMNS];
} SdBuiltin;

extern const SdBuiltin *sd_builtin_at(int number);
extern const SdBuiltin *sd_builtin_find(const char *migration);
extern const SdBuiltin *sd_builtin_of_model(const char *model);
extern void sd_builtin_choose_all(void);
extern bool sd_builtin_is_chosen(const SdBuiltin *builtin);
extern void sd_builtin_forget(const char *model);
extern void sd_builtin_register(const char *schema);
extern List *sd_builtin_add_missing(List *migrations, const char *schema);
extern bool sd_builtin_has_rows(const SdBuiltin *builtin, const char *schema, LOCKMODE lockmode);

#endif							/* SD_MIGRATE_BUILTIN_H */

/*-------------------------------------------------------------------------
 * schema/change.h
 *		The changes that a comparison of tables finds; the caller's context owns them.
 *-------------------------------------------------------------------------
 */
#ifndef SD_SCHEMA_CHANGE_H
#define SD_SCHEMA_CHANGE_H

#include "schema/table.h"

/* in the order in which changes are made */
typedef enum SdChangeKind
{
	SD_CHANGE_DROP_KEY,			/* first: what makes them again has the old names in it */
	SD_CHANGE_DROP_INDEX,
	SD_CHANGE_RENAME_TABLE,
	SD_CHANGE_RENAME_COLUMN,
	SD_CHANGE_RENAME_VALUE,
	SD_CHANGE_DROP_COUNTING,
	SD_CHANGE_DROP_COLUMN,
	SD_CHANGE_CREATE_TABLE,
	SD_CHANGE_TYPE,
	SD_CHANGE_ADD_COLUMN,
	SD_CHANGE_DEFAULT,
	SD_CHANGE_NULLABILITY,
	SD_CHANGE_ADD_COUNTING,
	SD_CHANGE_ADD_INDEX,
	SD_CHANGE_ADD_KEY,
	SD_CHANGE_COMMENT,
	SD_CHANGE_DROP_TABLE,
	SD_CHANGE_RENAME_TYPE		/* after all that names it */
} SdChangeKind;

typedef struct SdChange
{
	SdChangeKind kind;
	int			number;			/* among the changes as they were found */
	List	   *models;			/* names; of a table that goes, none */
	const char *table;			/* not quoted, without its schema */
	const char *name;			/* of a column, an index or a constraint; or NULL */
	const char *actual;			/* in words of SQL; NULL: it is not there */
	const char *expected;		/* NULL: it should not be there */
	bool		deparsed_up;	/* the server's words are in it, which leave out schema pg_catalog */
	bool		deparsed_down;
	const char *up;
	const char *down;			/* NULL: what made the table takes it away, too */

	/* what forms that do not block are made of, see online.c */
	const SdTable *on;			/* the table as it should be; without a relid it is made, too */
	const SdColumn *column;		/* that is added, or becomes NOT NULL */
	const SdColumn *column_was; /* one that becomes NOT NULL, as it is */
	const SdIndex *index;		/* that is added or dropped */
	const SdForeignKey *key;	/* that is added or dropped */
	bool		keeps_values;	/* a type of which all values stay as they are */
} SdChange;

/* a comparison that is under way */
typedef struct SdComparison
{
	List	   *desired;		/* of SdTable */
	List	   *actual;			/* the same tables as they are; NULL for one that is not there */
	List	   *changes;		/* of SdChange */
	List	   *taken;			/* names given to what is to be made */
	List	   *freed;			/* names of what is to be dropped */
	bool		drop;			/* what the tables have beyond the models is to go, too */
	bool		fresh;			/* names are those that an empty schema would give */
} SdComparison;

extern const char *sd_change_name(SdChangeKind kind);
extern SdChange *sd_add_change(SdComparison *comparison, SdChangeKind kind, const SdTable *table,
							   const char *name);

#endif							/* SD_SCHEMA_CHANGE_H */

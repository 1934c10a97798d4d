/*-------------------------------------------------------------------------
 * schema/difference.h
 *		What has to change in the tables for them to be as the models ask.
 *
 * A change is the statements that make it and those that take it back.  Done in
 * the order of the list they lead from the tables as they are to the tables as
 * they should be; taken back in the reverse order, to the former again.
 *-------------------------------------------------------------------------
 */
#ifndef SD_SCHEMA_DIFFERENCE_H
#define SD_SCHEMA_DIFFERENCE_H

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
	SD_CHANGE_RENAME_TYPE,		/* after all that names it */
	SD_CHANGE_DROP_TABLE
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
	const SdForeignKey *key;	/* that is added */
	bool		keeps_values;	/* a type of which all values stay as they are */
} SdChange;

/* a change of name that nothing but the user can know of */
typedef struct SdRename
{
	const char *schema;
	const char *table;			/* that is or was, where the table, or a type, is renamed itself */
	const char *column;			/* of a value of an enum: its column, by the new name; else NULL */
	const char *from;
	const char *to;
	List	   *relids;			/* of a column: the tables that have it, OIDs */
} SdRename;

/* what the user says of the difference */
typedef struct SdTold
{
	List	   *table_renames;	/* of SdRename */
	List	   *column_renames;
	List	   *value_renames;
	List	   *type_renames;
	List	   *dropped;		/* of SdRename: tables that are to go; only "table" is set */
	bool		drop;			/* what the tables have beyond the models is to go, too */
} SdTold;

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

extern List *sd_difference(SdTold *told);
extern void sd_notice_drops(List *changes);
extern const char *sd_change_name(SdChangeKind kind);
extern List *sd_tables_in_order(List *tables);
extern List *sd_changes_in_order(List *changes);
extern char *sd_changes_up(List *changes);
extern char *sd_changes_down(List *changes);

/* for the parts of a comparison */
extern void sd_create_table(SdComparison *comparison, SdTable *table);
extern SdChange *sd_add_change(SdComparison *comparison, SdChangeKind kind, const SdTable *table,
							   const char *name);
extern void sd_compare_columns(SdComparison *comparison, SdTable *desired, SdTable *actual);
extern void sd_compare_keys(SdComparison *comparison, SdTable *desired, SdTable *actual);
extern void sd_compare_indexes(SdComparison *comparison, SdTable *desired, SdTable *actual);
extern void sd_add_renames(SdComparison *comparison, SdTold *told);
extern SdTable *sd_table_as_told(const SdTold *told, const char *schema, const char *name);
extern void sd_name_all(SdComparison *comparison, SdTable *table);
extern const char *sd_choose_name(SdComparison *comparison, const SdTable *table, List *columns,
								  const char *label);
extern void sd_name_index(SdComparison *comparison, const SdTable *table, SdIndex *index);
extern void sd_name_key(SdComparison *comparison, const SdTable *table, SdForeignKey *key);
extern void sd_name_enum(SdComparison *comparison, SdColumn *column);

#endif							/* SD_SCHEMA_DIFFERENCE_H */

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

#include "schema/change.h"

/* a change of name that nothing but the user can know of */
typedef struct SdRename
{
	const char *schema;
	const char *table;			/* that is or was, where the table, or a type, is renamed itself */
	const char *column;			/* of a value of an enum: its column, by the new name; else NULL */
	const char *from;
	const char *to;
	List	   *relids;			/* of a column: the tables that have it, OIDs */
	const SdEnumType *type;		/* of a value: the type that has it, which other columns may be of; NULL until it is found */
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

extern List *sd_difference(SdTold *told);
extern void sd_notice_drops(List *changes);
extern List *sd_tables_in_order(List *tables);
extern List *sd_changes_in_order(List *changes);
extern char *sd_changes_up(List *changes);
extern char *sd_changes_down(List *changes);

/* for the parts of a comparison */
extern void sd_create_table(SdComparison *comparison, SdTable *table);
extern void sd_compare_columns(SdComparison *comparison, SdTable *desired, SdTable *actual);
extern void sd_compare_keys(SdComparison *comparison, SdTable *desired, SdTable *actual);
extern void sd_compare_indexes(SdComparison *comparison, SdTable *desired, SdTable *actual);
extern void sd_add_renames(SdComparison *comparison, SdTold *told);
extern void sd_rename_values(const SdTold *told, SdTable *table);
extern bool sd_has_renamed_values(const SdTable *actual, List *columns);
extern SdTable *sd_table_as_told(const SdTold *told, const char *schema, const char *name);
extern void sd_name_all(SdComparison *comparison, SdTable *table);
extern const char *sd_choose_name(SdComparison *comparison, const SdTable *table, List *columns,
								  const char *label);
extern void sd_name_index(SdComparison *comparison, const SdTable *table, SdIndex *index);
extern void sd_name_key(SdComparison *comparison, const SdTable *table, SdForeignKey *key);
extern void sd_name_enum(SdComparison *comparison, SdColumn *column);

#endif							/* SD_SCHEMA_DIFFERENCE_H */

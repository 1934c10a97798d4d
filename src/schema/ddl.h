/*-------------------------------------------------------------------------
 * schema/ddl.h
 *		The statements that make, change and drop tables and what is in them.
 *
 * The one place where names and values become text of DDL: quoted, and with
 * their schema.  Each text is one or more statements with their semicolons, on
 * lines of their own, in the current context.
 *-------------------------------------------------------------------------
 */
#ifndef SD_SCHEMA_DDL_H
#define SD_SCHEMA_DDL_H

#include "schema/table.h"

extern char *sd_table_sql(const SdTable *table);
extern char *sd_columns_sql(List *columns);
extern char *sd_comma_sql(List *pieces);
extern char *sd_column_sql(const SdTable *table, const SdColumn *column);

extern char *sd_ddl_alter(const SdTable *table, const char *action);
extern char *sd_ddl_create_table(const SdTable *table, bool with_keys);
extern char *sd_ddl_drop_table(const SdTable *table);
extern char *sd_ddl_rename_table(const SdTable *table, const char *name);
extern char *sd_ddl_rename_column(const SdTable *table, const char *from, const char *to);
extern char *sd_ddl_add_column(const SdTable *table, const SdColumn *column, bool fill);
extern char *sd_ddl_drop_column(const SdTable *table, const SdColumn *column);
extern char *sd_ddl_retype(const SdTable *table, const SdColumn *from, const SdColumn *to);
extern char *sd_ddl_default(const SdTable *table, const SdColumn *column);
extern char *sd_ddl_fill(const SdTable *table, const SdColumn *column);
extern char *sd_ddl_nullability(const SdTable *table, const SdColumn *column, bool fill);
extern char *sd_ddl_counting(const SdTable *table, const SdColumn *from, const SdColumn *to);
extern char *sd_ddl_sequence_to_identity(const SdTable *table, const SdColumn *column,
										 const char *sequence);
extern char *sd_ddl_identity_to_sequence(const SdTable *table, const SdColumn *column,
										 const char *sequence);
extern char *sd_ddl_table_comment(const SdTable *table, const char *comment);
extern char *sd_ddl_column_comment(const SdTable *table, const SdColumn *column,
								   const char *comment);

/* filler.c */
extern const char *sd_filler(const SdColumn *column);

/* ddl_index.c */
extern char *sd_index_definition(const SdTable *table, const SdIndex *index);
extern char *sd_key_definition(const SdForeignKey *key);
extern char *sd_ddl_add_index(const SdTable *table, const SdIndex *index);
extern char *sd_ddl_drop_index(const SdTable *table, const SdIndex *index);
extern char *sd_ddl_add_key(const SdTable *table, const SdForeignKey *key);
extern char *sd_ddl_drop_constraint(const SdTable *table, const char *name);
extern char *sd_ddl_index_only(const SdTable *table, const SdIndex *index);
extern char *sd_ddl_index_concurrently(const SdTable *table, const SdIndex *index, const char *name);
extern char *sd_ddl_using_index(const SdTable *table, const SdIndex *index, const char *name,
								const char *built, const char *dropped);
extern char *sd_ddl_replace_key(const SdTable *table, const SdForeignKey *key, const char *dropped);
extern char *sd_ddl_rename_constraint(const SdTable *table, const char *from, const char *to);
extern char *sd_ddl_attach_index(const SdTable *parent, const char *index, const SdTable *partition,
								 const char *name);
extern char *sd_ddl_rename_index(const SdTable *table, const char *from, const char *to);
extern char *sd_ddl_drop_index_concurrently(const SdTable *table, const char *name);
extern char *sd_ddl_drop_index_if_there(const SdTable *table, const char *name);
extern char *sd_ddl_drop_constraint_if_there(const SdTable *table, const char *name);
extern char *sd_ddl_add_key_not_valid(const SdTable *table, const SdForeignKey *key);
extern char *sd_ddl_add_not_null_check(const SdTable *table, const SdColumn *column,
									   const char *name);
extern char *sd_ddl_validate(const SdTable *table, const char *name);

/* ddl_enum.c */
extern char *sd_enum_sql(const SdEnumType *type);
extern char *sd_ddl_create_enum(const SdEnumType *type);
extern char *sd_ddl_drop_enum(const SdEnumType *type);
extern char *sd_ddl_add_values(const SdEnumType *from, const SdEnumType *to);
extern char *sd_ddl_rename_type(const char *schema, const char *from, const char *to);
extern char *sd_ddl_rename_value(const SdEnumType *type, const char *from, const char *to);

#endif							/* SD_SCHEMA_DDL_H */

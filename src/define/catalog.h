/*-------------------------------------------------------------------------
 * define/catalog.h
 *		Rows of studentdir.model and studentdir.association, read and written
 *		as the caller.
 *
 * What is read is in the current context, and does not need the model's table.
 *-------------------------------------------------------------------------
 */
#ifndef SD_DEFINE_CATALOG_H
#define SD_DEFINE_CATALOG_H

#include "define/definition.h"
#include "nodes/pg_list.h"

typedef struct SdModelRow
{
	char	   *name;
	char	   *singular;
	char	   *plural;
	char	   *schema;
	char	   *table;
	Jsonb	   *attributes;
	Jsonb	   *options;
} SdModelRow;

typedef struct SdAssociationRow
{
	char	   *model;
	char	   *alias;
	char	   *kind;			/* as in the catalog: has_many, … */
	char	   *target;
	List	   *source_key;		/* names of attributes */
	List	   *target_key;
	char	   *through;		/* the rest may be NULL or NIL */
	List	   *foreign_key;
	List	   *other_key;
	char	   *options;		/* JSON */
} SdAssociationRow;

extern SdModelRow *sd_find_model_row(const char *name);
extern SdModelRow *sd_model_row(const char *name);
extern void sd_write_model_row(const SdDefinition *definition);
extern void sd_append_attribute(const SdModelRow *row, const char *name, const char *attribute);
extern bool sd_delete_model_row(const char *name);
extern const char *sd_other_case(const char *name);

extern bool sd_row_attribute(const SdModelRow *row, const char *name, JsonbValue *attribute);
extern List *sd_row_keys(const SdModelRow *row);
extern char *sd_row_string(const JsonbValue *object, const char *key);
extern bool sd_row_flag(const JsonbValue *object, const char *key, bool otherwise);

extern List *sd_association_rows(const char *model);
extern void sd_write_association_row(const SdAssociationRow *row);
extern void sd_delete_association_rows(const char *model);
extern bool sd_same_names(List *a, List *b);

#endif							/* SD_DEFINE_CATALOG_H */

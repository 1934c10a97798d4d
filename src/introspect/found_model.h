/*-------------------------------------------------------------------------
 * introspect/found_model.h
 *		What is found of relations, and the parts of a look that find it.
 *
 * introspect.h says where it lives and what holds of it.
 *-------------------------------------------------------------------------
 */
#ifndef SD_FOUND_MODEL_H
#define SD_FOUND_MODEL_H

#include "catalogs/rows.h"
#include "schema/table.h"

/* the options of a call */
typedef struct SdIntrospectOptions
{
	List	   *schemas;		/* LIKE patterns, char *; NIL: the target schema */
	List	   *tables;			/* LIKE patterns; NIL: all */
	List	   *exclude;		/* LIKE patterns */
	bool		timestamps;
	bool		expose;			/* import only */
} SdIntrospectOptions;

/* an association that a foreign key stands for */
typedef struct SdFoundAssociation
{
	SdAssociationKind kind;
	const char *source;			/* models */
	const char *target;
	const char *through;		/* or NULL */
	const char *alias;
	List	   *foreign_key;	/* names of attributes, as in SdAssociationRow */
	List	   *other_key;
	List	   *source_key;		/* of SD_BELONGS_TO_MANY */
	List	   *target_key;
	const char *options;		/* JSON of the call */
} SdFoundAssociation;

/* a relation, and what was made of it */
typedef struct SdFoundModel
{
	SdTable    *table;
	char		kind;			/* pg_class.relkind */
	const char *name;			/* NULL: there is no model of it, and the notes say why */
	const SdModelRow *row;		/* the model that is defined over it already, or NULL */
	bool		inherits;
	int			place;			/* among the models, in the order in which they can be defined */
	List	   *attribute_names;	/* in the order of table->columns; NULL for one that was left out */
	List	   *names;			/* of all attributes that it will have, or has */
	List	   *aliases;		/* names that associations have by now */
	const char *attributes;		/* JSON */
	const char *options;		/* JSON */
	List	   *associations;	/* of SdFoundAssociation: those that can be made once this model is there */
	List	   *notes;			/* char * */
} SdFoundModel;

/* a look at a database */
typedef struct SdIntrospection
{
	SdIntrospectOptions options;
	const char *target_schema;
	List	   *models;			/* of SdFoundModel, in the order in which they can be defined */
	List	   *taken;			/* names of models */
} SdIntrospection;

/* found_model.c */
extern void sd_note(SdFoundModel *model, const char *fmt,...) pg_attribute_printf(2, 3);
extern const char *sd_json_key(List *names);
extern const char *sd_attribute_of(const SdFoundModel *model, const char *column);
extern List *sd_attributes_of(const SdFoundModel *model, List *columns);
extern List *sd_primary_columns(const SdTable *table);

/* relations.c */
extern List *sd_find_relations(const SdIntrospection *look);

/* model_name.c */
extern void sd_name_models(SdIntrospection *look);
extern bool sd_is_taken(List *names, const char *name);
extern const char *sd_free_name(const char *name, List *taken, List *others);
extern const char *sd_attribute_name(const char *column, List *taken);
extern const char *sd_model_word(const char *identifier);
extern const char *sd_alias_word(List *columns);
extern bool sd_model_options_name(const SdFoundModel *model, const char **singular,
								  const char **plural);
extern const char *sd_model_plural(const SdFoundModel *model);

/* found_attributes.c */
extern void sd_find_attributes(const SdIntrospection *look, SdFoundModel *model);

/* check_rules.c */
extern bool sd_check_rule(const char *expression, AttrNumber *column, List **rules);

/* found_indexes.c */
extern char *sd_find_indexes(SdFoundModel *model, List **unique, List **indexed);

/* partition_keys.c */
extern List *sd_partition_keys(const SdTable *table);

/* found_associations.c */
extern void sd_find_associations(SdIntrospection *look);

#endif							/* SD_FOUND_MODEL_H */

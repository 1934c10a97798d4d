/*-------------------------------------------------------------------------
 * catalogs/rows.h
 *		Rows of studentdir.model and studentdir.association, read and checked.
 *
 * Whoever has the privilege writes these tables with plain DML.  So nothing
 * reads them but what is declared here: every member of a row has its type, its
 * names are neither empty nor too long, and what refers to an attribute of the same row finds it, or
 * reading raises 55000 that says what is wrong.  What a row says of other rows
 * and of tables is not looked at.
 *
 * A row and all that it points to belong to the memory context that was current
 * when it was read, and are not changed.  Rows are read with a snapshot that is
 * newer than every invalidation processed, and without a check of privileges,
 * as system catalogs are; they show what earlier commands of the transaction
 * did.
 *-------------------------------------------------------------------------
 */
#ifndef SD_CATALOGS_ROWS_H
#define SD_CATALOGS_ROWS_H

#include "nodes/pg_list.h"
#include "utils/jsonb.h"
#include "utils/snapshot.h"

/* an attribute in normalized form */
typedef struct SdAttributeRow
{
	char	   *name;
	char	   *type;			/* as declared; what it means depends on the types there are */
	char	   *field;			/* its column, not quoted; NULL: VIRTUAL */
	bool		allow_null;
	bool		primary_key;
	bool		auto_increment;
	JsonbValue *default_value;	/* or NULL */
	char	   *default_function;	/* or NULL */
	bool		unique;
	char	   *unique_name;	/* shared with other attributes; or NULL */
	char	   *unique_message; /* what is said where a value is taken; or NULL */
	bool		indexed;
	char	   *index_name;		/* or NULL */
	char	   *comment;		/* or NULL */
	char	   *references;		/* a model; or NULL */
	char	   *references_key; /* its attribute; NULL: its primary key */
	char	   *on_delete;		/* as SQL says it, in upper case; or NULL */
	char	   *on_update;
	bool		hidden;			/* in no answer unless it is asked for by name */
	bool		read_only;		/* in no data unless the call allows it */
	JsonbValue *as;				/* of a computed attribute: its expression, an object; or NULL */
	List	   *params;			/* that it takes, as C strings */
	bool		shown;			/* it is in default answers */
	JsonbValue *validate;		/* an array of objects, each with its name, see model/rules.h; or NULL */
	JsonbValue	json;			/* the whole object */
} SdAttributeRow;

/* a validator of a whole model */
typedef struct SdCheck
{
	const char *name;
	const char *message;		/* NULL: the usual one */
	const JsonbValue *where;
} SdCheck;

/* one column of an index */
typedef struct SdIndexPart
{
	const SdAttributeRow *attribute;	/* kept in a column */
	char	   *collation;		/* or NULL */
	char	   *operator_class; /* or NULL */
	bool		descending;
} SdIndexPart;

/* an element of a model's option "indexes" */
typedef struct SdIndexRow
{
	char	   *name;			/* or NULL */
	char	   *method;			/* or NULL */
	bool		unique;
	bool		nulls_not_distinct; /* only where unique */
	List	   *parts;			/* of SdIndexPart, at least one */
	JsonbValue *where;			/* an object or an array; or NULL */
} SdIndexRow;

typedef struct SdModelRow
{
	TransactionId changed_by;	/* the transaction that wrote the row */
	char	   *name;
	char	   *singular;
	char	   *plural;
	char	   *schema;			/* of the table, not quoted */
	char	   *table;
	bool		exposed;
	int			nattributes;
	SdAttributeRow *attributes; /* in declared order, at least one */

	/* options */
	bool		underscored;
	bool		timestamps;
	bool		paranoid;
	bool		builtin;
	const SdAttributeRow *created_at;	/* kept in columns; or NULL */
	const SdAttributeRow *updated_at;
	const SdAttributeRow *deleted_at;	/* never NULL where paranoid */
	const SdAttributeRow *version;
	char	   *comment;		/* or NULL */
	JsonbValue *default_scope;	/* an object of options, or NULL */
	JsonbValue *scopes;			/* an object of such objects by name, or NULL */
	int			nchecks;
	SdCheck    *checks;
	List	   *indexes;		/* of SdIndexRow */
	JsonbValue	options;		/* the whole object */
} SdModelRow;

typedef enum SdAssociationKind
{
	SD_HAS_MANY,
	SD_HAS_ONE,
	SD_BELONGS_TO,
	SD_BELONGS_TO_MANY
} SdAssociationKind;

typedef struct SdAssociationRow
{
	char	   *model;
	char	   *alias;
	SdAssociationKind kind;
	char	   *target;
	List	   *source_key;		/* names of attributes, at least one; no name twice in a key */
	List	   *target_key;		/* as many, but for SD_BELONGS_TO_MANY */
	char	   *through;		/* of SD_BELONGS_TO_MANY, else NULL */
	List	   *foreign_key;	/* who refers: of the join model, as many as source_key, or one of these two */
	List	   *other_key;		/* of SD_BELONGS_TO_MANY, as many as target_key, else NIL */

	/* options */
	JsonbValue *scope;			/* an object of plain values, or NULL */
	JsonbValue *through_scope;	/* the same, of SD_BELONGS_TO_MANY */
	char	   *on_delete;		/* as SQL says it, or NULL */
	char	   *on_update;
	bool		constraints;
	bool		allow_null;
	bool		cascades;		/* soft deletes do */
	JsonbValue	options;		/* the whole object */
} SdAssociationRow;

/* a model that holds foreign keys, and the model that they refer to */
typedef struct SdSide
{
	const char *holder;
	List	   *foreign_key;
	const char *referenced;
	List	   *key;
} SdSide;

/* problem.c */
extern void sd_bad_row(const char *model, const char *detail) pg_attribute_noreturn();
extern const char *sd_name_problem(const char *name);

/* scan.c */
extern Oid	sd_catalog_table(const char *name);
extern List *sd_text_list(Datum array);

/* model_row.c */
extern SdModelRow *sd_read_model_row(Oid catalog, Snapshot snapshot, const char *name);
extern SdModelRow *sd_find_model_row(const char *name);
extern List *sd_all_model_rows(void);
extern List *sd_model_names(void);
extern bool sd_model_exists(const char *name);
extern const char *sd_other_case(const char *name);
extern char *sd_model_over(const char *schema, const char *table, const char *name);
extern const SdAttributeRow *sd_row_attribute(const SdModelRow *row, const char *name);
extern List *sd_row_keys(const SdModelRow *row);
extern List *sd_row_fields(const SdModelRow *row, List *names);

/* association_row.c */
extern List *sd_read_association_rows(Oid catalog, Snapshot snapshot, const char *model);
extern SdAssociationRow *sd_find_association_row(const char *model, const char *alias);
extern List *sd_association_rows(const char *model);
extern List *sd_all_association_rows(void);
extern const char *sd_association_kind(SdAssociationKind kind);

/* side.c */
extern int	sd_association_sides(const SdAssociationRow *row, SdSide sides[2]);
extern bool sd_is_other_side(const SdAssociationRow *a, const SdAssociationRow *b);
extern char *sd_other_side(const SdAssociationRow *row);
extern bool sd_same_names(List *a, List *b);

#endif							/* SD_CATALOGS_ROWS_H */

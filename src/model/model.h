/*-------------------------------------------------------------------------
 * model/model.h
 *		Descriptors of models: what the catalogs studentdir.model and
 *		studentdir.association and the model's table say, in one struct.
 *
 * Descriptors belong to the per-backend cache (cache.c) and are read only.  A
 * descriptor that sd_model_open() has returned stays as it is until the memory
 * context goes, or is reset, that was current then, whatever invalidation arrives.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MODEL_H
#define SD_MODEL_H

#include "nodes/pg_list.h"
#include "access/attnum.h"
#include "catalogs/rows.h"
#include "model/distribution.h"
#include "model/rules.h"

/* what an attribute is that is not given when a row is created */
typedef enum SdDefault
{
	SD_DEFAULT_NONE,			/* the column's default */
	SD_DEFAULT_VALUE,
	SD_DEFAULT_NOW,				/* the wall clock */
	SD_DEFAULT_UUID				/* a random one */
} SdDefault;

typedef struct SdAttribute
{
	const char *name;			/* key in JSON */
	int			name_len;
	const char *column;			/* quoted identifier; NULL: VIRTUAL, validated but not stored */
	AttrNumber	attnum;
	Oid			type;			/* the column's type, a domain's base type */
	Oid			domain;			/* the column's type where it is a domain; else InvalidOid */
	bool		null_if_left_out;	/* of a new row, and not what somebody else fills in */
	Oid			collation;
	int32		typmod;			/* the column's length or precision; -1 where none can be exceeded */
	SdDefault	default_kind;
	JsonbValue *default_value;
	bool		allow_null;		/* what validation says, not the table */
	bool		not_null;		/* what the table says */
	bool		generated;		/* the table fills it in: key sequence, timestamps */
	bool		computed;		/* and nobody else can: GENERATED ALWAYS, as an identity or from an expression */
	bool		defaulted;		/* the column, or its domain, has a default */
	bool		sequenced;		/* the column's default is the next value of a sequence */
	const char *unique_name;	/* of the unique constraint that it shares; or NULL */
	const char *unique_message; /* what is said where its value is taken; NULL: the usual */
	bool		string;			/* declared as a string: objects and arrays are violations */
	const struct JsonbValue *as;	/* of a computed attribute: its expression; else NULL */
	List	   *params;			/* that it takes, as C strings */
	bool		shown;			/* it is in default answers */
	bool		hidden;			/* its values are shown to those who ask for it by name, and in no log */
	bool		read_only;		/* data may set it only where the call says so */
	SdRules		rules;			/* its validators */
} SdAttribute;

typedef struct SdAssociation
{
	const char *alias;			/* key in JSON, name in "include" */
	SdAssociationKind kind;
	const char *path;			/* in URLs: the alias in lower case, with dashes */
	const char *target;			/* model name */
	int			nkeys;
	int		   *source_keys;	/* attributes of the source that are matched */
	int			ntarget_keys;	/* as many as nkeys, but for SD_BELONGS_TO_MANY */
	const char *const *target_keys; /* with these attributes of the target */

	/* SD_BELONGS_TO_MANY: join model, with what in it is matched with either key */
	const char *through;
	const char *const *foreign_keys;	/* with source_keys */
	const char *const *other_keys;	/* with target_keys */

	/* objects of attributes and scalars that associated rows, and their join rows, have; or NULL */
	const JsonbValue *scope;
	const JsonbValue *through_scope;
	bool		cascades;		/* soft deletes go on to the associated rows */
} SdAssociation;

static inline bool
sd_is_to_many(const SdAssociation *association)
{
	return association->kind == SD_HAS_MANY || association->kind == SD_BELONGS_TO_MANY;
}

/* how far a backend has heard what others change, see sd_catalogs_changed() */
typedef struct SdNews
{
	uint64		generation;		/* changes that could concern the catalogs */
	uint64		messages;		/* of other sessions */
} SdNews;

typedef struct SdModel
{
	const char *name;
	const char *singular;		/* as users write it: User, Users */
	const char *plural;
	bool		exposed;		/* has typed functions and routes */
	const char *relation;		/* quoted and schema-qualified */
	Oid			relid;
	bool		partitioned;	/* its rows are in partitions, and no rule writes others */
	SdDistribution distribution;	/* of its table's rows, by Citus */
	int			distributed_by; /* attribute, or -1 */
	int			colocation;		/* number of the tables that are distributed alike */
	TransactionId changed_by;	/* the last change of the model's row or of its table */
	uint64		serial;			/* of this descriptor; never used twice in a backend */
	int			nattrs;
	SdAttribute *attrs;			/* in declared order */
	int			nkeys;
	int		   *keys;			/* the primary key's attributes */
	int			created_at;		/* attribute, or -1 */
	int			updated_at;
	int			deleted_at;		/* of a paranoid model; else -1 */
	int			version;		/* attribute that counts the updates of a row, or -1 */
	const JsonbValue *default_scope; /* an object of options, or NULL */
	const JsonbValue *scopes;	/* an object of such objects by name, or NULL */
	int			nchecks;
	SdCheck    *checks;
	int			nassociations;
	SdAssociation *associations;

	/* the cache's own */
	SdNews		opened;			/* when it was opened last */
	MemoryContext cxt;
	bool		expired;
	int			pins;			/* contexts in which it was opened and that are still there */
	struct SdModel *next_expired;
} SdModel;

/*
 * Whether rows of a paranoid model that are not deleted have a value in deletedAt, the
 * attribute's default, and not null.
 */
static inline bool
sd_has_alive_value(const SdModel *model)
{
	return model->deleted_at >= 0 &&
		model->attrs[model->deleted_at].default_kind == SD_DEFAULT_VALUE;
}

/* cache.c */
extern void sd_model_init(void);
extern const SdModel *sd_model_open(const char *name);
extern const SdModel *sd_model_open_beside(const char *name, const SdModel *first);
extern bool sd_models_start_over(int sqlerrcode);
extern bool sd_snapshot_is_old(void);
extern SdNews sd_model_news(void);
extern bool sd_catalogs_changed(SdNews since);
extern uint64 sd_model_generation(void);
extern Oid	sd_model_catalog(bool *remembered);

/* recheck.c */
extern void sd_model_recheck(const SdModel *model);

/*
 * To be called before a statement is made or run that stands on the descriptor:
 * raises 0A000 when the table has become another since.
 */
static inline void
sd_model_check(const SdModel *model)
{
	Assert(model->pins > 0);
	if (unlikely(model->expired))
		sd_model_recheck(model);
}

/* load.c: for the cache only */
extern SdModel *sd_model_load(const char *name, Oid model_catalog, Oid association_catalog,
							  SdNews since, MemoryContext cxt);

/* lookup.c */
extern int	sd_find_attribute(const SdModel *model, const char *name, int len);
extern bool sd_is_key(const SdModel *model, int attr);
extern int	sd_find_column(const SdModel *model, const char *name, int len);
extern const SdAssociation *sd_find_association(const SdModel *model, const char *name, int len,
												bool *ambiguous);
extern const char *sd_nearest_attribute(const SdModel *model, const char *name, int len);
extern const char *sd_nearest(const char *name, int len, const char *const *candidates, int n);

/* missing.c */
extern const char *sd_nearest_model(const char *name);
extern pg_attribute_noreturn() void sd_no_such_model(const char *name);
extern SdModelRow *sd_model_row(const char *name);

/* other_schema.c */
extern char *sd_other_schema(const char *schema, const char *table);

/* readable.c */
extern const bool *sd_readable(const SdModel *model);
extern bool sd_is_readable(const SdModel *model, int attr);
extern const bool *sd_permitted_data(const SdModel *model, bool create);

/* missing_side.c */
extern char *sd_missing_side(const SdModel *model, const char *name, int len);

#endif							/* SD_MODEL_H */

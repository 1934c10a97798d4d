/*-------------------------------------------------------------------------
 * model/model.h
 *		Descriptors of models: what the catalogs studentdir.model and
 *		studentdir.association and the model's table say, in one struct.
 *
 * Descriptors belong to the per-backend cache (cache.c) and are read only.  A
 * descriptor that sd_model_open() has returned stays as it is until the end of
 * the transaction, whatever invalidation arrives.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MODEL_H
#define SD_MODEL_H

#include "access/attnum.h"
#include "model/rules.h"

typedef struct SdAttribute
{
	const char *name;			/* key in JSON */
	int			name_len;
	const char *column;			/* quoted identifier */
	AttrNumber	attnum;
	Oid			type;			/* the column's type, a domain's base type */
	Oid			collation;
	bool		allow_null;		/* what validation says, not the table */
	bool		generated;		/* the table fills it in: key sequence, timestamps */
	bool		string;			/* declared as a string: objects and arrays are violations */
	SdRules		rules;			/* its validators */
} SdAttribute;

typedef enum SdAssociationKind
{
	SD_HAS_MANY,
	SD_HAS_ONE,
	SD_BELONGS_TO
} SdAssociationKind;

typedef struct SdAssociation
{
	const char *alias;			/* key in JSON, name in "include" */
	SdAssociationKind kind;
	const char *target;			/* model name */
	int			source_key;		/* attribute of the source that is matched */
	const char *target_key;		/* with this attribute of the target */
} SdAssociation;

typedef struct SdModel
{
	const char *name;
	const char *singular;		/* as users write it: User, Users */
	const char *plural;
	const char *relation;		/* quoted and schema-qualified */
	Oid			relid;
	uint64		serial;			/* of this descriptor; never used twice in a backend */
	int			nattrs;
	SdAttribute *attrs;			/* in declared order */
	int			nkeys;
	int		   *keys;			/* the primary key's attributes */
	int			created_at;		/* attribute, or -1 */
	int			updated_at;
	int			nassociations;
	SdAssociation *associations;

	/* the cache's own */
	MemoryContext cxt;
	bool		expired;
	struct SdModel *next_expired;
} SdModel;

/* cache.c */
extern void sd_model_init(void);
extern const SdModel *sd_model_open(const char *name);

/* load.c: for the cache only */
extern SdModel *sd_model_load(const char *name, Oid model_catalog, Oid association_catalog,
							  MemoryContext cxt);

/* lookup.c */
extern int	sd_find_attribute(const SdModel *model, const char *name, int len);
extern const SdAssociation *sd_find_association(const SdModel *model, const char *name, int len,
												bool *ambiguous);
extern const char *sd_nearest_attribute(const SdModel *model, const char *name, int len);
extern const char *sd_nearest(const char *name, int len, const char *const *candidates, int n);

#endif							/* SD_MODEL_H */

/*-------------------------------------------------------------------------
 * define/definition.h
 *		A model's definition as the caller gave it, read and checked.
 *
 * Definitions live in the context of the call that reads them.
 *-------------------------------------------------------------------------
 */
#ifndef SD_DEFINITION_H
#define SD_DEFINITION_H

#include "convert/path.h"
#include "lib/stringinfo.h"
#include "model/types.h"
#include "utils/jsonb.h"

typedef struct SdAttributeDef
{
	const char *name;
	const char *field;			/* column, not quoted; NULL: VIRTUAL */
	SdType	   *type;
	bool		not_null;
	bool		primary_key;
	bool		auto_increment;
	bool		has_default;
	bool		references;
	JsonbValue *as;				/* of a computed attribute: its expression; or NULL */
	List	   *params;			/* that it takes, as C strings */
	bool		shown;			/* it is in default answers */
	const char *on_delete;
	const char *on_update;
	List	   *validators;		/* keys of "validate", as ordered */
	bool		needs_value;	/* has the validator notNull */
	const char *unique;			/* name of the constraint that it shares, or NULL */
	const char *index;			/* the same of an index */
	StringInfoData more;		/* the other members of the normalized form, JSON */
} SdAttributeDef;

typedef struct SdDefinition
{
	const char *name;
	const char *singular;
	const char *plural;
	const char *schema;
	const char *table;
	bool		underscored;
	bool		freeze_table_name;
	bool		timestamps;
	bool		paranoid;
	bool		no_key;			/* there is no primary key, and none is made up */
	const char *created_at;		/* attribute, or NULL */
	const char *updated_at;
	const char *deleted_at;
	const char *version;
	const char *expose;			/* schema; "" for the target schema; NULL: not at all */
	JsonbValue *indexes;		/* NULL: not given */
	JsonbValue *default_scope;
	JsonbValue *scopes;
	JsonbValue *validate;
	const char *comment;
	List	   *attributes;		/* of SdAttributeDef, in declared order */
} SdDefinition;

/* options.c */
extern SdDefinition *sd_read_model_options(const char *name, Jsonb *options);
extern void sd_check_model_options(const SdDefinition *definition);
extern char *sd_model_options_json(const SdDefinition *definition);

/* attributes.c */
extern void sd_read_attributes(SdDefinition *definition, Datum attributes);
extern const SdAttributeDef *sd_definition_attribute(const SdDefinition *definition,
													 const char *name, int len);
extern char *sd_attributes_json(const SdDefinition *definition);

#endif							/* SD_DEFINITION_H */

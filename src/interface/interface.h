/*-------------------------------------------------------------------------
 * interface/interface.h
 *		The interface of a model: what callers give and get, as OpenAPI, JSON
 *		Schema, TypeScript and diagrams describe it.
 *
 * It is made of the model's row, its descriptor and what the current role may
 * do, for one call, in the context that is current then.  What the role may not
 * read is not in it.
 *-------------------------------------------------------------------------
 */
#ifndef SD_INTERFACE_H
#define SD_INTERFACE_H

#include "interface/value_form.h"
#include "model/model.h"
#include "utils/hsearch.h"

typedef struct SdInterfaceAttribute
{
	const SdAttribute *attr;
	const SdAttributeRow *row;
	const SdValueForm *form;
	bool		named;			/* a record has it where a caller of SQL functions names it */
	bool		readable;		/* the same of requests */
	bool		always;			/* the default answers of finders have it */
	bool		nullable;		/* in records */
	bool		asked;			/* requests may filter and sort by it */
	bool		created;		/* data of create may have it */
	bool		updated;		/* data of update may have it */
	bool		posted;			/* the body of a request that creates sets it */
	bool		patched;		/* the body of a request that updates sets it */
	bool		required;		/* a new record needs it */
	bool		takes_null;		/* data may say null */
} SdInterfaceAttribute;

typedef struct SdInterface
{
	const SdModel *model;
	const SdModelRow *row;
	const char *id;				/* of letters, digits and underscores; no other interface has it */
	int			nattrs;
	SdInterfaceAttribute *attrs;	/* in the order of the model's */
	List	   *links;			/* of SdInterfaceLink, by alias */
	bool		insertable;		/* the role may */
	bool		updatable;
	bool		deletable;
} SdInterface;

/* an association, where both sides, and the join model, may be read */
typedef struct SdInterfaceLink
{
	const SdAssociation *association;
	const SdInterface *target;
	const SdInterface *through;	/* of many-to-many, or NULL */
} SdInterfaceLink;

/* interface.c */
extern List *sd_interfaces(void);
extern const SdInterface *sd_interface_of(List *interfaces, const char *model);
extern const SdInterfaceAttribute *sd_interface_attribute(const SdInterface *interface,
														  const char *name);
extern bool sd_interface_key(const SdInterface *interface, const SdInterfaceAttribute *attribute);

/* names.c */
typedef HTAB SdNames;

extern SdNames *sd_make_names(void);
extern const char *sd_unique_name(SdNames *names, const char *wanted);
extern bool sd_take_name(SdNames *names, const char *name);
extern char *sd_identifier(const char *name);

#endif							/* SD_INTERFACE_H */

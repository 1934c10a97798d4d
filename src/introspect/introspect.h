/*-------------------------------------------------------------------------
 * introspect/introspect.h
 *		What define and the association calls would say of tables that exist.
 *
 * Everything lives in the context that was current when the look began, and
 * follows no later change.  The relations stay locked in ACCESS SHARE mode
 * until the transaction ends: what was read of them holds.
 *-------------------------------------------------------------------------
 */
#ifndef SD_INTROSPECT_H
#define SD_INTROSPECT_H

#include "introspect/found_model.h"
#include "utils/jsonb.h"

extern SdIntrospection *sd_introspect(Jsonb *options, bool import);
extern const char *sd_found_sql(const SdFoundModel *model);
extern const char *sd_association_call(const SdFoundAssociation *association);

/* a row of import's answer */
typedef struct SdImported
{
	const char *model;			/* or NULL */
	const char *table;			/* SQL */
	const char *action;
	int			associations;	/* that were made */
	List	   *notes;
} SdImported;

extern List *sd_import(Jsonb *options);
extern char *sd_export(Jsonb *options);

#endif							/* SD_INTROSPECT_H */

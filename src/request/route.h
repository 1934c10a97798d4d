/*-------------------------------------------------------------------------
 * request/route.h
 *		What a URL means: a model, a record of it, or what an association of a
 *		record leads to.
 *
 *		/students  /students/7  /users/1/posts, each with or without a query
 *-------------------------------------------------------------------------
 */
#ifndef SD_ROUTE_H
#define SD_ROUTE_H

#include "model/model.h"
#include "utils/jsonb.h"

typedef struct SdRoute
{
	const SdModel *model;		/* that the path begins with */
	const char *key;			/* of a record, not decoded; NULL: the path has none */
	int			key_len;
	const SdAssociation *association;	/* behind the key, or NULL */
	const char *linked;			/* key behind the association, not decoded; or NULL */
	int			linked_len;
	const SdModel *target;		/* what the request is about: of model, or of association */
	const char *query;			/* what follows "?", not decoded */
} SdRoute;

extern bool sd_find_route(const char *url, SdRoute *route);
extern JsonbValue *sd_route_key(const SdRoute *route);
extern JsonbValue *sd_route_linked_key(const SdRoute *route);

#endif							/* SD_ROUTE_H */

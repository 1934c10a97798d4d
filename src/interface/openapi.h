/*-------------------------------------------------------------------------
 * interface/openapi.h
 *		The routes that requests are answered on, as an OpenAPI 3.1 document.
 *-------------------------------------------------------------------------
 */
#ifndef SD_OPENAPI_H
#define SD_OPENAPI_H

#include "interface/interface.h"
#include "request/request.h"
#include "utils/jsonb.h"

#define SD_SCHEMAS	"#/components/schemas/"

/* the names under which a document keeps what it says of the bodies of a model */
typedef struct SdComponents
{
	const SdInterface *interface;	/* its id is the record's */
	const char *create;
	const char *patch;
} SdComponents;

/* a document that is being made */
typedef struct SdOpenApi
{
	List	   *interfaces;		/* of models that are exposed */
	SdComponents *components;	/* in the same order */
	SdNames    *names;			/* of schemas */
	SdNames    *operations;		/* their ids */
	StringInfoData schemas;		/* members of an object */
	StringInfoData paths;
} SdOpenApi;

/* openapi.c */
extern char *sd_openapi(Jsonb *options);

/* openapi_paths.c */
extern void sd_openapi_paths(SdOpenApi *api);

/* openapi_parameters.c */
extern char *sd_path_parameters(const SdOpenApi *api, const SdServed *route, char **path);
extern char *sd_query_parameters(const SdInterface *interface, bool many);

#endif							/* SD_OPENAPI_H */

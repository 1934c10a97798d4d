/*-------------------------------------------------------------------------
 * interface/json_schema.h
 *		Interfaces as JSON Schema, draft 2020-12, which OpenAPI 3.1 uses too.
 *
 * Every schema is JSON text in the current context.
 *-------------------------------------------------------------------------
 */
#ifndef SD_JSON_SCHEMA_H
#define SD_JSON_SCHEMA_H

#include "interface/keywords.h"

/* what a document is for */
typedef enum SdDocumentKind
{
	SD_DOCUMENT_RECORD,
	SD_DOCUMENT_CREATE,			/* the data of create */
	SD_DOCUMENT_UPDATE,
	SD_DOCUMENT_POST,			/* the bodies of requests: what they may not set is passed over */
	SD_DOCUMENT_PATCH
} SdDocumentKind;

/* json_schema.c */
extern char *sd_document_schema(const SdInterface *interface, SdDocumentKind kind,
								const char *title, const char *refs, List *given);
extern char *sd_json_schema(const char *model, const char *kind);

/* options_schema.c */
extern char *sd_options_schema(const SdInterface *interface, const char *title);

#endif							/* SD_JSON_SCHEMA_H */

/*-------------------------------------------------------------------------
 * interface/json_schema.h
 *		Interfaces as JSON Schema, draft 2020-12, which OpenAPI 3.1 uses too.
 *
 * Every schema is JSON text in the current context.
 *-------------------------------------------------------------------------
 */
#ifndef SD_JSON_SCHEMA_H
#define SD_JSON_SCHEMA_H

#include "interface/interface.h"
#include "lib/stringinfo.h"

/* what a document is for */
typedef enum SdDocumentKind
{
	SD_DOCUMENT_RECORD,
	SD_DOCUMENT_CREATE,			/* the data of create */
	SD_DOCUMENT_UPDATE,
	SD_DOCUMENT_POST,			/* the bodies of requests: what they may not set is passed over */
	SD_DOCUMENT_PATCH
} SdDocumentKind;

/* a schema that is being made: keywords, and those that stand in it already once more */
typedef struct SdKeywords
{
	StringInfoData object;
	List	   *names;
	StringInfoData more;		/* elements of "allOf" */
} SdKeywords;

/* keywords.c */
extern void sd_keywords_init(SdKeywords *keywords);
extern void sd_keyword(SdKeywords *keywords, const char *name, const char *json);
extern void sd_keyword_string(SdKeywords *keywords, const char *name, const char *value);
extern char *sd_keywords_end(SdKeywords *keywords);
extern char *sd_json_strings(List *strings, bool null);

/* rule_keywords.c */
extern char *sd_literal_pattern(const SdRuleText *text);
extern void sd_rule_keywords(SdKeywords *keywords, const SdInterfaceAttribute *attribute);

/* json_schema.c */
extern char *sd_value_form_schema(const SdValueForm *form, bool data);
extern char *sd_document_schema(const SdInterface *interface, SdDocumentKind kind,
								const char *title, const char *refs, List *given);
extern char *sd_json_schema(const char *model, const char *kind);

/* options_schema.c */
extern char *sd_options_schema(const SdInterface *interface, const char *title);

#endif							/* SD_JSON_SCHEMA_H */

/*-------------------------------------------------------------------------
 * interface/keywords.h
 *		The keywords of a schema, as JSON text in the current context.
 *-------------------------------------------------------------------------
 */
#ifndef SD_KEYWORDS_H
#define SD_KEYWORDS_H

#include "interface/interface.h"
#include "lib/stringinfo.h"

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

/* form_keywords.c */
extern void sd_type_keyword(SdKeywords *keywords, const SdValueForm *form, bool data, bool null);
extern void sd_form_keywords(SdKeywords *keywords, const SdValueForm *form, bool data, bool null);
extern char *sd_value_form_schema(const SdValueForm *form, bool data);

#endif							/* SD_KEYWORDS_H */

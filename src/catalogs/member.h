/*-------------------------------------------------------------------------
 * catalogs/member.h
 *		Members of the JSON objects in rows of the catalogs, each read with the
 *		type that it has to have.
 *
 * What is returned points into the document or is in the current context.
 * Every function raises 55000 for a member that is there and of another kind.
 *-------------------------------------------------------------------------
 */
#ifndef SD_CATALOGS_MEMBER_H
#define SD_CATALOGS_MEMBER_H

#include "json/jsonb_value.h"

/* an object, and where it stands */
typedef struct SdPart
{
	const char *model;
	char	   *what;			/* begins a sentence: Attribute "name"; NULL: a model's options */
	JsonbContainer *object;
} SdPart;

extern void sd_bad_part(const SdPart *part, const char *problem) pg_attribute_noreturn();
extern void sd_read_part(SdPart *part, const char *model, char *what, const JsonbValue *value);
extern void sd_check_members(const SdPart *part, const char *const *known, int nknown);

extern JsonbValue *sd_part_value(const SdPart *part, const char *key);
extern char *sd_part_string(const SdPart *part, const char *key);
extern char *sd_part_name(const SdPart *part, const char *key);
extern char *sd_part_action(const SdPart *part, const char *key);
extern bool sd_part_flag(const SdPart *part, const char *key, bool otherwise);
extern bool sd_part_shared(const SdPart *part, const char *key, char **name);
extern JsonbValue *sd_part_object(const SdPart *part, const char *key);
extern JsonbValue *sd_part_array(const SdPart *part, const char *key);
extern JsonbValue *sd_part_condition(const SdPart *part, const char *key);

extern JsonbValue sd_document(Datum jsonb);

#endif							/* SD_CATALOGS_MEMBER_H */

/*-------------------------------------------------------------------------
 * json/object_text.h
 *		Writes small JSON objects, member by member, for definitions and what
 *		describes them.  Records have json/writer.h.
 *-------------------------------------------------------------------------
 */
#ifndef SD_JSON_OBJECT_TEXT_H
#define SD_JSON_OBJECT_TEXT_H

#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"

extern char *sd_json_text(const JsonbValue *value);
extern const char *sd_json_name(const char *name);
extern void sd_add_member(StringInfo object, const char *key, const char *json);
extern void sd_add_string(StringInfo object, const char *key, const char *value);
extern void sd_add_names(StringInfo object, const char *key, List *names);

#endif							/* SD_JSON_OBJECT_TEXT_H */

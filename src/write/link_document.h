/*-------------------------------------------------------------------------
 * write/link_document.h
 *		The documents that tell finders and writers what to link.
 *-------------------------------------------------------------------------
 */
#ifndef SD_LINK_DOCUMENT_H
#define SD_LINK_DOCUMENT_H

#include "lib/stringinfo.h"
#include "parse/calls.h"
#include "parse/query.h"
#include "utils/jsonb.h"

extern char *sd_key_json(Datum value, Oid type);
extern Jsonb *sd_link_document(const char *text);
extern void sd_link_member(StringInfo json, const char *name, const char *value);
extern void sd_link_scope_values(StringInfo json, const JsonbValue *scope);
extern void sd_link_scope(StringInfo json, const JsonbValue *scope);
extern void sd_link_where(StringInfo json);
extern SdQuery *sd_link_query(const SdModel *model, StringInfo json, SdCall call);
extern SdQuery *sd_link_settled(const SdQuery *query);

#endif							/* SD_LINK_DOCUMENT_H */

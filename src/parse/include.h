/*-------------------------------------------------------------------------
 * parse/include.h
 *		Parses the option "include".
 *-------------------------------------------------------------------------
 */
#ifndef SD_INCLUDE_OPTION_H
#define SD_INCLUDE_OPTION_H

#include "convert/path.h"
#include "parse/calls.h"
#include "parse/expression.h"
#include "parse/query.h"
#include "utils/jsonb.h"

/* for the table of options */
extern void sd_parse_include_option(SdQuery *query, const JsonbValue *value, const SdPath *path);
extern void sd_parse_others_option(SdQuery *query, const JsonbValue *value, const SdPath *path);

extern void sd_finish_include(SdInclude *include, SdCall call);
extern void sd_require_includes(SdQuery *query);
extern SdCondition *sd_required_by_sources(const SdScope *scope, List *sources);
extern void sd_match_parents(SdQuery *query, const SdAssociated *associated);

#endif							/* SD_INCLUDE_OPTION_H */

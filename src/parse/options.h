/*-------------------------------------------------------------------------
 * parse/options.h
 *		Parses the options of a call into an SdQuery.
 *-------------------------------------------------------------------------
 */
#ifndef SD_OPTIONS_H
#define SD_OPTIONS_H

#include "parse/calls.h"
#include "parse/path.h"
#include "parse/query.h"
#include "utils/jsonb.h"

extern SdQuery *sd_parse_options(const SdModel *model, Jsonb *options, SdCall call);

/* for what is nested in options */
extern SdQuery *sd_make_query(const SdModel *model);
extern List *sd_add_scopes(const SdModel *model, List *given, const SdPath *path, bool scoped);
extern void sd_parse_sources(SdQuery *query, List *sources, SdCall call, const SdPath *path);

#endif							/* SD_OPTIONS_H */

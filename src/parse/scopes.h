/*-------------------------------------------------------------------------
 * parse/scopes.h
 *		Finds the scopes of a model that a call is made in.
 *
 * A scope is a part of the options that is kept with the model.  So a call has
 * several sources of options: the scopes, then what the caller gives.
 *-------------------------------------------------------------------------
 */
#ifndef SD_SCOPES_H
#define SD_SCOPES_H

#include "convert/path.h"
#include "parse/query.h"
#include "utils/jsonb.h"

typedef enum SdSourceKind
{
	SD_SOURCE_CALLER,
	SD_SOURCE_SCOPE,			/* named by the caller */
	SD_SOURCE_DEFAULT_SCOPE
} SdSourceKind;

/* an object of options, or a member of it that is parsed later */
typedef struct SdSource
{
	SdSourceKind kind;
	JsonbValue	value;
	const SdPath *path;
} SdSource;

extern const char *const sd_scope_options[];
extern const int sd_nscope_options;

extern SdSource *sd_make_source(SdSourceKind kind, const JsonbValue *value, const SdPath *path);
extern List *sd_default_scope(const SdModel *model, const SdPath *path);
extern List *sd_parse_scope(const SdModel *model, const JsonbValue *value, const SdPath *path);

#endif							/* SD_SCOPES_H */

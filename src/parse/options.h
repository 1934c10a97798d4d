/*-------------------------------------------------------------------------
 * parse/options.h
 *		Parses the options of a call into an SdQuery.
 *-------------------------------------------------------------------------
 */
#ifndef SD_OPTIONS_H
#define SD_OPTIONS_H

#include "convert/path.h"
#include "parse/calls.h"
#include "parse/query.h"
#include "utils/jsonb.h"

/* what a call says beside its options; all zero for nothing */
typedef struct SdInputs
{
	const char *association;	/* is included too, as {"include": association} does; or NULL */
	const char *aggregate;		/* SD_CALL_AGGREGATE: the function and the attribute */
	const char *attribute;
	Oid			key_type;		/* by key: of key, as sd_add_key() takes it */
	Datum		key;
	const JsonbValue *key_value;	/* or the key as JSON */
	Jsonb	   *params;			/* an object of the parameters' values, or NULL */
	bool		more_params;	/* it may give what the options do not use */
	bool		client;			/* made for a request: hidden attributes are in no answer */
	bool		foldable;		/* the planner may make the call, to estimate: no row is locked */
} SdInputs;

extern const SdQuery *sd_parse_options(const SdModel *model, Jsonb *options, SdCall call);
extern SdQuery *sd_parse_unbound(const SdModel *model, Jsonb *options, SdCall call,
								 const SdInputs *inputs);
extern const SdQuery *sd_parse_call(const SdModel *model, Jsonb *options, SdCall call,
									const SdInputs *inputs);

/* for what is nested in options */
extern SdQuery *sd_make_query(const SdModel *model);
extern List *sd_add_scopes(const SdModel *model, List *given, const SdPath *path, bool scoped);
extern void sd_parse_sources(SdQuery *query, List *sources, SdCall call, const SdPath *path);

#endif							/* SD_OPTIONS_H */

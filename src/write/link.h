/*-------------------------------------------------------------------------
 * write/link.h
 *		Links records that exist: what an association of one record leads to is
 *		added to, taken away, set and asked for.
 *-------------------------------------------------------------------------
 */
#ifndef SD_LINK_H
#define SD_LINK_H

#include "parse/options.h"
#include "utils/jsonb.h"

/* the record whose association is meant, and the association */
typedef struct SdLinkParent
{
	const SdModel *model;
	const SdInputs *key;		/* by key: see sd_parse_call() */
	const SdAssociation *association;
} SdLinkParent;

extern const SdAssociation *sd_link_association(const SdModel *model, const char *name);
extern int64 sd_link_add(const SdLinkParent *parent, const JsonbValue *records);
extern int64 sd_link_remove(const SdLinkParent *parent, const JsonbValue *records);
extern bool sd_link_set(const SdLinkParent *parent, const JsonbValue *records, int64 *added,
						int64 *removed);
extern bool sd_link_has(const SdLinkParent *parent, const JsonbValue *records);
extern bool sd_link_answer(const SdLinkParent *parent, Jsonb *options, Datum *record);
extern void sd_check_clearable(const SdModel *model, int attr);

#endif							/* SD_LINK_H */

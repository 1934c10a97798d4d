/*-------------------------------------------------------------------------
 * model/unique.h
 *		The unique keys of a model's table: what a row can be in conflict with.
 *-------------------------------------------------------------------------
 */
#ifndef SD_UNIQUE_H
#define SD_UNIQUE_H

#include "model/model.h"
#include "nodes/bitmapset.h"
#include "nodes/pg_list.h"

typedef struct SdUniqueKey
{
	int			nattrs;
	int		   *attrs;			/* attributes, in declared order */
	bool		primary;		/* the model's primary key */
	bool		nulls_equal;	/* NULLS NOT DISTINCT */
	const char *predicate;		/* as SQL, of a partial index; else NULL */
	const char *name;			/* of the index, and of the constraint where there is one */
} SdUniqueKey;

extern char *sd_list_keys(const SdModel *model, const List *keys);
extern bool sd_key_is_of(const SdUniqueKey *key, const Bitmapset *attrs);
extern List *sd_unique_keys(const SdModel *model);
extern List *sd_partial_keys(const SdModel *model);
extern SdUniqueKey *sd_primary_key(const SdModel *model);
extern bool sd_key_occurs(const SdUniqueKey *key, const bool *given, const bool *nulls);

#endif							/* SD_UNIQUE_H */

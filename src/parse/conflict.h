/*-------------------------------------------------------------------------
 * parse/conflict.h
 *		Rows that are to be written and may be there already: the options, and
 *		the unique key that tells.
 *-------------------------------------------------------------------------
 */
#ifndef SD_CONFLICT_H
#define SD_CONFLICT_H

#include "model/unique.h"
#include "nodes/bitmapset.h"
#include "parse/members.h"

typedef struct SdConflict
{
	bool		ignore;			/* leave the row as it is */
	bool		existing;		/* and answer with it */
	Bitmapset  *updated;		/* the attributes to change in it; NULL: not said */
	Bitmapset  *target;			/* the unique key, as attributes; NULL: not said */
	const JsonbValue *where;	/* the condition of its partial index; NULL: it is none */
} SdConflict;

SD_OPTION(sd_parse_ignore_duplicates_option);
SD_OPTION(sd_parse_existing_option);
SD_OPTION(sd_parse_update_on_duplicate_option);
SD_OPTION(sd_parse_conflict_attributes_option);
SD_OPTION(sd_parse_conflict_where_option);

extern void sd_check_conflict_options(const SdQuery *query, bool bulk, const SdPath *path);
extern SdCondition *sd_conflict_condition(SdQuery *query, const SdConflict *conflict);
extern const SdUniqueKey *sd_conflict_target(const SdQuery *query, const bool *given,
											  const bool *nulls);

#endif							/* SD_CONFLICT_H */

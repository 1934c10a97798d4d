/*-------------------------------------------------------------------------
 * parse/covering.h
 *		Whether conditions, one of which has to be true, are true of every row
 *		together, whatever it holds.
 *-------------------------------------------------------------------------
 */
#ifndef SD_COVERING_H
#define SD_COVERING_H

#include "parse/accepted.h"

/* one of the conditions */
typedef struct SdCoverTerm
{
	const SdCondition *condition;
	bool		negated;		/* its negation is meant */
	bool		whole;			/* the terms that it is made of are in the list, too */
} SdCoverTerm;

extern const SdCondition *sd_strip_not(const SdCondition *condition, bool *negated);
extern bool sd_cover_every_row(const SdSubject *subject, List *terms);

#endif							/* SD_COVERING_H */

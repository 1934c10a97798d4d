/*-------------------------------------------------------------------------
 * execute/estimate.h
 *		What a finder is expected to give and to cost, for the planner.
 *-------------------------------------------------------------------------
 */
#ifndef SD_ESTIMATE_H
#define SD_ESTIMATE_H

#include "parse/query.h"

typedef struct SdEstimate
{
	double		rows;
	double		cost;			/* of all of them, in the planner's units */
} SdEstimate;

extern bool sd_estimate(const SdQuery *query, bool bound, SdEstimate *estimate);

#endif							/* SD_ESTIMATE_H */

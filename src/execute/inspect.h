/*-------------------------------------------------------------------------
 * execute/inspect.h
 *		Shows what a query would run, without running it.
 *-------------------------------------------------------------------------
 */
#ifndef SD_INSPECT_H
#define SD_INSPECT_H

#include "parse/query.h"

/* one statement of a query */
typedef struct SdStep
{
	const char *sql;
	const SdParams *params;
} SdStep;

extern List *sd_query_steps(const SdQuery *query);
extern Datum sd_params_json(const SdParams *params);

#endif							/* SD_INSPECT_H */

/*-------------------------------------------------------------------------
 * record/amounts.h
 *		Reads what increment and decrement change attributes by.
 *-------------------------------------------------------------------------
 */
#ifndef SD_AMOUNTS_H
#define SD_AMOUNTS_H

#include "parse/query.h"
#include "utils/jsonb.h"

/* an attribute and what is added to it or taken from it */
typedef struct SdAmount
{
	int			attr;
	int			param;			/* index into the query's params */
} SdAmount;

extern List *sd_read_amounts(const SdQuery *query, SdParams *params,
							 const JsonbValue *value);

#endif							/* SD_AMOUNTS_H */

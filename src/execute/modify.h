/*-------------------------------------------------------------------------
 * execute/modify.h
 *		Writes rows: create, update, destroy.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MODIFY_H
#define SD_MODIFY_H

#include "record/record.h"
#include "plan/statement.h"
#include "utils/jsonb.h"
#include "utils/tuplestore.h"

extern void sd_create(SdQuery *query, Jsonb *data, Tuplestorestate *result);
extern void sd_bulk_create(SdQuery *query, Jsonb *data, Tuplestorestate *result);

/* with result: the rows as they now are (or were) go into it; returns how many */
extern int64 sd_update(SdQuery *query, Jsonb *data, Tuplestorestate *result);
extern int64 sd_restore(SdQuery *query);
extern void sd_truncate(SdQuery *query);
extern int64 sd_destroy(SdQuery *query, Tuplestorestate *result);

extern void sd_assign(SdStatement *statement, SdQuery *query, const SdRecord *record);

#endif							/* SD_MODIFY_H */

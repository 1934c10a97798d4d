/*-------------------------------------------------------------------------
 * write/modify.h
 *		Writes rows: create, update, destroy.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MODIFY_H
#define SD_MODIFY_H

#include "record/record.h"
#include "plan/statement.h"
#include "utils/jsonb.h"
#include "utils/tuplestore.h"

extern void sd_create(const SdQuery *query, Jsonb *data, SdRowSet *rows, Tuplestorestate *result);
extern void sd_bulk_create(const SdQuery *query, Jsonb *data, Tuplestorestate *result);

/* with rows or result: the rows as they now are (or were) go into it; returns how many */
extern int64 sd_update(const SdQuery *query, Jsonb *data, SdRowSet *rows, Tuplestorestate *result);
extern void sd_change_record(const SdQuery *query, SdRecord *record, SdRowSet *rowset);
extern int64 sd_restore(const SdQuery *query);
extern void sd_truncate(const SdQuery *query);
extern int64 sd_destroy(const SdQuery *query, Tuplestorestate *result);

extern void sd_assign(SdStatement *statement, const SdRecord *record);
extern void sd_assign_set(SdStatement *statement);

#endif							/* SD_MODIFY_H */

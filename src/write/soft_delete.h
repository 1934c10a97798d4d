/*-------------------------------------------------------------------------
 * write/soft_delete.h
 *		Marks rows of paranoid models as deleted, and brings them back, with the rows of
 *		associations that say "paranoid": "cascade".
 *-------------------------------------------------------------------------
 */
#ifndef SD_SOFT_DELETE_H
#define SD_SOFT_DELETE_H

#include "json/rowset.h"
#include "plan/statement.h"
#include "record/record.h"
#include "utils/tuplestore.h"

extern void sd_set_alive(const SdModel *model, SdRecord *record);
extern const SdRecord *sd_alive_record(const SdModel *model);
extern bool sd_says_deleted(const SdModel *model, const SdRecord *alive, Datum value, bool isnull);
extern void sd_mark(SdStatement *statement, bool deleted);
extern int64 sd_mark_deleted(SdStatement *statement, Tuplestorestate *result);
extern int64 sd_mark_captured(SdStatement *statement, SdRowSet *rows);
extern int64 sd_bring_back(const SdQuery *query);

#endif							/* SD_SOFT_DELETE_H */

/*-------------------------------------------------------------------------
 * write/update_rows.h
 *		Changes rows of a model, each in its own way, with one statement.
 *
 * An update belongs to one call and lives in the context that it is begun in; its rows
 * go to disk when they are many.
 *-------------------------------------------------------------------------
 */
#ifndef SD_UPDATE_ROWS_H
#define SD_UPDATE_ROWS_H

#include "json/rowset.h"
#include "record/record.h"
#include "utils/tuplestore.h"
#include "write/violation.h"

typedef struct SdRowUpdate SdRowUpdate;

extern SdRowUpdate *sd_row_update_begin(const SdQuery *query);
extern void sd_row_update_count(SdRowUpdate *update, const SdRecord *record);
extern void sd_row_update_add(SdRowUpdate *update, const SdRecord *record);
extern List *sd_row_update_run(SdRowUpdate *update, const SdQuery *query,
							   const SdGivenRows *given, const SdPath *const *paths,
							   SdRowSet *rowset, Tuplestorestate *result);

#endif							/* SD_UPDATE_ROWS_H */

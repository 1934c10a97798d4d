/*-------------------------------------------------------------------------
 * request/written_record.h
 *		The one record that a request has written, in the current context.
 *-------------------------------------------------------------------------
 */
#ifndef SD_WRITTEN_RECORD_H
#define SD_WRITTEN_RECORD_H

#include "model/model.h"
#include "utils/jsonb.h"
#include "utils/tuplestore.h"

extern Datum sd_only_record(Tuplestorestate *store);
extern Datum sd_create_record(const SdModel *model, Jsonb *data);

#endif							/* SD_WRITTEN_RECORD_H */

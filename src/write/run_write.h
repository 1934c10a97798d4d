/*-------------------------------------------------------------------------
 * write/run_write.h
 *		Runs one statement that writes, through SPI.
 *-------------------------------------------------------------------------
 */
#ifndef SD_RUN_WRITE_H
#define SD_RUN_WRITE_H

#include "plan/plancache.h"
#include "utils/queryenvironment.h"
#include "utils/tuplestore.h"

extern int64 sd_write(const SdStatement *statement, SdReceiver *receiver,
					  EphemeralNamedRelation rows);
extern int64 sd_write_to(const SdStatement *statement, SdRowSet *rows, Tuplestorestate *result);
extern void sd_row_read(void);
extern bool sd_write_one(const SdStatement *statement, Datum *record);

#endif							/* SD_RUN_WRITE_H */

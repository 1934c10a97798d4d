/*-------------------------------------------------------------------------
 * record_scan.h
 *		Runs a function of one record that is all that a query selects.
 *-------------------------------------------------------------------------
 */
#ifndef SD_RECORD_SCAN_H
#define SD_RECORD_SCAN_H

#include "nodes/plannodes.h"

extern void sd_record_scan_init(void);
extern void sd_scan_record(PlannedStmt *stmt);

#endif							/* SD_RECORD_SCAN_H */

/*-------------------------------------------------------------------------
 * execute/table_rows.h
 *		Reads the rows of a query as rows of their table's type.
 *-------------------------------------------------------------------------
 */
#ifndef SD_TABLE_ROWS_H
#define SD_TABLE_ROWS_H

#include "parse/query.h"

typedef struct SdTableScan SdTableScan;

extern SdTableScan *sd_table_scan_begin(const SdQuery *query);
extern bool sd_table_scan_next(SdTableScan *scan, Datum *row);
extern void sd_table_scan_end(SdTableScan *scan);

#endif							/* SD_TABLE_ROWS_H */

/*-------------------------------------------------------------------------
 * execute/select.h
 *		Runs queries: row by row, as one array, or for their number of rows.
 *-------------------------------------------------------------------------
 */
#ifndef SD_SELECT_H
#define SD_SELECT_H

#include "plan/statement.h"

typedef struct SdScan SdScan;

extern bool sd_begin_reading(void);
extern void sd_end_reading(bool fresh);
extern const SdQuery *sd_page_query(const SdQuery *query);
extern SdStatement sd_select_statement(const SdQuery *query, bool at_once);
extern SdScan *sd_scan_begin(const SdQuery *query);
extern bool sd_scan_next(SdScan *scan, Datum *record);
extern void sd_scan_end(SdScan *scan);

extern bool sd_select_one(const SdQuery *query, Datum *record);
extern Datum sd_select_array(const SdQuery *query);
extern bool sd_select_included(const SdQuery *query, Datum *included);
extern Datum sd_select_count_and_array(const SdQuery *query);
extern Datum sd_select_value(const SdQuery *query);
extern int64 sd_select_count(const SdQuery *query);

#endif							/* SD_SELECT_H */

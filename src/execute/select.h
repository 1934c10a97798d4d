/*-------------------------------------------------------------------------
 * execute/select.h
 *		Runs queries: row by row, as one array, or for their number of rows.
 *-------------------------------------------------------------------------
 */
#ifndef SD_SELECT_H
#define SD_SELECT_H

#include "parse/query.h"

typedef struct SdScan SdScan;

extern void sd_resolve_edge(SdQuery *query);
extern SdScan *sd_scan_begin(SdQuery *query, bool one, bool generic);
extern bool sd_scan_next(SdScan *scan, Datum *record);
extern void sd_scan_end(SdScan *scan);

extern Datum sd_select_array(SdQuery *query);
extern bool sd_select_included(SdQuery *query, bool generic, Datum *included);
extern Datum sd_select_count_and_array(SdQuery *query);
extern Datum sd_select_value(SdQuery *query);
extern int64 sd_select_count(SdQuery *query);

#endif							/* SD_SELECT_H */

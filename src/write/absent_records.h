/*-------------------------------------------------------------------------
 * write/absent_records.h
 *		Which of the records whose keys a document gives are not there.
 *-------------------------------------------------------------------------
 */
#ifndef SD_ABSENT_RECORDS_H
#define SD_ABSENT_RECORDS_H

#include "json/rowset.h"
#include "record/tree.h"

extern bool sd_may_be_absent(const SdLevel *level);
extern HTAB *sd_find_absent(const SdLevel *level, const SdRowSet *locked);

#endif							/* SD_ABSENT_RECORDS_H */

/*-------------------------------------------------------------------------
 * record/sought.h
 *		The record that is to be there after it has been looked for.
 *-------------------------------------------------------------------------
 */
#ifndef SD_SOUGHT_H
#define SD_SOUGHT_H

#include "record/record.h"

extern void sd_read_sought_record(const SdQuery *query, SdRecord *record,
								  const JsonbValue *where, const JsonbValue *defaults,
								  JsonbValue *required);

#endif							/* SD_SOUGHT_H */

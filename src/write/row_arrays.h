/*-------------------------------------------------------------------------
 * write/row_arrays.h
 *		The rows of an ephemeral relation as arrays, one for each column.
 *-------------------------------------------------------------------------
 */
#ifndef SD_ROW_ARRAYS_H
#define SD_ROW_ARRAYS_H

#include "plan/statement.h"
#include "utils/queryenvironment.h"

extern void sd_bind_row_arrays(SdStatement *statement, EphemeralNamedRelation rows);

#endif							/* SD_ROW_ARRAYS_H */

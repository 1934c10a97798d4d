/*-------------------------------------------------------------------------
 * write/write_levels.h
 *		Writes the levels of a document of records within records.
 *-------------------------------------------------------------------------
 */
#ifndef SD_WRITE_LEVELS_H
#define SD_WRITE_LEVELS_H

#include "write/written.h"

extern void sd_make_written(SdWritten *written, const SdLevel *level);
extern void sd_write_level(SdWritten *written, uint64 *count);

#endif							/* SD_WRITE_LEVELS_H */

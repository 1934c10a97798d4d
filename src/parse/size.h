/*-------------------------------------------------------------------------
 * parse/size.h
 *		Bounds the number of conditions that one statement holds.
 *-------------------------------------------------------------------------
 */
#ifndef SD_SIZE_H
#define SD_SIZE_H

#include "convert/path.h"
#include "parse/query.h"

extern void sd_check_size(const SdQuery *query, const SdPath *path);

#endif							/* SD_SIZE_H */

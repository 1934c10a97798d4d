/*-------------------------------------------------------------------------
 * record/json_path.h
 *		Reads keys such as "meta.items[0].name" of the data of an update.
 *-------------------------------------------------------------------------
 */
#ifndef SD_JSON_PATH_H
#define SD_JSON_PATH_H

#include "convert/reader.h"
#include "record/record.h"

extern SdJsonPath *sd_read_json_path(const SdModel *model, int attr, const SdReader *member);
extern void sd_check_json_paths(const SdModel *model, const SdRecord *record, const SdPath *path);

#endif							/* SD_JSON_PATH_H */

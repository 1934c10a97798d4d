/*-------------------------------------------------------------------------
 * write/shard_error.h
 *		What a shard of Citus says of a row, said of the table.
 *-------------------------------------------------------------------------
 */
#ifndef SD_SHARD_ERROR_H
#define SD_SHARD_ERROR_H

#include "model/model.h"

extern bool sd_is_of_shard(const ErrorData *error);
extern void sd_name_table(ErrorData *error, const SdModel *model);

#endif							/* SD_SHARD_ERROR_H */

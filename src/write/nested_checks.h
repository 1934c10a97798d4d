/*-------------------------------------------------------------------------
 * write/nested_checks.h
 *		Whether the records of a document that exist may be linked and changed.
 *-------------------------------------------------------------------------
 */
#ifndef SD_NESTED_CHECKS_H
#define SD_NESTED_CHECKS_H

#include "write/written.h"

extern void sd_key_changed(const SdWritten *written, int i);
extern void sd_check_locked(SdWritten *written);
extern void sd_note_changed(SdWritten *top, const SdModel *model, Datum *const *columns, int row,
							const SdPath *path);
extern void sd_check_room(const SdWritten *written);

#endif							/* SD_NESTED_CHECKS_H */

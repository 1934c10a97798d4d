/*-------------------------------------------------------------------------
 * write/nested_others.h
 *		What an update does with the associated records that its document does not hold.
 *-------------------------------------------------------------------------
 */
#ifndef SD_NESTED_OTHERS_H
#define SD_NESTED_OTHERS_H

struct SdWritten;

extern void sd_remove_others(const struct SdWritten *written);

#endif							/* SD_NESTED_OTHERS_H */

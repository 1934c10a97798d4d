/*-------------------------------------------------------------------------
 * write/link_joins.h
 *		The join rows that many-to-many links are.
 *-------------------------------------------------------------------------
 */
#ifndef SD_LINK_JOINS_H
#define SD_LINK_JOINS_H

#include "write/link_records.h"

extern void sd_check_join_key(const SdLink *link);
extern int64 sd_add_joins(SdLink *link);
extern int64 sd_remove_joins(const SdLink *link, bool others);
extern bool sd_has_joins(const SdLink *link);

#endif							/* SD_LINK_JOINS_H */

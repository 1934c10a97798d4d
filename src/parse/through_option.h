/*-------------------------------------------------------------------------
 * parse/through_option.h
 *		The option "through" of an include: what is asked of its join rows.
 *-------------------------------------------------------------------------
 */
#ifndef SD_THROUGH_OPTION_H
#define SD_THROUGH_OPTION_H

#include "parse/members.h"

SD_OPTION(sd_parse_through_option);

extern void sd_leave_out_deleted_joins(SdQuery *query);

#endif							/* SD_THROUGH_OPTION_H */

/*-------------------------------------------------------------------------
 * parse/assigned.h
 *		The option "set" of updates: attributes that get the value of an expression.
 *-------------------------------------------------------------------------
 */
#ifndef SD_ASSIGNED_H
#define SD_ASSIGNED_H

#include "parse/members.h"

SD_OPTION(sd_parse_set_option);

extern void sd_check_assigned(const SdQuery *query, const bool *given, const SdPath *path);

#endif							/* SD_ASSIGNED_H */

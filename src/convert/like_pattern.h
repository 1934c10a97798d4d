/*-------------------------------------------------------------------------
 * convert/like_pattern.h
 *		Turns texts that mean themselves into patterns.
 *-------------------------------------------------------------------------
 */
#ifndef SD_LIKE_PATTERN_H
#define SD_LIKE_PATTERN_H

#include "nodes/pg_list.h"

extern char *sd_like_literal(const char *text, bool any_before, bool any_after);
extern char *sd_prefix_end(const char *prefix);
extern List *sd_config_name(const char *name);

#endif							/* SD_LIKE_PATTERN_H */

/*-------------------------------------------------------------------------
 * parse/members.h
 *		Parses the options that are one member of SdQuery each.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MEMBERS_H
#define SD_MEMBERS_H

#include "convert/path.h"
#include "parse/query.h"
#include "utils/jsonb.h"

extern bool sd_parse_flag(const JsonbValue *value, const SdPath *path);

/* for the table of options */
#define SD_OPTION(name) \
	extern void name(SdQuery *query, const JsonbValue *value, const SdPath *path)

SD_OPTION(sd_parse_where_option);
SD_OPTION(sd_parse_having_option);
SD_OPTION(sd_parse_after_option);
SD_OPTION(sd_parse_before_option);
SD_OPTION(sd_parse_limit_option);
SD_OPTION(sd_parse_offset_option);
SD_OPTION(sd_parse_all_option);
SD_OPTION(sd_parse_paranoid_option);
SD_OPTION(sd_parse_force_option);
SD_OPTION(sd_parse_ignore_unknown_option);
SD_OPTION(sd_parse_validate_option);
SD_OPTION(sd_parse_validate_unique_option);
SD_OPTION(sd_parse_distinct_option);
SD_OPTION(sd_parse_lock_option);
SD_OPTION(sd_parse_skip_locked_option);
SD_OPTION(sd_parse_no_wait_option);
SD_OPTION(sd_refuse_group_option);
SD_OPTION(sd_parse_by_option);
SD_OPTION(sd_parse_ignore_missing_option);
SD_OPTION(sd_parse_truncate_option);
SD_OPTION(sd_parse_cascade_option);
SD_OPTION(sd_parse_restart_identity_option);

#endif							/* SD_MEMBERS_H */

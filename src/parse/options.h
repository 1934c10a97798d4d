/*-------------------------------------------------------------------------
 * parse/options.h
 *		Parses the options of a call into an SdQuery.
 *-------------------------------------------------------------------------
 */
#ifndef SD_OPTIONS_H
#define SD_OPTIONS_H

#include "parse/query.h"
#include "utils/jsonb.h"

/* the kinds of calls, as bits: which options each takes stands in options.c */
typedef enum SdCall
{
	SD_CALL_FIND = 1 << 0,		/* find_all, list, find_one */
	SD_CALL_FIND_BY_PK = 1 << 1,
	SD_CALL_COUNT = 1 << 2,
	SD_CALL_CREATE = 1 << 3,
	SD_CALL_UPDATE = 1 << 4,
	SD_CALL_UPDATE_BY_PK = 1 << 5,
	SD_CALL_DESTROY = 1 << 6,
	SD_CALL_DESTROY_BY_PK = 1 << 7,
	SD_CALL_FIND_AND_COUNT = 1 << 8,
	SD_CALL_AGGREGATE = 1 << 9,
	SD_CALL_INCLUDE = 1 << 10,	/* one object of "include" */
	SD_CALL_RESTORE = 1 << 11,
	SD_CALL_RESTORE_BY_PK = 1 << 12,
	SD_CALL_CREATE_INCLUDE = 1 << 13,	/* the same of a call that writes what it holds */
	SD_CALL_BULK_CREATE = 1 << 14,
	SD_CALL_UPSERT = 1 << 15,
	SD_CALL_FIND_OR_CREATE = 1 << 16,
	SD_CALL_INCREMENT = 1 << 18,	/* increment, decrement */
	SD_CALL_BULK_UPDATE = 1 << 19,
	SD_CALL_TRUNCATE = 1 << 20
} SdCall;

extern SdQuery *sd_parse_options(const SdModel *model, Jsonb *options, SdCall call);
extern void sd_set_aggregate(SdQuery *query, const char *function, const char *attribute);
extern void sd_add_include(SdQuery *query, const char *name);
extern void sd_require_condition(const SdQuery *query, const char *verb);

#endif							/* SD_OPTIONS_H */

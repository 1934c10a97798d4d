/*-------------------------------------------------------------------------
 * parse/calls.h
 *		The kinds of calls that options are parsed for.
 *-------------------------------------------------------------------------
 */
#ifndef SD_CALLS_H
#define SD_CALLS_H

/* the kinds of calls, as bits: which options each takes stands in options.c */
typedef enum SdCall
{
	SD_CALL_FIND = 1 << 0,		/* find_all, list */
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
	SD_CALL_FIND_ONE = 1 << 17,
	SD_CALL_INCREMENT = 1 << 18,	/* increment, decrement */
	SD_CALL_BULK_UPDATE = 1 << 19,
	SD_CALL_TRUNCATE = 1 << 20,
	SD_CALL_ROWS = 1 << 21,		/* rows of the table's own type */
	SD_CALL_SUBQUERY = 1 << 22, /* the list of $in */
	SD_CALL_DESTROY_RETURNING = 1 << 23,
	SD_CALL_UPDATE_RETURNING = 1 << 24,
	SD_CALL_INCREMENT_WHERE = 1 << 25	/* the same of all records that a condition leaves */
} SdCall;

/* finders whose conditions say which records there are, one or many */
#define SD_CALLS_SEARCH			(SD_CALL_FIND | SD_CALL_FIND_ONE)
#define SD_CALLS_FIND			(SD_CALLS_SEARCH | SD_CALL_FIND_BY_PK)
#define SD_CALLS_INCREMENT		(SD_CALL_INCREMENT | SD_CALL_INCREMENT_WHERE)
#define SD_CALLS_UPDATE			(SD_CALL_UPDATE | SD_CALL_UPDATE_RETURNING | SD_CALL_UPDATE_BY_PK | \
						 SD_CALLS_INCREMENT | SD_CALL_BULK_UPDATE)
/* those that answer with records */
#define SD_CALLS_RETURNING		((SD_CALLS_WRITE & ~(SD_CALL_UPDATE | SD_CALL_INCREMENT_WHERE)) | SD_CALL_DESTROY_RETURNING)
#define SD_CALLS_DESTROY		(SD_CALL_DESTROY | SD_CALL_DESTROY_RETURNING | SD_CALL_DESTROY_BY_PK)
#define SD_CALLS_RESTORE		(SD_CALL_RESTORE | SD_CALL_RESTORE_BY_PK)
/* those that may find the row there already */
#define SD_CALLS_CONFLICT		(SD_CALL_BULK_CREATE | SD_CALL_UPSERT)
#define SD_CALLS_WRITE			(SD_CALL_CREATE | SD_CALLS_CONFLICT | SD_CALL_FIND_OR_CREATE | SD_CALLS_UPDATE)
/* those that take data with attributes in it */
#define SD_CALLS_DATA			(SD_CALLS_WRITE & ~SD_CALLS_INCREMENT)
/* those that find the rows by a condition, so that there may be too many of them */
#define SD_CALLS_LIMITED		(SD_CALL_UPDATE | SD_CALL_UPDATE_RETURNING | SD_CALL_INCREMENT_WHERE | SD_CALL_DESTROY | \
						 SD_CALL_DESTROY_RETURNING | SD_CALL_RESTORE)
#define SD_CALLS_BY_PK			(SD_CALL_FIND_BY_PK | SD_CALL_UPDATE_BY_PK | SD_CALL_DESTROY_BY_PK | \
						 SD_CALL_RESTORE_BY_PK | SD_CALL_INCREMENT | SD_CALL_BULK_UPDATE)
/* those that may empty the table; of records that are truncated none can be returned, which is an error */
#define SD_CALLS_TRUNCATE		(SD_CALL_DESTROY | SD_CALL_DESTROY_RETURNING | SD_CALL_TRUNCATE)
/* those that write the records of what they include */
#define SD_CALLS_NESTED			(SD_CALL_CREATE | SD_CALL_BULK_CREATE | SD_CALL_UPDATE_BY_PK | SD_CALL_CREATE_INCLUDE)

/* those that change rows, and so have options of writers */
#define SD_CALLS_WRITER			(SD_CALLS_WRITE | SD_CALLS_DESTROY | SD_CALLS_RESTORE | \
						 SD_CALL_TRUNCATE | SD_CALL_CREATE_INCLUDE)

#define SD_CALLS_INCLUDE		(SD_CALLS_FIND | SD_CALL_FIND_AND_COUNT | SD_CALL_INCLUDE)
#define SD_CALLS_NUMBER			(SD_CALL_COUNT | SD_CALL_AGGREGATE)

/* those that the default scope and the paranoid filter hold for */
#define SD_CALLS_SCOPED			(SD_CALLS_FIND | SD_CALL_ROWS | SD_CALL_SUBQUERY | SD_CALL_FIND_AND_COUNT | SD_CALL_FIND_OR_CREATE | \
						 SD_CALL_INCLUDE | SD_CALLS_NUMBER | SD_CALLS_UPDATE | SD_CALLS_DESTROY)

#endif							/* SD_CALLS_H */

/*-------------------------------------------------------------------------
 * define/predicate.h
 *		The conditions of partial indexes.
 *-------------------------------------------------------------------------
 */
#ifndef SD_PREDICATE_H
#define SD_PREDICATE_H

#include "convert/path.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"

/*
 * What a condition is about.  find gives the column of an attribute and its
 * type (invalid for an enum that is still to be made), or false.
 */
typedef struct SdPredicate
{
	const char *model;
	bool		(*find) (const void *source, const char *attribute, const char **column, Oid *type);
	const void *source;
	List	   *columns;		/* collects the names of those that the condition is about */
} SdPredicate;

extern char *sd_predicate_sql(SdPredicate *predicate, const JsonbValue *where, const SdPath *path);

#endif							/* SD_PREDICATE_H */

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

/* the column that is compared */
typedef struct SdPredicateColumn
{
	const char *column;
	Oid			type;			/* invalid: an enum that is still to be made */
	List	   *labels;			/* the values of an enum; NIL: it is none, or an array */
} SdPredicateColumn;

/* What a condition is about.  find gives the column of an attribute, or false. */
typedef struct SdPredicate
{
	const char *model;
	bool		(*find) (const void *source, const char *attribute, SdPredicateColumn *subject);
	const void *source;
	List	   *columns;		/* collects the names of those that the condition is about */
} SdPredicate;

extern char *sd_predicate_sql(SdPredicate *predicate, const JsonbValue *where, const SdPath *path);

#endif							/* SD_PREDICATE_H */

/*-------------------------------------------------------------------------
 * write/violation.h
 *		Says of a broken unique or foreign key what validation says of a value:
 *		which attribute, where in the document, and what was given.
 *-------------------------------------------------------------------------
 */
#ifndef SD_VIOLATION_H
#define SD_VIOLATION_H

#include "plan/statement.h"
#include "record/record.h"
#include "record/validate.h"

/*
 * What a statement's rows were given by the caller, in one of four forms; the
 * statement points to it while it runs.
 */
typedef struct SdGivenRows
{
	int64		n;
	const SdRecord *record;		/* one row */
	const JsonbValue *array;	/* or an array of objects */
	const SdRecord *const *records; /* or these rows */
	/* or what this makes of them, until it is called again; without catalogs, since an error was caught */
	const SdRecord *(*make) (void *arg, int64 row);
	void	   *arg;
} SdGivenRows;

extern bool sd_filled_value(Oid type, Datum value, JsonbValue *json);

extern void sd_add_taken(SdViolations *violations, const SdModel *model, const int *attrs,
						 int nattrs, const char *constraint, const SdGivenRows *given, int64 row,
						 const SdPath *path);
extern bool sd_is_still_referenced(const ErrorData *error);
extern pg_attribute_noreturn() void sd_rethrow_violation(const SdStatement *statement,
														 int trigger_depth);

#endif							/* SD_VIOLATION_H */

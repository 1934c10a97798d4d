/*-------------------------------------------------------------------------
 * record/validate.h
 *		Validates the data of rows as Sequelize does, and reports every failure
 *		at once.
 *-------------------------------------------------------------------------
 */
#ifndef SD_VALIDATE_H
#define SD_VALIDATE_H

#include "record/record.h"

/* failures found so far; the memory is the context's in which it was made */
typedef struct SdViolations
{
	List	   *found;			/* of Violation, validate.c */
	MemoryContext cxt;
} SdViolations;

extern const char *const sd_taken_type;

extern SdViolations *sd_make_violations(void);
extern void sd_validate(SdViolations *violations, const SdModel *model, SdRecord *record,
						const SdPath *row, bool create);
extern void sd_add_violation(SdViolations *violations, const char *type, const char *validator,
							 const char *message, const SdAttribute *attr, const JsonbValue *value,
							 const SdPath *row);
extern void sd_add_violations_detail(ErrorData *error, const SdViolations *violations);
extern void sd_add_check_violation(SdViolations *violations, const SdCheck *check,
								   const SdPath *row);
extern void sd_report_violations(const SdViolations *violations);
extern pg_attribute_noreturn() void sd_refuse_link(bool is_taken, const SdPath *path,
												   const JsonbValue *value, const char *validator,
												   const char *message, const char *hint);
extern bool sd_is_violations(const ErrorData *error);

#endif							/* SD_VALIDATE_H */

/*-------------------------------------------------------------------------
 * write/model_validation.h
 *		Looks whether the rows that a statement writes meet their model's own
 *		conditions.
 *
 * The conditions are the last columns that the statement returns.  A checker
 * belongs to one execution; it passes the rows on.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MODEL_VALIDATION_H
#define SD_MODEL_VALIDATION_H

#include "json/receiver.h"
#include "record/validate.h"
#include "plan/statement.h"

typedef struct SdChecker
{
	DestReceiver pub;			/* has to be first */
	const SdStatement *statement;
	SdReceiver *receiver;		/* NULL: nobody wants the rows */
	SdViolations *violations;
	Bitmapset  *failed;			/* conditions that are reported once for all rows */
} SdChecker;

extern void sd_checker_init(SdChecker *checker, const SdStatement *statement,
							SdReceiver *receiver);

#endif							/* SD_MODEL_VALIDATION_H */

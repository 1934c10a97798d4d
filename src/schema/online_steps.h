/*-------------------------------------------------------------------------
 * schema/online_steps.h
 *		The steps that a change becomes, for those who plan changes of a kind.
 *
 * Everything belongs to the context that was current at sd_online_plan().
 *-------------------------------------------------------------------------
 */
#ifndef SD_SCHEMA_ONLINE_STEPS_H
#define SD_SCHEMA_ONLINE_STEPS_H

#include "schema/difference.h"
#include "schema/online.h"

typedef enum SdStepKind
{
	SD_STEP_QUICK,				/* looks at no rows */
	SD_STEP_READS,				/* reads all rows while others write */
	SD_STEP_ALONE				/* cannot be in a transaction */
} SdStepKind;

typedef struct SdStep
{
	SdStepKind	kind;
	SdChangeKind order;			/* steps of changes of this kind go side by side */
	int			phase;			/* among them */
	int			number;
	List	   *locked;			/* names of the tables that it locks, as SQL; those that it makes are none */
	const char *up;
	const char *down;			/* NULL: there is nothing to take back */
	bool		deparsed_up;
	bool		deparsed_down;
} SdStep;

typedef struct SdPlanning
{
	SdOnlinePlan plan;
	List	   *changes;		/* of SdChange */
	List	   *steps;			/* of SdStep */
	SdComparison naming;		/* for names of what only the steps need */
} SdPlanning;

/* online.c */
extern SdStep *sd_add_step(SdPlanning *planning, SdStepKind kind, SdChangeKind order, int phase,
						   const SdTable *locked, const char *up, const char *down);
extern SdStep *sd_add_plain(SdPlanning *planning, const SdChange *change);
extern SdStep *sd_add_blocking(SdPlanning *planning, const SdChange *change);
extern void sd_add_words(SdPlanning *planning, const SdChange *change);

/* online_columns.c */
extern void sd_plan_add_column(SdPlanning *planning, const SdChange *change);
extern void sd_plan_not_null(SdPlanning *planning, const SdChange *change);

#endif							/* SD_SCHEMA_ONLINE_STEPS_H */

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

typedef enum SdOnlineStepKind
{
	SD_STEP_QUICK,				/* looks at no rows */
	SD_STEP_READS,				/* reads all rows while others write */
	SD_STEP_ALONE				/* cannot be in a transaction */
} SdOnlineStepKind;

typedef struct SdOnlineStep
{
	SdOnlineStepKind kind;
	SdChangeKind order;			/* steps of changes of this kind go side by side */
	int			phase;			/* among them */
	int			number;
	List	   *locked;			/* names of the tables that it locks, as SQL; those that it makes are none */
	const char *up;
	const char *down;			/* NULL: there is nothing to take back */
	bool		deparsed_up;
	bool		deparsed_down;
} SdOnlineStep;

typedef struct SdOnlinePlanning
{
	SdOnlinePlan plan;
	List	   *changes;		/* of SdChange */
	List	   *steps;			/* of SdOnlineStep */
	SdComparison naming;		/* for names of what only the steps need */
} SdOnlinePlanning;

extern bool sd_is_made(const SdOnlinePlanning *planning, const char *schema, const char *table);
extern SdOnlineStep *sd_add_step(SdOnlinePlanning *planning, SdOnlineStepKind kind, SdChangeKind order, int phase,
						   const SdTable *locked, const char *up, const char *down);
extern SdOnlineStep *sd_add_plain(SdOnlinePlanning *planning, const SdChange *change);
extern SdOnlineStep *sd_add_blocking(SdOnlinePlanning *planning, const SdChange *change);
extern void sd_add_words(SdOnlinePlanning *planning, const SdChange *change);

/* online_columns.c */
extern void sd_plan_add_column(SdOnlinePlanning *planning, const SdChange *change);
extern void sd_plan_not_null(SdOnlinePlanning *planning, const SdChange *change);

#endif							/* SD_SCHEMA_ONLINE_STEPS_H */

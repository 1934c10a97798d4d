/*-------------------------------------------------------------------------
 * schema/online_steps.c
 *		The steps that a change becomes, as those who plan it add them.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "schema/ddl.h"
#include "schema/online_steps.h"

/* Whether a table is made by one of the changes. */
bool
sd_is_made(const SdOnlinePlanning *planning, const char *schema, const char *table)
{
	ListCell   *cell;

	foreach(cell, planning->changes)
	{
		const SdChange *change = lfirst(cell);

		if (change->kind == SD_CHANGE_CREATE_TABLE && strcmp(change->on->schema, schema) == 0 &&
			strcmp(change->on->name, table) == 0)
			return true;
	}
	return false;
}

/*
 * Adds a step, which comes in its place among those of changes of the kind order; locked is
 * the table that others wait for meanwhile, or NULL.
 */
SdOnlineStep *
sd_add_step(SdOnlinePlanning *planning, SdOnlineStepKind kind, SdChangeKind order, int phase,
			const SdTable *locked, const char *up, const char *down)
{
	SdOnlineStep *step = palloc0(sizeof(SdOnlineStep));

	Assert(phase >= 0 && up != NULL);
	step->kind = kind;
	step->order = order;
	step->phase = phase;
	step->number = list_length(planning->steps);
	step->up = up;
	step->down = down;
	if (locked != NULL && !sd_is_made(planning, locked->schema, locked->name))
		step->locked = list_make1(sd_table_sql(locked));
	planning->steps = lappend(planning->steps, step);
	return step;
}

/* A change in the form that it has anyway. */
SdOnlineStep *
sd_add_plain(SdOnlinePlanning *planning, const SdChange *change)
{
	SdOnlineStep *step = sd_add_step(planning, SD_STEP_QUICK, change->kind, 0, change->on, change->up, change->down);

	step->deparsed_up = change->deparsed_up;
	step->deparsed_down = change->deparsed_down;
	return step;
}

/* Says of a change that others wait for it. */
void
sd_add_words(SdOnlinePlanning *planning, const SdChange *change)
{
	char	   *words = psprintf("%s \"%s\": %s", change->kind == SD_CHANGE_RENAME_TYPE ? "type" : "table",
								 change->table, sd_change_name(change->kind));

	if (change->name != NULL)
		words = psprintf("%s \"%s\"", words, change->name);
	planning->plan.blocking = lappend(planning->plan.blocking, words);
}

/* A change in the form that it has anyway, of which is said that others wait for it. */
SdOnlineStep *
sd_add_blocking(SdOnlinePlanning *planning, const SdChange *change)
{
	sd_add_words(planning, change);
	return sd_add_plain(planning, change);
}

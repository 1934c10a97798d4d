/*-------------------------------------------------------------------------
 * validators/fold.c
 *		The case of characters.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "validators/fold.h"
#include "validators/case_table.h"

/* The run that c is in, or NULL. */
static const SdCaseRun *
find_run(const SdCaseRun *runs, int n, pg_wchar c)
{
	int			low = 0;
	int			high = n - 1;

	while (low <= high)
	{
		int			middle = (low + high) / 2;
		const SdCaseRun *run = &runs[middle];

		Assert(run->first <= run->last && run->step > 0);
		if (c < run->first)
			high = middle - 1;
		else if (c > run->last)
			low = middle + 1;
		else
			return (c - run->first) % run->step == 0 ? run : NULL;
	}
	return NULL;
}

/* Whether toLowerCase() changes a character, wherever it stands. */
bool
sd_has_lower(pg_wchar c)
{
	if (c < 0x80)
		return c >= 'A' && c <= 'Z';
	return find_run(case_lower, lengthof(case_lower), c) != NULL;
}

/* Whether toUpperCase() changes a character. */
bool
sd_has_upper(pg_wchar c)
{
	if (c < 0x80)
		return c >= 'a' && c <= 'z';
	return find_run(case_upper, lengthof(case_upper), c) != NULL;
}

/*
 * What a character is compared as in a pattern with the flag i: its upper
 * case, but no ASCII letter in place of another character.
 */
pg_wchar
sd_fold(pg_wchar c)
{
	const SdCaseRun *run;

	if (c < 0x80)
		return c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c;
	run = find_run(case_upper, lengthof(case_upper), c);
	if (run == NULL || c + run->delta < 0x80)
		return c;
	return c + run->delta;
}

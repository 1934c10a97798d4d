/*-------------------------------------------------------------------------
 * validators/charset.c
 *		Sets of characters, for classes of regular expressions.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "miscadmin.h"
#include "validators/charset.h"
#include "validators/fold.h"

/* Adds the characters from first to last. */
void
sd_charset_add(SdCharset *set, pg_wchar first, pg_wchar last)
{
	Assert(first <= last);
	if (set->n == set->capacity)
	{
		set->capacity = Max(8, set->capacity * 2);
		set->ranges = set->ranges == NULL ? palloc(set->capacity * sizeof(SdCharRange))
			: repalloc(set->ranges, set->capacity * sizeof(SdCharRange));
	}
	set->ranges[set->n].first = first;
	set->ranges[set->n++].last = last;
}

/* The characters of \d, \w or \s, ascending. */
static const SdCharRange *
named_ranges(pg_wchar name, int *n)
{
	static const SdCharRange digits[] = {{'0', '9'}};
	static const SdCharRange word[] = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
	static const SdCharRange space[] = {
		{0x09, 0x0D}, {' ', ' '}, {0xA0, 0xA0}, {0x1680, 0x1680}, {0x2000, 0x200A},
		{0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}, {0xFEFF, 0xFEFF}
	};

	switch (name)
	{
		case 'd':
			*n = lengthof(digits);
			return digits;
		case 'w':
			*n = lengthof(word);
			return word;
		default:
			Assert(name == 's');
			*n = lengthof(space);
			return space;
	}
}

/* Adds what \d, \D, \w, \W, \s or \S matches, where last is the last character that there is. */
void
sd_charset_add_named(SdCharset *set, pg_wchar name, pg_wchar last)
{
	int			n;
	const SdCharRange *ranges = named_ranges(name | 0x20, &n);
	pg_wchar	next = 0;

	for (int i = 0; i < n; i++)
	{
		if (name >= 'a')
			sd_charset_add(set, ranges[i].first, ranges[i].last);
		else if (ranges[i].first > next)
			sd_charset_add(set, next, ranges[i].first - 1);
		next = ranges[i].last + 1;
	}
	if (name < 'a')
		sd_charset_add(set, next, last);
}

static int
compare_ranges(const void *a, const void *b)
{
	pg_wchar	left = ((const SdCharRange *) a)->first;
	pg_wchar	right = ((const SdCharRange *) b)->first;

	return left < right ? -1 : left > right;
}

/* Sorts the ranges and joins those that touch. */
void
sd_charset_normalize(SdCharset *set)
{
	int			n = 0;

	if (set->n == 0)
		return;
	qsort(set->ranges, set->n, sizeof(SdCharRange), compare_ranges);
	for (int i = 1; i < set->n; i++)
	{
		SdCharRange	   *last = &set->ranges[n];

		if (set->ranges[i].first <= last->last + 1)
			last->last = Max(last->last, set->ranges[i].last);
		else
			set->ranges[++n] = set->ranges[i];
	}
	set->n = n + 1;
}

/* Replaces the characters by those that they are compared as without regard to case. */
void
sd_charset_fold(SdCharset *set)
{
	SdCharset	folded = {0};

	sd_charset_normalize(set);
	for (int i = 0; i < set->n; i++)
	{
		for (pg_wchar c = set->ranges[i].first; c <= set->ranges[i].last; c++)
		{
			pg_wchar	f = sd_fold(c);

			if (folded.n > 0 && f == folded.ranges[folded.n - 1].last + 1)
				folded.ranges[folded.n - 1].last = f;
			else
				sd_charset_add(&folded, f, f);
		}
		CHECK_FOR_INTERRUPTS();
	}
	if (set->ranges != NULL)
		pfree(set->ranges);
	*set = folded;
}

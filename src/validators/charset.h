/*-------------------------------------------------------------------------
 * validators/charset.h
 *		Sets of characters, for classes of regular expressions.
 *
 * A set that is all zeros is empty.  Its ranges are in the context that was
 * current at the first add; whoever made the set frees them.
 *-------------------------------------------------------------------------
 */
#ifndef SD_VALIDATORS_CHARSET_H
#define SD_VALIDATORS_CHARSET_H

#include "mb/pg_wchar.h"

typedef struct SdCharRange
{
	pg_wchar	first;
	pg_wchar	last;
} SdCharRange;

typedef struct SdCharset
{
	SdCharRange *ranges;
	int			n;
	int			capacity;
} SdCharset;

extern void sd_charset_add(SdCharset *set, pg_wchar first, pg_wchar last);
extern void sd_charset_add_named(SdCharset *set, pg_wchar name, pg_wchar last);
extern void sd_charset_normalize(SdCharset *set);
extern void sd_charset_fold(SdCharset *set);

#endif							/* SD_VALIDATORS_CHARSET_H */

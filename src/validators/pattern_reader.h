/*-------------------------------------------------------------------------
 * validators/pattern_reader.h
 *		Reads the parts of JavaScript's regular expressions, for translate.c.
 *
 * A reader owns nothing: it points into the caller's source, and to constant
 * texts.
 *-------------------------------------------------------------------------
 */
#ifndef SD_VALIDATORS_PATTERN_READER_H
#define SD_VALIDATORS_PATTERN_READER_H

#include "validators/pattern.h"

/* a count that has no end, or is too large to matter */
#define SD_UNLIMITED		PG_INT32_MAX

typedef struct SdPatternReader
{
	const SdPatternFlags *flags;
	const pg_wchar *at;
	const pg_wchar *end;
	const char *problem;		/* in words that have the pattern as their subject, or NULL */

	/* from a look over the source before */
	int			ngroups;
	bool		named;			/* groups have names, so \k refers to one */
	bool		references;		/* some reference back: groups have to capture */
} SdPatternReader;

/* a group's name, in the source */
typedef struct SdGroupName
{
	const pg_wchar *s;
	int			len;
	int			group;
} SdGroupName;

extern bool sd_pattern_fail(SdPatternReader *r, const char *problem);
extern void sd_pattern_survey(SdPatternReader *r);
extern bool sd_pattern_at(const SdPatternReader *r, char c);
extern bool sd_pattern_skip(SdPatternReader *r, const char *text);
extern bool sd_pattern_number(SdPatternReader *r, int *value);
extern bool sd_pattern_escape(SdPatternReader *r, bool in_class, pg_wchar *result);
extern bool sd_pattern_name(SdPatternReader *r, SdGroupName *name);
extern bool sd_pattern_braces(SdPatternReader *r, int *min, int *max);
extern bool sd_pattern_quantifier(SdPatternReader *r, int *min, int *max);

#endif							/* SD_VALIDATORS_PATTERN_READER_H */

/*-------------------------------------------------------------------------
 * validators/pattern.h
 *		JavaScript's regular expressions, run by the server's engine.
 *
 * A pattern belongs to the memory context that was current when it was
 * compiled, and is freed with it, the engine's own memory too.
 *-------------------------------------------------------------------------
 */
#ifndef SD_VALIDATORS_PATTERN_H
#define SD_VALIDATORS_PATTERN_H

#include "mb/pg_wchar.h"

typedef struct SdPattern SdPattern;

/* flags of a pattern */
typedef struct SdPatternFlags
{
	bool		fold;			/* i */
	bool		multiline;		/* m */
	bool		dot_all;		/* s */
	bool		sticky;			/* y */
	bool		unicode;		/* u: characters, where else UTF-16 units count */
} SdPatternFlags;

/* pattern.c */
extern SdPattern *sd_compile_pattern(const char *source, Size len, const char *flags,
									 const char **problem);
extern bool sd_match_pattern(const SdPattern *pattern, const char *s, Size len);

/* translate.c: for the compiler only */
extern pg_wchar *sd_translate_pattern(const pg_wchar *source, int len,
									  const SdPatternFlags *flags, int *result_len,
									  const char **problem);

#endif							/* SD_VALIDATORS_PATTERN_H */

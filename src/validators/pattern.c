/*-------------------------------------------------------------------------
 * validators/pattern.c
 *		Compiles and matches JavaScript's regular expressions.
 *
 * The engine works on arrays of numbers, so we give it what JavaScript would
 * see: UTF-16 units, or characters with the flag u.  It runs under the
 * collation C, and the flag i is applied before it: pattern and text are both
 * folded.  So neither the database's encoding nor its locale makes a difference.
 *
 * The engine has no backtracking to get lost in, and can be interrupted.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_collation.h"
#include "miscadmin.h"
#include "regex/regex.h"
#include "utils/memutils.h"
#include "validators/fold.h"
#include "validators/pattern.h"
#include "validators/utf8.h"

#define ERROR_LEN	100

struct SdPattern
{
	regex_t		regex;
	bool		fold;
	bool		unicode;
	MemoryContextCallback callback;
};

/* Reads the flags.  Returns what is wrong with them, or NULL. */
static const char *
read_flags(const char *text, SdPatternFlags *flags)
{
	memset(flags, 0, sizeof(SdPatternFlags));
	for (const char *c = text; *c != '\0'; c++)
	{
		switch (*c)
		{
			case 'i':
				flags->fold = true;
				break;
			case 'm':
				flags->multiline = true;
				break;
			case 's':
				flags->dot_all = true;
				break;
			case 'u':
				flags->unicode = true;
				break;
			case 'y':
				flags->sticky = true;
				break;
			case 'd':
			case 'g':
				/* about what a match returns, not about whether there is one */
				break;
			default:
				return "has a flag that is none of d, g, i, m, s, u and y";
		}
		if (strchr(c + 1, *c) != NULL)
			return psprintf("has the flag \"%c\" twice", *c);
	}
	if (flags->fold && flags->unicode)
		return "has the flags \"i\" and \"u\", which are not supported together";
	return NULL;
}

/* The numbers that the engine is to see, in the current context. */
static pg_wchar *
to_units(const char *s, Size len, bool unicode, bool fold, Size *n)
{
	pg_wchar   *units = palloc_extended(Max(len, 1) * sizeof(pg_wchar), MCXT_ALLOC_HUGE);
	SdUtf8		reader = sd_utf8(s, len);
	pg_wchar	c;

	*n = 0;
	while (sd_utf8_next(&reader, &c))
	{
		if (fold)
			c = c > 0xFFFF ? c : sd_fold(c);
		if (c > 0xFFFF && !unicode)
		{
			units[(*n)++] = 0xD800 + ((c - 0x10000) >> 10);
			c = 0xDC00 + ((c - 0x10000) & 0x3FF);
		}
		units[(*n)++] = c;
	}
	Assert(*n <= len);
	return units;
}

/* Before PostgreSQL 16 the engine's memory is malloc's. */
static void
free_regex(void *arg)
{
	pg_regfree(arg);
}

/* The engine's words for an error, which may be that the query was cancelled. */
static char *
engine_error(int code, const regex_t *regex)
{
	char	   *text = palloc(ERROR_LEN);

	CHECK_FOR_INTERRUPTS();
	pg_regerror(code, regex, text, ERROR_LEN);
	return text;
}

/*
 * Compiles a pattern, UTF-8 of len bytes, with JavaScript's flags.  Returns
 * NULL when that is not possible, and what is wrong in *problem, in words that
 * have the pattern as their subject.
 */
SdPattern *
sd_compile_pattern(const char *source, Size len, const char *flags, const char **problem)
{
	SdPattern  *pattern = palloc0(sizeof(SdPattern));
	SdPatternFlags bits;
	pg_wchar   *units;
	pg_wchar   *translated;
	Size		nunits;
	int			ntranslated;
	int			code;

	*problem = read_flags(flags, &bits);
	if (*problem != NULL)
		return NULL;
	pattern->fold = bits.fold;
	pattern->unicode = bits.unicode;
	units = to_units(source, len, bits.unicode, false, &nunits);
	translated = sd_translate_pattern(units, nunits, &bits, &ntranslated, problem);
	pfree(units);
	Assert((translated == NULL) == (*problem != NULL));
	if (translated == NULL)
		return NULL;

	code = pg_regcomp(&pattern->regex, translated, ntranslated, REG_ADVANCED | REG_NOSUB,
					  C_COLLATION_OID);
	pfree(translated);
	if (code != REG_OKAY)
	{
		*problem = psprintf("cannot be compiled: %s", engine_error(code, &pattern->regex));
		return NULL;
	}
	pattern->callback.func = free_regex;
	pattern->callback.arg = &pattern->regex;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, &pattern->callback);
	return pattern;
}

/*
 * Whether a pattern matches somewhere in a text, UTF-8 of len bytes.  Raises
 * 54000 when that is too complex to find out.
 */
bool
sd_match_pattern(const SdPattern *pattern, const char *s, Size len)
{
	Size		n;
	pg_wchar   *units = to_units(s, len, pattern->unicode, pattern->fold, &n);
	/* the engine takes a plain pointer, but keeps what it was compiled to */
	regex_t    *regex = unconstify(regex_t *, &pattern->regex);
	int			code = pg_regexec(regex, units, n, 0, NULL, 0, NULL, 0);

	pfree(units);
	if (code != REG_OKAY && code != REG_NOMATCH)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a value cannot be matched against its validator's pattern: %s",
						engine_error(code, regex))));
	return code == REG_OKAY;
}

/*-------------------------------------------------------------------------
 * validators/translate.c
 *		Translates JavaScript's regular expressions into the server's.
 *
 * Both have the same operators, so the structure stays.  What differs is
 * written out: classes (\d, \w, \s and the dot as JavaScript has them), line
 * ends under the flag m, counts beyond the engine's limit, an optional
 * lookahead.  Only whether there is a match is asked for, so that greed makes
 * no difference.  The grammar is the lenient one that browsers have, unless
 * the flag u is given.
 *
 * Refused, with words that say so: \p, and references back to a group that
 * need not have matched or from within a lookaround.  JavaScript lets a
 * reference to an unset group match nothing; to the engine it fails.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "miscadmin.h"
#include "validators/charset.h"
#include "validators/fold.h"
#include "validators/pattern.h"
#include "validators/pattern_reader.h"
#include "validators/utf8.h"

#define ENGINE_MAX_COUNT	255 /* in {m,n} */
#define MAX_OUTPUT			100000	/* a pattern that grows beyond this is too complex anyway */
#define MAX_SOURCE			20000

/* no text has this character */
#define NEVER				0x110000

typedef struct Translator
{
	SdPatternReader reader;

	pg_wchar   *out;
	int			len;
	int			capacity;

	int			group;			/* groups begun so far */
	int			captures;		/* those of them that the engine counts */
	int		   *engine_number;	/* by group */
	int		   *set;			/* groups that have matched wherever we get here */
	int			nset;
	SdGroupName *names;
	int			nnames;
	int			looking;		/* lookarounds around us */
} Translator;

static bool translate_disjunction(Translator *t);

/* Appends one number to the translation. */
static void
emit(Translator *t, pg_wchar c)
{
	if (t->len == t->capacity)
	{
		t->capacity *= 2;
		t->out = repalloc(t->out, t->capacity * sizeof(pg_wchar));
	}
	if (t->len < MAX_OUTPUT)
		t->out[t->len++] = c;
	else
		sd_pattern_fail(&t->reader, "is too long");
}

static void
emit_text(Translator *t, const char *s)
{
	for (; *s != '\0'; s++)
		emit(t, (unsigned char) *s);
}

/* Appends a character that stands for itself. */
static void
emit_literal(Translator *t, pg_wchar c)
{
	if (sd_in_range(c, '!', '~') && !sd_is_letter(c) && !sd_is_digit(c))
		emit(t, '\\');
	emit(t, c);
}

static void
emit_char(Translator *t, pg_wchar c)
{
	emit_literal(t, t->reader.flags->fold ? sd_fold(c) : c);
}

static inline pg_wchar
max_char(const Translator *t)
{
	return t->reader.flags->unicode ? 0x10FFFF : 0xFFFF;
}

/* Appends a bracket expression, and frees the set. */
static void
emit_set(Translator *t, SdCharset *set, bool negated)
{
	if (t->reader.flags->fold)
		sd_charset_fold(set);
	sd_charset_normalize(set);
	emit_text(t, negated ? "[^" : "[");
	if (set->n == 0)
		emit(t, NEVER);
	for (int i = 0; i < set->n; i++)
	{
		emit_literal(t, set->ranges[i].first);
		if (set->ranges[i].last > set->ranges[i].first)
		{
			emit(t, '-');
			emit_literal(t, set->ranges[i].last);
		}
	}
	emit(t, ']');
	if (set->ranges != NULL)
		pfree(set->ranges);
}

/* Appends "any line terminator", or any other character. */
static void
emit_line_ends(Translator *t, bool negated)
{
	SdCharset	set = {0};

	sd_charset_add(&set, '\n', '\n');
	sd_charset_add(&set, '\r', '\r');
	sd_charset_add(&set, 0x2028, 0x2029);
	emit_set(t, &set, negated);
}

static inline bool
is_set_name(pg_wchar c)
{
	return c < 0x80 && c != 0 && strchr("dDwWsS", (int) c) != NULL;
}

/* Reads one member of a class: a character, or the name of a set. */
static bool
read_class_member(Translator *t, SdCharset *set, pg_wchar *c, bool *is_set)
{
	Assert(t->reader.at < t->reader.end);
	*is_set = false;
	*c = *t->reader.at++;
	if (*c != '\\')
		return true;
	if (t->reader.at == t->reader.end)
		return sd_pattern_fail(&t->reader, "ends with a backslash");
	if (is_set_name(*t->reader.at))
	{
		*is_set = true;
		sd_charset_add_named(set, *t->reader.at++, max_char(t));
		return true;
	}
	if (*t->reader.at == 'b')
	{
		t->reader.at++;
		*c = '\b';
		return true;
	}
	return sd_pattern_escape(&t->reader, true, c);
}

/* A class, after its bracket. */
static bool
translate_class(Translator *t)
{
	bool		negated = sd_pattern_skip(&t->reader, "^");
	SdCharset	set = {0};

	while (!sd_pattern_at(&t->reader, ']'))
	{
		pg_wchar	first;
		pg_wchar	last;
		bool		first_is_set;
		bool		last_is_set;

		if (t->reader.at == t->reader.end)
			return sd_pattern_fail(&t->reader, "has a [ without its ]");
		if (!read_class_member(t, &set, &first, &first_is_set))
			return false;
		last = first;
		if (sd_pattern_at(&t->reader, '-') && t->reader.end - t->reader.at > 1 && t->reader.at[1] != ']')
		{
			t->reader.at++;
			if (!read_class_member(t, &set, &last, &last_is_set))
				return false;
			if (first_is_set || last_is_set)
			{
				if (t->reader.flags->unicode)
					return sd_pattern_fail(&t->reader, "has a range of something else than characters");
				sd_charset_add(&set, '-', '-');
				if (!first_is_set)
					sd_charset_add(&set, first, first);
				first_is_set = last_is_set;
				first = last;
			}
			else if (first > last)
				return sd_pattern_fail(&t->reader, "has a range that is out of order");
		}
		if (!first_is_set)
			sd_charset_add(&set, first, last);
	}
	t->reader.at++;
	emit_set(t, &set, negated);
	return true;
}

/* The group called as name says, 0 when there is none yet. */
static int
find_name(const Translator *t, const SdGroupName *name)
{
	for (int i = 0; i < t->nnames; i++)
	{
		if (t->names[i].len == name->len &&
			memcmp(t->names[i].s, name->s, name->len * sizeof(pg_wchar)) == 0)
			return t->names[i].group;
	}
	return 0;
}

/* A reference back to a group, 0 being none. */
static bool
translate_reference(Translator *t, int group)
{
	if (t->looking > 0)
		return sd_pattern_fail(&t->reader, "has a back reference in a lookaround, which is not supported");
	for (int i = 0; i < t->nset; i++)
	{
		if (t->set[i] == group)
		{
			char		number[16];

			Assert(group > 0 && t->engine_number[group] > 0);
			/* in parentheses, for a digit may follow */
			snprintf(number, sizeof(number), "(?:\\%d)", t->engine_number[group]);
			emit_text(t, number);
			return true;
		}
	}
	return sd_pattern_fail(&t->reader, "refers back to a group that need not have matched, which is not supported");
}

/* What follows a backslash outside classes.  *assertion is set for \b and \B. */
static bool
translate_escape(Translator *t, bool *assertion)
{
	pg_wchar	c;

	if (t->reader.at == t->reader.end)
		return sd_pattern_fail(&t->reader, "ends with a backslash");
	c = *t->reader.at;
	if (c == 'b' || c == 'B')
	{
		t->reader.at++;
		*assertion = true;
		emit_text(t, c == 'b' ? "\\y" : "\\Y");
		return true;
	}
	if (is_set_name(c))
	{
		SdCharset	set = {0};

		t->reader.at++;
		sd_charset_add_named(&set, c | 0x20, max_char(t));
		emit_set(t, &set, c < 'a');
		return true;
	}
	if (c == 'k' && (t->reader.named || t->reader.flags->unicode))
	{
		SdGroupName name;

		t->reader.at++;
		if (!sd_pattern_skip(&t->reader, "<"))
			return sd_pattern_fail(&t->reader, "has a wrong \\k");
		return sd_pattern_name(&t->reader, &name) && translate_reference(t, find_name(t, &name));
	}
	if (sd_in_range(c, '1', '9'))
	{
		const pg_wchar *start = t->reader.at;
		int			group;

		sd_pattern_number(&t->reader, &group);
		if (group <= t->reader.ngroups)
			return translate_reference(t, group);
		if (t->reader.flags->unicode)
			return sd_pattern_fail(&t->reader, "refers back to a group that it does not have");
		t->reader.at = start;
	}
	if (!sd_pattern_escape(&t->reader, false, &c))
		return false;
	emit_char(t, c);
	return true;
}

/* A group that captures; what it is called has been read. */
static bool
translate_capture(Translator *t)
{
	int			group = ++t->group;

	/* as many as the look over the source has counted */
	Assert(group <= t->reader.ngroups);
	if (t->reader.references && t->looking == 0)
	{
		t->engine_number[group] = ++t->captures;
		emit(t, '(');
	}
	else
		emit_text(t, "(?:");
	if (!translate_disjunction(t))
		return false;
	t->set[t->nset++] = group;
	return true;
}

/* A lookaround.  What is captured in it is not to be had outside. */
static bool
translate_lookaround(Translator *t, const char *opening)
{
	int			nset = t->nset;

	t->looking++;
	emit_text(t, opening);
	if (!translate_disjunction(t))
		return false;
	t->looking--;
	t->nset = nset;
	return true;
}

/*
 * What stands in parentheses, after the first.  *assertion is set for what may
 * not be repeated, *lookahead for what may only in the lenient grammar.
 */
static bool
translate_group(Translator *t, bool *assertion, bool *lookahead)
{
	bool		valid;

	if (sd_pattern_skip(&t->reader, "?:"))
	{
		emit_text(t, "(?:");
		valid = translate_disjunction(t);
	}
	else if (sd_pattern_skip(&t->reader, "?="))
	{
		*lookahead = true;
		valid = translate_lookaround(t, "(?=");
	}
	else if (sd_pattern_skip(&t->reader, "?!"))
	{
		*lookahead = true;
		valid = translate_lookaround(t, "(?!");
	}
	else if (sd_pattern_skip(&t->reader, "?<="))
	{
		*assertion = true;
		valid = translate_lookaround(t, "(?<=");
	}
	else if (sd_pattern_skip(&t->reader, "?<!"))
	{
		*assertion = true;
		valid = translate_lookaround(t, "(?<!");
	}
	else if (sd_pattern_skip(&t->reader, "?<"))
	{
		SdGroupName name;

		if (!sd_pattern_name(&t->reader, &name))
			return false;
		if (find_name(t, &name) != 0)
			return sd_pattern_fail(&t->reader, "has two groups of the same name");
		name.group = t->group + 1;
		t->names[t->nnames++] = name;
		valid = translate_capture(t);
	}
	else if (sd_pattern_at(&t->reader, '?'))
		return sd_pattern_fail(&t->reader, "has a wrong group");
	else
		valid = translate_capture(t);
	if (!valid)
		return false;
	if (!sd_pattern_skip(&t->reader, ")"))
		return sd_pattern_fail(&t->reader, "has a ( without its )");
	emit(t, ')');
	return true;
}

/* Appends the atom that stands from start to end once more. */
static void
emit_copy(Translator *t, int start, int end)
{
	Assert(start <= end && end <= t->len);
	for (int i = start; i < end && t->reader.problem == NULL; i++)
		emit(t, t->out[i]);
}

static void
emit_count(Translator *t, int min, int max)
{
	char		braces[32];

	snprintf(braces, sizeof(braces), "{%d,%d}", min, max);
	emit_text(t, braces);
}

/*
 * Repeats the atom that has been translated from start on.  Counts beyond the
 * engine's limit become several atoms in a row.
 */
static bool
repeat(Translator *t, int start, int min, int max, bool captures)
{
	int			end = t->len;
	int			optional = max == SD_UNLIMITED ? 0 : max - min;
	bool		first = true;

	if (captures && (min > ENGINE_MAX_COUNT || optional > ENGINE_MAX_COUNT ||
					 (max == SD_UNLIMITED && min > 1)))
		return sd_pattern_fail(&t->reader, "repeats a group that it refers back to too often");
	if (min <= 1 && max == SD_UNLIMITED)
		emit(t, min == 0 ? '*' : '+');
	else if (max <= ENGINE_MAX_COUNT)
		emit_count(t, min, max);
	else
	{
		while (min > 0 && t->reader.problem == NULL)
		{
			int			n = Min(min, ENGINE_MAX_COUNT);

			if (!first)
				emit_copy(t, start, end);
			emit_count(t, n, n);
			first = false;
			min -= n;
		}
		while (optional > 0 && t->reader.problem == NULL)
		{
			int			n = Min(optional, ENGINE_MAX_COUNT);

			if (!first)
				emit_copy(t, start, end);
			emit_count(t, 0, n);
			first = false;
			optional -= n;
		}
		if (max == SD_UNLIMITED)
		{
			emit_copy(t, start, end);
			emit(t, '*');
		}
	}
	return t->reader.problem == NULL;
}

/* An atom or an assertion, with what says how often. */
static bool
translate_term(Translator *t)
{
	int			start = t->len;
	int			nset = t->nset;
	int			ncaptures = t->captures;
	bool		assertion = false;
	bool		lookahead = false;
	pg_wchar	c = *t->reader.at;
	int			min;
	int			max;

	if (c == '*' || c == '+' || c == '?' || (c == '{' && sd_pattern_braces(&t->reader, &min, &max)))
		return sd_pattern_fail(&t->reader, "has nothing before a quantifier");
	if (t->reader.flags->unicode && (c == '{' || c == '}' || c == ']'))
		return sd_pattern_fail(&t->reader, "has a bracket without its partner");
	t->reader.at++;
	switch (c)
	{
		case '^':
			assertion = true;
			if (t->reader.flags->multiline)
			{
				emit_text(t, "(?:^|(?<=");
				emit_line_ends(t, false);
				emit_text(t, "))");
			}
			else
				emit(t, '^');
			break;
		case '$':
			assertion = true;
			if (t->reader.flags->multiline)
			{
				emit_text(t, "(?:$|(?=");
				emit_line_ends(t, false);
				emit_text(t, "))");
			}
			else
				emit(t, '$');
			break;
		case '.':
			if (t->reader.flags->dot_all)
				emit(t, '.');
			else
				emit_line_ends(t, true);
			break;
		case '(':
			if (!translate_group(t, &assertion, &lookahead))
				return false;
			break;
		case '[':
			if (!translate_class(t))
				return false;
			break;
		case '\\':
			if (!translate_escape(t, &assertion))
				return false;
			break;
		default:
			emit_char(t, c);
			break;
	}

	if (!sd_pattern_quantifier(&t->reader, &min, &max))
		return true;
	if (assertion || (lookahead && t->reader.flags->unicode))
		return sd_pattern_fail(&t->reader, "has nothing before a quantifier");
	if (min > max)
		return sd_pattern_fail(&t->reader, "has a quantifier whose numbers are out of order");
	if (min == 0)
		t->nset = nset;
	if (lookahead)
	{
		/* once or never: it takes up no text */
		if (min == 0)
			t->len = start;
		return true;
	}
	return repeat(t, start, min, max, t->captures > ncaptures);
}

/* Alternatives, up to a closing parenthesis or the end. */
static bool
translate_disjunction(Translator *t)
{
	int			nset = t->nset;
	bool		alternatives = false;

	if (stack_is_too_deep())
		return sd_pattern_fail(&t->reader, "is nested too deeply");
	for (;;)
	{
		int			start = t->len;

		while (t->reader.at < t->reader.end && *t->reader.at != '|' && *t->reader.at != ')')
		{
			/* also where it grew too long: the rest of it may be much work */
			if (!translate_term(t) || t->reader.problem != NULL)
				return false;
		}
		if (t->len == start)
			emit_text(t, "(?:)");
		if (!sd_pattern_skip(&t->reader, "|"))
			break;
		emit(t, '|');
		alternatives = true;
		t->nset = nset;
	}
	if (alternatives)
		t->nset = nset;
	return t->reader.problem == NULL;
}

/*
 * Translates a pattern of len numbers, which are UTF-16 units or, with the
 * flag u, characters.  Returns numbers for pg_regcomp(), in the current
 * context, or NULL and what is wrong in *problem, in words that have the
 * pattern as their subject.
 */
pg_wchar *
sd_translate_pattern(const pg_wchar *source, int len, const SdPatternFlags *flags,
					 int *result_len, const char **problem)
{
	Translator	t = {.reader = {.flags = flags, .at = source, .end = source + len}};

	if (len > MAX_SOURCE)
	{
		*problem = "is too long";
		return NULL;
	}
	sd_pattern_survey(&t.reader);
	t.capacity = 256;
	t.out = palloc(t.capacity * sizeof(pg_wchar));
	t.engine_number = palloc0((t.reader.ngroups + 1) * sizeof(int));
	t.set = palloc((t.reader.ngroups + 1) * sizeof(int));
	t.names = palloc((t.reader.ngroups + 1) * sizeof(SdGroupName));

	if (flags->sticky)
		emit_text(&t, "^(?:");
	if (translate_disjunction(&t) && t.reader.at < t.reader.end)
		sd_pattern_fail(&t.reader, "has a ) without its (");
	if (flags->sticky)
		emit(&t, ')');

	Assert(t.reader.problem != NULL || (t.group == t.reader.ngroups && t.looking == 0));
	pfree(t.engine_number);
	pfree(t.set);
	pfree(t.names);
	*problem = t.reader.problem;
	*result_len = t.len;
	if (t.reader.problem == NULL)
		return t.out;
	pfree(t.out);
	return NULL;
}

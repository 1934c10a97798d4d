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
#include "validators/fold.h"
#include "validators/pattern.h"
#include "validators/utf8.h"

#define ENGINE_MAX_COUNT	255 /* in {m,n} */
#define UNLIMITED			PG_INT32_MAX
#define MAX_OUTPUT			100000	/* a pattern that grows beyond this is too complex anyway */
#define MAX_SOURCE			20000

/* no text has this character */
#define NEVER				0x110000

/* Characters in ascending ranges. */
typedef struct Range
{
	pg_wchar	first;
	pg_wchar	last;
} Range;

typedef struct Set
{
	Range	   *ranges;
	int			n;
	int			capacity;
} Set;

/* A group's name, in the source. */
typedef struct GroupName
{
	const pg_wchar *s;
	int			len;
	int			group;
} GroupName;

typedef struct Translator
{
	const SdPatternFlags *flags;
	const pg_wchar *at;			/* in the source */
	const pg_wchar *end;
	const char *problem;

	pg_wchar   *out;
	int			len;
	int			capacity;

	/* from a look over the source before */
	int			ngroups;
	bool		named;			/* groups have names, so \k refers to one */
	bool		references;		/* some reference back: groups have to capture */

	int			group;			/* groups begun so far */
	int			captures;		/* those of them that the engine counts */
	int		   *engine_number;	/* by group */
	int		   *set;			/* groups that have matched wherever we get here */
	int			nset;
	GroupName	   *names;
	int			nnames;
	int			looking;		/* lookarounds around us */
} Translator;

static bool translate_disjunction(Translator *t);

static bool
fail(Translator *t, const char *problem)
{
	if (t->problem == NULL)
		t->problem = problem;
	return false;
}

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
		fail(t, "is too long");
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
	emit_literal(t, t->flags->fold ? sd_fold(c) : c);
}

static inline bool
looking_at(const Translator *t, char c)
{
	return t->at < t->end && *t->at == (unsigned char) c;
}

static bool
skip(Translator *t, const char *text)
{
	Size		len = strlen(text);

	if (t->end - t->at < len)
		return false;
	for (Size i = 0; i < len; i++)
	{
		if (t->at[i] != (unsigned char) text[i])
			return false;
	}
	t->at += len;
	return true;
}

static void
add_range(Set *set, pg_wchar first, pg_wchar last)
{
	if (set->n == set->capacity)
	{
		set->capacity = Max(8, set->capacity * 2);
		set->ranges = set->ranges == NULL ? palloc(set->capacity * sizeof(Range))
			: repalloc(set->ranges, set->capacity * sizeof(Range));
	}
	set->ranges[set->n].first = first;
	set->ranges[set->n++].last = last;
}

static inline pg_wchar
max_char(const Translator *t)
{
	return t->flags->unicode ? 0x10FFFF : 0xFFFF;
}

/* The characters of \d, \w or \s, ascending. */
static const Range *
named_set(pg_wchar name, int *n)
{
	static const Range digits[] = {{'0', '9'}};
	static const Range word[] = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
	static const Range space[] = {
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
			*n = lengthof(space);
			return space;
	}
}

/* Adds what \d, \D, \w, \W, \s or \S matches. */
static void
add_named_set(const Translator *t, Set *set, pg_wchar name)
{
	int			n;
	const Range *ranges = named_set(name | 0x20, &n);
	pg_wchar	next = 0;

	for (int i = 0; i < n; i++)
	{
		if (name >= 'a')
			add_range(set, ranges[i].first, ranges[i].last);
		else if (ranges[i].first > next)
			add_range(set, next, ranges[i].first - 1);
		next = ranges[i].last + 1;
	}
	if (name < 'a')
		add_range(set, next, max_char(t));
}

static int
compare_ranges(const void *a, const void *b)
{
	pg_wchar	left = ((const Range *) a)->first;
	pg_wchar	right = ((const Range *) b)->first;

	return left < right ? -1 : left > right;
}

/* Sorts the ranges and joins those that touch. */
static void
normalize(Set *set)
{
	int			n = 0;

	if (set->n == 0)
		return;
	qsort(set->ranges, set->n, sizeof(Range), compare_ranges);
	for (int i = 1; i < set->n; i++)
	{
		Range	   *last = &set->ranges[n];

		if (set->ranges[i].first <= last->last + 1)
			last->last = Max(last->last, set->ranges[i].last);
		else
			set->ranges[++n] = set->ranges[i];
	}
	set->n = n + 1;
}

/* The characters that those of a set are compared as. */
static void
fold_set(Set *set)
{
	Set			folded = {0};

	normalize(set);
	for (int i = 0; i < set->n; i++)
	{
		for (pg_wchar c = set->ranges[i].first; c <= set->ranges[i].last; c++)
		{
			pg_wchar	f = sd_fold(c);

			if (folded.n > 0 && f == folded.ranges[folded.n - 1].last + 1)
				folded.ranges[folded.n - 1].last = f;
			else
				add_range(&folded, f, f);
		}
		CHECK_FOR_INTERRUPTS();
	}
	if (set->ranges != NULL)
		pfree(set->ranges);
	*set = folded;
}

/* Appends a bracket expression, and frees the set. */
static void
emit_set(Translator *t, Set *set, bool negated)
{
	if (t->flags->fold)
		fold_set(set);
	normalize(set);
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
	Set			set = {0};

	add_range(&set, '\n', '\n');
	add_range(&set, '\r', '\r');
	add_range(&set, 0x2028, 0x2029);
	emit_set(t, &set, negated);
}

/* Reads n hexadecimal digits.  Returns false, having read nothing, when they are not there. */
static bool
read_hex(Translator *t, int n, pg_wchar *value)
{
	*value = 0;
	if (t->end - t->at < n)
		return false;
	for (int i = 0; i < n; i++)
	{
		pg_wchar	c = t->at[i];

		if (!sd_is_hex_digit(c))
			return false;
		*value = *value * 16 + (sd_is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	t->at += n;
	return true;
}

/* Reads a decimal number of any length; UNLIMITED stands for what is too large. */
static bool
read_number(Translator *t, int *value)
{
	int64		n = 0;
	const pg_wchar *start = t->at;

	for (; t->at < t->end && sd_is_digit(*t->at); t->at++)
		n = Min(n * 10 + (*t->at - '0'), UNLIMITED);
	*value = n;
	return t->at > start;
}

/* The rest of \u with the flag u: {code}, or four digits or a pair of them. */
static bool
read_unicode_escape(Translator *t, pg_wchar *c)
{
	pg_wchar	low;

	if (looking_at(t, '{'))
	{
		const pg_wchar *digits = ++t->at;

		*c = 0;
		while (t->at < t->end && *c <= 0x10FFFF && sd_is_hex_digit(*t->at))
		{
			pg_wchar	digit = *t->at++;

			*c = *c * 16 + (sd_is_digit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10);
		}
		if (t->at == digits || *c > 0x10FFFF || !skip(t, "}"))
			return fail(t, "has a wrong \\u");
		return true;
	}
	if (!read_hex(t, 4, c))
		return fail(t, "has a wrong \\u");
	if (sd_in_range(*c, 0xD800, 0xDBFF) && t->end - t->at >= 6)
	{
		const pg_wchar *start = t->at;

		if (skip(t, "\\u") && read_hex(t, 4, &low) && sd_in_range(low, 0xDC00, 0xDFFF))
			*c = 0x10000 + ((*c - 0xD800) << 10) + (low - 0xDC00);
		else
			t->at = start;
	}
	return true;
}

/* One to three octal digits up to \377, the first of which is c. */
static pg_wchar
read_octal(Translator *t, pg_wchar c)
{
	pg_wchar	value = c - '0';

	for (int i = 0; i < 2 && t->at < t->end && sd_in_range(*t->at, '0', '7'); i++)
	{
		if (value * 8 + (*t->at - '0') > 0xFF)
			break;
		value = value * 8 + (*t->at++ - '0');
	}
	return value;
}

/*
 * Reads what follows a backslash and stands for one character, inside a class
 * or outside.
 */
static bool
read_char_escape(Translator *t, bool in_class, pg_wchar *result)
{
	bool		strict = t->flags->unicode;
	pg_wchar	c = *t->at++;

	*result = c;
	switch (c)
	{
		case 'f':
			*result = '\f';
			return true;
		case 'n':
			*result = '\n';
			return true;
		case 'r':
			*result = '\r';
			return true;
		case 't':
			*result = '\t';
			return true;
		case 'v':
			*result = '\v';
			return true;
		case 'c':
			if (t->at < t->end &&
				(sd_is_letter(*t->at) ||
				 (in_class && !strict && (sd_is_digit(*t->at) || *t->at == '_'))))
				*result = *t->at++ % 32;
			else if (strict)
				return fail(t, "has a wrong \\c");
			else
			{
				/* the backslash is itself, and c comes next */
				*result = '\\';
				t->at--;
			}
			return true;
		case 'x':
			if (!read_hex(t, 2, result))
			{
				*result = 'x';
				return !strict || fail(t, "has a wrong \\x");
			}
			return true;
		case 'u':
			if (strict)
				return read_unicode_escape(t, result);
			if (!read_hex(t, 4, result))
				*result = 'u';
			return true;
		case 'k':
			return !t->named || fail(t, "has a wrong \\k");
		case 'p':
		case 'P':
			return !strict || fail(t, "has \\p, which is not supported");
		case '-':
			return !strict || in_class || fail(t, "has a wrong escape");
	}
	if (strict)
	{
		if (c == '0' && !(t->at < t->end && sd_is_digit(*t->at)))
			*result = 0;
		else if (c > '~' || strchr("^$\\.*+?()[]{}|/", (int) c) == NULL)
			return fail(t, "has a wrong escape");
	}
	else if (sd_in_range(c, '0', '7'))
		*result = read_octal(t, c);
	return true;
}

static inline bool
is_set_name(pg_wchar c)
{
	return c < 0x80 && c != 0 && strchr("dDwWsS", (int) c) != NULL;
}

/* Reads one member of a class: a character, or the name of a set. */
static bool
read_class_member(Translator *t, Set *set, pg_wchar *c, bool *is_set)
{
	*is_set = false;
	*c = *t->at++;
	if (*c != '\\')
		return true;
	if (t->at == t->end)
		return fail(t, "ends with a backslash");
	if (is_set_name(*t->at))
	{
		*is_set = true;
		add_named_set(t, set, *t->at++);
		return true;
	}
	if (*t->at == 'b')
	{
		t->at++;
		*c = '\b';
		return true;
	}
	return read_char_escape(t, true, c);
}

/* A class, after its bracket. */
static bool
translate_class(Translator *t)
{
	bool		negated = skip(t, "^");
	Set			set = {0};

	while (!looking_at(t, ']'))
	{
		pg_wchar	first;
		pg_wchar	last;
		bool		first_is_set;
		bool		last_is_set;

		if (t->at == t->end)
			return fail(t, "has a [ without its ]");
		if (!read_class_member(t, &set, &first, &first_is_set))
			return false;
		last = first;
		if (looking_at(t, '-') && t->end - t->at > 1 && t->at[1] != ']')
		{
			t->at++;
			if (!read_class_member(t, &set, &last, &last_is_set))
				return false;
			if (first_is_set || last_is_set)
			{
				if (t->flags->unicode)
					return fail(t, "has a range of something else than characters");
				add_range(&set, '-', '-');
				if (!first_is_set)
					add_range(&set, first, first);
				first_is_set = last_is_set;
				first = last;
			}
			else if (first > last)
				return fail(t, "has a range that is out of order");
		}
		if (!first_is_set)
			add_range(&set, first, last);
	}
	t->at++;
	emit_set(t, &set, negated);
	return true;
}

/* The name of a group, after its "<". */
static bool
read_name(Translator *t, GroupName *name)
{
	name->s = t->at;
	while (t->at < t->end && *t->at != '>')
	{
		pg_wchar	c = *t->at;

		if (!sd_is_letter(c) && c != '$' && c != '_' && c < 0x80 &&
			!(sd_is_digit(c) && t->at > name->s))
			return fail(t, "has a wrong name of a group");
		t->at++;
	}
	name->len = t->at - name->s;
	if (name->len == 0 || t->at == t->end)
		return fail(t, "has a wrong name of a group");
	t->at++;
	return true;
}

/* The group called as name says, 0 when there is none yet. */
static int
find_name(const Translator *t, const GroupName *name)
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
		return fail(t, "has a back reference in a lookaround, which is not supported");
	for (int i = 0; i < t->nset; i++)
	{
		if (t->set[i] == group)
		{
			char		number[16];

			/* in parentheses, for a digit may follow */
			snprintf(number, sizeof(number), "(?:\\%d)", t->engine_number[group]);
			emit_text(t, number);
			return true;
		}
	}
	return fail(t, "refers back to a group that need not have matched, which is not supported");
}

/* What follows a backslash outside classes.  *assertion is set for \b and \B. */
static bool
translate_escape(Translator *t, bool *assertion)
{
	pg_wchar	c;

	if (t->at == t->end)
		return fail(t, "ends with a backslash");
	c = *t->at;
	if (c == 'b' || c == 'B')
	{
		t->at++;
		*assertion = true;
		emit_text(t, c == 'b' ? "\\y" : "\\Y");
		return true;
	}
	if (is_set_name(c))
	{
		Set			set = {0};

		t->at++;
		add_named_set(t, &set, c | 0x20);
		emit_set(t, &set, c < 'a');
		return true;
	}
	if (c == 'k' && (t->named || t->flags->unicode))
	{
		GroupName		name;

		t->at++;
		if (!skip(t, "<"))
			return fail(t, "has a wrong \\k");
		return read_name(t, &name) && translate_reference(t, find_name(t, &name));
	}
	if (sd_in_range(c, '1', '9'))
	{
		const pg_wchar *start = t->at;
		int			group;

		read_number(t, &group);
		if (group <= t->ngroups)
			return translate_reference(t, group);
		if (t->flags->unicode)
			return fail(t, "refers back to a group that it does not have");
		t->at = start;
	}
	if (!read_char_escape(t, false, &c))
		return false;
	emit_char(t, c);
	return true;
}

/* A group that captures; what it is called has been read. */
static bool
translate_capture(Translator *t)
{
	int			group = ++t->group;

	if (t->references && t->looking == 0)
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

	if (skip(t, "?:"))
	{
		emit_text(t, "(?:");
		valid = translate_disjunction(t);
	}
	else if (skip(t, "?="))
	{
		*lookahead = true;
		valid = translate_lookaround(t, "(?=");
	}
	else if (skip(t, "?!"))
	{
		*lookahead = true;
		valid = translate_lookaround(t, "(?!");
	}
	else if (skip(t, "?<="))
	{
		*assertion = true;
		valid = translate_lookaround(t, "(?<=");
	}
	else if (skip(t, "?<!"))
	{
		*assertion = true;
		valid = translate_lookaround(t, "(?<!");
	}
	else if (skip(t, "?<"))
	{
		GroupName		name;

		if (!read_name(t, &name))
			return false;
		if (find_name(t, &name) != 0)
			return fail(t, "has two groups of the same name");
		name.group = t->group + 1;
		t->names[t->nnames++] = name;
		valid = translate_capture(t);
	}
	else if (looking_at(t, '?'))
		return fail(t, "has a wrong group");
	else
		valid = translate_capture(t);
	if (!valid)
		return false;
	if (!skip(t, ")"))
		return fail(t, "has a ( without its )");
	emit(t, ')');
	return true;
}

/* Reads {n}, {n,} or {n,m}.  Returns false, having read nothing, when it is something else. */
static bool
read_braces(Translator *t, int *min, int *max)
{
	const pg_wchar *start = t->at;

	if (skip(t, "{") && read_number(t, min))
	{
		*max = *min;
		if (skip(t, ",") && !read_number(t, max))
			*max = UNLIMITED;
		if (skip(t, "}"))
			return true;
	}
	t->at = start;
	return false;
}

/* Reads what says how often the term before it is to come; false when there is nothing. */
static bool
read_quantifier(Translator *t, int *min, int *max)
{
	*min = 0;
	*max = UNLIMITED;
	if (skip(t, "?"))
		*max = 1;
	else if (skip(t, "+"))
		*min = 1;
	else if (!skip(t, "*") && !read_braces(t, min, max))
		return false;
	/* as few as possible: that is about which match, not about whether */
	skip(t, "?");
	return true;
}

/* Appends the atom that stands from start to end once more. */
static void
emit_copy(Translator *t, int start, int end)
{
	for (int i = start; i < end && t->problem == NULL; i++)
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
	int			optional = max == UNLIMITED ? 0 : max - min;
	bool		first = true;

	if (captures && (min > ENGINE_MAX_COUNT || optional > ENGINE_MAX_COUNT ||
					 (max == UNLIMITED && min > 1)))
		return fail(t, "repeats a group that it refers back to too often");
	if (min <= 1 && max == UNLIMITED)
		emit(t, min == 0 ? '*' : '+');
	else if (max <= ENGINE_MAX_COUNT)
		emit_count(t, min, max);
	else
	{
		while (min > 0 && t->problem == NULL)
		{
			int			n = Min(min, ENGINE_MAX_COUNT);

			if (!first)
				emit_copy(t, start, end);
			emit_count(t, n, n);
			first = false;
			min -= n;
		}
		while (optional > 0 && t->problem == NULL)
		{
			int			n = Min(optional, ENGINE_MAX_COUNT);

			if (!first)
				emit_copy(t, start, end);
			emit_count(t, 0, n);
			first = false;
			optional -= n;
		}
		if (max == UNLIMITED)
		{
			emit_copy(t, start, end);
			emit(t, '*');
		}
	}
	return t->problem == NULL;
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
	pg_wchar	c = *t->at;
	int			min;
	int			max;

	if (c == '*' || c == '+' || c == '?' || (c == '{' && read_braces(t, &min, &max)))
		return fail(t, "has nothing before a quantifier");
	if (t->flags->unicode && (c == '{' || c == '}' || c == ']'))
		return fail(t, "has a bracket without its partner");
	t->at++;
	switch (c)
	{
		case '^':
			assertion = true;
			emit(t, '^');
			if (t->flags->multiline)
			{
				t->len--;
				emit_text(t, "(?:^|(?<=");
				emit_line_ends(t, false);
				emit_text(t, "))");
			}
			break;
		case '$':
			assertion = true;
			if (t->flags->multiline)
			{
				emit_text(t, "(?:$|(?=");
				emit_line_ends(t, false);
				emit_text(t, "))");
			}
			else
				emit(t, '$');
			break;
		case '.':
			if (t->flags->dot_all)
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

	if (!read_quantifier(t, &min, &max))
		return true;
	if (assertion || (lookahead && t->flags->unicode))
		return fail(t, "has nothing before a quantifier");
	if (min > max)
		return fail(t, "has a quantifier whose numbers are out of order");
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
		return fail(t, "is nested too deeply");
	for (;;)
	{
		int			start = t->len;

		while (t->at < t->end && *t->at != '|' && *t->at != ')')
		{
			if (!translate_term(t))
				return false;
		}
		if (t->len == start)
			emit_text(t, "(?:)");
		if (!skip(t, "|"))
			break;
		emit(t, '|');
		alternatives = true;
		t->nset = nset;
	}
	if (alternatives)
		t->nset = nset;
	return t->problem == NULL;
}

/* Counts the groups, and finds out whether they have names and are referred to. */
static void
survey(Translator *t)
{
	const pg_wchar *start = t->at;
	bool		in_class = false;
	bool		has_k = false;
	int			lowest = UNLIMITED;

	while (t->at < t->end)
	{
		pg_wchar	c = *t->at++;

		if (c == '\\' && t->at < t->end)
		{
			int			number;

			if (*t->at == 'k')
				has_k = true;
			if (!in_class && *t->at != '0' && read_number(t, &number))
				lowest = Min(lowest, number);
			else
				t->at++;
		}
		else if (c == '[')
			in_class = true;
		else if (c == ']')
			in_class = false;
		else if (c == '(' && !in_class)
		{
			if (!looking_at(t, '?'))
				t->ngroups++;
			else if (skip(t, "?<") && !looking_at(t, '=') && !looking_at(t, '!'))
			{
				t->ngroups++;
				t->named = true;
			}
		}
	}
	t->references = lowest <= t->ngroups || (has_k && t->named);
	t->at = start;
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
	Translator	t = {.flags = flags, .at = source, .end = source + len};

	if (len > MAX_SOURCE)
	{
		*problem = "is too long";
		return NULL;
	}
	survey(&t);
	t.capacity = 256;
	t.out = palloc(t.capacity * sizeof(pg_wchar));
	t.engine_number = palloc0((t.ngroups + 1) * sizeof(int));
	t.set = palloc((t.ngroups + 1) * sizeof(int));
	t.names = palloc((t.ngroups + 1) * sizeof(GroupName));

	if (flags->sticky)
		emit_text(&t, "^(?:");
	if (translate_disjunction(&t) && t.at < t.end)
		fail(&t, "has a ) without its (");
	if (flags->sticky)
		emit(&t, ')');

	pfree(t.engine_number);
	pfree(t.set);
	pfree(t.names);
	*problem = t.problem;
	*result_len = t.len;
	if (t.problem == NULL)
		return t.out;
	pfree(t.out);
	return NULL;
}

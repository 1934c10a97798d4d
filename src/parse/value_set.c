/*-------------------------------------------------------------------------
 * parse/value_set.c
 *		Sets of the values that something may have.
 *
 * A stretch of values reaches from one cut to another.  A cut is a place right before or
 * right after a value; of whole numbers only the places before are used, so that
 * "up to 4" and "from 5" meet.  A union sorts the stretches and merges those that
 * meet, the complement is the gaps, and everything else is made of the two.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "parse/value_set.h"
#include "utils/typcache.h"

typedef struct Cut
{
	int			end;			/* -1: before every value, 1: after every value, 0: at one */
	bool		after;
	Datum		value;
	int64		number;			/* of whole numbers in place of value */
} Cut;

typedef struct Stretch
{
	Cut			from;
	Cut			to;
} Stretch;

struct SdValueSet
{
	const SdDomain *domain;
	int			n;
	Stretch    *stretches;		/* sorted, and with a gap between each two */
};

/* The values of a type; of one without an order only sets of all and none can be made. */
void
sd_domain_of_type(SdDomain *domain, Oid type, Oid collation)
{
	TypeCacheEntry *entry;

	memset(domain, 0, sizeof(SdDomain));
	domain->type = type;
	domain->collation = collation;
	domain->whole = true;
	switch (type)
	{
		case BOOLOID:
			domain->highest = 1;
			return;
		case INT2OID:
			domain->lowest = PG_INT16_MIN;
			domain->highest = PG_INT16_MAX;
			return;
		case INT4OID:
			domain->lowest = PG_INT32_MIN;
			domain->highest = PG_INT32_MAX;
			return;
		case INT8OID:
			domain->lowest = PG_INT64_MIN;
			domain->highest = PG_INT64_MAX;
			return;
		default:
			domain->whole = false;
			break;
	}
	entry = lookup_type_cache(type, TYPECACHE_CMP_PROC_FINFO);
	if (OidIsValid(entry->cmp_proc_finfo.fn_oid))
		domain->compare = &entry->cmp_proc_finfo;
}

/* Numbers of rows, which are written as float8. */
void
sd_domain_of_counts(SdDomain *domain)
{
	memset(domain, 0, sizeof(SdDomain));
	domain->type = FLOAT8OID;
	domain->whole = true;
	domain->highest = PG_INT64_MAX;
}

bool
sd_is_ordered(const SdDomain *domain)
{
	return domain->whole || domain->compare != NULL;
}

/* The place right before the first whole number from a value on, or after it. */
static Cut
whole_cut(const SdDomain *domain, Datum value, bool after)
{
	Cut			cut = {0};
	double		place;

	switch (domain->type)
	{
		case BOOLOID:
			cut.number = DatumGetBool(value);
			break;
		case INT2OID:
			cut.number = DatumGetInt16(value);
			break;
		case INT4OID:
			cut.number = DatumGetInt32(value);
			break;
		case INT8OID:
			cut.number = DatumGetInt64(value);
			break;
		case FLOAT8OID:
			place = DatumGetFloat8(value);
			place = after ? floor(place) : ceil(place);
			if (isnan(place) || place >= (double) PG_INT64_MAX)
				cut.end = 1;
			else if (place < 0)
				cut.end = -1;
			else
				cut.number = (int64) place;
			break;
		default:
			pg_unreachable();
	}
	if (cut.end != 0)
		return cut;
	if (after && cut.number >= domain->highest)
		cut.end = 1;
	else if (after)
		cut.number++;
	if (cut.end == 0 && cut.number <= domain->lowest)
		cut.end = -1;
	else if (cut.number > domain->highest)
		cut.end = 1;
	return cut;
}

static Cut
make_cut(const SdDomain *domain, Datum value, bool after)
{
	Cut			cut = {.value = value, .after = after};

	return domain->whole ? whole_cut(domain, value, after) : cut;
}

static int
compare_cuts(const SdDomain *domain, const Cut *a, const Cut *b)
{
	int			order;

	if (a->end != 0 || b->end != 0)
		return a->end - b->end;
	if (domain->whole)
		return a->number < b->number ? -1 : a->number > b->number;
	order = DatumGetInt32(FunctionCall2Coll(domain->compare, domain->collation, a->value, b->value));
	return order != 0 ? order : a->after - b->after;
}

static int
compare_stretches(const void *a, const void *b, void *domain)
{
	CHECK_FOR_INTERRUPTS();
	return compare_cuts(domain, &((const Stretch *) a)->from, &((const Stretch *) b)->from);
}

static Stretch *
allocate(Size n)
{
	return palloc_extended(sizeof(Stretch) * Max(n, 1), MCXT_ALLOC_HUGE);
}

static SdValueSet *
make_set(const SdDomain *domain, Size capacity)
{
	SdValueSet *set = palloc0(sizeof(SdValueSet));

	set->domain = domain;
	set->stretches = allocate(capacity);
	return set;
}

/* Adds a stretch that begins no earlier than the last one does. */
static void
add_stretch(SdValueSet *set, const Stretch *stretch)
{
	const SdDomain *domain = set->domain;
	Stretch   *last = set->n > 0 ? &set->stretches[set->n - 1] : NULL;

	if (compare_cuts(domain, &stretch->from, &stretch->to) >= 0)
		return;
	if (last == NULL || compare_cuts(domain, &stretch->from, &last->to) > 0)
		set->stretches[set->n++] = *stretch;
	else if (compare_cuts(domain, &stretch->to, &last->to) > 0)
		last->to = stretch->to;
}

/* The union of n stretches in any order, which are sorted in place. */
static SdValueSet *
merge(const SdDomain *domain, Stretch *stretches, int n)
{
	SdValueSet *set = make_set(domain, n);

	qsort_arg(stretches, n, sizeof(Stretch), compare_stretches, unconstify(SdDomain *, domain));
	for (int i = 0; i < n; i++)
		add_stretch(set, &stretches[i]);
	return set;
}

SdValueSet *
sd_no_value(const SdDomain *domain)
{
	return make_set(domain, 0);
}

/* The operator that holds where op does not. */
static SdOperator
negate(SdOperator op)
{
	switch (op)
	{
		case SD_OP_EQ:
			return SD_OP_NE;
		case SD_OP_NE:
			return SD_OP_EQ;
		case SD_OP_LT:
			return SD_OP_GE;
		case SD_OP_LE:
			return SD_OP_GT;
		case SD_OP_GT:
			return SD_OP_LE;
		case SD_OP_GE:
			return SD_OP_LT;
		default:
			pg_unreachable();
	}
}

/*
 * The values for which op holds with any of n values, or with all of them.  op is
 * one of the six of an order, which the domain has to have; values are of its type.
 */
SdValueSet *
sd_values_that(const SdDomain *domain, SdOperator op, bool any, const Datum *values, int n)
{
	const Cut	lowest = {.end = -1};
	const Cut	highest = {.end = 1};
	Stretch    *stretches;
	int			used = 0;

	Assert(sd_is_ordered(domain));
	if (!any)
		return sd_other_values(sd_values_that(domain, negate(op), true, values, n));
	stretches = allocate(2 * (Size) n);
	for (int i = 0; i < n; i++)
	{
		Cut			before = make_cut(domain, values[i], false);
		Cut			after = make_cut(domain, values[i], true);

		CHECK_FOR_INTERRUPTS();
		if (op == SD_OP_LT || op == SD_OP_LE || op == SD_OP_NE)
			stretches[used++] = (Stretch) {lowest, op == SD_OP_LE ? after : before};
		if (op == SD_OP_GT || op == SD_OP_GE || op == SD_OP_NE)
			stretches[used++] = (Stretch) {op == SD_OP_GE ? before : after, highest};
		if (op == SD_OP_EQ)
			stretches[used++] = (Stretch) {before, after};
	}
	return merge(domain, stretches, used);
}

/* The values of the domain that are not in a set. */
SdValueSet *
sd_other_values(const SdValueSet *set)
{
	SdValueSet *others = make_set(set->domain, set->n + 1);
	Stretch		gap = {{.end = -1}, {.end = 1}};

	for (int i = 0; i < set->n; i++)
	{
		gap.to = set->stretches[i].from;
		add_stretch(others, &gap);
		gap.from = set->stretches[i].to;
	}
	gap.to = (Cut) {.end = 1};
	add_stretch(others, &gap);
	return others;
}

/* The values that are in any of a list of sets. */
SdValueSet *
sd_unite_values(const SdDomain *domain, List *sets)
{
	Stretch    *stretches;
	int			n = 0;
	ListCell   *cell;

	foreach(cell, sets)
		n += ((SdValueSet *) lfirst(cell))->n;
	stretches = allocate(n);
	n = 0;
	foreach(cell, sets)
	{
		const SdValueSet *set = lfirst(cell);

		memcpy(&stretches[n], set->stretches, sizeof(Stretch) * set->n);
		n += set->n;
	}
	return merge(domain, stretches, n);
}

bool
sd_is_every_value(const SdValueSet *set)
{
	return set->n == 1 && set->stretches[0].from.end == -1 && set->stretches[0].to.end == 1;
}

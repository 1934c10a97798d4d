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

#include "access/htup_details.h"
#include "catalog/pg_enum.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "parse/value_set.h"
#include "parser/parse_coerce.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/date.h"
#include "utils/float.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/multirangetypes.h"
#include "utils/rangetypes.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"
#include "utils/uuid.h"

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

static int
compare_labels(const ListCell *a, const ListCell *b)
{
	const Form_pg_enum left = lfirst(a);
	const Form_pg_enum right = lfirst(b);

	return left->enumsortorder < right->enumsortorder ? -1
		: left->enumsortorder > right->enumsortorder;
}

/* The labels of an enum are its values, and there are no others. */
static void
number_labels(SdDomain *domain)
{
	CatCList   *members = SearchSysCacheList1(ENUMTYPOIDNAME, ObjectIdGetDatum(domain->type));
	Oid		   *labels = palloc(sizeof(Oid) * Max(members->n_members, 1));
	List	   *forms = NIL;
	ListCell   *cell;

	for (int i = 0; i < members->n_members; i++)
		forms = lappend(forms, GETSTRUCT(&members->members[i]->tuple));
	list_sort(forms, compare_labels);
	foreach(cell, forms)
		labels[foreach_current_index(cell)] = ((Form_pg_enum) lfirst(cell))->oid;
	domain->whole = true;
	domain->highest = members->n_members - 1;
	domain->labels = labels;
	ReleaseSysCacheList(members);
}

static Datum
numeric_datum(const char *text)
{
	return DirectFunctionCall3(numeric_in, CStringGetDatum(text), ObjectIdGetDatum(InvalidOid),
							   Int32GetDatum(-1));
}

static Datum
uuid_datum(int byte)
{
	pg_uuid_t  *uuid = palloc(sizeof(pg_uuid_t));

	memset(uuid->data, byte, UUID_LEN);
	return UUIDPGetDatum(uuid);
}

/* Since PostgreSQL 17 it is called infinity. */
static Interval *
interval_end(bool greatest)
{
	Interval   *interval = palloc(sizeof(Interval));

	interval->time = greatest ? PG_INT64_MAX : PG_INT64_MIN;
	interval->day = greatest ? PG_INT32_MAX : PG_INT32_MIN;
	interval->month = greatest ? PG_INT32_MAX : PG_INT32_MIN;
	return interval;
}

/*
 * The value below all others of a type, which is not one of whole numbers, or the one above
 * all others; false: there is none.
 */
static bool
extreme_value(Oid type, bool greatest, Datum *value)
{
	Oid			range = get_multirange_range(type);

	switch (type)
	{
		case UUIDOID:
			*value = uuid_datum(greatest ? 0xff : 0);
			return true;
		case DATEOID:
			*value = DateADTGetDatum(greatest ? DATEVAL_NOEND : DATEVAL_NOBEGIN);
			return true;
		case TIMEOID:
			*value = TimeADTGetDatum(greatest ? USECS_PER_DAY : 0);
			return true;
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			*value = TimestampGetDatum(greatest ? DT_NOEND : DT_NOBEGIN);
			return true;
		case INTERVALOID:
			*value = IntervalPGetDatum(interval_end(greatest));
			return true;
		case NUMERICOID:
			*value = numeric_datum(greatest ? "NaN" : "-Infinity");
			return true;
		case FLOAT4OID:
			*value = Float4GetDatum(greatest ? get_float4_nan() : -get_float4_infinity());
			return true;
		case FLOAT8OID:
			*value = Float8GetDatum(greatest ? get_float8_nan() : -get_float8_infinity());
			return true;
		default:
			break;
	}
	/* what is empty is below all others, and nothing is above them */
	if (greatest)
		return false;
	/* an array, but one that has a dimension when it is empty, too */
	if (type == OIDVECTOROID)
		*value = PointerGetDatum(buildoidvector(NULL, 0));
	else if (type_is_array(type))
		*value = PointerGetDatum(construct_empty_array(get_element_type(type)));
	else if (type_is_range(type))
		*value = RangeTypePGetDatum(make_empty_range(lookup_type_cache(type, TYPECACHE_RANGE_INFO)));
	else if (OidIsValid(range))
		*value = MultirangeTypePGetDatum(make_multirange(type, lookup_type_cache(range, TYPECACHE_RANGE_INFO),
														 0, NULL));
	/* others of the category of strings may be something else inside */
	else if (type == BYTEAOID || type == BPCHAROID || IsBinaryCoercible(type, TEXTOID))
		*value = PointerGetDatum(cstring_to_text(""));
	else
		return false;
	return true;
}

/*
 * The values of a type; of one without an order only sets of all and none can be made.
 * What it points to is in the current context.
 */
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
	if (type_is_enum(type))
	{
		number_labels(domain);
		return;
	}
	entry = lookup_type_cache(type, TYPECACHE_CMP_PROC_FINFO);
	/* in which order texts are of which the collation is not known here is not known either */
	if (!OidIsValid(entry->cmp_proc_finfo.fn_oid) || (type_is_collatable(type) && !OidIsValid(collation)))
		return;
	domain->compare = &entry->cmp_proc_finfo;
	domain->has_least = extreme_value(type, false, &domain->least);
	domain->has_greatest = extreme_value(type, true, &domain->greatest);
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

/* The place of a label among those of its enum; behind them for one that is not there. */
static int64
label_number(const SdDomain *domain, Oid label)
{
	int64		number = 0;

	while (number <= domain->highest && domain->labels[number] != label)
		number++;
	return number;
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
			Assert(domain->labels != NULL);
			cut.number = label_number(domain, DatumGetObjectId(value));
			break;
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

static int
compare_values(const SdDomain *domain, Datum a, Datum b)
{
	return DatumGetInt32(FunctionCall2Coll(domain->compare, domain->collation, a, b));
}

static Cut
make_cut(const SdDomain *domain, Datum value, bool after)
{
	Cut			cut = {.value = value, .after = after};

	if (domain->whole)
		return whole_cut(domain, value, after);
	if (!after && domain->has_least && compare_values(domain, value, domain->least) == 0)
		cut.end = -1;
	else if (after && domain->has_greatest && compare_values(domain, value, domain->greatest) == 0)
		cut.end = 1;
	return cut;
}

static int
compare_cuts(const SdDomain *domain, const Cut *a, const Cut *b)
{
	int			order;

	if (a->end != 0 || b->end != 0)
		return a->end - b->end;
	if (domain->whole)
		return a->number < b->number ? -1 : a->number > b->number;
	order = compare_values(domain, a->value, b->value);
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
	Stretch    *last = set->n > 0 ? &set->stretches[set->n - 1] : NULL;

	Assert(last == NULL || compare_cuts(domain, &last->from, &stretch->from) <= 0);
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
	Assert(set->n <= n);
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
	Assert(op >= SD_OP_EQ && op <= SD_OP_GE);
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
	Assert(used <= 2 * n);
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
	Assert(others->n <= set->n + 1);
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

		Assert(set->domain->type == domain->type);
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

/*-------------------------------------------------------------------------
 * parse/value_set.h
 *		Sets of the values that something may have, as comparisons with bound
 *		values make them: sorted stretches that do not touch.
 *
 * A set lives in the context that is current when it is made, and points into
 * the values that it was made of.
 *-------------------------------------------------------------------------
 */
#ifndef SD_VALUE_SET_H
#define SD_VALUE_SET_H

#include "fmgr.h"
#include "nodes/pg_list.h"
#include "parse/query.h"

/* where an expression's values are, and in which order */
typedef struct SdDomain
{
	Oid			type;
	Oid			collation;
	FmgrInfo   *compare;		/* NULL: there is no order, or it is that of whole numbers */
	bool		whole;			/* the values are whole numbers, false and true, or labels, of these: */
	int64		lowest;
	int64		highest;
	const Oid  *labels;			/* of an enum, in their order: a value's number is its place here */
	Datum		least;			/* the value that none is below, if has_least */
	Datum		greatest;
	bool		has_least;
	bool		has_greatest;
} SdDomain;

typedef struct SdValueSet SdValueSet;

extern void sd_domain_of_type(SdDomain *domain, Oid type, Oid collation);
extern void sd_domain_of_counts(SdDomain *domain);
extern bool sd_is_ordered(const SdDomain *domain);

extern SdValueSet *sd_no_value(const SdDomain *domain);
extern SdValueSet *sd_values_that(const SdDomain *domain, SdOperator op, bool any,
								  const Datum *values, int n);
extern SdValueSet *sd_other_values(const SdValueSet *set);
extern SdValueSet *sd_unite_values(const SdDomain *domain, List *sets);
extern bool sd_is_every_value(const SdValueSet *set);

#endif							/* SD_VALUE_SET_H */

/*-------------------------------------------------------------------------
 * migrate/kept_values.c
 *		Whether ALTER COLUMN ... TYPE, or a column that is added, leaves a table's
 *		rows as they are.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "migrate/lint.h"
#include "parser/parse_coerce.h"
#include "utils/typcache.h"

/* Whether values of a type with modifier old are values with modifier new as they are. */
static bool
modifier_grows(Oid type, int32 old, int32 new)
{
	if (new < 0 || new == old)
		return true;
	if (old < 0)
		return false;
	switch (type)
	{
		case VARCHAROID:
		case VARBITOID:
		case TIMEOID:
		case TIMETZOID:
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			return new > old;
		case NUMERICOID:
			Assert(old >= (int32) VARHDRSZ && new >= (int32) VARHDRSZ);
			/* the precision is in the upper half, the scale in the lower one */
			old -= VARHDRSZ;
			new -= VARHDRSZ;
			return (old & 0xffff) == (new & 0xffff) && (new >> 16) >= (old >> 16);
		default:
			return false;
	}
}

/*
 * Whether all values of a type, with its modifier, are values of another one as
 * they are stored: the server writes and checks no row then.
 */
bool
sd_type_keeps_values(Oid old_type, int32 old_modifier, Oid new_type, int32 new_modifier)
{
	if (old_type == new_type)
		return modifier_grows(old_type, old_modifier, new_modifier);
	return new_modifier < 0 && IsBinaryCoercible(old_type, new_type);
}

/*
 * Whether a column of a type cannot be added without writing each row, even where
 * it has no default: a domain's constraints may say that null is no value of it.
 */
bool
sd_type_takes_rows(Oid type)
{
	bool		unforeseen = true;	/* until the server says that it is not */

	return OidIsValid(type) && sd_DomainHasConstraints(type, &unforeseen) && unforeseen;
}

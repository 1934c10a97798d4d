/*-------------------------------------------------------------------------
 * convert/recode.c
 *		Values of one type as values of another.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "convert/recode.h"
#include "fmgr.h"
#include "json/exact_text.h"
#include "parser/parse_coerce.h"
#include "utils/lsyscache.h"

/* Whether a type is a timestamp, with or without time zone. */
static inline bool
is_timestamp(Oid type)
{
	return type == TIMESTAMPOID || type == TIMESTAMPTZOID;
}

/*
 * A value of one base type as one of another, in the current context: by the
 * cast between them, or, where there is none, by a text that does not depend on
 * the session.  A timestamp without time zone is UTC.
 *
 * Raises what the cast or the type's input function raises.
 */
Datum
sd_recode(Datum value, Oid from, Oid to)
{
	Oid			function;
	Oid			ioparam;

	Assert(OidIsValid(from) && OidIsValid(to));
	/* both count microseconds of UTC */
	if (from == to || (is_timestamp(from) && is_timestamp(to)))
		return value;
	switch (find_coercion_pathway(to, from, COERCION_EXPLICIT, &function))
	{
		case COERCION_PATH_RELABELTYPE:
			return value;
		case COERCION_PATH_FUNC:
			if (get_func_nargs(function) == 1)
				return OidFunctionCall1(function, value);
			/* it takes the modifiers too, and whether the cast is explicit */
			return OidFunctionCall3(function, value, Int32GetDatum(-1), BoolGetDatum(false));
		default:
			getTypeInputInfo(to, &function, &ioparam);
			return OidInputFunctionCall(function, sd_exact_text(value, from), ioparam, -1);
	}
}

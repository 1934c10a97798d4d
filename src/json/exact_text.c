/*-------------------------------------------------------------------------
 * json/exact_text.c
 *		Texts of values that mean the same in every session.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "fmgr.h"
#include "json/exact_text.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"

/*
 * Texts of values and names in deparsed expressions depend on settings.  What
 * is compared is made under the same ones, and what is written into a migration
 * means the same in every session.  Returns what sd_unsettle_output() takes; an
 * error undoes it by itself.
 */
int
sd_settle_output(void)
{
	static const char *const settings[][2] = {
		{"search_path", "pg_catalog, pg_temp"},
		{"DateStyle", "ISO"},
		{"IntervalStyle", "postgres"},
		{"TimeZone", "UTC"},
		{"bytea_output", "hex"},
		{"extra_float_digits", "1"}
	};
	int			nestlevel = NewGUCNestLevel();

	for (int i = 0; i < lengthof(settings); i++)
		(void) set_config_option(settings[i][0], settings[i][1], PGC_USERSET, PGC_S_SESSION,
								 GUC_ACTION_SAVE, true, 0, false);
	return nestlevel;
}

void
sd_unsettle_output(int nestlevel)
{
	AtEOXact_GUC(true, nestlevel);
}

/* The text of a value, in the current context, whatever the session's settings are. */
char *
sd_exact_text(Datum value, Oid type)
{
	Oid			function;
	bool		is_varlena;
	int			nestlevel = sd_settle_output();
	char	   *text;

	getTypeOutputInfo(type, &function, &is_varlena);
	text = OidOutputFunctionCall(function, value);
	sd_unsettle_output(nestlevel);
	return text;
}

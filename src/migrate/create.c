/*-------------------------------------------------------------------------
 * migrate/create.c
 *		Registers, shows and repairs a migration or seed that a developer wrote.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "common/string.h"
#include "migrate/builtin.h"
#include "migrate/precondition.h"
#include "migrate/create.h"
#include "migrate/ledger.h"
#include "migrate/lint.h"
#include "migrate/statements.h"
#include "miscadmin.h"
#include "pgtime.h"
#include "utils/timestamp.h"

#define STAMP_LEN		14		/* YYYYMMDDHHMMSS */
#define NAME_MAX_LEN	200

static bool
has_stamp(const char *name)
{
	return strspn(name, "0123456789") >= STAMP_LEN;
}

/* Whether all of a text is white space. */
static bool
is_blank(const char *text)
{
	return text[strspn(text, " \t\n\r\f\v")] == '\0';
}

/*
 * Names are sorted, printed and, by other tools, used as file names: letters,
 * digits, "-", "_" and "." have the same meaning in all of these.
 */
static void
check_name(const SdLedger *ledger, const char *name)
{
	bool		good = name[0] != '\0' && name[0] != '.' && strlen(name) <= NAME_MAX_LEN;

	for (const unsigned char *p = (const unsigned char *) name; *p != '\0' && good; p++)
		good = IS_HIGHBIT_SET(*p) || isalnum(*p) || strchr("-_.", *p) != NULL;
	if (!good)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid name of a %s: \"%s\"", ledger->noun, name),
				 errhint("A name has letters, digits, \"-\", \"_\" and \".\", and at most %d bytes.",
						 NAME_MAX_LEN)));
}

static char *
format_stamp(pg_time_t time)
{
	struct pg_tm *tm = pg_gmtime(&time);

	return psprintf("%04d%02d%02d%02d%02d%02d", tm->tm_year + 1900, tm->tm_mon + 1, tm->tm_mday,
					tm->tm_hour, tm->tm_min, tm->tm_sec);
}

static bool
stamp_is_taken(List *migrations, const char *stamp)
{
	ListCell   *cell;

	foreach(cell, migrations)
	{
		if (strncmp(((SdMigration *) lfirst(cell))->name, stamp, STAMP_LEN) == 0)
			return true;
	}
	return false;
}

/*
 * Puts the time before a name.  Migrations registered within one second get
 * the seconds after it: the order in which they were registered is the order
 * in which they have to run.
 */
static char *
add_stamp(List *migrations, const char *name)
{
	pg_time_t	time = timestamptz_to_time_t(GetCurrentTimestamp());
	char	   *stamp = format_stamp(time);

	Assert(strlen(stamp) == STAMP_LEN);
	while (stamp_is_taken(migrations, stamp))
		stamp = format_stamp(++time);
	return psprintf("%s-%s", stamp, name);
}

static void
check_not_blank(const SdLedger *ledger, const char *name, const char *up, const char *down)
{
	if (is_blank(up))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"up\" of %s \"%s\" is empty", ledger->noun, name)));
	if (down != NULL && is_blank(down))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"down\" of %s \"%s\" is empty", ledger->noun, name),
				 errhint("Leave it out where the %s cannot be undone.", ledger->noun)));
}

static char *
create(const SdLedger *ledger, const char *name, const char *up, const char *down)
{
	char	   *full;
	List	   *statements;

	Assert(name != NULL && up != NULL);
	PreventCommandIfReadOnly(psprintf("studentdir.%s_create()", ledger->noun));
	check_name(ledger, name);
	check_not_blank(ledger, name, up, down);
	statements = sd_split_text(ledger->noun, name, "up", up);
	if (down != NULL)
		(void) sd_split_text(ledger->noun, name, "down", down);

	/* at once: two sessions that register and then migrate would deadlock */
	sd_ledger_lock(ledger);
	full = has_stamp(name) ? pstrdup(name) : add_stamp(sd_ledger_states(ledger), name);
	if ((ledger->has_builtins && sd_builtin_find(full) != NULL) ||
		!sd_ledger_register(ledger, full, up, down))
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_OBJECT),
				 errmsg("%s \"%s\" already exists", ledger->noun, full)));
	if (ledger == &sd_migrations)
		sd_report_findings(full, statements);
	return full;
}

/*
 * Registers a pending migration; down may be NULL.  Returns its full name, in
 * the current context, and says what of it may hurt, see
 * sd_report_findings().  Raises 22023 for a name or a text that will not do, 42601 for a text that does not parse,
 * 42710 for a name that is taken.
 */
char *
sd_migration_create(const char *name, const char *up, const char *down)
{
	return create(&sd_migrations, name, up, down);
}

/* Registers a pending seed, as sd_migration_create() does a migration. */
char *
sd_seed_create(const char *name, const char *up, const char *down)
{
	return create(&sd_seeds, name, up, down);
}

/*
 * Returns a migration or seed, in the current context; raises 55000 when there
 * is none of that name.
 */
SdMigration *
sd_ledger_show(const SdLedger *ledger, const char *name)
{
	List	   *migrations = sd_ledger_load(ledger);

	sd_check_known(ledger, migrations, name);
	return sd_ledger_find(migrations, name);
}

/*
 * Accepts the text of a migration or seed as it is now, in the name of the
 * caller.  Raises 55000 when there is none of that name.
 */
void
sd_ledger_accept(const SdLedger *ledger, const char *name)
{
	PreventCommandIfReadOnly(psprintf("studentdir.%s_repair()", ledger->noun));
	sd_ledger_lock(ledger);
	sd_ledger_repair(sd_ledger_show(ledger, name));
}

/*-------------------------------------------------------------------------
 * migrate/lint_finding.c
 *		Notes what the rules of lint find, with their levels.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "migrate/linted.h"
#include "utils/lsyscache.h"

/* Whether a comment above the statement allows what a rule is about. */
static bool
is_allowed(const SdLinted *linted, const char *rule)
{
	ListCell   *cell;

	foreach(cell, linted->statement->allowed)
	{
		if (strcmp(lfirst(cell), rule) == 0)
			return true;
	}
	return false;
}

static const char *
level_of(const char *rule)
{
	static const char *const levels[][2] = {
		{"adding-required-field", "error"},
		{"transaction-nesting", "error"},
		/* psql runs these as migrate_script() gives them */
		{"not-in-transaction", "notice"},
		{"ban-concurrent-index-creation-in-transaction", "notice"},
		/* nothing waits for it yet */
		{"ban-create-domain-with-constraint", "notice"}
	};

	for (int i = 0; i < lengthof(levels); i++)
	{
		if (strcmp(levels[i][0], rule) == 0)
			return levels[i][1];
	}
	return "warning";
}

/* Adds a finding about the statement, unless a comment allows it. */
void
sd_lint_add(SdLinted *linted, const char *rule, const char *message, const char *hint)
{
	SdFinding  *finding;

	Assert(linted->statement != NULL && message != NULL && hint != NULL);
	if (is_allowed(linted, rule))
		return;
	finding = palloc(sizeof(SdFinding));
	finding->rule = rule;
	finding->level = level_of(rule);
	finding->statement = linted->statement->number;
	finding->line = linted->statement->line;
	finding->message = message;
	finding->hint = hint;
	linted->findings = lappend(linted->findings, finding);
}

/* The statement makes others wait for the table that is looked at, until its transaction ends. */
void
sd_lint_lock(SdLinted *linted)
{
	if (!linted->in_transaction || !sd_lint_is_large(linted) ||
		list_member_oid(linted->locked, linted->table))
		return;
	if (linted->locked != NIL)
		sd_lint_add(linted, "several-tables-locked",
					psprintf("table \"%s\" is locked while \"%s\" is, too, and both are large: who uses one waits for the other",
							 linted->table_name, get_rel_name(llast_oid(linted->locked))),
					"Put the statements about each table into a migration of its own.");
	linted->locked = lappend_oid(linted->locked, linted->table);
}

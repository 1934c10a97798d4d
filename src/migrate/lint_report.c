/*-------------------------------------------------------------------------
 * migrate/lint_report.c
 *		Which migrations are looked at, and how what may hurt is said.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "lib/stringinfo.h"
#include "migrate/ledger.h"
#include "migrate/lint.h"
#include "migrate/precondition.h"
#include "migrate/statements.h"
#include "settings.h"

/* Raises an error with all findings but those that are notices, if there are any. */
static void
refuse(const char *migration, List *findings)
{
	StringInfoData lines;
	ListCell   *cell;

	initStringInfo(&lines);
	foreach(cell, findings)
	{
		const SdFinding *finding = lfirst(cell);

		if (strcmp(finding->level, "notice") != 0)
			appendStringInfo(&lines, "%sStatement %d, line %d, %s: %s.", lines.len > 0 ? "\n" : "",
							 finding->statement, finding->line, finding->rule, finding->message);
	}
	if (lines.len == 0)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("migration \"%s\" may fail or block when it is applied", migration),
			 errdetail("%s", lines.data),
			 errhint("studentdir.lint() names a safer form of each; \"-- studentdir: allow RULE\" above a statement allows it.")));
}

static List *
statements_of(const SdMigration *migration)
{
	Assert(migration->up != NULL);
	return sd_split_text(migration->ledger->noun, migration->name, "up", migration->up);
}

/* Begins to look at the migrations that are pending; those before one of them, as far as the caller may read them. */
static SdLinted *
begin_before(const char *name)
{
	SdLinted   *linted = sd_lint_begin();
	ListCell   *cell;

	foreach(cell, sd_ledger_states(&sd_migrations))
	{
		const SdMigration *pending = lfirst(cell);

		if (strcmp(pending->name, name) >= 0)
			break;
		if (!pending->applied && pending->up != NULL)
			(void) sd_lint_next(linted, statements_of(pending));
	}
	return linted;
}

/*
 * Says what of a migration, whose statements are given, may hurt: in NOTICEs, in
 * an error (22023), or not at all, as studentdir.lint_level has it.
 */
void
sd_report_findings(const char *migration, List *statements)
{
	List	   *findings = sd_lint_level == SD_LINT_OFF ? NIL
		: sd_lint_next(begin_before(migration), statements);
	ListCell   *cell;

	if (sd_lint_level == SD_LINT_ERROR)
		refuse(migration, findings);
	foreach(cell, findings)
	{
		const SdFinding *finding = lfirst(cell);

		ereport(NOTICE,
				(errmsg("migration \"%s\", statement %d, line %d, %s: %s",
						migration, finding->statement, finding->line, finding->rule, finding->message),
				 errhint("%s", finding->hint)));
	}
}

/*
 * What may hurt, SdFinding, of a text, or of a migration, applied or not; where
 * both are NULL of all pending migrations, whose names are in the messages.
 * Raises 22023 where both are given, 42601 for a text that does not parse, 42501
 * when the caller may not read the texts of migrations, 55000 for a migration
 * that is not there.
 */
List *
sd_lint_texts(const char *sql, const char *migration)
{
	SdLinted   *linted;
	List	   *findings = NIL;
	List	   *migrations;
	ListCell   *cell;

	if (sql != NULL && migration != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"sql\" and \"migration\" exclude each other")));
	if (sql != NULL)
		return sd_lint_next(sd_lint_begin(), sd_split_statements(sql));
	migrations = sd_ledger_load(&sd_migrations);
	if (migration != NULL)
	{
		sd_check_known(&sd_migrations, migrations, migration);
		return sd_lint_next(begin_before(migration), statements_of(sd_ledger_find(migrations, migration)));
	}
	linted = sd_lint_begin();
	foreach(cell, migrations)
	{
		const SdMigration *pending = lfirst(cell);
		ListCell   *other;

		if (pending->applied)
			continue;
		Assert(pending->up != NULL);
		foreach(other, sd_lint_next(linted, statements_of(pending)))
		{
			SdFinding  *finding = lfirst(other);

			finding->message = psprintf("migration \"%s\": %s", pending->name, finding->message);
			findings = lappend(findings, finding);
		}
	}
	return findings;
}

/*-------------------------------------------------------------------------
 * migrate/script.c
 *		Writes pending migrations as single statements, for psql to run.
 *
 * Each statement of a migration becomes one query.  Before it, in the same
 * query and so in the same transaction, stands a call that counts it in the
 * ledger, and that fails unless all before it are counted: a statement that
 * fails undoes its count, and those after it are refused.  A statement that
 * has to be alone in its transaction gets queries before and after it instead.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "lib/stringinfo.h"
#include "migrate/builtin.h"
#include "migrate/precondition.h"
#include "migrate/checksum.h"
#include "migrate/extension.h"
#include "migrate/script.h"
#include "migrate/statements.h"
#include "nodes/parsenodes.h"
#include "utils/builtins.h"

static void
append_call(StringInfo query, const SdMigration *migration, int statement, SdScriptPhase phase)
{
	appendStringInfo(query, "CALL studentdir.script_step(%s, %s, %d, %s)",
					 quote_literal_cstr(migration->name),
					 quote_literal_cstr(sd_migration_checksum(migration->up, migration->down)),
					 statement, quote_literal_cstr(sd_script_phase_name(phase)));
}

static List *
add_alone(List *queries, const SdMigration *migration, const SdSqlStatement *statement, bool last)
{
	StringInfoData before;
	StringInfoData after;

	initStringInfo(&before);
	append_call(&before, migration, statement->number, SD_SCRIPT_BEFORE);
	initStringInfo(&after);
	append_call(&after, migration, statement->number, SD_SCRIPT_AFTER);
	if (last)
	{
		appendStringInfoString(&after, ";\n");
		append_call(&after, migration, statement->number, SD_SCRIPT_APPLIED);
	}
	queries = lappend(queries, before.data);
	queries = lappend(queries, statement->sql);
	return lappend(queries, after.data);
}

static List *
add_in_transaction(List *queries, const SdMigration *migration, const SdSqlStatement *statement,
				   bool last)
{
	StringInfoData query;

	initStringInfo(&query);
	append_call(&query, migration, statement->number, SD_SCRIPT_WITH);
	appendStringInfo(&query, ";\n%s", statement->sql);
	if (last)
	{
		/* on a line of its own: the statement may end with a comment */
		appendStringInfoString(&query, "\n;\n");
		append_call(&query, migration, statement->number, SD_SCRIPT_APPLIED);
	}
	return lappend(queries, query.data);
}

/* Refuses what would break the order of the queries. */
static void
check_statement(const SdMigration *migration, const SdSqlStatement *statement)
{
	bool		copies = IsA(statement->tree, CopyStmt) &&
		castNode(CopyStmt, statement->tree)->filename == NULL;

	if (IsA(statement->tree, TransactionStmt) || copies)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("migration \"%s\", statement %d, line %d: %s is not possible in a migration",
						migration->name, statement->number, statement->line,
						copies ? "COPY from or to the client" : "transaction control")));
}

static List *
add_migration(List *queries, const SdMigration *migration)
{
	List	   *statements = sd_split_text(migration->ledger->noun, migration->name, "up", migration->up);
	ListCell   *cell;

	foreach(cell, statements)
	{
		const SdSqlStatement *statement = lfirst(cell);
		bool		last = lnext(statements, cell) == NULL;

		check_statement(migration, statement);
		if (statement->number <= migration->done_statements)
			continue;
		if (sd_statement_runs_alone(statement->tree))
			queries = add_alone(queries, migration, statement, last);
		else
			queries = add_in_transaction(queries, migration, statement, last);
	}
	if (statements == NIL)
	{
		StringInfoData query;

		initStringInfo(&query);
		append_call(&query, migration, 0, SD_SCRIPT_APPLIED);
		queries = lappend(queries, query.data);
	}
	return queries;
}

/* Raises 55000 when the text of a migration that was begun is not the one it was begun with. */
static void
check_begun_unchanged(List *pending)
{
	ListCell   *cell;

	foreach(cell, pending)
	{
		const SdMigration *migration = lfirst(cell);

		if (migration->done_statements >= 0 && sd_migration_changed(migration))
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("migration \"%s\" was changed after %d of its statements were carried out",
							migration->name, migration->done_statements),
					 errhint("Restore its text. Or undo by hand what was done: studentdir.migration_repair(%s) lets it begin again then.",
							 quote_literal_cstr(migration->name))));
	}
}

/*
 * Returns the queries, C strings in the current context, that apply pending
 * migrations when they are run one by one.  Nothing is changed.  Raises 42501
 * and 55000 as sd_migrate() does, 42601 for a text that does not parse and
 * 0A000 for what no migration can do.
 */
List *
sd_migrate_script(const SdMigrateOptions *options)
{
	List	   *migrations = sd_builtin_add_missing(sd_ledger_load(options->ledger),
													sd_extension()->schema_name);
	List	   *pending;
	List	   *queries = NIL;
	ListCell   *cell;

	Assert(options->ledger == &sd_migrations);
	if (options->upto != NULL)
		sd_check_known(options->ledger, migrations, options->upto);
	pending = sd_choose_pending(migrations, options);
	sd_check_unchanged(migrations);
	sd_check_registered_by(pending);
	check_begun_unchanged(pending);
	if (pending == NIL)
		ereport(NOTICE, (errmsg("%s", options->ledger->nothing_pending)));
	foreach(cell, pending)
	{
		const SdMigration *migration = lfirst(cell);

		/* these may have a table to adopt, which only migrate() can */
		if (sd_builtin_find(migration->name) != NULL)
			queries = lappend(queries,
							  psprintf("SELECT name, action FROM studentdir.migrate(%s)",
									   quote_literal_cstr(migration->name)));
		else
			queries = add_migration(queries, migration);
	}
	return queries;
}

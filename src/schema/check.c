/*-------------------------------------------------------------------------
 * schema/check.c
 *		Whether a database is as its migrations and models say: one line for CI.
 *
 * It reads the catalogs and changes nothing.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "define/definition_value.h"
#include "lib/stringinfo.h"
#include "migrate/builtin.h"
#include "migrate/extension.h"
#include "migrate/ledger.h"
#include "schema/difference.h"
#include "schema/schema.h"

/* the options of a call, and what was found so far */
typedef struct Check
{
	bool		drift;			/* compare models with tables, too */
	bool		listed;			/* "migrations" is given */
	List	   *migrations;		/* names in it */
	StringInfoData found;		/* a sentence on each line */
} Check;

static void
read_drift(void *target, const JsonbValue *value, const SdPath *path)
{
	((Check *) target)->drift = sd_read_flag(value, path);
}

/* ["20260901120000-add-nickname"]: the migrations that the program knows */
static void
read_migrations(void *target, const JsonbValue *value, const SdPath *path)
{
	Check	   *check = target;
	SdReader	reader;

	if (!sd_is_array(value))
		sd_bad_shape(path, "an array of names of migrations");
	check->listed = true;
	sd_read(&reader, value, path);
	while (sd_next_element(&reader))
		check->migrations = lappend(check->migrations,
									sd_read_string(&reader.value, &reader.path,
												   "the name of a migration"));
}

static void
add_line(Check *check, const char *line)
{
	appendStringInfo(&check->found, "%s%s", check->found.len > 0 ? "\n" : "", line);
}

static void
check_migration(Check *check, const SdMigration *migration)
{
	if (!migration->applied && migration->done_statements >= 0)
		add_line(check, psprintf("Migration \"%s\" is pending; a script has done %d of its statements.",
								 migration->name, migration->done_statements));
	else if (!migration->applied)
		add_line(check, psprintf("Migration \"%s\" is pending.", migration->name));
	else if (sd_migration_changed(migration))
		add_line(check, psprintf("Migration \"%s\" was changed after it was applied.", migration->name));
	if (check->listed && sd_builtin_find(migration->name) == NULL &&
		!sd_name_in(check->migrations, migration->name))
		add_line(check, psprintf("Migration \"%s\" is unknown: it is not in \"migrations\".", migration->name));
}

static void
check_migrations(Check *check)
{
	List	   *migrations = sd_builtin_add_missing(sd_ledger_load(&sd_migrations),
													sd_extension()->schema_name);
	ListCell   *cell;

	foreach(cell, migrations)
		check_migration(check, lfirst(cell));
	foreach(cell, check->migrations)
	{
		const char *name = lfirst(cell);

		if (sd_ledger_find(migrations, name) == NULL)
			add_line(check, psprintf("Migration \"%s\" is not registered.", name));
	}
}

static void
check_drift(Check *check)
{
	ListCell   *cell;

	foreach(cell, sd_difference(NULL))
	{
		const SdChange *change = lfirst(cell);

		if (change->name != NULL)
			add_line(check, psprintf("Table \"%s\" differs from its model: %s \"%s\".",
									 change->table, sd_change_name(change->kind), change->name));
		else
			add_line(check, psprintf("Table \"%s\" differs from its model: %s.",
									 change->table, sd_change_name(change->kind)));
	}
}

/*
 * Returns where no migration is pending, changed or unknown and, unless the
 * options leave that out, the tables are as the models ask; else raises 55000,
 * whose DETAIL has a line for each thing that is not so.
 *
 * Raises 22023 for wrong options, 42501 when the caller may not read the texts
 * of migrations, and what sd_difference() raises.  Writes nothing and takes no
 * lock that a reader or writer waits for.
 */
void
sd_check(Jsonb *options)
{
	static const SdDefinable known[] = {{"drift", read_drift}, {"migrations", read_migrations}};
	Check		check = {.drift = true};
	JsonbValue	root;

	if (options != NULL)
	{
		sd_root(options, &root);
		sd_read_definables(&check, &root, NULL, known, lengthof(known));
	}
	initStringInfo(&check.found);
	check_migrations(&check);
	if (check.drift)
		check_drift(&check);
	if (check.found.len > 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the database does not match its migrations and models"),
				 errdetail("%s", check.found.data),
				 errhint("studentdir.migration_status() and studentdir.diff() show more; studentdir.migrate() applies what is pending.")));
}

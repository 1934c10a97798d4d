/*-------------------------------------------------------------------------
 * samples/remove.c
 *		Takes the samples away.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalogs/rows.h"
#include "define/define.h"
#include "define/definition_value.h"
#include "execute/command.h"
#include "migrate/builtin.h"
#include "migrate/extension.h"
#include "migrate/ledger.h"
#include "migrate/lock_waits.h"
#include "miscadmin.h"
#include "samples/remove.h"
#include "utils/builtins.h"

/* the options of a call */
typedef struct RemoveOptions
{
	bool		tables;			/* drop them, too */
	bool		force;			/* even with rows */
} RemoveOptions;

/* one that is to go */
typedef struct Removal
{
	const SdBuiltin *builtin;
	const char *schema;			/* of its table, not quoted */
	bool		redefined;		/* its model is a user's own by now, and stays with the table */
} Removal;

static void
read_tables(void *target, const JsonbValue *value, const SdPath *path)
{
	((RemoveOptions *) target)->tables = sd_read_flag(value, path);
}

static void
read_force(void *target, const JsonbValue *value, const SdPath *path)
{
	((RemoveOptions *) target)->force = sd_read_flag(value, path);
}

static RemoveOptions
read_options(Jsonb *options)
{
	static const SdDefinable known[] = {{"tables", read_tables}, {"force", read_force}};
	RemoveOptions read = {false};
	JsonbValue	root;

	if (options != NULL)
	{
		sd_root(options, &root);
		sd_read_definables(&read, &root, NULL, known, lengthof(known));
	}
	if (read.force && !read.tables)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("force: it needs \"tables\": true, without which the tables stay")));
	return read;
}

static bool
is_named(List *names, const char *name)
{
	ListCell   *cell;

	foreach(cell, names)
	{
		if (strcmp(lfirst(cell), name) == 0)
			return true;
	}
	return false;
}

/* Raises 22023 for a name that is none of a sample. */
static void
check_names(List *names)
{
	ListCell   *cell;

	foreach(cell, names)
	{
		if (sd_builtin_of_model(lfirst(cell)) == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("\"%s\" is not a sample", (char *) lfirst(cell)),
					 errhint("The samples are Student, User and Post. studentdir.undefine(%s) forgets a model.",
							 quote_literal_cstr(lfirst(cell)))));
	}
}

/* Those that are to go, Removal, in the order in which their tables can be dropped. */
static List *
choose(List *names, bool all)
{
	const char *schema = sd_extension()->schema_name;
	List	   *removals = NIL;
	const SdBuiltin *builtin;

	Assert(!all || names == NIL);
	for (int i = 0; (builtin = sd_builtin_at(i)) != NULL; i++)
	{
		const SdModelRow *row;
		Removal    *removal;

		if (!sd_builtin_is_chosen(builtin) || (!all && !is_named(names, builtin->model)))
			continue;
		removal = palloc(sizeof(Removal));
		removal->builtin = builtin;
		removal->schema = schema;
		row = sd_find_model_row(builtin->model);
		removal->redefined = row != NULL && !row->builtin;
		removals = lcons(removal, removals);
	}
	return removals;
}

/* The table of a sample as SQL. */
static const char *
table_sql(const Removal *removal)
{
	return quote_qualified_identifier(removal->schema, removal->builtin->table);
}

/* Raises 55000 when another model has the table. */
static void
check_models(const Removal *removal)
{
	SdArg		args[3];
	SdRows	   *rows;

	args[0] = sd_text_arg(removal->schema);
	args[1] = sd_text_arg(removal->builtin->table);
	args[2] = sd_text_arg(removal->builtin->model);
	rows = sd_query("SELECT name FROM studentdir.model WHERE schema_name OPERATOR(pg_catalog.=) $1"
					" AND table_name OPERATOR(pg_catalog.=) $2"
					" AND name OPERATOR(pg_catalog.<>) $3 ORDER BY name LIMIT 1",
					args, lengthof(args), InvalidSnapshot);
	if (rows->nrows > 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("table %s is that of model \"%s\", too", table_sql(removal),
						sd_rows_text(rows, 0, 0)),
				 errhint("Remove the samples without \"tables\", or forget that model first.")));
}

/*
 * Raises 55000 when a table that is to be dropped has rows, or another model.
 * The tables are locked from here on, so that nothing can be added.
 */
static void
check_tables(List *removals, const RemoveOptions *options)
{
	SdLockWaits waits;
	ListCell   *cell;

	sd_begin_lock_waits(&waits);
	foreach(cell, removals)
	{
		const Removal *removal = lfirst(cell);
		bool		rows;

		if (removal->redefined)
			continue;
		rows = sd_builtin_has_rows(removal->builtin, removal->schema, AccessExclusiveLock);
		if (rows && !options->force)
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("table %s has rows", table_sql(removal)),
					 errhint("Remove the samples without \"tables\", and the table stays. {\"tables\": true, \"force\": true} drops it.")));
		check_models(removal);
	}
	sd_end_lock_waits(&waits);
}

/* Takes one away; its table stays. */
static void
forget(const Removal *removal)
{
	if (!removal->redefined && sd_model_exists(removal->builtin->model))
		sd_undefine(removal->builtin->model);
	else
		sd_builtin_forget(removal->builtin->model);
	sd_ledger_delete(&sd_migrations, removal->builtin->migration);
}

static SdRemovedSample *
result(const Removal *removal, const char *action)
{
	SdRemovedSample *sample = palloc(sizeof(SdRemovedSample));

	sample->model = removal->builtin->model;
	sample->table = table_sql(removal);
	sample->action = action;
	return sample;
}

/*
 * Takes samples away for good, with their functions and built-in migrations:
 * those of the named models, or all.  One that is not there is passed over, and
 * a model that a user has defined by the name of one stays.  With "tables" its
 * table goes, too.  Returns an SdRemovedSample for each, in the current context.
 *
 * Takes the lock of the ledger, and with "tables" the strongest one on each
 * table before it looks for rows.  Raises 22023 for a name that is not a
 * sample's and for wrong options, 55000 for a table that has rows or another
 * model, 42501 without the privilege, and what DROP TABLE raises.
 */
List *
sd_remove_samples(List *models, bool all, Jsonb *options)
{
	RemoveOptions read = read_options(options);
	List	   *removals;
	List	   *results = NIL;
	ListCell   *cell;

	PreventCommandIfReadOnly("studentdir.remove_samples()");
	check_names(models);
	sd_ledger_lock(&sd_migrations);
	removals = choose(models, all);
	if (read.tables)
		check_tables(removals, &read);
	foreach(cell, removals)
	{
		const Removal *removal = lfirst(cell);
		bool		dropped = read.tables && !removal->redefined;

		forget(removal);
		if (dropped)
			sd_script(psprintf("DROP TABLE IF EXISTS %s", table_sql(removal)));
		results = lappend(results, result(removal, dropped ? "dropped" : "kept"));
	}
	return results;
}

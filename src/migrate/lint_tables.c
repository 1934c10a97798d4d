/*-------------------------------------------------------------------------
 * migrate/lint_tables.c
 *		What lint knows of tables: from the catalogs, and from the statements
 *		before the one that is looked at, which are not applied yet.
 *
 * It takes no locks: what it reads may be gone at the next look.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "execute/command.h"
#include "migrate/linted.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

/* from here on a table is large: reading all of it takes long enough to be felt */
#define LARGE_PAGES		1280
#define LARGE_TUPLES	100000

/* a table that a statement before makes, or gives another name */
typedef struct MadeTable
{
	const char *schema;			/* NULL: none is given */
	const char *name;
	Oid			table;			/* that was renamed; InvalidOid: it is new */
} MadeTable;

/* a constraint that a statement before adds, or one that is there and that it validates or drops */
typedef struct MadeCheck
{
	Oid			table;
	const char *name;			/* NULL: PostgreSQL chooses it */
	const char *column;			/* that it says to be not null; or NULL */
	bool		check;			/* it is a CHECK that is added */
	bool		valid;
	bool		dropped;
} MadeCheck;

static bool
same_name(const MadeTable *made, const RangeVar *name)
{
	if (strcmp(made->name, name->relname) != 0)
		return false;
	return made->schema == NULL || name->schemaname == NULL || strcmp(made->schema, name->schemaname) == 0;
}

/* The table of that name, or InvalidOid; raises nothing. */
static Oid
find_table(const SdLinted *linted, const RangeVar *name)
{
	Oid			schema;

	for (int i = list_length(linted->made) - 1; i >= 0; i--)
	{
		const MadeTable *made = list_nth(linted->made, i);

		if (same_name(made, name))
			return made->table;
	}
	if (name->schemaname == NULL)
		return RelnameGetRelid(name->relname);
	schema = get_namespace_oid(name->schemaname, true);
	return OidIsValid(schema) ? get_relname_relid(name->relname, schema) : InvalidOid;
}

/*
 * Makes a table the one that is looked at; returns whether it is there.  One that
 * a statement before makes is not: it is new, and nobody waits for it.
 */
bool
sd_lint_look_at(SdLinted *linted, const RangeVar *name)
{
	linted->table = find_table(linted, name);
	linted->table_name = name->relname;
	return OidIsValid(linted->table);
}

static void
add_made(SdLinted *linted, const char *schema, const char *name, Oid table)
{
	MadeTable  *made = palloc(sizeof(MadeTable));

	made->schema = schema;
	made->name = name;
	made->table = table;
	linted->made = lappend(linted->made, made);
}

/* A statement makes a table. */
void
sd_lint_made(SdLinted *linted, const RangeVar *name)
{
	add_made(linted, name->schemaname, name->relname, InvalidOid);
}

/* The statement gives the table that is looked at another name. */
void
sd_lint_renamed(SdLinted *linted, const char *name)
{
	Assert(OidIsValid(linted->table));
	add_made(linted, NULL, name, linted->table);
}

/* Whether one table was large when it was last vacuumed or analyzed. */
static bool
is_large_alone(Oid relid)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	bool		large = false;

	if (HeapTupleIsValid(tuple))
	{
		Form_pg_class form = (Form_pg_class) GETSTRUCT(tuple);

		large = form->relpages >= LARGE_PAGES || form->reltuples >= LARGE_TUPLES;
		ReleaseSysCache(tuple);
	}
	return large;
}

/* Whether a table is large, or one of its partitions or heirs. */
bool
sd_lint_is_large_table(Oid relid)
{
	ListCell   *cell;

	foreach(cell, find_all_inheritors(relid, NoLock, NULL))
	{
		if (is_large_alone(lfirst_oid(cell)))
			return true;
	}
	return false;
}

/* Whether the table that is looked at is large. */
bool
sd_lint_is_large(const SdLinted *linted)
{
	return OidIsValid(linted->table) && sd_lint_is_large_table(linted->table);
}

/* The column of a CHECK (column IS NOT NULL), or of a NOT NULL that is a constraint of its own, or NULL. */
static const char *
not_null_column(const Constraint *constraint)
{
	const NullTest *test = (const NullTest *) constraint->raw_expr;
	const ColumnRef *column;

	if (constraint->contype == CONSTR_NOTNULL && constraint->keys != NIL)
		return strVal(linitial(constraint->keys));
	if (constraint->contype != CONSTR_CHECK || test == NULL || !IsA(test, NullTest) ||
		test->nulltesttype != IS_NOT_NULL || !IsA(test->arg, ColumnRef))
		return NULL;
	column = (const ColumnRef *) test->arg;
	return IsA(llast(column->fields), String) ? strVal(llast(column->fields)) : NULL;
}

static MadeCheck *
add_check(SdLinted *linted, const char *name)
{
	MadeCheck  *made = palloc0(sizeof(MadeCheck));

	made->table = linted->table;
	made->name = name;
	linted->checks = lappend(linted->checks, made);
	return made;
}

/* A statement adds a constraint to the table that is looked at. */
void
sd_lint_constraint_added(SdLinted *linted, const Constraint *constraint)
{
	MadeCheck  *made = add_check(linted, constraint->conname);

	Assert(OidIsValid(made->table));
	made->column = not_null_column(constraint);
	made->check = constraint->contype == CONSTR_CHECK;
	made->valid = !constraint->skip_validation;
	if (!made->valid && made->name != NULL)
		linted->added = lappend(linted->added, made);
}

/* What is known of a constraint of the table that is looked at; one that is there already is noted by its name. */
static MadeCheck *
find_check(SdLinted *linted, const char *name)
{
	Assert(name != NULL);
	for (int i = list_length(linted->checks) - 1; i >= 0; i--)
	{
		MadeCheck  *made = list_nth(linted->checks, i);

		if (made->table == linted->table && made->name != NULL && strcmp(made->name, name) == 0)
			return made;
	}
	return add_check(linted, name);
}

/* A statement validates a constraint of the table that is looked at. */
void
sd_lint_constraint_validated(SdLinted *linted, const char *name)
{
	find_check(linted, name)->valid = true;
}

/* A statement drops a constraint of the table that is looked at. */
void
sd_lint_constraint_dropped(SdLinted *linted, const char *name)
{
	MadeCheck  *made = find_check(linted, name);

	made->dropped = true;
	made->column = NULL;
	made->check = made->valid = false;
}

/* The names of constraints of a table that statements before validate, or drop, as text[]. */
static SdArg
check_names(const SdLinted *linted, Oid table, bool dropped)
{
	List	   *names = NIL;
	ListCell   *cell;

	foreach(cell, linted->checks)
	{
		const MadeCheck *made = lfirst(cell);

		if (made->table == table && made->name != NULL && (dropped ? made->dropped : made->valid))
			names = lappend(names, unconstify(char *, made->name));
	}
	return sd_list_arg(names);
}

/* Whether a constraint of the table that is looked at was added NOT VALID in this transaction. */
bool
sd_lint_is_added(const SdLinted *linted, const char *name)
{
	ListCell   *cell;

	foreach(cell, linted->added)
	{
		const MadeCheck *made = lfirst(cell);

		if (made->table == linted->table && strcmp(made->name, name) == 0)
			return true;
	}
	return false;
}

/*
 * Whether the table that is looked at says already that a column holds no null:
 * by a valid CHECK, which may be that of a statement before, or by a valid NOT NULL.
 */
bool
sd_lint_holds_no_null(const SdLinted *linted, const char *column)
{
	SdArg		args[5];
	ListCell   *cell;

	foreach(cell, linted->checks)
	{
		const MadeCheck *made = lfirst(cell);

		if (made->table == linted->table && made->valid && made->column != NULL &&
			strcmp(made->column, column) == 0)
			return true;
	}
	args[0] = sd_arg(OIDOID, ObjectIdGetDatum(linted->table));
	args[1] = sd_text_arg(psprintf("(%s IS NOT NULL)", quote_identifier(column)));
	args[2] = sd_text_arg(column);
	args[3] = check_names(linted, linted->table, false);
	args[4] = check_names(linted, linted->table, true);
	return sd_query("SELECT 1 FROM pg_catalog.pg_constraint c"
					" WHERE c.conrelid OPERATOR(pg_catalog.=) $1 AND c.contype OPERATOR(pg_catalog.=) 'c'"
					" AND (c.convalidated OR c.conname::pg_catalog.text OPERATOR(pg_catalog.=) ANY ($4))"
					" AND NOT c.conname::pg_catalog.text OPERATOR(pg_catalog.=) ANY ($5)"
					" AND pg_catalog.pg_get_expr(c.conbin, c.conrelid) OPERATOR(pg_catalog.=) $2"
					" UNION ALL SELECT 1 FROM pg_catalog.pg_attribute a"
					" WHERE a.attrelid OPERATOR(pg_catalog.=) $1 AND a.attnotnull"
					" AND a.attname OPERATOR(pg_catalog.=) $3"
					" AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint n"
					"  WHERE n.conrelid OPERATOR(pg_catalog.=) $1 AND n.contype OPERATOR(pg_catalog.=) 'n' AND NOT n.convalidated"
					"  AND NOT n.conname::pg_catalog.text OPERATOR(pg_catalog.=) ANY ($4)"
					"  AND a.attnum OPERATOR(pg_catalog.=) ANY (n.conkey))",
					args, lengthof(args), InvalidSnapshot)->nrows > 0;
}

/*
 * Whether a table has a valid CHECK about all columns that its parent is
 * partitioned by, or one that a statement before adds and validates.
 */
bool
sd_lint_is_bounded(const SdLinted *linted, Oid relid, Oid parent)
{
	SdArg		args[4];
	ListCell   *cell;

	foreach(cell, linted->checks)
	{
		const MadeCheck *made = lfirst(cell);

		if (made->table == relid && made->check && made->valid)
			return true;
	}
	args[0] = sd_arg(OIDOID, ObjectIdGetDatum(relid));
	args[1] = sd_arg(OIDOID, ObjectIdGetDatum(parent));
	args[2] = check_names(linted, relid, false);
	args[3] = check_names(linted, relid, true);
	return sd_query("SELECT 1 FROM pg_catalog.pg_constraint c"
					" WHERE c.conrelid OPERATOR(pg_catalog.=) $1 AND c.contype OPERATOR(pg_catalog.=) 'c'"
					" AND (c.convalidated OR c.conname::pg_catalog.text OPERATOR(pg_catalog.=) ANY ($3))"
					" AND NOT c.conname::pg_catalog.text OPERATOR(pg_catalog.=) ANY ($4)"
					" AND NOT EXISTS (SELECT FROM pg_catalog.pg_partitioned_table p"
					"  JOIN pg_catalog.pg_attribute k ON k.attrelid OPERATOR(pg_catalog.=) p.partrelid"
					"   AND k.attnum OPERATOR(pg_catalog.=) ANY (p.partattrs::pg_catalog.int2[])"
					"  WHERE p.partrelid OPERATOR(pg_catalog.=) $2"
					"  AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a"
					"   WHERE a.attrelid OPERATOR(pg_catalog.=) $1 AND a.attname OPERATOR(pg_catalog.=) k.attname"
					"   AND a.attnum OPERATOR(pg_catalog.=) ANY (c.conkey)))",
					args, lengthof(args), InvalidSnapshot)->nrows > 0;
}

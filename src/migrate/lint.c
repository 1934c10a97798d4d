/*-------------------------------------------------------------------------
 * migrate/lint.c
 *		Tells the author of a migration what may hurt when it is applied.
 *
 * It looks at the grammar's trees and at the tables that are there now: a
 * table that the migration makes itself is new and empty, and nobody waits
 * for it.  It takes no locks.  Rules have the names of squawk where it has the same.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "catalog/index.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "execute/command.h"
#include "migrate/lint.h"
#include "migrate/statements.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/parsenodes.h"
#include "parser/parse_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

/* from here on a table is large: reading all of it takes long enough to be felt */
#define LARGE_PAGES		1280
#define LARGE_TUPLES	100000

#define IN_SCRIPT \
	"in a migration that psql runs with SELECT sql FROM studentdir.migrate_script() \\gexec"

/* the statement that is looked at */
typedef struct Linted
{
	const SdSqlStatement *statement;
	Oid			table;			/* the table that it changes; InvalidOid: it is not there */
	const char *table_name;
	List	   *findings;		/* of SdFinding */
} Linted;

/* Whether a comment above the statement allows what a rule is about. */
static bool
is_allowed(const Linted *linted, const char *rule)
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
	if (strcmp(rule, "adding-required-field") == 0 || strcmp(rule, "transaction-nesting") == 0)
		return "error";
	/* psql runs these as migrate_script() gives them */
	if (strcmp(rule, "not-in-transaction") == 0 ||
		strcmp(rule, "ban-concurrent-index-creation-in-transaction") == 0)
		return "notice";
	return "warning";
}

static void
add(Linted *linted, const char *rule, const char *message, const char *hint)
{
	SdFinding  *finding;

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

/* The table of that name, or InvalidOid; raises nothing. */
static Oid
find_table(const RangeVar *name)
{
	Oid			schema;

	if (name->schemaname == NULL)
		return RelnameGetRelid(name->relname);
	schema = get_namespace_oid(name->schemaname, true);
	return OidIsValid(schema) ? get_relname_relid(name->relname, schema) : InvalidOid;
}

/* Makes a table the one that is looked at; returns whether it is there. */
static bool
look_at(Linted *linted, const RangeVar *name)
{
	linted->table = find_table(name);
	linted->table_name = name->relname;
	return OidIsValid(linted->table);
}

/* Whether the table was large when it was last vacuumed or analyzed. */
static bool
is_large(const Linted *linted)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(linted->table));
	bool		large = false;

	if (HeapTupleIsValid(tuple))
	{
		Form_pg_class form = (Form_pg_class) GETSTRUCT(tuple);

		large = form->relpages >= LARGE_PAGES || form->reltuples >= LARGE_TUPLES;
		ReleaseSysCache(tuple);
	}
	return large;
}

static bool
is_serial(const TypeName *type)
{
	static const char *const serials[] = {
		"serial", "serial2", "serial4", "serial8", "smallserial", "bigserial"
	};

	if (type == NULL || list_length(type->names) != 1)
		return false;
	for (int i = 0; i < lengthof(serials); i++)
	{
		if (strcmp(strVal(linitial(type->names)), serials[i]) == 0)
			return true;
	}
	return false;
}

static void
lint_add_column(Linted *linted, const ColumnDef *column)
{
	bool		not_null = false;
	bool		filled = is_serial(column->typeName);
	bool		rewrites = filled;
	ListCell   *cell;

	foreach(cell, column->constraints)
	{
		switch (lfirst_node(Constraint, cell)->contype)
		{
			case CONSTR_NOTNULL:
			case CONSTR_PRIMARY:
				not_null = true;
				break;
			case CONSTR_DEFAULT:
				filled = true;
				break;
			case CONSTR_IDENTITY:
			case CONSTR_GENERATED:
				filled = true;
				rewrites = true;
				break;
			default:
				break;
		}
	}
	if (not_null && !filled)
		add(linted, "adding-required-field",
			psprintf("column \"%s\" is NOT NULL and has no default: it cannot be added to \"%s\" while that has rows",
						column->colname, linted->table_name),
			"Give it a DEFAULT; or add it without NOT NULL, fill it, and then ALTER COLUMN ... SET NOT NULL.");
	if (rewrites && is_large(linted))
		add(linted, "adding-field-with-default",
			psprintf("adding column \"%s\" rewrites table \"%s\", which is large; nobody can read it meanwhile",
						column->colname, linted->table_name),
			"Add it without values and fill it in portions.");
}

/* Whether a column's values can stay as they are; false where nobody knows yet. */
static bool
keeps_values(const Linted *linted, const char *column, TypeName *type)
{
	AttrNumber	attnum = get_attnum(linted->table, column);
	HeapTuple	tuple;
	Oid			old_type;
	Oid			new_type;
	Oid			collation;
	int32		old_modifier;
	int32		new_modifier;

	/* only names that can be looked up without a privilege on a schema */
	if (attnum <= 0 || type->pct_type || type->arrayBounds != NIL ||
		(list_length(type->names) > 1 && strcmp(strVal(linitial(type->names)), "pg_catalog") != 0))
		return false;
	tuple = LookupTypeName(NULL, type, &new_modifier, true);
	if (tuple == NULL)
		return false;
	new_type = typeTypeId(tuple);
	ReleaseSysCache(tuple);
	get_atttypetypmodcoll(linted->table, attnum, &old_type, &old_modifier, &collation);
	return sd_type_keeps_values(old_type, old_modifier, new_type, new_modifier);
}

static void
lint_type(Linted *linted, const char *name, const ColumnDef *column)
{
	if (column->raw_default == NULL && keeps_values(linted, name, column->typeName))
		return;
	add(linted, "changing-column-type",
		psprintf("the new type of column \"%s\" rewrites or checks all of table \"%s\"; nobody can read it meanwhile",
					name, linted->table_name),
		"Where the table is large: add a column of the new type, fill it in portions, and change over to it.");
}

static void
lint_constraint(Linted *linted, const Constraint *constraint)
{
	switch (constraint->contype)
	{
		case CONSTR_FOREIGN:
			if (!constraint->skip_validation)
				add(linted, "adding-foreign-key-constraint",
					psprintf("the foreign key checks all of \"%s\", and writers to both tables wait", linted->table_name),
					"ADD CONSTRAINT ... NOT VALID, and VALIDATE CONSTRAINT in a migration of its own; "
					"CALL studentdir.migrate_stepwise() commits between them.");
			break;
		case CONSTR_CHECK:
			if (!constraint->skip_validation && is_large(linted))
				add(linted, "constraint-missing-not-valid",
					psprintf("the constraint checks all of \"%s\", which is large; nobody can read it meanwhile", linted->table_name),
					"ADD CONSTRAINT ... NOT VALID, and VALIDATE CONSTRAINT in a migration of its own; "
					"CALL studentdir.migrate_stepwise() commits between them.");
			break;
		case CONSTR_UNIQUE:
		case CONSTR_PRIMARY:
			if (constraint->indexname == NULL && is_large(linted))
				add(linted, "disallowed-unique-constraint",
					psprintf("the constraint builds an index on \"%s\", which is large; nobody can read it meanwhile", linted->table_name),
					"CREATE UNIQUE INDEX CONCURRENTLY and then ADD CONSTRAINT ... USING INDEX, " IN_SCRIPT ".");
			break;
		default:
			break;
	}
}

/* Whether the table says already that a column holds no null: by a valid CHECK, or by being NOT NULL. */
static bool
holds_no_null(const Linted *linted, const char *column)
{
	SdArg		args[3];

	args[0] = sd_arg(OIDOID, ObjectIdGetDatum(linted->table));
	args[1] = sd_text_arg(psprintf("(%s IS NOT NULL)", quote_identifier(column)));
	args[2] = sd_text_arg(column);
	return sd_query("SELECT 1 FROM pg_catalog.pg_constraint c"
					" WHERE c.conrelid OPERATOR(pg_catalog.=) $1 AND c.contype OPERATOR(pg_catalog.=) 'c' AND c.convalidated"
					" AND pg_catalog.pg_get_expr(c.conbin, c.conrelid) OPERATOR(pg_catalog.=) $2"
					" UNION ALL SELECT 1 FROM pg_catalog.pg_attribute a"
					" WHERE a.attrelid OPERATOR(pg_catalog.=) $1 AND a.attnotnull"
					" AND a.attname OPERATOR(pg_catalog.=) $3",
					args, lengthof(args), InvalidSnapshot)->nrows > 0;
}

/* What writes all of a table anew. */
static void
lint_rewrite(Linted *linted, const char *rule, const char *words)
{
	if (is_large(linted))
		add(linted, rule,
			psprintf("%s writes all of table \"%s\" anew, which is large; nobody can read it meanwhile",
					 words, linted->table_name),
			"Make a new table as it should be, fill it in portions, and change over to it.");
}

static void
lint_alter_command(Linted *linted, const AlterTableCmd *command)
{
	switch (command->subtype)
	{
		case AT_AddColumn:
			lint_add_column(linted, castNode(ColumnDef, command->def));
			break;
		case AT_AlterColumnType:
			lint_type(linted, command->name, castNode(ColumnDef, command->def));
			break;
		case AT_AddConstraint:
			lint_constraint(linted, castNode(Constraint, command->def));
			break;
		case AT_SetNotNull:
			if (is_large(linted) && !holds_no_null(linted, command->name))
				add(linted, "adding-not-nullable-field",
					psprintf("SET NOT NULL reads all of table \"%s\", which is large; nobody else can meanwhile", linted->table_name),
					"ADD CONSTRAINT ... CHECK (... IS NOT NULL) NOT VALID, VALIDATE it in a migration of its own, and then SET NOT NULL, which is quick.");
			break;
		case AT_DropNotNull:
			add(linted, "ban-drop-not-null",
				psprintf("column \"%s\" of table \"%s\" may be null from then on, which programs that read it may not expect",
						 command->name, linted->table_name),
				"Change the programs first.");
			break;
		case AT_SetLogged:
		case AT_SetUnLogged:
			lint_rewrite(linted, "set-logged", "SET LOGGED and SET UNLOGGED");
			break;
		case AT_SetTableSpace:
			lint_rewrite(linted, "set-tablespace", "SET TABLESPACE");
			break;
		case AT_SetAccessMethod:
			lint_rewrite(linted, "set-access-method", "SET ACCESS METHOD");
			break;
		case AT_DropColumn:
			add(linted, "ban-drop-column",
				psprintf("dropping column \"%s\" of table \"%s\" loses its values", command->name, linted->table_name),
				"Undo can bring back the column, not what was in it. Drop it when no program reads it any more.");
			break;
		default:
			break;
	}
}

static void
lint_alter(Linted *linted, const AlterTableStmt *alter)
{
	ListCell   *cell;

	if (alter->objtype != OBJECT_TABLE || !look_at(linted, alter->relation))
		return;
	foreach(cell, alter->cmds)
		lint_alter_command(linted, lfirst_node(AlterTableCmd, cell));
}

static void
lint_drop_indexes(Linted *linted, const DropStmt *drop)
{
	ListCell   *cell;

	foreach(cell, drop->objects)
	{
		Oid			index = find_table(makeRangeVarFromNameList(lfirst_node(List, cell)));

		linted->table = OidIsValid(index) ? IndexGetRelation(index, true) : InvalidOid;
		if (OidIsValid(linted->table) && is_large(linted))
			add(linted, "require-concurrent-index-deletion",
				psprintf("dropping the index waits for all who use \"%s\", which is large, and all others wait for it",
						 get_rel_name(linted->table)),
				"DROP INDEX CONCURRENTLY, " IN_SCRIPT ".");
	}
}

static void
lint_drop(Linted *linted, const DropStmt *drop)
{
	ListCell   *cell;

	if (drop->removeType == OBJECT_INDEX && !drop->concurrent)
		lint_drop_indexes(linted, drop);
	if (drop->removeType != OBJECT_TABLE)
		return;
	foreach(cell, drop->objects)
	{
		if (look_at(linted, makeRangeVarFromNameList(lfirst_node(List, cell))))
			add(linted, "ban-drop-table",
				psprintf("dropping table \"%s\" loses its rows", linted->table_name),
				"Undo can bring back the table, not what was in it. Drop it when no program uses it any more.");
	}
}

static void
lint_rename(Linted *linted, const RenameStmt *rename)
{
	bool		column = rename->renameType == OBJECT_COLUMN && rename->relationType == OBJECT_TABLE;

	if ((!column && rename->renameType != OBJECT_TABLE) || !look_at(linted, rename->relation))
		return;
	add(linted, column ? "renaming-column" : "renaming-table",
		psprintf("%s \"%s\" gets another name: what uses the old one fails from then on",
					column ? "column" : "table", column ? rename->subname : linted->table_name),
		"Models name tables and columns too: define them anew in the same migration. "
		"Programs that have to go on meanwhile need a view with the old name, or both columns for a time.");
}

static void
lint_index(Linted *linted, const IndexStmt *index)
{
	if (!index->concurrent && look_at(linted, index->relation) && is_large(linted))
		add(linted, "require-concurrent-index-creation",
			psprintf("the index is built while writers to \"%s\", which is large, wait", linted->table_name),
			"CREATE INDEX CONCURRENTLY, " IN_SCRIPT ".");
}

static void
lint_lock(Linted *linted, const LockStmt *lock)
{
	ListCell   *cell;

	foreach(cell, lock->relations)
	{
		if (look_at(linted, lfirst_node(RangeVar, cell)))
			add(linted, "lock-table",
				psprintf("the lock of table \"%s\" is held until the whole migration is through",
						 linted->table_name),
				"Statements take the locks that they need. Put what has to be locked into a migration of its own.");
	}
}

static void
lint_refresh(Linted *linted, const RefreshMatViewStmt *refresh)
{
	if (!refresh->concurrent && !refresh->skipData && look_at(linted, refresh->relation))
		add(linted, "refresh-without-concurrently",
			psprintf("nobody can read materialized view \"%s\" while it is refreshed", linted->table_name),
			"REFRESH MATERIALIZED VIEW CONCURRENTLY, which takes a unique index.");
}

static void
lint_truncate(Linted *linted, const TruncateStmt *truncate)
{
	if (truncate->behavior == DROP_CASCADE)
		add(linted, "ban-truncate-cascade",
			"TRUNCATE ... CASCADE empties all tables that refer to these, too",
			"Name the tables that are to be emptied, without CASCADE.");
}

/* What a statement that cannot run in a transaction is called. */
static const char *
alone_rule(const Node *tree)
{
	return IsA(tree, IndexStmt) ? "ban-concurrent-index-creation-in-transaction" : "not-in-transaction";
}

/* CALL and DO may be alone, but need not be. */
static void
lint_alone(Linted *linted)
{
	const Node *tree = linted->statement->tree;

	if (sd_statement_runs_alone(tree) && !IsA(tree, CallStmt) && !IsA(tree, DoStmt))
		add(linted, alone_rule(tree), "migrate() refuses this statement, which cannot run in a transaction",
			"Run it " IN_SCRIPT ".");
	if (IsA(tree, TransactionStmt))
		add(linted, "transaction-nesting", "a migration cannot begin or end transactions",
			"Remove the statement: all of a migration is in one transaction already.");
}

static void
lint_statement(Linted *linted)
{
	const Node *tree = linted->statement->tree;

	lint_alone(linted);
	switch (nodeTag(tree))
	{
		case T_AlterTableStmt:
			lint_alter(linted, (const AlterTableStmt *) tree);
			break;
		case T_DropStmt:
			lint_drop(linted, (const DropStmt *) tree);
			break;
		case T_RenameStmt:
			lint_rename(linted, (const RenameStmt *) tree);
			break;
		case T_IndexStmt:
			lint_index(linted, (const IndexStmt *) tree);
			break;
		case T_LockStmt:
			lint_lock(linted, (const LockStmt *) tree);
			break;
		case T_RefreshMatViewStmt:
			lint_refresh(linted, (const RefreshMatViewStmt *) tree);
			break;
		case T_TruncateStmt:
			lint_truncate(linted, (const TruncateStmt *) tree);
			break;
		default:
			break;
	}
}

/*
 * What of a migration's statements may hurt, SdFinding, each with a form that
 * does not; without what a comment above a statement allows.
 */
List *
sd_lint(List *statements)
{
	Linted		linted = {0};
	ListCell   *cell;

	foreach(cell, statements)
	{
		CHECK_FOR_INTERRUPTS();
		linted.statement = lfirst(cell);
		lint_statement(&linted);
	}
	return linted.findings;
}

/*-------------------------------------------------------------------------
 * migrate/lint.c
 *		Tells the author of a migration what may hurt when it is applied.
 *
 * It looks at the grammar's trees, at the tables that are there now, and at what
 * the statements before have made: a table that a pending migration makes is new
 * and empty, and nobody waits for it.  It takes no locks.  Rules have the names
 * of squawk where it has the same.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/index.h"
#include "catalog/namespace.h"
#include "catalog/partition.h"
#include "commands/defrem.h"
#include "migrate/lint.h"
#include "migrate/linted.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

static void
lint_drop_indexes(SdLinted *linted, const DropStmt *drop)
{
	ListCell   *cell;

	foreach(cell, drop->objects)
	{
		if (!sd_lint_look_at(linted, makeRangeVarFromNameList(lfirst_node(List, cell))))
			continue;
		linted->table = IndexGetRelation(linted->table, true);
		if (!OidIsValid(linted->table) || !sd_lint_is_large(linted))
			continue;
		linted->table_name = get_rel_name(linted->table);
		sd_lint_add(linted, "require-concurrent-index-deletion",
					psprintf("dropping the index waits for all who use \"%s\", which is large, and all others wait for it",
							 linted->table_name),
					"DROP INDEX CONCURRENTLY, " SD_IN_SCRIPT ".");
		sd_lint_lock(linted);
	}
}

static void
lint_drop(SdLinted *linted, const DropStmt *drop)
{
	ListCell   *cell;

	if (drop->removeType == OBJECT_INDEX && !drop->concurrent)
		lint_drop_indexes(linted, drop);
	if (drop->removeType != OBJECT_TABLE)
		return;
	foreach(cell, drop->objects)
	{
		if (!sd_lint_look_at(linted, makeRangeVarFromNameList(lfirst_node(List, cell))))
			continue;
		sd_lint_add(linted, "ban-drop-table",
					psprintf("dropping table \"%s\" loses its rows", linted->table_name),
					"Undo can bring back the table, not what was in it. Drop it when no program uses it any more.");
		sd_lint_uses(linted, NULL, "dropped");
		sd_lint_lock(linted);
	}
}

static void
lint_rename(SdLinted *linted, const RenameStmt *rename)
{
	bool		column = rename->renameType == OBJECT_COLUMN && rename->relationType == OBJECT_TABLE;

	if (rename->renameType == OBJECT_SCHEMA)
		sd_lint_add(linted, "renaming-schema",
					psprintf("schema \"%s\" is renamed: what uses the old name fails from then on", rename->subname),
					"Make a new schema, and move to it one by one what programs do not use.");
	if ((!column && rename->renameType != OBJECT_TABLE) || !sd_lint_look_at(linted, rename->relation))
		return;
	sd_lint_add(linted, column ? "renaming-column" : "renaming-table",
				psprintf("%s \"%s\" is renamed: what uses the old name fails from then on",
						 column ? "column" : "table", column ? rename->subname : linted->table_name),
				"A model that uses the old name has to be defined anew in the same migration. "
				"Programs that run meanwhile need a view with the old name, or both columns for a time.");
	sd_lint_uses(linted, column ? rename->subname : NULL, "renamed");
	sd_lint_lock(linted);
	if (!column)
		sd_lint_renamed(linted, rename->newname);
}

static void
lint_index(SdLinted *linted, const IndexStmt *index)
{
	/* one on a partitioned table ONLY is built on no row */
	if (index->concurrent || !sd_lint_look_at(linted, index->relation) || !sd_lint_is_large(linted) ||
		!index->relation->inh)
		return;
	sd_lint_add(linted, "require-concurrent-index-creation",
				psprintf("the index is built while writers to \"%s\", which is large, wait", linted->table_name),
				"CREATE INDEX CONCURRENTLY, " SD_IN_SCRIPT ".");
	sd_lint_lock(linted);
}

static void
lint_lock(SdLinted *linted, const LockStmt *lock)
{
	ListCell   *cell;

	foreach(cell, lock->relations)
	{
		if (!sd_lint_look_at(linted, lfirst_node(RangeVar, cell)))
			continue;
		sd_lint_add(linted, "lock-table",
					psprintf("the lock of table \"%s\" is held until the whole migration is through",
							 linted->table_name),
					"Statements take the locks that they need. Put what has to be locked into a migration of its own.");
		sd_lint_lock(linted);
	}
}

static void
lint_refresh(SdLinted *linted, const RefreshMatViewStmt *refresh)
{
	if (!refresh->concurrent && !refresh->skipData && sd_lint_look_at(linted, refresh->relation))
		sd_lint_add(linted, "refresh-without-concurrently",
					psprintf("nobody can read materialized view \"%s\" while it is refreshed", linted->table_name),
					"REFRESH MATERIALIZED VIEW CONCURRENTLY, which takes a unique index.");
}

static void
lint_truncate(SdLinted *linted, const TruncateStmt *truncate)
{
	ListCell   *cell;

	if (truncate->behavior == DROP_CASCADE)
		sd_lint_add(linted, "ban-truncate-cascade",
					"TRUNCATE ... CASCADE empties all tables that refer to these, too",
					"Name the tables that are to be emptied, without CASCADE.");
	foreach(cell, truncate->relations)
	{
		if (sd_lint_look_at(linted, lfirst_node(RangeVar, cell)))
			sd_lint_lock(linted);
	}
}

/* UPDATE or DELETE of all rows of a large table, or while others wait for it anyway. */
static void
lint_all_rows(SdLinted *linted, const RangeVar *relation, const Node *where, const char *what)
{
	if (!sd_lint_look_at(linted, relation) || !sd_lint_is_large(linted))
		return;
	if (where == NULL || list_member_oid(linted->locked, linted->table))
		sd_lint_add(linted, "backfill-in-one-statement",
					psprintf("%s of \"%s\", which is large, %s", what, linted->table_name,
							 where == NULL ? "locks all its rows until the migration is through"
							 : "runs while others wait for the table, which this migration has changed before"),
					"CALL studentdir.backfill() changes rows in batches that are committed one by one, " SD_IN_SCRIPT ".");
}

static bool
has_option(List *options, const char *name)
{
	ListCell   *cell;

	foreach(cell, options)
	{
		DefElem    *option = lfirst_node(DefElem, cell);

		if (strcmp(option->defname, name) == 0)
			return option->arg == NULL || defGetBoolean(option);
	}
	return false;
}

static void
lint_repack(SdLinted *linted, const RangeVar *relation, const char *what)
{
	if (relation != NULL && sd_lint_look_at(linted, relation) && sd_lint_is_large(linted))
		sd_lint_add(linted, "prefer-repack",
					psprintf("%s writes all of table \"%s\" anew, which is large; nobody can read it meanwhile",
							 what, linted->table_name),
					"VACUUM without FULL makes room for new rows; the program pg_repack makes a table smaller while others use it.");
}

static void
lint_vacuum(SdLinted *linted, const VacuumStmt *vacuum)
{
	ListCell   *cell;

	if (!vacuum->is_vacuumcmd || !has_option(vacuum->options, "full"))
		return;
	foreach(cell, vacuum->rels)
		lint_repack(linted, lfirst_node(VacuumRelation, cell)->relation, "VACUUM FULL");
}

static void
lint_reindex(SdLinted *linted, const ReindexStmt *reindex)
{
	if (has_option(reindex->params, "concurrently") || reindex->relation == NULL ||
		!sd_lint_look_at(linted, reindex->relation))
		return;
	if (reindex->kind == REINDEX_OBJECT_INDEX)
		linted->table = IndexGetRelation(linted->table, true);
	if (!sd_lint_is_large(linted))
		return;
	linted->table_name = get_rel_name(linted->table);
	sd_lint_add(linted, "require-concurrent-reindex",
				psprintf("the index is built while writers to \"%s\", which is large, wait, and readers who would use it", linted->table_name),
				"REINDEX (CONCURRENTLY), " SD_IN_SCRIPT ".");
	sd_lint_lock(linted);
}

static void
lint_alter_domain(SdLinted *linted, const AlterDomainStmt *alter)
{
	bool		checks = alter->subtype == 'C' && !castNode(Constraint, alter->def)->skip_validation;

	if (checks || alter->subtype == 'O')
		sd_lint_add(linted, "ban-alter-domain-with-add-constraint",
					psprintf("the constraint checks all tables with a column of domain \"%s\", and writers to them wait",
							 strVal(llast(alter->typeName))),
					"ADD CONSTRAINT ... NOT VALID, and VALIDATE CONSTRAINT in a migration of its own.");
}

static void
lint_create_domain(SdLinted *linted, const CreateDomainStmt *create)
{
	ListCell   *cell;

	foreach(cell, create->constraints)
	{
		ConstrType	type = lfirst_node(Constraint, cell)->contype;

		if (type != CONSTR_CHECK && type != CONSTR_NOTNULL)
			continue;
		sd_lint_add(linted, "ban-create-domain-with-constraint",
					psprintf("adding a column of domain \"%s\", which has constraints, to a table writes all of that anew",
							 strVal(llast(create->domainname))),
					"Use the base type, and a CHECK of the table, which can be NOT VALID.");
		return;
	}
}

static void
lint_create(SdLinted *linted, const CreateStmt *create)
{
	Oid			others;

	Assert(create->partbound == NULL || list_length(create->inhRelations) == 1);
	if (create->partbound != NULL && sd_lint_look_at(linted, linitial_node(RangeVar, create->inhRelations)))
	{
		others = get_default_partition_oid(linted->table);
		if (OidIsValid(others) && sd_lint_is_large_table(others) && !sd_lint_is_bounded(linted, others, linted->table))
			sd_lint_add(linted, "attach-without-check",
						psprintf("the default partition \"%s\" of \"%s\" is large and is read for rows of the new one; nobody can use it meanwhile",
								 get_rel_name(others), linted->table_name),
						"Before that add a CHECK to the default partition that leaves out the rows of the new one, NOT VALID, and VALIDATE it in a migration of its own.");
	}
	sd_lint_made(linted, create->relation);
}

/* What a statement that cannot run in a transaction is called. */
static const char *
alone_rule(const Node *tree)
{
	return IsA(tree, IndexStmt) ? "ban-concurrent-index-creation-in-transaction" : "not-in-transaction";
}

/* CALL and DO may be alone, but need not be. */
static bool
has_to_be_alone(const Node *tree)
{
	return sd_statement_runs_alone(tree) && !IsA(tree, CallStmt) && !IsA(tree, DoStmt);
}

static void
lint_alone(SdLinted *linted)
{
	const Node *tree = linted->statement->tree;

	if (has_to_be_alone(tree))
		sd_lint_add(linted, alone_rule(tree), "migrate() refuses this statement, which cannot run in a transaction",
					"Run it " SD_IN_SCRIPT ".");
	if (IsA(tree, TransactionStmt))
		sd_lint_add(linted, "transaction-nesting", "a migration cannot begin or end transactions",
					"Remove the statement: all of a migration is in one transaction already.");
	if (IsA(tree, DropdbStmt))
		sd_lint_add(linted, "ban-drop-database",
					psprintf("dropping database \"%s\" loses all that is in it", ((const DropdbStmt *) tree)->dbname),
					"Drop it by hand, when it is sure that nobody needs it.");
}

static void
lint_statement(SdLinted *linted)
{
	const Node *tree = linted->statement->tree;

	lint_alone(linted);
	switch (nodeTag(tree))
	{
		case T_AlterTableStmt:
			sd_lint_alter(linted, (const AlterTableStmt *) tree);
			break;
		case T_AlterDomainStmt:
			lint_alter_domain(linted, (const AlterDomainStmt *) tree);
			break;
		case T_ClusterStmt:
			if (!has_option(((const ClusterStmt *) tree)->params, "concurrently"))
				lint_repack(linted, SD_CLUSTERED_TABLE((const ClusterStmt *) tree), "CLUSTER");
			break;
		case T_CreateDomainStmt:
			lint_create_domain(linted, (const CreateDomainStmt *) tree);
			break;
		case T_CreateStmt:
			lint_create(linted, (const CreateStmt *) tree);
			break;
		case T_CreateTableAsStmt:
			sd_lint_made(linted, ((const CreateTableAsStmt *) tree)->into->rel);
			break;
		case T_DeleteStmt:
			lint_all_rows(linted, ((const DeleteStmt *) tree)->relation, ((const DeleteStmt *) tree)->whereClause, "DELETE");
			break;
		case T_DropStmt:
			lint_drop(linted, (const DropStmt *) tree);
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
		case T_ReindexStmt:
			lint_reindex(linted, (const ReindexStmt *) tree);
			break;
		case T_RenameStmt:
			lint_rename(linted, (const RenameStmt *) tree);
			break;
		case T_SelectStmt:
			sd_lint_defines(linted, (const SelectStmt *) tree);
			break;
		case T_TruncateStmt:
			lint_truncate(linted, (const TruncateStmt *) tree);
			break;
		case T_UpdateStmt:
			lint_all_rows(linted, ((const UpdateStmt *) tree)->relation, ((const UpdateStmt *) tree)->whereClause, "UPDATE");
			break;
		case T_VacuumStmt:
			lint_vacuum(linted, (const VacuumStmt *) tree);
			break;
		default:
			break;
	}
}

/* Begins to look at texts that are applied one after the other. */
SdLinted *
sd_lint_begin(void)
{
	return palloc0(sizeof(SdLinted));
}

/*
 * What of the next migration's statements may hurt, SdFinding, each with a form
 * that does not; without what a comment above a statement allows.
 */
List *
sd_lint_next(SdLinted *linted, List *statements)
{
	ListCell   *cell;

	linted->findings = linted->added = linted->locked = linted->defined = linted->gained = NIL;
	linted->in_transaction = true;
	foreach(cell, statements)
	{
		const Node *tree = ((SdSqlStatement *) lfirst(cell))->tree;

		if (has_to_be_alone(tree))
			linted->in_transaction = false;
		sd_lint_gains(linted, tree);
	}
	foreach(cell, statements)
	{
		CHECK_FOR_INTERRUPTS();
		linted->statement = lfirst(cell);
		Assert(linted->statement->number == foreach_current_index(cell) + 1);
		lint_statement(linted);
	}
	return linted->findings;
}

/*-------------------------------------------------------------------------
 * migrate/lint_alter.c
 *		Rules about ALTER TABLE.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/namespace.h"
#include "catalog/partition.h"
#include "catalog/pg_attribute.h"
#include "migrate/linted.h"
#include "utils/lsyscache.h"

#define NOT_VALID_HINT \
	"ADD CONSTRAINT ... NOT VALID, and VALIDATE CONSTRAINT in a migration of its own; " \
	"CALL studentdir.migrate_stepwise() commits between them."

/* What looks at all rows for a null, unless that is known already. */
static void
lint_not_null(SdLinted *linted, const char *column, const char *what)
{
	if (sd_lint_is_large(linted) && !sd_lint_holds_no_null(linted, column))
		sd_lint_add(linted, "adding-not-nullable-field",
					psprintf("%s of column \"%s\" reads all of table \"%s\", which is large; nobody else can meanwhile",
							 what, column, linted->table_name),
					"ADD CONSTRAINT ... CHECK (... IS NOT NULL) NOT VALID, VALIDATE it in a migration of its own, and then SET NOT NULL, which is quick.");
}

/* ADD CONSTRAINT; of a table that is large where large says so */
static void
lint_constraint(SdLinted *linted, const Constraint *constraint, bool large)
{
	switch (constraint->contype)
	{
		case CONSTR_FOREIGN:
			if (!constraint->skip_validation)
				sd_lint_add(linted, "adding-foreign-key-constraint",
							psprintf("the foreign key checks all of \"%s\", and writers to both tables wait", linted->table_name),
							NOT_VALID_HINT);
			break;
		case CONSTR_CHECK:
			if (!constraint->skip_validation && large)
				sd_lint_add(linted, "constraint-missing-not-valid",
							psprintf("the constraint checks all of \"%s\", which is large; nobody can read it meanwhile", linted->table_name),
							NOT_VALID_HINT);
			break;
		case CONSTR_UNIQUE:
		case CONSTR_PRIMARY:
			if (constraint->indexname == NULL && large)
				sd_lint_add(linted, constraint->contype == CONSTR_PRIMARY ? "adding-serial-primary-key-field" : "disallowed-unique-constraint",
							psprintf("the constraint builds an index on \"%s\", which is large; nobody can read it meanwhile", linted->table_name),
							"CREATE UNIQUE INDEX CONCURRENTLY and then ADD CONSTRAINT ... USING INDEX, " SD_IN_SCRIPT ".");
			break;
		case CONSTR_NOTNULL:
			/* of its own, which 18 knows */
			if (!constraint->skip_validation && constraint->keys != NIL)
				lint_not_null(linted, strVal(linitial(constraint->keys)), "NOT NULL");
			break;
		case CONSTR_EXCLUSION:
			if (large)
				sd_lint_add(linted, "adding-exclusion-constraint",
							psprintf("the constraint builds an index on \"%s\", which is large; nobody can read it meanwhile", linted->table_name),
							"There is no form that does not block. Do it when nobody needs the table, or in a new one that is filled in portions.");
			break;
		default:
			break;
	}
	sd_lint_constraint_added(linted, constraint);
}

/* What writes all of a table anew. */
static void
lint_rewrite(SdLinted *linted, const char *rule, const char *words)
{
	if (sd_lint_is_large(linted))
		sd_lint_add(linted, rule,
					psprintf("%s writes all of table \"%s\" anew, which is large; nobody can read it meanwhile",
							 words, linted->table_name),
					"Make a new table as it should be, fill it in portions, and change over to it.");
}

/* SET EXPRESSION of a column whose values are stored; those of others are computed when they are read. */
static void
lint_expression(SdLinted *linted, const char *column)
{
	AttrNumber	attnum = get_attnum(linted->table, column);

	if (attnum != InvalidAttrNumber &&
		get_attgenerated(linted->table, attnum) == ATTRIBUTE_GENERATED_STORED)
		lint_rewrite(linted, "set-expression", "SET EXPRESSION");
}

static void
lint_validate(SdLinted *linted, const char *name)
{
	if (linted->in_transaction && sd_lint_is_added(linted, name) && sd_lint_is_large(linted))
		sd_lint_add(linted, "constraint-missing-not-valid",
					psprintf("constraint \"%s\" is validated in the transaction that adds it: nobody can use \"%s\", which is large, until all of it is checked",
							 name, linted->table_name),
					"VALIDATE CONSTRAINT in a migration of its own; CALL studentdir.migrate_stepwise() commits between them.");
	sd_lint_constraint_validated(linted, name);
}

/* ATTACH PARTITION reads the partition, and the default one, unless a CHECK says already what is in it. */
static void
lint_attach(SdLinted *linted, const PartitionCmd *command)
{
	Oid			parent = linted->table;
	const char *parent_name = linted->table_name;
	Oid			others = get_default_partition_oid(parent);

	Assert(OidIsValid(parent));
	if (OidIsValid(others) && sd_lint_is_large_table(others) && !sd_lint_is_bounded(linted, others, parent))
		sd_lint_add(linted, "attach-without-check",
					psprintf("the default partition \"%s\" of \"%s\" is large and is read for rows of the new one; nobody can use it meanwhile",
							 get_rel_name(others), parent_name),
					"Before that add a CHECK to the default partition that leaves out the rows of the new one, NOT VALID, and VALIDATE it in a migration of its own.");
	if (sd_lint_look_at(linted, command->name) && sd_lint_is_large(linted) &&
		!sd_lint_is_bounded(linted, linted->table, parent))
		sd_lint_add(linted, "attach-without-check",
					psprintf("attaching \"%s\", which is large, reads all of it; nobody can use it meanwhile", linted->table_name),
					"Before that add a CHECK that says the same as the bounds, NOT VALID, and VALIDATE it in a migration of its own.");
	linted->table = parent;
	linted->table_name = parent_name;
}

static void
lint_detach(SdLinted *linted, const PartitionCmd *command)
{
	if (!command->concurrent && sd_lint_is_large(linted))
		sd_lint_add(linted, "require-concurrent-partition-detach",
					psprintf("detaching a partition of \"%s\", which is large, waits for all who use it, and all others wait for it",
							 linted->table_name),
					"DETACH PARTITION ... CONCURRENTLY, " SD_IN_SCRIPT ".");
}

static void
lint_command(SdLinted *linted, const AlterTableCmd *command)
{
	Assert(OidIsValid(linted->table));
	switch (command->subtype)
	{
		case AT_AddColumn:
			sd_lint_add_column(linted, castNode(ColumnDef, command->def));
			break;
		case AT_AlterColumnType:
			sd_lint_type(linted, command->name, castNode(ColumnDef, command->def));
			break;
		case AT_AddConstraint:
			lint_constraint(linted, castNode(Constraint, command->def), sd_lint_is_large(linted));
			break;
		case AT_ValidateConstraint:
			lint_validate(linted, command->name);
			break;
		case AT_DropConstraint:
			sd_lint_constraint_dropped(linted, command->name);
			break;
		case AT_SetNotNull:
			lint_not_null(linted, command->name, "SET NOT NULL");
			break;
		case AT_DropNotNull:
			sd_lint_add(linted, "ban-drop-not-null",
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
		case AT_AttachPartition:
			if (IsA(command->def, PartitionCmd))
				lint_attach(linted, castNode(PartitionCmd, command->def));
			break;
		case AT_DetachPartition:
			if (IsA(command->def, PartitionCmd))
				lint_detach(linted, castNode(PartitionCmd, command->def));
			break;
		case AT_DropColumn:
			sd_lint_add(linted, "ban-drop-column",
						psprintf("dropping column \"%s\" of table \"%s\" loses its values", command->name, linted->table_name),
						"Undo can bring back the column, not what was in it. Drop it when no program reads it any more.");
			sd_lint_uses(linted, command->name, "dropped");
			break;
		default:
			if (SD_SETS_EXPRESSION(command))
				lint_expression(linted, command->name);
			break;
	}
}

/* Whether readers or writers wait while a command runs. */
static bool
locks_others(const AlterTableCmd *command)
{
	switch (command->subtype)
	{
		case AT_ValidateConstraint:
		case AT_SetStatistics:
		case AT_SetOptions:
		case AT_ResetOptions:
		case AT_SetRelOptions:
		case AT_ResetRelOptions:
		case AT_ClusterOn:
		case AT_DropCluster:
		case AT_AttachPartition:
			return false;
		default:
			return true;
	}
}

/* ALTER TABLE */
void
sd_lint_alter(SdLinted *linted, const AlterTableStmt *alter)
{
	bool		locks = false;
	ListCell   *cell;

	if (alter->objtype != OBJECT_TABLE || !sd_lint_look_at(linted, alter->relation))
		return;
	foreach(cell, alter->cmds)
	{
		const AlterTableCmd *command = lfirst_node(AlterTableCmd, cell);

		lint_command(linted, command);
		locks |= locks_others(command);
	}
	if (locks)
		sd_lint_lock(linted);
}

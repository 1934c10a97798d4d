/*-------------------------------------------------------------------------
 * migrate/linted.h
 *		What the rules of lint share: the statement that is looked at, its table,
 *		and what statements before it have made.
 *
 * Everything belongs to the context in which sd_lint_begin() was called.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MIGRATE_LINTED_H
#define SD_MIGRATE_LINTED_H

#include "migrate/lint.h"
#include "migrate/statements.h"
#include "nodes/parsenodes.h"

#define SD_IN_SCRIPT \
	"in a migration that psql runs with SELECT sql FROM studentdir.migrate_script() \\gexec"

struct SdLinted
{
	const SdSqlStatement *statement;
	Oid			table;			/* the table that it changes; InvalidOid: it is not there */
	const char *table_name;
	bool		in_transaction; /* the statements of the text are one transaction */
	List	   *findings;		/* of SdFinding, of this text */

	/* what the statements before have made, of earlier texts too */
	List	   *made;			/* of MadeTable, see lint_tables.c */
	List	   *checks;			/* of MadeCheck */
	List	   *added;			/* of MadeCheck: constraints that are NOT VALID, in this transaction */
	List	   *locked;			/* OIDs of large tables that others wait for, in this transaction */
	List	   *defined;		/* names of models that this text defines or forgets */
	List	   *gained;			/* names of columns and tables that it makes or gives */
};

/* lint_finding.c */
extern void sd_lint_add(SdLinted *linted, const char *rule, const char *message, const char *hint);
extern void sd_lint_lock(SdLinted *linted);

/* lint_tables.c */
extern bool sd_lint_look_at(SdLinted *linted, const RangeVar *name);
extern bool sd_lint_is_large(const SdLinted *linted);
extern bool sd_lint_is_large_table(Oid relid);
extern void sd_lint_made(SdLinted *linted, const RangeVar *name);
extern void sd_lint_renamed(SdLinted *linted, const char *name);
extern void sd_lint_constraint_added(SdLinted *linted, const Constraint *constraint);
extern void sd_lint_constraint_validated(SdLinted *linted, const char *name);
extern void sd_lint_constraint_dropped(SdLinted *linted, const char *name);
extern bool sd_lint_is_added(const SdLinted *linted, const char *name);
extern bool sd_lint_holds_no_null(const SdLinted *linted, const char *column);
extern bool sd_lint_is_bounded(const SdLinted *linted, Oid relid, Oid parent);

/* lint_alter.c */
extern void sd_lint_alter(SdLinted *linted, const AlterTableStmt *alter);

/* lint_columns.c */
extern void sd_lint_add_column(SdLinted *linted, const ColumnDef *column);
extern void sd_lint_type(SdLinted *linted, const char *name, const ColumnDef *column);

/* lint_uses.c */
extern void sd_lint_uses(SdLinted *linted, const char *column, const char *what);
extern void sd_lint_gains(SdLinted *linted, const Node *tree);
extern void sd_lint_defines(SdLinted *linted, const SelectStmt *select);

#endif							/* SD_MIGRATE_LINTED_H */

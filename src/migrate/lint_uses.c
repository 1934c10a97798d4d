/*-------------------------------------------------------------------------
 * migrate/lint_uses.c
 *		Whether models use what a migration takes away or gives another name.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/command.h"
#include "lib/stringinfo.h"
#include "migrate/linted.h"
#include "utils/lsyscache.h"

static bool
is_among(List *names, const char *name)
{
	ListCell   *cell;

	foreach(cell, names)
	{
		if (strcmp(lfirst(cell), name) == 0)
			return true;
	}
	return false;
}

/* Notes the names of columns and tables that a statement of the text makes or gives, wherever it stands. */
void
sd_lint_gains(SdLinted *linted, const Node *tree)
{
	ListCell   *cell;

	if (IsA(tree, CreateStmt))
		linted->gained = lappend(linted->gained, ((const CreateStmt *) tree)->relation->relname);
	if (IsA(tree, RenameStmt))
		linted->gained = lappend(linted->gained, ((const RenameStmt *) tree)->newname);
	if (!IsA(tree, AlterTableStmt))
		return;
	foreach(cell, ((const AlterTableStmt *) tree)->cmds)
	{
		const AlterTableCmd *command = lfirst_node(AlterTableCmd, cell);

		if (command->subtype == AT_AddColumn)
			linted->gained = lappend(linted->gained, castNode(ColumnDef, command->def)->colname);
	}
}

/* Notes the model of a call such as SELECT studentdir.define('Book', ...). */
void
sd_lint_defines(SdLinted *linted, const SelectStmt *select)
{
	ListCell   *cell;

	foreach(cell, select->targetList)
	{
		const Node *value = lfirst_node(ResTarget, cell)->val;
		const FuncCall *call;
		A_Const    *model;
		const char *name;

		/* define(...) IS NOT NULL, which shows no more than it has to */
		if (IsA(value, NullTest))
			value = (const Node *) ((const NullTest *) value)->arg;
		call = (const FuncCall *) value;
		if (!IsA(value, FuncCall) || call->args == NIL || !IsA(linitial(call->args), A_Const))
			continue;
		name = strVal(llast(call->funcname));
		model = linitial_node(A_Const, call->args);
		if ((strcmp(name, "define") == 0 || strcmp(name, "undefine") == 0) && !model->isnull &&
			IsA(&model->val, String))
			linted->defined = lappend(linted->defined, strVal(&model->val));
	}
}

/* The models over a table; those with an attribute for a column, where one is given, and what else uses that. */
static SdRows *
find_uses(const SdLinted *linted, const char *column)
{
	SdArg		args[3];

	Assert(OidIsValid(linted->table));
	args[0] = sd_text_arg(get_namespace_name(get_rel_namespace(linted->table)));
	args[1] = sd_text_arg(get_rel_name(linted->table));
	args[2] = sd_text_arg(column);
	return sd_query("SELECT m.name, a.name,"
					" (SELECT pg_catalog.string_agg(pg_catalog.concat(s.model, '.', s.alias), ', ' ORDER BY s.model, s.alias)"
					"  FROM studentdir.association s"
					"  WHERE (s.model OPERATOR(pg_catalog.=) m.name AND a.name OPERATOR(pg_catalog.=) ANY (s.source_key))"
					"  OR (s.target OPERATOR(pg_catalog.=) m.name AND a.name OPERATOR(pg_catalog.=) ANY (s.target_key))"
					"  OR (s.through OPERATOR(pg_catalog.=) m.name"
					"   AND (a.name OPERATOR(pg_catalog.=) ANY (s.foreign_key) OR a.name OPERATOR(pg_catalog.=) ANY (s.other_key)))),"
					" pg_catalog.jsonb_path_exists(m.options,"
					"  '$.** ? (@.type() == \"object\").keyvalue() ? (@.key == $a)',"
					"  pg_catalog.jsonb_build_object('a', a.name), true)"
					" FROM studentdir.model m,"
					" LATERAL (SELECT pg_catalog.jsonb_path_query_first(m.attributes, '$[*] ? (@.field == $f).name',"
					"  pg_catalog.jsonb_build_object('f', $3), true) OPERATOR(pg_catalog.#>>) '{}') AS a (name)"
					" WHERE m.schema_name OPERATOR(pg_catalog.=) $1 AND m.table_name OPERATOR(pg_catalog.=) $2"
					" AND ($3 IS NULL OR a.name IS NOT NULL) ORDER BY m.name",
					args, lengthof(args), InvalidSnapshot);
}

/*
 * Says which models use the table that is looked at, or its column, where one is
 * given; what is done to it, as a participle.
 */
void
sd_lint_uses(SdLinted *linted, const char *column, const char *what)
{
	const char *name = column != NULL ? column : get_rel_name(linted->table);
	SdRows	   *rows;

	/* the table has gone meanwhile, or another one takes its place */
	if (name == NULL || is_among(linted->gained, name))
		return;
	rows = find_uses(linted, column);
	for (int i = 0; i < rows->nrows; i++)
	{
		const char *model = sd_rows_text(rows, i, 0);
		StringInfoData words;

		if (is_among(linted->defined, model))
			continue;
		initStringInfo(&words);
		if (column == NULL)
			appendStringInfo(&words, "table \"%s\", which is %s, is that of model \"%s\"",
							 linted->table_name, what, model);
		else
			appendStringInfo(&words, "column \"%s\" of \"%s\", which is %s, is attribute \"%s\" of model \"%s\"",
							 column, linted->table_name, what, sd_rows_text(rows, i, 1), model);
		if (column != NULL && !SD_ISNULL(rows, i, 2))
			appendStringInfo(&words, ", a key of %s", sd_rows_text(rows, i, 2));
		if (column != NULL && DatumGetBool(SD_VALUE(rows, i, 3)))
			appendStringInfoString(&words, ", and named in its options");
		sd_lint_add(linted, "used-by-model", words.data,
					"Define the model anew, or undefine it, in the same migration before this statement.");
	}
}

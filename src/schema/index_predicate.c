/*-------------------------------------------------------------------------
 * schema/index_predicate.c
 *		The condition of a partial index in the words of PostgreSQL.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/table.h"
#include "nodes/nodeFuncs.h"
#include "nodes/value.h"
#include "parser/parse_coerce.h"
#include "parser/parse_collate.h"
#include "parser/parse_expr.h"
#include "parser/parse_node.h"
#include "parser/parse_relation.h"
#include "parser/parser.h"
#include "schema/index.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/ruleutils.h"

/* The name that a column has now which the condition calls by the one that it is to have. */
static bool
name_as_it_is(Node *node, void *context)
{
	const SdTable *actual = context;
	ColumnRef  *ref = (ColumnRef *) node;
	const SdColumn *column;

	if (node == NULL)
		return false;
	if (!IsA(node, ColumnRef))
		return raw_expression_tree_walker(node, name_as_it_is, context);
	column = list_length(ref->fields) == 1 && IsA(linitial(ref->fields), String)
		? sd_column_find(actual, strVal(linitial(ref->fields))) : NULL;
	Assert(column == NULL || column->was != NULL);
	if (column != NULL)
		ref->fields = list_make1(makeString(unconstify(char *, column->was)));
	return false;
}

/*
 * A condition over a table that is there, in the words of pg_get_expr(), which
 * are the same for the same condition: with the names that columns have now.  The
 * table has all columns that it names.  Raises 42P01 where it was dropped meanwhile.
 */
char *
sd_predicate_deparsed(const SdTable *actual, const char *predicate)
{
	Relation	rel = try_table_open(actual->relid, AccessShareLock);
	ParseState *pstate = make_parsestate(NULL);
	ParseNamespaceItem *item;
	List	   *raw = raw_parser(predicate, RAW_PARSE_PLPGSQL_EXPR);
	SelectStmt *select = (SelectStmt *) ((RawStmt *) linitial(raw))->stmt;
	Node	   *node;
	char	   *deparsed;

	Assert(list_length(raw) == 1 && list_length(select->targetList) == 1);
	if (rel == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("table %s was dropped meanwhile",
						quote_qualified_identifier(actual->schema, actual->was)),
				 errhint("Run it again.")));
	(void) raw_expression_tree_walker((Node *) select, name_as_it_is, unconstify(SdTable *, actual));
	item = addRangeTableEntryForRelation(pstate, rel, AccessShareLock, NULL, false, true);
	addNSItemToQuery(pstate, item, false, true, true);
	node = transformExpr(pstate, ((ResTarget *) linitial(select->targetList))->val,
						 EXPR_KIND_INDEX_PREDICATE);
	node = coerce_to_boolean(pstate, node, "WHERE");
	assign_expr_collations(pstate, node);
	deparsed = deparse_expression(node, deparse_context_for(RelationGetRelationName(rel),
															actual->relid), false, false);
	free_parsestate(pstate);
	table_close(rel, AccessShareLock);
	return deparsed;
}

/*-------------------------------------------------------------------------
 * schema/index_predicate.c
 *		The condition of a partial index in the words of PostgreSQL.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/table.h"
#include "parser/parse_coerce.h"
#include "parser/parse_collate.h"
#include "parser/parse_expr.h"
#include "parser/parse_node.h"
#include "parser/parse_relation.h"
#include "parser/parser.h"
#include "schema/index.h"
#include "utils/rel.h"
#include "utils/ruleutils.h"

/*
 * A condition over a table that is there, in the words of pg_get_expr(), which
 * are the same for the same condition.  The table has all columns that it names.
 */
char *
sd_predicate_deparsed(const SdTable *actual, const char *predicate)
{
	Relation	rel = table_open(actual->relid, AccessShareLock);
	ParseState *pstate = make_parsestate(NULL);
	ParseNamespaceItem *item;
	List	   *raw = raw_parser(predicate, RAW_PARSE_PLPGSQL_EXPR);
	SelectStmt *select = (SelectStmt *) ((RawStmt *) linitial(raw))->stmt;
	Node	   *node;
	char	   *deparsed;

	item = addRangeTableEntryForRelation(pstate, rel, AccessShareLock, NULL, false, true);
	addNSItemToQuery(pstate, item, false, true, true);
	node = transformExpr(pstate, ((ResTarget *) linitial(select->targetList))->val,
						 EXPR_KIND_INDEX_PREDICATE);
	node = coerce_to_boolean(pstate, node, "WHERE");
	assign_expr_collations(pstate, node);
	deparsed = deparse_expression(node, deparse_context_for(RelationGetRelationName(rel),
															actual->relid), false, false);
	free_parsestate(pstate);
	table_close(rel, NoLock);
	return deparsed;
}

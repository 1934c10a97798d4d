/*-------------------------------------------------------------------------
 * schema/predicate.c
 *		The conditions of partial indexes.
 *
 * A condition of the "where" of queries becomes a statement with parameters,
 * for a table that is there.  This one has to stand in DDL by itself: it knows
 * comparisons of attributes with values, and what joins them.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/table.h"
#include "define/check.h"
#include "nodes/makefuncs.h"
#include "parser/parse_coerce.h"
#include "parser/parse_collate.h"
#include "parser/parse_expr.h"
#include "parser/parse_node.h"
#include "parser/parse_relation.h"
#include "parser/parser.h"
#include "schema/index.h"
#include "schema/literal.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/ruleutils.h"

/* what the attributes of a condition are looked up in */
typedef struct Subject
{
	const SdModelRow *row;
	const SdTable *table;
	List	  **columns;		/* collects the names of those that it is about */
} Subject;

static char *group(const Subject *subject, const JsonbValue *value, const char *joint,
				   const SdPath *path);

static pg_attribute_noreturn() void
unsupported(const Subject *subject, const SdPath *path)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("%s of model \"%s\": the condition of an index cannot say this",
					sd_path_text(path), subject->row->name),
			 errhint("It can compare attributes with values: $eq, $ne, $gt, $gte, $lt, $lte, $in, $notIn, $is, $not, $and, $or.")));
}

/* A value as a literal, which takes the type of the column that it is compared with. */
static char *
literal(const Subject *subject, const SdColumn *column, const JsonbValue *value, const SdPath *path)
{
	SdType		type = {.oid = column->type_oid, .typmod = -1};

	if (value->type == jbvNull)
		unsupported(subject, path);
	return sd_literal_sql(sd_literal_text(&type, value, column->name), column->type_oid);
}

/* column IN (…), or NOT IN. */
static char *
in_list(const Subject *subject, const SdColumn *column, const char *operator,
		const JsonbValue *value, const SdPath *path)
{
	StringInfoData sql;
	SdReader	reader;
	bool		first = true;

	if (!sd_is_array(value) || sd_array_length(value) == 0)
		unsupported(subject, path);
	initStringInfo(&sql);
	appendStringInfo(&sql, "%s %s (", quote_identifier(column->name), operator);
	sd_read(&reader, value, path);
	while (sd_next_element(&reader))
	{
		appendStringInfo(&sql, "%s%s", first ? "" : ", ",
						 literal(subject, column, &reader.value, &reader.path));
		first = false;
	}
	appendStringInfoChar(&sql, ')');
	return sql.data;
}

/* One operator with its value. */
static char *
comparison(const Subject *subject, const SdColumn *column, const char *operator,
		   const JsonbValue *value, const SdPath *path)
{
	static const struct
	{
		const char *name;
		const char *sql;
	}			known[] = {
		{"$eq", "="}, {"$ne", "<>"}, {"$gt", ">"}, {"$gte", ">="}, {"$lt", "<"}, {"$lte", "<="},
		{"$is", "="}, {"$not", "<>"}
	};
	bool		negative = strcmp(operator, "$ne") == 0 || strcmp(operator, "$not") == 0 ||
		strcmp(operator, "$notIn") == 0;

	if (value->type == jbvNull &&
		(negative || strcmp(operator, "$eq") == 0 || strcmp(operator, "$is") == 0))
		return psprintf("%s IS %sNULL", quote_identifier(column->name), negative ? "NOT " : "");
	if (strcmp(operator, "$in") == 0 || strcmp(operator, "$notIn") == 0 || sd_is_array(value))
		return in_list(subject, column, negative ? "NOT IN" : "IN", value, path);
	for (int i = 0; i < lengthof(known); i++)
	{
		if (strcmp(known[i].name, operator) == 0 && value->type != jbvBinary)
			return psprintf("%s %s %s", quote_identifier(column->name), known[i].sql,
							literal(subject, column, value, path));
	}
	unsupported(subject, path);
}

/* What an attribute is compared with. */
static char *
attribute_condition(const Subject *subject, const char *name, const JsonbValue *value,
					const SdPath *path)
{
	List	   *fields = sd_row_fields(subject->row, list_make1(unconstify(char *, name)));
	const SdColumn *column = fields != NIL ? sd_column_find(subject->table, linitial(fields)) : NULL;
	StringInfoData sql;
	SdReader	reader;

	if (column == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("%s: model \"%s\" has no attribute \"%s\" that is kept in a column",
						sd_path_text(path), subject->row->name, name)));
	if (!sd_name_in(*subject->columns, column->name))
		*subject->columns = lappend(*subject->columns, unconstify(char *, column->name));
	if (!sd_is_object(value))
		return comparison(subject, column, "$eq", value, path);
	initStringInfo(&sql);
	sd_read(&reader, value, path);
	while (sd_next_member(&reader))
		appendStringInfo(&sql, "%s%s", sql.len > 0 ? " AND " : "",
						 comparison(subject, column, sd_string(&reader.key), &reader.value, &reader.path));
	if (sql.len == 0)
		unsupported(subject, path);
	return sql.data;
}

/* The conditions of an object or of the elements of an array, joined. */
static char *
group(const Subject *subject, const JsonbValue *value, const char *joint, const SdPath *path)
{
	StringInfoData sql;
	SdReader	reader;

	sd_check_depth(path);
	initStringInfo(&sql);
	sd_read(&reader, value, path);
	if (sd_is_array(value))
	{
		while (sd_next_element(&reader))
			appendStringInfo(&sql, "%s(%s)", sql.len > 0 ? joint : "",
							 group(subject, &reader.value, " AND ", &reader.path));
	}
	else if (sd_is_object(value))
	{
		while (sd_next_member(&reader))
		{
			const char *condition;

			if (sd_key_is(&reader, "$and"))
				condition = group(subject, &reader.value, " AND ", &reader.path);
			else if (sd_key_is(&reader, "$or"))
				condition = group(subject, &reader.value, " OR ", &reader.path);
			else if (sd_key_is(&reader, "$not"))
				condition = psprintf("NOT (%s)", group(subject, &reader.value, " AND ", &reader.path));
			else
				condition = attribute_condition(subject, sd_string(&reader.key), &reader.value,
												&reader.path);
			appendStringInfo(&sql, "%s(%s)", sql.len > 0 ? joint : "", condition);
		}
	}
	if (sql.len == 0)
		unsupported(subject, path);
	return sql.data;
}

/*
 * The condition of an index of a model as SQL over the columns of its table,
 * whose names are added to *columns.  Raises 0A000 for what it cannot say, 42703 for an unknown attribute.
 */
char *
sd_predicate_sql(const SdModelRow *row, const SdTable *table, const JsonbValue *where,
				 List **columns)
{
	static const SdPath path = {.key = "indexes.where", .len = 13};
	Subject		subject = {row, table, columns};

	return group(&subject, where, " AND ", &path);
}

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

/*-------------------------------------------------------------------------
 * plan/deparse.c
 *		Writes the SQL text of a statement.
 *
 * Names come from descriptors, quoted; values are parameters; operators are
 * given with their schema, so that the caller's search_path changes nothing.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "catalog/pg_operator.h"
#include "plan/deparse.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

/* the table's name in every statement */
#define ALIAS	"t"

typedef struct DeparseContext
{
	StringInfo	sql;
	const SdModel *model;
} DeparseContext;

/* Appends a column of the statement's table. */
static void
deparse_column(DeparseContext *context, int attr)
{
	appendStringInfo(context->sql, ALIAS ".%s", context->model->attrs[attr].column);
}

static void
deparse_param(DeparseContext *context, int param)
{
	appendStringInfo(context->sql, "$%d", param + 1);
}

/*
 * Appends OPERATOR(schema.name).  A type's operators are taken from where its
 * default ones stand: citext's are not in pg_catalog.
 */
static void
deparse_operator(DeparseContext *context, Oid type, SdOperator op)
{
	static const char *const names[] = {"=", "<>", "<", "<=", ">", ">="};
	TypeCacheEntry *entry = lookup_type_cache(type, TYPECACHE_EQ_OPR | TYPECACHE_LT_OPR);
	Oid			operator = OidIsValid(entry->eq_opr) ? entry->eq_opr : entry->lt_opr;
	HeapTuple	tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(operator));
	const char *schema = "pg_catalog";

	if (HeapTupleIsValid(tuple))
	{
		schema = get_namespace_name(((Form_pg_operator) GETSTRUCT(tuple))->oprnamespace);
		ReleaseSysCache(tuple);
	}
	appendStringInfo(context->sql, " OPERATOR(%s.%s) ", quote_identifier(schema), names[op]);
}

static void deparse_condition(DeparseContext *context, const SdCondition *condition);

static void
deparse_logic(DeparseContext *context, const SdCondition *condition)
{
	ListCell   *cell;

	foreach(cell, condition->args)
	{
		if (foreach_current_index(cell) > 0)
			appendStringInfoString(context->sql,
								   condition->kind == SD_COND_AND ? " AND " : " OR ");
		appendStringInfoChar(context->sql, '(');
		deparse_condition(context, lfirst(cell));
		appendStringInfoChar(context->sql, ')');
	}
}

static void
deparse_condition(DeparseContext *context, const SdCondition *condition)
{
	StringInfo	sql = context->sql;
	Oid			type = context->model->attrs[condition->attr].type;

	switch (condition->kind)
	{
		case SD_COND_FALSE:
			appendStringInfoString(sql, "false");
			break;
		case SD_COND_AND:
		case SD_COND_OR:
			deparse_logic(context, condition);
			break;
		case SD_COND_NOT:
			appendStringInfoString(sql, "NOT (");
			deparse_condition(context, linitial(condition->args));
			appendStringInfoChar(sql, ')');
			break;
		case SD_COND_COMPARE:
			deparse_column(context, condition->attr);
			deparse_operator(context, type, condition->op);
			deparse_param(context, condition->param);
			break;
		case SD_COND_ANY:
		case SD_COND_ALL:
			deparse_column(context, condition->attr);
			deparse_operator(context, type, condition->op);
			appendStringInfoString(sql, condition->kind == SD_COND_ANY ? "ANY (" : "ALL (");
			deparse_param(context, condition->param);
			appendStringInfoChar(sql, ')');
			break;
		case SD_COND_BETWEEN:
			/* BETWEEN itself would look its operators up in the search_path */
			deparse_column(context, condition->attr);
			deparse_operator(context, type, SD_OP_GE);
			deparse_param(context, condition->param);
			appendStringInfoString(sql, " AND ");
			deparse_column(context, condition->attr);
			deparse_operator(context, type, SD_OP_LE);
			deparse_param(context, condition->param2);
			break;
		case SD_COND_IS_NULL:
			deparse_column(context, condition->attr);
			appendStringInfoString(sql, " IS NULL");
			break;
		case SD_COND_IS_NOT_NULL:
			deparse_column(context, condition->attr);
			appendStringInfoString(sql, " IS NOT NULL");
			break;
		case SD_COND_IS_TRUE:
			deparse_column(context, condition->attr);
			appendStringInfoString(sql, " IS TRUE");
			break;
		case SD_COND_IS_FALSE:
			deparse_column(context, condition->attr);
			appendStringInfoString(sql, " IS FALSE");
			break;
	}
}

static void
deparse_where(DeparseContext *context, const SdQuery *query)
{
	if (query->where == NULL)
		return;
	appendStringInfoString(context->sql, " WHERE ");
	deparse_condition(context, query->where);
}

/*
 * The column of a SELECT, from 0, that holds capture number capture: the
 * parents' key first, where there is one, then the keys of the includes.  An
 * include's key that is an output too is not selected twice.
 */
int
sd_capture_column(const SdQuery *query, int capture)
{
	int			column = query->noutputs;
	int			n = 0;
	ListCell   *cell;

	if (query->parent_key >= 0 && n++ == capture)
		return column;
	if (query->parent_key >= 0)
		column++;
	foreach(cell, query->includes)
	{
		int			key = ((SdInclude *) lfirst(cell))->association->source_key;
		int			output = -1;

		for (int i = 0; i < query->noutputs && output < 0; i++)
		{
			if (query->outputs[i].attr == key)
				output = i;
		}
		if (n++ == capture)
			return output >= 0 ? output : column;
		if (output < 0)
			column++;
	}
	return column;
}

/* The select list, or what RETURNING gives: outputs, then what is captured. */
static void
deparse_outputs(DeparseContext *context, const SdQuery *query)
{
	StringInfo	sql = context->sql;
	const char *separator = " ";
	int			captures = list_length(query->includes) + (query->parent_key >= 0 ? 1 : 0);
	int			column = query->noutputs;

	for (int i = 0; i < query->noutputs; i++)
	{
		appendStringInfoString(sql, separator);
		deparse_column(context, query->outputs[i].attr);
		separator = ", ";
	}
	for (int i = 0; i < captures; i++)
	{
		bool		parent = query->parent_key >= 0 && i == 0;
		int			attr;

		if (sd_capture_column(query, i) != column)
			continue;
		column++;
		appendStringInfoString(sql, separator);
		separator = ", ";
		if (parent)
			attr = query->parent_key;
		else
		{
			SdInclude  *include = list_nth(query->includes, i - (query->parent_key >= 0 ? 1 : 0));

			attr = include->association->source_key;
		}
		deparse_column(context, attr);
		/* matched with the parents' keys in memory, so it has to be of their type */
		if (parent && query->model->attrs[attr].type != query->parent_type)
			appendStringInfo(sql, "::%s",
							 format_type_extended(query->parent_type, -1,
												  FORMAT_TYPE_TYPEMOD_GIVEN |
												  FORMAT_TYPE_FORCE_QUALIFY));
	}
}

static void
deparse_select(DeparseContext *context, const SdQuery *query)
{
	StringInfo	sql = context->sql;

	appendStringInfoString(sql, "SELECT");
	deparse_outputs(context, query);
	appendStringInfo(sql, " FROM %s AS " ALIAS, query->model->relation);
	deparse_where(context, query);
	for (int i = 0; i < query->norders; i++)
	{
		const SdOrder *order = &query->orders[i];

		appendStringInfoString(sql, i == 0 ? " ORDER BY " : ", ");
		deparse_column(context, order->attr);
		if (order->descending)
			appendStringInfoString(sql, " DESC");
		if (order->nulls != SD_NULLS_DEFAULT)
			appendStringInfoString(sql, order->nulls == SD_NULLS_FIRST ? " NULLS FIRST"
								   : " NULLS LAST");
	}
	if (query->limit_param >= 0)
	{
		appendStringInfoString(sql, " LIMIT ");
		deparse_param(context, query->limit_param);
	}
	if (query->offset_param >= 0)
	{
		appendStringInfoString(sql, " OFFSET ");
		deparse_param(context, query->offset_param);
	}
}

static void
deparse_returning(DeparseContext *context, const SdStatement *statement)
{
	if (!statement->returning)
		return;
	appendStringInfoString(context->sql, " RETURNING");
	deparse_outputs(context, statement->query);
}

static void
deparse_insert(DeparseContext *context, const SdStatement *statement)
{
	StringInfo	sql = context->sql;

	appendStringInfo(sql, "INSERT INTO %s AS " ALIAS, context->model->relation);
	if (statement->nassigned == 0 && statement->kind == SD_INSERT)
		appendStringInfoString(sql, " DEFAULT VALUES");
	else
	{
		for (int i = 0; i < statement->nassigned; i++)
			appendStringInfo(sql, "%s%s", i == 0 ? " (" : ", ",
							 context->model->attrs[statement->assigned[i]].column);
		if (statement->nassigned > 0)
			appendStringInfoChar(sql, ')');
		appendStringInfoString(sql, statement->kind == SD_INSERT ? " VALUES (" : " SELECT ");
		for (int i = 0; i < statement->nassigned; i++)
		{
			if (i > 0)
				appendStringInfoString(sql, ", ");
			if (statement->kind == SD_INSERT)
				deparse_param(context, statement->first_param + i);
			else
				appendStringInfo(sql, "r.c%d", i);
		}
		appendStringInfoString(sql, statement->kind == SD_INSERT ? ")" : " FROM " SD_ROWS " AS r");
	}
	deparse_returning(context, statement);
}

static void
deparse_update(DeparseContext *context, const SdStatement *statement)
{
	appendStringInfo(context->sql, "UPDATE %s AS " ALIAS " SET ", context->model->relation);
	for (int i = 0; i < statement->nassigned; i++)
	{
		appendStringInfo(context->sql, "%s%s = ", i == 0 ? "" : ", ",
						 context->model->attrs[statement->assigned[i]].column);
		deparse_param(context, statement->first_param + i);
	}
	deparse_where(context, statement->query);
	deparse_returning(context, statement);
}

/* Appends the SQL text of a statement. */
void
sd_deparse(StringInfo sql, const SdStatement *statement)
{
	DeparseContext context = {.sql = sql, .model = statement->query->model};

	switch (statement->kind)
	{
		case SD_SELECT:
			deparse_select(&context, statement->query);
			break;
		case SD_COUNT:
			appendStringInfo(sql, "SELECT pg_catalog.count(*) FROM %s AS " ALIAS,
							 context.model->relation);
			deparse_where(&context, statement->query);
			break;
		case SD_INSERT:
		case SD_INSERT_ROWS:
			deparse_insert(&context, statement);
			break;
		case SD_UPDATE:
			deparse_update(&context, statement);
			break;
		case SD_DELETE:
			appendStringInfo(sql, "DELETE FROM %s AS " ALIAS, context.model->relation);
			deparse_where(&context, statement->query);
			deparse_returning(&context, statement);
			break;
	}
}

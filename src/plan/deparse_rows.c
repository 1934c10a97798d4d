/*-------------------------------------------------------------------------
 * plan/deparse_rows.c
 *		Writes the rows that a statement writes: an ephemeral relation, or arrays.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "plan/deparse_clause.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/*
 * The type of the elements of an array that holds a column of rows: the column's,
 * unless unnest() would make more or other columns of it; then text.
 */
Oid
sd_row_element(Oid type)
{
	return OidIsValid(get_array_type(type)) && get_typtype(type) != TYPTYPE_COMPOSITE ? type
		: TEXTOID;
}

/* Appends the rows that a statement writes, as r: the ephemeral relation, or arrays side by side. */
void
sd_deparse_rows(const SdDeparse *context, const SdStatement *statement)
{
	StringInfo	sql = context->sql;
	TupleDesc	desc = statement->row_arrays;
	bool		cast = false;

	if (desc == NULL)
	{
		appendStringInfoString(sql, SD_ROWS " AS r");
		return;
	}
	Assert(desc->natts > 0 && statement->first_array + desc->natts <= statement->params.n);
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute column = TupleDescAttr(desc, i);

		appendStringInfo(sql, i == 0 ? "(SELECT a.%s" : ", a.%s", NameStr(column->attname));
		if (sd_row_element(column->atttypid) == column->atttypid)
			continue;
		appendStringInfo(sql, "::%s", format_type_be_qualified(column->atttypid));
		cast = true;
	}
	for (int i = 0; i < desc->natts; i++)
	{
		appendStringInfoString(sql, i == 0 ? " FROM ROWS FROM (pg_catalog.unnest("
							   : ", pg_catalog.unnest(");
		sd_deparse_param(context, statement->first_array + i);
		appendStringInfoChar(sql, ')');
	}
	for (int i = 0; i < desc->natts; i++)
		appendStringInfo(sql, i == 0 ? ") AS a (%s" : ", %s",
						 NameStr(TupleDescAttr(desc, i)->attname));
	/* the names again, since a cast has its type's; OFFSET 0 keeps the casts out of the statement around it */
	for (int i = 0; i < desc->natts; i++)
		appendStringInfo(sql, i > 0 ? ", %s" : cast ? ") OFFSET 0) AS r (%s" : ")) AS r (%s",
						 NameStr(TupleDescAttr(desc, i)->attname));
	appendStringInfoChar(sql, ')');
}

/*
 * Appends the first number of the rows of each key, as r: (SELECT … GROUP BY …).  The
 * key is what the statement matches rows by, k0, k1, …, and n the last of the arrays.
 */
void
sd_deparse_row_numbers(const SdDeparse *context, const SdStatement *statement)
{
	StringInfo	sql = context->sql;
	int			nmatched = statement->nmatched;

	/* the number stands behind the values */
	Assert(statement->row_arrays->natts == statement->nassigned + 1);
	appendStringInfoString(sql, "(SELECT ");
	for (int i = 0; i < nmatched; i++)
		appendStringInfo(sql, "a.k%d, ", i);
	appendStringInfoString(sql, "pg_catalog.min(a.n) FROM ROWS FROM (");
	for (int i = 0; i <= nmatched; i++)
	{
		appendStringInfoString(sql, i == 0 ? "pg_catalog.unnest(" : ", pg_catalog.unnest(");
		sd_deparse_param(context, statement->first_array +
						 (i < nmatched ? statement->matched[i] : statement->nassigned));
		appendStringInfoChar(sql, ')');
	}
	appendStringInfoString(sql, ") AS a (");
	for (int i = 0; i < nmatched; i++)
		appendStringInfo(sql, "k%d, ", i);
	appendStringInfoString(sql, "n) GROUP BY ");
	for (int i = 0; i < nmatched; i++)
		appendStringInfo(sql, i == 0 ? "a.k%d" : ", a.k%d", i);
	appendStringInfoString(sql, ") AS r (");
	for (int i = 0; i < nmatched; i++)
		appendStringInfo(sql, "k%d, ", i);
	appendStringInfoString(sql, "n)");
}

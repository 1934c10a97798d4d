/*-------------------------------------------------------------------------
 * parse/aggregate.c
 *		The query of an aggregate over one attribute.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "convert/value.h"
#include "parse/aggregate.h"
#include "parse/expression.h"
#include "parse/functions.h"
#include "parse/grouping.h"
#include "parse/operation.h"

/*
 * Makes an aggregate over an attribute what a query gives, of all rows or for each
 * group.  Sums and averages of what JavaScript holds exactly are numbers, of other
 * types they are written as strings.
 *
 * Raises 22023 for another function or one that does not take the attribute's
 * type, 42703 for an unknown attribute.
 */
void
sd_set_aggregate(SdQuery *query, const char *function, const char *attribute)
{
	static const char *const functions[] = {"count", "sum", "avg", "min", "max"};
	SdPath		path = SD_KEY_STEP(NULL, "attribute", 9);
	SdScope		scope = {.query = query, .model = query->model};
	SdExpr	   *arg = sd_column_expr(&scope, attribute, strlen(attribute), &path);
	SdExpr	   *expr = palloc0(sizeof(SdExpr));
	SdFunction	found;
	bool		known = false;
	bool		number;

	for (int i = 0; i < lengthof(functions); i++)
		known |= strcmp(function, functions[i]) == 0;
	if (!known)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("fn: there is no aggregate \"%s\"",
						sd_clip(function, strlen(function))),
				 errhint("It is count, sum, avg, min or max.")));
	found = sd_find_function(function, 1, &arg->type, false, false, &path);
	expr->kind = SD_EXPR_FUNCTION;
	expr->type = found.type;
	expr->function = found.name;
	expr->aggregate = true;
	expr->args = list_make1(arg);
	number = strcmp(function, "count") == 0 ||
		((strcmp(function, "sum") == 0 || strcmp(function, "avg") == 0) &&
		 (arg->type == INT2OID || arg->type == INT4OID || arg->type == FLOAT4OID ||
		  arg->type == FLOAT8OID));
	/* floats are written as they are: as a double, 0.3 of type real would be another number */
	if (number && found.type != FLOAT4OID)
		expr = sd_cast_expr(expr, FLOAT8OID);
	sd_show_groups(query, expr, function);
}

/*
 * How many rows each group of a query has, whatever its page is: an array of records
 * with the terms of the group and "count", in the current context.  Raises 22023 for
 * a term that has no name.
 */
const SdQuery *
sd_group_counts(const SdQuery *query)
{
	SdQuery    *counts = palloc(sizeof(SdQuery));
	SdExpr	   *count = palloc0(sizeof(SdExpr));

	Assert(query->group != NIL);
	*counts = *query;
	counts->limit_param = counts->offset_param = -1;
	counts->limit = -1;
	counts->shapes = NULL;
	count->kind = SD_EXPR_FUNCTION;
	count->type = INT8OID;
	count->function = "pg_catalog.count";
	count->aggregate = true;
	count->star = true;
	sd_show_groups(counts, sd_cast_expr(count, FLOAT8OID), "count");
	return counts;
}

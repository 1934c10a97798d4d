/*-------------------------------------------------------------------------
 * parse/symbol.c
 *		PostgreSQL's operators behind SdOperator.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "access/transam.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "nodes/value.h"
#include "parse/symbol.h"
#include "parser/parse_oper.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

/* The operator's name in SQL. */
const char *
sd_operator_symbol(SdOperator op)
{
	static const char *const symbols[] = {
		[SD_OP_EQ] = "=",
		[SD_OP_NE] = "<>",
		[SD_OP_LT] = "<",
		[SD_OP_LE] = "<=",
		[SD_OP_GT] = ">",
		[SD_OP_GE] = ">=",
		[SD_OP_LIKE] = "~~",
		[SD_OP_NOT_LIKE] = "!~~",
		[SD_OP_ILIKE] = "~~*",
		[SD_OP_NOT_ILIKE] = "!~~*",
		[SD_OP_REGEXP] = "~",
		[SD_OP_NOT_REGEXP] = "!~",
		[SD_OP_IREGEXP] = "~*",
		[SD_OP_NOT_IREGEXP] = "!~*",
		[SD_OP_PATTERN_GE] = "~>=~",
		[SD_OP_PATTERN_LT] = "~<~",
		[SD_OP_CONTAINS] = "@>",
		[SD_OP_CONTAINED] = "<@",
		[SD_OP_OVERLAP] = "&&",
		[SD_OP_ADJACENT] = "-|-",
		[SD_OP_STRICT_LEFT] = "<<",
		[SD_OP_STRICT_RIGHT] = ">>",
		[SD_OP_NO_EXTEND_LEFT] = "&>",
		[SD_OP_NO_EXTEND_RIGHT] = "&<",
		[SD_OP_ANY_KEY] = "?|",
		[SD_OP_ALL_KEYS] = "?&",
		[SD_OP_MATCH] = "@@"
	};

	StaticAssertStmt(lengthof(symbols) == SD_OP_MATCH + 1, "every operator has a symbol");
	Assert(op < lengthof(symbols) && symbols[op] != NULL);

	return symbols[op];
}

/*
 * The schema in which a type's operators stand: that of its own equality, as
 * citext's are not in pg_catalog; pg_catalog where it has none.
 */
const char *
sd_operator_schema(Oid type)
{
	TypeCacheEntry *entry = lookup_type_cache(type, TYPECACHE_EQ_OPR);
	HeapTuple	tuple;
	const char *schema = NULL;

	if (entry->eq_opr >= FirstNormalObjectId)
	{
		tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(entry->eq_opr));
		if (HeapTupleIsValid(tuple))
		{
			schema = get_namespace_name(((Form_pg_operator) GETSTRUCT(tuple))->oprnamespace);
			ReleaseSysCache(tuple);
		}
	}
	return schema != NULL ? schema : "pg_catalog";
}

/* Whether left op right can be written for operands of these types, and is a condition. */
bool
sd_operator_exists(Oid left, SdOperator op, Oid right)
{
	List	   *name;
	Operator	operator;
	bool		is_condition;

	if (left == right && op <= SD_OP_GE)
	{
		/* the usual case, and the cheap one */
		bool		equality = op <= SD_OP_NE;
		TypeCacheEntry *entry = lookup_type_cache(left, equality ? TYPECACHE_EQ_OPR
												  : TYPECACHE_LT_OPR);
		Oid			found = equality ? entry->eq_opr : entry->lt_opr;

		if (op == SD_OP_NE && OidIsValid(found))
			found = get_negator(found);
		/* types of extensions may call what they sort by otherwise, as hstore does */
		return OidIsValid(found) &&
			(found < FirstNormalObjectId || equality || strcmp(get_opname(found), "<") == 0);
	}
	name = list_make2(makeString(unconstify(char *, sd_operator_schema(left))),
					  makeString(unconstify(char *, sd_operator_symbol(op))));
	operator = oper(NULL, name, left, right, true, -1);
	if (operator == NULL)
		return false;
	/* "<<" of ranges says how they lie, of integers it shifts */
	is_condition = ((Form_pg_operator) GETSTRUCT(operator))->oprresult == BOOLOID;
	ReleaseSysCache(operator);
	return is_condition;
}

/*-------------------------------------------------------------------------
 * define/predicate.c
 *		The conditions of partial indexes.
 *
 * A condition of the "where" of queries becomes a statement with parameters,
 * for a table that is there.  This one has to stand in DDL by itself: it knows
 * comparisons of attributes with values, and what joins them.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/stratnum.h"
#include "access/transam.h"
#include "catalog/pg_type.h"
#include "convert/reader.h"
#include "convert/value.h"
#include "define/definition_value.h"
#include "define/literal.h"
#include "define/predicate.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/regproc.h"
#include "utils/typcache.h"

/* beside the strategies of a B-tree, which has none for it */
#define NOT_EQUAL	(BTMaxStrategyNumber + 1)

static char *group(SdPredicate *predicate, const JsonbValue *value, const char *joint,
				   const SdPath *path);

static pg_attribute_noreturn() void
unsupported(SdPredicate *predicate, const SdPath *path)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("%s of model \"%s\": the condition of an index cannot say this",
					sd_path_text(path), predicate->model),
			 errhint("It can compare attributes with values: $eq, $ne, $gt, $gte, $lt, $lte, $in, $notIn, $is, $not, $and, $or.")));
}

static bool
is_label(const SdPredicateColumn *subject, const JsonbValue *value)
{
	ListCell   *cell;
	const char *text;

	if (value->type == jbvBinary)
		return false;
	text = sd_scalar_text(value, NULL);
	foreach(cell, subject->labels)
	{
		if (strcmp(text, lfirst(cell)) == 0)
			return true;
	}
	return false;
}

/* A value as a literal, which takes the type of the column that it is compared with. */
static char *
literal(SdPredicate *predicate, const SdPredicateColumn *subject, const JsonbValue *value, const SdPath *path)
{
	SdType		type = {.oid = subject->type, .typmod = -1};

	if (value->type == jbvNull)
		unsupported(predicate, path);
	if (subject->labels != NIL && !is_label(subject, value))
		sd_bad_shape(path, psprintf("a value of the enum of \"%s\"", subject->column));
	return sd_literal_sql(sd_literal_text(&type, value, subject->column), subject->type);
}

/* An operator of a column with its schema: in whatever search_path, it is the one of the column's type. */
static char *
operator_sql(const SdPredicateColumn *subject, const char *name, int strategy)
{
	Oid			type = OidIsValid(subject->type) ? getBaseType(subject->type) : TEXTOID;
	TypeCacheEntry *entry = lookup_type_cache(type, TYPECACHE_EQ_OPR | TYPECACHE_BTREE_OPFAMILY);
	Oid			operator = entry->eq_opr;
	List	   *names;
	List	   *arguments;

	Assert(strategy >= BTLessStrategyNumber && strategy <= NOT_EQUAL);
	if (strategy == NOT_EQUAL)
		operator = get_negator(operator);
	else if (OidIsValid(entry->btree_opf))
		operator = get_opfamily_member(entry->btree_opf, entry->btree_opintype,
									   entry->btree_opintype, strategy);
	if (!OidIsValid(operator) || operator < FirstNormalObjectId)
		return psprintf("OPERATOR(pg_catalog.%s)", name);
	format_operator_parts(operator, &names, &arguments, false);
	Assert(list_length(names) == 2);
	return psprintf("OPERATOR(%s.%s)", quote_identifier(linitial(names)),
					(char *) lsecond(names));
}

/* Is one of the values, or none of them; IN takes no operator with a schema. */
static char *
in_list(SdPredicate *predicate, const SdPredicateColumn *subject, bool negative,
		const JsonbValue *value, const SdPath *path)
{
	StringInfoData sql;
	SdReader	reader;
	char	   *operator = operator_sql(subject, negative ? "<>" : "=",
										negative ? NOT_EQUAL : BTEqualStrategyNumber);
	const char *column = quote_identifier(subject->column);

	if (!sd_is_array(value) || sd_array_length(value) == 0)
		unsupported(predicate, path);
	initStringInfo(&sql);
	sd_read(&reader, value, path);
	while (sd_next_element(&reader))
		appendStringInfo(&sql, "%s%s %s %s", sql.len == 0 ? "" : negative ? " AND " : " OR ",
						 column, operator,
						 literal(predicate, subject, &reader.value, &reader.path));
	return psprintf("(%s)", sql.data);
}

/* Whether values of a type can be compared so; those of json cannot, and points have no order. */
static bool
has_operators(Oid type, const char *operator)
{
	TypeCacheEntry *entry;

	if (!OidIsValid(type))
		return true;
	entry = lookup_type_cache(getBaseType(type), TYPECACHE_EQ_OPR | TYPECACHE_LT_OPR);
	return OidIsValid(strncmp(operator, "$gt", 3) == 0 || strncmp(operator, "$lt", 3) == 0
					  ? entry->lt_opr : entry->eq_opr);
}

/* One operator with its value. */
static char *
comparison(SdPredicate *predicate, const SdPredicateColumn *subject, const char *operator,
		   const JsonbValue *value, const SdPath *path)
{
	static const struct
	{
		const char *name;
		const char *sql;
		int			strategy;
	}			known[] = {
		{"$eq", "=", BTEqualStrategyNumber}, {"$ne", "<>", NOT_EQUAL},
		{"$gt", ">", BTGreaterStrategyNumber}, {"$gte", ">=", BTGreaterEqualStrategyNumber},
		{"$lt", "<", BTLessStrategyNumber}, {"$lte", "<=", BTLessEqualStrategyNumber},
		{"$is", "=", BTEqualStrategyNumber}, {"$not", "<>", NOT_EQUAL}
	};
	bool		negative = strcmp(operator, "$ne") == 0 || strcmp(operator, "$not") == 0 ||
		strcmp(operator, "$notIn") == 0;

	if (value->type == jbvNull &&
		(negative || strcmp(operator, "$eq") == 0 || strcmp(operator, "$is") == 0))
		return psprintf("%s IS %sNULL", quote_identifier(subject->column), negative ? "NOT " : "");
	if (!has_operators(subject->type, operator))
		unsupported(predicate, path);
	if (strcmp(operator, "$in") == 0 || strcmp(operator, "$notIn") == 0 ||
		(sd_is_array(value) && (negative || strcmp(operator, "$eq") == 0)))
		return in_list(predicate, subject, negative, value, path);
	for (int i = 0; i < lengthof(known); i++)
	{
		if (strcmp(known[i].name, operator) == 0 && value->type != jbvBinary)
			return psprintf("%s %s %s", quote_identifier(subject->column),
							operator_sql(subject, known[i].sql, known[i].strategy),
							literal(predicate, subject, value, path));
	}
	unsupported(predicate, path);
}

static bool
is_collected(List *columns, const char *column)
{
	ListCell   *cell;

	foreach(cell, columns)
	{
		if (strcmp(lfirst(cell), column) == 0)
			return true;
	}
	return false;
}

/* What an attribute is compared with. */
static char *
attribute_condition(SdPredicate *predicate, const char *name, const JsonbValue *value,
					const SdPath *path)
{
	SdPredicateColumn subject = {0};
	StringInfoData sql;
	SdReader	reader;

	if (!predicate->find(predicate->source, name, &subject))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("%s: model \"%s\" has no attribute \"%s\" that is kept in a column",
						sd_path_text(path), predicate->model, name)));
	Assert(subject.column != NULL);
	if (!is_collected(predicate->columns, subject.column))
		predicate->columns = lappend(predicate->columns, unconstify(char *, subject.column));
	if (!sd_is_object(value))
		return comparison(predicate, &subject, "$eq", value, path);
	initStringInfo(&sql);
	sd_read(&reader, value, path);
	while (sd_next_member(&reader))
		appendStringInfo(&sql, "%s%s", sql.len > 0 ? " AND " : "",
						 comparison(predicate, &subject, sd_string(&reader.key), &reader.value, &reader.path));
	if (sql.len == 0)
		unsupported(predicate, path);
	return sql.data;
}

/* The conditions of an object or of the elements of an array, joined. */
static char *
group(SdPredicate *predicate, const JsonbValue *value, const char *joint, const SdPath *path)
{
	StringInfoData sql;
	SdReader	reader;

	sd_check_depth(path);
	if (!sd_is_object(value) && !sd_is_array(value))
		unsupported(predicate, path);
	initStringInfo(&sql);
	sd_read(&reader, value, path);
	if (sd_is_array(value))
	{
		while (sd_next_element(&reader))
			appendStringInfo(&sql, "%s(%s)", sql.len > 0 ? joint : "",
							 group(predicate, &reader.value, " AND ", &reader.path));
	}
	else
	{
		while (sd_next_member(&reader))
		{
			const char *condition;

			if (sd_key_is(&reader, "$and"))
				condition = group(predicate, &reader.value, " AND ", &reader.path);
			else if (sd_key_is(&reader, "$or"))
				condition = group(predicate, &reader.value, " OR ", &reader.path);
			else if (sd_key_is(&reader, "$not"))
				condition = psprintf("NOT (%s)", group(predicate, &reader.value, " AND ", &reader.path));
			else
				condition = attribute_condition(predicate, sd_string(&reader.key), &reader.value,
												&reader.path);
			appendStringInfo(&sql, "%s(%s)", sql.len > 0 ? joint : "", condition);
		}
	}
	if (sql.len == 0)
		unsupported(predicate, path);
	return sql.data;
}

/*
 * The condition of an index as SQL over the columns of its table, whose names
 * are collected.  Raises 0A000 for what it cannot say, 42703 for an unknown
 * attribute, and what converting a value raises, with the path.
 */
char *
sd_predicate_sql(SdPredicate *predicate, const JsonbValue *where, const SdPath *path)
{
	Assert(predicate->find != NULL && predicate->columns == NIL);
	return group(predicate, where, " AND ", path);
}

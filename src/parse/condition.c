/*-------------------------------------------------------------------------
 * parse/condition.c
 *		Parses what stands under one name in "where": a value or operators.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "convert/converter.h"
#include "convert/value.h"
#include "parse/binding.h"
#include "parse/condition.h"
#include "parse/subquery.h"
#include "parse/text_condition.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* left op value, where the value may be an expression or quantified */
static SdCondition *
parse_compare(const SdScope *scope, const SdOperand *left, SdOperator op,
			  const JsonbValue *value, const SdPath *path)
{
	SdReader	reader;
	bool		any;

	if (sd_read_quantifier(value, path, &reader, &any))
		return sd_quantified(scope, left, left->expr, op, any, left->expr->type,
							 &reader.value, &reader.path);
	if (sd_is_expr(value))
		return sd_compare_operand(left, op, sd_parse_expr(scope, value, path), path);
	if (value->type == jbvBinary && left->json_attr < 0 && !sd_is_placeholder(value) &&
		!sd_type_reads(left->expr->type, value))
		sd_bad_shape(path, "one value to compare with");
	sd_check_operator(left, op, left->expr->type, path);
	return sd_compare_operand(left, op, sd_bind_operand(scope, left, left->expr->type, value, path), path);
}

/* left IN (list); of an array attribute the list's elements are arrays; an expression may give the list */
static SdCondition *
parse_list(const SdScope *scope, const SdOperand *left, SdOperator op, const JsonbValue *value,
		   const SdPath *path)
{
	if (sd_is_subquery(value))
		return sd_parse_in_query(scope, left, op == SD_OP_NE, value, path);
	if (!sd_is_array(value) && !sd_is_placeholder(value) && !sd_is_expr(value))
		sd_bad_shape(path, sd_is_object(value) ? "an array, an expression that gives one, or a query with \"model\""
					 : "an array");
	if (op == SD_OP_NE && sd_is_array(value) && sd_array_length(value) == 0)
		return NULL;
	return sd_quantified(scope, left, left->expr, op, op == SD_OP_EQ, left->expr->type, value, path);
}

/* left >= low AND left <= high: BETWEEN itself would look its operators up in the search_path */
static SdCondition *
parse_between(const SdScope *scope, const SdOperand *left, bool negated, const JsonbValue *value,
			  const SdPath *path)
{
	SdCondition *bounds[2];
	SdCondition *condition;
	SdReader	reader;

	if (sd_is_placeholder(value))
	{
		for (int i = 0; i < 2; i++)
			bounds[i] = sd_compare_operand(left, i == 0 ? SD_OP_GE : SD_OP_LE,
										   sd_bind_value(scope,
														 i == 0 ? SD_CONVERT_LOWEST : SD_CONVERT_HIGHEST,
														 left->expr->type, left->name, value, path),
										   path);
	}
	else
	{
		if (!sd_is_array(value) || sd_array_length(value) != 2)
			sd_bad_shape(path, "an array of two values, the lowest and the highest");
		sd_read(&reader, value, path);
		for (int i = 0; sd_next_element(&reader); i++)
			bounds[i] = parse_compare(scope, left, i == 0 ? SD_OP_GE : SD_OP_LE, &reader.value,
									  &reader.path);
	}
	condition = sd_and(bounds[0], bounds[1]);
	return negated ? sd_not(condition) : condition;
}

/*
 * left = value, or both are null; never null itself.  IS NOT DISTINCT FROM would
 * look its operator up in the search_path, and use no index.
 */
static SdCondition *
parse_is_same(const SdScope *scope, const SdOperand *left, const JsonbValue *value,
			  const SdPath *path)
{
	SdOperand	right = {.name = left->name, .json_attr = -1};
	SdCondition *same = parse_compare(scope, left, SD_OP_EQ, value, path);

	Assert(same->kind == SD_COND_COMPARE);
	right.expr = same->right;
	same = sd_make_logic(SD_COND_AND, list_make3(same, sd_null_test(left, false),
												 sd_null_test(&right, false)));
	return sd_make_logic(SD_COND_OR, list_make2(same, sd_and(sd_null_test(left, true),
															 sd_null_test(&right, true))));
}

/* left IS NULL, IS TRUE, IS FALSE; never null itself */
static SdCondition *
parse_is(const SdScope *scope, const SdOperand *left, const JsonbValue *value,
		 const SdPath *path)
{
	SdCondition *condition;

	if (value->type == jbvNull)
		return sd_null_test(left, true);
	if (sd_is_placeholder(value))
		return parse_is_same(scope, left, value, path);
	if (value->type != jbvBool)
		sd_bad_shape(path, "null, true or false");
	if (left->json_attr >= 0)
		return sd_and(parse_compare(scope, left, SD_OP_EQ, value, path),
					  sd_null_test(left, false));
	if (left->expr->type != BOOLOID)
		sd_bad_shape(path, psprintf("null, since \"%s\" is not a boolean", left->name));
	condition = sd_make_condition(value->val.boolean ? SD_COND_IS_TRUE : SD_COND_IS_FALSE);
	condition->left = left->expr;
	return condition;
}

/* The range type of the server's own whose bounds are of a type, or InvalidOid. */
static Oid
range_of(Oid type)
{
	switch (type)
	{
		case INT4OID:
			return INT4RANGEOID;
		case INT8OID:
			return INT8RANGEOID;
		case NUMERICOID:
			return NUMRANGEOID;
		case DATEOID:
			return DATERANGEOID;
		case TIMESTAMPOID:
			return TSRANGEOID;
		case TIMESTAMPTZOID:
			return TSTZRANGEOID;
		default:
			return InvalidOid;
	}
}

/* left @@ path, a predicate on what left holds */
static SdCondition *
parse_json_path(const SdScope *scope, const SdOperand *left, const JsonbValue *value,
				const SdPath *path)
{
	if (left->json_attr < 0)
		sd_bad_shape(path, psprintf("a JSON attribute before it, which \"%s\" is not",
									left->name));
	if (value->type != jbvString && !sd_is_placeholder(value))
		sd_bad_shape(path, "a string, a predicate such as $.a > 1");
	return sd_make_compare(left->expr, SD_OP_MATCH,
						   sd_bind_operand(scope, left, JSONPATHOID, value, path));
}

/* left @> value, left <@ value, left && value, and the operators of ranges alone */
static SdCondition *
parse_container(const SdScope *scope, const SdOperand *left, const SdOperatorName *operator,
				const JsonbValue *value, const SdPath *path)
{
	Oid			type = left->expr->type;
	bool		range = type_is_range(type);
	SdReader	reader;
	bool		any;

	if (sd_is_expr(value))
		return sd_compare_operand(left, operator->op, sd_parse_expr(scope, value, path), path);
	if (left->json_attr >= 0 && operator->form == SD_FORM_CONTAINER &&
		operator->op != SD_OP_OVERLAP)
		return sd_make_compare(left->expr, operator->op,
							   sd_bind_operand(scope, left, JSONBOID, value, path));
	if (operator->op == SD_OP_CONTAINED && OidIsValid(range_of(type)))
	{
		if (!sd_is_array(value) && !sd_is_placeholder(value))
			sd_bad_shape(path, "an array of two bounds");
		return sd_compare_operand(left, operator->op,
								  sd_bind_operand(scope, left, range_of(type), value, path), path);
	}
	if (!range && !(operator->form == SD_FORM_CONTAINER && OidIsValid(get_element_type(type))))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: \"%s\" is of type %s, not %s", sd_path_text(path), left->name,
						format_type_be(type),
						operator->form == SD_FORM_RANGE ? "a range" : "an array or a range")));
	if (sd_read_quantifier(value, path, &reader, &any))
		return sd_quantified(scope, left, left->expr, operator->op, any, type, &reader.value,
							 &reader.path);
	if (sd_is_placeholder(value))
		return sd_make_compare(left->expr, operator->op,
							   sd_bind_value(scope, range ? SD_CONVERT_RANGE : SD_CONVERT_VALUE,
											 type, left->name, value, path));
	if (range && operator->op == SD_OP_CONTAINS && value->type != jbvBinary)
	{
		Oid			subtype = get_range_subtype(type);

		return sd_make_compare(left->expr, operator->op,
							   sd_bind_operand(scope, left, subtype, value, path));
	}
	if (!sd_is_array(value))
		sd_bad_shape(path, range ? "an array of two bounds" : "an array");
	return sd_make_compare(left->expr, operator->op, sd_bind_operand(scope, left, type, value, path));
}

/* left ?| keys, left ?& keys */
static SdCondition *
parse_keys(const SdScope *scope, const SdOperand *left, SdOperator op, const JsonbValue *value,
		   const SdPath *path)
{
	if (left->json_attr < 0)
		sd_bad_shape(path, psprintf("a JSON attribute before it, which \"%s\" is not",
									left->name));
	if (!sd_is_array(value) && !sd_is_placeholder(value))
		sd_bad_shape(path, "an array of keys");
	return sd_make_compare(left->expr, op,
						   sd_bind_value(scope, SD_CONVERT_STRINGS, TEXTARRAYOID, left->name,
										 value, path));
}

/* The conditions that the members of {"$op": value, …} make. */
static List *
parse_members(const SdScope *scope, const SdOperand *left, const JsonbValue *value,
			  const SdPath *path)
{
	List	   *args = NIL;
	SdReader	reader;

	sd_check_depth(path);
	if (sd_array_length(value) == 0)
		sd_bad_shape(path, "a value or an operator, not an empty object");
	sd_read(&reader, value, path);
	while (sd_next_member(&reader))
	{
		const SdOperatorName *operator = sd_find_operator(&reader.key);
		SdCondition *arg;

		if (operator != NULL)
			arg = sd_parse_operator(scope, left, operator, &reader.value, &reader.path);
		else if (left->json_attr >= 0 &&
				 !(reader.key.val.string.len > 0 && reader.key.val.string.val[0] == '$'))
		{
			SdOperand	inner = sd_json_operand(scope, left->json_attr,
												lappend(list_copy(left->steps),
														sd_string(&reader.key)),
												&reader.path);

			arg = sd_parse_condition(scope, &inner, &reader.value, &reader.path);
		}
		else
			sd_unknown_operator(&reader.key, &reader.path);
		if (arg != NULL)
			args = lappend(args, arg);
	}
	return args;
}

/* {"$or":[1,{"$gt":9}]} and {"$and":…} under one name */
static SdCondition *
parse_logic(const SdScope *scope, const SdOperand *left, SdConditionKind kind,
			const JsonbValue *value, const SdPath *path)
{
	List	   *args = NIL;

	if (sd_is_array(value))
	{
		SdReader	reader;

		sd_read(&reader, value, path);
		while (sd_next_element(&reader))
		{
			SdCondition *arg = sd_parse_condition(scope, left, &reader.value, &reader.path);

			if (arg != NULL)
				args = lappend(args, arg);
		}
	}
	else if (sd_is_object(value))
		args = parse_members(scope, left, value, path);
	else
		sd_bad_shape(path, "an array of conditions, or an object");
	if (args == NIL)
		return kind == SD_COND_OR ? sd_make_condition(SD_COND_FALSE) : NULL;
	return sd_make_logic(kind, args);
}

/*
 * The condition that {operator: value} makes of an operand; NULL when it is
 * none.  Raises what sd_parse_condition() does.
 */
SdCondition *
sd_parse_operator(const SdScope *scope, const SdOperand *left, const SdOperatorName *operator,
				  const JsonbValue *value, const SdPath *path)
{
	SdForm		form = operator->form;

	if (form == SD_FORM_NOT)
	{
		if (sd_is_object(value) && !sd_is_expr(value) && !sd_is_placeholder(value))
			return sd_not(sd_parse_condition(scope, left, value, path));
		if (value->type == jbvBool && (left->json_attr >= 0 || left->expr->type == BOOLOID))
			return sd_not(parse_is(scope, left, value, path));
		form = sd_is_array(value) ? SD_FORM_LIST : SD_FORM_EQUALITY;
	}
	switch (form)
	{
		case SD_FORM_EQUALITY:
			if (value->type == jbvNull)
				return sd_null_test(left, operator->op == SD_OP_EQ);
			return parse_compare(scope, left, operator->op, value, path);
		case SD_FORM_ORDER:
			return parse_compare(scope, left, operator->op, value, path);
		case SD_FORM_IS:
			if (!operator->negated)
				return parse_is(scope, left, value, path);
			return value->type == jbvNull ? sd_null_test(left, false)
				: sd_not(parse_is(scope, left, value, path));
		case SD_FORM_LIST:
			return parse_list(scope, left, operator->op, value, path);
		case SD_FORM_BETWEEN:
			return parse_between(scope, left, operator->negated, value, path);
		case SD_FORM_PATTERN:
			return sd_parse_pattern(scope, left, operator->op, value, path);
		case SD_FORM_PREFIX:
		case SD_FORM_SUFFIX:
		case SD_FORM_INFIX:
			return sd_parse_literal(scope, left, operator, value, path);
		case SD_FORM_CONTAINER:
		case SD_FORM_RANGE:
			return parse_container(scope, left, operator, value, path);
		case SD_FORM_KEYS:
			return parse_keys(scope, left, operator->op, value, path);
		case SD_FORM_MATCH:
			return sd_parse_match(scope, left, value, path);
		case SD_FORM_JSON_PATH:
			return parse_json_path(scope, left, value, path);
		case SD_FORM_QUANTIFIED:
			return sd_quantified(scope, left, left->expr, operator->op,
								 operator->logic == SD_COND_OR, left->expr->type, value, path);
		case SD_FORM_LOGIC:
			return parse_logic(scope, left, operator->logic, value, path);
		case SD_FORM_NOT:
			break;
	}
	pg_unreachable();
}

/* Whether an object is a value of a type, which is not a JSON one, and not operators. */
bool
sd_is_object_value(Oid type, const JsonbValue *value)
{
	SdReader	reader;

	if (!sd_type_reads(type, value))
		return false;
	sd_read(&reader, value, NULL);
	while (sd_next_member(&reader))
	{
		if (reader.key.val.string.len > 0 && reader.key.val.string.val[0] == '$')
			return false;
	}
	return sd_array_length(value) > 0;
}

/*
 * The condition that a value, or an object of operators, makes of an operand;
 * NULL when it is none.
 *
 * Raises 22023 for a wrong shape, an unknown operator or one that does not go
 * with the operand's type, class 22 for a value that does not convert.
 */
SdCondition *
sd_parse_condition(const SdScope *scope, const SdOperand *left, const JsonbValue *value,
				   const SdPath *path)
{
	List	   *args;

	sd_check_depth(path);
	if (value->type == jbvNull)
		return sd_null_test(left, true);
	if (sd_is_array(value) && !OidIsValid(get_element_type(left->expr->type)))
		return parse_list(scope, left, SD_OP_EQ, value, path);
	if (!sd_is_object(value) || sd_is_expr(value) || sd_is_placeholder(value) ||
		(left->json_attr < 0 && sd_is_object_value(left->expr->type, value)))
		return parse_compare(scope, left, SD_OP_EQ, value, path);
	args = parse_members(scope, left, value, path);
	return args == NIL ? NULL : sd_make_logic(SD_COND_AND, args);
}

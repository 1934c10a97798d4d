/*-------------------------------------------------------------------------
 * parse/comparison.c
 *		What conditions are made of: operands, comparisons, AND, OR, NOT.
 *
 * A NULL condition is none at all, every row; that is different from one that
 * is true for every row, since OR passes over the former.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "json/object_text.h"
#include "parse/binding.h"
#include "parse/comparison.h"
#include "parse/json_steps.h"
#include "parse/symbol.h"
#include "parser/parse_coerce.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* what is expected where values that are not known are compared with JSON by order */
static const char json_has_no_order[] = "an array that is written out: JSON has an order only within each of its types";

SdCondition *
sd_make_condition(SdConditionKind kind)
{
	SdCondition *condition = palloc0(sizeof(SdCondition));

	condition->kind = kind;
	return condition;
}

/* left op right */
SdCondition *
sd_make_compare(SdExpr *left, SdOperator op, SdExpr *right)
{
	SdCondition *condition = sd_make_condition(SD_COND_COMPARE);

	Assert(left != NULL && right != NULL);
	condition->left = left;
	condition->op = op;
	condition->right = right;
	return condition;
}

/* AND or OR of at least one condition */
SdCondition *
sd_make_logic(SdConditionKind kind, List *args)
{
	SdCondition *condition;

	Assert(kind == SD_COND_AND || kind == SD_COND_OR);
	Assert(args != NIL);
	if (list_length(args) == 1)
		return linitial(args);
	condition = sd_make_condition(kind);
	condition->args = args;
	return condition;
}

/* The conjunction of two conditions, either of which may be NULL. */
SdCondition *
sd_and(SdCondition *left, SdCondition *right)
{
	if (left == NULL)
		return right;
	if (right == NULL)
		return left;
	return sd_make_logic(SD_COND_AND, list_make2(left, right));
}

/* NOT of a condition; NOT of nothing is no row. */
SdCondition *
sd_not(SdCondition *condition)
{
	SdCondition *result;

	if (condition == NULL)
		return sd_make_condition(SD_COND_FALSE);
	result = sd_make_condition(SD_COND_NOT);
	result->args = list_make1(condition);
	return result;
}

/* The operand that an attribute is; what names it stands at path, or NULL. */
SdOperand
sd_attribute_operand(const SdScope *scope, int attr, const SdPath *path)
{
	const SdAttribute *attribute = &scope->model->attrs[attr];
	SdOperand	operand = {.name = attribute->name, .json_attr = -1};

	Assert(attr >= 0 && attr < scope->model->nattrs && attribute->column != NULL);
	if (attribute->type == JSONBOID || attribute->type == JSONOID)
		operand.json_attr = attr;
	/* json has no operators: it is compared as jsonb */
	operand.expr = attribute->type == JSONOID ? sd_json_expr(scope, attr, NIL, false, path)
		: sd_attribute_expr(scope->model, attr);
	return operand;
}

/* The operand that is at a path in a json or jsonb attribute. */
SdOperand
sd_json_operand(const SdScope *scope, int attr, List *steps, const SdPath *path)
{
	SdOperand	operand = {
		.name = scope->model->attrs[attr].name,
		.json_attr = attr,
		.steps = steps
	};

	operand.expr = sd_json_expr(scope, attr, steps, false, path);
	return operand;
}

/* Raises 42703, with what to write instead, for User.name where "$User.name$" is meant. */
static void
check_association_name(const SdModel *model, const char *name, int len, const SdPath *path)
{
	const char *dot = memchr(name, '.', len);
	bool		ambiguous;

	Assert(dot != NULL);
	if (sd_find_association(model, name, dot - name, &ambiguous) == NULL)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("%s: model \"%s\" has no attribute \"%s\"", sd_path_text(path), model->name,
					sd_clip(name, len)),
			 errhint("An attribute of an associated record stands between dollar signs: %s.",
					 sd_json_name(psprintf("$%s$", sd_clip(name, len))))));
}

/*
 * The operand that a name in "where" means: an attribute or, after the name of
 * a JSON one and a dot, a path into it.  Raises 42703.
 */
SdOperand
sd_named_operand(const SdScope *scope, const char *name, int len, const SdPath *path)
{
	int			attr = sd_find_column(scope->model, name, len);
	const char *dot = memchr(name, '.', len);

	if (attr < 0 && !scope->having)
	{
		int			json = sd_json_attribute(scope->model, name, len);

		if (json >= 0)
		{
			int			n = scope->model->attrs[json].name_len;

			return sd_json_operand(scope, json, sd_json_keys(name + n, len - n, path), path);
		}
	}
	if (attr < 0 && dot != NULL)
		check_association_name(scope->model, name, len, path);
	if (attr < 0 || scope->having)
	{
		SdOperand	operand = {.json_attr = -1, .name = pnstrdup(name, len)};

		operand.expr = sd_column_expr(scope, name, len, path);
		return operand;
	}
	return sd_attribute_operand(scope, attr, path);
}

/* The operand as text: of JSON the text of a string or the JSON itself. */
SdExpr *
sd_operand_text(const SdScope *scope, const SdOperand *left, const SdPath *path)
{
	if (left->json_attr >= 0)
		return sd_json_expr(scope, left->json_attr, left->steps, true, path);
	if (TypeCategory(left->expr->type) != TYPCATEGORY_STRING)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: \"%s\" is of type %s, not a text", sd_path_text(path), left->name,
						format_type_be(left->expr->type))));
	return left->expr;
}

/* Raises 22023 when values of the types cannot be compared in this way. */
void
sd_check_operator(const SdOperand *left, SdOperator op, Oid right, const SdPath *path)
{
	if (!sd_operator_exists(left->expr->type, op, right))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 left->expr->type == right
				 ? errmsg("%s: \"%s\" is of type %s, whose values cannot be compared in this way",
						  sd_path_text(path), left->name, format_type_be(left->expr->type))
				 : errmsg("%s: \"%s\" is of type %s and cannot be compared with a value of type %s",
						  sd_path_text(path), left->name, format_type_be(left->expr->type),
						  format_type_be(right))));
}

/* Binds a value that is not null, converted to a type. */
SdExpr *
sd_bind_operand(const SdScope *scope, const SdOperand *left, Oid type, const JsonbValue *value,
	 const SdPath *path)
{
	if (value->type == jbvNull)
		sd_bad_shape(path, "a value that is not null");
	if (type == RECORDARRAYOID)
		sd_bad_shape(path, "an expression: no value is a list of arrays");
	return sd_bind_value(scope, SD_CONVERT_VALUE, type, left->name, value, path);
}

SdCondition *
sd_null_test(const SdOperand *left, bool is_null)
{
	SdCondition *condition = sd_make_condition(is_null ? SD_COND_IS_NULL
											   : SD_COND_IS_NOT_NULL);

	condition->left = left->expr;
	return condition;
}

/* Whether one of two types is a timestamp with a time zone, and the other one without. */
static bool
is_other_timestamp(Oid left, Oid right)
{
	return left != right && (left == TIMESTAMPOID || left == TIMESTAMPTZOID) &&
		(right == TIMESTAMPOID || right == TIMESTAMPTZOID);
}

static bool
is_order(SdOperator op)
{
	return op == SD_OP_LT || op == SD_OP_LE || op == SD_OP_GT || op == SD_OP_GE;
}

/* The right operand of a timestamp: one of the other kind is converted, where one without zone is UTC. */
static SdExpr *
as_utc(Oid left, SdExpr *right)
{
	SdExpr	   *cast;

	if (!is_other_timestamp(left, right->type))
		return right;
	cast = palloc0(sizeof(SdExpr));
	cast->kind = SD_EXPR_CAST;
	cast->type = left;
	cast->aggregate = right->aggregate;
	cast->window = right->window;
	cast->args = list_make1(right);
	return cast;
}

/*
 * left op right, with the rule of JSON on a JSON operand: order is defined only
 * between values of one JSON type.  A JSON null is null (plan/deparse_expr.c).
 */
SdCondition *
sd_compare_operand(const SdOperand *left, SdOperator op, SdExpr *right, const SdPath *path)
{
	SdCondition *condition;

	sd_check_operator(left, op, right->type, path);
	condition = sd_make_compare(left->expr, op, as_utc(left->expr->type, right));
	if (left->json_attr >= 0 && is_order(op))
	{
		SdCondition *same = sd_make_condition(SD_COND_SAME_JSON_TYPE);

		same->left = left->expr;
		same->right = right;
		return sd_and(same, condition);
	}
	return condition;
}

/* What the right side of an operator is converted to, an array of values with list. */
static SdConversion
conversion_for(SdOperator op, bool list)
{
	switch (op)
	{
		case SD_OP_LIKE:
		case SD_OP_NOT_LIKE:
		case SD_OP_ILIKE:
		case SD_OP_NOT_ILIKE:
			return list ? SD_CONVERT_LIKES : SD_CONVERT_LIKE;
		case SD_OP_REGEXP:
		case SD_OP_NOT_REGEXP:
		case SD_OP_IREGEXP:
		case SD_OP_NOT_IREGEXP:
			return list ? SD_CONVERT_REGEXPS : SD_CONVERT_REGEXP;
		default:
			return list ? SD_CONVERT_LIST : SD_CONVERT_VALUE;
	}
}

/* left op a OR left op b …, or AND, where the values cannot be the elements of one array */
static SdCondition *
compare_each(const SdScope *scope, const SdOperand *left, SdOperator op, bool any,
			 Oid element, const JsonbValue *values, const SdPath *path)
{
	List	   *args = NIL;
	SdCondition *none;
	SdReader	reader;

	if (!sd_is_array(values))
		sd_bad_shape(path, "an array");
	sd_read(&reader, values, path);
	while (sd_next_element(&reader))
	{
		bool		text = reader.value.type == jbvString || sd_is_placeholder(&reader.value);
		SdExpr	   *right = sd_is_expr(&reader.value)
			? sd_parse_expr(scope, &reader.value, &reader.path)
			: sd_bind_value(scope, text ? conversion_for(op, false) : SD_CONVERT_VALUE, element,
							left->name, &reader.value, &reader.path);

		args = lappend(args, sd_compare_operand(left, op, right, &reader.path));
	}
	if (args != NIL)
		return sd_make_logic(any ? SD_COND_OR : SD_COND_AND, args);
	none = sd_make_condition(SD_COND_FALSE);
	return any ? none : sd_not(none);
}

/* Whether an element of an array is anything but a plain value. */
static bool
has_expr(const JsonbValue *array, const SdPath *path)
{
	SdReader	reader;

	if (!sd_is_array(array))
		return false;
	sd_read(&reader, array, path);
	while (sd_next_element(&reader))
	{
		if (sd_is_expr(&reader.value) || sd_is_placeholder(&reader.value))
			return true;
	}
	return false;
}

/*
 * left op ANY (array) or left op ALL (array), where an expression gives the array: a
 * null in it, or in its place, is what it is in SQL.
 */
static SdCondition *
compare_array(const SdScope *scope, const SdOperand *left, SdOperator op, bool any,
			  const JsonbValue *value, const SdPath *path)
{
	SdCondition *condition = sd_make_condition(any ? SD_COND_ANY : SD_COND_ALL);
	SdExpr	   *array = sd_parse_expr(scope, value, path);
	Oid			element = get_base_element_type(array->type);

	if (!OidIsValid(element))
		sd_bad_shape(path, psprintf("an array, which a value of type %s is not",
									format_type_be(array->type)));
	/* how a list of arrays is made: there are no arrays of arrays */
	if (array->type == RECORDARRAYOID)
		sd_bad_shape(path, "a list of single values: the elements of this one are arrays");
	sd_check_operator(left, op, element, path);
	if (left->json_attr >= 0 && is_order(op))
		sd_bad_shape(path, json_has_no_order);
	if (is_other_timestamp(left->expr->type, element))
		sd_bad_shape(path, psprintf("an array of values of type %s, not %s",
									format_type_be(left->expr->type), format_type_be(element)));
	condition->left = left->expr;
	condition->op = op;
	condition->right = array;
	return condition;
}

/*
 * left op ANY (values) or left op ALL (values); values is an array, which may
 * stand under "$values" as Sequelize has it, or an expression that gives one.  expr is
 * the left side, which may be left as text; element is the type of a value that is given.
 */
SdCondition *
sd_quantified(const SdScope *scope, const SdOperand *left, SdExpr *expr, SdOperator op,
			  bool any, Oid element, const JsonbValue *values, const SdPath *path)
{
	SdOperand	operand = *left;
	SdCondition *condition;
	Oid			array;
	SdReader	reader;

	sd_check_depth(path);
	if (sd_is_object(values) && sd_array_length(values) == 1)
	{
		sd_read(&reader, values, path);
		sd_next_member(&reader);
		if (sd_key_is(&reader, "$values"))
			return sd_quantified(scope, left, expr, op, any, element, &reader.value, &reader.path);
	}
	operand.expr = expr;
	if (sd_is_expr(values))
		return compare_array(scope, &operand, op, any, values, path);
	if (!sd_is_array(values) && !sd_is_placeholder(values))
		sd_bad_shape(path, "an array");
	sd_check_operator(&operand, op, element, path);
	array = OidIsValid(get_element_type(element)) ? InvalidOid : get_array_type(element);
	if (OidIsValid(get_element_type(element)) || has_expr(values, path) ||
		(left->json_attr >= 0 && is_order(op) && sd_is_array(values)))
		return compare_each(scope, &operand, op, any, element, values, path);
	if (left->json_attr >= 0 && is_order(op))
		sd_bad_shape(path, json_has_no_order);
	if (!OidIsValid(array))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: values of \"%s\", of type %s, cannot be compared with a list",
						sd_path_text(path), left->name, format_type_be(element))));
	condition = sd_make_condition(any ? SD_COND_ANY : SD_COND_ALL);
	condition->left = expr;
	condition->op = op;
	condition->right = sd_bind_value(scope, conversion_for(op, true), element, left->name, values,
									 path);
	return condition;
}

/* {"$any": […]} or {"$all": […]} as the argument of an operator; NULL when it is neither. */
const SdReader *
sd_read_quantifier(const JsonbValue *value, const SdPath *path, SdReader *reader, bool *any)
{
	if (!sd_is_object(value) || sd_array_length(value) != 1)
		return NULL;
	sd_read(reader, value, path);
	sd_next_member(reader);
	*any = sd_key_is(reader, "$any");
	return *any || sd_key_is(reader, "$all") ? reader : NULL;
}

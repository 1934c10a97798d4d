/*-------------------------------------------------------------------------
 * parse/condition.c
 *		Parses what stands under one name in "where": a value or operators.
 *
 * A NULL condition is none at all, every row; that is different from one that
 * is true for every row, since writers refuse the former.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "parse/binding.h"
#include "parse/condition.h"
#include "parse/converter.h"
#include "parse/json_steps.h"
#include "parse/like_pattern.h"
#include "parse/value.h"
#include "parser/parse_oper.h"
#include "parser/parse_type.h"
#include "parse/symbol.h"
#include "parser/parse_coerce.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

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

/* The operand that an attribute is. */
SdOperand
sd_attribute_operand(const SdScope *scope, int attr)
{
	const SdAttribute *attribute = &scope->model->attrs[attr];
	SdOperand	operand = {.name = attribute->name, .json_attr = -1};

	if (attribute->type == JSONBOID || attribute->type == JSONOID)
		operand.json_attr = attr;
	/* json has no operators: it is compared as jsonb */
	operand.expr = attribute->type == JSONOID ? sd_json_expr(scope, attr, NIL, false)
		: sd_attribute_expr(scope->model, attr);
	return operand;
}

/* The operand that is at a path in a json or jsonb attribute. */
SdOperand
sd_json_operand(const SdScope *scope, int attr, List *steps)
{
	SdOperand	operand = {
		.name = scope->model->attrs[attr].name,
		.json_attr = attr,
		.steps = steps
	};

	operand.expr = sd_json_expr(scope, attr, steps, false);
	return operand;
}

/* Raises 42703, with what to write instead, for User.name where "$User.name$" is meant. */
static void
check_association_name(const SdModel *model, const char *name, int len, const SdPath *path)
{
	const char *dot = memchr(name, '.', len);
	bool		ambiguous;

	if (sd_find_association(model, name, dot - name, &ambiguous) == NULL)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("%s: model \"%s\" has no attribute \"%s\"", sd_path_text(path), model->name,
					sd_clip(name, len)),
			 errhint("An attribute of an associated record stands between dollar signs: \"$%s$\".",
					 sd_clip(name, len))));
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

			return sd_json_operand(scope, json, sd_json_keys(name + n, len - n, path));
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
	return sd_attribute_operand(scope, attr);
}

/* The operand as text: of JSON the text of a string or the JSON itself. */
static SdExpr *
text_of(const SdScope *scope, const SdOperand *left, const SdPath *path)
{
	if (left->json_attr >= 0)
		return sd_json_expr(scope, left->json_attr, left->steps, true);
	if (TypeCategory(left->expr->type) != TYPCATEGORY_STRING)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: \"%s\" is of type %s, not a text", sd_path_text(path), left->name,
						format_type_be(left->expr->type))));
	return left->expr;
}

/* Raises 22023 when values of the types cannot be compared in this way. */
static void
check_operator(const SdOperand *left, SdOperator op, Oid right, const SdPath *path)
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
static SdExpr *
bind(const SdScope *scope, const SdOperand *left, Oid type, const JsonbValue *value,
	 const SdPath *path)
{
	if (value->type == jbvNull)
		sd_bad_shape(path, "a value that is not null");
	return sd_bind_value(scope, SD_CONVERT_VALUE, type, left->name, value, path);
}

static SdCondition *
make_null_test(const SdOperand *left, bool is_null)
{
	SdCondition *condition = sd_make_condition(is_null ? SD_COND_IS_NULL
											   : SD_COND_IS_NOT_NULL);

	condition->left = left->expr;
	return condition;
}

/* The right operand of a timestamp: one of the other kind is converted, where one without zone is UTC. */
static SdExpr *
as_utc(Oid left, SdExpr *right)
{
	SdExpr	   *cast;

	if (left == right->type || (left != TIMESTAMPOID && left != TIMESTAMPTZOID) ||
		(right->type != TIMESTAMPOID && right->type != TIMESTAMPTZOID))
		return right;
	cast = palloc0(sizeof(SdExpr));
	cast->kind = SD_EXPR_CAST;
	cast->type = left;
	cast->aggregate = right->aggregate;
	cast->args = list_make1(right);
	return cast;
}

/*
 * left op right, with the rules of JSON on a JSON operand: a JSON null is
 * null, and order is defined only between values of one JSON type.
 */
static SdCondition *
make_compare(const SdOperand *left, SdOperator op, SdExpr *right, const SdPath *path)
{
	SdCondition *condition;

	check_operator(left, op, right->type, path);
	condition = sd_make_compare(left->expr, op, as_utc(left->expr->type, right));
	if (left->json_attr < 0 || op == SD_OP_EQ)
		return condition;
	if (op == SD_OP_NE)
		return sd_and(condition, make_null_test(left, false));
	if (op == SD_OP_LT || op == SD_OP_LE || op == SD_OP_GT || op == SD_OP_GE)
	{
		SdCondition *same = sd_make_condition(SD_COND_SAME_JSON_TYPE);

		same->left = left->expr;
		same->right = right;
		return sd_and(same, condition);
	}
	return condition;
}

/* left op ANY (values) or left op ALL (values) */
static SdCondition *
make_quantified(const SdScope *scope, const SdOperand *left, SdExpr *expr, SdOperator op,
				bool any, Oid element, const JsonbValue *values, const SdPath *path)
{
	SdCondition *condition = sd_make_condition(any ? SD_COND_ANY : SD_COND_ALL);
	Oid			array = OidIsValid(get_element_type(element)) ? InvalidOid
		: get_array_type(element);

	if (!sd_is_array(values) && !sd_is_placeholder(values))
		sd_bad_shape(path, "an array");
	if (!OidIsValid(array))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: values of \"%s\", of type %s, cannot be compared with a list",
						sd_path_text(path), left->name, format_type_be(element))));
	condition->left = expr;
	condition->op = op;
	condition->right = sd_bind_value(scope, SD_CONVERT_LIST, element, left->name, values, path);
	return condition;
}

/* {"$any": […]} or {"$all": […]} as the argument of an operator; NULL when it is neither. */
static const SdReader *
read_quantifier(const JsonbValue *value, const SdPath *path, SdReader *reader, bool *any)
{
	if (!sd_is_object(value) || sd_array_length(value) != 1)
		return NULL;
	sd_read(reader, value, path);
	sd_next_member(reader);
	*any = sd_key_is(reader, "$any");
	return *any || sd_key_is(reader, "$all") ? reader : NULL;
}

/* left op value, where the value may be an expression or quantified */
static SdCondition *
parse_compare(const SdScope *scope, const SdOperand *left, SdOperator op,
			  const JsonbValue *value, const SdPath *path)
{
	SdReader	reader;
	bool		any;

	if (read_quantifier(value, path, &reader, &any))
	{
		check_operator(left, op, left->expr->type, path);
		return make_quantified(scope, left, left->expr, op, any, left->expr->type,
							   &reader.value, &reader.path);
	}
	if (sd_is_expr(value))
		return make_compare(left, op, sd_parse_expr(scope, value, path), path);
	if (value->type == jbvBinary && left->json_attr < 0 && !sd_is_placeholder(value) &&
		!sd_type_reads(left->expr->type, value))
		sd_bad_shape(path, "one value to compare with");
	check_operator(left, op, left->expr->type, path);
	return make_compare(left, op, bind(scope, left, left->expr->type, value, path), path);
}

/* Whether an element of an array is anything but a plain value. */
static bool
has_expr(const JsonbValue *array, const SdPath *path)
{
	SdReader	reader;

	sd_read(&reader, array, path);
	while (sd_next_element(&reader))
	{
		if (sd_is_expr(&reader.value) || sd_is_placeholder(&reader.value))
			return true;
	}
	return false;
}

/* left = a OR left = b …, where the values cannot be one array */
static SdCondition *
parse_each(const SdScope *scope, const SdOperand *left, const JsonbValue *values,
		   const SdPath *path)
{
	List	   *args = NIL;
	SdReader	reader;

	sd_read(&reader, values, path);
	while (sd_next_element(&reader))
		args = lappend(args, parse_compare(scope, left, SD_OP_EQ, &reader.value, &reader.path));
	return args == NIL ? sd_make_condition(SD_COND_FALSE) : sd_make_logic(SD_COND_OR, args);
}

/* left IN (list); of an array attribute the list's elements are arrays */
static SdCondition *
parse_list(const SdScope *scope, const SdOperand *left, SdOperator op, const JsonbValue *value,
		   const SdPath *path)
{
	Oid			type = left->expr->type;
	SdCondition *condition;

	if (!sd_is_array(value) && !sd_is_placeholder(value))
		sd_bad_shape(path, "an array");
	check_operator(left, op, type, path);
	if (sd_is_array(value))
	{
		if (op == SD_OP_NE && sd_array_length(value) == 0)
			return NULL;
		if (OidIsValid(get_element_type(type)) || has_expr(value, path))
		{
			condition = parse_each(scope, left, value, path);
			return op == SD_OP_NE ? sd_not(condition) : condition;
		}
	}
	condition = make_quantified(scope, left, left->expr, op, op == SD_OP_EQ, type, value, path);
	if (op == SD_OP_NE && left->json_attr >= 0)
		return sd_and(condition, make_null_test(left, false));
	return condition;
}

/* left >= low AND left <= high: BETWEEN itself would look its operators up in the search_path */
static SdCondition *
parse_between(const SdScope *scope, const SdOperand *left, bool negated, const JsonbValue *value,
			  const SdPath *path)
{
	SdCondition *bounds[2];
	SdCondition *condition;
	SdReader	reader;

	if (!sd_is_array(value) || sd_array_length(value) != 2)
		sd_bad_shape(path, "an array of two values, the lowest and the highest");
	sd_read(&reader, value, path);
	for (int i = 0; sd_next_element(&reader); i++)
		bounds[i] = parse_compare(scope, left, i == 0 ? SD_OP_GE : SD_OP_LE, &reader.value,
								  &reader.path);
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

	right.expr = same->right;
	same = sd_make_logic(SD_COND_AND, list_make3(same, make_null_test(left, false),
												 make_null_test(&right, false)));
	return sd_make_logic(SD_COND_OR, list_make2(same, sd_and(make_null_test(left, true),
															 make_null_test(&right, true))));
}

/* left IS NULL, IS TRUE, IS FALSE */
static SdCondition *
parse_is(const SdScope *scope, const SdOperand *left, const JsonbValue *value,
		 const SdPath *path)
{
	SdCondition *condition;

	if (value->type == jbvNull)
		return make_null_test(left, true);
	if (sd_is_placeholder(value))
		return parse_is_same(scope, left, value, path);
	if (value->type != jbvBool)
		sd_bad_shape(path, "null, true or false");
	if (left->json_attr >= 0)
		return parse_compare(scope, left, SD_OP_EQ, value, path);
	if (left->expr->type != BOOLOID)
		sd_bad_shape(path, psprintf("null, since \"%s\" is not a boolean", left->name));
	condition = sd_make_condition(value->val.boolean ? SD_COND_IS_TRUE : SD_COND_IS_FALSE);
	condition->left = left->expr;
	return condition;
}

/* left IS NOT TRUE, IS NOT FALSE: NULL is neither, and so is a JSON null */
static SdCondition *
parse_is_not(const SdScope *scope, const SdOperand *left, const JsonbValue *value,
			 const SdPath *path)
{
	SdCondition *condition = parse_is(scope, left, value, path);

	if (left->json_attr < 0)
		return sd_not(condition);
	return sd_make_logic(SD_COND_OR, list_make2(sd_not(condition), make_null_test(left, true)));
}

/* left LIKE pattern, left ~ pattern */
static SdCondition *
parse_pattern(const SdScope *scope, const SdOperand *left, SdOperator op,
			  const JsonbValue *value, const SdPath *path)
{
	SdExpr	   *text = text_of(scope, left, path);
	SdReader	reader;
	bool		any;

	if (read_quantifier(value, path, &reader, &any))
		return make_quantified(scope, left, text, op, any, TEXTOID, &reader.value, &reader.path);
	if (sd_is_expr(value))
	{
		SdExpr	   *right = sd_parse_expr(scope, value, path);

		if (!sd_operator_exists(text->type, op, right->type))
			sd_bad_shape(path, "a text");
		return sd_make_compare(text, op, right);
	}
	if (value->type == jbvNull)
		sd_bad_shape(path, "a string");
	return sd_make_compare(text, op, sd_bind_value(scope, SD_CONVERT_STRING, TEXTOID, left->name,
												   value, path));
}

/*
 * left LIKE a pattern that matches the value itself, at the beginning, the end
 * or anywhere.  At the beginning, a range beside it lets a text_pattern_ops
 * index be used whatever the value is.
 */
static SdCondition *
parse_literal(const SdScope *scope, const SdOperand *left, const SdOperatorName *operator,
			  const JsonbValue *value, const SdPath *path)
{
	SdExpr	   *text = text_of(scope, left, path);
	SdConversion conversion = operator->form == SD_FORM_PREFIX ? SD_CONVERT_PREFIX
		: operator->form == SD_FORM_SUFFIX ? SD_CONVERT_SUFFIX : SD_CONVERT_INFIX;
	SdExpr	   *end;
	SdCondition *condition;
	SdCondition *below;

	if (value->type == jbvNull)
		sd_bad_shape(path, "a string");
	condition = sd_make_compare(text, operator->op,
								sd_bind_value(scope, conversion, TEXTOID, left->name, value,
											  path));
	if (operator->op != SD_OP_LIKE || operator->form != SD_FORM_PREFIX || left->json_attr >= 0 ||
		(text->type != TEXTOID && text->type != VARCHAROID))
		return condition;
	if (!sd_is_placeholder(value) && sd_prefix_end(sd_string(value)) == NULL)
		return condition;
	condition = sd_and(condition,
					   sd_make_compare(text, SD_OP_PATTERN_GE,
									   sd_bind_value(scope, SD_CONVERT_STRING, TEXTOID,
													 left->name, value, path)));
	end = sd_bind_value(scope, SD_CONVERT_PREFIX_END, TEXTOID, left->name, value, path);
	below = sd_make_compare(text, SD_OP_PATTERN_LT, end);
	if (sd_is_placeholder(value))
	{
		SdCondition *none = sd_make_condition(SD_COND_IS_NULL);

		none->left = end;
		below = sd_make_logic(SD_COND_OR, list_make2(below, none));
	}
	return sd_and(condition, below);
}

/* left @> value, left <@ value, left && value, and the operators of ranges alone */
static SdCondition *
parse_container(const SdScope *scope, const SdOperand *left, const SdOperatorName *operator,
				const JsonbValue *value, const SdPath *path)
{
	Oid			type = left->expr->type;
	bool		range = type_is_range(type);

	if (left->json_attr >= 0 && operator->form == SD_FORM_CONTAINER &&
		operator->op != SD_OP_OVERLAP)
		return sd_make_compare(left->expr, operator->op,
							   bind(scope, left, JSONBOID, value, path));
	if (!range && !(operator->form == SD_FORM_CONTAINER && OidIsValid(get_element_type(type))))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: \"%s\" is of type %s, not %s", sd_path_text(path), left->name,
						format_type_be(type),
						operator->form == SD_FORM_RANGE ? "a range" : "an array or a range")));
	if (sd_is_expr(value))
		return make_compare(left, operator->op, sd_parse_expr(scope, value, path), path);
	if (sd_is_placeholder(value))
		return sd_make_compare(left->expr, operator->op,
							   sd_bind_value(scope, range ? SD_CONVERT_RANGE : SD_CONVERT_VALUE,
											 type, left->name, value, path));
	if (range && operator->op == SD_OP_CONTAINS && value->type != jbvBinary)
	{
		Oid			subtype = get_range_subtype(type);

		return sd_make_compare(left->expr, operator->op,
							   bind(scope, left, subtype, value, path));
	}
	if (!sd_is_array(value))
		sd_bad_shape(path, range ? "an array of two bounds" : "an array");
	return sd_make_compare(left->expr, operator->op, bind(scope, left, type, value, path));
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

/* The text search configuration that a value names, as a regconfig. */
static SdExpr *
parse_config(const SdScope *scope, const JsonbValue *value, const SdPath *path)
{
	Oid			config = InvalidOid;

	if (value->type == jbvString)
	{
		List	   *name = sd_config_name(sd_string(value));

		if (name != NIL)
			config = get_ts_config_oid(name, true);
	}
	if (!OidIsValid(config))
		sd_bad_shape(path, "the name of a text search configuration");
	/* what a name means may change with the search_path */
	if (scope->query->call != NULL)
		scope->query->call->unsettled = true;
	return sd_param_expr(&scope->query->params, REGCONFIGOID, ObjectIdGetDatum(config), false);
}

static bool
takes_words(const JsonbValue *value)
{
	return value->type == jbvString || sd_is_placeholder(value);
}

static SdExpr *
bind_words(const SdScope *scope, const SdOperand *left, const JsonbValue *value,
		   const SdPath *path)
{
	return sd_bind_value(scope, SD_CONVERT_STRING, TEXTOID, left->name, value, path);
}

/* to_tsvector(config, left) @@ websearch_to_tsquery(config, words) */
static SdCondition *
parse_match(const SdScope *scope, const SdOperand *left, const JsonbValue *value,
			const SdPath *path)
{
	bool		vector = left->expr->type == TSVECTOROID;
	SdExpr	   *words = NULL;
	SdExpr	   *config = NULL;
	SdExpr	   *document;
	SdExpr	   *query;

	if (sd_is_object(value) && !sd_is_placeholder(value))
	{
		SdReader	reader;

		sd_read(&reader, value, path);
		while (sd_next_member(&reader))
		{
			if (sd_key_is(&reader, "query") && takes_words(&reader.value))
				words = bind_words(scope, left, &reader.value, &reader.path);
			else if (sd_key_is(&reader, "config"))
				config = parse_config(scope, &reader.value, &reader.path);
			else
				sd_bad_shape(&reader.path, "only \"query\" and \"config\", strings, here");
		}
	}
	else if (takes_words(value))
		words = bind_words(scope, left, value, path);
	if (words == NULL)
		sd_bad_shape(path, "a string, or an object with \"query\" and \"config\"");

	query = palloc0(sizeof(SdExpr));
	query->kind = SD_EXPR_FUNCTION;
	query->type = TSQUERYOID;
	query->function = "pg_catalog.websearch_to_tsquery";
	query->args = config != NULL ? list_make2(config, words) : list_make1(words);
	if (vector)
		return sd_make_compare(left->expr, SD_OP_MATCH, query);

	document = palloc0(sizeof(SdExpr));
	document->kind = SD_EXPR_FUNCTION;
	document->type = TSVECTOROID;
	document->function = "pg_catalog.to_tsvector";
	document->args = list_make1(text_of(scope, left, path));
	if (config != NULL)
		document->args = lcons(config, document->args);
	return sd_make_compare(document, SD_OP_MATCH, query);
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
														sd_string(&reader.key)));

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
			return parse_is_not(scope, left, value, path);
		form = sd_is_array(value) ? SD_FORM_LIST : SD_FORM_EQUALITY;
	}
	switch (form)
	{
		case SD_FORM_EQUALITY:
			if (value->type == jbvNull)
				return make_null_test(left, operator->op == SD_OP_EQ);
			return parse_compare(scope, left, operator->op, value, path);
		case SD_FORM_ORDER:
			return parse_compare(scope, left, operator->op, value, path);
		case SD_FORM_IS:
			return parse_is(scope, left, value, path);
		case SD_FORM_LIST:
			return parse_list(scope, left, operator->op, value, path);
		case SD_FORM_BETWEEN:
			return parse_between(scope, left, operator->negated, value, path);
		case SD_FORM_PATTERN:
			return parse_pattern(scope, left, operator->op, value, path);
		case SD_FORM_PREFIX:
		case SD_FORM_SUFFIX:
		case SD_FORM_INFIX:
			return parse_literal(scope, left, operator, value, path);
		case SD_FORM_CONTAINER:
		case SD_FORM_RANGE:
			return parse_container(scope, left, operator, value, path);
		case SD_FORM_KEYS:
			return parse_keys(scope, left, operator->op, value, path);
		case SD_FORM_MATCH:
			return parse_match(scope, left, value, path);
		case SD_FORM_LOGIC:
			return parse_logic(scope, left, operator->logic, value, path);
		case SD_FORM_NOT:
			break;
	}
	pg_unreachable();
}

/* Whether an object is a value of the operand's type, and not operators. */
static bool
is_object_value(const SdOperand *left, const JsonbValue *value)
{
	SdReader	reader;

	if (left->json_attr >= 0 || !sd_type_reads(left->expr->type, value))
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
		return make_null_test(left, true);
	if (sd_is_array(value) && !OidIsValid(get_element_type(left->expr->type)))
		return parse_list(scope, left, SD_OP_EQ, value, path);
	if (!sd_is_object(value) || sd_is_expr(value) || sd_is_placeholder(value) ||
		is_object_value(left, value))
		return parse_compare(scope, left, SD_OP_EQ, value, path);
	args = parse_members(scope, left, value, path);
	return args == NIL ? NULL : sd_make_logic(SD_COND_AND, args);
}

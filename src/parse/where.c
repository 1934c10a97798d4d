/*-------------------------------------------------------------------------
 * parse/where.c
 *		Parses "where" and "having" (docs/reference/conditions.md) into a tree of conditions.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "convert/value.h"
#include "parse/associated.h"
#include "parse/binding.h"
#include "parse/comparison.h"
#include "parse/related.h"
#include "parse/symbol.h"
#include "parse/where.h"
#include "parse/words.h"
#include "utils/lsyscache.h"

static List *parse_members(const SdScope *scope, SdReader *reader);

/* attr IS NULL or attr IS NOT NULL */
SdCondition *
sd_null_condition(const SdModel *model, int attr, bool is_null)
{
	SdCondition *condition = sd_make_condition(is_null ? SD_COND_IS_NULL : SD_COND_IS_NOT_NULL);

	condition->left = sd_attribute_expr(model, attr);
	return condition;
}

/*
 * That a row of a paranoid model, of the query or of what it leads to, is deleted, or with
 * alive that it is not.  Binds in query.  Raises what converting the default of deletedAt
 * raises.
 */
SdCondition *
sd_alive_condition(SdQuery *query, const SdModel *model, bool alive)
{
	const SdAttribute *attr = &model->attrs[model->deleted_at];
	bool		isnull;
	Datum		value;

	Assert(model->deleted_at >= 0);
	if (!sd_has_alive_value(model))
		return sd_null_condition(model, model->deleted_at, alive);
	value = sd_value(attr->default_value, attr->type, attr->name, NULL, &isnull);
	return sd_make_compare(sd_attribute_expr(model, model->deleted_at), alive ? SD_OP_EQ : SD_OP_NE,
						   sd_param_expr(&query->params, attr->type, value, isnull, NULL));
}

/* attr = value, for a key that is an argument of its own; type is the value's. */
SdCondition *
sd_key_condition(SdQuery *query, int attr, Oid type, Datum value)
{
	return sd_make_compare(sd_attribute_expr(query->model, attr), SD_OP_EQ,
						   sd_param_expr(&query->params, type, value, false, NULL));
}

/* The conditions of the objects of an array. */
static List *
parse_elements(const SdScope *scope, SdReader *reader)
{
	List	   *args = NIL;

	while (sd_next_element(reader))
	{
		SdCondition *arg;

		if (!sd_is_array(&reader->value))
			sd_expect_object(&reader->value, &reader->path, "an object");
		arg = sd_parse_where(scope, &reader->value, &reader->path);
		if (arg != NULL)
			args = lappend(args, arg);
	}
	return args;
}

/* The conditions of an object's members, or of an array's elements. */
static List *
parse_group(const SdScope *scope, const JsonbValue *value, const SdPath *path)
{
	SdReader	reader;

	sd_check_depth(path);
	if (!sd_is_object(value) && !sd_is_array(value))
		sd_expect_object(value, path, "an object, or an array of objects");
	sd_read(&reader, value, path);
	return sd_is_array(value) ? parse_elements(scope, &reader) : parse_members(scope, &reader);
}

/*
 * The type of a value on the left side, as a parameter has none of its own: that of the
 * expression that it is compared with, or of the elements of one that gives a list.
 */
static Oid
type_beside(const SdScope *scope, const SdOperatorName *operator, const JsonbValue *value,
			const SdPath *path)
{
	bool		list = operator->form == SD_FORM_LIST || operator->form == SD_FORM_QUANTIFIED;
	JsonbValue	right = *value;
	SdPath		right_path = *path;
	SdReader	reader;
	Oid			type;
	bool		any;

	if (!list && operator->form != SD_FORM_EQUALITY && operator->form != SD_FORM_ORDER)
		return TEXTOID;
	if (sd_read_quantifier(value, path, &reader, &any))
	{
		list = true;
		right = reader.value;
		right_path = reader.path;
	}
	if (!sd_is_expr(&right))
		return TEXTOID;
	type = sd_parse_expr(scope, &right, &right_path)->type;
	return list ? get_base_element_type(type) : type;
}

/* {"$expr":[expr, op, expr]} */
static SdCondition *
parse_expr_condition(const SdScope *scope, const JsonbValue *value, const SdPath *path)
{
	SdOperand	left = {.name = "the expression", .json_attr = -1};
	const SdOperatorName *operator;
	JsonbValue	left_value;
	SdPath		left_path;
	Oid			type = InvalidOid;
	SdReader	reader;

	if (sd_is_expr(value))
	{
		SdCondition *condition = sd_make_condition(SD_COND_EXPR);

		condition->left = sd_parse_expr(scope, value, path);
		if (condition->left->type != BOOLOID)
			sd_bad_shape(path, "a boolean expression, or an array of an expression, an operator and an expression");
		return condition;
	}
	if (!sd_is_array(value) || sd_array_length(value) < 2 || sd_array_length(value) > 3)
		sd_bad_shape(path, "an array of an expression, an operator and an expression, or of an expression and an object of operators");
	sd_read(&reader, value, path);
	sd_next_element(&reader);
	left_value = reader.value;
	left_path = reader.path;
	sd_next_element(&reader);
	if (sd_array_length(value) == 2 && !sd_is_object(&reader.value))
		sd_bad_shape(&reader.path, "an object of operators");
	if (sd_array_length(value) == 2)
	{
		left.expr = sd_parse_expr(scope, &left_value, &left_path);
		return sd_parse_condition(scope, &left, &reader.value, &reader.path);
	}
	if (reader.value.type != jbvString)
		sd_bad_shape(&reader.path, "the name of an operator");
	operator = sd_find_operator(&reader.value);
	if (operator == NULL)
		sd_unknown_operator(&reader.value, &reader.path);
	if (operator->form == SD_FORM_LOGIC)
		sd_bad_shape(&reader.path, "an operator that compares");
	sd_next_element(&reader);
	if (sd_is_placeholder(&left_value))
		type = type_beside(scope, operator, &reader.value, &reader.path);
	left.expr = OidIsValid(type)
		? sd_bind_value(scope, SD_CONVERT_VALUE, type, "value", &left_value, &left_path)
		: sd_parse_expr(scope, &left_value, &left_path);
	return sd_parse_operator(scope, &left, operator, &reader.value, &reader.path);
}

/* A member whose key begins with a dollar sign. */
static SdCondition *
parse_logic(const SdScope *scope, const SdReader *member)
{
	List	   *args;

	if (sd_key_is(member, "$expr"))
		return parse_expr_condition(scope, &member->value, &member->path);
	if (sd_key_is(member, "$exists"))
		return sd_parse_exists(scope, &member->value, &member->path);
	if (sd_key_is(member, "$and"))
		return sd_parse_where(scope, &member->value, &member->path);
	if (sd_key_is(member, "$not"))
		return sd_not(sd_parse_where(scope, &member->value, &member->path));
	if (!sd_key_is(member, "$or"))
		sd_unknown_operator(&member->key, &member->path);
	args = parse_group(scope, &member->value, &member->path);
	return args == NIL ? sd_make_condition(SD_COND_FALSE) : sd_make_logic(SD_COND_OR, args);
}

/* Whether a name is that of a logical operator without its dollar sign. */
static bool
is_logic_word(const char *name, int len)
{
	return (len == 3 && (pg_strncasecmp(name, "and", 3) == 0 || pg_strncasecmp(name, "not", 3) == 0)) ||
		(len == 2 && pg_strncasecmp(name, "or", 2) == 0);
}

/* Raises 42703 for such a name, which is no attribute. */
static pg_attribute_noreturn() void
logic_word(const SdModel *model, const SdReader *member)
{
	const char *name = sd_string(&member->key);

	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("%s: model \"%s\" has no attribute \"%s\"", sd_path_text(&member->path),
					model->name, name),
			 errhint("Operators begin with a dollar sign: \"$%s\".",
					 pg_strcasecmp(name, "and") == 0 ? "and" : pg_strcasecmp(name, "or") == 0 ? "or" : "not")));
}

/* The conditions that the members of an object make. */
static List *
parse_members(const SdScope *scope, SdReader *reader)
{
	List	   *args = NIL;
	List	   *associated = NIL;

	while (sd_next_member(reader))
	{
		const char *name = reader->key.val.string.val;
		int			len = reader->key.val.string.len;
		SdCondition *arg;

		if (sd_is_own_key(scope, &reader->key))
		{
			SdPath		path = reader->path;
			SdOperand	left = sd_named_operand(scope, name + 1, len - 2, &path);

			arg = sd_parse_condition(scope, &left, &reader->value, &reader->path);
			if (arg != NULL)
				args = lappend(args, arg);
			continue;
		}
		if (sd_is_associated_key(&reader->key))
		{
			associated = lappend(associated, sd_associated_key(reader));
			continue;
		}
		if (len > 0 && name[0] == '$')
			arg = parse_logic(scope, reader);
		else if (sd_find_column(scope->model, name, len) < 0 && is_logic_word(name, len))
			logic_word(scope->model, reader);
		else
		{
			SdOperand	left = sd_named_operand(scope, name, len, &reader->path);

			arg = sd_parse_condition(scope, &left, &reader->value, &reader->path);
		}
		if (arg != NULL)
			args = lappend(args, arg);
	}
	return list_concat(args, sd_parse_associated(scope, associated));
}

/*
 * Parses "where", or an object or array inside it, that stands at path; values
 * are bound in the scope's query.  Returns NULL when it sets no condition.
 *
 * Raises 22023 for a wrong shape, an unknown operator or association, 42703
 * for an unknown attribute, class 22 for a value that does not convert, 54000
 * when nested too deep.
 */
SdCondition *
sd_parse_where(const SdScope *scope, const JsonbValue *value, const SdPath *path)
{
	List	   *args = parse_group(scope, value, path);

	return args == NIL ? NULL : sd_make_logic(SD_COND_AND, args);
}

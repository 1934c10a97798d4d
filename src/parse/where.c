/*-------------------------------------------------------------------------
 * parse/where.c
 *		Parses "where" (api.md, "where") into a tree of conditions.
 *
 * A NULL tree is no condition at all, every row; that is different from a
 * condition that is true for every row, since writers refuse the former.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "parse/reader.h"
#include "parse/value.h"
#include "parse/where.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

typedef enum OperatorForm
{
	FORM_COMPARE,				/* one value */
	FORM_EQUALITY,				/* one value, null too */
	FORM_IS,					/* null, true, false */
	FORM_LIST,					/* an array */
	FORM_BETWEEN,				/* an array of two */
	FORM_NOT,					/* anything */
	FORM_LOGIC					/* an object or array */
} OperatorForm;

typedef struct Operator
{
	const char *name;
	OperatorForm form;
	SdOperator	op;
	SdConditionKind logic;
	bool		negated;
} Operator;

static const Operator operators[] = {
	{"$eq", FORM_EQUALITY, SD_OP_EQ},
	{"$ne", FORM_EQUALITY, SD_OP_NE},
	{"$gt", FORM_COMPARE, SD_OP_GT},
	{"$gte", FORM_COMPARE, SD_OP_GE},
	{"$lt", FORM_COMPARE, SD_OP_LT},
	{"$lte", FORM_COMPARE, SD_OP_LE},
	{"$is", FORM_IS},
	{"$not", FORM_NOT, SD_OP_NE},
	{"$in", FORM_LIST, SD_OP_EQ},
	{"$notIn", FORM_LIST, SD_OP_NE},
	{"$between", FORM_BETWEEN},
	{"$notBetween", FORM_BETWEEN, .negated = true},
	{"$and", FORM_LOGIC, .logic = SD_COND_AND},
	{"$or", FORM_LOGIC, .logic = SD_COND_OR}
};

static SdCondition *parse_attribute(SdQuery *query, int attr, const JsonbValue *value,
									const SdPath *path);
static List *parse_operators(SdQuery *query, int attr, const JsonbValue *value,
							 const SdPath *path);
static List *parse_members(SdQuery *query, SdReader *reader);

static SdCondition *
make_condition(SdConditionKind kind)
{
	SdCondition *condition = palloc0(sizeof(SdCondition));

	condition->kind = kind;
	return condition;
}

static SdCondition *
make_logic(SdConditionKind kind, List *args)
{
	SdCondition *condition;

	if (list_length(args) == 1 && kind != SD_COND_NOT)
		return linitial(args);
	condition = make_condition(kind);
	condition->args = args;
	return condition;
}

/* The conjunction of two trees, either of which may be NULL. */
SdCondition *
sd_and(SdCondition *left, SdCondition *right)
{
	if (left == NULL)
		return right;
	if (right == NULL)
		return left;
	return make_logic(SD_COND_AND, list_make2(left, right));
}

/* NOT of a tree; NOT of nothing is no row. */
static SdCondition *
negate(SdCondition *condition)
{
	if (condition == NULL)
		return make_condition(SD_COND_FALSE);
	return make_logic(SD_COND_NOT, list_make1(condition));
}

/* Raises 42703 for a name that no attribute of the model has. */
void
sd_unknown_attribute(const SdModel *model, const char *name, int len, const SdPath *path)
{
	const char *nearest = sd_nearest_attribute(model, name, len);
	StringInfoData names;

	initStringInfo(&names);
	for (int i = 0; i < model->nattrs; i++)
		appendStringInfo(&names, "%s\"%s\"", i > 0 ? ", " : "", model->attrs[i].name);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("%s: model \"%s\" has no attribute \"%s\"", sd_path_text(path), model->name,
					sd_shown(name, len)),
			 nearest != NULL
			 ? errhint("Perhaps you meant \"%s\".", nearest)
			 : errhint("Its attributes are %s.", names.data)));
}

/* Raises 22023 for a $word that is no operator in this place. */
static pg_attribute_noreturn() void
unknown_operator(const SdReader *reader)
{
	const char *names[lengthof(operators)];
	const char *nearest;

	for (int i = 0; i < lengthof(operators); i++)
		names[i] = operators[i].name;
	nearest = sd_nearest(reader->key.val.string.val, reader->key.val.string.len, names,
						 lengthof(names));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s: there is no such operator", sd_path_text(&reader->path)),
			 nearest != NULL
			 ? errhint("Perhaps you meant \"%s\".", nearest)
			 : errhint("Operators begin with $: $eq, $ne, $gt, $gte, $lt, $lte, $is, $not, $in, $notIn, $between, $notBetween, $and, $or.")));
}

static const Operator *
find_operator(const JsonbValue *key)
{
	for (int i = 0; i < lengthof(operators); i++)
	{
		if (sd_string_is(key, operators[i].name))
			return &operators[i];
	}
	return NULL;
}

/*
 * Raises 22023 when the attribute's type cannot be compared in this way: json
 * has no equality, point no order.
 */
static void
check_comparable(const SdAttribute *attr, SdOperator op, const SdPath *path)
{
	bool		ordering = op != SD_OP_EQ && op != SD_OP_NE;
	TypeCacheEntry *type = lookup_type_cache(attr->type, ordering ? TYPECACHE_LT_OPR
											 : TYPECACHE_EQ_OPR);

	if (!OidIsValid(ordering ? type->lt_opr : type->eq_opr))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: attribute \"%s\" is of type %s, whose values cannot be compared",
						sd_path_text(path), attr->name, format_type_be(attr->type))));
}

static SdCondition *
make_null_test(int attr, bool is_null)
{
	SdCondition *condition = make_condition(is_null ? SD_COND_IS_NULL : SD_COND_IS_NOT_NULL);

	condition->attr = attr;
	return condition;
}

/* attr op value, the value not null */
static SdCondition *
make_comparison(SdQuery *query, int attr, SdOperator op, const JsonbValue *value,
				const SdPath *path)
{
	const SdAttribute *attribute = &query->model->attrs[attr];
	SdCondition *condition = make_condition(SD_COND_COMPARE);
	bool		isnull;
	Datum		datum;

	check_comparable(attribute, op, path);
	datum = sd_value(value, attribute, path, &isnull);
	condition->attr = attr;
	condition->op = op;
	condition->param = sd_param(&query->params, attribute->type, datum, isnull);
	return condition;
}

/* attr = ANY (list) or attr <> ALL (list); an empty list of exceptions is no condition */
static SdCondition *
make_list(SdQuery *query, int attr, SdOperator op, const JsonbValue *value, const SdPath *path)
{
	const SdAttribute *attribute = &query->model->attrs[attr];
	SdCondition *condition;
	Oid			type = sd_array_type(attribute, path);

	check_comparable(attribute, op, path);
	if (op == SD_OP_NE && sd_array_length(value) == 0)
		return NULL;
	condition = make_condition(op == SD_OP_EQ ? SD_COND_ANY : SD_COND_ALL);
	condition->attr = attr;
	condition->op = op;
	condition->param = sd_param(&query->params, type, sd_value_array(value, attribute, path), false);
	return condition;
}

/*
 * attr = ANY (keys), for an include: the parameter is NULL until the parents'
 * keys are known.
 */
SdCondition *
sd_parent_condition(SdQuery *query, int attr, Oid array_type)
{
	SdCondition *condition = make_condition(SD_COND_ANY);

	condition->attr = attr;
	condition->op = SD_OP_EQ;
	condition->param = sd_param(&query->params, array_type, (Datum) 0, true);
	return condition;
}

/* attr = value, for a key that is an argument of its own; type is the value's. */
SdCondition *
sd_key_condition(SdQuery *query, int attr, Oid type, Datum value)
{
	SdCondition *condition = make_condition(SD_COND_COMPARE);

	condition->attr = attr;
	condition->op = SD_OP_EQ;
	condition->param = sd_param(&query->params, type, value, false);
	return condition;
}

/* attr BETWEEN low AND high */
static SdCondition *
make_between(SdQuery *query, int attr, bool negated, const JsonbValue *value, const SdPath *path)
{
	const SdAttribute *attribute = &query->model->attrs[attr];
	SdCondition *condition = make_condition(SD_COND_BETWEEN);
	int			params[2];
	SdReader	reader;

	if (!sd_is_array(value) || sd_array_length(value) != 2)
		sd_bad_shape(path, "an array of two values, the lowest and the highest");
	check_comparable(attribute, SD_OP_LT, path);
	sd_read(&reader, value, path);
	for (int i = 0; sd_next_element(&reader); i++)
	{
		bool		isnull;
		Datum		datum;

		if (reader.value.type == jbvNull)
			sd_bad_shape(&reader.path, "a value that is not null");
		datum = sd_value(&reader.value, attribute, &reader.path, &isnull);
		params[i] = sd_param(&query->params, attribute->type, datum, isnull);
	}
	condition->attr = attr;
	condition->param = params[0];
	condition->param2 = params[1];
	return negated ? negate(condition) : condition;
}

/* attr IS NULL, IS TRUE, IS FALSE */
static SdCondition *
make_is(SdQuery *query, int attr, const JsonbValue *value, const SdPath *path)
{
	const SdAttribute *attribute = &query->model->attrs[attr];
	SdCondition *condition;

	if (value->type == jbvNull)
		return make_null_test(attr, true);
	if (value->type != jbvBool)
		sd_bad_shape(path, "null, true or false");
	if (attribute->type != BOOLOID)
		sd_bad_shape(path, "null, since the attribute is not a boolean");
	condition = make_condition(value->val.boolean ? SD_COND_IS_TRUE : SD_COND_IS_FALSE);
	condition->attr = attr;
	return condition;
}

/* {"$or":[1,{"$gt":9}]} and {"$and":…} under one attribute */
static SdCondition *
parse_attribute_logic(SdQuery *query, int attr, SdConditionKind kind, const JsonbValue *value,
					  const SdPath *path)
{
	List	   *args = NIL;
	SdReader	reader;

	if (sd_is_array(value))
	{
		sd_read(&reader, value, path);
		while (sd_next_element(&reader))
		{
			SdCondition *arg = parse_attribute(query, attr, &reader.value, &reader.path);

			if (arg != NULL)
				args = lappend(args, arg);
		}
	}
	else if (sd_is_object(value))
		args = parse_operators(query, attr, value, path);
	else
		sd_bad_shape(path, "an array of conditions, or an object");
	if (args == NIL)
		return kind == SD_COND_OR ? make_condition(SD_COND_FALSE) : NULL;
	return make_logic(kind, args);
}

/* One {"$op": value} of an attribute. */
static SdCondition *
parse_operator(SdQuery *query, int attr, const Operator *operator, const JsonbValue *value,
			   const SdPath *path)
{
	bool		scalar = value->type != jbvBinary;
	OperatorForm form = operator->form;

	if (form == FORM_NOT)
	{
		if (sd_is_object(value))
			return negate(parse_attribute(query, attr, value, path));
		form = sd_is_array(value) ? FORM_LIST : FORM_EQUALITY;
	}

	switch (form)
	{
		case FORM_EQUALITY:
			if (value->type == jbvNull)
				return make_null_test(attr, operator->op == SD_OP_EQ);
			return make_comparison(query, attr, operator->op, value, path);
		case FORM_COMPARE:
			if (!scalar && !OidIsValid(get_element_type(query->model->attrs[attr].type)) &&
				!type_is_range(query->model->attrs[attr].type))
				sd_bad_shape(path, "one value to compare with");
			if (value->type == jbvNull)
				sd_bad_shape(path, "a value that is not null");
			return make_comparison(query, attr, operator->op, value, path);
		case FORM_IS:
			return make_is(query, attr, value, path);
		case FORM_LIST:
			if (!sd_is_array(value))
				sd_bad_shape(path, "an array");
			return make_list(query, attr, operator->op, value, path);
		case FORM_BETWEEN:
			return make_between(query, attr, operator->negated, value, path);
		case FORM_LOGIC:
			return parse_attribute_logic(query, attr, operator->logic, value, path);
		case FORM_NOT:
			break;
	}
	pg_unreachable();
}

/* The conditions that the members of {"$op": value, …} make. */
static List *
parse_operators(SdQuery *query, int attr, const JsonbValue *value, const SdPath *path)
{
	List	   *args = NIL;
	SdReader	reader;

	if (sd_array_length(value) == 0)
		sd_bad_shape(path, "a value or an operator, not an empty object");
	sd_read(&reader, value, path);
	while (sd_next_member(&reader))
	{
		const Operator *operator = find_operator(&reader.key);
		SdCondition *arg;

		if (operator == NULL)
			unknown_operator(&reader);
		arg = parse_operator(query, attr, operator, &reader.value, &reader.path);
		if (arg != NULL)
			args = lappend(args, arg);
	}
	return args;
}

/* What stands under an attribute's name; NULL when it is no condition. */
static SdCondition *
parse_attribute(SdQuery *query, int attr, const JsonbValue *value, const SdPath *path)
{
	List	   *args;

	sd_check_depth(path);
	if (value->type == jbvNull)
		return make_null_test(attr, true);
	if (sd_is_array(value) && !OidIsValid(get_element_type(query->model->attrs[attr].type)))
		return make_list(query, attr, SD_OP_EQ, value, path);
	if (!sd_is_object(value))
		return make_comparison(query, attr, SD_OP_EQ, value, path);
	args = parse_operators(query, attr, value, path);
	return args == NIL ? NULL : make_logic(SD_COND_AND, args);
}

/* $and, $or, $not as a key; their argument is an object or an array of objects. */
static SdCondition *
parse_logic(SdQuery *query, const SdReader *member)
{
	SdConditionKind kind;
	List	   *args = NIL;
	SdReader	reader;

	if (sd_key_is(member, "$and"))
		kind = SD_COND_AND;
	else if (sd_key_is(member, "$or"))
		kind = SD_COND_OR;
	else if (sd_key_is(member, "$not"))
		kind = SD_COND_NOT;
	else
		unknown_operator(member);

	if (!sd_is_object(&member->value) && !sd_is_array(&member->value))
		sd_bad_shape(&member->path, "an object, or an array of objects");
	if (kind == SD_COND_AND)
		return sd_parse_where(query, &member->value, &member->path);
	if (kind == SD_COND_NOT)
		return negate(sd_parse_where(query, &member->value, &member->path));

	sd_read(&reader, &member->value, &member->path);
	if (sd_is_array(&member->value))
	{
		while (sd_next_element(&reader))
		{
			SdCondition *arg;

			if (!sd_is_object(&reader.value) && !sd_is_array(&reader.value))
				sd_bad_shape(&reader.path, "an object");
			arg = sd_parse_where(query, &reader.value, &reader.path);
			if (arg != NULL)
				args = lappend(args, arg);
		}
	}
	else
		args = parse_members(query, &reader);
	return args == NIL ? make_condition(SD_COND_FALSE) : make_logic(SD_COND_OR, args);
}

/* The conditions that the members of an object of "where" make. */
static List *
parse_members(SdQuery *query, SdReader *reader)
{
	List	   *args = NIL;

	while (sd_next_member(reader))
	{
		const char *name = reader->key.val.string.val;
		int			len = reader->key.val.string.len;
		SdCondition *arg;

		if (len > 0 && name[0] == '$')
			arg = parse_logic(query, reader);
		else
		{
			int			attr = sd_find_attribute(query->model, name, len);

			if (attr < 0)
				sd_unknown_attribute(query->model, name, len, &reader->path);
			arg = parse_attribute(query, attr, &reader->value, &reader->path);
		}
		if (arg != NULL)
			args = lappend(args, arg);
	}
	return args;
}

/*
 * Parses "where", or an object or array inside it, that stands at path; values
 * are bound in query->params.  Returns NULL when it sets no condition.
 *
 * Raises 22023 for a wrong shape or an unknown operator, 42703 for an unknown
 * attribute, class 22 for a value that does not convert, 54000 when nested too
 * deep.
 */
SdCondition *
sd_parse_where(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	List	   *args = NIL;
	SdReader	reader;

	sd_check_depth(path);
	if (sd_is_object(value))
	{
		sd_read(&reader, value, path);
		args = parse_members(query, &reader);
	}
	else if (sd_is_array(value))
	{
		sd_read(&reader, value, path);
		while (sd_next_element(&reader))
		{
			SdCondition *arg;

			if (!sd_is_object(&reader.value) && !sd_is_array(&reader.value))
				sd_bad_shape(&reader.path, "an object");
			arg = sd_parse_where(query, &reader.value, &reader.path);
			if (arg != NULL)
				args = lappend(args, arg);
		}
	}
	else
		sd_bad_shape(path, "an object, or an array of objects");
	return args == NIL ? NULL : make_logic(SD_COND_AND, args);
}

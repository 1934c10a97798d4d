/*-------------------------------------------------------------------------
 * parse/operation.c
 *		Parses expressions that are made of others.
 *
 * Types are resolved as the server resolves them for the text that is made of
 * the expression: operators are looked up in pg_catalog alone, and a value
 * whose type nothing says (a string, a parameter, null) gets the type that its
 * neighbour makes of it.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/value.h"
#include "parse/binding.h"
#include "parse/functions.h"
#include "parse/operation.h"
#include "parse/order.h"
#include "parse/symbol.h"
#include "parse/where.h"
#include "parse/words.h"
#include "parser/parse_coerce.h"
#include "parser/parse_oper.h"
#include "utils/builtins.h"
#include "utils/syscache.h"

#define SD_MAX_OPERANDS	100

/* an operand, before its type is known */
typedef struct Operand
{
	SdExpr	   *expr;			/* NULL: a value whose type its neighbour says */
	JsonbValue	value;
	SdPath		path;
} Operand;

static const struct
{
	const char *name;
	const char *operator;
	const char *text;			/* qualified */
}			arithmetic[] = {
	{"$add", "+", "OPERATOR(pg_catalog.+)"},
	{"$sub", "-", "OPERATOR(pg_catalog.-)"},
	{"$mul", "*", "OPERATOR(pg_catalog.*)"},
	{"$div", "/", "OPERATOR(pg_catalog./)"},
	{"$mod", "%", "OPERATOR(pg_catalog.%)"}
};

static SdExpr *
make(SdExprKind kind, Oid type)
{
	SdExpr	   *expr = palloc0(sizeof(SdExpr));

	expr->kind = kind;
	expr->type = type;
	return expr;
}

/* An expression cast to a type, unless it is of that type. */
SdExpr *
sd_cast_expr(SdExpr *expr, Oid type)
{
	SdExpr	   *cast;

	if (expr->type == type)
		return expr;
	cast = make(SD_EXPR_CAST, type);
	cast->args = list_make1(expr);
	cast->aggregate = expr->aggregate;
	cast->window = expr->window;
	return cast;
}

/* Notes what an argument is, in the expression that it is an argument of. */
static void
add_arg(SdExpr *expr, SdExpr *arg)
{
	expr->args = lappend(expr->args, arg);
	expr->aggregate |= arg->aggregate;
	expr->window |= arg->window;
}

/* Notes what a condition of an expression holds, as add_arg() does. */
static void
note_condition(SdExpr *expr, const SdCondition *condition)
{
	ListCell   *cell;

	check_stack_depth();
	if (condition->left != NULL)
	{
		expr->aggregate |= condition->left->aggregate;
		expr->window |= condition->left->window;
	}
	if (condition->right != NULL)
	{
		expr->aggregate |= condition->right->aggregate;
		expr->window |= condition->right->window;
	}
	foreach(cell, condition->args)
		note_condition(expr, lfirst(cell));
}

static void
add_condition(SdExpr *expr, SdCondition *condition)
{
	expr->conditions = lappend(expr->conditions, condition);
	note_condition(expr, condition);
}

/* The current element of an array as an operand. */
static Operand
read_operand(const SdScope *scope, const SdReader *reader)
{
	Operand		operand = {.value = reader->value, .path = reader->path};

	if (sd_is_object(&reader->value) && !sd_is_expr(&reader->value) &&
		!sd_is_placeholder(&reader->value))
		sd_bad_shape(&reader->path, "a value or an expression");
	if (!sd_is_placeholder(&reader->value) && reader->value.type != jbvString &&
		reader->value.type != jbvNull)
		operand.expr = sd_parse_expr(scope, &reader->value, &reader->path);
	return operand;
}

static Oid
operand_type(const Operand *operand)
{
	return operand->expr != NULL ? operand->expr->type : UNKNOWNOID;
}

/* The expression that an operand is, as a value of a type where nothing else says it. */
static SdExpr *
settle(const SdScope *scope, const Operand *operand, Oid type)
{
	if (operand->expr != NULL)
		return operand->expr;
	return sd_bind_value(scope, SD_CONVERT_VALUE, type == UNKNOWNOID ? TEXTOID : type, "value",
						 &operand->value, &operand->path);
}

/* left operator right, or with a NULL left operator right; raises 22023 where types have none. */
static SdExpr *
apply_operator(const SdScope *scope, const char *name, const char *text, const Operand *left,
			   const Operand *right, const SdPath *path)
{
	List	   *qualified = list_make2(makeString("pg_catalog"), makeString(unconstify(char *, name)));
	Oid			left_type = left != NULL ? operand_type(left) : InvalidOid;
	Oid			right_type = operand_type(right);
	Oid			actual[2];
	Oid			declared[2];
	int			n = 0;
	SdExpr	   *expr;
	Operator	operator;
	FormData_pg_operator form;

	operator = left == NULL ? left_oper(NULL, qualified, right_type, true, -1)
		: oper(NULL, qualified, left_type, right_type, true, -1);
	if (operator == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 left != NULL
				 ? errmsg("%s: operator does not exist: %s %s %s", sd_path_text(path), format_type_be(left_type),
						  name, format_type_be(right_type))
				 : errmsg("%s: operator does not exist: %s %s", sd_path_text(path), name,
						  format_type_be(right_type))));
	form = *(Form_pg_operator) GETSTRUCT(operator);
	ReleaseSysCache(operator);
	if (left != NULL)
	{
		actual[n] = left_type;
		declared[n++] = form.oprleft;
	}
	actual[n] = right_type;
	declared[n++] = form.oprright;
	/* what operators of any range declare becomes the range at hand */
	expr = make(SD_EXPR_OPERATOR,
				enforce_generic_type_consistency(actual, declared, n, form.oprresult, false));
	expr->function = text;
	if (left != NULL)
		add_arg(expr, settle(scope, left, declared[0]));
	add_arg(expr, settle(scope, right, declared[n - 1]));
	return expr;
}

/* {"$add":[a,b,…]}: from left to right */
static SdExpr *
parse_arithmetic(const SdScope *scope, int which, const SdReader *member)
{
	Operand		left;
	SdReader	reader;
	int			n = 0;

	if (!sd_is_array(&member->value) || sd_array_length(&member->value) < 2)
		sd_bad_shape(&member->path, "an array of two expressions or more");
	if (sd_array_length(&member->value) > SD_MAX_OPERANDS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s: an operation may have at most %d operands",
						sd_path_text(&member->path), SD_MAX_OPERANDS)));
	sd_read(&reader, &member->value, &member->path);
	while (sd_next_element(&reader))
	{
		Operand		right = read_operand(scope, &reader);

		if (n++ > 0)
			right.expr = apply_operator(scope, arithmetic[which].operator,
										arithmetic[which].text, &left, &right, &reader.path);
		left = right;
	}
	Assert(n >= 2 && left.expr != NULL);
	return left.expr;
}

/* {"$neg":a} */
static SdExpr *
parse_negation(const SdScope *scope, const SdReader *member)
{
	Operand		operand = read_operand(scope, member);

	return apply_operator(scope, "-", "OPERATOR(pg_catalog.-)", NULL, &operand, &member->path);
}

/* {"$concat":[a,b,…]}: text, where null is empty */
static SdExpr *
parse_concat(const SdScope *scope, const SdReader *member)
{
	SdExpr	   *expr = make(SD_EXPR_FUNCTION, TEXTOID);
	SdReader	reader;

	expr->function = "pg_catalog.concat";
	if (!sd_is_array(&member->value) || sd_array_length(&member->value) == 0 ||
		sd_array_length(&member->value) > SD_MAX_OPERANDS)
		sd_bad_shape(&member->path, psprintf("an array of 1 to %d expressions", SD_MAX_OPERANDS));
	sd_read(&reader, &member->value, &member->path);
	while (sd_next_element(&reader))
	{
		Operand		operand = read_operand(scope, &reader);

		add_arg(expr, settle(scope, &operand, TEXTOID));
	}
	return expr;
}

/* The where object at path as a condition that is there: none is true of every row. */
static SdCondition *
parse_condition(const SdScope *scope, const JsonbValue *value, const SdPath *path)
{
	SdCondition *condition = sd_parse_where(scope, value, path);

	return condition != NULL ? condition : sd_not(sd_make_condition(SD_COND_FALSE));
}

/* {"$case":[[where, expr],…,{"$else":expr}]} */
static SdExpr *
parse_case(const SdScope *scope, const SdReader *member)
{
	SdExpr	   *expr = make(SD_EXPR_CASE, InvalidOid);
	int			n = sd_is_array(&member->value) ? sd_array_length(&member->value) : 0;
	Operand    *results = palloc(sizeof(Operand) * Max(n, 1));
	Oid		   *types = palloc(sizeof(Oid) * Max(n, 1));
	List	   *constants = NIL;
	SdReader	reader;

	if (n == 0 || n > SD_MAX_OPERANDS)
		sd_bad_shape(&member->path,
					 psprintf("an array of 1 to %d pairs of a condition and an expression, and {\"$else\": ...}",
							  SD_MAX_OPERANDS));
	sd_read(&reader, &member->value, &member->path);
	for (int i = 0; sd_next_element(&reader); i++)
	{
		SdReader	pair;

		if (sd_is_object(&reader.value) && i > 0 && i == n - 1)
		{
			sd_read(&pair, &reader.value, &reader.path);
			if (sd_array_length(&reader.value) != 1 || !sd_next_member(&pair) ||
				!sd_key_is(&pair, "$else"))
				sd_bad_shape(&reader.path, "{\"$else\": ...}");
		}
		else
		{
			if (!sd_is_array(&reader.value) || sd_array_length(&reader.value) != 2)
				sd_bad_shape(&reader.path, "an array of a condition and an expression");
			sd_read(&pair, &reader.value, &reader.path);
			sd_next_element(&pair);
			add_condition(expr, parse_condition(scope, &pair.value, &pair.path));
			sd_next_element(&pair);
		}
		results[i] = read_operand(scope, &pair);
		types[i] = operand_type(&results[i]);
	}
	for (int i = 0; i < n; i++)
		constants = lappend(constants, makeNullConst(types[i], -1, InvalidOid));
	expr->type = select_common_type(NULL, constants, NULL, NULL);
	if (!OidIsValid(expr->type))
		sd_bad_shape(&member->path, "results of types that go together");
	if (expr->type == UNKNOWNOID)
		expr->type = TEXTOID;
	for (int i = 0; i < n; i++)
	{
		SdExpr	   *result = settle(scope, &results[i], expr->type);

		if (!can_coerce_type(1, &result->type, &expr->type, COERCION_IMPLICIT))
			sd_bad_shape(&results[i].path, psprintf("a value of type %s, as the others",
													format_type_be(expr->type)));
		add_arg(expr, sd_cast_expr(result, expr->type));
	}
	Assert(list_length(expr->args) - list_length(expr->conditions) <= 1);
	return expr;
}

/*
 * nullif(a, b), whose arguments are what is left of args: CASE WHEN a = b THEN NULL
 * ELSE a END with the type's own equality, which NULLIF looks up by name.
 */
SdExpr *
sd_parse_nullif(const SdScope *scope, SdReader *args)
{
	SdExpr	   *expr = make(SD_EXPR_CASE, InvalidOid);
	SdExpr	   *right;
	SdExpr	   *null;
	Operand		a,
				b;

	if (!sd_next_element(args))
		sd_bad_shape(args->parent, "two arguments of nullif");
	a = read_operand(scope, args);
	if (!sd_next_element(args))
		sd_bad_shape(args->parent, "two arguments of nullif");
	b = read_operand(scope, args);
	if (sd_next_element(args))
		sd_bad_shape(args->parent, "two arguments of nullif");
	if (a.expr == NULL)
		a.expr = settle(scope, &a, operand_type(&b));
	right = settle(scope, &b, a.expr->type);
	if (!sd_operator_exists(a.expr->type, SD_OP_EQ, right->type))
		sd_bad_shape(args->parent, psprintf("arguments that can be compared, not of types %s and %s",
											format_type_be(a.expr->type),
											format_type_be(right->type)));
	expr->type = a.expr->type;
	add_condition(expr, sd_make_compare(a.expr, SD_OP_EQ, right));
	null = sd_param_expr(&scope->query->params, expr->type, (Datum) 0, true, args->parent);
	expr->args = list_make2(null, a.expr);
	return expr;
}

/* {"$test":where} */
static SdExpr *
parse_test(const SdScope *scope, const SdReader *member)
{
	SdExpr	   *expr = make(SD_EXPR_TEST, BOOLOID);

	add_condition(expr, parse_condition(scope, &member->value, &member->path));
	return expr;
}

/* {"$agg":["count", expr, {"distinct":true,"where":{…},"order":[…]}]} */
static SdExpr *
parse_aggregate(const SdScope *scope, const SdReader *member)
{
	SdScope		inner = *scope;
	SdExpr	   *expr = make(SD_EXPR_FUNCTION, InvalidOid);
	Oid			types[SD_MAX_OPERANDS];
	SdFunction	function;
	SdReader	reader;
	char	   *name;
	int			n = sd_is_array(&member->value) ? sd_array_length(&member->value) : 0;
	int			nargs = 0;

	if (n == 0 || n > SD_MAX_OPERANDS)
		sd_bad_shape(&member->path, "an array of the name of an aggregate, its arguments and its options");
	if (!scope->aggregates)
		sd_bad_shape(&member->path, "no aggregate here");
	inner.aggregates = inner.windows = false;
	sd_read(&reader, &member->value, &member->path);
	sd_next_element(&reader);
	if (reader.value.type != jbvString)
		sd_bad_shape(&reader.path, "the name of an aggregate");
	name = sd_string(&reader.value);
	while (sd_next_element(&reader))
	{
		SdReader	options;

		if (reader.path.index < n - 1 || !sd_is_object(&reader.value) ||
			sd_is_expr(&reader.value) || sd_is_placeholder(&reader.value))
		{
			Operand		operand = read_operand(&inner, &reader);

			add_arg(expr, settle(&inner, &operand, TEXTOID));
			types[nargs++] = ((SdExpr *) llast(expr->args))->type;
			continue;
		}
		sd_read(&options, &reader.value, &reader.path);
		while (sd_next_member(&options))
		{
			if (sd_key_is(&options, "distinct") && options.value.type == jbvBool)
				expr->distinct = options.value.val.boolean;
			else if (sd_key_is(&options, "where"))
				expr->filter = sd_parse_where(&inner, &options.value, &options.path);
			else if (sd_key_is(&options, "order"))
				expr->orders = sd_parse_order_terms(&inner, &options.value, &options.path);
			else
				sd_bad_shape(&options.path, "only \"distinct\" (true or false), \"where\" and \"order\"");
		}
	}
	Assert(list_length(expr->args) == nargs);
	function = sd_find_function(name, nargs, types, false, false, &member->path);
	if (!function.aggregate)
		sd_bad_shape(&member->path, "an aggregate");
	if (nargs == 0 && expr->distinct)
		sd_bad_shape(&member->path, "an argument for \"distinct\"");
	for (int i = 0; expr->distinct && i < nargs; i++)
		sd_check_sortable(list_nth(expr->args, i), &member->path);
	/* as SELECT DISTINCT: sorted by what is aggregated */
	for (int i = 0; expr->distinct && i < list_length(expr->orders); i++)
	{
		const SdOrder *order = list_nth(expr->orders, i);

		if (i > 0 || nargs != 1 || !sd_same_attribute(order->expr, linitial(expr->args)))
			sd_bad_shape(&member->path, "an order by the one argument alone, beside \"distinct\"");
	}
	expr->function = function.name;
	expr->type = function.type;
	expr->aggregate = true;
	expr->star = function.star;
	return expr;
}

/* What tells apart the parents of included rows: those of one are the rows that a window looks at. */
static List *
partition_by_parent(const SdQuery *query)
{
	List	   *partition = NIL;

	for (int i = 0; i < query->nmatches; i++)
	{
		SdExpr	   *expr;

		if (query->through == NULL)
			expr = sd_attribute_expr(query->model, query->matches[i].attr);
		else
		{
			SdExpr	   *attribute = sd_attribute_expr(query->through->model,
													  query->matches[i].attr);

			expr = make(SD_EXPR_THROUGH, attribute->type);
			expr->args = list_make1(attribute);
		}
		partition = lappend(partition, expr);
	}
	return partition;
}

/* {"$over":[expr, {"partition":[…],"order":[…]}]} */
static SdExpr *
parse_window(const SdScope *scope, const SdReader *member)
{
	SdScope		inner = *scope;
	SdExpr	   *expr = make(SD_EXPR_WINDOW, InvalidOid);
	SdExpr	   *function;
	SdReader	reader;
	int			n = sd_is_array(&member->value) ? sd_array_length(&member->value) : 0;

	if (!scope->windows)
		sd_bad_shape(&member->path, "no window here: it stands in \"attributes\", and \"order\" has its alias");
	if (n != 1 && n != 2)
		sd_bad_shape(&member->path, "an array of a function and an object with \"partition\" and \"order\"");
	inner.windows = false;
	inner.aggregates = true;
	inner.window_function = true;
	sd_read(&reader, &member->value, &member->path);
	sd_next_element(&reader);
	function = sd_parse_expr(&inner, &reader.value, &reader.path);
	if (function->kind != SD_EXPR_FUNCTION || !function->aggregate)
		sd_bad_shape(&reader.path, "a window function or an aggregate: {\"$fn\": [\"rank\"]}");
	if (function->distinct || function->orders != NIL)
		sd_bad_shape(&reader.path, "an aggregate without \"distinct\" and \"order\"");
	add_arg(expr, function);
	expr->type = function->type;
	expr->aggregate = false;
	expr->window = true;
	inner.window_function = inner.aggregates = false;
	expr->partition = partition_by_parent(scope->query);
	while (sd_next_element(&reader))
	{
		SdReader	options;

		sd_expect_object(&reader.value, &reader.path, "an object with \"partition\" and \"order\"");
		sd_read(&options, &reader.value, &reader.path);
		while (sd_next_member(&options))
		{
			if (sd_key_is(&options, "order"))
				expr->orders = sd_parse_order_terms(&inner, &options.value, &options.path);
			else if (sd_key_is(&options, "partition"))
			{
				List	   *terms = sd_parse_order_terms(&inner, &options.value, &options.path);
				ListCell   *cell;

				foreach(cell, terms)
					expr->partition = lappend(expr->partition, ((SdOrder *) lfirst(cell))->expr);
			}
			else
				sd_bad_shape(&options.path, "only \"partition\" and \"order\"");
		}
	}
	return expr;
}

/*
 * The expression that the one member of {"$add": …} and its like makes; NULL when
 * it is none of them.  Raises 22023 for a wrong shape and for types that do not go
 * together, and what parsing the expressions and conditions in it raises.
 */
SdExpr *
sd_parse_operation(const SdScope *scope, const SdReader *member)
{
	for (int i = 0; i < lengthof(arithmetic); i++)
	{
		if (sd_key_is(member, arithmetic[i].name))
			return parse_arithmetic(scope, i, member);
	}
	if (sd_key_is(member, "$neg"))
		return parse_negation(scope, member);
	if (sd_key_is(member, "$concat"))
		return parse_concat(scope, member);
	if (sd_key_is(member, "$case"))
		return parse_case(scope, member);
	if (sd_key_is(member, "$test"))
		return parse_test(scope, member);
	if (sd_key_is(member, "$agg"))
		return parse_aggregate(scope, member);
	if (sd_key_is(member, "$over"))
		return parse_window(scope, member);
	return NULL;
}

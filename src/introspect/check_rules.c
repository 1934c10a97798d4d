/*-------------------------------------------------------------------------
 * introspect/check_rules.c
 *		CHECK constraints that say what validators say.
 *
 * They are read as the expressions that the catalog keeps: a list of values,
 * bounds of a number, the length of a text, a pattern that PostgreSQL and
 * JavaScript read alike.  Whatever else stands in a constraint, it stays the
 * table's alone.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/transam.h"
#include "catalog/pg_type.h"
#include "introspect/found_model.h"
#include "json/object_text.h"
#include "lib/stringinfo.h"
#include "nodes/nodeFuncs.h"
#include "utils/array.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "validators/pattern.h"

/* what the parts of a constraint say of one column so far */
typedef struct CheckReading
{
	AttrNumber	column;			/* 0: none was met */
	List	   *rules;			/* of char *: JSON members */
	const char *min_length;
	const char *max_length;
} CheckReading;

/* An expression without casts that do not change a value. */
static Node *
strip(Node *node)
{
	while (node != NULL && (IsA(node, RelabelType) || IsA(node, CoerceToDomain)))
		node = IsA(node, RelabelType) ? (Node *) ((RelabelType *) node)->arg
			: (Node *) ((CoerceToDomain *) node)->arg;
	return node;
}

/*
 * Whether a node is the column that the constraint is about.  What is padded is
 * compared without its blanks, and read with them, which no rule allows for.
 */
static bool
is_column(CheckReading *reading, Node *node)
{
	Var		   *var = (Var *) strip(node);

	if (var == NULL || !IsA(var, Var) || var->varattno <= 0 ||
		(reading->column != 0 && reading->column != var->varattno) ||
		getBaseType(var->vartype) == BPCHAROID)
		return false;
	reading->column = var->varattno;
	return true;
}

static bool
is_text(Node *node)
{
	char		category;
	bool		preferred;

	get_type_category_preferred(exprType(node), &category, &preferred);
	return category == TYPCATEGORY_STRING;
}

/* Whether a node is the length of the column in characters. */
static bool
is_length(CheckReading *reading, Node *node)
{
	FuncExpr   *call = (FuncExpr *) strip(node);
	const char *name;

	if (call == NULL || !IsA(call, FuncExpr) || list_length(call->args) != 1 ||
		call->funcid >= FirstNormalObjectId)
		return false;
	name = get_func_name(call->funcid);
	return name != NULL &&
		(strcmp(name, "length") == 0 || strcmp(name, "char_length") == 0 ||
		 strcmp(name, "character_length") == 0) &&
		is_text(linitial(call->args)) && is_column(reading, linitial(call->args));
}

/* A constant as text, or NULL; *number says whether it is one that JSON can hold. */
static char *
constant(Node *node, bool *number)
{
	Const	   *value = (Const *) strip(node);
	Oid			output;
	bool		is_varlena;
	char	   *text;

	if (value == NULL || !IsA(value, Const) || value->constisnull)
		return NULL;
	getTypeOutputInfo(value->consttype, &output, &is_varlena);
	text = OidOutputFunctionCall(output, value->constvalue);
	*number = value->consttype == INT2OID || value->consttype == INT4OID ||
		value->consttype == INT8OID || value->consttype == FLOAT8OID ||
		value->consttype == NUMERICOID;
	*number = *number && strspn(text, "-0123456789.") == strlen(text);
	return text;
}

static void
add_rule(CheckReading *reading, const char *name, const char *json)
{
	reading->rules = lappend(reading->rules, psprintf("%s:%s", sd_json_name(name), json));
}

/*
 * Whether values of a type have one text each, which JSON has too: isIn compares texts,
 * where 1.5 and 1.50 are two, and so are true and t.
 */
static bool
has_one_text(Oid type)
{
	Oid			base = getBaseType(type);
	char		category;
	bool		preferred;

	if (base == INT2OID || base == INT4OID || base == INT8OID)
		return true;
	get_type_category_preferred(base, &category, &preferred);
	return category == TYPCATEGORY_STRING || category == TYPCATEGORY_ENUM;
}

/* The array of a list: varchar is compared as text, so that its elements stand there with a cast. */
static Node *
strip_array(Node *node)
{
	node = strip(node);
	if (node != NULL && IsA(node, ArrayCoerceExpr) &&
		IsA(strip((Node *) ((ArrayCoerceExpr *) node)->elemexpr), CaseTestExpr))
		node = strip((Node *) ((ArrayCoerceExpr *) node)->arg);
	return node;
}

/* column = ANY (ARRAY[…]) */
static bool
read_list(CheckReading *reading, ScalarArrayOpExpr *expr)
{
	const char *operator = get_opname(expr->opno);
	Const	   *array = (Const *) strip_array(lsecond(expr->args));
	StringInfoData json;
	Datum	   *elements;
	bool	   *nulls;
	int			n;
	int16		length;
	bool		by_value;
	char		align;
	Oid			type;
	Oid			output;
	bool		is_varlena;

	Assert(list_length(expr->args) == 2);
	if (!expr->useOr || expr->opno >= FirstNormalObjectId || operator == NULL ||
		strcmp(operator, "=") != 0 || !is_column(reading, linitial(expr->args)) ||
		!has_one_text(exprType(strip(linitial(expr->args)))))
		return false;
	initStringInfo(&json);
	appendStringInfoString(&json, "[[");
	if (array != NULL && IsA(array, ArrayExpr))
	{
		ListCell   *cell;

		foreach(cell, ((ArrayExpr *) array)->elements)
		{
			bool		number;
			char	   *text = constant(lfirst(cell), &number);

			if (text == NULL)
				return false;
			appendStringInfo(&json, "%s%s", json.len > 2 ? "," : "",
							 number ? text : sd_json_name(text));
		}
	}
	else if (array != NULL && IsA(array, Const) && !array->constisnull)
	{
		type = get_element_type(array->consttype);
		if (!OidIsValid(type))
			return false;
		get_typlenbyvalalign(type, &length, &by_value, &align);
		getTypeOutputInfo(type, &output, &is_varlena);
		deconstruct_array(DatumGetArrayTypeP(array->constvalue), type, length, by_value, align,
						  &elements, &nulls, &n);
		for (int i = 0; i < n; i++)
		{
			char	   *text;

			if (nulls[i])
				return false;
			text = OidOutputFunctionCall(output, elements[i]);
			appendStringInfo(&json, "%s%s", i > 0 ? "," : "",
							 type == INT2OID || type == INT4OID || type == INT8OID ? text
							 : sd_json_name(text));
		}
	}
	else
		return false;
	if (json.len == 2)
		return false;
	appendStringInfoString(&json, "]]");
	add_rule(reading, "isIn", json.data);
	return true;
}

/* Whether \d in a pattern means 0 to 9, and not the digits of every script as where ICU says what is one. */
static bool
has_plain_digits(Oid collation)
{
	/* an Arabic digit */
	return GetDatabaseEncoding() != PG_UTF8 ||
		!DatumGetBool(DirectFunctionCall2Coll(textregexeq, collation,
											  CStringGetTextDatum("\xd9\xa3"),
											  CStringGetTextDatum("\\d")));
}

/*
 * JavaScript's pattern for what PostgreSQL's accepts, or NULL: both read
 * characters, classes, anchors and repetition alike, but a dot of JavaScript's
 * is no end of a line.
 */
static char *
plain_pattern(const char *pattern, Oid collation)
{
	bool		in_class = false;
	StringInfoData plain;

	if (pattern[0] == '*' || strncmp(pattern, "(?", 2) == 0)
		return NULL;
	initStringInfo(&plain);
	for (const char *p = pattern; *p != '\0'; p++)
	{
		if (IS_HIGHBIT_SET(*p) || (unsigned char) *p < ' ')
			return NULL;
		if (*p == '\\')
		{
			/* only what stands for itself, and digits */
			appendStringInfoChar(&plain, *p++);
			if (*p == '\0' || in_class || (isalnum((unsigned char) *p) && *p != 'd') ||
				(*p == 'd' && !has_plain_digits(collation)))
				return NULL;
		}
		else if (in_class)
		{
			if (*p == '[')
				return NULL;
			in_class = *p != ']';
		}
		else if (*p == '[')
		{
			in_class = true;
			if (p[1] == '^')
				appendStringInfoChar(&plain, *p++);
			if (p[1] == ']')
				return NULL;
		}
		else if (*p == '(' && p[1] == '?')
			return NULL;
		else if (strchr("*+?}", *p) != NULL && (p[1] == '?' || p[1] == '+'))
			return NULL;
		else if (*p == '.')
		{
			appendStringInfoString(&plain, "[\\s\\S]");
			continue;
		}
		appendStringInfoChar(&plain, *p);
	}
	return in_class ? NULL : plain.data;
}

/* Whether the validator takes a pattern: one that no text has matched yet may be none. */
static bool
is_pattern(const char *pattern)
{
	MemoryContext cxt = AllocSetContextCreate(CurrentMemoryContext, "studentdir found pattern",
											  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(cxt);
	const char *ignored;
	bool		result = sd_compile_pattern(pattern, strlen(pattern), "", &ignored) != NULL;

	MemoryContextSwitchTo(old);
	MemoryContextDelete(cxt);
	return result;
}

/* The other side of a comparison that has the constant first. */
static const char *
turned(const char *operator)
{
	switch (*operator)
	{
		case '<':
			return operator[1] == '=' ? ">=" : ">";
		case '>':
			return operator[1] == '=' ? "<=" : "<";
		default:
			return operator;
	}
}

/* A bound of a number, or of a length. */
static bool
read_bound(CheckReading *reading, bool length, const char *operator, const char *text, bool integer)
{
	bool		strict = operator[1] == '\0';
	bool		lower = *operator == '>';

	Assert(*operator == '<' || *operator == '>');
	if (strict)
	{
		if (!integer || strlen(text) > 15)
			return false;
		text = psprintf(INT64_FORMAT, (int64) (strtoll(text, NULL, 10) + (lower ? 1 : -1)));
	}
	if (!length)
		add_rule(reading, lower ? "min" : "max", text);
	else if (lower)
		reading->min_length = pstrdup(text);
	else
		reading->max_length = pstrdup(text);
	return true;
}

static bool
is_integer(Node *node)
{
	Oid			type = exprType(strip(node));

	return type == INT2OID || type == INT4OID || type == INT8OID;
}

static bool
read_operator(CheckReading *reading, OpExpr *expr)
{
	const char *operator = get_opname(expr->opno);
	Node	   *left;
	Node	   *right;
	bool		number;
	char	   *text;
	bool		length;

	if (list_length(expr->args) != 2 || expr->opno >= FirstNormalObjectId || operator == NULL)
		return false;
	left = linitial(expr->args);
	right = lsecond(expr->args);
	if (IsA(strip(left), Const))
	{
		Node	   *swap = left;

		if (strcmp(operator, "~") == 0)
			return false;
		left = right;
		right = swap;
		operator = turned(operator);
	}
	text = constant(right, &number);
	if (text == NULL)
		return false;
	if (strcmp(operator, "~") == 0)
	{
		text = is_text(left) && is_column(reading, left)
			? plain_pattern(text, expr->inputcollid) : NULL;
		if (text == NULL || !is_pattern(text))
			return false;
		add_rule(reading, "is", psprintf("[%s]", sd_json_name(text)));
		return true;
	}
	/* a character at least: in what is padded, blanks are none */
	if (strcmp(operator, "<>") == 0 && *text == '\0' && exprType(left) == TEXTOID && is_column(reading, left))
	{
		if (reading->min_length == NULL)
			reading->min_length = "1";
		return true;
	}
	if (!number || (*operator != '<' && *operator != '>') || strcmp(operator, "<>") == 0 ||
		strlen(operator) > 2 || (operator[1] != '\0' && operator[1] != '='))
		return false;
	length = is_length(reading, left);
	if (!length && !is_column(reading, left))
		return false;
	return read_bound(reading, length, operator, text, is_integer(left) && is_integer(right));
}

/* column IS NULL OR …, either way round: a CHECK holds for null anyway.  Returns the rest, or NULL. */
static Node *
unless_null(CheckReading *reading, BoolExpr *either)
{
	if (either->boolop != OR_EXPR || list_length(either->args) != 2)
		return NULL;
	for (int i = 0; i < 2; i++)
	{
		NullTest   *test = list_nth(either->args, i);

		if (IsA(test, NullTest) && test->nulltesttype == IS_NULL && !test->argisrow &&
			is_column(reading, (Node *) test->arg))
			return list_nth(either->args, 1 - i);
	}
	return NULL;
}

static bool
read_expression(CheckReading *reading, Node *node)
{
	ListCell   *cell;

	check_stack_depth();
	node = strip(node);
	if (IsA(node, BoolExpr) && ((BoolExpr *) node)->boolop == OR_EXPR)
	{
		node = unless_null(reading, (BoolExpr *) node);
		return node != NULL && read_expression(reading, node);
	}
	if (IsA(node, BoolExpr) && ((BoolExpr *) node)->boolop == AND_EXPR)
	{
		foreach(cell, ((BoolExpr *) node)->args)
		{
			if (!read_expression(reading, lfirst(cell)))
				return false;
		}
		return true;
	}
	if (IsA(node, ScalarArrayOpExpr))
		return read_list(reading, (ScalarArrayOpExpr *) node);
	if (IsA(node, OpExpr))
		return read_operator(reading, (OpExpr *) node);
	return false;
}

/*
 * Reads a constraint in the form of the catalog.  Returns whether it says what
 * validators say of one column; then *column is its number and *rules are JSON
 * members of "validate".
 */
bool
sd_check_rule(const char *expression, AttrNumber *column, List **rules)
{
	CheckReading reading = {0};

	if (!read_expression(&reading, stringToNode(expression)) || reading.column == 0)
		return false;
	/* a minimum alone is a length without an end */
	if (reading.max_length != NULL)
		add_rule(&reading, "len", psprintf("[%s,%s]",
										   reading.min_length != NULL ? reading.min_length : "0",
										   reading.max_length));
	else if (reading.min_length != NULL)
		add_rule(&reading, "len", psprintf("[%s]", reading.min_length));
	Assert(reading.column > 0 && reading.rules != NIL);
	*column = reading.column;
	*rules = reading.rules;
	return true;
}

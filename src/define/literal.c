/*-------------------------------------------------------------------------
 * define/literal.c
 *		JSON values of definitions as SQL text, and column defaults as values.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/transam.h"
#include "catalog/pg_type.h"
#include "convert/value.h"
#include "define/definition_value.h"
#include "define/literal.h"
#include "model/attempt.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/*
 * The text of a JSON value for an attribute of that type; name is what messages
 * call it by.  NULL for a JSON null.  Raises what sd_typed_value() raises.
 */
char *
sd_literal_text(const SdType *type, const JsonbValue *value, const char *name)
{
	SdPath		path = SD_KEY_STEP(NULL, name, strlen(name));
	Oid			oid = type->oid;
	Datum		datum;
	bool		isnull;

	if (value->type == jbvNull)
		return NULL;
	if (!OidIsValid(oid))
		oid = type->dimensions > 0 ? TEXTARRAYOID : TEXTOID;
	if (oid == TEXTOID && value->type == jbvBinary)
		return sd_json_text(value);
	datum = sd_typed_value(value, oid, type->typmod, name, &path, &isnull);
	return isnull ? NULL : sd_exact_text(datum, oid);
}

/*
 * The text of a value of a type as SQL, to stand where the type is known: as a
 * default, or beside the column.
 */
char *
sd_literal_sql(const char *text, Oid type)
{
	Assert(text != NULL);
	switch (type)
	{
		case BOOLOID:
			return pstrdup(*text == 't' ? "true" : "false");
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case NUMERICOID:
		case FLOAT4OID:
		case FLOAT8OID:
			if (strspn(text, "-0123456789.") == strlen(text))
				return pstrdup(text);
			break;
		default:
			break;
	}
	return quote_literal_cstr(text);
}

/* The SQL of the functions that a definition can name for a default. */
char *
sd_default_function_sql(const SdType *type, const char *function)
{
	Assert(OidIsValid(type->oid));
	Assert(strcmp(function, "UUIDV4") == 0 || strcmp(function, "NOW") == 0);
	if (strcmp(function, "UUIDV4") == 0)
		return pstrdup(type->oid == UUIDOID ? "pg_catalog.gen_random_uuid()"
					   : "(pg_catalog.gen_random_uuid())::pg_catalog.text");
	switch (getBaseType(type->oid))
	{
		case DATEOID:
			return pstrdup("CURRENT_DATE");
		case TIMEOID:
			return pstrdup("LOCALTIME");
		case TIMETZOID:
			return pstrdup("CURRENT_TIME");
		case TIMESTAMPOID:
			return pstrdup("pg_catalog.timezone('UTC', pg_catalog.now())");
		default:
			return pstrdup("pg_catalog.now()");
	}
}

static bool
is_users_function(Oid function, void *context)
{
	return function >= FirstNormalObjectId;
}

/* Whether an expression calls a function that is not PostgreSQL's own. */
static bool
calls_users_function(Node *node, void *context)
{
	if (node == NULL)
		return false;
	return check_functions_in_node(node, is_users_function, NULL) ||
		expression_tree_walker(node, calls_users_function, NULL);
}

/* *arg is an expression; for sd_attempt() */
static void
fold(void *arg)
{
	Node	  **node = arg;

	*node = (Node *) expression_planner((Expr *) *node);
}

/*
 * An expression as the planner folds it, in the current context; NULL where it has no
 * value, as 1 / 0 or a text that is too long: a table may have such a default.
 */
static Node *
try_to_fold(Node *node)
{
	ErrorData  *error;

	if (IsA(node, Const))
		return node;
	error = sd_attempt(fold, &node);
	if (error == NULL)
		return node;
	if (ERRCODE_TO_CATEGORY(error->sqlerrcode) != ERRCODE_DATA_EXCEPTION)
		ReThrowError(error);
	FreeErrorData(error);
	return NULL;
}

/*
 * The text of the value that a default in the form of the catalog always has.
 * *constant is false when it is not always the same, or none; NULL is the value NULL.
 * Functions of users are not run: whoever owns a table could have them run by
 * whoever looks at it.
 */
char *
sd_constant_text(const char *expression, bool *constant)
{
	Node	   *node = stringToNode(expression);
	Const	   *value;

	Assert(expression != NULL);
	*constant = false;
	/* what a domain demands of a value does not change it */
	while (IsA(node, CoerceToDomain))
		node = (Node *) ((CoerceToDomain *) node)->arg;
	if (contain_mutable_functions(node) || calls_users_function(node, NULL))
		return NULL;
	value = (Const *) try_to_fold(node);
	if (value == NULL || !IsA(value, Const))
		return NULL;
	*constant = true;
	return value->constisnull ? NULL : sd_exact_text(value->constvalue, value->consttype);
}

/*-------------------------------------------------------------------------
 * parse/text_condition.c
 *		Parses the operators of texts: patterns, literal parts, text search.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "convert/like_pattern.h"
#include "parse/binding.h"
#include "parse/symbol.h"
#include "parse/text_condition.h"

/* left LIKE pattern, left ~ pattern */
SdCondition *
sd_parse_pattern(const SdScope *scope, const SdOperand *left, SdOperator op,
			  const JsonbValue *value, const SdPath *path)
{
	SdExpr	   *text = sd_operand_text(scope, left, path);
	bool		like = op == SD_OP_LIKE || op == SD_OP_NOT_LIKE || op == SD_OP_ILIKE ||
		op == SD_OP_NOT_ILIKE;
	SdReader	reader;
	bool		any;

	Assert(op >= SD_OP_LIKE && op <= SD_OP_NOT_IREGEXP);
	if (sd_read_quantifier(value, path, &reader, &any))
		return sd_quantified(scope, left, text, op, any, TEXTOID, &reader.value, &reader.path);
	if (sd_is_expr(value))
	{
		SdExpr	   *right = sd_parse_expr(scope, value, path);

		if (!sd_operator_exists(text->type, op, right->type))
			sd_bad_shape(path, "a text");
		return sd_make_compare(text, op, right);
	}
	if (value->type == jbvNull)
		sd_bad_shape(path, "a string");
	return sd_make_compare(text, op,
						   sd_bind_value(scope, like ? SD_CONVERT_LIKE : SD_CONVERT_REGEXP,
										 TEXTOID, left->name, value, path));
}

/* A function of the server's own. */
static SdExpr *
call(const char *function, Oid type, List *args)
{
	SdExpr	   *expr = palloc0(sizeof(SdExpr));

	expr->kind = SD_EXPR_FUNCTION;
	expr->type = type;
	expr->function = function;
	expr->args = args;
	return expr;
}

/*
 * The same for the text that an expression gives: left(text, length(part)) = part,
 * right(…), strpos(text, part) > 0.
 */
static SdCondition *
parse_part(const SdScope *scope, const SdExpr *given, const SdOperatorName *operator,
		   const JsonbValue *value, const SdPath *path)
{
	SdExpr	   *text = unconstify(SdExpr *, given);
	SdExpr	   *part = sd_parse_expr(scope, value, path);
	bool		negated = operator->op == SD_OP_NOT_LIKE || operator->op == SD_OP_NOT_ILIKE;
	SdExpr	   *length;

	if (!sd_operator_exists(TEXTOID, SD_OP_LIKE, part->type))
		sd_bad_shape(path, "a text");
	if (operator->op == SD_OP_ILIKE || operator->op == SD_OP_NOT_ILIKE)
	{
		text = call("pg_catalog.lower", TEXTOID, list_make1(text));
		part = call("pg_catalog.lower", TEXTOID, list_make1(part));
	}
	if (operator->form == SD_FORM_INFIX)
	{
		SdExpr	   *position = call("pg_catalog.strpos", INT4OID, list_make2(text, part));

		return sd_make_compare(position, negated ? SD_OP_EQ : SD_OP_GT,
							   sd_param_expr(&scope->query->params, INT4OID, Int32GetDatum(0),
											 false, path));
	}
	length = call("pg_catalog.length", INT4OID, list_make1(part));
	text = call(operator->form == SD_FORM_PREFIX ? "pg_catalog.\"left\"" : "pg_catalog.\"right\"",
				TEXTOID, list_make2(text, length));
	return sd_make_compare(text, negated ? SD_OP_NE : SD_OP_EQ, part);
}

/*
 * left LIKE a pattern that matches the value itself, at the beginning, the end
 * or anywhere.  At the beginning, a range beside it lets a text_pattern_ops
 * index be used whatever the value is.
 */
SdCondition *
sd_parse_literal(const SdScope *scope, const SdOperand *left, const SdOperatorName *operator,
			  const JsonbValue *value, const SdPath *path)
{
	SdExpr	   *text = sd_operand_text(scope, left, path);
	SdConversion conversion = operator->form == SD_FORM_PREFIX ? SD_CONVERT_PREFIX
		: operator->form == SD_FORM_SUFFIX ? SD_CONVERT_SUFFIX : SD_CONVERT_INFIX;
	SdExpr	   *end;
	SdCondition *condition;
	SdCondition *below;

	Assert(operator->form >= SD_FORM_PREFIX && operator->form <= SD_FORM_INFIX);
	if (sd_is_expr(value))
		return parse_part(scope, text, operator, value, path);
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
	return sd_param_expr(&scope->query->params, REGCONFIGOID, ObjectIdGetDatum(config), false,
						 path);
}

static bool
takes_words(const JsonbValue *value)
{
	return value->type == jbvString || sd_is_placeholder(value) || sd_is_expr(value);
}

static SdExpr *
bind_words(const SdScope *scope, const SdOperand *left, const JsonbValue *value,
		   const SdPath *path)
{
	SdExpr	   *words;

	if (!sd_is_expr(value))
		return sd_bind_value(scope, SD_CONVERT_STRING, TEXTOID, left->name, value, path);
	words = sd_parse_expr(scope, value, path);
	if (!sd_operator_exists(TEXTOID, SD_OP_LIKE, words->type))
		sd_bad_shape(path, "a text");
	return words;
}

/* to_tsvector(config, left) @@ websearch_to_tsquery(config, words) */
SdCondition *
sd_parse_match(const SdScope *scope, const SdOperand *left, const JsonbValue *value,
			const SdPath *path)
{
	bool		vector = left->expr->type == TSVECTOROID;
	SdExpr	   *words = NULL;
	SdExpr	   *config = NULL;
	SdExpr	   *document;
	SdExpr	   *query;

	if (sd_is_object(value) && !sd_is_placeholder(value) && !sd_is_expr(value))
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
	document->args = list_make1(sd_operand_text(scope, left, path));
	if (config != NULL)
		document->args = lcons(config, document->args);
	return sd_make_compare(document, SD_OP_MATCH, query);
}

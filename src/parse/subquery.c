/*-------------------------------------------------------------------------
 * parse/subquery.c
 *		Parses a query that gives the list of "$in" or "$notIn".
 *
 * It is a query on a model like any other, with the model's default scope and
 * paranoid rule, and one attribute.  Its values are bound among those of the
 * query that it stands in.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/reader.h"
#include "miscadmin.h"
#include "parse/options.h"
#include "parse/scopes.h"
#include "parse/subquery.h"
#include "parse/symbol.h"
#include "utils/builtins.h"

/* Whether the value of "$in" is a query and not a list. */
bool
sd_is_subquery(const JsonbValue *value)
{
	return sd_is_object(value) &&
		getKeyJsonValueFromContainer(value->val.binary.data, "model", 5, NULL) != NULL;
}

/*
 * left IN the query that the object at path is, or with negated NOT IN it, where a
 * null in the list says nothing of other values.
 *
 * Raises 22023 for a wrong shape, values that cannot be compared and more
 * attributes than one, and what opening the model and parsing options raises.
 */
SdCondition *
sd_parse_in_query(const SdScope *scope, const SdOperand *left, bool negated,
				  const JsonbValue *value, const SdPath *path)
{
	SdQuery    *outer = scope->query;
	SdPath		step = SD_KEY_STEP(path, "model", 5);
	const SdModel *model;
	SdCondition *condition;
	SdQuery    *query;
	JsonbValue	name;

	check_stack_depth();
	Assert(sd_is_subquery(value));
	getKeyJsonValueFromContainer(value->val.binary.data, "model", 5, &name);
	if (name.type != jbvString)
		sd_bad_shape(&step, "the name of a model");
	model = sd_model_open_beside(sd_string(&name), scope->model);
	if (outer->call != NULL)
		outer->call->models = list_append_unique_ptr(outer->call->models,
													 unconstify(SdModel *, model));
	query = sd_make_query(model);
	query->call = outer->call;
	query->params = outer->params;
	sd_parse_sources(query,
					 sd_add_scopes(model,
								   list_make1(sd_make_source(SD_SOURCE_CALLER, value, path)),
								   path, true),
					 SD_CALL_SUBQUERY, path);
	Assert(query->params.n >= outer->params.n);
	outer->params = query->params;
	memset(&query->params, 0, sizeof(SdParams));
	step = SD_KEY_STEP(path, "attributes", 10);
	if (query->noutputs != 1)
		sd_bad_shape(&step, "one attribute, whose values make the list");
	if (!sd_operator_exists(left->expr->type, SD_OP_EQ, query->outputs[0].expr->type))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: \"%s\" is of type %s and cannot be compared with a value of type %s",
						sd_path_text(path), left->name, format_type_be(left->expr->type),
						format_type_be(query->outputs[0].expr->type))));
	condition = sd_make_condition(SD_COND_IN_QUERY);
	condition->op = SD_OP_EQ;
	condition->left = left->expr;
	condition->query = query;
	condition->negated = negated;
	return condition;
}

/*-------------------------------------------------------------------------
 * record/amounts.c
 *		Reads what increment and decrement change attributes by.
 *
 * The forms are Sequelize's: "views", ["views", "likes"] and {"views": 2}.
 * Amounts are bound in the widest type of the attribute's kind, so that only
 * the sum has to fit into the attribute.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "convert/reader.h"
#include "convert/value.h"
#include "parse/binding.h"
#include "parse/expression.h"
#include "record/amounts.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

/* The type of amounts for attributes of a type; InvalidOid for what no number is added to. */
static Oid
amount_type(Oid type)
{
	switch (type)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
			return INT8OID;
		case FLOAT4OID:
		case FLOAT8OID:
			return FLOAT8OID;
		case NUMERICOID:
			return NUMERICOID;
		default:
			return InvalidOid;
	}
}

/* The attribute called name, at path; raises 42703 and 22023 for one that the call may not count up. */
static int
find_counted(const SdQuery *query, const JsonbValue *name, const SdPath *path)
{
	const SdModel *model = query->model;
	const bool *writable = query->write->writable;
	int			attr = sd_find_attribute(model, name->val.string.val, name->val.string.len);
	const char *problem = NULL;
	bool		read_only;

	Assert(name->type == jbvString);
	if (attr < 0)
		sd_unknown_attribute(model, name->val.string.val, name->val.string.len, path);
	for (int i = 0; i < model->nkeys; i++)
	{
		if (model->keys[i] == attr)
			problem = "it is the primary key";
	}
	if (attr == model->version)
		problem = "it is kept by studentdir";
	else if (model->attrs[attr].column == NULL)
		problem = "it is not kept in a column";
	else if (problem == NULL && !OidIsValid(amount_type(model->attrs[attr].type)))
		problem = psprintf("it is of type %s, not a number",
						   format_type_be(model->attrs[attr].type));
	else if (problem == NULL && writable != NULL && !writable[attr])
		problem = "it is not among \"fields\"";
	read_only = problem == NULL && writable == NULL && model->attrs[attr].read_only;
	if (read_only)
		problem = "it is read only";
	if (problem != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: attribute \"%s\" cannot be counted up or down: %s",
						sd_path_text(path), model->attrs[attr].name, problem),
				 read_only ? errhint("A call that names it in \"fields\" may write it.") : 0));
	return attr;
}

/* Whether a value is a number, or the text of one, as JSON has those of 64 bits and more. */
static bool
is_number(const JsonbValue *value)
{
	if (value->type == jbvNumeric)
		return true;
	if (value->type != jbvString || value->val.string.len == 0)
		return false;
	for (int i = 0; i < value->val.string.len; i++)
	{
		if (strchr("0123456789+-.eE", value->val.string.val[i]) == NULL ||
			value->val.string.val[i] == '\0')
			return false;
	}
	return true;
}

/* Adds an attribute and what it changes by, which stand at paths of their own. */
static List *
add_amount(List *amounts, const SdQuery *query, SdParams *params, const JsonbValue *name,
		   const SdPath *name_path, const JsonbValue *value, const SdPath *path)
{
	const SdModel *model = query->model;
	SdAmount   *amount = palloc(sizeof(SdAmount));
	Oid			type;
	Datum		datum;
	bool		isnull;
	ListCell   *cell;

	amount->attr = find_counted(query, name, name_path);
	foreach(cell, amounts)
	{
		if (((SdAmount *) lfirst(cell))->attr == amount->attr)
			sd_bad_shape(name_path, psprintf("attribute \"%s\" only once",
											 model->attrs[amount->attr].name));
	}
	if (!is_number(value))
		sd_bad_shape(path, psprintf("a number to change \"%s\" by",
									model->attrs[amount->attr].name));
	type = amount_type(model->attrs[amount->attr].type);
	datum = sd_value(value, type, model->attrs[amount->attr].name, path, &isnull);
	amount->param = sd_param(params, type, datum, isnull);
	return lappend(amounts, amount);
}

/*
 * Reads the argument "amounts" and binds the numbers in params: a list of SdAmount
 * in the current context, not empty.  Attributes without a number change by the option
 * "by", or by 1.
 *
 * Raises 22023 for a wrong shape and for attributes that no number is added to,
 * 42703 for unknown ones, and what converting the numbers raises.
 */
List *
sd_read_amounts(const SdQuery *query, SdParams *params, const JsonbValue *value)
{
	static const SdPath root = {.key = "amounts", .len = 7};
	static const SdPath by_path = {.key = "by", .len = 2};
	JsonbValue	by = {.type = jbvNumeric};
	List	   *amounts = NIL;
	SdReader	reader;

	/* the query stays as it is */
	Assert(params != &query->params);
	by.val.numeric = int64_to_numeric(1);
	if (query->write->by != NULL)
		by = sd_call_value(query, query->write->by, &by_path);
	if (value->type == jbvString)
		return add_amount(NIL, query, params, value, &root, &by, &by_path);
	if (!sd_is_array(value) && !sd_is_object(value))
		sd_bad_shape(&root, "an object of attributes and numbers, the name of an attribute, or an array of names");
	if (sd_is_object(value) && query->write->by != NULL)
		sd_bad_shape(&by_path, "none, since \"amounts\" says it for each attribute");
	sd_read(&reader, value, &root);
	if (sd_is_object(value))
	{
		while (sd_next_member(&reader))
			amounts = add_amount(amounts, query, params, &reader.key, &reader.path,
								 &reader.value, &reader.path);
	}
	else
	{
		while (sd_next_element(&reader))
		{
			if (reader.value.type != jbvString)
				sd_bad_shape(&reader.path, "the name of an attribute");
			amounts = add_amount(amounts, query, params, &reader.value, &reader.path,
								 &by, &by_path);
		}
	}
	if (amounts == NIL)
		sd_bad_shape(&root, "at least one attribute");
	return amounts;
}

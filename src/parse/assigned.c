/*-------------------------------------------------------------------------
 * parse/assigned.c
 *		Parses the option "set" of updates: attributes that get the value of an
 *		expression over the row as it was.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/reader.h"
#include "parse/assigned.h"
#include "parse/binding.h"
#include "parse/expression.h"
#include "parse/words.h"
#include "parser/parse_coerce.h"
#include "utils/builtins.h"

/* Why an attribute cannot be set from an expression; NULL: it can. */
static const char *
find_problem(const SdModel *model, int attr)
{
	if (sd_is_key(model, attr))
		return "it is the primary key";
	if (attr == model->version || attr == model->created_at || attr == model->updated_at ||
		attr == model->deleted_at)
		return "it is kept by studentdir";
	if (model->attrs[attr].column == NULL)
		return "it is not kept in a column";
	if (model->attrs[attr].computed)
		return "the table generates it";
	return NULL;
}

/* The attribute that a member of "set" names. */
static int
find_assigned(const SdQuery *query, const SdReader *reader)
{
	const SdModel *model = query->model;
	const char *name = reader->key.val.string.val;
	int			attr = sd_find_attribute(model, name, reader->key.val.string.len);
	const bool *writable = query->write->writable;
	const char *problem;

	if (attr < 0)
		sd_unknown_attribute(model, name, reader->key.val.string.len, &reader->path);
	problem = find_problem(model, attr);
	if (problem == NULL && writable != NULL && !writable[attr])
		problem = "it is not among \"fields\"";
	if (problem == NULL && model->attrs[attr].read_only && writable == NULL)
		problem = "it is read only";
	if (problem != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: attribute \"%s\" cannot be set: %s", sd_path_text(&reader->path),
						model->attrs[attr].name, problem)));
	return attr;
}

/* Whether a value is, or is meant to be, an expression. */
static bool
looks_like_expr(const JsonbValue *value)
{
	SdReader	reader;

	if (!sd_is_object(value) || sd_array_length(value) == 0)
		return false;
	sd_read(&reader, value, NULL);
	sd_next_member(&reader);
	return reader.key.val.string.len > 0 && reader.key.val.string.val[0] == '$';
}

/* Whether a value is {"$default": …}, which asks for the column's default; raises 22023 where it says anything but true. */
static bool
asks_for_default(const JsonbValue *value, const SdPath *path)
{
	SdReader	reader;

	if (!sd_is_object(value) || sd_array_length(value) != 1)
		return false;
	sd_read(&reader, value, path);
	sd_next_member(&reader);
	if (!sd_key_is(&reader, "$default"))
		return false;
	if (reader.value.type != jbvBool || !reader.value.val.boolean)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: expected true", sd_path_text(&reader.path))));
	return true;
}

/* What an attribute becomes: an expression, a value of its own type, or NULL for the column's default. */
static SdExpr *
parse_assigned(SdQuery *query, const SdAttribute *attr, const JsonbValue *value,
			   const SdPath *path)
{
	SdScope		scope = {.query = query, .model = query->model};
	SdExpr	   *expr;

	if (asks_for_default(value, path))
		return NULL;
	if (sd_is_placeholder(value) || !looks_like_expr(value))
		return sd_bind_value(&scope, SD_CONVERT_VALUE, attr->type, attr->name, value, path);
	expr = sd_parse_expr(&scope, value, path);
	if (!can_coerce_type(1, &expr->type, &attr->type, COERCION_ASSIGNMENT))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: attribute \"%s\" is of type %s, but the expression is of type %s",
						sd_path_text(path), attr->name, format_type_be(attr->type),
						format_type_be(expr->type)),
				 errhint("{\"$cast\": [..., \"type\"]} converts it.")));
	return expr;
}

/*
 * "set": an object of attributes and expressions.  Raises 22023 for attributes that
 * cannot be set so and for types that do not fit, 42703 for an unknown attribute, and
 * what parsing an expression raises.
 */
void
sd_parse_set_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	SdReader	reader;

	Assert(query->write != NULL);
	sd_expect_object(value, path, "an object of attributes and expressions");
	sd_read(&reader, value, path);
	while (sd_next_member(&reader))
	{
		SdAssigned *assigned = palloc(sizeof(SdAssigned));

		assigned->attr = find_assigned(query, &reader);
		assigned->expr = parse_assigned(query, &query->model->attrs[assigned->attr],
										&reader.value, &reader.path);
		query->write->assigned = lappend(query->write->assigned, assigned);
	}
}

/*
 * Raises 22023 where the data, which stands at path, gives an attribute that "set" sets
 * too; given says which ones it gives.
 */
void
sd_check_assigned(const SdQuery *query, const bool *given, const SdPath *path)
{
	ListCell   *cell;

	foreach(cell, query->write->assigned)
	{
		int			attr = ((SdAssigned *) lfirst(cell))->attr;
		const SdAttribute *attribute = &query->model->attrs[attr];
		SdPath		step = SD_KEY_STEP(path, attribute->name, attribute->name_len);

		if (given[attr])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s: attribute \"%s\" is given, and set by the option \"set\" too",
							sd_path_text(&step), attribute->name)));
	}
}

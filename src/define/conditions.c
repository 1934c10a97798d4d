/*-------------------------------------------------------------------------
 * define/conditions.c
 *		Checks the conditions that a definition has for the rows of its model.
 *
 * They are parsed as a writer will parse them, against a descriptor that is made
 * of the definition alone: the table need not be there yet.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "convert/reader.h"
#include "define/conditions.h"
#include "model/attempt.h"
#include "parse/model_validators.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/*
 * A descriptor for what the definition says; an enum, and a type that is not installed,
 * is text.  It counts as open: other models may be opened beside it.
 */
static SdModel *
describe(const SdDefinition *definition)
{
	SdModel    *model = palloc0(sizeof(SdModel));
	ListCell   *cell;

	model->name = definition->name;
	model->attrs = palloc0(sizeof(SdAttribute) * list_length(definition->attributes));
	foreach(cell, definition->attributes)
	{
		const SdAttributeDef *def = lfirst(cell);
		SdAttribute *attr = &model->attrs[model->nattrs++];

		attr->name = def->name;
		attr->name_len = strlen(def->name);
		if (def->field != NULL)
			attr->column = quote_identifier(def->field);
		attr->type = OidIsValid(def->type->oid) ? getBaseType(def->type->oid)
			: def->type->dimensions > 0 ? TEXTARRAYOID : TEXTOID;
	}
	Assert(model->nattrs == list_length(definition->attributes));
	model->created_at = model->updated_at = model->deleted_at = model->version = -1;
	model->opened = sd_model_news();
	model->pins = 1;
	return model;
}

/* a validator's condition, to be parsed by sd_attempt() */
typedef struct CheckedCondition
{
	SdQuery    *query;
	const char *name;			/* of the validator */
	const JsonbValue *where;
	const SdPath *path;
} CheckedCondition;

static void
parse_condition(void *arg)
{
	const CheckedCondition *condition = arg;

	(void) sd_parse_check(condition->query, condition->name, condition->where, condition->path);
}

/*
 * Parses a validator's condition.  Where that opens a model which is not defined yet, or
 * whose table is not made, it says so and is content: definitions may come in any order.
 */
static void
check_condition(SdQuery *query, const char *name, const JsonbValue *where, const SdPath *path)
{
	CheckedCondition condition = {query, name, where, path};
	ErrorData  *error = sd_attempt(parse_condition, &condition);

	if (error == NULL)
		return;
	if (error->sqlerrcode != ERRCODE_UNDEFINED_TABLE)
		ReThrowError(error);
	ereport(WARNING,
			(errmsg("validator \"%s\" of model \"%s\" was not checked: %s", name,
					query->model->name, error->message)));
	FreeErrorData(error);
}

/*
 * Checks the validators of the whole model.  Raises, with the path, what parsing
 * a "where" raises, and 22023 for one that sets no condition.
 */
void
sd_check_conditions(const SdDefinition *definition)
{
	static const SdPath path = {.key = "validate", .len = 8};
	SdQuery    *query;
	SdReader	reader;

	if (definition->validate == NULL)
		return;
	query = palloc0(sizeof(SdQuery));
	query->model = describe(definition);
	sd_read(&reader, definition->validate, &path);
	while (sd_next_member(&reader))
	{
		JsonbValue	where;

		Assert(sd_is_object(&reader.value));
		if (getKeyJsonValueFromContainer(reader.value.val.binary.data, "where", 5, &where) != NULL)
			check_condition(query, sd_string(&reader.key), &where, &path);
	}
}

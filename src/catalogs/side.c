/*-------------------------------------------------------------------------
 * catalogs/side.c
 *		The two sides of an association: who refers to whom, and the call that
 *		defines the side that nobody has defined.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalogs/rows.h"
#include "json/object_text.h"
#include "utils/builtins.h"

/* What an association's foreign keys refer to: one side, or two for a join model. */
int
sd_association_sides(const SdAssociationRow *row, SdSide sides[2])
{
	Assert(row->source_key != NIL && row->target_key != NIL);
	Assert(row->kind != SD_BELONGS_TO_MANY || (row->through != NULL && row->other_key != NIL));
	switch (row->kind)
	{
		case SD_BELONGS_TO_MANY:
			sides[0] = (SdSide) {row->through, row->foreign_key, row->model, row->source_key};
			sides[1] = (SdSide) {row->through, row->other_key, row->target, row->target_key};
			return 2;
		case SD_BELONGS_TO:
			sides[0] = (SdSide) {row->model, row->source_key, row->target, row->target_key};
			return 1;
		case SD_HAS_MANY:
		case SD_HAS_ONE:
			break;
	}
	sides[0] = (SdSide) {row->target, row->target_key, row->model, row->source_key};
	return 1;
}

/* Whether one association is the other side of another. */
bool
sd_is_other_side(const SdAssociationRow *a, const SdAssociationRow *b)
{
	if (strcmp(a->model, b->target) != 0 || strcmp(a->target, b->model) != 0)
		return false;
	if (a->through != NULL || b->through != NULL)
		return a->through != NULL && b->through != NULL &&
			strcmp(a->through, b->through) == 0 && sd_same_names(a->foreign_key, b->other_key);
	return (a->kind == SD_BELONGS_TO) != (b->kind == SD_BELONGS_TO) &&
		sd_same_names(a->foreign_key, b->foreign_key);
}

/* Adds the key that a model is referred to by, where it has to be said: it is not the primary key. */
static void
add_referenced_key(StringInfo object, const char *name, const SdModelRow *model, List *key)
{
	if (model == NULL || !sd_same_names(sd_row_keys(model), key))
		sd_add_names(object, name, key);
}

/*
 * The name that the other side of an association needs, because the one that it
 * would get is that of another association of its model, or NULL.
 */
static char *
other_alias(const SdAssociationRow *row, const SdModelRow *model)
{
	bool		many = row->kind == SD_BELONGS_TO || row->kind == SD_BELONGS_TO_MANY;

	if (model == NULL ||
		sd_find_association_row(row->target, many ? model->plural : model->singular) == NULL)
		return NULL;
	return psprintf("%sOf%s", row->alias, model->singular);
}

/*
 * The call that would define the other side of an association, in the current
 * context.  Raises 55000 where the rows of its models are not valid.
 */
char *
sd_other_side(const SdAssociationRow *row)
{
	SdModelRow *model = sd_find_model_row(row->model);
	SdModelRow *target = sd_find_model_row(row->target);
	const char *call = "belongs_to";
	StringInfoData options;

	Assert(row->foreign_key != NIL && (row->kind == SD_BELONGS_TO_MANY) == (row->through != NULL));
	initStringInfo(&options);
	sd_add_string(&options, "as", other_alias(row, model));
	if (row->kind == SD_BELONGS_TO_MANY)
	{
		call = "belongs_to_many";
		sd_add_string(&options, "through", row->through);
		sd_add_names(&options, "foreignKey", row->other_key);
		sd_add_names(&options, "otherKey", row->foreign_key);
	}
	else
	{
		if (row->kind == SD_BELONGS_TO)
			call = "has_many";
		sd_add_names(&options, "foreignKey", row->foreign_key);
	}
	if (row->kind == SD_BELONGS_TO || row->kind == SD_BELONGS_TO_MANY)
		add_referenced_key(&options, "sourceKey", target, row->target_key);
	if (row->kind != SD_BELONGS_TO)
		add_referenced_key(&options, "targetKey", model, row->source_key);
	appendStringInfoString(&options, "}");
	return psprintf("studentdir.%s(%s, %s, %s)", call, quote_literal_cstr(row->target),
					quote_literal_cstr(row->model), quote_literal_cstr(options.data));
}

/*-------------------------------------------------------------------------
 * model/missing_side.c
 *		Finds the side of an association that nobody defined, for hints.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "model/inflection.h"
#include "model/model.h"

/*
 * The call that would give the model an association by that name (len bytes):
 * where another model, of that name in either number, has one with this model.
 * In the current context; NULL when there is none.  Raises 55000 where the rows
 * of the model's associations are not valid.
 */
char *
sd_missing_side(const SdModel *model, const char *name, int len)
{
	char	   *wanted = pnstrdup(name, len);
	char	   *singular = sd_singularize(wanted);
	ListCell   *cell;

	foreach(cell, sd_association_rows(model->name))
	{
		const SdAssociationRow *row = lfirst(cell);

		if (strcmp(row->target, model->name) == 0 &&
			(strcmp(row->model, wanted) == 0 || strcmp(row->model, singular) == 0))
			return sd_other_side(row);
	}
	return NULL;
}

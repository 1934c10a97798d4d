/*-------------------------------------------------------------------------
 * model/missing.c
 *		The error for a model that does not exist: what it was probably meant
 *		to be, or where models come from.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "model/inflection.h"
#include "model/model.h"

/* Whether name is that of one of the samples. */
static bool
is_builtin(const char *name)
{
	return strcmp(name, "Student") == 0 || strcmp(name, "User") == 0 || strcmp(name, "Post") == 0;
}

/*
 * The model that somebody means who writes name, for a hint: one whose name
 * differs from it only in case, one that defining the table of that name would
 * make, or the one that is spelt most like it; NULL when there is none.
 */
const char *
sd_nearest_model(const char *name)
{
	List	   *models = sd_model_names();
	const char **names = palloc(sizeof(char *) * Max(list_length(models), 1));
	const char *dot = strrchr(name, '.');
	const char *singular = sd_singularize(sd_camelize(dot != NULL ? dot + 1 : name));
	ListCell   *cell;

	foreach(cell, models)
	{
		if (pg_strcasecmp(lfirst(cell), name) == 0 || pg_strcasecmp(lfirst(cell), singular) == 0)
			return lfirst(cell);
		names[foreach_current_index(cell)] = lfirst(cell);
	}
	return sd_nearest(name, strlen(name), names, list_length(models));
}

/* Raises 42P01 for a model that is not in the catalog. */
void
sd_no_such_model(const char *name)
{
	const char *nearest = is_builtin(name) ? NULL : sd_nearest_model(name);

	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_TABLE),
			 errmsg("model \"%s\" does not exist", name),
			 is_builtin(name)
			 ? errhint("It is one of the samples: SELECT * FROM studentdir.migrate() brings it back, unless the samples were removed or not installed. A model of your own is made with studentdir.define.")
			 : nearest != NULL
			 ? errhint("Perhaps you meant \"%s\". A new model is made with studentdir.define.", nearest)
			 : errhint("studentdir.models() lists the models. studentdir.define or a migration makes one: SELECT * FROM studentdir.migrate() applies the pending ones.")));
}

/* The row of a model, in the current context.  Raises 42P01 where there is none, 55000 where it is not valid. */
SdModelRow *
sd_model_row(const char *name)
{
	SdModelRow *row = sd_find_model_row(name);

	if (row == NULL)
		sd_no_such_model(name);
	return row;
}

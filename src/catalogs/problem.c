/*-------------------------------------------------------------------------
 * catalogs/problem.c
 *		What can be wrong with a row of the catalogs, and the error for it.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalogs/rows.h"

/* Raises 55000 for a row that does not fit: detail is a sentence that says what is wrong. */
void
sd_bad_row(const char *model, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("the definition of model \"%s\" is not valid", model),
			 errdetail_internal("%s", detail),
			 errhint("Correct its rows in studentdir.model and studentdir.association, or define it again.")));
}

/*
 * Why a name can be none, of an attribute and of a table alike, as a predicate;
 * NULL where it can.  What define() takes as names is less.
 */
const char *
sd_name_problem(const char *name)
{
	if (name == NULL)
		return "is null";
	if (*name == '\0')
		return "is empty";
	return strlen(name) < NAMEDATALEN ? NULL : "is too long";
}

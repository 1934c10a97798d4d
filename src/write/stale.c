/*-------------------------------------------------------------------------
 * write/stale.c
 *		The error of optimistic locking, which several writers raise.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "write/stale.h"

/*
 * Raises 40001: a record has another version than the caller expects.  where
 * says which one it is in the caller's document; NULL where there is only one.
 */
void
sd_stale_version(const SdModel *model, const char *where)
{
	ereport(ERROR,
			(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
			 errmsg("%s%sthe record of model \"%s\" was changed since it was read",
					where != NULL ? where : "", where != NULL ? ": " : "", model->name),
			 errdetail("Its \"%s\" is not the one that the data gives.",
					   model->attrs[model->version].name),
			 errhint("Read the record again, and make the change on what it is now.")));
}

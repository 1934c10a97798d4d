/*-------------------------------------------------------------------------
 * model/readable.c
 *		Which attributes of a model the current role may read.
 *
 * What a role may read is what it is granted now; privileges are no part of a
 * descriptor.  A statement's shape has the attributes that were chosen by them.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "miscadmin.h"
#include "model/model.h"
#include "utils/acl.h"

/*
 * By attribute, whether the current role may read its column, in the current
 * context.  NULL where it may read the table as a whole, which is all that is
 * looked at then, and where it may read none of the columns: nothing is to be
 * left out, and the statement fails as it has to.
 */
const bool *
sd_readable(const SdModel *model)
{
	Oid			role = GetUserId();
	bool	   *readable;
	bool		some = false;

	if (pg_class_aclcheck(model->relid, role, ACL_SELECT) == ACLCHECK_OK)
		return NULL;
	readable = palloc(sizeof(bool) * model->nattrs);
	for (int i = 0; i < model->nattrs; i++)
	{
		readable[i] = model->attrs[i].column != NULL &&
			pg_attribute_aclcheck(model->relid, model->attrs[i].attnum, role,
								  ACL_SELECT) == ACLCHECK_OK;
		some |= readable[i];
	}
	return some ? readable : NULL;
}

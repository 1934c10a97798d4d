/*-------------------------------------------------------------------------
 * model/readable.c
 *		Which attributes of a model the current role may read, or write.
 *
 * What a role may do is what it is granted now; privileges are no part of a
 * descriptor.  A statement's shape has the attributes that were chosen by them.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "miscadmin.h"
#include "model/model.h"
#include "utils/acl.h"

static bool
is_permitted(const SdModel *model, int attr, AclMode privilege)
{
	return model->attrs[attr].column != NULL &&
		pg_attribute_aclcheck(model->relid, model->attrs[attr].attnum, GetUserId(),
							  privilege) == ACLCHECK_OK;
}

/*
 * By attribute, whether the current role has a privilege on its column, in the current
 * context.  NULL where it has it on the table as a whole, which is all that is
 * looked at then, and where it has it on none of the columns: nothing is to be
 * left out, and the statement fails as it has to.
 */
static const bool *
permitted_attributes(const SdModel *model, AclMode privilege)
{
	bool	   *permitted;
	bool		some = false;

	if (pg_class_aclcheck(model->relid, GetUserId(), privilege) == ACLCHECK_OK)
		return NULL;
	permitted = palloc(sizeof(bool) * model->nattrs);
	for (int i = 0; i < model->nattrs; i++)
	{
		permitted[i] = is_permitted(model, i, privilege);
		some |= permitted[i];
	}
	return some ? permitted : NULL;
}

/* The same of reading: what default answers have. */
const bool *
sd_readable(const SdModel *model)
{
	return permitted_attributes(model, ACL_SELECT);
}

/* Whether sd_readable() leaves an attribute in; the others are looked at only where it may not be read. */
bool
sd_is_readable(const SdModel *model, int attr)
{
	Assert(attr >= 0 && attr < model->nattrs);
	return pg_class_aclcheck(model->relid, GetUserId(), ACL_SELECT) == ACLCHECK_OK ||
		is_permitted(model, attr, ACL_SELECT) || sd_readable(model) == NULL;
}

/* The same of writing: what the data of a new record, or of an update, may give. */
const bool *
sd_permitted_data(const SdModel *model, bool create)
{
	return permitted_attributes(model, create ? ACL_INSERT : ACL_UPDATE);
}

/*-------------------------------------------------------------------------
 * migrate/guard.c
 *		The trigger that keeps registered_by honest.
 *
 * migrate() runs a migration only for members of the role that registered it.
 * Whoever may write the ledger could otherwise put SQL of their own under a
 * more powerful role's name, and have that role run it.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "catalogs/rows.h"
#include "commands/trigger.h"
#include "fmgr.h"
#include "migrate/extension.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

SD_FUNCTION(studentdir_registered_by);

static char *
get_text(HeapTuple tuple, TupleDesc desc, AttrNumber attnum)
{
	bool		isnull;
	Datum		value = heap_getattr(tuple, attnum, desc, &isnull);

	return isnull ? NULL : TextDatumGetCString(value);
}

/* Whether an UPDATE leaves alone what registered_by stands for. */
static bool
text_is_same(TriggerData *trigger)
{
	static const char *const columns[] = {"name", "up", "down", "checksum", "registered_by"};
	Relation	rel = trigger->tg_relation;
	TupleDesc	desc = RelationGetDescr(rel);

	for (int i = 0; i < lengthof(columns); i++)
	{
		AttrNumber	attnum = get_attnum(RelationGetRelid(rel), columns[i]);
		char	   *old = get_text(trigger->tg_trigtuple, desc, attnum);
		char	   *new = get_text(trigger->tg_newtuple, desc, attnum);

		if ((old == NULL) != (new == NULL) || (old != NULL && strcmp(old, new) != 0))
			return false;
	}
	return true;
}

/*
 * BEFORE INSERT OR UPDATE, for each row.  Registered by a role that the caller
 * cannot become: the caller takes its place.  Superusers write what they
 * like, so that a dump restored by one brings the names back.
 */
Datum
studentdir_registered_by(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	Relation	rel;
	HeapTuple	tuple;
	int			attnum;
	char	   *name;
	Oid			role;
	Datum		value;
	bool		isnull = false;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("studentdir.registered_by() is a trigger function")));

	rel = trigger->tg_relation;
	if (RelationGetRelid(rel) != sd_catalog_table("migration") &&
		RelationGetRelid(rel) != sd_catalog_table("seed"))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("studentdir.registered_by() is a trigger function of studentdir.migration and studentdir.seed")));
	if (TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
	{
		tuple = trigger->tg_newtuple;
		if (text_is_same(trigger))
			return PointerGetDatum(tuple);
	}
	else
		tuple = trigger->tg_trigtuple;

	if (superuser())
		return PointerGetDatum(tuple);

	attnum = get_attnum(RelationGetRelid(rel), "registered_by");
	Assert(attnum != InvalidAttrNumber);
	name = get_text(tuple, RelationGetDescr(rel), attnum);
	role = name == NULL ? InvalidOid : get_role_oid(name, true);
	if (OidIsValid(role) && SD_CAN_BECOME(GetUserId(), role))
		return PointerGetDatum(tuple);

	value = CStringGetTextDatum(GetUserNameFromId(GetUserId(), false));
	tuple = heap_modify_tuple_by_cols(tuple, RelationGetDescr(rel), 1, &attnum, &value, &isnull);
	return PointerGetDatum(tuple);
}

/*-------------------------------------------------------------------------
 * model/changed.c
 *		The trigger that tells every session that the models changed.
 *
 * Model caches listen to relcache invalidation of the catalog tables.  Plain
 * DML does not send it: this statement trigger does, at commit, and at once to
 * the session itself.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "commands/trigger.h"
#include "fmgr.h"
#include "utils/inval.h"
#include "utils/rel.h"

SD_FUNCTION(studentdir_catalog_changed);

/* AFTER INSERT, UPDATE, DELETE or TRUNCATE, for each statement. */
Datum
studentdir_catalog_changed(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("studentdir.catalog_changed() is a trigger function")));
	CacheInvalidateRelcacheByRelid(RelationGetRelid(trigger->tg_relation));
	return PointerGetDatum(NULL);
}

/*-------------------------------------------------------------------------
 * model/cache.c
 *		The per-backend cache of model descriptors.
 *
 * Invalidation comes as relcache invalidation: of the two catalogs (the
 * trigger function in changed.c sends it when DML changes them), which drops
 * every descriptor, and of a model's own table, which drops that model's.  It
 * may arrive at any moment in which the server takes a lock or opens a
 * relation, also while a descriptor is being loaded or used.  So a descriptor
 * that is dropped is only unlinked.  It is freed when a model is opened later,
 * or a transaction ends, and the memory contexts are gone in which it was opened
 * itself.  One that was being loaded meanwhile is used but not kept.
 *
 * The catalogs are read with a snapshot of their own that is newer than every
 * invalidation processed so far, as the system catalogs are: a REPEATABLE READ
 * transaction's old snapshot would bring back what was just invalidated.
 *
 * A migration changes a table and the model's row together.  A call that waits
 * for the table's lock meanwhile has read the old row; so after the lock it
 * looks whether the catalogs have changed, and if so starts over, before it
 * says of anything that it is missing.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/transam.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "miscadmin.h"
#include "model/model.h"
#include "settings.h"
#include "storage/lmgr.h"
#include "storage/sinval.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

typedef struct CacheEntry
{
	NameData	name;			/* hash key */
	SdModel    *model;
} CacheEntry;

static HTAB *models = NULL;
static SdModel *expired_models = NULL;	/* unlinked, to be freed when nothing uses them */
static Oid	model_catalog = InvalidOid;
static Oid	association_catalog = InvalidOid;
static uint64 invalidations = 0;	/* counts what could concern any descriptor */
static uint64 generation = 0;	/* counts what could concern the catalogs */
static uint64 last_serial = 0;
static bool snapshot_is_old = false;	/* see sd_snapshot_is_old() */
static bool starting_over = false;	/* the error that is being raised is start_over()'s */

/* Takes a descriptor that is not (or no longer) in the hash table out of use. */
static void
expire(SdModel *model)
{
	Assert(!model->expired);
	model->expired = true;
	model->next_expired = expired_models;
	expired_models = model;
}

/* Unlinks the descriptors that stand on relid; all of them when it is invalid. */
static void
drop_descriptors(Oid relid)
{
	HASH_SEQ_STATUS status;
	CacheEntry *entry;

	hash_seq_init(&status, models);
	while ((entry = hash_seq_search(&status)) != NULL)
	{
		if (OidIsValid(relid) && entry->model->relid != relid)
			continue;
		expire(entry->model);
		hash_search(models, &entry->name, HASH_REMOVE, NULL);
	}
}

/* relcache callback; must not fail */
static void
relation_changed(Datum arg, Oid relid)
{
	invalidations++;
	/* while it is not known which the catalogs are it could be one of them */
	if (!OidIsValid(relid) || !OidIsValid(model_catalog) ||
		relid == model_catalog || relid == association_catalog)
	{
		/* the catalogs themselves may be gone, or be others after DROP and CREATE EXTENSION */
		model_catalog = association_catalog = InvalidOid;
		generation++;
		drop_descriptors(InvalidOid);
	}
	else
		drop_descriptors(relid);
}

/*
 * syscache callback for pg_namespace, since a renamed schema renames tables
 * without touching them, for pg_cast, since a type's cast to json decides how
 * plans write its values, and for roles and their members: what options choose
 * depends on the columns that the role may read, and grants of these are news of
 * the table
 */
static void
catalog_changed(Datum arg, int cacheid, uint32 hashvalue)
{
	relation_changed(arg, InvalidOid);
}

/* memory context callback: the context in which a descriptor was opened goes, or is emptied */
static void
unpin(void *arg)
{
	SdModel    *model = arg;

	Assert(model->pins > 0);
	model->pins--;
}

/* Keeps a descriptor until the current context goes. */
static void
pin(SdModel *model)
{
	MemoryContextCallback *callback = palloc(sizeof(MemoryContextCallback));

	Assert(CurrentMemoryContext != CacheMemoryContext && CurrentMemoryContext != model->cxt);
	callback->func = unpin;
	callback->arg = model;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, callback);
	model->pins++;
}

/*
 * Frees what was dropped and nothing uses.  Not while a descriptor is being
 * looked up or loaded: it has no pin yet.
 */
static void
free_expired(void)
{
	SdModel   **link = &expired_models;

	while (*link != NULL)
	{
		SdModel    *model = *link;

		Assert(model->expired);
		if (model->pins > 0)
			link = &model->next_expired;
		else
		{
			*link = model->next_expired;
			MemoryContextDelete(model->cxt);
		}
	}
}

/* What calls that were under way when a transaction was aborted have pinned stays until their contexts go. */
static void
transaction_ended(XactEvent event, void *arg)
{
	if (event != XACT_EVENT_PRE_COMMIT && event != XACT_EVENT_PRE_PREPARE &&
		event != XACT_EVENT_PARALLEL_PRE_COMMIT)
		free_expired();
}

/* Sets up the cache; called once, when the library is loaded. */
void
sd_model_init(void)
{
	HASHCTL		ctl = {.keysize = sizeof(NameData), .entrysize = sizeof(CacheEntry)};

	Assert(models == NULL);
	models = hash_create("studentdir models", 32, &ctl, HASH_ELEM | HASH_STRINGS);
	CacheRegisterRelcacheCallback(relation_changed, (Datum) 0);
	CacheRegisterSyscacheCallback(NAMESPACEOID, catalog_changed, (Datum) 0);
	CacheRegisterSyscacheCallback(CASTSOURCETARGET, catalog_changed, (Datum) 0);
	CacheRegisterSyscacheCallback(AUTHMEMROLEMEM, catalog_changed, (Datum) 0);
	CacheRegisterSyscacheCallback(AUTHOID, catalog_changed, (Datum) 0);
	RegisterXactCallback(transaction_ended, NULL);
}

/*
 * Looks up the OIDs of the catalogs, which the extension owns.  They are not
 * remembered when an invalidation arrives between the two look-ups.
 */
static void
find_catalogs(Oid *model, Oid *association)
{
	uint64		before = invalidations;
	Oid			schema = get_namespace_oid(SD_SCHEMA, true);

	*model = *association = InvalidOid;
	if (OidIsValid(schema))
	{
		*model = get_relname_relid("model", schema);
		*association = get_relname_relid("association", schema);
	}
	if (!OidIsValid(*model) || !OidIsValid(*association))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("the catalogs of studentdir do not exist"),
				 errhint("Install the extension with CREATE EXTENSION studentdir.")));
	if (invalidations == before)
	{
		model_catalog = *model;
		association_catalog = *association;
	}
}

/* Counts the changes of the catalogs: what was read of them holds while it stays as it was. */
uint64
sd_model_generation(void)
{
	return generation;
}

/*
 * The OID of studentdir.model.  *remembered tells whether its invalidation
 * counts as a change from now on.  Raises 42P01 when the extension is not
 * installed.
 */
Oid
sd_model_catalog(bool *remembered)
{
	Oid			model = model_catalog;
	Oid			association;

	if (!OidIsValid(model))
		find_catalogs(&model, &association);
	*remembered = OidIsValid(model_catalog);
	return model;
}

/* How far this backend has heard, for sd_catalogs_changed(). */
SdNews
sd_model_news(void)
{
	SdNews		now = {generation, SharedInvalidMessageCounter};

	return now;
}

/*
 * Whether another session has changed the catalogs since, or may have.  What the
 * transaction changes itself does not count, since nothing waits for it, nor
 * that caches are emptied without a message.
 */
bool
sd_catalogs_changed(SdNews since)
{
	return generation != since.generation && SharedInvalidMessageCounter != since.messages;
}

/* The descriptor of a model; NULL when the catalogs have changed since. */
static SdModel *
try_open(const char *name, SdNews since)
{
	NameData	key;
	CacheEntry *entry;
	SdModel    *model;
	Oid			models_oid;
	Oid			associations_oid;
	uint64		before;
	bool		cacheable = strlen(name) < NAMEDATALEN;
	bool		found;

	if (cacheable)
	{
		namestrcpy(&key, name);
		entry = hash_search(models, &key, HASH_FIND, NULL);
		if (entry != NULL)
		{
			model = entry->model;
			Assert(!model->expired);
			LockRelationOid(model->relid, AccessShareLock);
			if (sd_catalogs_changed(since))
				return NULL;
			if (!model->expired)
				return model;
		}
	}

	models_oid = model_catalog;
	associations_oid = association_catalog;
	if (!OidIsValid(models_oid))
		find_catalogs(&models_oid, &associations_oid);
	Assert(OidIsValid(models_oid) && OidIsValid(associations_oid));
	before = invalidations;
	model = sd_model_load(name, models_oid, associations_oid, since, CacheMemoryContext);
	if (model == NULL)
		return NULL;
	model->serial = ++last_serial;

	if (invalidations != before || !cacheable)
		expire(model);
	else
	{
		entry = hash_search(models, &key, HASH_ENTER, &found);
		if (found)
			expire(entry->model);
		entry->model = model;
	}
	return sd_catalogs_changed(since) ? NULL : model;
}

/*
 * Notes where a model or its table was changed last by a transaction that the
 * active snapshot does not see: one that the call has waited for, or that has
 * committed between the snapshot and the call.
 */
static void
note_change(const SdModel *model)
{
	Snapshot	snapshot;

	if (!TransactionIdIsNormal(model->changed_by) || !ActiveSnapshotSet())
		return;
	snapshot = GetActiveSnapshot();
	if (TransactionIdPrecedes(model->changed_by, snapshot->xmin) ||
		TransactionIdIsCurrentTransactionId(model->changed_by))
		return;
	snapshot_is_old |= XidInMVCCSnapshot(model->changed_by, snapshot);
}

/*
 * Whether the active snapshot is older than a change of a model that was opened,
 * with those beside it, or of its table.  Rows may have been written anew then that
 * the snapshot does not show.
 */
bool
sd_snapshot_is_old(void)
{
	return snapshot_is_old;
}

/*
 * The descriptor of the model called name, its table locked in ACCESS SHARE
 * mode until the end of the transaction, so that what the descriptor says of
 * the table holds.  The result is good until the current memory context is reset
 * or deleted.
 *
 * Raises 42P01 for an unknown model or a missing table, 42703 for a missing
 * column.
 */
const SdModel *
sd_model_open(const char *name)
{
	SdModel    *model;

	free_expired();
	snapshot_is_old = false;
	/* a lock that the transaction holds already would not bring the news of other sessions */
	AcceptInvalidationMessages();
	while ((model = try_open(name, sd_model_news())) == NULL)
		CHECK_FOR_INTERRUPTS();
	model->opened = sd_model_news();
	pin(model);
	note_change(model);
	return model;
}

/*
 * The same for a model that a call uses together with first, which it has
 * opened before.  Where the catalogs have changed since, the two would be of
 * different states: then it raises 40001, which whoever opened first catches and
 * knows by sd_models_start_over().
 */
const SdModel *
sd_model_open_beside(const char *name, const SdModel *first)
{
	SdModel    *model = NULL;

	Assert(first->pins > 0);
	AcceptInvalidationMessages();
	if (!sd_catalogs_changed(first->opened))
		model = try_open(name, first->opened);
	if (model == NULL)
	{
		starting_over = true;
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("model \"%s\" was changed while the call that uses it began", name),
				 errhint("Try again.")));
	}
	model->opened = first->opened;
	pin(model);
	note_change(model);
	return model;
}

/*
 * To be called when an error is caught, with its code: whether it is that the models
 * have changed since the first one was opened, so that the caller begins again by
 * opening it.  Nothing is held where it is raised but locks on tables, so no
 * subtransaction has to be rolled back.
 */
bool
sd_models_start_over(int sqlerrcode)
{
	bool		result = starting_over && sqlerrcode == ERRCODE_T_R_SERIALIZATION_FAILURE;

	starting_over = false;
	return result;
}

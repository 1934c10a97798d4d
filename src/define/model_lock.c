/*-------------------------------------------------------------------------
 * define/model_lock.c
 *		Makes definitions of one model wait for each other.
 *
 * What may be defined depends on more rows than the one that is written: a model's name
 * on those of all others, an association on the attributes of the models that it joins.
 * No unique index holds that.  So whoever defines first locks the names, and then looks.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalogs/rows.h"
#include "common/hashfn.h"
#include "define/model_lock.h"
#include "storage/lmgr.h"

/* The hash of a name as sd_other_case() compares it: names of models may not differ in case alone. */
static uint32
hash_name(const char *name)
{
	char	   *folded = pstrdup(name);

	for (char *c = folded; *c != '\0'; c++)
		*c = pg_tolower((unsigned char) *c);
	return hash_bytes((unsigned char *) folded, strlen(folded));
}

static int
compare_hashes(const ListCell *a, const ListCell *b)
{
	return lfirst_oid(a) < lfirst_oid(b) ? -1 : lfirst_oid(a) > lfirst_oid(b) ? 1 : 0;
}

/*
 * Makes this transaction the only one that defines models of these names (those that are
 * NULL left out), or their associations, until it ends; they need not exist.  What is read
 * of the catalogs afterwards is what others have committed before.  Two names may have one
 * lock.  It is no lock of a row: calls on the models wait for nothing.
 */
void
sd_lock_models(const List *names)
{
	Oid			catalog = sd_catalog_table("model");
	List	   *hashes = NIL;
	ListCell   *cell;

	foreach(cell, names)
	{
		if (lfirst(cell) != NULL)
			hashes = lappend_oid(hashes, hash_name(lfirst(cell)));
	}
	/* in one order, so that those who lock several do not deadlock */
	list_sort(hashes, compare_hashes);
	foreach(cell, hashes)
		LockDatabaseObject(catalog, lfirst_oid(cell), 0, ShareUpdateExclusiveLock);
}

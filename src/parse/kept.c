/*-------------------------------------------------------------------------
 * parse/kept.c
 *		The per-backend cache of parsed options.
 *
 * Options that are a constant text come again with the same bytes.  Their query
 * is found by these, without a look at what they say, and gets the values of
 * the call (binding.c).  Everything else that parsing depends on is part of the
 * key: the model by the serial of its descriptor, the user, settings; the other
 * models that the options lead to are opened again, which takes the locks of
 * their tables, and have to be what they were.
 *
 * Options that hold their values are other bytes each time, and would push out
 * those that come again.  So what is seen for the first time is only noted.  What
 * is parsed to estimate a call is kept for that call, one at a time.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "convert/reader.h"
#include "lib/ilist.h"
#include "miscadmin.h"
#include "parse/binding.h"
#include "parse/kept.h"
#include "parse/key.h"
#include "settings.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

/* bytes that a session keeps of queries, and the longest options that are kept */
#define SD_KEPT_BYTES		((Size) 2 * 1024 * 1024)
#define SD_KEPT_OPTIONS		(32 * 1024)

/* hashes of options that have been seen; a power of two */
#define SD_SEEN				1024

StaticAssertDecl((SD_SEEN & (SD_SEEN - 1)) == 0, "SD_SEEN is a power of two");

/* what else parsing depends on, compared as bytes */
typedef struct Circumstances
{
	uint64		serial;			/* of the model */
	Oid			user;
	Oid			key_type;
	int			call;
	int			max_include_depth;
	int			empty_where;
	bool		foldable;
	bool		client;
} Circumstances;

/* another model that the options lead to */
typedef struct KeptModel
{
	char	   *name;
	uint64		serial;
} KeptModel;

typedef struct KeptQuery
{
	uint32		hash;			/* has to be first: the key of the hash table's entries */
	Circumstances circumstances;
	Jsonb	   *options;		/* NULL: none */
	char	   *key_names;		/* see name_key() */
	char	   *association;	/* of the inputs */
	char	   *aggregate;
	char	   *attribute;
	int			nmodels;
	KeptModel  *models;
	const SdQuery *query;
	Size		bytes;
	dlist_node	used;			/* most recently used first */
	int			pins;
	bool		dropped;		/* to be freed with the last pin */
	MemoryContext cxt;
} KeptQuery;

typedef struct KeptEntry
{
	uint32		hash;
	KeptQuery  *kept;
} KeptEntry;

StaticAssertDecl(offsetof(KeptQuery, hash) == 0 && offsetof(KeptEntry, hash) == 0,
				 "the key of the entries comes first");

static HTAB *entries = NULL;
static dlist_head used_entries = DLIST_STATIC_INIT(used_entries);
static Size total_bytes = 0;
static uint32 seen[SD_SEEN];

/* what was parsed to estimate a call, and not called before; NULL: none */
static KeptQuery *estimated = NULL;

/* Sets up the cache; called once, when the library is loaded. */
void
sd_kept_init(void)
{
	HASHCTL		ctl = {.keysize = sizeof(uint32), .entrysize = sizeof(KeptEntry)};

	entries = hash_create("studentdir options", 256, &ctl, HASH_ELEM | HASH_BLOBS);
}

/* Takes an entry out of the cache; it is freed now or with its last pin. */
static void
drop(KeptQuery *kept)
{
	Assert(!kept->dropped && total_bytes >= kept->bytes);
	hash_search(entries, &kept->hash, HASH_REMOVE, NULL);
	dlist_delete(&kept->used);
	total_bytes -= kept->bytes;
	kept->dropped = true;
	if (kept == estimated)
		estimated = NULL;
	if (kept->pins == 0)
		MemoryContextDelete(kept->cxt);
}

/* memory context callback: the caller that pinned the entry is done with it */
static void
unpin(void *arg)
{
	KeptQuery  *kept = arg;

	Assert(kept->pins > 0);
	if (--kept->pins == 0 && kept->dropped)
		MemoryContextDelete(kept->cxt);
}

static void
pin(KeptQuery *kept)
{
	MemoryContextCallback *callback = palloc(sizeof(*callback));

	callback->func = unpin;
	callback->arg = kept;
	kept->pins++;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, callback);
}

static bool
same_name(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool
same_options(const Jsonb *a, const Jsonb *b)
{
	return a == b || (a != NULL && b != NULL && VARSIZE(a) == VARSIZE(b) &&
					  memcmp(a, b, VARSIZE(a)) == 0);
}

static uint32
hash_name(uint32 hash, const char *name)
{
	return name == NULL ? hash
		: hash_combine(hash, hash_bytes((const unsigned char *) name, strlen(name)));
}

/*
 * The attributes of a key that is JSON, as one text in the current context: "" for one
 * that is a value, NULL for a key of another type and where there is none.  False
 * where the key is not one of values, as parsing has to say then, or finds no row by it.
 */
static bool
name_key(const SdInputs *inputs, char **names)
{
	StringInfoData text;
	JsonbValue	key;
	SdReader	reader;

	*names = NULL;
	if (inputs->key_value != NULL)
		key = *inputs->key_value;
	else if (inputs->key_type == JSONBOID)
		sd_root(DatumGetJsonbP(inputs->key), &key);
	else
		return true;
	initStringInfo(&text);
	*names = text.data;
	if (!sd_is_object(&key))
		return key.type != jbvNull && key.type != jbvBinary;
	/* it names nothing, and is no value */
	if (sd_array_length(&key) == 0)
		return false;
	sd_read(&reader, &key, NULL);
	while (sd_next_member(&reader))
	{
		if (reader.value.type == jbvNull || reader.value.type == jbvBinary)
			return false;
		/* names may have anything in them */
		appendStringInfo(&text, "%d:", reader.key.val.string.len);
		appendBinaryStringInfo(&text, reader.key.val.string.val, reader.key.val.string.len);
	}
	*names = text.data;
	return true;
}

/*
 * Opens the other models that an entry leads to, in the order in which parsing
 * did; false when one of them is not what it was, or of one not all may be read:
 * then default answers leave attributes out.  Raises what opening raises.
 */
static bool
open_models(const KeptQuery *kept, const SdModel *model)
{
	if (sd_readable(model) != NULL)
		return false;
	for (int i = 0; i < kept->nmodels; i++)
	{
		const SdModel *other = sd_model_open_beside(kept->models[i].name, model);

		if (other->serial != kept->models[i].serial || sd_readable(other) != NULL)
			return false;
	}
	return true;
}

/* Counts the memory of an entry, which grows by the shapes of its query. */
static void
count_bytes(KeptQuery *kept)
{
	Size		bytes = MemoryContextMemAllocated(kept->cxt, false);

	total_bytes += bytes - kept->bytes;
	kept->bytes = bytes;
}

/* The entry for a call, which is pinned; NULL when there is none. */
static KeptQuery *
find(uint32 hash, const Circumstances *circumstances, const SdModel *model, Jsonb *options,
	 const char *key_names, const SdInputs *inputs)
{
	KeptEntry  *entry = hash_search(entries, &hash, HASH_FIND, NULL);
	KeptQuery  *kept;

	if (entry == NULL)
		return NULL;
	kept = entry->kept;
	Assert(kept->hash == hash && !kept->dropped);
	if (memcmp(&kept->circumstances, circumstances, sizeof(Circumstances)) != 0 ||
		!same_options(kept->options, options) ||
		!same_name(kept->key_names, key_names) ||
		!same_name(kept->association, inputs->association) ||
		!same_name(kept->aggregate, inputs->aggregate) ||
		!same_name(kept->attribute, inputs->attribute))
		return NULL;
	/* opening models may run anything, so that the entry might go meanwhile */
	pin(kept);
	if (!open_models(kept, model))
	{
		if (!kept->dropped)
			drop(kept);
		return NULL;
	}
	if (!kept->dropped)
	{
		dlist_move_head(&used_entries, &kept->used);
		count_bytes(kept);
	}
	return kept;
}

static char *
copy_name(const char *name)
{
	return name != NULL ? pstrdup(name) : NULL;
}

/* Enters a finished entry, making room for it. */
static void
enter(KeptQuery *kept)
{
	KeptEntry  *entry = hash_search(entries, &kept->hash, HASH_FIND, NULL);

	Assert(kept->pins == 0 && !kept->dropped);
	if (entry != NULL)
		drop(entry->kept);
	entry = hash_search(entries, &kept->hash, HASH_ENTER, NULL);
	entry->kept = kept;
	dlist_push_head(&used_entries, &kept->used);
	MemoryContextSetParent(kept->cxt, CacheMemoryContext);
	count_bytes(kept);
	while (total_bytes > SD_KEPT_BYTES &&
		   dlist_tail_element(KeptQuery, used, &used_entries) != kept)
		drop(dlist_tail_element(KeptQuery, used, &used_entries));
}

/* Makes room for the shapes of a query and of what it includes, also in its answer. */
static void
make_shapes(SdQuery *query, MemoryContext cxt)
{
	ListCell   *cell;

	query->shapes = palloc0(sizeof(SdShapes));
	query->shapes->cxt = cxt;
	foreach(cell, query->includes)
		make_shapes(((SdInclude *) lfirst(cell))->query, cxt);
	if (query->write != NULL && query->write->returning != NULL)
		make_shapes(query->write->returning->query, cxt);
}

/*
 * Parses options to be kept.  The result is pinned like one that was found, or
 * lives in the current context where it means something else at another time.
 */
static const SdQuery *
parse(uint32 hash, const Circumstances *circumstances, const SdModel *model, Jsonb *options,
	  const char *key_names, const SdInputs *inputs)
{
	MemoryContext cxt = AllocSetContextCreate(CurrentMemoryContext, "studentdir options",
											  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(cxt);
	KeptQuery  *kept = palloc0(sizeof(KeptQuery));
	SdInputs	copy = *inputs;
	SdQuery    *query;
	bool		all;			/* may be read */
	ListCell   *cell;

	kept->cxt = cxt;
	kept->hash = hash;
	kept->circumstances = *circumstances;
	if (options != NULL)
	{
		kept->options = palloc(VARSIZE(options));
		memcpy(kept->options, options, VARSIZE(options));
	}
	kept->key_names = copy_name(key_names);
	copy.association = kept->association = copy_name(inputs->association);
	copy.aggregate = kept->aggregate = copy_name(inputs->aggregate);
	copy.attribute = kept->attribute = copy_name(inputs->attribute);
	query = sd_parse_unbound(model, kept->options, circumstances->call, &copy);
	make_shapes(query, cxt);
	kept->query = query;
	kept->models = palloc0(sizeof(KeptModel) * list_length(kept->query->call->models));
	all = sd_readable(model) == NULL;
	foreach(cell, kept->query->call->models)
	{
		const SdModel *other = lfirst(cell);

		all &= sd_readable(other) == NULL;
		kept->models[kept->nmodels].name = pstrdup(other->name);
		kept->models[kept->nmodels++].serial = other->serial;
	}
	MemoryContextSwitchTo(old);
	if (kept->query->call->unsettled || !all)
		return kept->query;
	enter(kept);
	pin(kept);
	return kept->query;
}

/* Whether options are found by their bytes, and how their key is named; others are parsed for each call. */
static bool
may_be_kept(const Jsonb *options, const SdInputs *inputs, char **key_names)
{
	return (options == NULL || VARSIZE(options) <= SD_KEPT_OPTIONS) && name_key(inputs, key_names);
}

/* Writes what a call's entry is found by, and returns the hash of that. */
static uint32
make_key(Circumstances *circumstances, const SdModel *model, const Jsonb *options, SdCall call,
		 const char *key_names, const SdInputs *inputs)
{
	uint32		hash;

	memset(circumstances, 0, sizeof(*circumstances));
	circumstances->serial = model->serial;
	circumstances->user = GetUserId();
	circumstances->key_type = inputs->key_type;
	circumstances->call = call;
	circumstances->max_include_depth = sd_max_include_depth;
	circumstances->empty_where = sd_empty_where;
	circumstances->foldable = inputs->foldable;
	circumstances->client = inputs->client;
	hash = hash_bytes((const unsigned char *) circumstances, sizeof(*circumstances));
	if (options != NULL)
		hash = hash_combine(hash, hash_bytes((const unsigned char *) options, VARSIZE(options)));
	hash = hash_name(hash, key_names);
	return hash_name(hash_name(hash_name(hash, inputs->association), inputs->aggregate),
					 inputs->attribute);
}

/* Whether options have been seen before; notes that they have been now. */
static bool
see(uint32 hash)
{
	bool		before = seen[hash % SD_SEEN] == hash;

	seen[hash % SD_SEEN] = hash;
	return before;
}

/*
 * Parses the options of a call as sd_parse_call() does, or finds them parsed.
 * The result lives as long as the current context.  Raises what sd_parse_call()
 * raises.
 */
const SdQuery *
sd_parse_kept(const SdModel *model, Jsonb *options, SdCall call, const SdInputs *inputs)
{
	Circumstances circumstances;
	const SdQuery *query;
	KeptQuery  *kept;
	char	   *key_names;
	uint32		hash;

	if (!may_be_kept(options, inputs, &key_names))
		return sd_parse_call(model, options, call, inputs);
	hash = make_key(&circumstances, model, options, call, key_names, inputs);
	kept = find(hash, &circumstances, model, options, key_names, inputs);
	if (kept != NULL)
	{
		query = kept->query;
		/* the second call of what was kept for one: it stays */
		if (kept == estimated && see(hash))
			estimated = NULL;
	}
	else if (see(hash))
		query = parse(hash, &circumstances, model, options, key_names, inputs);
	else
		return sd_parse_call(model, options, call, inputs);
	return sd_bind_call(query, inputs, kept != NULL);
}

/*
 * The same for a call that is only estimated; where bound is not set the values of
 * parameters are not known, and stay unbound.
 */
const SdQuery *
sd_parse_to_estimate(const SdModel *model, Jsonb *options, SdCall call, const SdInputs *inputs,
					 bool bound)
{
	Circumstances circumstances;
	const SdQuery *query;
	KeptQuery  *kept;
	char	   *key_names;
	uint32		hash;

	if (!may_be_kept(options, inputs, &key_names))
		return bound ? sd_parse_call(model, options, call, inputs)
			: sd_parse_unbound(model, options, call, inputs);
	hash = make_key(&circumstances, model, options, call, key_names, inputs);
	kept = find(hash, &circumstances, model, options, key_names, inputs);
	if (kept != NULL)
		query = kept->query;
	else
	{
		KeptEntry  *entry;

		if (estimated != NULL)
			drop(estimated);
		query = parse(hash, &circumstances, model, options, key_names, inputs);
		entry = hash_search(entries, &hash, HASH_FIND, NULL);
		if (entry != NULL && entry->kept->query == query)
			estimated = entry->kept;
	}
	return bound ? sd_bind_call(query, inputs, kept != NULL) : query;
}

/*-------------------------------------------------------------------------
 * write/absent_records.c
 *		Which of the records whose keys a document gives are not there.
 *
 * Mostly a record that gives its key is there, or the key is wrong.  Not so where the
 * record that it is nested in gives it a part of the key, as an order does with its
 * lines: there a new record has to give the rest.  Such records are looked for, and
 * locked, before the document is validated, since a new one has to be complete.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "miscadmin.h"
#include "write/absent_records.h"
#include "write/nested_checks.h"
#include "write/nested_keys.h"

/* Whether a level, or one below it, names records that may not be there. */
bool
sd_may_be_absent(const SdLevel *level)
{
	check_stack_depth();
	if (level->count[SD_NODE_CHANGED] > 0 && sd_gets_primary_key(level))
		return true;
	for (int i = 0; i < level->nnested; i++)
	{
		if (sd_may_be_absent(&level->nested[i]))
			return true;
	}
	return false;
}

/* Whether the record that a node is nested in is changed, and there. */
static bool
parent_is_there(const SdWritten *written, int node)
{
	const SdWritten *parents = written->parents;

	Assert(parents != NULL);
	return sd_within_changed(written, node) &&
		(parents->parents == NULL || sd_is_there(parents->links, written->level->nodes[node].parent));
}

/* Takes the keys of the records that are changed, within those that are there. */
static void
key_nodes(const SdWritten *written)
{
	const SdLevel *level = written->level;
	const SdModel *model = level->query->model;
	SdConverter *converters = sd_make_converters(model);

	for (int i = 0; i < level->nnodes; i++)
	{
		const SdNode *node = &level->nodes[i];
		SdRecord   *record = node->record;

		CHECK_FOR_INTERRUPTS();
		if (node->kind != SD_NODE_CHANGED || !parent_is_there(written, i))
			continue;
		for (int j = 0; j < model->nkeys; j++)
		{
			int			attr = model->keys[j];

			if (record->given[attr])
				record->values[attr] = sd_convert_attribute(level->query, record, converters, attr,
															node->path, &record->nulls[attr]);
		}
		sd_key_changed(written, i);
	}
}

/* Adds to absent the records of a level, number include of those in parents, and below it. */
static void
look(const SdLevel *level, const SdWritten *parents, int include, HTAB *absent)
{
	SdWritten	written = {.level = level, .parents = parents, .include = include};

	Assert(level == &parents->level->nested[include]);
	check_stack_depth();
	if (!sd_may_be_absent(level))
		return;
	key_nodes(&written);
	written.links = sd_name_nested(level);
	if (written.links != NULL)
		sd_lock_named(list_make1(written.links));
	for (int i = 0; sd_gets_primary_key(level) && i < level->nnodes; i++)
	{
		const SdNode *node = &level->nodes[i];

		CHECK_FOR_INTERRUPTS();
		if (node->key != NULL && !sd_is_there(written.links, i))
			(void) hash_search(absent, &node->data, HASH_ENTER, NULL);
	}
	for (int i = 0; i < level->nnested; i++)
		look(&level->nested[i], &written, i, absent);
}

/*
 * Finds the records of an update's document that are not there although it gives their
 * keys: a part of the primary key comes from the record that each is nested in.  Returns
 * their containers in the document, in the current context, as sd_read_changed() takes
 * them.  Those that are there are locked; locked is the record at the top, which is
 * locked already.  The tree cannot be written afterwards: it has been given keys.
 *
 * Raises what converting the keys raises, and what sd_lock_named() raises.
 */
HTAB *
sd_find_absent(const SdLevel *level, const SdRowSet *locked)
{
	HASHCTL		control = {
		.keysize = sizeof(JsonbContainer *),
		.entrysize = sizeof(JsonbContainer *),
		.hcxt = CurrentMemoryContext
	};
	HTAB	   *absent = hash_create("studentdir absent records", 16, &control,
									 HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	SdWritten	top = {.level = level, .locked = *locked};

	Assert(level->associated == NULL && locked->nrows > 0);
	for (int i = 0; i < level->nnested; i++)
		look(&level->nested[i], &top, i, absent);
	return absent;
}

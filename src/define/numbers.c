/*-------------------------------------------------------------------------
 * define/numbers.c
 *		How many attributes a definition may have, and its keys and indexes.
 *
 * The server would say so only when the table is made.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "define/numbers.h"

/* Raises 54011 for more attributes than a table can have columns. */
void
sd_check_number(const SdDefinition *definition)
{
	if (list_length(definition->attributes) > MaxTupleAttributeNumber)
		ereport(ERROR,
				(errcode(ERRCODE_TOO_MANY_COLUMNS),
				 errmsg("attributes: a model can have at most %d attributes",
						MaxTupleAttributeNumber)));
}

/* Raises 54000: what stands at path asks for an index of too many columns. */
void
sd_too_many_keys(const SdPath *path)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("%s: a key or an index can have at most %d attributes", sd_path_text(path),
					INDEX_MAX_KEYS)));
}

/* Raises 54000 where an attribute is one too many of those that share a name. */
static void
check_shared(const SdDefinition *definition, const SdAttributeDef *attr, const char *key)
{
	SdPath		root = SD_KEY_STEP(NULL, "attributes", 10);
	SdPath		path = SD_KEY_STEP(&root, attr->name, strlen(attr->name));
	SdPath		step = SD_KEY_STEP(&path, key, strlen(key));
	bool		unique = strcmp(key, "unique") == 0;
	const char *name = unique ? attr->unique : attr->index;
	int			n = 0;
	ListCell   *cell;

	Assert(name != NULL);
	foreach(cell, definition->attributes)
	{
		const SdAttributeDef *other = lfirst(cell);
		const char *its = unique ? other->unique : other->index;

		if (its != NULL && strcmp(its, name) == 0 && ++n > INDEX_MAX_KEYS)
			sd_too_many_keys(&step);
	}
}

/* Raises 54000 for a key or an index of more attributes than the server's indexes can have columns. */
void
sd_check_index_keys(const SdDefinition *definition)
{
	SdPath		root = SD_KEY_STEP(NULL, "attributes", 10);
	int			nkeys = 0;
	ListCell   *cell;

	foreach(cell, definition->attributes)
	{
		const SdAttributeDef *attr = lfirst(cell);
		SdPath		path = SD_KEY_STEP(&root, attr->name, strlen(attr->name));
		SdPath		step = SD_KEY_STEP(&path, "primaryKey", 10);

		if (attr->primary_key && ++nkeys > INDEX_MAX_KEYS)
			sd_too_many_keys(&step);
		if (attr->unique != NULL)
			check_shared(definition, attr, "unique");
		if (attr->index != NULL)
			check_shared(definition, attr, "index");
	}
}

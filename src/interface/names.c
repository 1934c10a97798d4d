/*-------------------------------------------------------------------------
 * interface/names.c
 *		Names that a description needs: of plain letters, and none twice.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "interface/interface.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"

/* as long as a name of two identifiers and what is added to them */
#define SD_NAME_SIZE	256

/* An empty set of names, in the current context. */
SdNames *
sd_make_names(void)
{
	HASHCTL		control = {
		.keysize = SD_NAME_SIZE,
		.entrysize = SD_NAME_SIZE,
		.hcxt = CurrentMemoryContext
	};

	return hash_create("studentdir names", 256, &control, HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
}

/*
 * A name that is not in the set yet, and is from now on: the one that is wanted,
 * cut where it is too long, or the same with a number behind it.  In the
 * context of the set.
 */
const char *
sd_unique_name(SdNames *names, const char *wanted)
{
	char		name[SD_NAME_SIZE];
	bool		found;

	strlcpy(name, wanted, SD_NAME_SIZE - 12);
	for (int n = 2;; n++)
	{
		const char *entry = hash_search(names, name, HASH_ENTER, &found);

		if (!found)
			return entry;
		CHECK_FOR_INTERRUPTS();
		strlcpy(name, wanted, SD_NAME_SIZE - 12);
		snprintf(name + strlen(name), 12, "_%d", n);
	}
}

/* Takes a name for the set; false where it is in it already. */
bool
sd_take_name(SdNames *names, const char *name)
{
	bool		found;

	Assert(strlen(name) < SD_NAME_SIZE);
	(void) hash_search(names, name, HASH_ENTER, &found);
	return !found;
}

/*
 * A name as an identifier of every language: letters of ASCII, digits and
 * underscores, of which one stands for each other character.  In the current
 * context.
 */
char *
sd_identifier(const char *name)
{
	char	   *identifier = palloc(strlen(name) + 2);
	char	   *end = identifier;

	if (*name == '\0' || (*name >= '0' && *name <= '9'))
		*end++ = '_';
	while (*name != '\0')
	{
		int			len = pg_mblen(name);

		*end++ = len == 1 && ((*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z') ||
							  (*name >= '0' && *name <= '9')) ? *name : '_';
		name += len;
	}
	*end = '\0';
	return identifier;
}

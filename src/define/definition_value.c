/*-------------------------------------------------------------------------
 * define/definition_value.c
 *		Reads the scalar values of definitions, and checks names.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "define/definition_value.h"
#include "model/model.h"
#include "parse/words.h"

/* Raises 22023 for the reader's current member, whose key is none of those that are known. */
static pg_attribute_noreturn() void
unknown_member(const SdReader *reader, const char *const *known, int nknown)
{
	const char *nearest = sd_meant(reader->key.val.string.val, reader->key.val.string.len,
								   known, nknown);
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < nknown; i++)
		appendStringInfo(&list, "%s%s", i > 0 ? ", " : "", known[i]);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s: there is no such option here", sd_path_text(&reader->path)),
			 nearest != NULL
			 ? errhint("Perhaps you meant \"%s\". The options here are: %s.", nearest, list.data)
			 : errhint("The options here are: %s.", list.data)));
}

/* Raises 22023 when the reader's current member is none of those that are known. */
void
sd_check_member(const SdReader *reader, const char *const *known, int nknown)
{
	for (int i = 0; i < nknown; i++)
	{
		if (sd_key_is(reader, known[i]))
			return;
	}
	unknown_member(reader, known, nknown);
}

/*
 * Reads the members of an object at path into target, each by its reader.
 * Raises 22023 when it is no object or has another member, and what the
 * readers raise.
 */
void
sd_read_definables(void *target, const JsonbValue *object, const SdPath *path,
				   const SdDefinable *known, int nknown)
{
	const char **names = palloc(sizeof(char *) * nknown);
	SdReader	reader;

	Assert(nknown > 0);
	for (int i = 0; i < nknown; i++)
		names[i] = known[i].name;
	if (!sd_is_object(object))
		sd_bad_shape(path, "an object");
	sd_read(&reader, object, path);
	while (sd_next_member(&reader))
	{
		sd_check_member(&reader, names, nknown);
		for (int i = 0; i < nknown; i++)
		{
			if (sd_key_is(&reader, known[i].name))
				known[i].read(target, &reader.value, &reader.path);
		}
	}
}

bool
sd_read_flag(const JsonbValue *value, const SdPath *path)
{
	if (value->type != jbvBool)
		sd_bad_shape(path, "true or false");
	return value->val.boolean;
}

/* A string; what says what it is, for the error. */
char *
sd_read_string(const JsonbValue *value, const SdPath *path, const char *what)
{
	if (value->type != jbvString)
		sd_bad_shape(path, what);
	return sd_string(value);
}

/* A string that sd_check_name() passes. */
char *
sd_read_name(const JsonbValue *value, const SdPath *path, const char *what)
{
	char	   *name = sd_read_string(value, path, what);

	sd_check_name(name, path);
	return name;
}

/* A string that sd_check_identifier() passes. */
char *
sd_read_identifier(const JsonbValue *value, const SdPath *path, const char *what)
{
	char	   *name = sd_read_string(value, path, what);

	sd_check_identifier(name, path);
	return name;
}

/* What a foreign key does when its row goes or changes, as SQL says it. */
char *
sd_read_action(const JsonbValue *value, const SdPath *path)
{
	static const char *const actions[] = {
		"CASCADE", "RESTRICT", "SET NULL", "SET DEFAULT", "NO ACTION"
	};

	if (value->type == jbvString)
	{
		char	   *action = sd_string(value);

		for (int i = 0; i < lengthof(actions); i++)
		{
			if (pg_strcasecmp(actions[i], action) == 0)
				return pstrdup(actions[i]);
		}
	}
	sd_bad_shape(path, "CASCADE, RESTRICT, SET NULL, SET DEFAULT or NO ACTION");
}

/* Raises 42602 for an empty name, 42622 for one that is longer than PostgreSQL's may be. */
void
sd_check_identifier(const char *name, const SdPath *path)
{
	if (*name == '\0')
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_NAME),
				 errmsg("%s: a name cannot be empty", sd_path_text(path))));
	if (strlen(name) >= NAMEDATALEN)
		ereport(ERROR,
				(errcode(ERRCODE_NAME_TOO_LONG),
				 errmsg("%s: the name is too long", sd_path_text(path)),
				 errdetail("It has %d bytes; PostgreSQL's names have at most %d.",
						   (int) strlen(name), NAMEDATALEN - 1)));
}

/*
 * Checks the name of a model, an attribute or an association.  Raises what
 * sd_check_identifier() raises, and 42602 for the characters that options have
 * a meaning for: $ begins an operator, points and brackets make a path.
 */
void
sd_check_name(const char *name, const SdPath *path)
{
	sd_check_identifier(name, path);
	for (const char *p = name; *p != '\0'; p++)
	{
		if (strchr("$.[]\"", *p) != NULL || (unsigned char) *p < ' ' || *p == 0x7f)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_NAME),
					 errmsg("%s: a name cannot have $, points, brackets, double quotes or control characters in it",
							sd_path_text(path)),
					 errhint("The table and its columns may be called so: see \"tableName\" and \"field\".")));
	}
}

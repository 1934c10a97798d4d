/*-------------------------------------------------------------------------
 * catalogs/member.c
 *		Members of the JSON objects in rows of the catalogs.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalogs/member.h"
#include "catalogs/rows.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"

/* Raises 55000 for a part of a row; problem is the rest of the sentence. */
void
sd_bad_part(const SdPart *part, const char *problem)
{
	Assert(part->what != NULL);
	sd_bad_row(part->model, psprintf("%s %s.", part->what, problem));
}

/* Raises 55000 for a member that is not what it has to be. */
static pg_attribute_noreturn() void
bad_member(const SdPart *part, const char *key, const char *problem)
{
	sd_bad_row(part->model, part->what == NULL ? psprintf("Option \"%s\" %s.", key, problem)
			   : psprintf("%s: \"%s\" %s.", part->what, key, problem));
}

/* Begins to read an object that stands where what says.  Raises 55000 where it is none. */
void
sd_read_part(SdPart *part, const char *model, char *what, const JsonbValue *value)
{
	part->model = model;
	part->what = what;
	if (!sd_is_object(value))
		sd_bad_part(part, "is no object");
	part->object = value->val.binary.data;
}

/* Raises 55000 for a member that has no meaning. */
void
sd_check_members(const SdPart *part, const char *const *known, int nknown)
{
	JsonbIterator *it = JsonbIteratorInit(part->object);
	JsonbValue	key;
	JsonbValue	ignored;

	Assert(JsonContainerIsObject(part->object));
	(void) JsonbIteratorNext(&it, &key, true);
	while (JsonbIteratorNext(&it, &key, true) == WJB_KEY)
	{
		int			i = 0;

		CHECK_FOR_INTERRUPTS();
		while (i < nknown && !sd_string_is(&key, known[i]))
			i++;
		if (i == nknown)
			bad_member(part, pnstrdup(key.val.string.val,
									  pg_mbcliplen(key.val.string.val, key.val.string.len, NAMEDATALEN)),
					   "has no meaning here");
		(void) JsonbIteratorNext(&it, &ignored, true);
	}
}

/* A member of whatever type, or NULL. */
JsonbValue *
sd_part_value(const SdPart *part, const char *key)
{
	return getKeyJsonValueFromContainer(part->object, key, strlen(key), NULL);
}

/* A member that is a string, or NULL. */
char *
sd_part_string(const SdPart *part, const char *key)
{
	JsonbValue	value;

	if (getKeyJsonValueFromContainer(part->object, key, strlen(key), &value) == NULL)
		return NULL;
	if (value.type != jbvString)
		bad_member(part, key, "is no string");
	return pnstrdup(value.val.string.val, value.val.string.len);
}

/* A member that is a name, or NULL. */
char *
sd_part_name(const SdPart *part, const char *key)
{
	char	   *name = sd_part_string(part, key);
	const char *problem = name != NULL ? sd_name_problem(name) : NULL;

	if (problem != NULL)
		bad_member(part, key, problem);
	return name;
}

/* A member that says what a foreign key does, in SQL's words, or NULL. */
char *
sd_part_action(const SdPart *part, const char *key)
{
	static const char *const actions[] = {
		"CASCADE", "RESTRICT", "SET NULL", "SET DEFAULT", "NO ACTION"
	};
	char	   *action = sd_part_string(part, key);

	if (action == NULL)
		return NULL;
	for (int i = 0; i < lengthof(actions); i++)
	{
		if (strcmp(actions[i], action) == 0)
			return action;
	}
	bad_member(part, key, "is not CASCADE, RESTRICT, SET NULL, SET DEFAULT or NO ACTION");
}

/* A member that is true or false, with what it is where it is missing. */
bool
sd_part_flag(const SdPart *part, const char *key, bool otherwise)
{
	JsonbValue	value;

	if (getKeyJsonValueFromContainer(part->object, key, strlen(key), &value) == NULL)
		return otherwise;
	if (value.type != jbvBool)
		bad_member(part, key, "is not true or false");
	return value.val.boolean;
}

/* A member that is true, false, or the name of what several attributes share; *name is NULL without one. */
bool
sd_part_shared(const SdPart *part, const char *key, char **name)
{
	JsonbValue	value;

	*name = NULL;
	if (getKeyJsonValueFromContainer(part->object, key, strlen(key), &value) == NULL)
		return false;
	if (value.type == jbvBool)
		return value.val.boolean;
	*name = sd_part_name(part, key);
	return true;
}

/* A member that is an object, or NULL. */
JsonbValue *
sd_part_object(const SdPart *part, const char *key)
{
	JsonbValue *value = sd_part_value(part, key);

	if (value != NULL && !sd_is_object(value))
		bad_member(part, key, "is no object");
	return value;
}

/* A member that is an array, or NULL. */
JsonbValue *
sd_part_array(const SdPart *part, const char *key)
{
	JsonbValue *value = sd_part_value(part, key);

	if (value != NULL && !sd_is_array(value))
		bad_member(part, key, "is no array");
	return value;
}

/* A member that is an object or an array of conditions, or NULL. */
JsonbValue *
sd_part_condition(const SdPart *part, const char *key)
{
	JsonbValue *value = sd_part_value(part, key);

	if (value != NULL && !sd_is_object(value) && !sd_is_array(value))
		bad_member(part, key, "is no object of conditions");
	return value;
}

/* A jsonb column's value, copied into the current context. */
JsonbValue
sd_document(Datum jsonb)
{
	JsonbValue	value;

	sd_root(DatumGetJsonbPCopy(jsonb), &value);
	return value;
}

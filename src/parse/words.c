/*-------------------------------------------------------------------------
 * parse/words.c
 *		Knows what people mean who write the words of other libraries.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "model/model.h"
#include "parse/words.h"

/* words of other libraries and of SQL, and ours; a word may have several, for different places */
static const struct
{
	const char *theirs;
	const char *ours;
}			words[] = {
	/* operators */
	{"$nin", "$notIn"},
	{"nin", "$notIn"},
	{"$neq", "$ne"},
	{"neq", "$ne"},
	{"$equals", "$eq"},
	{"equals", "$eq"},
	{"$equal", "$eq"},
	{"$notEqual", "$ne"},
	{"=", "$eq"},
	{"==", "$eq"},
	{"!=", "$ne"},
	{"<>", "$ne"},
	{">", "$gt"},
	{">=", "$gte"},
	{"<", "$lt"},
	{"<=", "$lte"},
	{"$ge", "$gte"},
	{"$le", "$lte"},
	{"$regex", "$regexp"},
	{"$iregex", "$iRegexp"},
	{"regex", "$regexp"},
	{"$contain", "$contains"},
	{"$has", "$contains"},
	{"has", "$contains"},
	{"$text", "$match"},
	{"$search", "$match"},
	{"search", "$match"},
	{"$isNull", "$is"},
	{"$null", "$is"},
	{"$nor", "$not"},
	/* options */
	{"select", "attributes"},
	{"columns", "attributes"},
	{"fields", "attributes"},
	{"projection", "attributes"},
	{"skip", "offset"},
	{"take", "limit"},
	{"first", "limit"},
	{"top", "limit"},
	{"perPage", "limit"},
	{"per_page", "limit"},
	{"pageSize", "limit"},
	{"page", "offset"},
	{"sort", "order"},
	{"sortBy", "order"},
	{"orderBy", "order"},
	{"order_by", "order"},
	{"filter", "where"},
	{"filters", "where"},
	{"condition", "where"},
	{"conditions", "where"},
	{"criteria", "where"},
	{"query", "where"},
	{"populate", "include"},
	{"relations", "include"},
	{"with", "include"},
	{"join", "include"},
	{"joins", "include"},
	{"groupBy", "group"},
	{"group_by", "group"},
	{"cursor", "after"},
	{"withDeleted", "paranoid"},
	{"with_deleted", "paranoid"},
	{"scopes", "scope"},
	{"unscoped", "scope"},
	{"defaultValues", "defaults"},
	{"onConflict", "conflictAttributes"},
	{"skipDuplicates", "ignoreDuplicates"},
	/* definitions */
	{"required", "allowNull"},
	{"nullable", "allowNull"},
	{"column", "field"},
	{"columnName", "field"},
	{"table", "tableName"},
	{"primary", "primaryKey"},
	{"pk", "primaryKey"},
	{"fk", "foreignKey"},
	{"joinTable", "through"},
	{"softDelete", "paranoid"}
};

/* options of other libraries that are not needed here, and why; whole sentences */
static const struct
{
	const char *theirs;
	const char *reason;
}			not_needed[] = {
	{"transaction", "A call is in the transaction of its connection."},
	{"raw", "Answers are plain JSON."},
	{"nest", "Answers are plain JSON, in which included records are nested."},
	{"plain", "Answers are plain JSON; find_one is for one record."},
	{"type", "The function that is called says what is done."},
	{"logging", "The setting studentdir.log_sql shows statements."},
	{"benchmark", "The setting studentdir.log_sql shows statements and their times."},
	{"hooks", "There are no hooks; triggers of the table take their place."},
	{"individualHooks", "There are no hooks; triggers of the table take their place."},
	{"sideEffects", "There are no setters: the data is written as it is."},
	{"subQuery", "Included records never change which rows limit counts."},
	{"searchPath", "The definition of a model names its schema."},
	{"replacements", "Values stand in the argument \"params\", and {\"$param\": name} in their place."},
	{"bind", "Values stand in the argument \"params\", and {\"$param\": name} in their place."}
};

static bool
same_word(const char *word, const char *name, int len)
{
	return strlen(word) == len && pg_strncasecmp(word, name, len) == 0;
}

/* The candidate that is a word in any case, after a dollar sign or not; or NULL. */
static const char *
find_word(const char *name, int len, const char *const *candidates, int n)
{
	for (int i = 0; i < n; i++)
	{
		if (same_word(candidates[i], name, len) ||
			(candidates[i][0] == '$' && same_word(candidates[i] + 1, name, len)))
			return candidates[i];
	}
	return NULL;
}

/*
 * Which of the candidates somebody means who writes name: the same in another
 * case or without its dollar sign, what other libraries call so, or what is
 * spelt most like it; NULL when none is near.
 */
const char *
sd_meant(const char *name, int len, const char *const *candidates, int n)
{
	const char *meant = find_word(name, len, candidates, n);

	for (int i = 0; i < lengthof(words) && meant == NULL; i++)
	{
		if (same_word(words[i].theirs, name, len))
			meant = find_word(words[i].ours, strlen(words[i].ours), candidates, n);
	}
	return meant != NULL ? meant : sd_nearest(name, len, candidates, n);
}

/* What takes the place of an option of other libraries that is not needed here, a sentence; or NULL. */
const char *
sd_instead_of(const char *name, int len)
{
	for (int i = 0; i < lengthof(not_needed); i++)
	{
		if (same_word(not_needed[i].theirs, name, len))
			return not_needed[i].reason;
	}
	return NULL;
}

/* Whether a string is a JSON document: one that was encoded twice. */
static bool
is_document(const JsonbValue *value)
{
	const char *text = value->val.string.val;
	int			len = value->val.string.len;

	if (value->type != jbvString)
		return false;
	while (len > 0 && strchr(" \t\r\n", text[0]) != NULL)
	{
		text++;
		len--;
	}
	return len > 0 && (text[0] == '{' || text[0] == '[');
}

/*
 * Raises 22023 for what is no object at path; expected reads "an object".  The
 * hint knows documents that were encoded twice, and [] for an object that is empty.
 */
void
sd_expect_object(const JsonbValue *value, const SdPath *path, const char *expected)
{
	if (sd_is_object(value))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s: expected %s", sd_path_text(path), expected),
			 is_document(value)
			 ? errhint("This is a string with JSON in it: the document was encoded twice.")
			 : sd_is_array(value) && sd_array_length(value) == 0
			 ? errhint("This is an empty array. Some languages write an empty map as []: make it an object, {}.")
			 : 0));
}

/*-------------------------------------------------------------------------
 * introspect/model_name.c
 *		The names of models, attributes and associations that tables and columns
 *		suggest.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "introspect/found_model.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "model/inflection.h"
#include "utils/builtins.h"

static bool
is_word_char(unsigned char c)
{
	return IS_HIGHBIT_SET(c) || isalnum(c);
}

/* Whether a name has capitals and no small letters. */
static bool
is_upper(const char *name)
{
	bool		upper = false;

	for (; *name != '\0'; name++)
	{
		if (*name >= 'a' && *name <= 'z')
			return false;
		upper |= *name >= 'A' && *name <= 'Z';
	}
	return upper;
}

static bool
has_capital(const char *name)
{
	return strpbrk(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != NULL;
}

/* Joins the words of a name by capitals; the first of them is small unless capital. */
static char *
join_words(const char *name, bool capital)
{
	bool		lower = is_upper(name);
	bool		begin = true;
	StringInfoData buf;

	initStringInfo(&buf);
	for (const char *p = name; *p != '\0'; p++)
	{
		char		c = lower ? pg_ascii_tolower((unsigned char) *p) : *p;

		if (!is_word_char((unsigned char) c))
		{
			begin = true;
			continue;
		}
		if (begin)
			c = buf.len > 0 || capital ? pg_ascii_toupper((unsigned char) c)
				: pg_ascii_tolower((unsigned char) c);
		appendStringInfoChar(&buf, c);
		begin = false;
	}
	return buf.data;
}

/* A name, with something behind it, that is cut to what a name can hold. */
static const char *
cut_name(const char *name, const char *ending)
{
	int			length = strlen(name);

	Assert(strlen(ending) < NAMEDATALEN);
	return psprintf("%.*s%s", pg_mbcliplen(name, length, NAMEDATALEN - 1 - (int) strlen(ending)), name, ending);
}

/*
 * Whether a list has a name, in whatever case: define refuses names that differ in
 * nothing else, and expose would make the same functions of them.
 */
bool
sd_is_taken(List *names, const char *name)
{
	ListCell   *cell;

	foreach(cell, names)
	{
		if (pg_strcasecmp(lfirst(cell), name) == 0)
			return true;
	}
	return false;
}

/*
 * A name that none of taken has in whatever case, and none of others as it stands: as
 * it is, or cut, or with a number behind it.
 */
const char *
sd_free_name(const char *name, List *taken, List *others)
{
	const char *free = cut_name(name, "");

	for (int i = 2; sd_is_taken(taken, free) || sd_name_in(others, free); i++)
		free = cut_name(name, psprintf("%d", i));
	return free;
}

/*
 * The name of an attribute for a column: its words joined by capitals.  taken
 * are the names that others of the model have.
 */
const char *
sd_attribute_name(const char *column, List *taken)
{
	const char *name = join_words(column, false);

	if (*name == '\0')
		name = "column";
	return sd_free_name(name, taken, NIL);
}

/* The name of a model for a table: in the singular, but for one that is written with capitals. */
const char *
sd_model_word(const char *identifier)
{
	const char *name;

	if (has_capital(identifier) && !is_upper(identifier))
		name = join_words(identifier, true);
	else
		name = join_words(sd_singularize(join_words(identifier, false)), true);
	return *name == '\0' || isdigit((unsigned char) *name) ? psprintf("Table%s", name) : name;
}

/* A column without the "_id" or the like at its end. */
static char *
without_ending(const char *column)
{
	static const char *const endings[] = {"_id", "_ID", "Id", "ID", "_key", "_uuid", "_fk", "_code", "_no"};
	size_t		length = strlen(column);

	for (int i = 0; i < lengthof(endings); i++)
	{
		size_t		ending = strlen(endings[i]);

		if (length > ending && strcmp(column + length - ending, endings[i]) == 0)
			return pnstrdup(column, length - ending);
	}
	return pstrdup(column);
}

/* The name of an association for the columns of a foreign key. */
const char *
sd_alias_word(List *columns)
{
	StringInfoData joined;
	ListCell   *cell;
	const char *word;

	initStringInfo(&joined);
	foreach(cell, columns)
		appendStringInfo(&joined, "%s%s", joined.len > 0 ? "_" : "", without_ending(lfirst(cell)));
	word = join_words(joined.data, true);
	return *word != '\0' ? word : "Column";
}

static void
name_model(SdIntrospection *look, SdFoundModel *model)
{
	const char *wanted = sd_model_word(model->table->name);
	const char *name = wanted;

	if (sd_is_taken(look->taken, name))
		name = psprintf("%s%s", join_words(model->table->schema, true), wanted);
	name = sd_free_name(name, look->taken, NIL);
	Assert(strlen(name) < NAMEDATALEN);
	if (strlen(wanted) >= NAMEDATALEN)
		sd_note(model, "called \"%s\": the name \"%s\" is too long", name, wanted);
	else if (strcmp(name, wanted) != 0)
		sd_note(model, "called \"%s\": the name \"%s\" is that of another table's model", name, wanted);
	look->taken = lappend(look->taken, unconstify(char *, name));
	model->name = name;
}

/*
 * Gives the models names, those that are defined already their own.  Of two that
 * come out the same the one in the target schema keeps it, and the schema tells
 * the others apart.
 */
void
sd_name_models(SdIntrospection *look)
{
	ListCell   *cell;

	for (int pass = 0; pass < 2; pass++)
	{
		foreach(cell, look->models)
		{
			SdFoundModel *model = lfirst(cell);
			bool		first = strcmp(model->table->schema, look->target_schema) == 0;

			if (!OidIsValid(model->table->relid))
				continue;
			if (model->row != NULL)
				model->name = model->row->name;
			else if (first == (pass == 0))
				name_model(look, model);
		}
	}
}

/*
 * The singular and plural that a model has to be given: where define would make
 * others of its name than the table suggests, or the same for both.
 */
bool
sd_model_options_name(const SdFoundModel *model, const char **singular, const char **plural)
{
	Assert(model->name != NULL);
	*singular = sd_singularize(model->name);
	*plural = sd_pluralize(model->name);
	if (strcmp(sd_underscore(*singular), sd_underscore(*plural)) != 0)
		return false;
	*plural = cut_name(psprintf("All%s", *singular), "");
	return true;
}

/* The plural of a model, as its name or what it is given for it says. */
const char *
sd_model_plural(const SdFoundModel *model)
{
	const char *singular;
	const char *plural;

	if (model->row != NULL)
		return model->row->plural;
	(void) sd_model_options_name(model, &singular, &plural);
	return plural;
}

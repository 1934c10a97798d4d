/*-------------------------------------------------------------------------
 * schema/generate_attributes.c
 *		Reads the attributes of generate(): title:string,credits:integer.
 *
 * The notation is that of Sequelize's model:generate, with what else a column
 * often needs: a length, unique, notNull, index, a reference.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalogs/rows.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "model/inflection.h"
#include "model/model.h"
#include "schema/schema.h"
#include "utils/builtins.h"
#include "utils/json.h"

/* types by the names that are given in any case; the definition has them in upper case */
static const char *const type_names[] = {
	"string", "char", "text", "citext", "smallint", "integer", "bigint", "float", "real", "double",
	"decimal", "boolean", "date", "dateonly", "time", "interval", "uuid", "json", "jsonb", "blob",
	"inet", "cidr", "macaddr", "tsvector", "hstore"
};

static const char *const modifier_names[] = {"references", "unique", "notNull", "index"};

/* where in the list the reader is */
typedef struct Reader
{
	const char *list;
	const char *p;
} Reader;

/* one attribute */
typedef struct Generated
{
	char	   *name;
	char	   *type;
	char	   *references;
	bool		unique;
	bool		not_null;
	bool		index;
} Generated;

static void fail(const Reader *reader, const char *at, const char *problem,
				 const char *hint) pg_attribute_noreturn();

/* Raises 22023 with the position, in characters, of what is wrong; hint may be NULL. */
static void
fail(const Reader *reader, const char *at, const char *problem, const char *hint)
{
	Assert(at >= reader->list && problem != NULL);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("attributes, character %d: %s",
					pg_mbstrlen_with_len(reader->list, at - reader->list) + 1, problem),
			 hint != NULL ? errhint("%s", hint)
			 : errhint("Write it as title:string,credits:integer.")));
}

static bool
is_separator(char c)
{
	return c == ',' || c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Reads up to a colon, a separator or what begins a list. */
static char *
read_word(Reader *reader)
{
	const char *begin = reader->p;

	while (*reader->p != '\0' && *reader->p != ':' && !is_separator(*reader->p) &&
		   strchr("(){}'", *reader->p) == NULL)
		reader->p++;
	return pnstrdup(begin, reader->p - begin);
}

/* Reads what stands between two characters, at the first of which the reader is. */
static char *
read_between(Reader *reader, char end)
{
	const char *begin = reader->p;
	const char *close = strchr(begin, end);

	Assert(*begin == '(' || *begin == '{');
	if (close == NULL)
		fail(reader, begin, psprintf("\"%c\" is not closed", *begin), NULL);
	reader->p = close + 1;
	return pnstrdup(begin + 1, close - begin - 1);
}

static void
join_names(StringInfo list, const char *const *names, int n)
{
	for (int i = 0; i < n; i++)
		appendStringInfo(list, "%s%s", i > 0 ? ", " : "", names[i]);
}

/* Raises 22023 for a word that is no type. */
static pg_attribute_noreturn() void
unknown_type(const Reader *reader, const char *at, const char *word)
{
	const char *nearest = sd_nearest(word, strlen(word), type_names, lengthof(type_names));
	StringInfoData hint;

	initStringInfo(&hint);
	if (nearest != NULL)
		appendStringInfo(&hint, "Perhaps you meant %s. ", nearest);
	appendStringInfoString(&hint, "The types are ");
	join_names(&hint, type_names, lengthof(type_names));
	appendStringInfoString(&hint, ", enum:{a,b} and array:type.");
	fail(reader, at, *word == '\0' ? "a type is missing"
		 : psprintf("there is no type \"%s\"", word), hint.data);
}

/* {a,b}, in single quotes or not, as the values of ENUM. */
static char *
read_enum(Reader *reader)
{
	bool		quoted = *reader->p == '\'';
	const char *begin;
	char	   *values;
	StringInfoData type;

	reader->p += quoted ? 1 : 0;
	begin = reader->p;
	if (*begin != '{')
		fail(reader, begin, "the values of the enum are missing", "Write it as status:enum:{open,closed}.");
	values = read_between(reader, '}');
	if (quoted && *reader->p++ != '\'')
		fail(reader, begin, "\"'\" is not closed", NULL);

	initStringInfo(&type);
	for (char *value = values, *next; value != NULL; value = next)
	{
		next = strchr(value, ',');
		if (next != NULL)
			*next++ = '\0';
		while (*value == ' ')
			value++;
		for (char *end = value + strlen(value); end > value && end[-1] == ' ';)
			*--end = '\0';
		if (*value == '\0')
			fail(reader, begin, "a value of the enum is empty", NULL);
		appendStringInfoString(&type, type.len == 0 ? "ENUM('" : ",'");
		for (const char *p = value; *p != '\0'; p++)
			appendStringInfo(&type, "%s%c", *p == '\'' ? "'" : "", *p);
		appendStringInfoChar(&type, '\'');
	}
	appendStringInfoChar(&type, ')');
	return type.data;
}

/* A type, and what belongs to it. */
static char *
read_type(Reader *reader)
{
	const char *at = reader->p;
	char	   *word = read_word(reader);

	check_stack_depth();
	if (pg_strcasecmp(word, "enum") == 0 || pg_strcasecmp(word, "array") == 0)
	{
		bool		is_enum = pg_tolower((unsigned char) *word) == 'e';

		if (*reader->p == ':')
			reader->p++;
		else if (!is_enum || *reader->p != '{')
			fail(reader, reader->p, is_enum ? "the values of the enum are missing"
				 : "the type of the array's elements is missing",
				 is_enum ? "Write it as status:enum:{open,closed}." : "Write it as tags:array:string.");
		return is_enum ? read_enum(reader) : psprintf("ARRAY(%s)", read_type(reader));
	}
	for (int i = 0; i < lengthof(type_names); i++)
	{
		char	   *type;

		if (pg_strcasecmp(word, type_names[i]) != 0)
			continue;
		type = pstrdup(type_names[i]);
		for (char *p = type; *p != '\0'; p++)
			*p = pg_ascii_toupper((unsigned char) *p);
		return *reader->p == '(' ? psprintf("%s(%s)", type, read_between(reader, ')')) : type;
	}
	unknown_type(reader, at, word);
}

/* The model that the name of a foreign key speaks of: userId and user_id are of User. */
static char *
referenced_model(const Reader *reader, const char *at, const char *name)
{
	int			len = strlen(name);
	char	   *model = pstrdup(name);

	if (len > 3 && strcmp(name + len - 3, "_id") == 0)
		model[len - 3] = '\0';
	else if (len > 2 && strcmp(name + len - 2, "Id") == 0)
		model[len - 2] = '\0';
	else
		fail(reader, at, psprintf("\"%s\" does not say which model it refers to", name),
			 "Write it as author:integer:references(User).");
	model = sd_camelize(model);
	model[0] = pg_ascii_toupper((unsigned char) model[0]);
	return model;
}

/* references, references(Model), unique, notNull, index */
static void
read_modifier(Reader *reader, Generated *attribute)
{
	const char *at = reader->p;
	char	   *word = read_word(reader);
	StringInfoData hint;

	if (pg_strcasecmp(word, "references") == 0)
	{
		attribute->references = *reader->p == '(' ? read_between(reader, ')')
			: referenced_model(reader, at, attribute->name);
		if (sd_find_model_row(attribute->references) == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_TABLE),
					 errmsg("attributes: \"%s\" refers to model \"%s\", which does not exist",
							attribute->name, attribute->references),
					 errhint("Generate it first, or name another one: %s:integer:references(User).",
							 attribute->name)));
	}
	else if (pg_strcasecmp(word, "unique") == 0)
		attribute->unique = true;
	else if (pg_strcasecmp(word, "notNull") == 0)
		attribute->not_null = true;
	else if (pg_strcasecmp(word, "index") == 0)
		attribute->index = true;
	else
	{
		initStringInfo(&hint);
		appendStringInfoString(&hint, "What may follow a type is ");
		join_names(&hint, modifier_names, lengthof(modifier_names));
		appendStringInfoString(&hint, " and references(Model).");
		fail(reader, at, psprintf("there is no \"%s\" here", word), hint.data);
	}
}

static Generated *
read_attribute(Reader *reader)
{
	Generated  *attribute = palloc0(sizeof(Generated));
	const char *at = reader->p;

	attribute->name = read_word(reader);
	if (*attribute->name == '\0')
		fail(reader, at, "the name of an attribute is missing", NULL);
	if (*reader->p++ != ':')
		fail(reader, reader->p - 1, psprintf("attribute \"%s\" has no type", attribute->name), NULL);
	attribute->type = read_type(reader);
	while (*reader->p == ':')
	{
		reader->p++;
		read_modifier(reader, attribute);
	}
	if (*reader->p != '\0' && !is_separator(*reader->p))
		fail(reader, reader->p, psprintf("\"%s\" cannot stand here",
										 pnstrdup(reader->p, pg_mblen(reader->p))), NULL);
	return attribute;
}

static void
append_string(StringInfo json, const char *key, const char *value)
{
	appendStringInfo(json, "\"%s\": ", key);
	escape_json(json, value);
}

static void
append_attribute(StringInfo json, const Generated *attribute)
{
	appendStringInfoString(json, json->len > 1 ? ",\n  " : "\n  ");
	escape_json(json, attribute->name);
	appendStringInfoString(json, ": ");
	if (attribute->references == NULL && !attribute->unique && !attribute->not_null &&
		!attribute->index)
	{
		escape_json(json, attribute->type);
		return;
	}
	appendStringInfoChar(json, '{');
	append_string(json, "type", attribute->type);
	if (attribute->not_null)
		appendStringInfoString(json, ", \"allowNull\": false");
	if (attribute->unique)
		appendStringInfoString(json, ", \"unique\": true");
	if (attribute->index)
		appendStringInfoString(json, ", \"index\": true");
	if (attribute->references != NULL)
	{
		appendStringInfoString(json, ", ");
		append_string(json, "references", attribute->references);
	}
	appendStringInfoChar(json, '}');
}

/*
 * A list of attributes as the definition that studentdir.define takes, JSON
 * with a line for each, in the current context.  Raises 22023 with the position
 * of what cannot be read, 42701 for an attribute that occurs twice, 42P01 for
 * a reference to an unknown model.
 */
char *
sd_generated_attributes(const char *list)
{
	Reader		reader = {list, list};
	List	   *names = NIL;
	StringInfoData json;

	initStringInfo(&json);
	appendStringInfoChar(&json, '{');
	for (;;)
	{
		Generated  *attribute;
		ListCell   *cell;

		while (is_separator(*reader.p))
			reader.p++;
		if (*reader.p == '\0')
			break;
		attribute = read_attribute(&reader);
		foreach(cell, names)
		{
			if (strcmp(lfirst(cell), attribute->name) == 0)
				ereport(ERROR,
						(errcode(ERRCODE_DUPLICATE_COLUMN),
						 errmsg("attributes: attribute \"%s\" occurs twice", attribute->name)));
		}
		names = lappend(names, attribute->name);
		append_attribute(&json, attribute);
	}
	appendStringInfoString(&json, json.len > 1 ? "\n}" : "}");
	return json.data;
}

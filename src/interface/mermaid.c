/*-------------------------------------------------------------------------
 * interface/mermaid.c
 *		Diagrams as Mermaid draws them.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "interface/diagram.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"

/* Adds a text between quotes, on one line and without quotes of its own, nor what else is left out. */
static void
add_quoted(StringInfo text, const char *words, const char *left_out)
{
	appendStringInfoChar(text, '"');
	for (const char *p = words; *p != '\0'; p++)
		appendStringInfoChar(text, *p == '"' ? '\''
							 : strchr(left_out, *p) != NULL ? '_'
							 : (unsigned char) *p < ' ' ? ' ' : *p);
	appendStringInfoChar(text, '"');
}

static bool
is_letter_or_digit(char c)
{
	return !IS_HIGHBIT_SET(c) && isalnum((unsigned char) c);
}

/* Whether Mermaid takes the beginning of a text for the mark of a key, in whatever case. */
static bool
begins_with_mark(const char *words)
{
	return (pg_strncasecmp(words, "PK", 2) == 0 || pg_strncasecmp(words, "FK", 2) == 0 ||
			pg_strncasecmp(words, "UK", 2) == 0) &&
		words[2] != '_' && !is_letter_or_digit(words[2]);
}

/* Adds a text as one word: an underscore stands for each character that cannot be in one. */
static void
add_word(StringInfo text, const char *words)
{
	if (begins_with_mark(words) || (!IS_HIGHBIT_SET(*words) && !isalpha((unsigned char) *words)))
		appendStringInfoChar(text, '_');
	for (const char *p = words; *p != '\0'; p++)
		appendStringInfoChar(text, IS_HIGHBIT_SET(*p) || is_letter_or_digit(*p) ||
							 strchr("-_()[]", *p) != NULL ? *p : '_');
}

/* Whether a text has nothing to be seen, which Mermaid cannot draw. */
static bool
is_blank(const char *words)
{
	while (*words != '\0' && (unsigned char) *words <= ' ')
		words++;
	return *words == '\0';
}

/* Adds the identifier of a model, between quotes where it is a word of Mermaid's own, in whatever case. */
static void
add_id(StringInfo text, const char *id)
{
	static const char *const words[] = {
		"accDescr", "accTitle", "class", "classDef", "direction", "end", "erDiagram", "many", "one",
		"style", "subgraph", "title", "to"
	};
	const char *quote = "";

	for (int i = 0; i < lengthof(words); i++)
	{
		if (pg_strcasecmp(words[i], id) == 0)
			quote = "\"";
	}
	appendStringInfo(text, "%s%s%s", quote, id, quote);
}

/* The marks of an attribute: primary, foreign, unique key. */
static void
add_marks(StringInfo text, const SdInterface *interface, const SdInterfaceAttribute *attribute,
		  List *relationships)
{
	const char *before = " ";

	if (sd_interface_key(interface, attribute))
	{
		appendStringInfo(text, "%sPK", before);
		before = ", ";
	}
	if (sd_in_relationship(relationships, interface, attribute->attr->name))
	{
		appendStringInfo(text, "%sFK", before);
		before = ", ";
	}
	if (attribute->row->unique)
		appendStringInfo(text, "%sUK", before);
}

static void
add_entity(StringInfo text, const SdInterface *interface, List *relationships)
{
	appendStringInfoString(text, "    ");
	add_id(text, interface->id);
	if (strcmp(interface->id, interface->row->name) != 0)
	{
		appendStringInfoChar(text, '[');
		add_quoted(text, interface->row->name, "%\\");
		appendStringInfoChar(text, ']');
	}
	appendStringInfoString(text, " {\n");
	for (int i = 0; i < interface->nattrs; i++)
	{
		const SdInterfaceAttribute *attribute = &interface->attrs[i];

		if (!attribute->named || attribute->attr->column == NULL)
			continue;
		appendStringInfoString(text, "        ");
		/* of an enum, without its values */
		add_word(text, strncmp(attribute->row->type, "ENUM", 4) == 0 ? "ENUM" : attribute->row->type);
		appendStringInfoChar(text, ' ');
		add_word(text, attribute->attr->name);
		add_marks(text, interface, attribute, relationships);
		if (attribute->row->comment != NULL && !is_blank(attribute->row->comment))
		{
			appendStringInfoChar(text, ' ');
			add_quoted(text, attribute->row->comment, "");
		}
		appendStringInfoChar(text, '\n');
	}
	appendStringInfoString(text, "    }\n");
}

/* An erDiagram of models and foreign keys, in the current context. */
char *
sd_mermaid(List *interfaces, List *relationships)
{
	StringInfoData text;
	ListCell   *cell;

	initStringInfo(&text);
	appendStringInfoString(&text, "erDiagram\n");
	foreach(cell, interfaces)
	{
		CHECK_FOR_INTERRUPTS();
		add_entity(&text, lfirst(cell), relationships);
	}
	foreach(cell, relationships)
	{
		const SdRelationship *relationship = lfirst(cell);

		appendStringInfoString(&text, "    ");
		add_id(&text, relationship->referenced->id);
		appendStringInfo(&text, " %s--%s ", relationship->optional ? "|o" : "||",
						 relationship->one ? "o|" : "o{");
		add_id(&text, relationship->holder->id);
		appendStringInfoString(&text, " : ");
		add_quoted(&text, relationship->label, "");
		appendStringInfoChar(&text, '\n');
	}
	return text.data;
}

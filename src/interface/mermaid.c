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

/* Adds a text between quotes, on one line and without quotes of its own. */
static void
add_quoted(StringInfo text, const char *words)
{
	appendStringInfoChar(text, '"');
	for (const char *p = words; *p != '\0'; p++)
		appendStringInfoChar(text, *p == '"' ? '\'' : (unsigned char) *p < ' ' ? ' ' : *p);
	appendStringInfoChar(text, '"');
}

/* Adds a text as one word: an underscore stands for each character that cannot be in one. */
static void
add_word(StringInfo text, const char *words)
{
	if (!IS_HIGHBIT_SET(*words) && !isalpha((unsigned char) *words))
		appendStringInfoChar(text, '_');
	for (const char *p = words; *p != '\0'; p++)
		appendStringInfoChar(text, IS_HIGHBIT_SET(*p) || isalnum((unsigned char) *p) ||
							 strchr("-_()[]", *p) != NULL ? *p : '_');
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
	appendStringInfo(text, "    %s", interface->id);
	if (strcmp(interface->id, interface->row->name) != 0)
	{
		appendStringInfoChar(text, '[');
		add_quoted(text, interface->row->name);
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
		if (attribute->row->comment != NULL)
		{
			appendStringInfoChar(text, ' ');
			add_quoted(text, attribute->row->comment);
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

		appendStringInfo(&text, "    %s %s--%s %s : ", relationship->referenced->id,
						 relationship->optional ? "|o" : "||",
						 relationship->one ? "o|" : "o{", relationship->holder->id);
		add_quoted(&text, relationship->label);
		appendStringInfoChar(&text, '\n');
	}
	return text.data;
}

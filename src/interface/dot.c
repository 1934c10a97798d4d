/*-------------------------------------------------------------------------
 * interface/dot.c
 *		Diagrams as graphviz draws them.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "interface/diagram.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"

/* Adds a text as HTML. */
static void
add_html(StringInfo text, const char *words)
{
	for (const char *p = words; *p != '\0'; p++)
	{
		switch (*p)
		{
			case '<':
				appendStringInfoString(text, "&lt;");
				break;
			case '>':
				appendStringInfoString(text, "&gt;");
				break;
			case '&':
				appendStringInfoString(text, "&amp;");
				break;
			case '"':
				appendStringInfoString(text, "&quot;");
				break;
			default:
				appendStringInfoChar(text, (unsigned char) *p < ' ' ? ' ' : *p);
		}
	}
}

/* One row of a table: the attribute, underlined where it is a key, and its type. */
static void
add_row(StringInfo text, const SdInterface *interface, const SdInterfaceAttribute *attribute,
		List *relationships)
{
	bool		key = sd_interface_key(interface, attribute);
	bool		foreign = sd_in_relationship(relationships, interface, attribute->attr->name);
	const char *type = attribute->row->type;

	appendStringInfo(text, "<TR><TD ALIGN=\"LEFT\">%s%s", key ? "<U>" : "", foreign ? "<I>" : "");
	add_html(text, attribute->attr->name);
	appendStringInfo(text, "%s%s</TD><TD ALIGN=\"LEFT\"><FONT COLOR=\"#555555\">",
					 foreign ? "</I>" : "", key ? "</U>" : "");
	add_html(text, strncmp(type, "ENUM", 4) == 0 ? "ENUM" : type);
	appendStringInfo(text, "%s</FONT></TD></TR>", attribute->nullable ? "?" : "");
}

static void
add_node(StringInfo text, const SdInterface *interface, List *relationships)
{
	appendStringInfo(text, "  \"%s\" [label=<<TABLE BORDER=\"0\" CELLBORDER=\"1\" CELLSPACING=\"0\" CELLPADDING=\"4\">"
					 "<TR><TD COLSPAN=\"2\" BGCOLOR=\"#e8eef7\"><B>", interface->id);
	add_html(text, interface->row->name);
	appendStringInfoString(text, "</B></TD></TR>");
	for (int i = 0; i < interface->nattrs; i++)
	{
		if (interface->attrs[i].named && interface->attrs[i].attr->column != NULL)
			add_row(text, interface, &interface->attrs[i], relationships);
	}
	appendStringInfoString(text, "</TABLE>>];\n");
}

/* A graph of models and foreign keys, in the current context. */
char *
sd_dot(List *interfaces, List *relationships)
{
	StringInfoData text;
	ListCell   *cell;

	initStringInfo(&text);
	appendStringInfoString(&text, "digraph models {\n"
						   "  graph [rankdir=LR, nodesep=0.4, ranksep=1.1];\n"
						   "  node [shape=plain, fontname=\"Helvetica\", fontsize=11];\n"
						   "  edge [dir=both, fontname=\"Helvetica\", fontsize=10, color=\"#555555\"];\n");
	foreach(cell, interfaces)
	{
		CHECK_FOR_INTERRUPTS();
		add_node(&text, lfirst(cell), relationships);
	}
	foreach(cell, relationships)
	{
		const SdRelationship *relationship = lfirst(cell);

		appendStringInfo(&text, "  \"%s\" -> \"%s\" [arrowtail=%s, arrowhead=%s, label=<",
						 relationship->referenced->id, relationship->holder->id,
						 relationship->optional ? "teeodot" : "teetee",
						 relationship->one ? "teeodot" : "crowodot");
		add_html(&text, relationship->label);
		appendStringInfoString(&text, ">];\n");
	}
	appendStringInfoString(&text, "}\n");
	return text.data;
}

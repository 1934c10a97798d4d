/*-------------------------------------------------------------------------
 * interface/diagram.c
 *		Draws models and their foreign keys, in the words of a program that draws.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/path.h"
#include "interface/diagram.h"

/*
 * A diagram of the models that the current role may read, as the text of a
 * program that draws it, in the current context.  Raises 22023 for an unknown
 * format, and what reading the catalogs raises.
 */
char *
sd_diagram(const char *format)
{
	bool		mermaid = strcmp(format, "mermaid") == 0;
	List	   *interfaces;
	List	   *relationships;

	if (!mermaid && strcmp(format, "dot") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("format: there are no diagrams in \"%s\"", sd_clip(format, strlen(format))),
				 errhint("The formats are: mermaid, dot.")));
	interfaces = sd_interfaces();
	relationships = sd_relationships(interfaces);
	return mermaid ? sd_mermaid(interfaces, relationships) : sd_dot(interfaces, relationships);
}

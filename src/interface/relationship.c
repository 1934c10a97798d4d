/*-------------------------------------------------------------------------
 * interface/relationship.c
 *		Which models refer to which: what a diagram draws lines for.
 *
 * Associations come in pairs, one for each side of a foreign key; a line stands
 * for both.  A many-to-many association is two of them, by way of its join
 * model.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "interface/relationship.h"

/* Whether a foreign key is among the relationships. */
static bool
is_known(List *relationships, const SdInterface *holder, const SdInterface *referenced,
		 List *foreign_key)
{
	ListCell   *cell;

	foreach(cell, relationships)
	{
		const SdRelationship *relationship = lfirst(cell);

		if (relationship->holder == holder && relationship->referenced == referenced &&
			sd_same_names(relationship->foreign_key, foreign_key))
			return true;
	}
	return false;
}

/* Whether one of the attributes of a foreign key may be null. */
static bool
may_be_null(const SdInterface *holder, List *foreign_key)
{
	ListCell   *cell;

	foreach(cell, foreign_key)
	{
		const SdInterfaceAttribute *attribute = sd_interface_attribute(holder, lfirst(cell));

		if (attribute == NULL || attribute->nullable)
			return true;
	}
	return false;
}

/* Adds the foreign keys of an association that are not there yet. */
static List *
add_sides(List *relationships, List *interfaces, const SdAssociationRow *row)
{
	SdSide		sides[2];
	int			n = sd_association_sides(row, sides);

	Assert(n == 1 || n == 2);
	for (int i = 0; i < n; i++)
	{
		const SdInterface *holder = sd_interface_of(interfaces, sides[i].holder);
		const SdInterface *referenced = sd_interface_of(interfaces, sides[i].referenced);
		SdRelationship *relationship;

		if (holder == NULL || referenced == NULL ||
			is_known(relationships, holder, referenced, sides[i].foreign_key))
			continue;
		relationship = palloc(sizeof(SdRelationship));
		relationship->holder = holder;
		relationship->referenced = referenced;
		relationship->foreign_key = sides[i].foreign_key;
		relationship->label = row->alias;
		relationship->one = row->kind == SD_HAS_ONE;
		relationship->optional = may_be_null(holder, sides[i].foreign_key);
		relationships = lappend(relationships, relationship);
	}
	return relationships;
}

/* The foreign keys between models, each once; its name is that which the referenced side has for it. */
List *
sd_relationships(List *interfaces)
{
	List	   *rows = sd_all_association_rows();
	List	   *relationships = NIL;
	ListCell   *cell;

	foreach(cell, rows)
	{
		const SdAssociationRow *row = lfirst(cell);

		if (row->kind == SD_HAS_MANY || row->kind == SD_HAS_ONE)
			relationships = add_sides(relationships, interfaces, row);
	}
	foreach(cell, rows)
		relationships = add_sides(relationships, interfaces, lfirst(cell));
	return relationships;
}

/* Whether an attribute is part of a foreign key. */
bool
sd_in_relationship(const List *relationships, const SdInterface *interface, const char *attribute)
{
	ListCell   *cell;

	foreach(cell, relationships)
	{
		const SdRelationship *relationship = lfirst(cell);
		ListCell   *name;

		if (relationship->holder != interface)
			continue;
		foreach(name, relationship->foreign_key)
		{
			if (strcmp(lfirst(name), attribute) == 0)
				return true;
		}
	}
	return false;
}

/*-------------------------------------------------------------------------
 * schema/naming.c
 *		Names for indexes, constraints and enum types that nobody named: those
 *		that PostgreSQL or Sequelize would give, and that are free.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/namespace.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "lib/stringinfo.h"
#include "schema/difference.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

static char *
in_schema(const char *schema, const char *name)
{
	return quote_qualified_identifier(schema, name);
}

/* Whether something that is there, and stays, has a name, or something that is to be made. */
static bool
is_taken(const SdComparison *comparison, const SdTable *table, const char *name)
{
	char	   *qualified = in_schema(table->schema, name);
	Oid			schema = get_namespace_oid(table->schema, true);

	if (sd_name_in(comparison->taken, qualified))
		return true;
	if (comparison->fresh || !OidIsValid(schema) || sd_name_in(comparison->freed, qualified))
		return false;
	return OidIsValid(get_relname_relid(name, schema)) ||
		(OidIsValid(table->relid) &&
		 ConstraintNameIsUsed(CONSTRAINT_RELATION, table->relid, name));
}

/* The columns' names as part of another name. */
static char *
joined(List *columns)
{
	StringInfoData text;
	ListCell   *cell;

	initStringInfo(&text);
	foreach(cell, columns)
	{
		appendStringInfo(&text, "%s%s", text.len > 0 ? "_" : "", (char *) lfirst(cell));
		if (text.len >= NAMEDATALEN)
			break;
	}
	return text.data;
}

/* A free name for what belongs to a table, and maybe to columns; label, which may be NULL, says what it is. */
const char *
sd_choose_name(SdComparison *comparison, const SdTable *table, List *columns, const char *label)
{
	const char *part = columns != NIL ? joined(columns) : NULL;
	const char *ending = label;
	char	   *name;

	for (int i = 1;; i++)
	{
		name = makeObjectName(table->name, part, ending);
		if (!is_taken(comparison, table, name))
			break;
		ending = psprintf("%s%d", label != NULL ? label : "", i);
	}
	Assert(strlen(name) < NAMEDATALEN);
	comparison->taken = lappend(comparison->taken, in_schema(table->schema, name));
	return name;
}

/*
 * Names an index or a constraint that has no name, or one that something else
 * has: names are not compared, and what stays may have the name that a model
 * gives to another index now.
 */
void
sd_name_index(SdComparison *comparison, const SdTable *table, SdIndex *index)
{
	if (index->name != NULL && !is_taken(comparison, table, index->name))
	{
		comparison->taken = lappend(comparison->taken, in_schema(table->schema, index->name));
		return;
	}
	if (index->primary)
		index->name = sd_choose_name(comparison, table, NIL, "pkey");
	else
		index->name = sd_choose_name(comparison, table, index->columns, index->constraint ? "key" : NULL);
}

/* Names a foreign key that has no name. */
void
sd_name_key(SdComparison *comparison, const SdTable *table, SdForeignKey *key)
{
	Assert(key->columns != NIL);
	if (key->name == NULL)
		key->name = sd_choose_name(comparison, table, key->columns, "fkey");
}

/* Gives a column's enum type, which is to be made, a name that is free. */
void
sd_name_enum(SdComparison *comparison, SdColumn *column)
{
	SdEnumType *type = column->labels;
	const char *wanted;
	Oid			schema;

	if (type == NULL)
		return;
	Assert(type->name != NULL && !type->shared);
	wanted = type->name;
	schema = get_namespace_oid(type->schema, true);
	for (int i = 1;; i++)
	{
		char	   *qualified = in_schema(type->schema, type->name);

		if (!sd_name_in(comparison->taken, qualified) &&
			!(OidIsValid(schema) && !comparison->fresh &&
			  SearchSysCacheExists2(TYPENAMENSP, CStringGetDatum(type->name),
									ObjectIdGetDatum(schema))))
		{
			comparison->taken = lappend(comparison->taken, qualified);
			break;
		}
		type->name = makeObjectName(wanted, NULL, psprintf("%d", i));
	}
	column->type = psprintf("%s%s", in_schema(type->schema, type->name), type->array ? "[]" : "");
}

/* Names everything in a table that is to be made. */
void
sd_name_all(SdComparison *comparison, SdTable *table)
{
	ListCell   *cell;

	foreach(cell, table->columns)
		sd_name_enum(comparison, lfirst(cell));
	foreach(cell, table->indexes)
		sd_name_index(comparison, table, lfirst(cell));
	foreach(cell, table->foreign_keys)
		sd_name_key(comparison, table, lfirst(cell));
}

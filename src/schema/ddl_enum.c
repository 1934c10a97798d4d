/*-------------------------------------------------------------------------
 * schema/ddl_enum.c
 *		The statements that make, change and drop enum types.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "lib/stringinfo.h"
#include "schema/ddl.h"
#include "utils/builtins.h"

/* The name of an enum type, as SQL. */
char *
sd_enum_sql(const SdEnumType *type)
{
	return quote_qualified_identifier(type->schema, type->name);
}

char *
sd_ddl_create_enum(const SdEnumType *type)
{
	StringInfoData sql;
	ListCell   *cell;

	initStringInfo(&sql);
	foreach(cell, type->labels)
		appendStringInfo(&sql, "%s%s", sql.len > 0 ? ", " : "", quote_literal_cstr(lfirst(cell)));
	return psprintf("CREATE TYPE %s AS ENUM (%s);", sd_enum_sql(type), sql.data);
}

char *
sd_ddl_drop_enum(const SdEnumType *type)
{
	return psprintf("DROP TYPE %s;", sd_enum_sql(type));
}

/*
 * Adds to an enum type the values of another that it does not have, each where
 * it stands there; all that it has stand there in the same order.
 */
char *
sd_ddl_add_values(const SdEnumType *from, const SdEnumType *to)
{
	StringInfoData sql;
	ListCell   *cell;
	const char *before = NULL;	/* the value that was passed last */
	int			passed = 0;

	Assert(from->labels != NIL);
	initStringInfo(&sql);
	foreach(cell, to->labels)
	{
		const char *label = lfirst(cell);

		if (sd_name_in(from->labels, label))
			passed++;
		else
		{
			appendStringInfo(&sql, "%sALTER TYPE %s ADD VALUE %s", sql.len > 0 ? "\n" : "",
							 sd_enum_sql(from), quote_literal_cstr(label));
			if (before == NULL)
				appendStringInfo(&sql, " BEFORE %s", quote_literal_cstr(linitial(from->labels)));
			else if (passed < list_length(from->labels))
				appendStringInfo(&sql, " AFTER %s", quote_literal_cstr(before));
			appendStringInfoChar(&sql, ';');
		}
		before = label;
	}
	Assert(passed == list_length(from->labels));
	return sql.data;
}

/* Gives a type another name. */
char *
sd_ddl_rename_type(const char *schema, const char *from, const char *to)
{
	return psprintf("ALTER TYPE %s RENAME TO %s;", quote_qualified_identifier(schema, from),
					quote_identifier(to));
}

/* Gives a value of an enum type another name. */
char *
sd_ddl_rename_value(const SdEnumType *type, const char *from, const char *to)
{
	return psprintf("ALTER TYPE %s RENAME VALUE %s TO %s;", sd_enum_sql(type),
					quote_literal_cstr(from), quote_literal_cstr(to));
}

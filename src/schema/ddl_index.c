/*-------------------------------------------------------------------------
 * schema/ddl_index.c
 *		The statements that make, change and drop indexes and constraints.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "lib/stringinfo.h"
#include "schema/ddl.h"
#include "utils/builtins.h"

/*
 * Builds an index, without a semicolon; how, which may be empty, is CONCURRENTLY and a
 * space, relation the table as SQL, maybe with ONLY, name not quoted, or NULL.
 */
static char *
create_index(const char *how, const char *relation, const SdIndex *index, const char *name)
{
	Assert(index->keys != NIL && index->method != NULL);
	return psprintf("CREATE %sINDEX %s%s ON %s USING %s (%s)%s%s%s", index->unique ? "UNIQUE " : "",
					how, name != NULL ? quote_identifier(name) : "", relation,
					quote_identifier(index->method), sd_comma_sql(index->keys),
					index->nulls_not_distinct ? " NULLS NOT DISTINCT" : "",
					index->where != NULL ? " WHERE " : "",
					index->where != NULL ? index->where : "");
}

/* What stands after the name of a constraint, or the whole statement of an index. */
char *
sd_index_definition(const SdTable *table, const SdIndex *index)
{
	Assert(index->constraint || !index->primary);
	if (index->definition != NULL)
		return pstrdup(index->definition);
	if (index->constraint)
		return psprintf("%s%s (%s)", index->primary ? "PRIMARY KEY" : "UNIQUE",
						index->nulls_not_distinct ? " NULLS NOT DISTINCT" : "", sd_comma_sql(index->keys));
	return create_index("", sd_table_sql(table), index, index->name);
}

/* What stands after the name of a foreign key. */
char *
sd_key_definition(const SdForeignKey *key)
{
	StringInfoData sql;

	Assert(list_length(key->columns) == list_length(key->referenced));
	if (key->definition != NULL)
		return pstrdup(key->definition);
	initStringInfo(&sql);
	appendStringInfo(&sql, "FOREIGN KEY (%s) REFERENCES %s(%s)%s", sd_columns_sql(key->columns),
					 quote_qualified_identifier(key->schema, key->table),
					 sd_columns_sql(key->referenced), key->match != NULL ? key->match : "");
	if (strcmp(key->on_update, "NO ACTION") != 0)
		appendStringInfo(&sql, " ON UPDATE %s", key->on_update);
	if (strcmp(key->on_delete, "NO ACTION") != 0)
		appendStringInfo(&sql, " ON DELETE %s", key->on_delete);
	if (key->set_columns != NIL)
		appendStringInfo(&sql, " (%s)", sd_columns_sql(key->set_columns));
	if (key->deferral != NULL)
		appendStringInfoString(&sql, key->deferral);
	if (key->not_enforced)
		appendStringInfoString(&sql, " NOT ENFORCED");
	else if (key->not_valid)
		appendStringInfoString(&sql, " NOT VALID");
	return sql.data;
}

char *
sd_ddl_add_index(const SdTable *table, const SdIndex *index)
{
	char	   *definition = sd_index_definition(table, index);

	if (!index->constraint)
		return psprintf("%s;", definition);
	return sd_ddl_alter(table, psprintf("ADD CONSTRAINT %s %s", quote_identifier(index->name), definition));
}

char *
sd_ddl_drop_index(const SdTable *table, const SdIndex *index)
{
	Assert(index->name != NULL);
	if (index->constraint)
		return sd_ddl_drop_constraint(table, index->name);
	return psprintf("DROP INDEX %s;", quote_qualified_identifier(table->schema, index->name));
}

char *
sd_ddl_add_key(const SdTable *table, const SdForeignKey *key)
{
	Assert(key->name != NULL);
	return sd_ddl_alter(table, psprintf("ADD CONSTRAINT %s %s", quote_identifier(key->name),
										sd_key_definition(key)));
}

char *
sd_ddl_drop_constraint(const SdTable *table, const char *name)
{
	return sd_ddl_alter(table, psprintf("DROP CONSTRAINT %s", quote_identifier(name)));
}

/* Builds an index on a table and on none of its partitions: it is not valid until those have theirs. */
char *
sd_ddl_index_only(const SdTable *table, const SdIndex *index)
{
	char	   *only = psprintf("ONLY %s", sd_table_sql(table));

	if (!index->constraint)
		return psprintf("%s;", create_index("", only, index, index->name));
	return psprintf("ALTER TABLE %s ADD CONSTRAINT %s %s;", only, quote_identifier(index->name),
					sd_index_definition(table, index));
}

/* Builds an index of that name while others write, for a constraint too. */
char *
sd_ddl_index_concurrently(const SdTable *table, const SdIndex *index, const char *name)
{
	return psprintf("%s;", create_index("CONCURRENTLY ", sd_table_sql(table), index, name));
}

/* What an action of ALTER TABLE begins with that adds a constraint in the place of another, if there is one. */
static const char *
in_place_of(const char *dropped)
{
	return dropped != NULL ? psprintf("DROP CONSTRAINT %s, ", quote_identifier(dropped)) : "";
}

/*
 * Makes the index that was built under a name that of a constraint, whose name it gets, and
 * in the same statement drops another constraint, unless that is NULL.
 */
char *
sd_ddl_using_index(const SdTable *table, const SdIndex *index, const char *name, const char *built,
				   const char *dropped)
{
	Assert(index->constraint);
	return sd_ddl_alter(table, psprintf("%sADD CONSTRAINT %s %s USING INDEX %s", in_place_of(dropped),
										quote_identifier(name), index->primary ? "PRIMARY KEY" : "UNIQUE",
										quote_identifier(built)));
}

/* Adds a foreign key, and in the same statement drops another one. */
char *
sd_ddl_replace_key(const SdTable *table, const SdForeignKey *key, const char *dropped)
{
	Assert(key->name != NULL && dropped != NULL);
	return sd_ddl_alter(table, psprintf("%sADD CONSTRAINT %s %s", in_place_of(dropped), quote_identifier(key->name),
										sd_key_definition(key)));
}

/* Makes the index of a partition part of that of its parent; name is not quoted. */
char *
sd_ddl_attach_index(const SdTable *parent, const char *index, const SdTable *partition,
					const char *name)
{
	return psprintf("ALTER INDEX %s ATTACH PARTITION %s;",
					quote_qualified_identifier(parent->schema, index),
					quote_qualified_identifier(partition->schema, name));
}

char *
sd_ddl_rename_index(const SdTable *table, const char *from, const char *to)
{
	return psprintf("ALTER INDEX %s RENAME TO %s;", quote_qualified_identifier(table->schema, from),
					quote_identifier(to));
}

/* Drops an index while others use the table. */
char *
sd_ddl_drop_index_concurrently(const SdTable *table, const char *name)
{
	return psprintf("DROP INDEX CONCURRENTLY %s;", quote_qualified_identifier(table->schema, name));
}

/* Drops an index, unless what it was built for has taken it along. */
char *
sd_ddl_drop_index_if_there(const SdTable *table, const char *name)
{
	return psprintf("DROP INDEX IF EXISTS %s;", quote_qualified_identifier(table->schema, name));
}

/* Adds a foreign key for rows to come; those that are there are checked by sd_ddl_validate(). */
char *
sd_ddl_add_key_not_valid(const SdTable *table, const SdForeignKey *key)
{
	return sd_ddl_alter(table, psprintf("ADD CONSTRAINT %s %s NOT VALID", quote_identifier(key->name),
										sd_key_definition(key)));
}

/* Adds a CHECK for rows to come that a column holds no null. */
char *
sd_ddl_add_not_null_check(const SdTable *table, const SdColumn *column, const char *name)
{
	return sd_ddl_alter(table, psprintf("ADD CONSTRAINT %s CHECK (%s IS NOT NULL) NOT VALID",
										quote_identifier(name), quote_identifier(column->name)));
}

/* Checks the rows that were there before a constraint. */
char *
sd_ddl_validate(const SdTable *table, const char *name)
{
	return sd_ddl_alter(table, psprintf("VALIDATE CONSTRAINT %s", quote_identifier(name)));
}

/* Gives a constraint another name. */
char *
sd_ddl_rename_constraint(const SdTable *table, const char *from, const char *to)
{
	return sd_ddl_alter(table, psprintf("RENAME CONSTRAINT %s TO %s", quote_identifier(from), quote_identifier(to)));
}

/* Drops a constraint, unless another one has taken it along. */
char *
sd_ddl_drop_constraint_if_there(const SdTable *table, const char *name)
{
	return sd_ddl_alter(table, psprintf("DROP CONSTRAINT IF EXISTS %s", quote_identifier(name)));
}

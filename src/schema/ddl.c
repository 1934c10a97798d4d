/*-------------------------------------------------------------------------
 * schema/ddl.c
 *		The statements that make, change and drop tables and what is in them.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "lib/stringinfo.h"
#include "parser/parse_coerce.h"
#include "schema/ddl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* The table's name as SQL. */
char *
sd_table_sql(const SdTable *table)
{
	Assert(table->schema != NULL && table->name != NULL);
	return quote_qualified_identifier(table->schema, table->name);
}

/* Pieces of SQL with commas between them. */
char *
sd_comma_sql(List *pieces)
{
	StringInfoData sql;
	ListCell   *cell;

	initStringInfo(&sql);
	foreach(cell, pieces)
		appendStringInfo(&sql, "%s%s", sql.len > 0 ? ", " : "", (char *) lfirst(cell));
	return sql.data;
}

/* Names, quoted, with commas between them. */
char *
sd_columns_sql(List *columns)
{
	List	   *quoted = NIL;
	ListCell   *cell;

	foreach(cell, columns)
		quoted = lappend(quoted, unconstify(char *, quote_identifier(lfirst(cell))));
	return sd_comma_sql(quoted);
}

/* ALTER TABLE with one action. */
char *
sd_ddl_alter(const SdTable *table, const char *action)
{
	return psprintf("ALTER TABLE %s %s;", sd_table_sql(table), action);
}

static char *
alter_column(const SdTable *table, const SdColumn *column, const char *action)
{
	return sd_ddl_alter(table, psprintf("ALTER COLUMN %s %s", quote_identifier(column->name), action));
}

/* Whether an enum type comes and goes with its column. */
static bool
own_type(const SdColumn *column)
{
	return column->labels != NULL && !column->labels->shared;
}

/*
 * The name of a column's NOT NULL where PostgreSQL would not give the same; else NULL.
 */
static const char *
not_null_name(const SdTable *table, const SdColumn *column)
{
	const char *name = column->not_null_name;

	return name != NULL && strcmp(name, makeObjectName(table->name, column->name, "not_null")) != 0 ? name : NULL;
}

/* A NOT NULL as a constraint: of its column, or where that is given of the table. */
static char *
not_null_sql(const SdTable *table, const SdColumn *column, const char *of_table)
{
	const char *name = not_null_name(table, column);

	return psprintf("%s%s%sNOT NULL%s%s%s", name != NULL ? "CONSTRAINT " : "",
					name != NULL ? quote_identifier(name) : "", name != NULL ? " " : "", of_table,
					column->not_null_local ? " NO INHERIT" : "", column->not_null_not_valid ? " NOT VALID" : "");
}

/* Makes a column NOT NULL. */
static char *
add_not_null(const SdTable *table, const SdColumn *column)
{
	if (not_null_name(table, column) == NULL && !column->not_null_local && !column->not_null_not_valid)
		return alter_column(table, column, "SET NOT NULL");
	return sd_ddl_alter(table, psprintf("ADD %s", not_null_sql(table, column,
															   psprintf(" %s", quote_identifier(column->name)))));
}

/* Whether a column's NOT NULL stands with it in CREATE TABLE: one that is NOT VALID comes after it. */
static bool
has_own_not_null(const SdTable *table, const SdColumn *column)
{
	if (!column->not_null || column->not_null_not_valid)
		return false;
	return column->counting != SD_COUNTS_AS_IDENTITY || not_null_name(table, column) != NULL;
}

/* The type of a column's sequence: its own, else that which a column of the type counts with. */
static const char *
sequence_type(const SdColumn *column)
{
	bool		fits = column->type_oid == INT2OID || column->type_oid == INT4OID;

	if (OidIsValid(column->sequence_type) && column->sequence_type != (fits ? column->type_oid : INT8OID))
		return format_type_extended(column->sequence_type, -1, FORMAT_TYPE_FORCE_QUALIFY);
	return fits ? column->type : "pg_catalog.int8";
}

/* A column's sequence, SQL. */
static char *
create_sequence(const SdColumn *column, const char *sequence)
{
	return psprintf("CREATE SEQUENCE %s AS %s%s%s;", sequence, sequence_type(column),
					column->sequence_options != NULL ? " " : "",
					column->sequence_options != NULL ? column->sequence_options : "");
}

/* A column as an identity, after GENERATED. */
static char *
identity_sql(const SdColumn *column)
{
	const char *always = column->always ? "ALWAYS" : "BY DEFAULT";

	if (column->counting != SD_COUNTS_AS_IDENTITY || column->sequence_options == NULL)
		return psprintf("%s AS IDENTITY", always);
	return psprintf("%s AS IDENTITY (%s)", always, column->sequence_options);
}

/* What a column owns beside its type, SQL; or NULL. */
static const char *
owned_sequence(const SdColumn *column)
{
	return column->sequence != NULL ? column->sequence : column->idle_sequence;
}

/* A column as CREATE TABLE and ADD COLUMN have it; a NOT NULL that is NOT VALID comes after it. */
char *
sd_column_sql(const SdTable *table, const SdColumn *column)
{
	StringInfoData sql;

	Assert(column->type != NULL);
	initStringInfo(&sql);
	appendStringInfo(&sql, "%s %s", quote_identifier(column->name), column->type);
	if (column->collation != NULL)
		appendStringInfo(&sql, " COLLATE %s", column->collation);
	if (column->generation != NULL)
		appendStringInfo(&sql, " GENERATED ALWAYS AS %s", column->generation);
	else if (column->counting == SD_COUNTS_AS_IDENTITY)
		appendStringInfo(&sql, " GENERATED %s", identity_sql(column));
	else if (column->default_sql != NULL)
		appendStringInfo(&sql, " DEFAULT %s", column->default_sql);
	if (has_own_not_null(table, column))
		appendStringInfo(&sql, " %s", not_null_sql(table, column, ""));
	return sql.data;
}

/* A sequence, SQL, goes with a column. */
static char *
own_sequence(const SdTable *table, const SdColumn *column, const char *sequence)
{
	return psprintf("ALTER SEQUENCE %s OWNED BY %s.%s;", sequence, sd_table_sql(table),
					quote_identifier(column->name));
}

/* What has to be there before a column, and a line break after it. */
static void
append_before(StringInfo sql, const SdColumn *column)
{
	if (own_type(column))
		appendStringInfo(sql, "%s\n", sd_ddl_create_enum(column->labels));
	if (owned_sequence(column) != NULL)
		appendStringInfo(sql, "%s\n", create_sequence(column, owned_sequence(column)));
}

/* How a column's values are stored, where that is not as its type has it, with a line break before it. */
static void
append_storage(StringInfo sql, const SdTable *table, const SdColumn *column)
{
	if (column->storage != NULL)
		appendStringInfo(sql, "\n%s", alter_column(table, column, psprintf("SET STORAGE %s", column->storage)));
	if (column->compression != NULL)
		appendStringInfo(sql, "\n%s", alter_column(table, column,
												   psprintf("SET COMPRESSION %s", column->compression)));
}

/* What a column needs after it is there, with a line break before it. */
static void
append_after(StringInfo sql, const SdTable *table, const SdColumn *column)
{
	if (column->not_null && column->not_null_not_valid)
		appendStringInfo(sql, "\n%s", add_not_null(table, column));
	append_storage(sql, table, column);
	if (owned_sequence(column) != NULL)
		appendStringInfo(sql, "\n%s", own_sequence(table, column, owned_sequence(column)));
	if (column->comment != NULL)
		appendStringInfo(sql, "\n%s", sd_ddl_column_comment(table, column, column->comment));
}

/*
 * Makes a table with its types, constraints and comments, and with_keys its
 * foreign keys; indexes are statements of their own.
 */
char *
sd_ddl_create_table(const SdTable *table, bool with_keys)
{
	StringInfoData sql;
	ListCell   *cell;
	const char *comma = "";

	initStringInfo(&sql);
	foreach(cell, table->columns)
		append_before(&sql, lfirst(cell));
	appendStringInfo(&sql, "CREATE TABLE %s (", sd_table_sql(table));
	foreach(cell, table->columns)
	{
		appendStringInfo(&sql, "%s\n  %s", comma, sd_column_sql(table, lfirst(cell)));
		comma = ",";
	}
	foreach(cell, table->indexes)
	{
		const SdIndex *index = lfirst(cell);

		if (!index->constraint || index->not_valid)
			continue;
		Assert(index->name != NULL);
		appendStringInfo(&sql, "%s\n  CONSTRAINT %s %s", comma, quote_identifier(index->name),
						 sd_index_definition(table, index));
		comma = ",";
	}
	foreach(cell, with_keys ? table->foreign_keys : NIL)
	{
		const SdForeignKey *key = lfirst(cell);

		appendStringInfo(&sql, "%s\n  CONSTRAINT %s %s", comma, quote_identifier(key->name),
						 sd_key_definition(key));
		comma = ",";
	}
	appendStringInfoString(&sql, "\n);");
	/* with the table it would be valid, as there are no rows */
	foreach(cell, table->indexes)
	{
		const SdIndex *index = lfirst(cell);

		if (index->constraint && index->not_valid)
			appendStringInfo(&sql, "\n%s", sd_ddl_add_index(table, index));
	}
	if (table->comment != NULL)
		appendStringInfo(&sql, "\n%s", sd_ddl_table_comment(table, table->comment));
	foreach(cell, table->columns)
		append_after(&sql, table, lfirst(cell));
	return sql.data;
}

/* Drops a table, and the enum types that only its columns are of. */
char *
sd_ddl_drop_table(const SdTable *table)
{
	StringInfoData sql;
	ListCell   *cell;

	initStringInfo(&sql);
	appendStringInfo(&sql, "DROP TABLE %s;", sd_table_sql(table));
	foreach(cell, table->columns)
	{
		if (own_type(lfirst(cell)))
			appendStringInfo(&sql, "\n%s", sd_ddl_drop_enum(((SdColumn *) lfirst(cell))->labels));
	}
	return sql.data;
}

char *
sd_ddl_rename_table(const SdTable *table, const char *name)
{
	return sd_ddl_alter(table, psprintf("RENAME TO %s", quote_identifier(name)));
}

char *
sd_ddl_rename_column(const SdTable *table, const char *from, const char *to)
{
	return sd_ddl_alter(table, psprintf("RENAME COLUMN %s TO %s", quote_identifier(from),
										quote_identifier(to)));
}

/*
 * Adds a column.  With fill, one that comes back and has to have a value gets
 * one in the rows that are there.
 */
char *
sd_ddl_add_column(const SdTable *table, const SdColumn *column, bool fill)
{
	StringInfoData sql;
	const char *value = NULL;

	initStringInfo(&sql);
	append_before(&sql, column);
	if (fill && column->not_null && !column->not_null_not_valid && column->default_sql == NULL &&
		column->counting == SD_COUNTS_NOT)
		value = sd_filler(column);
	if (value != NULL)
		appendStringInfo(&sql, "ALTER TABLE %s ADD COLUMN %s DEFAULT %s;\n%s", sd_table_sql(table),
						 sd_column_sql(table, column), value, alter_column(table, column, "DROP DEFAULT"));
	else
		appendStringInfo(&sql, "ALTER TABLE %s ADD COLUMN %s;", sd_table_sql(table),
						 sd_column_sql(table, column));
	append_after(&sql, table, column);
	return sql.data;
}

/* Drops a column, and the enum type that only it is of. */
char *
sd_ddl_drop_column(const SdTable *table, const SdColumn *column)
{
	char	   *sql = sd_ddl_alter(table, psprintf("DROP COLUMN %s", quote_identifier(column->name)));

	return own_type(column) ? psprintf("%s\n%s", sql, sd_ddl_drop_enum(column->labels)) : sql;
}

/* Whether a type is a date, a timestamp or the time of one. */
static bool
is_time(Oid type)
{
	return type == TIMESTAMPTZOID || type == TIMESTAMPOID || type == DATEOID;
}

/*
 * How a column's values become those of another type: " USING …", or nothing.
 * A value becomes an array of one, and an array of one the value.  What has no
 * time zone is UTC, whatever that of the session is.
 */
static char *
using_clause(const SdColumn *from, const SdColumn *to)
{
	const char *name = quote_identifier(from->name);
	bool		from_array = from->labels != NULL ? from->labels->array
		: OidIsValid(get_element_type(from->type_oid));
	bool		to_array = to->labels != NULL ? to->labels->array
		: OidIsValid(get_element_type(to->type_oid));
	bool		plain = from->labels == NULL && to->labels == NULL && OidIsValid(to->type_oid);
	Oid			function;

	if (to_array && !from_array)
		return psprintf(" USING CASE WHEN %s IS NOT NULL THEN ARRAY[%s::pg_catalog.text]::pg_catalog.text[] END::%s",
						name, name, to->type);
	if (from_array && !to_array)
		return psprintf(" USING CASE WHEN pg_catalog.cardinality(%s) OPERATOR(pg_catalog.=) 1 THEN %s[1]::pg_catalog.text ELSE %s::pg_catalog.text END::%s",
						name, name, name, to->type);
	if (plain && is_time(from->type_oid) && is_time(to->type_oid) &&
		(from->type_oid == TIMESTAMPTZOID) != (to->type_oid == TIMESTAMPTZOID))
		return psprintf(from->type_oid == TIMESTAMPTZOID
						? " USING (%s AT TIME ZONE 'UTC')::%s"
						: " USING (%s::pg_catalog.timestamp AT TIME ZONE 'UTC')::%s",
						name, to->type);
	if (plain && find_coercion_pathway(to->type_oid, from->type_oid, COERCION_ASSIGNMENT,
									   &function) != COERCION_PATH_NONE)
		return pstrdup("");
	if (plain && find_coercion_pathway(to->type_oid, from->type_oid, COERCION_EXPLICIT,
									   &function) != COERCION_PATH_NONE)
		return psprintf(" USING %s::%s", name, to->type);
	return psprintf(" USING %s::pg_catalog.text%s::%s", name, from_array && to_array ? "[]" : "",
					to->type);
}

/* Whether a column keeps the enum type that it has, with other values. */
static bool
same_enum(const SdColumn *from, const SdColumn *to)
{
	return own_type(from) && own_type(to) && strcmp(from->labels->schema, to->labels->schema) == 0 &&
		strcmp(from->labels->name, to->labels->name) == 0;
}

/*
 * Changes a column's type, which makes its storage that of the type.  Defaults are
 * taken away first, and that of the new type is set: the old one need not be a value of it.  An enum whose values
 * change is made anew, since a value that was added could not be used in the
 * same transaction, and none can be taken away.
 */
char *
sd_ddl_retype(const SdTable *table, const SdColumn *from, const SdColumn *to)
{
	StringInfoData sql;
	bool		same = same_enum(from, to);
	char	   *collation = to->collation != NULL ? psprintf(" COLLATE %s", to->collation) : "";
	char	   *aside = psprintf("%s_old", to->labels != NULL ? to->labels->name : "");

	Assert(strcmp(from->name, to->name) == 0);
	initStringInfo(&sql);
	if (from->default_sql != NULL && from->counting != SD_COUNTS_AS_IDENTITY)
		appendStringInfo(&sql, "%s\n", alter_column(table, from, "DROP DEFAULT"));
	if (same)
	{
		if (strlen(aside) >= NAMEDATALEN)
			aside = "enum_old";
		appendStringInfo(&sql, "ALTER TYPE %s RENAME TO %s;\n", sd_enum_sql(from->labels),
						 quote_identifier(aside));
	}
	if (own_type(to))
		appendStringInfo(&sql, "%s\n", sd_ddl_create_enum(to->labels));
	appendStringInfoString(&sql, alter_column(table, from,
											  psprintf("TYPE %s%s%s", to->type, collation,
													   using_clause(from, to))));
	if (same)
		appendStringInfo(&sql, "\nDROP TYPE %s;",
						 quote_qualified_identifier(from->labels->schema, aside));
	else if (own_type(from))
		appendStringInfo(&sql, "\n%s", sd_ddl_drop_enum(from->labels));
	if (to->default_sql != NULL && to->counting != SD_COUNTS_AS_IDENTITY)
		appendStringInfo(&sql, "\n%s", sd_ddl_default(table, to));
	append_storage(&sql, table, to);
	return sql.data;
}

/* Gives a column the default that it is to have. */
char *
sd_ddl_default(const SdTable *table, const SdColumn *column)
{
	return alter_column(table, column, column->default_sql == NULL ? "DROP DEFAULT"
						: psprintf("SET DEFAULT %s", column->default_sql));
}

/* Gives rows without a value of a column its default; NULL where it has none. */
char *
sd_ddl_fill(const SdTable *table, const SdColumn *column)
{
	const char *name = quote_identifier(column->name);

	return column->default_sql == NULL ? NULL
		: psprintf("UPDATE %s SET %s = %s WHERE %s IS NULL;", sd_table_sql(table), name,
				   column->default_sql, name);
}

/*
 * Makes a column as nullable as it is to be.  With fill, rows without a value
 * get the default first.
 */
char *
sd_ddl_nullability(const SdTable *table, const SdColumn *column, bool fill)
{
	char	   *sql = column->not_null ? add_not_null(table, column) : alter_column(table, column, "DROP NOT NULL");
	char	   *filling = fill && column->not_null && !column->not_null_not_valid ? sd_ddl_fill(table, column) : NULL;

	return filling != NULL ? psprintf("%s\n%s", filling, sql) : sql;
}

static char *
add_identity(const SdTable *table, const SdColumn *column)
{
	return alter_column(table, column, psprintf("ADD GENERATED %s", identity_sql(column)));
}

/* The sequence of an identity, as an expression. */
static char *
identity_sequence(const SdTable *table, const SdColumn *column)
{
	return psprintf("pg_catalog.pg_get_serial_sequence(%s, %s)", quote_literal_cstr(sd_table_sql(table)),
					quote_literal_cstr(column->name));
}

/*
 * Makes the numbers of a column that becomes an identity go on after those that are there.
 * One that had options counts the way that they say, from where they say on.
 */
static char *
go_on(const SdTable *table, const SdColumn *column)
{
	const char *name = quote_identifier(column->name);
	char	   *sequence = identity_sequence(table, column);

	if (column->sequence_options == NULL)
		return psprintf("SELECT pg_catalog.setval(%s, GREATEST((SELECT pg_catalog.max(%s) FROM %s), 0) OPERATOR(pg_catalog.+) 1, false);",
						sequence, name, sd_table_sql(table));
	return psprintf("SELECT pg_catalog.setval(q.seqrelid::pg_catalog.regclass, CASE WHEN q.seqincrement OPERATOR(pg_catalog.>) 0"
					" THEN LEAST(GREATEST(n.highest OPERATOR(pg_catalog.+) 1, q.seqstart), q.seqmax)"
					" ELSE GREATEST(LEAST(n.lowest OPERATOR(pg_catalog.-) 1, q.seqstart), q.seqmin) END, false)"
					" FROM pg_catalog.pg_sequence q,"
					" (SELECT pg_catalog.max(%s)::pg_catalog.int8 AS highest, pg_catalog.min(%s)::pg_catalog.int8 AS lowest FROM %s) n"
					" WHERE q.seqrelid OPERATOR(pg_catalog.=) %s::pg_catalog.regclass;",
					name, name, sd_table_sql(table), sequence);
}

/* Whether a column that is there has a default which goes before it is an identity, and comes back after. */
static bool
has_other_default(const SdColumn *column)
{
	return column->was != NULL && column->counting == SD_COUNTS_NOT && column->default_sql != NULL &&
		!column->retyped;
}

/*
 * Makes a column count, or not count, as it is to; its numbers go on after those
 * that are there.  A sequence that counted once, and that the column still has, is
 * parted from it while there is an identity: of two the server would name either.
 */
char *
sd_ddl_counting(const SdTable *table, const SdColumn *from, const SdColumn *to)
{
	char	   *sql;

	Assert((from->counting == SD_COUNTS_NOT) != (to->counting == SD_COUNTS_NOT));
	if (to->counting == SD_COUNTS_AS_SERIAL)
		return sd_ddl_default(table, to);
	if (to->counting == SD_COUNTS_NOT)
	{
		sql = alter_column(table, to, from->counting == SD_COUNTS_AS_SERIAL ? "DROP DEFAULT" : "DROP IDENTITY");
		if (from->counting == SD_COUNTS_AS_IDENTITY && has_other_default(to))
			sql = psprintf("%s\n%s", sql, sd_ddl_default(table, to));
		return to->idle_sequence == NULL ? sql
			: psprintf("%s\n%s", sql, own_sequence(table, to, to->idle_sequence));
	}
	sql = psprintf("%s\n%s", add_identity(table, to), go_on(table, to));
	if (has_other_default(from))
		sql = psprintf("%s\n%s", alter_column(table, from, "DROP DEFAULT"), sql);
	return from->idle_sequence == NULL ? sql
		: psprintf("ALTER SEQUENCE %s OWNED BY NONE;\n%s", from->idle_sequence, sql);
}

/*
 * A column that counts with a sequence of its own, SQL, becomes an identity, which
 * goes on where that is.  That goes first: of two the server would name either.
 */
char *
sd_ddl_sequence_to_identity(const SdTable *table, const SdColumn *column, const char *sequence)
{
	return psprintf("%s\nALTER SEQUENCE %s OWNED BY NONE;\n%s\nSELECT pg_catalog.setval(%s, pg_catalog.nextval(%s), false);\nDROP SEQUENCE %s;",
					alter_column(table, column, "DROP DEFAULT"), sequence, add_identity(table, column),
					identity_sequence(table, column), quote_literal_cstr(sequence), sequence);
}

/* The way back. */
char *
sd_ddl_identity_to_sequence(const SdTable *table, const SdColumn *column, const char *sequence)
{
	return psprintf("%s\nSELECT pg_catalog.setval(%s, pg_catalog.nextval(%s), false);\n%s\n%s\n%s",
					create_sequence(column, sequence), quote_literal_cstr(sequence),
					identity_sequence(table, column), alter_column(table, column, "DROP IDENTITY"),
					alter_column(table, column, psprintf("SET DEFAULT pg_catalog.nextval(%s::pg_catalog.regclass)",
														 quote_literal_cstr(sequence))),
					own_sequence(table, column, sequence));
}

static char *
comment_sql(const char *what, const char *comment)
{
	return psprintf("COMMENT ON %s IS %s;", what,
					comment != NULL ? quote_literal_cstr(comment) : "NULL");
}

/* Sets the comment of a table; NULL takes it away. */
char *
sd_ddl_table_comment(const SdTable *table, const char *comment)
{
	return comment_sql(psprintf("TABLE %s", sd_table_sql(table)), comment);
}

/* Sets the comment of a column; NULL takes it away. */
char *
sd_ddl_column_comment(const SdTable *table, const SdColumn *column, const char *comment)
{
	return comment_sql(psprintf("COLUMN %s.%s", sd_table_sql(table),
								quote_identifier(column->name)), comment);
}

/*-------------------------------------------------------------------------
 * schema/columns.c
 *		Compares the columns of a table with those that it should have.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "catalogs/rows.h"
#include "define/literal.h"
#include "lib/stringinfo.h"
#include "migrate/lint.h"
#include "parser/parse_coerce.h"
#include "schema/ddl.h"
#include "schema/difference.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* Whether strings of a type are those of another and longer ones. */
static bool
holds_string(const SdColumn *actual, const SdColumn *desired)
{
	int32		typmod = actual->typmod;
	Oid			type = getBaseTypeAndTypmod(actual->type_oid, &typmod);
	char		category;
	bool		preferred;

	if (desired->type_oid != VARCHAROID)
		return type == desired->type_oid && typmod < 0;
	if (type == VARCHAROID)
		return typmod < 0 || typmod >= desired->typmod;
	get_type_category_preferred(type, &category, &preferred);
	return category == TYPCATEGORY_STRING && type != BPCHAROID && type != NAMEOID &&
		type != CHAROID;
}

static bool
same_type(const SdColumn *desired, const SdColumn *actual)
{
	if (desired->labels != NULL)
		return actual->labels != NULL && desired->labels->array == actual->labels->array &&
			sd_same_names(desired->labels->labels, actual->labels->labels);
	if (strcmp(desired->type, actual->type) == 0)
		return true;
	if (desired->any_precision && actual->type_oid == TIMESTAMPTZOID)
		return actual->typmod < 0 || actual->typmod >= 3;
	return desired->at_least && holds_string(actual, desired);
}

/* A type in words: an enum's values are what differs. */
static const char *
type_words(const SdColumn *column)
{
	StringInfoData words;
	ListCell   *cell;

	if (column->labels == NULL || column->labels->shared)
		return column->type;
	initStringInfo(&words);
	foreach(cell, column->labels->labels)
		appendStringInfo(&words, "%s%s", words.len > 0 ? "," : "", quote_literal_cstr(lfirst(cell)));
	return psprintf("ENUM(%s)%s", words.data, column->labels->array ? "[]" : "");
}

/* Whether all names of a list are in another one, in the same order. */
static bool
is_subsequence(List *part, List *whole)
{
	ListCell   *cell = list_head(part);
	ListCell   *other;

	foreach(other, whole)
	{
		if (cell != NULL && strcmp(lfirst(cell), lfirst(other)) == 0)
			cell = lnext(part, cell);
	}
	return cell == NULL;
}

/* Whether a condition of an index has to do with a column. */
static bool
is_in_condition(List *indexes, const SdColumn *column)
{
	ListCell   *cell;

	foreach(cell, indexes)
	{
		const SdIndex *index = lfirst(cell);

		if (sd_name_in(index->where_columns, column->name) ||
			((index->where != NULL || index->foreign) && sd_name_in(index->columns, column->name)))
			return true;
	}
	return false;
}

/*
 * Whether an enum only gets values that it did not have, and none of them is
 * used before the transaction ends that adds it, which PostgreSQL refuses.  To
 * undo it the type is made anew, which no index's condition follows.
 */
static bool
adds_values(const SdTable *desired_table, const SdTable *actual_table, const SdColumn *desired,
			const SdColumn *actual)
{
	if (desired->labels == NULL || actual->labels == NULL || actual->labels->shared ||
		desired->labels->array != actual->labels->array || actual->labels->labels == NIL ||
		!is_subsequence(actual->labels->labels, desired->labels->labels))
		return false;
	if (desired->default_value != NULL &&
		(desired->labels->array || !sd_name_in(actual->labels->labels, desired->default_value)))
		return false;
	return !is_in_condition(desired_table->indexes, desired) &&
		!is_in_condition(actual_table->indexes, actual);
}

static void
add_values(SdComparison *comparison, const SdTable *table, const SdColumn *desired,
		   const SdColumn *actual)
{
	SdChange   *change = sd_add_change(comparison, SD_CHANGE_TYPE, table, desired->name);
	SdColumn   *to = palloc(sizeof(SdColumn));

	Assert(actual->labels != NULL && desired->labels != NULL);
	Assert(!actual->labels->shared);
	*to = *actual;
	to->labels = palloc(sizeof(SdEnumType));
	*to->labels = *actual->labels;
	to->labels->labels = desired->labels->labels;
	change->keeps_values = true;
	change->actual = type_words(actual);
	change->expected = type_words(desired);
	change->up = sd_ddl_add_values(actual->labels, desired->labels);
	change->down = sd_ddl_retype(table, to, actual);
	change->deparsed_down = actual->default_sql != NULL;
}

/* Whether a column takes values of its former type without an explicit cast. */
static bool
takes_values(const SdColumn *to, const SdColumn *from)
{
	Oid			function;

	return OidIsValid(to->type_oid) &&
		find_coercion_pathway(to->type_oid, from->type_oid, COERCION_ASSIGNMENT,
							  &function) != COERCION_PATH_NONE;
}

/*
 * The default that a column keeps which is given none: what the table has
 * beyond the model stays, where it can be one of the new type.
 */
static void
keep_default(const SdComparison *comparison, SdColumn *to, const SdColumn *actual)
{
	if (to->labels != NULL && !to->labels->array && !comparison->drop &&
		to->defaults_to == SD_DEFAULTS_TO_NOTHING && actual->defaults_to == SD_DEFAULTS_TO_VALUE &&
		actual->default_sql != NULL && sd_name_in(to->labels->labels, actual->default_value))
	{
		to->defaults_to = SD_DEFAULTS_TO_VALUE;
		to->default_sql = sd_literal_sql(actual->default_value, InvalidOid);
	}
	else if (to->defaults_to == SD_DEFAULTS_TO_NOTHING && to->counting == SD_COUNTS_NOT &&
			 actual->default_sql != NULL && takes_values(to, actual) &&
			 (actual->counting == SD_COUNTS_AS_SERIAL || actual->defaults_to != SD_DEFAULTS_TO_VALUE ||
			  !comparison->drop))
	{
		to->counting = actual->counting;
		to->defaults_to = actual->defaults_to;
		to->default_sql = actual->default_sql;
	}
}

/* Whether the values of a column stay as they are when it gets another type. */
static bool
keeps_values(const SdColumn *from, const SdColumn *to)
{
	return from->labels == NULL && to->labels == NULL && OidIsValid(to->type_oid) &&
		(to->collation == NULL || (from->collation != NULL && strcmp(from->collation, to->collation) == 0)) &&
		sd_type_keeps_values(from->type_oid, from->typmod, to->type_oid, to->typmod);
}

/*
 * Raises 22023 where a model asks for a value of an enum by the name that it loses, as the user
 * told of another column of the type: rows that have it would have none.
 */
static void
check_kept_values(const SdTable *table, const SdColumn *desired, const SdColumn *actual)
{
	ListCell   *cell;
	ListCell   *old;

	if (desired->labels == NULL || actual->labels == NULL)
		return;
	forboth(cell, actual->labels->labels, old, actual->old_labels)
	{
		if (strcmp(lfirst(cell), lfirst(old)) != 0 && sd_name_in(desired->labels->labels, lfirst(old)) &&
			!sd_name_in(desired->labels->labels, lfirst(cell)))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("renames: column \"%s\" of table \"%s\" is of the same enum type, and its model still has the value \"%s\"",
							actual->name, table->name, (char *) lfirst(old)),
					 errhint("Rename it in the model, too: SELECT studentdir.define(%s, ...).",
							 quote_literal_cstr(linitial(table->models)))));
	}
}

static void
compare_type(SdComparison *comparison, const SdTable *table, SdColumn *desired, SdColumn *actual)
{
	SdChange   *change;
	SdColumn   *to;

	check_kept_values(table, desired, actual);
	actual->retyped = true;
	to = palloc(sizeof(SdColumn));
	*to = *desired;
	if (desired->labels != NULL)
	{
		to->labels = palloc(sizeof(SdEnumType));
		*to->labels = *desired->labels;
		if (actual->labels != NULL && !actual->labels->shared)
		{
			/* it is made anew under the name that it has */
			to->labels->schema = actual->labels->schema;
			to->labels->name = actual->labels->name;
			to->type = psprintf("%s%s", quote_qualified_identifier(to->labels->schema,
																   to->labels->name),
								to->labels->array ? "[]" : "");
		}
		else
			sd_name_enum(comparison, to);
	}
	if (desired->counting != SD_COUNTS_NOT && actual->counting == SD_COUNTS_AS_SERIAL)
	{
		to->counting = actual->counting;
		to->default_sql = actual->default_sql;
	}
	keep_default(comparison, to, actual);
	/* no model can say these */
	if (OidIsValid(to->type_oid) && type_is_collatable(to->type_oid))
		to->collation = actual->collation;
	if (OidIsValid(to->type_oid) && get_typstorage(to->type_oid) != TYPSTORAGE_PLAIN)
	{
		to->storage = actual->storage;
		to->compression = actual->compression;
	}
	actual->loses_default = actual->default_sql != NULL && to->default_sql == NULL;
	change = sd_add_change(comparison, SD_CHANGE_TYPE, table, desired->name);
	change->keeps_values = keeps_values(actual, to);
	change->actual = type_words(actual);
	change->expected = type_words(desired);
	change->up = sd_ddl_retype(table, actual, to);
	change->deparsed_up = to->default_sql != NULL && to->default_sql == actual->default_sql;
	change->down = sd_ddl_retype(table, to, actual);
	change->deparsed_down = actual->default_sql != NULL;
}

/*
 * Whether a default will do.  The engine itself fills in what the functions
 * give, so it does not matter whether the column does too; an expression is
 * left alone where the model asks for nothing else, and so is a value unless
 * the user tells otherwise.
 */
static bool
same_default(const SdComparison *comparison, const SdColumn *desired, const SdColumn *actual)
{
	Assert(desired->defaults_to != SD_DEFAULTS_TO_VALUE || desired->default_value != NULL);
	if (desired->defaults_to == SD_DEFAULTS_TO_VALUE)
		return actual->defaults_to == SD_DEFAULTS_TO_VALUE &&
			strcmp(desired->default_value, actual->default_value) == 0;
	if (desired->defaults_to == SD_DEFAULTS_TO_NOTHING &&
		(!comparison->drop || actual->default_sql == NULL))
		return true;
	return actual->defaults_to != SD_DEFAULTS_TO_VALUE;
}

static void
compare_default(SdComparison *comparison, const SdTable *table, const SdColumn *desired,
				const SdColumn *actual)
{
	SdChange   *change;

	/* an identity has none: it goes with the change that makes it one */
	if (actual->generated || same_default(comparison, desired, actual) ||
		(desired->counting != SD_COUNTS_NOT && actual->counting == SD_COUNTS_NOT))
		return;
	change = sd_add_change(comparison, SD_CHANGE_DEFAULT, table, desired->name);
	change->actual = actual->default_sql;
	change->expected = desired->default_sql;
	change->up = sd_ddl_default(table, desired);
	change->down = sd_ddl_default(table, actual);
	change->deparsed_down = actual->default_sql != NULL;
}

/* Whether the table goes on to fill in a column by itself: that it is NOT NULL a model need not say then. */
static bool
is_filled(const SdColumn *desired, const SdColumn *actual)
{
	if (actual->loses_default)
		return false;
	return actual->counting != SD_COUNTS_NOT ||
		(actual->defaults_to != SD_DEFAULTS_TO_NOTHING &&
		 (actual->defaults_to != SD_DEFAULTS_TO_VALUE || actual->default_sql == NULL ||
		  desired->defaults_to == SD_DEFAULTS_TO_VALUE));
}

static void
compare_nullability(SdComparison *comparison, const SdTable *table, const SdColumn *desired,
					const SdColumn *actual)
{
	SdChange   *change;

	if (actual->generated || desired->not_null == actual->not_null ||
		(actual->inherited && actual->not_null))
		return;
	if (actual->not_null && (!comparison->drop || is_filled(desired, actual)))
		return;
	/* it counts by a default, beside which it may be null */
	if (desired->not_null_implied && actual->counting != SD_COUNTS_NOT)
		return;
	change = sd_add_change(comparison, SD_CHANGE_NULLABILITY, table, desired->name);
	change->column = desired;
	change->column_was = actual;
	change->actual = actual->not_null ? "NOT NULL" : "NULL";
	change->expected = desired->not_null ? "NOT NULL" : "NULL";
	change->up = sd_ddl_nullability(table, desired, true);
	/* undone before the type, of which the default would have to be */
	change->down = sd_ddl_nullability(table, actual, !actual->retyped);
}

static const char *
counting_words(const SdColumn *column)
{
	if (column->counting == SD_COUNTS_AS_SERIAL)
		return column->default_sql;
	return column->counting == SD_COUNTS_AS_IDENTITY ? "IDENTITY" : NULL;
}

/* Whether one of the columns that a table is to have counts. */
static bool
has_counting(const SdTable *table)
{
	ListCell   *cell;

	foreach(cell, table->columns)
	{
		if (((SdColumn *) lfirst(cell))->counting != SD_COUNTS_NOT)
			return true;
	}
	return false;
}

static void
compare_counting(SdComparison *comparison, const SdTable *table, const SdColumn *desired,
				 const SdColumn *actual)
{
	SdChange   *change;

	if ((desired->counting == SD_COUNTS_NOT) == (actual->counting == SD_COUNTS_NOT))
		return;
	/* beyond the model; and a second one no model can say */
	if (desired->counting == SD_COUNTS_NOT && (!comparison->drop || has_counting(table)))
		return;
	change = sd_add_change(comparison, desired->counting == SD_COUNTS_NOT ? SD_CHANGE_DROP_COUNTING
						   : SD_CHANGE_ADD_COUNTING, table, desired->name);
	change->actual = counting_words(actual);
	change->expected = counting_words(desired);
	change->up = sd_ddl_counting(table, actual, desired);
	change->down = sd_ddl_counting(table, desired, actual);
	change->deparsed_down = actual->default_sql != NULL;
}

static void
compare_comment(SdComparison *comparison, const SdTable *table, const SdColumn *desired,
				const SdColumn *actual)
{
	SdChange   *change;

	if (desired->comment == NULL ||
		(actual->comment != NULL && strcmp(desired->comment, actual->comment) == 0))
		return;
	change = sd_add_change(comparison, SD_CHANGE_COMMENT, table, desired->name);
	change->actual = actual->comment;
	change->expected = desired->comment;
	change->up = sd_ddl_column_comment(table, desired, desired->comment);
	change->down = sd_ddl_column_comment(table, desired, actual->comment);
}

static void
compare_column(SdComparison *comparison, const SdTable *table, const SdTable *actual_table,
			   SdColumn *desired, SdColumn *actual)
{
	/* where it is inherited, only the parent's can change */
	bool		same = actual->inherited || same_type(desired, actual);

	Assert(strcmp(desired->name, actual->name) == 0);
	if (!same && adds_values(table, actual_table, desired, actual))
	{
		add_values(comparison, table, desired, actual);
		same = true;
	}
	else if (!same)
		compare_type(comparison, table, desired, actual);
	compare_counting(comparison, table, desired, actual);
	/* a change of type sets the default, too */
	if (same)
		compare_default(comparison, table, desired, actual);
	compare_nullability(comparison, table, desired, actual);
	compare_comment(comparison, table, desired, actual);
}

static void
add_column(SdComparison *comparison, const SdTable *table, SdColumn *column)
{
	SdChange   *change = sd_add_change(comparison, SD_CHANGE_ADD_COLUMN, table, column->name);

	sd_name_enum(comparison, column);
	change->column = column;
	change->expected = sd_column_sql(table, column);
	change->up = sd_ddl_add_column(table, column, false);
	change->down = sd_ddl_drop_column(table, column);
}

static void
drop_column(SdComparison *comparison, const SdTable *table, SdColumn *column)
{
	SdChange   *change = sd_add_change(comparison, SD_CHANGE_DROP_COLUMN, table, column->name);

	change->actual = sd_column_sql(table, column);
	change->up = sd_ddl_drop_column(table, column);
	change->down = sd_ddl_add_column(table, column, true);
	change->deparsed_down = column->default_sql != NULL;
}

/*
 * Adds the changes of a table's columns, and of its comment.  A column that no
 * model names is left alone, unless the user tells otherwise; a generated or
 * inherited one always.
 */
void
sd_compare_columns(SdComparison *comparison, SdTable *desired, SdTable *actual)
{
	ListCell   *cell;

	Assert(OidIsValid(actual->relid) && desired->relid == actual->relid);
	foreach(cell, actual->columns)
	{
		SdColumn   *column = lfirst(cell);

		if (comparison->drop && !column->generated && !column->inherited &&
			sd_column_find(desired, column->name) == NULL)
			drop_column(comparison, desired, column);
	}
	foreach(cell, desired->columns)
	{
		SdColumn   *column = lfirst(cell);
		SdColumn   *other = sd_column_find(actual, column->name);

		if (other != NULL)
			compare_column(comparison, desired, actual, column, other);
		else
			add_column(comparison, desired, column);
	}
	if (desired->comment != NULL &&
		(actual->comment == NULL || strcmp(desired->comment, actual->comment) != 0))
	{
		SdChange   *change = sd_add_change(comparison, SD_CHANGE_COMMENT, desired, NULL);

		change->actual = actual->comment;
		change->expected = desired->comment;
		change->up = sd_ddl_table_comment(desired, desired->comment);
		change->down = sd_ddl_table_comment(desired, actual->comment);
	}
}

/*-------------------------------------------------------------------------
 * migrate/lint_columns.c
 *		Rules about columns that are added, and about their types.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "execute/command.h"
#include "migrate/lint.h"
#include "migrate/linted.h"
#include "nodes/nodeFuncs.h"
#include "parser/parse_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

/* the constraints of a column that is added */
typedef struct AddedColumn
{
	bool		not_null;
	bool		filled;			/* rows that are there get a value */
	const char *rewrites;		/* what writes the table anew, in words; or NULL */
	bool		primary;
	bool		unique;
	bool		refers;
} AddedColumn;

static bool
is_serial(const TypeName *type)
{
	static const char *const serials[] = {
		"serial", "serial2", "serial4", "serial8", "smallserial", "bigserial"
	};

	if (type == NULL || list_length(type->names) != 1)
		return false;
	for (int i = 0; i < lengthof(serials); i++)
	{
		if (strcmp(strVal(linitial(type->names)), serials[i]) == 0)
			return true;
	}
	return false;
}

/*
 * The type of that name; InvalidOid where it is not there, or where looking it up
 * may need a privilege on a schema.
 */
static Oid
find_type(const TypeName *type, int32 *modifier)
{
	HeapTuple	tuple;
	Oid			found;

	if (type->pct_type || type->arrayBounds != NIL ||
		(list_length(type->names) > 1 && strcmp(strVal(linitial(type->names)), "pg_catalog") != 0))
		return InvalidOid;
	tuple = LookupTypeName(NULL, type, modifier, true);
	if (tuple == NULL)
		return InvalidOid;
	found = typeTypeId(tuple);
	ReleaseSysCache(tuple);
	return found;
}

/* Whether a function of that name gives another value each time, in any schema. */
static bool
is_volatile_function(const char *name)
{
	SdArg		arg = sd_text_arg(name);

	return sd_query("SELECT 1 FROM pg_catalog.pg_proc WHERE proname OPERATOR(pg_catalog.=) $1"
					" AND provolatile OPERATOR(pg_catalog.=) 'v'",
					&arg, 1, InvalidSnapshot)->nrows > 0;
}

/* Whether a default has to be evaluated for each row. */
static bool
is_volatile(Node *expr, void *context)
{
	if (expr == NULL)
		return false;
	if (IsA(expr, FuncCall) && is_volatile_function(strVal(llast(((FuncCall *) expr)->funcname))))
		return true;
	return raw_expression_tree_walker(expr, is_volatile, context);
}

static AddedColumn
look_at_column(const ColumnDef *column)
{
	AddedColumn added = {.filled = is_serial(column->typeName)};
	int32		modifier;
	ListCell   *cell;

	if (added.filled)
		added.rewrites = "a sequence";
	else if (column->typeName != NULL && sd_type_takes_rows(find_type(column->typeName, &modifier)))
		added.rewrites = "a domain with constraints";
	foreach(cell, column->constraints)
	{
		const Constraint *constraint = lfirst_node(Constraint, cell);

		switch (constraint->contype)
		{
			case CONSTR_PRIMARY:
				added.not_null = added.primary = true;
				break;
			case CONSTR_NOTNULL:
				added.not_null = true;
				break;
			case CONSTR_UNIQUE:
				added.unique = true;
				break;
			case CONSTR_FOREIGN:
				added.refers = true;
				break;
			case CONSTR_DEFAULT:
				added.filled = true;
				if (is_volatile(constraint->raw_expr, NULL))
					added.rewrites = "a default that is another one for each row";
				break;
			case CONSTR_IDENTITY:
				added.filled = true;
				added.rewrites = "a sequence";
				break;
			case CONSTR_GENERATED:
				added.filled = true;
				if (SD_IS_STORED(constraint))
					added.rewrites = "a generated value";
				break;
			default:
				break;
		}
	}
	return added;
}

/* ADD COLUMN */
void
sd_lint_add_column(SdLinted *linted, const ColumnDef *column)
{
	AddedColumn added = look_at_column(column);
	bool		large = sd_lint_is_large(linted);

	if (added.not_null && !added.filled)
		sd_lint_add(linted, "adding-required-field",
					psprintf("column \"%s\" is NOT NULL and has no default: it cannot be added to \"%s\" while that has rows",
							 column->colname, linted->table_name),
					"Give it a DEFAULT; or add it without NOT NULL, fill it, and then ALTER COLUMN ... SET NOT NULL.");
	if (large && added.rewrites != NULL)
		sd_lint_add(linted, added.primary ? "adding-serial-primary-key-field" : "adding-field-with-default",
					psprintf("adding column \"%s\" with %s rewrites table \"%s\", which is large; nobody can read it meanwhile",
							 column->colname, added.rewrites, linted->table_name),
					"Add it without values, then ALTER COLUMN ... SET DEFAULT, and CALL studentdir.backfill() for the existing rows.");
	else if (large && (added.primary || added.unique))
		sd_lint_add(linted, added.primary ? "adding-serial-primary-key-field" : "disallowed-unique-constraint",
					psprintf("column \"%s\" builds an index on \"%s\", which is large; nobody can read it meanwhile",
							 column->colname, linted->table_name),
					"Add the column alone; CREATE UNIQUE INDEX CONCURRENTLY and then ADD CONSTRAINT ... USING INDEX, " SD_IN_SCRIPT ".");
	if (large && added.refers && added.filled)
		sd_lint_add(linted, "adding-foreign-key-constraint",
					psprintf("the foreign key of column \"%s\" checks all of \"%s\", and writers to both tables wait",
							 column->colname, linted->table_name),
					"Add the column alone; ADD CONSTRAINT ... NOT VALID, and VALIDATE CONSTRAINT in a migration of its own.");
	if (column->typeName != NULL && strcmp(strVal(llast(column->typeName->names)), "json") == 0 &&
		column->typeName->arrayBounds == NIL)
		sd_lint_add(linted, "adding-json-field",
					psprintf("column \"%s\" is of type json, whose values cannot be compared: SELECT DISTINCT of all columns of \"%s\" fails from then on",
							 column->colname, linted->table_name),
					"Use jsonb.");
}

/* Whether a column's values can stay as they are; false where nobody knows yet. */
static bool
keeps_values(const SdLinted *linted, const char *column, const TypeName *type)
{
	AttrNumber	attnum = get_attnum(linted->table, column);
	int32		new_modifier;
	Oid			new_type = find_type(type, &new_modifier);
	Oid			old_type;
	Oid			collation;
	int32		old_modifier;

	if (attnum <= 0 || !OidIsValid(new_type))
		return false;
	get_atttypetypmodcoll(linted->table, attnum, &old_type, &old_modifier, &collation);
	return sd_type_keeps_values(old_type, old_modifier, new_type, new_modifier);
}

/* ALTER COLUMN ... TYPE */
void
sd_lint_type(SdLinted *linted, const char *name, const ColumnDef *column)
{
	if (column->raw_default == NULL && keeps_values(linted, name, column->typeName))
		return;
	sd_lint_add(linted, "changing-column-type",
				psprintf("the new type of column \"%s\" rewrites or checks all of table \"%s\"; nobody can read it meanwhile",
						 name, linted->table_name),
				"Where the table is large: add a column of the new type, fill it in portions, and change over to it.");
}

/*-------------------------------------------------------------------------
 * schema/lint_models.c
 *		What in the tables of models will be slow, full or wrong one day, though
 *		everything works now.
 *
 * It reads the catalogs, and of a table nothing.  Models over views, and those
 * whose tables are not there, have nothing to be looked at.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "catalogs/rows.h"
#include "execute/command.h"
#include "json/exact_text.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "model/distribution.h"
#include "schema/ddl.h"
#include "schema/schema.h"
#include "schema/table.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* a valid index over columns only */
typedef struct KeyIndex
{
	List	   *columns;		/* in order, without those of INCLUDE */
	const char *name;
	const char *predicate;		/* NULL: every row is in it */
	bool		unique;
	bool		primary;
	bool		ordered;		/* a btree */
} KeyIndex;

/* a model that is looked at */
typedef struct Looked
{
	const SdModelRow *row;
	const SdTable *table;		/* as it is */
	List	   *indexes;		/* of KeyIndex */
	List	   *associations;	/* rows of all associations */
	List	   *keys;			/* lists of columns that were looked at */
	List	  **findings;		/* of SdModelFinding */
} Looked;

static void
add_finding(const Looked *looked, const char *rule, List *attributes, const char *message,
			const char *hint)
{
	SdModelFinding *finding = palloc(sizeof(SdModelFinding));
	StringInfoData names;
	ListCell   *cell;

	initStringInfo(&names);
	foreach(cell, attributes)
		appendStringInfo(&names, "%s%s", names.len > 0 ? ", " : "", (char *) lfirst(cell));
	finding->rule = rule;
	finding->level = "warning";
	finding->model = looked->row->name;
	finding->attribute = names.data;
	finding->message = message;
	finding->hint = hint;
	*looked->findings = lappend(*looked->findings, finding);
}

static const char *
table_sql(const Looked *looked)
{
	return quote_qualified_identifier(looked->table->schema, looked->table->name);
}

/* The attribute that is kept in a column, or else the column's name. */
static List *
attributes_of(const SdModelRow *row, List *columns)
{
	List	   *names = NIL;
	ListCell   *cell;

	foreach(cell, columns)
	{
		char	   *name = lfirst(cell);

		for (int i = 0; i < row->nattributes; i++)
		{
			if (row->attributes[i].field != NULL && strcmp(row->attributes[i].field, lfirst(cell)) == 0)
				name = row->attributes[i].name;
		}
		names = lappend(names, name);
	}
	return names;
}

static List *
read_indexes(Oid relid)
{
	SdArg		arg = sd_arg(OIDOID, ObjectIdGetDatum(relid));
	List	   *indexes = NIL;
	SdRows	   *rows;

	rows = sd_query("SELECT c.relname::pg_catalog.text, i.indisunique, i.indisprimary, m.amname OPERATOR(pg_catalog.=) 'btree',"
					" pg_catalog.pg_get_expr(i.indpred, i.indrelid),"
					" ARRAY(SELECT a.attname::pg_catalog.text FROM pg_catalog.generate_series(0, i.indnkeyatts OPERATOR(pg_catalog.-) 1) AS n"
					" JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) i.indrelid"
					" AND a.attnum OPERATOR(pg_catalog.=) i.indkey[n] ORDER BY n)"
					" FROM pg_catalog.pg_index i"
					" JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) i.indexrelid"
					" JOIN pg_catalog.pg_am m ON m.oid OPERATOR(pg_catalog.=) c.relam"
					" WHERE i.indrelid OPERATOR(pg_catalog.=) $1 AND i.indisvalid AND i.indexprs IS NULL"
					" ORDER BY c.relname",
					&arg, 1, InvalidSnapshot);
	for (int i = 0; i < rows->nrows; i++)
	{
		KeyIndex   *index = palloc0(sizeof(KeyIndex));

		index->name = sd_rows_text(rows, i, 0);
		index->unique = DatumGetBool(SD_VALUE(rows, i, 1));
		index->primary = DatumGetBool(SD_VALUE(rows, i, 2));
		index->ordered = DatumGetBool(SD_VALUE(rows, i, 3));
		index->predicate = sd_rows_text(rows, i, 4);
		index->columns = sd_rows_list(rows, i, 5);
		indexes = lappend(indexes, index);
	}
	return indexes;
}

/* Whether all rows that the model's finders show are in an index. */
static bool
holds_rows(const Looked *looked, const KeyIndex *index)
{
	if (index->predicate == NULL)
		return true;
	Assert(!looked->row->paranoid || looked->row->deleted_at->field != NULL);
	return looked->row->paranoid &&
		strcmp(index->predicate,
			   psprintf("(%s IS NULL)", quote_identifier(looked->row->deleted_at->field))) == 0;
}

/* Whether rows with given values in the columns are found by an index. */
static bool
is_found(const Looked *looked, List *columns)
{
	ListCell   *cell;

	Assert(columns != NIL);
	foreach(cell, looked->indexes)
	{
		const KeyIndex *index = lfirst(cell);
		List	   *first;

		if (!holds_rows(looked, index) || list_length(index->columns) < list_length(columns) ||
			(!index->ordered && list_length(columns) > 1))
			continue;
		first = list_truncate(list_copy(index->columns), list_length(columns));
		if (sd_same_set(first, columns))
			return true;
	}
	return false;
}

static bool
is_unique(const Looked *looked, List *columns)
{
	ListCell   *cell;

	foreach(cell, looked->indexes)
	{
		const KeyIndex *index = lfirst(cell);

		if (index->unique && holds_rows(looked, index) && sd_same_set(index->columns, columns))
			return true;
	}
	return false;
}

/* A key by which rows of the model are looked for. */
static void
lint_key(Looked *looked, List *columns, const char *whose)
{
	ListCell   *cell;

	if (columns == NIL)
		return;
	foreach(cell, looked->keys)
	{
		if (sd_same_set(lfirst(cell), columns))
			return;
	}
	looked->keys = lappend(looked->keys, columns);
	if (is_found(looked, columns))
		return;
	add_finding(looked, "association-without-index", attributes_of(looked->row, columns),
				psprintf("no index of %s begins with the key of %s", table_sql(looked), whose),
				psprintf("CREATE INDEX CONCURRENTLY ON %s (%s), or \"index\" in the model.",
						 table_sql(looked), sd_columns_sql(columns)));
}

/* The keys of associations, and of attributes that refer. */
static void
lint_keys(Looked *looked)
{
	ListCell   *cell;

	foreach(cell, looked->associations)
	{
		const SdAssociationRow *association = lfirst(cell);
		SdSide		sides[2];
		int			n = sd_association_sides(association, sides);

		for (int i = 0; i < n; i++)
		{
			if (strcmp(sides[i].holder, looked->row->name) == 0)
				lint_key(looked, sd_row_fields(looked->row, sides[i].foreign_key),
						 psprintf("association \"%s\" of model \"%s\"", association->alias,
								  association->model));
		}
	}
	for (int i = 0; i < looked->row->nattributes; i++)
	{
		const SdAttributeRow *attribute = &looked->row->attributes[i];

		if (attribute->references != NULL && attribute->field != NULL)
			lint_key(looked, list_make1(attribute->field),
					 psprintf("the reference to model \"%s\"", attribute->references));
	}
}

/* Whether a table has a foreign key, whatever its actions. */
static bool
has_key(const SdTable *table, const SdForeignKey *wanted)
{
	ListCell   *cell;

	foreach(cell, table->foreign_keys)
	{
		const SdForeignKey *key = lfirst(cell);

		if (sd_same_set(key->columns, wanted->columns) && strcmp(key->table, wanted->table) == 0 &&
			strcmp(key->schema, wanted->schema) == 0)
			return true;
	}
	return false;
}

/* The foreign keys that the models of the table ask for. */
static void
lint_references(const Looked *looked, const SdTable *desired)
{
	ListCell   *cell;

	foreach(cell, desired->foreign_keys)
	{
		const SdForeignKey *key = lfirst(cell);
		const char *referenced = quote_qualified_identifier(key->schema, key->table);

		if (!has_key(looked->table, key))
			add_finding(looked, "reference-without-foreign-key",
						attributes_of(looked->row, key->columns),
						psprintf("%s refers to %s without a foreign key: nothing keeps rows from referring to none",
								 table_sql(looked), referenced),
						psprintf("ALTER TABLE %s ADD FOREIGN KEY (%s) REFERENCES %s (%s) NOT VALID, and VALIDATE CONSTRAINT in a migration of its own; or migration_generate().",
								 table_sql(looked), sd_columns_sql(key->columns), referenced,
								 sd_columns_sql(key->referenced)));
	}
}

/* Integer primary keys whose sequence has used up half of what the column, or the sequence, can hold. */
static void
lint_range(const Looked *looked)
{
	SdArg		arg = sd_arg(OIDOID, ObjectIdGetDatum(looked->table->relid));
	SdRows	   *rows;

	rows = sd_query("SELECT k.attname, k.type, (100 OPERATOR(pg_catalog.*) (k.last OPERATOR(pg_catalog./) k.most))::pg_catalog.int4 FROM ("
					"SELECT a.attname::pg_catalog.text, pg_catalog.format_type(a.atttypid, NULL) AS type,"
					" CASE WHEN pg_catalog.has_sequence_privilege(s.seqrelid, 'USAGE, SELECT')"
					" THEN pg_catalog.pg_sequence_last_value(s.seqrelid) END::pg_catalog.float8 AS last,"
					" LEAST(s.seqmax, CASE a.atttypid WHEN 21 THEN 32767 WHEN 23 THEN 2147483647 ELSE 9223372036854775807 END)::pg_catalog.float8 AS most"
					" FROM pg_catalog.pg_depend d"
					" JOIN pg_catalog.pg_sequence s ON s.seqrelid OPERATOR(pg_catalog.=) d.objid"
					" JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) d.refobjid"
					" AND a.attnum OPERATOR(pg_catalog.=) d.refobjsubid"
					" JOIN pg_catalog.pg_index i ON i.indrelid OPERATOR(pg_catalog.=) d.refobjid AND i.indisprimary"
					" AND a.attnum OPERATOR(pg_catalog.=) ANY (i.indkey)"
					" WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass"
					" AND d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass"
					" AND d.refobjid OPERATOR(pg_catalog.=) $1 AND d.deptype IN ('a', 'i')"
					" AND a.atttypid IN (20, 21, 23) AND NOT s.seqcycle AND s.seqincrement OPERATOR(pg_catalog.>) 0"
					") AS k WHERE (2 OPERATOR(pg_catalog.*) k.last) OPERATOR(pg_catalog.>) k.most ORDER BY k.attname",
					&arg, 1, InvalidSnapshot);
	for (int i = 0; i < rows->nrows; i++)
		add_finding(looked, "key-past-half",
					attributes_of(looked->row, list_make1(sd_rows_text(rows, i, 0))),
					psprintf("the %s key of %s has used %d %% of its numbers", sd_rows_text(rows, i, 1),
							 table_sql(looked), DatumGetInt32(SD_VALUE(rows, i, 2))),
					"Make it, its sequence and what refers to it bigint before it is full: add a bigint column, fill it in portions, and change over to it.");
}

/* The columns of the attributes that share a unique constraint with one. */
static List *
unique_columns(const SdModelRow *row, const SdAttributeRow *attribute)
{
	List	   *columns = NIL;

	if (attribute->unique_name == NULL)
		return list_make1(attribute->field);
	for (int i = 0; i < row->nattributes; i++)
	{
		const SdAttributeRow *other = &row->attributes[i];

		if (other->field != NULL && other->unique_name != NULL &&
			strcmp(other->unique_name, attribute->unique_name) == 0)
			columns = lappend(columns, other->field);
	}
	Assert(columns != NIL);
	return columns;
}

static void
lint_unique(const Looked *looked)
{
	const SdModelRow *row = looked->row;

	for (int i = 0; i < row->nattributes; i++)
	{
		const SdAttributeRow *attribute = &row->attributes[i];
		List	   *columns;

		if (attribute->field == NULL || (!attribute->unique && attribute->unique_name == NULL))
			continue;
		columns = unique_columns(row, attribute);
		/* one that several share is looked at with the first of them */
		if (strcmp(linitial(columns), attribute->field) != 0 || is_unique(looked, columns))
			continue;
		add_finding(looked, "unique-without-index", attributes_of(row, columns),
					psprintf("no unique index of %s keeps values from occurring twice", table_sql(looked)),
					psprintf("CREATE UNIQUE INDEX CONCURRENTLY ON %s (%s); or migration_generate().",
							 table_sql(looked), sd_columns_sql(columns)));
	}
}

/* Looks at a key of a distributed table that lacks the column by which rows are distributed. */
static void
lint_key_of_shards(const Looked *looked, List *columns, const char *by)
{
	if (columns == NIL || sd_name_in(columns, by) || is_unique(looked, columns))
		return;
	add_finding(looked, "key-without-distribution", attributes_of(looked->row, columns),
				psprintf("nothing keeps values of %s in %s from occurring twice: Citus distributes its rows by %s",
						 sd_columns_sql(columns), table_sql(looked), quote_identifier(by)),
				psprintf("Let the key be (%s, %s) in the model and in the table, or make the table a reference table: SELECT studentdir.reference(%s).",
						 quote_identifier(by), sd_columns_sql(columns),
						 quote_literal_cstr(looked->row->name)));
}

/* Keys of a model that no index of a distributed table can keep. */
static void
lint_distributed(const Looked *looked)
{
	const SdModelRow *row = looked->row;
	AttrNumber	column;
	int			colocation;
	List	   *key = NIL;
	const char *by;

	if (sd_distribution(looked->table->relid, &column, &colocation) != SD_DISTRIBUTED)
		return;
	by = get_attname(looked->table->relid, column, true);
	if (by == NULL)
		return;
	for (int i = 0; i < row->nattributes; i++)
		if (row->attributes[i].primary_key && row->attributes[i].field != NULL)
			key = lappend(key, row->attributes[i].field);
	lint_key_of_shards(looked, key, by);
	for (int i = 0; i < row->nattributes; i++)
	{
		const SdAttributeRow *attribute = &row->attributes[i];
		List	   *columns;

		if (attribute->field == NULL || (!attribute->unique && attribute->unique_name == NULL))
			continue;
		columns = unique_columns(row, attribute);
		if (strcmp(linitial(columns), attribute->field) == 0)
			lint_key_of_shards(looked, columns, by);
	}
}

/* Unique keys in which the rows that are marked as deleted are, too. */
static void
lint_deleted(const Looked *looked)
{
	ListCell   *cell;

	if (!looked->row->paranoid)
		return;
	foreach(cell, looked->indexes)
	{
		const KeyIndex *index = lfirst(cell);
		const char *deleted = looked->row->deleted_at->field;

		if (!index->unique || index->primary || index->predicate != NULL ||
			sd_name_in(index->columns, deleted))
			continue;
		add_finding(looked, "unique-sees-deleted", attributes_of(looked->row, index->columns),
					psprintf("a value of a deleted row of %s cannot be given to a new one: unique index \"%s\" holds both",
							 table_sql(looked), index->name),
					psprintf("CREATE UNIQUE INDEX CONCURRENTLY ON %s (%s) WHERE %s IS NULL, drop the other one, and put it into the model's \"indexes\" with \"where\" instead of \"unique\".",
							 table_sql(looked), sd_columns_sql(index->columns), quote_identifier(deleted)));
	}
}

/*
 * What the tables of all models lack, SdModelFinding, by table and model;
 * everything is in the current context.  A table is locked in ACCESS SHARE mode while
 * its catalogs are read; one that goes meanwhile is passed over.  How far a sequence is can
 * be told where the caller has SELECT or USAGE on it.
 * Raises 55000 for rows of the catalogs that are not sound.
 */
List *
sd_lint_models(void)
{
	List	   *findings = NIL;
	List	   *associations = sd_all_association_rows();
	int			nestlevel = sd_settle_output();
	ListCell   *cell;

	foreach(cell, sd_desired_tables())
	{
		const SdTable *desired = lfirst(cell);
		const SdTable *actual = sd_actual_table(desired->schema, desired->name);
		ListCell   *name;

		CHECK_FOR_INTERRUPTS();
		if (actual == NULL)
			continue;
		foreach(name, desired->models)
		{
			Looked		looked = {
				.row = sd_find_model_row(lfirst(name)),
				.table = actual,
				.indexes = read_indexes(actual->relid),
				.associations = associations,
				.findings = &findings
			};

			/* it has gone meanwhile */
			if (looked.row == NULL)
				continue;
			lint_keys(&looked);
			/* these are the table's, and told once */
			if (foreach_current_index(name) == 0)
			{
				lint_references(&looked, desired);
				lint_range(&looked);
			}
			lint_unique(&looked);
			lint_deleted(&looked);
			lint_distributed(&looked);
		}
	}
	sd_unsettle_output(nestlevel);
	return findings;
}

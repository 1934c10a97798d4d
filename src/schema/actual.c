/*-------------------------------------------------------------------------
 * schema/actual.c
 *		A table as the system catalogs have it.
 *
 * Everything is read under the settings of sd_settle_output(), so that names
 * in expressions have their schema.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "define/literal.h"
#include "execute/command.h"
#include "miscadmin.h"
#include "schema/table.h"
#include "storage/lmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/*
 * One of the queries below, in which nothing has a schema: all of it is under the
 * search_path's pg_catalog.  Its plan is kept, since a look at a database reads
 * table after table.
 */
static SdRows *
query(struct _SPI_plan **plan, const char *sql, Oid relid)
{
	SdArg		arg = sd_arg(OIDOID, ObjectIdGetDatum(relid));

	Assert(OidIsValid(relid));
	return sd_kept_query(plan, sql, &arg, 1);
}

/* A text[] of a result; NULL elements are empty strings. */
static List *
names(const SdRows *rows, int row, int col)
{
	List	   *list = sd_rows_list(rows, row, col);
	ListCell   *cell;

	foreach(cell, list)
	{
		if (lfirst(cell) == NULL)
			lfirst(cell) = pstrdup("");
	}
	return list;
}

/* NULL for an empty string. */
static const char *
not_empty(const char *text)
{
	return *text != '\0' ? text : NULL;
}

static bool
flag(const SdRows *rows, int row, int col)
{
	return !SD_ISNULL(rows, row, col) && DatumGetBool(SD_VALUE(rows, row, col));
}

/* Whether a default is the time of day or a random uuid, in whatever words. */
static bool
is_function(const char *sql)
{
	static const char *const functions[] = {
		"now()", "clock_timestamp()", "statement_timestamp()", "transaction_timestamp()",
		"CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME", "LOCALTIMESTAMP", "LOCALTIME",
		"gen_random_uuid()", "uuid_generate_v4()"
	};

	for (int i = 0; i < lengthof(functions); i++)
	{
		if (strstr(sql, functions[i]) != NULL)
			return true;
	}
	return false;
}

/* Whether a default is the next value of a sequence and nothing else, but for its type. */
static bool
is_nextval(const char *sql)
{
	const char *cast = strrchr(sql, ')');

	if (strncmp(sql, "nextval(", strlen("nextval(")) == 0)
		return true;
	return strncmp(sql, "(nextval(", strlen("(nextval(")) == 0 &&
		(strcmp(cast, ")::integer") == 0 || strcmp(cast, ")::smallint") == 0);
}

/* Whether a model can say of a column of a type that it counts. */
static bool
may_count(Oid type)
{
	return type == INT2OID || type == INT4OID || type == INT8OID;
}

/*
 * sql is the default as it is written, expression as the catalog keeps it.  An
 * integer whose default is nextval() and nothing else counts; a text that is made
 * of a number is what no model can say.
 */
static void
set_default(SdColumn *column, const char *sql, const char *expression)
{
	bool		constant;

	if (sql == NULL || column->generated)
		return;
	column->default_sql = sql;
	/* first: a text may have the names of functions in it */
	column->default_value = sd_constant_text(expression, &constant);
	if (constant)
		column->defaults_to = column->default_value == NULL ? SD_DEFAULTS_TO_NOTHING
			: SD_DEFAULTS_TO_VALUE;
	else if (is_nextval(sql) && may_count(column->type_oid))
		column->counting = SD_COUNTS_AS_SERIAL;
	else
		column->defaults_to = is_function(sql) ? SD_DEFAULTS_TO_FUNCTION
			: SD_DEFAULTS_TO_EXPRESSION;
}

/* Whether an enum type has the name that it gets when it is made with its column. */
static bool
is_made_for_column(const SdTable *table, const SdEnumType *type)
{
	return strncmp(type->name, "enum_", 5) == 0 && strcmp(type->schema, table->schema) == 0;
}

/* The highest number of a sequence q by its type; the lowest is one less than its negative. */
#define HIGHEST_NUMBER \
	"(CASE q.seqtypid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647" \
	" ELSE 9223372036854775807 END)"

/* What a sequence q does otherwise than one that is told nothing but its type. */
#define SEQUENCE_OPTIONS \
	"concat_ws(' ', CASE WHEN q.seqincrement <> 1 THEN 'INCREMENT BY ' || q.seqincrement END," \
	" CASE WHEN q.seqmin <> CASE WHEN q.seqincrement > 0 THEN 1 ELSE - " HIGHEST_NUMBER " - 1 END" \
	" THEN 'MINVALUE ' || q.seqmin END," \
	" CASE WHEN q.seqmax <> CASE WHEN q.seqincrement > 0 THEN " HIGHEST_NUMBER " ELSE -1 END" \
	" THEN 'MAXVALUE ' || q.seqmax END," \
	" CASE WHEN q.seqstart <> CASE WHEN q.seqincrement > 0 THEN q.seqmin ELSE q.seqmax END" \
	" THEN 'START WITH ' || q.seqstart END," \
	" CASE WHEN q.seqcache <> 1 THEN 'CACHE ' || q.seqcache END, CASE WHEN q.seqcycle THEN 'CYCLE' END)"

static void
read_columns(SdTable *table)
{
	static struct _SPI_plan *plan = NULL;
	SdRows	   *rows;

	rows = query(&plan, "SELECT a.attname::text, a.atttypid, a.atttypmod, a.attnotnull,"
				 " a.attidentity::text, a.attgenerated::text, pg_get_expr(d.adbin, d.adrelid),"
				 " d.adbin::text, col_description(a.attrelid, a.attnum), tn.nspname::text,"
				 " e.typname::text, e.oid <> t.oid,"
				 " (SELECT array_agg(l.enumlabel::text ORDER BY l.enumsortorder)"
				 " FROM pg_enum l WHERE l.enumtypid = e.oid),"
				 " a.attinhcount > 0 OR (SELECT count(*) > 1 FROM pg_depend u WHERE u.refclassid = 'pg_type'::regclass"
				 " AND u.refobjid IN (e.oid, e.typarray) AND (u.classid = 'pg_proc'::regclass"
				 " OR u.classid = 'pg_type'::regclass AND u.objid <> e.typarray"
				 " OR u.classid = 'pg_class'::regclass AND u.objsubid > 0"
				 " AND NOT EXISTS (SELECT FROM pg_attribute i WHERE i.attrelid = u.objid"
				 " AND i.attnum = u.objsubid AND i.attinhcount > 0))),"
				 " CASE WHEN a.attcollation <> t.typcollation"
				 " THEN (SELECT quote_ident(cn.nspname) || '.' || quote_ident(co.collname)"
				 " FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace"
				 " WHERE co.oid = a.attcollation) END,"
				 " owned.name,"
				 " a.attinhcount > 0, pg_get_expr(t.typdefaultbin, 0), t.typdefaultbin::text, a.attnum,"
				 " nn.conname::text, nn.connoinherit, NOT nn.convalidated, owned.type, owned.options,"
				 " CASE WHEN a.attstorage <> t.typstorage THEN CASE a.attstorage WHEN 'p' THEN 'PLAIN'"
				 " WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END,"
				 " CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END"
				 " FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid"
				 " LEFT JOIN pg_constraint nn ON nn.contype = 'n' AND nn.conrelid = a.attrelid"
				 " AND nn.conkey = ARRAY[a.attnum]"
				 " LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
				 " LEFT JOIN pg_type e ON e.typtype = 'e' AND e.oid ="
				 " CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE t.oid END"
				 " LEFT JOIN pg_namespace tn ON tn.oid = e.typnamespace"
				 " LEFT JOIN LATERAL (SELECT quote_ident(sn.nspname) || '.' || quote_ident(s.relname) AS name,"
				 " q.seqtypid AS type, " SEQUENCE_OPTIONS " AS options FROM pg_depend o"
				 " JOIN pg_class s ON s.oid = o.objid AND s.relkind = 'S'"
				 " JOIN pg_sequence q ON q.seqrelid = s.oid"
				 " JOIN pg_namespace sn ON sn.oid = s.relnamespace"
				 " WHERE o.classid = 'pg_class'::regclass AND o.refclassid = 'pg_class'::regclass"
				 " AND o.refobjid = a.attrelid AND o.refobjsubid = a.attnum AND o.deptype IN ('a', 'i')"
				 " ORDER BY EXISTS (SELECT FROM pg_depend c WHERE c.classid = 'pg_attrdef'::regclass"
				 " AND c.objid = d.oid AND c.refclassid = 'pg_class'::regclass AND c.refobjid = s.oid) DESC,"
				 " o.deptype DESC, s.oid LIMIT 1) owned ON true"
				 " WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
				 table->relid);
	Assert(rows->ncols == 27);
	for (int i = 0; i < rows->nrows; i++)
	{
		SdColumn   *column = palloc0(sizeof(SdColumn));
		const char *identity = sd_rows_text(rows, i, 4);

		column->name = column->was = sd_rows_text(rows, i, 0);
		column->number = DatumGetInt16(SD_VALUE(rows, i, 19));
		column->type_oid = DatumGetObjectId(SD_VALUE(rows, i, 1));
		column->typmod = DatumGetInt32(SD_VALUE(rows, i, 2));
		column->type = format_type_extended(column->type_oid, column->typmod,
											FORMAT_TYPE_TYPEMOD_GIVEN | FORMAT_TYPE_FORCE_QUALIFY);
		column->not_null = flag(rows, i, 3);
		column->not_null_name = sd_rows_text(rows, i, 20);
		column->not_null_local = flag(rows, i, 21);
		column->not_null_not_valid = flag(rows, i, 22);
		column->counting = *identity != '\0' ? SD_COUNTS_AS_IDENTITY : SD_COUNTS_NOT;
		column->always = *identity == 'a';
		column->generated = *sd_rows_text(rows, i, 5) != '\0';
		if (column->generated)
			column->generation = psprintf("(%s) %s", sd_rows_text(rows, i, 6),
										  *sd_rows_text(rows, i, 5) == 'v' ? "VIRTUAL" : "STORED");
		set_default(column, sd_rows_text(rows, i, 6), sd_rows_text(rows, i, 7));
		/* a domain's own holds where the column has none; it is nothing of the column's to change */
		if (column->default_sql == NULL && !SD_ISNULL(rows, i, 17) && !column->generated &&
			column->counting == SD_COUNTS_NOT)
		{
			set_default(column, sd_rows_text(rows, i, 17), sd_rows_text(rows, i, 18));
			column->default_sql = NULL;
			if (column->counting == SD_COUNTS_AS_SERIAL)
			{
				column->counting = SD_COUNTS_NOT;
				column->defaults_to = SD_DEFAULTS_TO_EXPRESSION;
			}
		}
		column->comment = sd_rows_text(rows, i, 8);
		if (!SD_ISNULL(rows, i, 10))
		{
			column->labels = palloc0(sizeof(SdEnumType));
			column->labels->schema = sd_rows_text(rows, i, 9);
			column->labels->name = sd_rows_text(rows, i, 10);
			column->labels->array = flag(rows, i, 11);
			column->labels->labels = names(rows, i, 12);
			column->labels->shared = flag(rows, i, 13) ||
				!is_made_for_column(table, column->labels);
		}
		column->collation = sd_rows_text(rows, i, 14);
		if (column->default_sql != NULL && strstr(column->default_sql, "nextval(") != NULL)
			column->sequence = sd_rows_text(rows, i, 15);
		else if (column->counting == SD_COUNTS_NOT && !SD_ISNULL(rows, i, 15))
			column->idle_sequence = sd_rows_text(rows, i, 15);
		if (!SD_ISNULL(rows, i, 15))
		{
			column->sequence_type = DatumGetObjectId(SD_VALUE(rows, i, 23));
			column->sequence_options = not_empty(sd_rows_text(rows, i, 24));
		}
		column->storage = sd_rows_text(rows, i, 25);
		column->compression = sd_rows_text(rows, i, 26);
		column->inherited = flag(rows, i, 16);
		table->columns = lappend(table->columns, column);
	}
}

static const char *
action(const char *code)
{
	switch (*code)
	{
		case 'c':
			return "CASCADE";
		case 'r':
			return "RESTRICT";
		case 'n':
			return "SET NULL";
		case 'd':
			return "SET DEFAULT";
		default:
			return "NO ACTION";
	}
}

/* Foreign keys, and constraints that have no index. */
static void
read_constraints(SdTable *table)
{
	static struct _SPI_plan *plan = NULL;
	SdRows	   *rows;

	rows = query(&plan, "SELECT c.conname::text, c.contype::text, pg_get_constraintdef(c.oid),"
				 " ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY k (n, i)"
				 " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n ORDER BY k.i),"
				 " n.nspname::text, r.relname::text,"
				 " ARRAY(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY k (n, i)"
				 " JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.n ORDER BY k.i),"
				 " c.confdeltype::text, c.confupdtype::text, c.coninhcount > 0, c.conbin::text,"
				 " CASE WHEN c.confmatchtype = 'f' THEN ' MATCH FULL' END,"
				 " concat(CASE WHEN c.condeferrable THEN ' DEFERRABLE' END,"
				 " CASE WHEN c.condeferred THEN ' INITIALLY DEFERRED' END), NOT c.convalidated,"
				 " NOT " SD_IS_ENFORCED_SQL ", " SD_IS_TEMPORAL_SQL ","
				 " ARRAY(SELECT a.attname::text FROM unnest(c.confdelsetcols) WITH ORDINALITY k (n, i)"
				 " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n ORDER BY k.i)"
				 " FROM pg_constraint c LEFT JOIN pg_class r ON r.oid = c.confrelid"
				 " LEFT JOIN pg_namespace n ON n.oid = r.relnamespace"
				 " WHERE c.conrelid = $1 AND c.contype IN ('f', 'c', 'x') ORDER BY c.conname",
				 table->relid);
	Assert(rows->ncols == 17);
	for (int i = 0; i < rows->nrows; i++)
	{
		char	   *name = sd_rows_text(rows, i, 0);
		char	   *definition = sd_rows_text(rows, i, 2);

		/* it has gone meanwhile */
		if (definition == NULL)
			continue;
		if (*sd_rows_text(rows, i, 1) == 'f')
		{
			SdForeignKey *key = palloc0(sizeof(SdForeignKey));

			key->name = name;
			key->definition = definition;
			key->columns = names(rows, i, 3);
			key->schema = sd_rows_text(rows, i, 4);
			key->table = sd_rows_text(rows, i, 5);
			key->referenced = names(rows, i, 6);
			key->on_delete = action(sd_rows_text(rows, i, 7));
			key->on_update = action(sd_rows_text(rows, i, 8));
			key->inherited = flag(rows, i, 9);
			key->match = sd_rows_text(rows, i, 11);
			key->deferral = not_empty(sd_rows_text(rows, i, 12));
			key->not_valid = flag(rows, i, 13);
			key->not_enforced = flag(rows, i, 14);
			key->temporal = flag(rows, i, 15);
			key->set_columns = names(rows, i, 16);
			table->foreign_keys = lappend(table->foreign_keys, key);
		}
		else
		{
			SdIndex    *check = palloc0(sizeof(SdIndex));

			check->name = name;
			check->definition = definition;
			check->columns = names(rows, i, 3);
			check->method = "";
			check->constraint = true;
			check->foreign = true;
			check->inherited = flag(rows, i, 9);
			check->not_valid = flag(rows, i, 13);
			if (*sd_rows_text(rows, i, 1) == 'c' && !flag(rows, i, 14))
				check->expression = sd_rows_text(rows, i, 10);
			table->indexes = lappend(table->indexes, check);
		}
	}
}

/* The statement that makes an index, without the ONLY of a partitioned table's. */
#define INDEX_STATEMENT \
	"(SELECT CASE WHEN substr(s, n + 1, 9) = ' ON ONLY '" \
	" THEN left(s, n) || ' ON ' || substr(s, n + 10) ELSE s END" \
	" FROM pg_get_indexdef(r.oid) s, length('CREATE ' || CASE WHEN x.indisunique" \
	" THEN 'UNIQUE ' ELSE '' END || 'INDEX ' || quote_ident(r.relname)) n)"

/* The keys of an index x, in order. */
#define KEY_PARTS \
	"FROM unnest(x.indkey) WITH ORDINALITY k (n, i)" \
	" LEFT JOIN pg_attribute a ON k.n > 0 AND a.attrelid = x.indrelid AND a.attnum = k.n" \
	" LEFT JOIN pg_opclass o ON o.oid = x.indclass[k.i - 1]" \
	" LEFT JOIN pg_collation l ON l.oid = x.indcollation[k.i - 1]" \
	" WHERE k.i <= x.indnkeyatts ORDER BY k.i"

/* The parts of an index's keys, SdKeyPart, from columns of a result that are arrays of the same length. */
static List *
key_parts(const SdRows *rows, int row, int col)
{
	List	   *arrays[7];
	List	   *parts = NIL;

	for (int i = 0; i < lengthof(arrays); i++)
	{
		arrays[i] = names(rows, row, col + i);
		Assert(list_length(arrays[i]) == list_length(arrays[0]));
	}
	for (int i = 0; i < list_length(arrays[0]); i++)
	{
		SdKeyPart  *part = palloc(sizeof(SdKeyPart));

		part->column = list_nth(arrays[0], i);
		part->collation = not_empty(list_nth(arrays[1], i));
		part->collation_told = *(char *) list_nth(arrays[2], i) != '\0';
		part->operator_class = list_nth(arrays[3], i);
		part->class_told = *(char *) list_nth(arrays[4], i) != '\0';
		part->descending = *(char *) list_nth(arrays[5], i) != '\0';
		part->foreign = *(char *) list_nth(arrays[6], i) != '\0';
		parts = lappend(parts, part);
	}
	return parts;
}

/*
 * Indexes, primary key and unique constraints.  What a model cannot say is
 * marked as foreign: an expression, a condition, columns that are only
 * included, NULLs in another place, a unique key WITHOUT OVERLAPS, and an index that CREATE INDEX CONCURRENTLY
 * has left half made.
 */
static void
read_indexes(SdTable *table)
{
	static struct _SPI_plan *plan = NULL;
	SdRows	   *rows;

	rows = query(&plan, "SELECT r.relname::text, am.amname::text, x.indisprimary, x.indisunique,"
				 " c.oid IS NOT NULL, coalesce(pg_get_constraintdef(c.oid), " INDEX_STATEMENT "),"
				 " pg_get_expr(x.indpred, x.indrelid), x.indpred IS NOT NULL"
				 " OR x.indexprs IS NOT NULL OR NOT x.indisvalid"
				 " OR x.indisexclusion AND NOT x.indisprimary"
				 " OR EXISTS (SELECT FROM unnest(x.indoption) o"
				 " WHERE o NOT IN (0, 3)),"
				 " NOT x.indisvalid, x.indnatts <> x.indnkeyatts,"
				 " ARRAY(SELECT a.attname::text FROM pg_depend d JOIN pg_attribute a"
				 " ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid"
				 " LEFT JOIN unnest(x.indkey) WITH ORDINALITY k (n, i) ON k.n = a.attnum"
				 " WHERE d.classid IN ('pg_class'::regclass, 'pg_constraint'::regclass)"
				 " AND d.objid IN (r.oid, c.oid) AND d.refclassid = 'pg_class'::regclass"
				 " AND d.refobjid = x.indrelid AND d.refobjsubid > 0"
				 " GROUP BY a.attname, a.attnum ORDER BY min(k.i) NULLS LAST, a.attnum), r.relispartition,"
				 " x.indnullsnotdistinct,"
				 " ARRAY(SELECT a.attname::text " KEY_PARTS "),"
				 " ARRAY(SELECT l.collname::text " KEY_PARTS "),"
				 " ARRAY(SELECT CASE WHEN l.oid <> a.attcollation THEN 'told' END " KEY_PARTS "),"
				 " ARRAY(SELECT o.opcname::text " KEY_PARTS "),"
				 " ARRAY(SELECT CASE WHEN NOT o.opcdefault THEN 'told' END " KEY_PARTS "),"
				 " ARRAY(SELECT CASE WHEN x.indoption[k.i - 1] = 3 THEN 'DESC' END " KEY_PARTS "),"
				 " ARRAY(SELECT CASE WHEN a.attname IS NULL"
				 " OR l.oid <> a.attcollation AND l.collnamespace <> 'pg_catalog'::regnamespace"
				 " OR NOT o.opcdefault AND o.opcnamespace <> 'pg_catalog'::regnamespace"
				 " THEN 'foreign' END " KEY_PARTS ")"
				 " FROM pg_index x JOIN pg_class r ON r.oid = x.indexrelid"
				 " JOIN pg_am am ON am.oid = r.relam"
				 " LEFT JOIN pg_constraint c ON c.conindid = x.indexrelid"
				 " AND c.conrelid = x.indrelid AND c.contype IN ('p', 'u', 'x')"
				 " WHERE x.indrelid = $1 AND c.contype IS DISTINCT FROM 'x'"
				 " ORDER BY NOT x.indisprimary, r.relname",
				 table->relid);
	Assert(rows->ncols == 20);
	for (int i = 0; i < rows->nrows; i++)
	{
		SdIndex    *index = palloc0(sizeof(SdIndex));

		/* it has gone meanwhile */
		if (SD_ISNULL(rows, i, 5))
			continue;
		index->name = sd_rows_text(rows, i, 0);
		index->method = sd_rows_text(rows, i, 1);
		index->primary = flag(rows, i, 2);
		index->unique = flag(rows, i, 3);
		index->constraint = flag(rows, i, 4);
		index->definition = sd_rows_text(rows, i, 5);
		index->where = sd_rows_text(rows, i, 6);
		index->foreign = flag(rows, i, 7);
		index->invalid = flag(rows, i, 8);
		if (flag(rows, i, 9))
		{
			index->only_includes = !index->foreign;
			index->foreign = true;
		}
		index->columns = names(rows, i, 10);
		index->inherited = flag(rows, i, 11);
		index->nulls_not_distinct = flag(rows, i, 12);
		index->parts = key_parts(rows, i, 13);
		table->indexes = lappend(table->indexes, index);
	}
}

/*
 * A relation with all that belongs to it, as the system catalogs have it: also a
 * view, which has columns only.  NULL where there is none of that OID.
 *
 * It is locked in ACCESS SHARE mode while it is read, and no longer: what puts
 * expressions into words would fail if it went meanwhile.
 */
SdTable *
sd_actual_relation(Oid relid)
{
	SdTable    *table = palloc0(sizeof(SdTable));
	char	   *name;
	char	   *schema;
	static struct _SPI_plan *plan = NULL;
	SdRows	   *rows;

	LockRelationOid(relid, AccessShareLock);
	name = get_rel_name(relid);
	schema = name != NULL ? get_namespace_name(get_rel_namespace(relid)) : NULL;
	if (schema == NULL)
	{
		UnlockRelationOid(relid, AccessShareLock);
		return NULL;
	}
	table->schema = schema;
	table->name = table->was = name;
	table->relid = relid;
	rows = query(&plan, "SELECT obj_description($1, 'pg_class')", relid);
	Assert(rows->nrows == 1);
	table->comment = sd_rows_text(rows, 0, 0);
	read_columns(table);
	read_indexes(table);
	read_constraints(table);
	UnlockRelationOid(relid, AccessShareLock);
	return table;
}

/* The table of that name; invalid where there is none.  Raises 42809 where the name is something else's. */
static Oid
find_table(const char *schema, const char *name)
{
	Oid			namespace = get_namespace_oid(schema, true);
	Oid			relid = OidIsValid(namespace) ? get_relname_relid(name, namespace) : InvalidOid;
	char		kind = OidIsValid(relid) ? get_rel_relkind(relid) : '\0';

	if (kind == '\0')
		return InvalidOid;
	if (kind != RELKIND_RELATION && kind != RELKIND_PARTITIONED_TABLE)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("%s is not a table", quote_qualified_identifier(schema, name))));
	return relid;
}

/* Whether there is a table of that name; takes no lock.  Raises what sd_actual_table() raises. */
bool
sd_is_table(const char *schema, const char *name)
{
	return OidIsValid(find_table(schema, name));
}

/*
 * The table of that name, or NULL where there is none.  Raises 42809 where the
 * name is something else's.
 */
SdTable *
sd_actual_table(const char *schema, const char *name)
{
	for (;;)
	{
		Oid			relid = find_table(schema, name);
		SdTable    *table;

		if (!OidIsValid(relid))
			return NULL;
		table = sd_actual_relation(relid);
		/* while its lock was waited for it may have gone, or been given another name */
		if (table != NULL && strcmp(table->name, name) == 0 && strcmp(table->schema, schema) == 0)
			return table;
		CHECK_FOR_INTERRUPTS();
	}
}

/*-------------------------------------------------------------------------
 * introspect/partition_keys.c
 *		Foreign keys that partitions have and their table has not.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "execute/command.h"
#include "introspect/found_model.h"

/*
 * The foreign keys that partitions of a table, and not the table itself, have, one
 * for each set of columns and what they refer to, SdForeignKey with the name in the
 * first partition that has it, and no actions or definition.
 *
 * Locks the partitions in ACCESS SHARE mode.  To be called under the settings of
 * sd_settle_output().
 */
List *
sd_partition_keys(const SdTable *table)
{
	SdArg		arg = sd_arg(OIDOID, ObjectIdGetDatum(table->relid));
	List	   *keys = NIL;
	SdRows	   *rows;

	Assert(OidIsValid(table->relid));
	rows = sd_query("SELECT min(k.conname) COLLATE \"C\", k.columns, k.schema, k.name, k.referenced FROM ("
					"SELECT c.conname::text,"
					" ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY n (n, i)"
					" JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = n.n ORDER BY n.i) AS columns,"
					" s.nspname::text AS schema, r.relname::text AS name,"
					" ARRAY(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY n (n, i)"
					" JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = n.n ORDER BY n.i) AS referenced"
					" FROM pg_partition_tree($1) p JOIN pg_constraint c ON c.conrelid = p.relid"
					" JOIN pg_class r ON r.oid = c.confrelid JOIN pg_namespace s ON s.oid = r.relnamespace"
					" WHERE p.level > 0 AND c.contype = 'f' AND c.conparentid = 0) AS k"
					" GROUP BY 2, 3, 4, 5 ORDER BY 1, 2",
					&arg, 1, InvalidSnapshot);
	for (int i = 0; i < rows->nrows; i++)
	{
		SdForeignKey *key = palloc0(sizeof(SdForeignKey));

		key->name = sd_rows_text(rows, i, 0);
		key->columns = sd_rows_list(rows, i, 1);
		key->schema = sd_rows_text(rows, i, 2);
		key->table = sd_rows_text(rows, i, 3);
		key->referenced = sd_rows_list(rows, i, 4);
		Assert(list_length(key->columns) == list_length(key->referenced));
		keys = lappend(keys, key);
	}
	return keys;
}

/*-------------------------------------------------------------------------
 * introspect/relations.c
 *		The relations that a look is about.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_class.h"
#include "execute/command.h"
#include "introspect/found_model.h"
#include "storage/lmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

static bool
flag(const SdRows *rows, int row, int col)
{
	return !SD_ISNULL(rows, row, col) && DatumGetBool(SD_VALUE(rows, row, col));
}

/* What stands in the way of a model over a relation, in words, or NULL. */
static const char *
obstacle(const SdRows *rows, int i)
{
	if (!SD_ISNULL(rows, i, 4))
		return psprintf("it belongs to extension \"%s\"", sd_rows_text(rows, i, 4));
	if (!flag(rows, i, 5))
		return psprintf("the role has no privilege USAGE on schema \"%s\"", sd_rows_text(rows, i, 0));
	if (!flag(rows, i, 6))
		return "the role has no privilege SELECT on it";
	return NULL;
}

/*
 * The relations that the options ask for, SdFoundModel without a name, in the
 * order of their names.  Partitions are none of their own.  Each is locked in
 * ACCESS SHARE mode before it is read; one that goes meanwhile is none.
 */
List *
sd_find_relations(const SdIntrospection *look)
{
	List	   *all = list_make1("%");
	List	   *found = NIL;
	SdArg		args[3];
	SdRows	   *rows;

	args[0] = sd_list_arg(look->options.schemas);
	args[1] = sd_list_arg(look->options.tables != NIL ? look->options.tables : all);
	args[2] = sd_list_arg(look->options.exclude);
	rows = sd_query("SELECT n.nspname::text, c.relname::text, c.oid, c.relkind::text, e.extname::text,"
					" has_schema_privilege(n.oid, 'USAGE'), has_any_column_privilege(c.oid, 'SELECT'),"
					" EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid)"
					" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
					" LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid"
					" AND d.deptype = 'e' AND d.refclassid = 'pg_extension'::regclass"
					" LEFT JOIN pg_extension e ON e.oid = d.refobjid"
					" WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition"
					" AND c.relpersistence <> 't' AND n.nspname !~ '^pg_'"
					" AND n.nspname NOT IN ('information_schema', 'studentdir')"
					" AND n.nspname LIKE ANY ($1) AND c.relname LIKE ANY ($2)"
					" AND NOT c.relname LIKE ANY ($3)"
					" ORDER BY n.nspname COLLATE \"C\", c.relname COLLATE \"C\"",
					args, lengthof(args), InvalidSnapshot);
	Assert(rows->ncols == 8);
	for (int i = 0; i < rows->nrows; i++)
	{
		SdFoundModel *model = palloc0(sizeof(SdFoundModel));
		Oid			relid = DatumGetObjectId(SD_VALUE(rows, i, 2));
		const char *why = obstacle(rows, i);

		CHECK_FOR_INTERRUPTS();
		model->kind = *sd_rows_text(rows, i, 3);
		model->inherits = flag(rows, i, 7);
		if (why != NULL)
		{
			model->table = palloc0(sizeof(SdTable));
			model->table->schema = sd_rows_text(rows, i, 0);
			model->table->name = sd_rows_text(rows, i, 1);
			sd_note(model, "left out: %s", why);
		}
		else
		{
			LockRelationOid(relid, AccessShareLock);
			model->table = sd_actual_relation(relid);
			if (model->table == NULL)
				continue;
		}
		found = lappend(found, model);
	}
	return found;
}

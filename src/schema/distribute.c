/*-------------------------------------------------------------------------
 * schema/distribute.c
 *		Gives the tables of models to Citus.
 *
 * Citus stops at the first constraint that cannot be kept.  Here all of them are
 * looked for first, and said together with the statements that change them.
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "execute/command.h"
#include "lib/stringinfo.h"
#include "schema/distribute.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "write/sequence.h"

/* what stands in the way: constraint, what is wrong with it, and what to do */
static const char *const unique_keys =
"SELECT pg_catalog.format('%s %I lacks %I', CASE WHEN i.indisprimary THEN 'primary key' ELSE 'unique key' END,"
" c.relname, $2),"
" CASE WHEN k.oid IS NULL THEN pg_catalog.format('DROP INDEX %s', i.indexrelid::pg_catalog.regclass)"
" ELSE pg_catalog.format('ALTER TABLE %s DROP CONSTRAINT %I, ADD %s (%I, %s)', i.indrelid::pg_catalog.regclass, k.conname,"
"  CASE WHEN i.indisprimary THEN 'PRIMARY KEY' ELSE 'UNIQUE' END, $2,"
"  (SELECT pg_catalog.string_agg(pg_catalog.format('%I', a.attname), ', ' ORDER BY u.n)"
"   FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY AS u (attnum, n) JOIN pg_catalog.pg_attribute AS a"
"   ON a.attrelid OPERATOR(pg_catalog.=) i.indrelid AND a.attnum OPERATOR(pg_catalog.=) u.attnum)) END"
" FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) i.indexrelid"
" LEFT JOIN pg_catalog.pg_constraint AS k ON k.conindid OPERATOR(pg_catalog.=) i.indexrelid"
"  AND k.conrelid OPERATOR(pg_catalog.=) i.indrelid AND k.contype OPERATOR(pg_catalog.<>) 'f'"
" WHERE i.indrelid OPERATOR(pg_catalog.=) $1 AND i.indisunique AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_attribute AS a"
"  WHERE a.attrelid OPERATOR(pg_catalog.=) i.indrelid AND a.attname OPERATOR(pg_catalog.=) $2::pg_catalog.name"
"  AND a.attnum OPERATOR(pg_catalog.=) ANY (i.indkey::pg_catalog.int2[]))"
" ORDER BY c.relname";

/* foreign keys to and from tables that are not where this one will be */
static const char *const foreign_keys =
"SELECT pg_catalog.format('foreign key %I of table %s refers to table %s', k.conname,"
" k.conrelid::pg_catalog.regclass, k.confrelid::pg_catalog.regclass),"
" pg_catalog.format('ALTER TABLE %s DROP CONSTRAINT %I', k.conrelid::pg_catalog.regclass, k.conname)"
" FROM pg_catalog.pg_constraint AS k"
" LEFT JOIN pg_catalog.pg_dist_partition AS d ON d.logicalrelid::pg_catalog.oid OPERATOR(pg_catalog.=)"
"  CASE WHEN k.conrelid OPERATOR(pg_catalog.=) $1 THEN k.confrelid ELSE k.conrelid END"
" WHERE k.contype OPERATOR(pg_catalog.=) 'f' AND (k.conrelid OPERATOR(pg_catalog.=) $1 OR k.confrelid OPERATOR(pg_catalog.=) $1)"
/* to a reference table */
" AND (k.conrelid OPERATOR(pg_catalog.=) $1 AND d.partmethod OPERATOR(pg_catalog.=) 'n' AND d.repmodel OPERATOR(pg_catalog.=) 't') IS NOT TRUE"
/* by the columns that distribute both */
" AND (d.logicalrelid::pg_catalog.oid OPERATOR(pg_catalog.=) $3::pg_catalog.oid"
"  AND EXISTS (SELECT 1 FROM ROWS FROM (pg_catalog.unnest(k.conkey), pg_catalog.unnest(k.confkey)) AS u (own, other)"
"   JOIN pg_catalog.pg_attribute AS a ON a.attrelid OPERATOR(pg_catalog.=) $1 AND a.attname OPERATOR(pg_catalog.=) $2::pg_catalog.name"
"    AND a.attnum OPERATOR(pg_catalog.=) CASE WHEN k.conrelid OPERATOR(pg_catalog.=) $1 THEN u.own ELSE u.other END"
"   JOIN pg_catalog.pg_attribute AS b ON b.attrelid OPERATOR(pg_catalog.=) $3::pg_catalog.oid"
"    AND b.attname OPERATOR(pg_catalog.=) pg_catalog.column_to_column_name(d.logicalrelid, d.partkey)::pg_catalog.name"
"    AND b.attnum OPERATOR(pg_catalog.=) CASE WHEN k.conrelid OPERATOR(pg_catalog.=) $1 THEN u.other ELSE u.own END)) IS NOT TRUE"
" ORDER BY k.conname";

/* those of a table of which every node has all rows: to a table whose rows are distributed */
static const char *const reference_keys =
"SELECT pg_catalog.format('foreign key %I of table %s refers to table %s', k.conname,"
" k.conrelid::pg_catalog.regclass, k.confrelid::pg_catalog.regclass),"
" pg_catalog.format('ALTER TABLE %s DROP CONSTRAINT %I', k.conrelid::pg_catalog.regclass, k.conname)"
" FROM pg_catalog.pg_constraint AS k"
" JOIN pg_catalog.pg_dist_partition AS d ON d.logicalrelid::pg_catalog.oid OPERATOR(pg_catalog.=) k.confrelid"
" WHERE k.contype OPERATOR(pg_catalog.=) 'f' AND k.conrelid OPERATOR(pg_catalog.=) $1"
" AND d.partmethod OPERATOR(pg_catalog.<>) 'n' ORDER BY k.conname";

/* Raises 55000 when Citus is not installed, and 42809 for a table that it has already or cannot take. */
static void
check_table(const SdModel *model)
{
	if (!sd_has_citus())
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("Citus is not installed in this database"),
				 errhint("Tables are distributed by the extension Citus: CREATE EXTENSION citus, which needs it in shared_preload_libraries.")));
	if (model->distribution == SD_DISTRIBUTED || model->distribution == SD_REFERENCE)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("the table of model \"%s\" is %s already", model->name,
						model->distribution == SD_DISTRIBUTED ? "distributed" : "a reference table"),
				 errhint("SELECT undistribute_table(%s) makes it a plain table again.",
						 quote_literal_cstr(model->relation))));
}

/* Adds the findings of a query over a table, and the statements that end them. */
static void
add_findings(const char *sql, const SdModel *model, const char *column, const SdModel *colocate_with,
			 StringInfo findings, StringInfo statements)
{
	SdArg		args[3] = {sd_arg(OIDOID, ObjectIdGetDatum(model->relid)), sd_text_arg(column),
	sd_arg(OIDOID, ObjectIdGetDatum(colocate_with != NULL ? colocate_with->relid : InvalidOid))};
	SdRows	   *rows;

	args[2].isnull = colocate_with == NULL;
	rows = sd_query(sql, args, lengthof(args), InvalidSnapshot);
	Assert(rows->ncols == 2);
	for (int i = 0; i < rows->nrows; i++)
	{
		appendStringInfo(findings, "%s%s", findings->len > 0 ? "; " : "", sd_rows_text(rows, i, 0));
		appendStringInfo(statements, "%s%s;", statements->len > 0 ? " " : "", sd_rows_text(rows, i, 1));
	}
}

static void
report(const SdModel *model, const char *what, StringInfo findings, StringInfo statements)
{
	if (findings->len == 0)
		return;
	findings->data[0] = pg_toupper((unsigned char) findings->data[0]);
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("model \"%s\" cannot be %s yet", model->name, what),
			 errdetail("%s.", findings->data),
			 errhint("Citus keeps such keys within one node only. Change them first: %s", statements->data)));
}

/* Runs a function of Citus on the model's table, and sets its sequences: Citus makes others that begin at 1. */
static void
run(const SdModel *model, const char *sql, const SdArg *args, int nargs)
{
	int			nestlevel = NewGUCNestLevel();
	const char *name = pstrdup(model->name);

	/* in a migration other tables may have been changed before */
	(void) set_config_option("citus.multi_shard_modify_mode", "sequential", PGC_USERSET,
							 PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	(void) sd_query(sql, args, nargs, InvalidSnapshot);
	AtEOXact_GUC(false, nestlevel);
	for (int i = 0; i < model->nkeys; i++)
		if (model->attrs[model->keys[i]].sequenced)
		{
			(void) sd_reset_sequences(sd_model_open(name));
			break;
		}
}

/*
 * Distributes the rows of the model's table by the value of an attribute; with
 * colocate_with, so that equal values of both are on one node.  Raises 42703 for an
 * attribute that is not there, 55000 without Citus and where constraints stand in the
 * way, all of which it says, 42809 for a table that is distributed already, and what
 * Citus raises.  The table is locked until the transaction ends.
 */
void
sd_distribute(const SdModel *model, const char *by, const SdModel *colocate_with)
{
	int			attr = sd_find_attribute(model, by, strlen(by));
	char	   *column;
	SdArg		args[3];
	StringInfoData findings;
	StringInfoData statements;

	check_table(model);
	if (attr < 0 || model->attrs[attr].column == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("model \"%s\" has no attribute \"%s\" that is stored", model->name, by)));
	if (colocate_with != NULL && colocate_with->distribution != SD_DISTRIBUTED)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the table of model \"%s\" is not distributed", colocate_with->name),
				 errhint("Distribute it first: SELECT studentdir.distribute(%s, by => 'attribute').",
						 quote_literal_cstr(colocate_with->name))));
	Assert(model->attrs[attr].attnum > 0);
	column = get_attname(model->relid, model->attrs[attr].attnum, false);
	initStringInfo(&findings);
	initStringInfo(&statements);
	add_findings(unique_keys, model, column, NULL, &findings, &statements);
	add_findings(foreign_keys, model, column, colocate_with, &findings, &statements);
	report(model, "distributed", &findings, &statements);
	args[0] = sd_arg(OIDOID, ObjectIdGetDatum(model->relid));
	args[1] = sd_text_arg(column);
	args[2] = sd_text_arg(colocate_with != NULL ? colocate_with->relation : "default");
	run(model, "SELECT pg_catalog.create_distributed_table($1::pg_catalog.regclass, $2, colocate_with => $3)",
		args, lengthof(args));
}

/*
 * Has every node keep all rows of the model's table.  Raises 55000 without Citus and
 * where foreign keys stand in the way, 42809 for a table that is distributed already,
 * and what Citus raises.
 */
void
sd_make_reference(const SdModel *model)
{
	SdArg		arg;
	StringInfoData findings;
	StringInfoData statements;

	check_table(model);
	initStringInfo(&findings);
	initStringInfo(&statements);
	add_findings(reference_keys, model, "", NULL, &findings, &statements);
	report(model, "a reference table", &findings, &statements);
	arg = sd_arg(OIDOID, ObjectIdGetDatum(model->relid));
	run(model, "SELECT pg_catalog.create_reference_table($1::pg_catalog.regclass)", &arg, 1);
}

/*-------------------------------------------------------------------------
 * write/sequence.c
 *		Sequences that fill in primary keys, and what to do when they are behind.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "common/int.h"
#include "execute/command.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/snapmgr.h"
#include "write/sequence.h"

/* columns of the query in find_sequences() */
enum
{
	SEQUENCE_OID,
	SEQUENCE_NAME,
	SEQUENCE_INCREMENT,
	SEQUENCE_START,
	SEQUENCE_FIRST,				/* the end of its range that it comes from */
	SEQUENCE_LAST,				/* and the one that it runs to */
	SEQUENCE_CYCLE
};

/* The sequences that a column's values come from: its identity's, or those that its default names. */
static SdRows *
find_sequences(const SdModel *model, const SdAttribute *attr)
{
	SdArg		args[2];

	args[0] = sd_arg(OIDOID, ObjectIdGetDatum(model->relid));
	args[1] = sd_arg(INT4OID, Int32GetDatum(attr->attnum));
	return sd_query("SELECT s.oid,"
					" pg_catalog.format('%I.%I', n.nspname, s.relname),"
					" q.seqincrement, q.seqstart,"
					" CASE WHEN q.seqincrement OPERATOR(pg_catalog.>) 0 THEN q.seqmin ELSE q.seqmax END,"
					" CASE WHEN q.seqincrement OPERATOR(pg_catalog.>) 0 THEN q.seqmax ELSE q.seqmin END,"
					" q.seqcycle"
					" FROM pg_catalog.pg_sequence AS q"
					" JOIN pg_catalog.pg_class AS s ON s.oid OPERATOR(pg_catalog.=) q.seqrelid"
					" JOIN pg_catalog.pg_namespace AS n"
					" ON n.oid OPERATOR(pg_catalog.=) s.relnamespace"
					" WHERE EXISTS (SELECT FROM pg_catalog.pg_depend AS d"
					" WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass"
					" AND d.objid OPERATOR(pg_catalog.=) s.oid"
					" AND d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass"
					" AND d.refobjid OPERATOR(pg_catalog.=) $1"
					" AND d.refobjsubid OPERATOR(pg_catalog.=) $2"
					" AND d.deptype OPERATOR(pg_catalog.=) 'i')"
					" OR EXISTS (SELECT FROM pg_catalog.pg_attrdef AS a"
					" JOIN pg_catalog.pg_depend AS d"
					" ON d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_attrdef'::pg_catalog.regclass"
					" AND d.objid OPERATOR(pg_catalog.=) a.oid"
					" AND d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass"
					" AND d.refobjid OPERATOR(pg_catalog.=) s.oid"
					" WHERE a.adrelid OPERATOR(pg_catalog.=) $1"
					" AND a.adnum OPERATOR(pg_catalog.=) $2)"
					" ORDER BY s.oid",
					args, lengthof(args), InvalidSnapshot);
}

/*
 * The key furthest in the direction in which a sequence runs; false when there
 * is no row.  It counts rows that others have committed since the transaction
 * began, and is an error where row-level security would hide some.
 */
static bool
furthest_key(const SdModel *model, const SdAttribute *attr, bool ascending, int64 *key)
{
	int			settings = NewGUCNestLevel();
	SdRows	   *rows;

	(void) set_config_option("row_security", "off", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	rows = sd_query(psprintf("SELECT pg_catalog.%s(t.%s)::pg_catalog.int8 FROM %s AS t",
							 ascending ? "max" : "min", attr->column, model->relation),
					NULL, 0, GetLatestSnapshot());
	Assert(rows->nrows == 1);
	AtEOXact_GUC(true, settings);
	if (SD_ISNULL(rows, 0, 0))
		return false;
	*key = DatumGetInt64(SD_VALUE(rows, 0, 0));
	return true;
}

/* What a sequence gives after a value; false when nothing. */
static bool
value_after(const SdRows *sequences, int row, int64 value, int64 *next)
{
	int64		increment = DatumGetInt64(SD_VALUE(sequences, row, SEQUENCE_INCREMENT));
	int64		last = DatumGetInt64(SD_VALUE(sequences, row, SEQUENCE_LAST));

	if (!pg_add_s64_overflow(value, increment, next) &&
		(increment > 0 ? *next <= last : *next >= last))
		return true;
	*next = DatumGetInt64(SD_VALUE(sequences, row, SEQUENCE_FIRST));
	return DatumGetBool(SD_VALUE(sequences, row, SEQUENCE_CYCLE));
}

/* Sets one sequence past the keys of a table that nobody else writes. */
static SdSequenceReset *
reset(const SdModel *model, const SdAttribute *attr, const SdRows *sequences, int row)
{
	SdSequenceReset *result = palloc0(sizeof(SdSequenceReset));
	int64		first = DatumGetInt64(SD_VALUE(sequences, row, SEQUENCE_FIRST));
	bool		ascending = DatumGetInt64(SD_VALUE(sequences, row, SEQUENCE_INCREMENT)) > 0;
	int64		key;
	bool		called;
	SdArg		args[3];

	Assert(sequences->ncols == SEQUENCE_CYCLE + 1);
	called = furthest_key(model, attr, ascending, &key) &&
		(ascending ? key >= first : key <= first);
	if (!called)
		key = DatumGetInt64(SD_VALUE(sequences, row, SEQUENCE_START));
	args[0] = sd_arg(OIDOID, SD_VALUE(sequences, row, SEQUENCE_OID));
	args[1] = sd_arg(INT8OID, Int64GetDatum(key));
	args[2] = sd_arg(BOOLOID, BoolGetDatum(called));
	(void) sd_query("SELECT pg_catalog.setval($1::pg_catalog.regclass, $2, $3)",
					args, lengthof(args), InvalidSnapshot);

	result->sequence = sd_rows_text(sequences, row, SEQUENCE_NAME);
	result->next = key;
	if (called)
		result->exhausted = !value_after(sequences, row, key, &result->next);
	return result;
}

/*
 * Sets the sequences that fill in the primary key past the keys that are there,
 * or to their starts where there are none.  Until the end of the transaction
 * nobody else can write the table.  Returns a list of SdSequenceReset.
 *
 * Raises 55000 when no sequence fills in the key, and what LOCK TABLE, reading
 * the table and setval() raise.
 */
List *
sd_reset_sequences(const SdModel *model)
{
	List	   *result = NIL;

	PreventCommandIfReadOnly("studentdir.reset_sequence()");
	for (int i = 0; i < model->nkeys; i++)
	{
		const SdAttribute *attr = &model->attrs[model->keys[i]];
		SdRows	   *sequences;

		if (!attr->sequenced)
			continue;
		sequences = find_sequences(model, attr);
		if (sequences->nrows > 0 && result == NIL)
			sd_script(psprintf("LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE", model->relation));
		for (int row = 0; row < sequences->nrows; row++)
			result = lappend(result, reset(model, attr, sequences, row));
	}
	if (result == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("no sequence fills in the primary key of model \"%s\"", model->name),
				 errdetail("It is for an identity column, or one whose default is nextval() of a sequence, in table %s.",
						   model->relation)));
	return result;
}

/* Whether an INSERT leaves an attribute to its default. */
static bool
is_left_out(const SdStatement *statement, int attr)
{
	if (bms_is_member(attr, statement->defaulted))
		return true;
	for (int i = 0; i < statement->nassigned; i++)
	{
		if (statement->assigned[i] == attr)
			return false;
	}
	return true;
}

/*
 * Whether the key that a unique violation is about was filled in by a sequence.
 * Catalogs cannot be read any more, but the detail names the columns, first of
 * all and in any language: Key (tenant, id)=(1, 5) already exists.
 */
static bool
is_about_sequence(const SdStatement *statement, const char *detail)
{
	const SdModel *model = statement->query->model;
	const char *open = strchr(detail, '(');
	const char *close = open != NULL ? strstr(open, ")=(") : NULL;

	if (close == NULL)
		return false;
	for (int i = 0; i < model->nkeys; i++)
	{
		const SdAttribute *attr = &model->attrs[model->keys[i]];
		Size		len = strlen(attr->column);

		if (!attr->sequenced || !is_left_out(statement, model->keys[i]))
			continue;
		for (const char *name = open + 1; name + len <= close; name++)
		{
			if ((name == open + 1 || name[-1] == ' ') && memcmp(name, attr->column, len) == 0 &&
				(name[len] == ',' || name + len == close))
				return true;
		}
	}
	return false;
}

/*
 * The hint for a unique violation of a key that a sequence filled in: its sequence
 * is behind.  NULL for other errors.
 */
char *
sd_sequence_hint(const SdStatement *statement, const ErrorData *error)
{
	Assert(error->detail != NULL);
	if ((statement->kind != SD_INSERT && statement->kind != SD_INSERT_ROWS) ||
		error->sqlerrcode != ERRCODE_UNIQUE_VIOLATION ||
		!is_about_sequence(statement, error->detail))
		return NULL;
	return psprintf("The sequence of this key is behind, as it is after rows were inserted with explicit keys. SELECT * FROM studentdir.reset_sequence(%s) sets it past the highest key.",
					quote_literal_cstr(statement->query->model->name));
}

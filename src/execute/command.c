/*-------------------------------------------------------------------------
 * execute/command.c
 *		Runs SQL that the extension itself or a migration wrote.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "catalogs/rows.h"
#include "execute/command.h"
#include "executor/spi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"

static void
connect(void)
{
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
}

static void
finish(void)
{
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "SPI_finish failed");
}

/* Splits args into the arrays that SPI takes; *nulls is in SPI's notation. */
static void
split_args(const SdArg *args, int nargs, Oid **types, Datum **values, char **nulls)
{
	Assert(nargs == 0 || args != NULL);
	*types = palloc(sizeof(Oid) * nargs);
	*values = palloc(sizeof(Datum) * nargs);
	*nulls = palloc(nargs);
	for (int i = 0; i < nargs; i++)
	{
		(*types)[i] = args[i].type;
		(*values)[i] = args[i].value;
		(*nulls)[i] = args[i].isnull ? 'n' : ' ';
	}
}

/*
 * Runs one statement with parameters.  Returns the number of rows that it
 * touched.  Errors are the statement's own.
 */
uint64
sd_command(const char *sql, const SdArg *args, int nargs)
{
	Oid		   *types;
	Datum	   *values;
	char	   *nulls;
	uint64		processed;
	int			rc;

	connect();
	split_args(args, nargs, &types, &values, &nulls);
	rc = SPI_execute_with_args(sql, nargs, types, values, nulls, false, 0);
	if (rc < 0)
		elog(ERROR, "SPI failed with %s: %s", SPI_result_code_string(rc), sql);
	processed = SPI_processed;
	finish();
	return processed;
}

/* Prepares a query; options are those of cursors. */
static SPIPlanPtr
prepare(const char *sql, const SdArg *args, int nargs, int options)
{
	Oid		   *types = palloc(sizeof(Oid) * nargs);
	SPIPlanPtr	plan;

	for (int i = 0; i < nargs; i++)
		types[i] = args[i].type;
	plan = SPI_prepare_cursor(sql, nargs, types, options);
	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed with %s: %s", SPI_result_code_string(SPI_result), sql);
	return plan;
}

/* Runs a prepared query; its rows are copied into the context caller. */
static SdRows *
run(SPIPlanPtr plan, const SdArg *args, int nargs, Snapshot snapshot, MemoryContext caller)
{
	MemoryContext spi;
	TupleDesc	desc;
	Oid		   *types;
	Datum	   *values;
	char	   *nulls;
	SdRows	   *rows;
	int			rc;

	split_args(args, nargs, &types, &values, &nulls);
	rc = SPI_execute_snapshot(plan, values, nulls, snapshot, InvalidSnapshot, false, true, 0);
	if (rc < 0 || SPI_tuptable == NULL)
		elog(ERROR, "SPI failed with %s", SPI_result_code_string(rc));
	desc = SPI_tuptable->tupdesc;

	spi = MemoryContextSwitchTo(caller);
	rows = palloc(sizeof(SdRows));
	rows->nrows = (int) SPI_tuptable->numvals;
	rows->ncols = desc->natts;
	rows->values = palloc(sizeof(Datum) * (rows->nrows * rows->ncols + 1));
	rows->nulls = palloc(sizeof(bool) * (rows->nrows * rows->ncols + 1));
	for (int row = 0; row < rows->nrows; row++)
	{
		for (int col = 0; col < rows->ncols; col++)
		{
			Form_pg_attribute att = TupleDescAttr(desc, col);
			bool		isnull;
			Datum		value = SPI_getbinval(SPI_tuptable->vals[row], desc, col + 1, &isnull);

			if (!isnull && att->attlen == -1)
				value = PointerGetDatum(PG_DETOAST_DATUM_COPY(value));
			else if (!isnull)
				value = datumCopy(value, att->attbyval, att->attlen);
			SD_VALUE(rows, row, col) = value;
			SD_ISNULL(rows, row, col) = isnull;
		}
	}
	MemoryContextSwitchTo(spi);
	return rows;
}

/*
 * Runs one query with parameters.  It sees what snapshot sees, or with
 * InvalidSnapshot what a new statement of the transaction would see.  Returns
 * its rows, copied into the current context.  Errors are the query's own.
 */
SdRows *
sd_query(const char *sql, const SdArg *args, int nargs, Snapshot snapshot)
{
	MemoryContext caller = CurrentMemoryContext;
	SdRows	   *rows;

	connect();
	rows = run(prepare(sql, args, nargs, 0), args, nargs, snapshot, caller);
	finish();
	return rows;
}

/*
 * Runs one query as sd_query() does, for those that are run again and again: the
 * first call prepares it and keeps its plan, which does not depend on values, in
 * *plan for the rest of the session.
 */
SdRows *
sd_kept_query(SPIPlanPtr *plan, const char *sql, const SdArg *args, int nargs)
{
	MemoryContext caller = CurrentMemoryContext;
	SdRows	   *rows;

	connect();
	if (*plan == NULL)
	{
		SPIPlanPtr	prepared = prepare(sql, args, nargs, CURSOR_OPT_GENERIC_PLAN);

		if (SPI_keepplan(prepared) != 0)
			elog(ERROR, "SPI_keepplan failed");
		*plan = prepared;
	}
	rows = run(*plan, args, nargs, InvalidSnapshot, caller);
	finish();
	return rows;
}

/*
 * Runs a text of any number of statements, each one seeing what those before
 * it did.  Errors are the statements' own, but for what a function can never
 * do: 0A000 for transaction control and for COPY with the client.
 */
void
sd_script(const char *sql)
{
	int			rc;

	connect();
	rc = SPI_execute(sql, false, 0);
	if (rc == SPI_ERROR_TRANSACTION)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("transaction control is not possible here"),
				 errhint("Remove BEGIN, COMMIT, ROLLBACK and SAVEPOINT: everything runs in one transaction already.")));
	if (rc == SPI_ERROR_COPY)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("COPY from or to the client is not possible here"),
				 errhint("Use INSERT, or COPY with a file on the server.")));
	if (rc < 0)
		elog(ERROR, "SPI_execute failed with %s", SPI_result_code_string(rc));
	finish();
}

/* A parameter that is not NULL.  The value is not copied. */
SdArg
sd_arg(Oid type, Datum value)
{
	SdArg		arg = {type, value, false};

	return arg;
}

/* A parameter of type text; NULL is SQL's NULL.  Lives in the current context. */
SdArg
sd_text_arg(const char *value)
{
	SdArg		null = {TEXTOID, (Datum) 0, true};

	return value == NULL ? null : sd_arg(TEXTOID, CStringGetTextDatum(value));
}

/* A parameter of type text[], of a list of strings; NIL is an empty one.  Lives in the current context. */
SdArg
sd_list_arg(List *list)
{
	Datum	   *elements = palloc(sizeof(Datum) * Max(list_length(list), 1));
	ListCell   *cell;

	foreach(cell, list)
		elements[foreach_current_index(cell)] = CStringGetTextDatum(lfirst(cell));
	return sd_arg(TEXTARRAYOID,
				  PointerGetDatum(construct_array(elements, list_length(list), TEXTOID, -1, false,
												  TYPALIGN_INT)));
}

/* A text value of a result as a C string in the current context, or NULL. */
char *
sd_rows_text(const SdRows *rows, int row, int col)
{
	Assert(row >= 0 && row < rows->nrows);
	Assert(col >= 0 && col < rows->ncols);
	return SD_ISNULL(rows, row, col) ? NULL : TextDatumGetCString(SD_VALUE(rows, row, col));
}

/* The elements of a text[] of a result as strings, NULL ones as NULL; NIL for NULL. */
List *
sd_rows_list(const SdRows *rows, int row, int col)
{
	Assert(row >= 0 && row < rows->nrows);
	Assert(col >= 0 && col < rows->ncols);
	return SD_ISNULL(rows, row, col) ? NIL : sd_text_list(SD_VALUE(rows, row, col));
}

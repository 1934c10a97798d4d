/*-------------------------------------------------------------------------
 * sql_samples.c
 *		Entry points of installation and of the samples.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "samples/install.h"
#include "samples/remove.h"
#include "sql_args.h"
#include "utils/array.h"
#include "utils/builtins.h"

SD_FUNCTION(studentdir_preflight);
SD_FUNCTION(studentdir_install);
SD_FUNCTION(studentdir_grant_to_owner);
SD_FUNCTION(studentdir_remove_samples);

/* the script's first step; it drops the function again */
Datum
studentdir_preflight(PG_FUNCTION_ARGS)
{
	sd_preflight();
	PG_RETURN_VOID();
}

/* studentdir.install() */
Datum
studentdir_install(PG_FUNCTION_ARGS)
{
	sd_install();
	PG_RETURN_VOID();
}

/* studentdir.grant_to_owner() */
Datum
studentdir_grant_to_owner(PG_FUNCTION_ARGS)
{
	sd_grant_to_owner();
	PG_RETURN_VOID();
}

/* The elements of a text[] argument, as C strings; NIL where it is NULL.  Raises 22023 for a null one. */
static List *
names_arg(FunctionCallInfo fcinfo, int n)
{
	List	   *names = NIL;
	Datum	   *elements;
	bool	   *nulls;
	int			count;

	if (PG_ARGISNULL(n))
		return NIL;
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(n), TEXTOID, -1, false, TYPALIGN_INT,
					  &elements, &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("\"models\" must not have null elements")));
		names = lappend(names, TextDatumGetCString(elements[i]));
	}
	return names;
}

/* studentdir.remove_samples(models text[], options jsonb) */
Datum
studentdir_remove_samples(PG_FUNCTION_ARGS)
{
	bool		all = PG_ARGISNULL(0);
	List	   *rows = sd_remove_samples(names_arg(fcinfo, 0), all, sd_jsonb_arg(fcinfo, 1));
	ListCell   *cell;

	InitMaterializedSRF(fcinfo, 0);
	foreach(cell, rows)
	{
		ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
		const SdRemovedSample *row = lfirst(cell);
		Datum		values[3];
		bool		nulls[3] = {false};

		values[0] = CStringGetTextDatum(row->model);
		values[1] = CStringGetTextDatum(row->table);
		values[2] = CStringGetTextDatum(row->action);
		Assert(result->setDesc->natts == lengthof(values));
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/*-------------------------------------------------------------------------
 * sql_args.c
 *		Arguments and results of the SQL functions.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "json/receiver.h"
#include "miscadmin.h"
#include "parse/kept.h"
#include "sql_args.h"
#include "utils/builtins.h"
#include "write/returned_records.h"

/* A text argument that has to be there, as a string in the current context. */
char *
sd_name_arg(FunctionCallInfo fcinfo, int n, const char *what)
{
	Assert(n >= 0 && n < PG_NARGS());
	if (PG_ARGISNULL(n))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the name of the %s is null", what)));
	return text_to_cstring(PG_GETARG_TEXT_PP(n));
}

/* A text argument as a string in the current context; NULL where it is null. */
char *
sd_optional_arg(FunctionCallInfo fcinfo, int n)
{
	Assert(n >= 0 && n < PG_NARGS());
	return PG_ARGISNULL(n) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(n));
}

/* The same of one that has to be there, by its name in SQL; raises 22023. */
char *
sd_required_arg(FunctionCallInfo fcinfo, int n, const char *name)
{
	char	   *value = sd_optional_arg(fcinfo, n);

	if (value == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"%s\" must not be null", name)));
	return value;
}

/* A string as a text of a result; null for NULL. */
Datum
sd_text_or_null(const char *text, bool *isnull)
{
	*isnull = text == NULL;
	return *isnull ? (Datum) 0 : CStringGetTextDatum(text);
}

/* The model that argument 0 names; see sd_model_open(). */
const SdModel *
sd_model_arg(FunctionCallInfo fcinfo)
{
	return sd_model_open(sd_name_arg(fcinfo, 0, "model"));
}

/*
 * Parses a call on the model that argument 0 names, with the options that
 * argument n is, the parameters behind them, and inputs or NULL.  Where the
 * models change while the locks of their tables are waited for it starts over, so
 * that all are of one state.  Raises what sd_model_open() and sd_parse_call()
 * raise.
 */
const SdQuery *
sd_parse_args(FunctionCallInfo fcinfo, int n, SdCall call, const SdInputs *inputs)
{
	return sd_parse_model_args(fcinfo, sd_name_arg(fcinfo, 0, "model"), n, call, inputs);
}

/* The same on the model called name. */
const SdQuery *
sd_parse_model_args(FunctionCallInfo fcinfo, const char *name, int n, SdCall call,
					const SdInputs *inputs)
{
	SdInputs	all = {0};
	MemoryContext cxt = CurrentMemoryContext;
	const SdQuery *volatile query = NULL;

	if (inputs != NULL)
		all = *inputs;
	/* explain has another argument between the two, and truncate takes none */
	if (PG_NARGS() > n + 1)
		all.params = sd_jsonb_arg(fcinfo, PG_NARGS() - 1);
	while (query == NULL)
	{
		const SdModel *model = sd_model_open(name);

		PG_TRY();
		{
			query = sd_parse_kept(model, sd_jsonb_arg(fcinfo, n), call, &all);
		}
		PG_CATCH();
		{
			if (!sd_models_start_over(geterrcode()))
				PG_RE_THROW();
			MemoryContextSwitchTo(cxt);
			FlushErrorState();
		}
		PG_END_TRY();
		CHECK_FOR_INTERRUPTS();
	}
	return query;
}

/* A jsonb argument, or NULL. */
Jsonb *
sd_jsonb_arg(FunctionCallInfo fcinfo, int n)
{
	Assert(n >= 0 && n < PG_NARGS());
	return PG_ARGISNULL(n) ? NULL : PG_GETARG_JSONB_P(n);
}

/* A jsonb argument that has to be there: the data of a writer. */
Jsonb *
sd_data_arg(FunctionCallInfo fcinfo, int n)
{
	Assert(n >= 0 && n < PG_NARGS());
	if (PG_ARGISNULL(n))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("data: expected a JSON document, not null"),
				 errhint("A parameter that is undefined in JavaScript is sent as null.")));
	return PG_GETARG_JSONB_P(n);
}

/*
 * Parses a call by the key that argument n is, with the options that argument
 * options is; NULL when the key is null, as no row's is.  See sd_parse_call().
 */
const SdQuery *
sd_parse_by_key(FunctionCallInfo fcinfo, int n, int options, SdCall call)
{
	SdInputs	inputs = {0};
	const SdQuery *query;

	if (!PG_ARGISNULL(n))
	{
		inputs.key = PG_GETARG_DATUM(n);
		inputs.key_type = get_fn_expr_argtype(fcinfo->flinfo, n);
	}
	query = sd_parse_args(fcinfo, options, call, &inputs);
	return PG_ARGISNULL(n) ? NULL : query;
}

/* expression context callback: the caller wants no more rows */
static void
end_scan(Datum scan)
{
	sd_scan_end((SdScan *) DatumGetPointer(scan));
}

/* Gives the rows of a scan, or none for NULL; called between the two SRF macros. */
void
sd_return_scan(FunctionCallInfo fcinfo, SdScan *scan)
{
	ReturnSetInfo *info = (ReturnSetInfo *) fcinfo->resultinfo;
	FuncCallContext *call = SRF_PERCALL_SETUP();

	Assert(IsA(info, ReturnSetInfo) && call->user_fctx == NULL);
	call->user_fctx = scan;
	if (scan != NULL)
		RegisterExprContextCallback(info->econtext, end_scan, PointerGetDatum(scan));
}

/* Returns the next record of what sd_return_scan() was given. */
Datum
sd_next_record(FunctionCallInfo fcinfo)
{
	ReturnSetInfo *info = (ReturnSetInfo *) fcinfo->resultinfo;
	FuncCallContext *call = SRF_PERCALL_SETUP();
	SdScan	   *scan = call->user_fctx;
	Datum		record;

	if (scan != NULL && sd_scan_next(scan, &record))
		SRF_RETURN_NEXT(call, record);
	if (scan != NULL)
	{
		UnregisterExprContextCallback(info->econtext, end_scan, PointerGetDatum(scan));
		sd_scan_end(scan);
	}
	SRF_RETURN_DONE(call);
}

/* Where a function says what it returns of a set; raises 0A000 where the caller takes none. */
static ReturnSetInfo *
set_info(FunctionCallInfo fcinfo)
{
	ReturnSetInfo *info = (ReturnSetInfo *) fcinfo->resultinfo;

	if (info == NULL || !IsA(info, ReturnSetInfo))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("set-valued function called in context that cannot accept a set")));
	return info;
}

/* fn_extra of a function that has returned its one record: the next call is the end */
static char given;

/* expression context callback: the caller wants no more rows, or begins anew */
static void
forget_given(Datum flinfo)
{
	((FmgrInfo *) DatumGetPointer(flinfo))->fn_extra = NULL;
}

/*
 * Whether a function has returned its one record, and is called for the end, which is
 * null.  A function that returns one record at most begins with this.
 */
bool
sd_record_is_given(FunctionCallInfo fcinfo)
{
	ReturnSetInfo *info = set_info(fcinfo);

	if (fcinfo->flinfo->fn_extra == NULL)
		return false;
	Assert(fcinfo->flinfo->fn_extra == &given);
	UnregisterExprContextCallback(info->econtext, forget_given, PointerGetDatum(fcinfo->flinfo));
	fcinfo->flinfo->fn_extra = NULL;
	info->isDone = ExprEndResult;
	return true;
}

/*
 * Returns the one record of a call, which is in the current context, or no row: what a
 * function ends with that began with sd_record_is_given().  Nothing is kept between
 * its two calls, so it needs no context for that, as the SRF macros make, and no
 * tuplestore.  Whoever prefers a tuplestore (a scan of the function, and record_scan.c)
 * asks once.  Others need the second call: what says ExprSingleResult is called again
 * for each row of a set that stands beside it.
 */
Datum
sd_return_record(FunctionCallInfo fcinfo, bool found, Datum record)
{
	ReturnSetInfo *info = set_info(fcinfo);

	Assert(fcinfo->flinfo->fn_extra == NULL);
	if (!found)
	{
		info->isDone = ExprEndResult;
		PG_RETURN_NULL();
	}
	info->isDone = ExprSingleResult;
	if (info->allowedModes & SFRM_Materialize_Preferred)
		return record;
	RegisterExprContextCallback(info->econtext, forget_given, PointerGetDatum(fcinfo->flinfo));
	fcinfo->flinfo->fn_extra = &given;
	info->isDone = ExprMultipleResult;
	return record;
}

/* The tuplestore in which a function returns its rows; make_desc() gives their type. */
static Tuplestorestate *
return_store(FunctionCallInfo fcinfo, TupleDesc (*make_desc) (void))
{
	ReturnSetInfo *info = set_info(fcinfo);
	MemoryContext old;

	/* the executor takes both ways of returning a set */
	Assert(info->allowedModes & SFRM_Materialize);
	Assert(info->setResult == NULL);
	old = MemoryContextSwitchTo(info->econtext->ecxt_per_query_memory);
	info->returnMode = SFRM_Materialize;
	info->setDesc = make_desc();
	info->setResult = tuplestore_begin_heap((info->allowedModes & SFRM_Materialize_Random) != 0,
											false, work_mem);
	MemoryContextSwitchTo(old);
	return info->setResult;
}

/* The tuplestore, of one json column, in which a function returns its records. */
Tuplestorestate *
sd_return_store(FunctionCallInfo fcinfo)
{
	return return_store(fcinfo, sd_record_desc);
}

/* The same for a function that also says of a record whether it is a new one. */
Tuplestorestate *
sd_return_created_store(FunctionCallInfo fcinfo)
{
	return return_store(fcinfo, sd_created_desc);
}

/*
 * Where a writer of one record puts it: into rows, and NULL is returned; or into the
 * tuplestore that is returned, where it is put together of what several statements
 * return.
 */
Tuplestorestate *
sd_begin_record(FunctionCallInfo fcinfo, const SdQuery *query, SdRowSet *rows)
{
	if (!sd_answers_itself(query))
		return sd_return_store(fcinfo);
	sd_rowset_init(rows, CurrentMemoryContext, 0, 1, NULL);
	return NULL;
}

/* Returns what a writer has put where sd_begin_record() said. */
Datum
sd_end_record(FunctionCallInfo fcinfo, const SdRowSet *rows, Tuplestorestate *store)
{
	if (store != NULL)
		return (Datum) 0;
	if (rows->nrows == 0)
		return sd_return_record(fcinfo, false, (Datum) 0);
	if (rows->nrows == 1)
		return sd_return_record(fcinfo, true, PointerGetDatum(rows->rows[0]));
	/* tables that inherit may have the same key, and a rule may write several rows */
	store = sd_return_store(fcinfo);
	for (int i = 0; i < rows->nrows; i++)
	{
		Datum		record = PointerGetDatum(rows->rows[i]);
		bool		isnull = false;

		tuplestore_putvalues(store, set_info(fcinfo)->setDesc, &record, &isnull);
	}
	return (Datum) 0;
}

/*-------------------------------------------------------------------------
 * sql_rows.c
 *		Entry point of rows(): the rows of a table, by the options of finders.
 *
 * studentdir.rows() is an SQL function with studentdir.rows_of() in its select
 * list: in FROM the planner puts the body in its place, and the executor then
 * asks for one row after the other; a C function in FROM would be read to its
 * end first.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/table_rows.h"
#include "funcapi.h"
#include "model/table_models.h"
#include "sql_args.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

SD_FUNCTION(studentdir_rows_of);

/*
 * The model of the table that has this row type, which "model" in the options may
 * name.  Raises 22023 where there is none.
 */
char *
sd_row_model(Oid type, const Jsonb *options)
{
	Oid			relid = OidIsValid(type) ? get_typ_typrelid(type) : InvalidOid;
	JsonbValue	name;

	if (!OidIsValid(relid))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("type %s is not the row type of a table", format_type_be(type)),
				 errhint("The first argument says which table it is: NULL::students.")));
	if (options != NULL && JB_ROOT_IS_OBJECT(options) &&
		getKeyJsonValueFromContainer(&unconstify(Jsonb *, options)->root, "model", 5, &name) != NULL)
	{
		if (name.type != jbvString)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("model: expected the name of a model")));
		return pnstrdup(name.val.string.val, name.val.string.len);
	}
	return sd_table_model(relid);
}

/* expression context callback: the caller wants no more rows */
static void
end_scan(Datum scan)
{
	sd_table_scan_end((SdTableScan *) DatumGetPointer(scan));
}

/* The first call: parses the options and starts the query. */
static void
start(FunctionCallInfo fcinfo)
{
	ReturnSetInfo *info = (ReturnSetInfo *) fcinfo->resultinfo;
	FuncCallContext *call = SRF_FIRSTCALL_INIT();
	MemoryContext old = MemoryContextSwitchTo(call->multi_call_memory_ctx);
	Oid			type = get_fn_expr_argtype(fcinfo->flinfo, 0);
	const SdQuery *query = sd_parse_model_args(fcinfo,
											   sd_row_model(type, sd_jsonb_arg(fcinfo, 1)), 1,
											   SD_CALL_ROWS, NULL);
	SdTableScan *scan;

	if (get_rel_type_id(query->model->relid) != type)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model: the table of model \"%s\" has rows of another type than %s",
						query->model->name, format_type_be(type))));
	scan = sd_table_scan_begin(query);
	call->user_fctx = scan;
	RegisterExprContextCallback(info->econtext, end_scan, PointerGetDatum(scan));
	MemoryContextSwitchTo(old);
}

/* rows_of(type anyelement, options jsonb, params jsonb): the rows that the options ask for */
Datum
studentdir_rows_of(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *info = (ReturnSetInfo *) fcinfo->resultinfo;
	FuncCallContext *call;
	SdTableScan *scan;
	Datum		row;

	if (SRF_IS_FIRSTCALL())
		start(fcinfo);
	call = SRF_PERCALL_SETUP();
	scan = call->user_fctx;
	if (sd_table_scan_next(scan, &row))
		SRF_RETURN_NEXT(call, row);
	UnregisterExprContextCallback(info->econtext, end_scan, PointerGetDatum(scan));
	sd_table_scan_end(scan);
	SRF_RETURN_DONE(call);
}

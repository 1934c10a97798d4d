/*-------------------------------------------------------------------------
 * sql_link.c
 *		Entry points of what links records.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/reader.h"
#include "funcapi.h"
#include "record/validate.h"
#include "sql_args.h"
#include "utils/builtins.h"
#include "write/link.h"

SD_FUNCTION(studentdir_add);
SD_FUNCTION(studentdir_remove);
SD_FUNCTION(studentdir_set);
SD_FUNCTION(studentdir_has);

/* arguments of all of them: model, id, association, records, params; add, remove and set have options before the last */
enum
{
	LINK_MODEL,
	LINK_ID,
	LINK_ASSOCIATION,
	LINK_RECORDS,
	LINK_OPTIONS
};

typedef struct LinkCall
{
	SdLinkParent parent;
	SdInputs	inputs;
	JsonbValue	records;
	Jsonb	   *options;
} LinkCall;

/* Reads the arguments; false when the key is null, as no record's is. */
static bool
read_call(FunctionCallInfo fcinfo, LinkCall *call)
{
	Jsonb	   *records = sd_jsonb_arg(fcinfo, LINK_RECORDS);

	Assert(PG_NARGS() == LINK_OPTIONS + 1 || PG_NARGS() == LINK_OPTIONS + 2);
	memset(call, 0, sizeof(*call));
	call->parent.model = sd_model_arg(fcinfo);
	call->parent.association = sd_link_association(call->parent.model,
												   sd_name_arg(fcinfo, LINK_ASSOCIATION,
															   "association"));
	call->parent.key = &call->inputs;
	call->inputs.params = sd_jsonb_arg(fcinfo, PG_NARGS() - 1);
	call->inputs.more_params = true;
	if (PG_NARGS() > LINK_OPTIONS + 1)
	{
		call->options = sd_jsonb_arg(fcinfo, LINK_OPTIONS);
		/* what is wrong with them is said before anything is written */
		(void) sd_link_answer(NULL, call->options, NULL);
	}
	call->records.type = jbvNull;
	if (records != NULL)
		sd_root(records, &call->records);
	if (PG_ARGISNULL(LINK_ID))
		return false;
	call->inputs.key = PG_GETARG_DATUM(LINK_ID);
	call->inputs.key_type = get_fn_expr_argtype(fcinfo->flinfo, LINK_ID);
	return true;
}

/* Raises 23503: there is no record to link others to. */
static pg_attribute_noreturn() void
no_parent(const LinkCall *call)
{
	static const SdPath path = {.key = "id", .len = 2};

	sd_refuse_link(false, &path, NULL, "not_found",
				   psprintf("there is no such record of model \"%s\"", call->parent.model->name), NULL);
}

/* What "returning" asks for, or how many; null where there is no record to return. */
static Datum
answer(FunctionCallInfo fcinfo, const LinkCall *call, int64 n)
{
	Datum		record;

	if (sd_link_answer(&call->parent, call->options, &record))
		return record;
	if (sd_link_answer(NULL, call->options, NULL))
		PG_RETURN_NULL();
	return PointerGetDatum(cstring_to_text(psprintf(INT64_FORMAT, n)));
}

/* add(model text, id …, association text, records jsonb, options jsonb): how many were linked */
Datum
studentdir_add(PG_FUNCTION_ARGS)
{
	LinkCall	call;
	int64		n;

	if (!read_call(fcinfo, &call))
		PG_RETURN_NULL();
	n = sd_link_add(&call.parent, &call.records);
	if (n < 0)
		no_parent(&call);
	return answer(fcinfo, &call, n);
}

/* remove(model text, id …, association text, records jsonb, options jsonb): how many were unlinked */
Datum
studentdir_remove(PG_FUNCTION_ARGS)
{
	LinkCall	call;
	int64		n;

	if (!read_call(fcinfo, &call))
		PG_RETURN_NULL();
	n = sd_link_remove(&call.parent, &call.records);
	return answer(fcinfo, &call, Max(n, 0));
}

/* set(model text, id …, association text, records jsonb, options jsonb): added, removed, record */
Datum
studentdir_set(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *info = (ReturnSetInfo *) fcinfo->resultinfo;
	LinkCall	call;
	int64		added;
	int64		removed;
	Datum		values[3] = {0};
	bool		nulls[3] = {false, false, false};

	InitMaterializedSRF(fcinfo, 0);
	if (!read_call(fcinfo, &call))
		return (Datum) 0;
	if (!sd_link_set(&call.parent, &call.records, &added, &removed))
		no_parent(&call);
	values[0] = Int64GetDatum(added);
	values[1] = Int64GetDatum(removed);
	nulls[2] = !sd_link_answer(&call.parent, call.options, &values[2]);
	Assert(info->setDesc->natts == lengthof(values));
	tuplestore_putvalues(info->setResult, info->setDesc, values, nulls);
	return (Datum) 0;
}

/* has(model text, id …, association text, records jsonb, params jsonb): whether all of them are linked */
Datum
studentdir_has(PG_FUNCTION_ARGS)
{
	LinkCall	call;

	if (!read_call(fcinfo, &call))
		PG_RETURN_NULL();
	PG_RETURN_BOOL(sd_link_has(&call.parent, &call.records));
}

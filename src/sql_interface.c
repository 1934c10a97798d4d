/*-------------------------------------------------------------------------
 * sql_interface.c
 *		Entry points of what describes the interfaces of models.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "interface/json_schema.h"
#include "interface/openapi.h"
#include "sql_args.h"
#include "utils/builtins.h"

SD_FUNCTION(studentdir_openapi);

/* openapi(options jsonb): an OpenAPI document */
Datum
studentdir_openapi(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(sd_openapi(sd_jsonb_arg(fcinfo, 0))));
}

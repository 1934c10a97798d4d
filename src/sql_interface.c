/*-------------------------------------------------------------------------
 * sql_interface.c
 *		Entry points of what describes the interfaces of models.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "interface/diagram.h"
#include "interface/json_schema.h"
#include "interface/openapi.h"
#include "interface/typescript.h"
#include "sql_args.h"
#include "utils/builtins.h"

SD_FUNCTION(studentdir_openapi);
SD_FUNCTION(studentdir_json_schema);
SD_FUNCTION(studentdir_typescript);
SD_FUNCTION(studentdir_diagram);

/* openapi(options jsonb): an OpenAPI document */
Datum
studentdir_openapi(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(sd_openapi(sd_jsonb_arg(fcinfo, 0))));
}

/* json_schema(model text, kind text): the schema of a model's documents */
Datum
studentdir_json_schema(PG_FUNCTION_ARGS)
{
	char	   *model = sd_name_arg(fcinfo, 0, "model");

	PG_RETURN_TEXT_P(cstring_to_text(sd_json_schema(model, sd_name_arg(fcinfo, 1, "kind"))));
}

/* typescript(): declarations */
Datum
studentdir_typescript(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(sd_typescript()));
}

/* diagram(format text) */
Datum
studentdir_diagram(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(sd_diagram(sd_name_arg(fcinfo, 0, "format"))));
}

/*-------------------------------------------------------------------------
 * sql_define.c
 *		Entry points of models: define, describe, associate, expose.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "define/association.h"
#include "define/define.h"
#include "define/expose.h"
#include "fmgr.h"
#include "sql_args.h"
#include "utils/builtins.h"

SD_FUNCTION(studentdir_define);
SD_FUNCTION(studentdir_undefine);
SD_FUNCTION(studentdir_describe);
SD_FUNCTION(studentdir_has_many);
SD_FUNCTION(studentdir_has_one);
SD_FUNCTION(studentdir_belongs_to);
SD_FUNCTION(studentdir_belongs_to_many);
SD_FUNCTION(studentdir_expose);
SD_FUNCTION(studentdir_unexpose);

/* define(name text, attributes json, options jsonb): the model's description */
Datum
studentdir_define(PG_FUNCTION_ARGS)
{
	char	   *name = sd_required_arg(fcinfo, 0, "name");

	(void) sd_required_arg(fcinfo, 1, "attributes");
	PG_RETURN_TEXT_P(cstring_to_text(sd_define(name, PG_GETARG_DATUM(1),
											   sd_jsonb_arg(fcinfo, 2))));
}

/* undefine(name text) */
Datum
studentdir_undefine(PG_FUNCTION_ARGS)
{
	sd_undefine(sd_required_arg(fcinfo, 0, "name"));
	PG_RETURN_VOID();
}

/* describe(name text): the model's description */
Datum
studentdir_describe(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(sd_describe(sd_required_arg(fcinfo, 0, "name"), true)));
}

/* An association of a kind, from the arguments (source text, target text, options jsonb). */
static Datum
associate(FunctionCallInfo fcinfo, SdAssociationKind kind)
{
	char	   *source = sd_required_arg(fcinfo, 0, "source");
	char	   *target = sd_required_arg(fcinfo, 1, "target");

	PG_RETURN_TEXT_P(cstring_to_text(sd_associate(kind, source, target,
												  sd_jsonb_arg(fcinfo, 2))));
}

/* has_many(source text, target text, options jsonb): the association */
Datum
studentdir_has_many(PG_FUNCTION_ARGS)
{
	return associate(fcinfo, SD_HAS_MANY);
}

/* has_one(source text, target text, options jsonb): the association */
Datum
studentdir_has_one(PG_FUNCTION_ARGS)
{
	return associate(fcinfo, SD_HAS_ONE);
}

/* belongs_to(source text, target text, options jsonb): the association */
Datum
studentdir_belongs_to(PG_FUNCTION_ARGS)
{
	return associate(fcinfo, SD_BELONGS_TO);
}

/* belongs_to_many(source text, target text, options jsonb): the association */
Datum
studentdir_belongs_to_many(PG_FUNCTION_ARGS)
{
	return associate(fcinfo, SD_BELONGS_TO_MANY);
}

/* expose(model text, schema text) */
Datum
studentdir_expose(PG_FUNCTION_ARGS)
{
	sd_expose(sd_required_arg(fcinfo, 0, "model"), sd_optional_arg(fcinfo, 1));
	PG_RETURN_VOID();
}

/* unexpose(model text, schema text) */
Datum
studentdir_unexpose(PG_FUNCTION_ARGS)
{
	sd_unexpose(sd_required_arg(fcinfo, 0, "model"), sd_optional_arg(fcinfo, 1));
	PG_RETURN_VOID();
}

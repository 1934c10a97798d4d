/*-------------------------------------------------------------------------
 * parse/through_option.c
 *		Parses the option "through" of an include of a many-to-many association.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/reader.h"
#include "parse/options.h"
#include "parse/scopes.h"
#include "parse/select_list.h"
#include "parse/through_option.h"
#include "parse/where.h"

/* Raises 22023 for what is no value of one join row, and for bound values, which the included query has not. */
static void
check_join_outputs(const SdQuery *rows, const SdPath *path)
{
	if (rows->params.n > 0)
		sd_bad_shape(path, "attributes and aliases alone, no values");
	for (int i = 0; i < rows->noutputs; i++)
	{
		if (rows->outputs[i].expr->aggregate || rows->outputs[i].expr->window)
			sd_bad_shape(path, "attributes of the join row, no aggregate and no window");
	}
}

/* {"attributes":[…],"where":{…},"paranoid":…} of the join rows of a many-to-many include */
void
sd_parse_through_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	SdThrough  *through = query->through;
	SdQuery    *rows;
	SdReader	reader;

	if (through == NULL)
		sd_bad_shape(path, "an association that goes through a join model");
	if (!sd_is_object(value))
		sd_bad_shape(path, "an object");
	sd_read(&reader, value, path);
	while (sd_next_member(&reader))
	{
		if (sd_key_is(&reader, "attributes"))
		{
			rows = sd_make_query(through->model);
			rows->call = query->call;
			sd_parse_attributes(rows, &reader.value, &reader.path);
			check_join_outputs(rows, &reader.path);
			through->noutputs = rows->noutputs;
			through->outputs = rows->outputs;
		}
		else if (sd_key_is(&reader, "where"))
		{
			SdScope		scope = {.query = query, .model = through->model};

			through->where = sd_and(through->where,
									sd_parse_where(&scope, &reader.value, &reader.path));
			through->wheres = lappend(through->wheres,
									  sd_make_source(SD_SOURCE_CALLER, &reader.value,
													 &reader.path));
		}
		else if (sd_key_is(&reader, "paranoid"))
			through->with_deleted = !sd_parse_flag(&reader.value, &reader.path);
		else
			sd_bad_shape(&reader.path, "only \"attributes\", \"where\" and \"paranoid\" in \"through\"");
	}
}

/* Leaves out what the join rows of an included query lead to that are deleted, unless it asks for it. */
void
sd_leave_out_deleted_joins(SdQuery *query)
{
	SdThrough  *through = query->through;

	if (through != NULL && through->model->deleted_at >= 0 && !through->with_deleted)
		through->where = sd_and(through->where,
								sd_alive_condition(query, through->model, true));
}

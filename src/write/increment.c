/*-------------------------------------------------------------------------
 * write/increment.c
 *		Counts attributes of a row up and down.
 *
 * The sum is made by the UPDATE from what the row holds then, so that none of
 * several sessions' changes is lost; what is null stays null.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/reader.h"
#include "parse/combination.h"
#include "record/amounts.h"
#include "record/record.h"
#include "write/increment.h"
#include "write/run_write.h"

/* what is being counted, for the error context callback */
typedef struct Counted
{
	const SdModel *model;
	List	   *amounts;
} Counted;

/* Names the attributes in an error about a sum that does not fit: the server's does not. */
static void
name_attributes(void *arg)
{
	const Counted *counted = arg;
	StringInfoData names;
	ListCell   *cell;

	if (geterrcode() != ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE)
		return;
	initStringInfo(&names);
	foreach(cell, counted->amounts)
		appendStringInfo(&names, "%s\"%s\"", names.len > 0 ? ", " : "",
						 counted->model->attrs[((SdAmount *) lfirst(cell))->attr].name);
	errdetail_plural("The sum does not fit into attribute %s.",
					 "A sum does not fit into one of the attributes %s.",
					 list_length(counted->amounts), names.data);
}

/*
 * Adds amounts to the attributes of the rows that the query's conditions leave,
 * or with down takes them away.  Returns how many; the rows as they now are go into
 * rows or result, where there is one, as those of sd_update().
 *
 * Raises 22023 without a condition, what reading the amounts raises, and what PostgreSQL raises for the
 * UPDATE; 22003 names the attributes.
 */
int64
sd_increment(const SdQuery *query, Jsonb *amounts, bool down, SdRowSet *rows,
			 Tuplestorestate *result)
{
	const SdModel *model = query->model;
	Counted		counted = {.model = model};
	ErrorContextCallback callback = {.callback = name_attributes, .arg = &counted};
	SdStatement statement = {
		.kind = SD_UPDATE,
		.query = query,
		.params = sd_copy_params(&query->params),
		.returning = rows != NULL || result != NULL,
		.generic = query->write->by_key
	};
	JsonbValue	root = {.type = jbvNull};
	ListCell   *cell;
	int64		count;

	if (amounts != NULL)
		sd_root(amounts, &root);
	counted.amounts = sd_read_amounts(query, &statement.params, &root);
	statement.assigned = palloc(sizeof(int) * (list_length(counted.amounts) + 1));
	statement.sets = palloc0(sizeof(SdSet) * (list_length(counted.amounts) + 1));
	foreach(cell, counted.amounts)
	{
		const SdAmount *amount = lfirst(cell);

		statement.assigned[statement.nassigned] = amount->attr;
		statement.sets[statement.nassigned].kind = down ? SD_SET_DIFFERENCE : SD_SET_SUM;
		statement.sets[statement.nassigned++].param = amount->param;
	}
	Assert(statement.nassigned > 0);
	if (model->updated_at >= 0)
	{
		SdRecord   *record = sd_make_record(model);

		sd_set_timestamp(model, record, model->updated_at, record->now);
		statement.assigned[statement.nassigned] = model->updated_at;
		statement.sets[statement.nassigned++].param =
			sd_param(&statement.params, model->attrs[model->updated_at].type,
					 record->values[model->updated_at], false);
	}
	sd_require_condition(query, "increment");
	callback.previous = error_context_stack;
	error_context_stack = &callback;
	count = sd_write_to(&statement, rows, result);
	error_context_stack = callback.previous;
	return count;
}

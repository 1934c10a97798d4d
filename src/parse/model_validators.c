/*-------------------------------------------------------------------------
 * parse/model_validators.c
 *		Parses a model's own conditions, which every row that is written has to
 *		meet.
 *
 * They are expressions over the row as it is in the end, which RETURNING gives:
 * with defaults, what other sessions wrote, generated columns and what triggers
 * made of it.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "parse/model_validators.h"
#include "parse/where.h"

/*
 * The condition of one validator, which is called name and stands in the member
 * "where" at path.  Values are bound in the query.
 *
 * Raises what sd_parse_where() raises, and 22023 when there is no condition.
 */
SdCondition *
sd_parse_check(SdQuery *query, const char *name, const JsonbValue *where, const SdPath *path)
{
	SdPath		validator = SD_KEY_STEP(path, name, strlen(name));
	SdPath		step = SD_KEY_STEP(&validator, "where", 5);
	SdScope		scope = {.query = query, .model = query->model};
	SdCondition *condition = sd_parse_where(&scope, where, &step);

	if (condition == NULL)
		sd_bad_shape(&step, "a condition");
	return condition;
}

/* Makes the conditions of the query's model part of what it writes; raises what sd_parse_check() does. */
void
sd_add_checks(SdQuery *query)
{
	static const SdPath path = {.key = "validate", .len = 8};
	const SdModel *model = query->model;

	query->write->checks = NIL;
	for (int i = 0; i < model->nchecks; i++)
		query->write->checks = lappend(query->write->checks,
								sd_parse_check(query, model->checks[i].name,
											   model->checks[i].where, &path));
}

/*
 * A query on the same model and for the same outputs that writes every row which
 * it is given, in the current context.
 */
SdQuery *
sd_make_write_query(const SdQuery *query)
{
	SdQuery    *result = palloc(sizeof(SdQuery));

	Assert(query->write != NULL);
	*result = *query;
	/* what is bound stays, since outputs and checks may bind values */
	result->params = sd_copy_params(&query->params);
	result->where = NULL;
	result->norders = 0;
	result->shapes = NULL;
	result->write = palloc(sizeof(SdWriteOptions));
	*result->write = *query->write;
	result->write->checks = list_copy(query->write->checks);
	if (query->write->validate && result->write->checks == NIL)
	{
		/* the call's values are bound already: nothing of these is to be bound in another one */
		result->call = NULL;
		sd_add_checks(result);
		result->call = query->call;
	}
	return result;
}

/*-------------------------------------------------------------------------
 * parse/combination.c
 *		Options that do not go together, or not with the call.
 *
 * Each option by itself has been parsed when these are asked.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "parse/select_list.h"
#include "parse/combination.h"
#include "parse/scopes.h"
#include "studentdir.h"

/* Raises 22023 when an association would be written under an attribute's key. */
void
sd_check_keys(const SdQuery *query, const SdPath *path)
{
	ListCell   *cell;

	foreach(cell, query->includes)
	{
		const char *alias = ((SdInclude *) lfirst(cell))->association->alias;

		for (int i = 0; i < query->noutputs; i++)
		{
			if (query->outputs[i].name_len == strlen(alias) &&
				memcmp(query->outputs[i].name, alias, query->outputs[i].name_len) == 0)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("%s: the key \"%s\" is both an attribute's and an association's",
								sd_path_text(path), alias)));
		}
	}
}

/* Raises 22023 for options that do not go together. */
void
sd_check_combination(const SdQuery *query, const SdPath *path)
{
	bool		aggregate = query->group != NIL;

	for (int i = 0; i < query->noutputs; i++)
		aggregate |= query->outputs[i].expr->aggregate;
	if (query->lock != SD_LOCK_NONE && (aggregate || query->distinct))
		sd_bad_shape(path, "no \"lock\" together with \"group\", \"distinct\" or an aggregate");
	if (query->includes != NIL && (aggregate || query->distinct))
		sd_bad_shape(path, "no \"include\" together with \"group\", \"distinct\" or an aggregate");
	if (query->edge != NULL && (aggregate || query->distinct))
		sd_bad_shape(path, "no \"after\" or \"before\" together with \"group\", \"distinct\" or an aggregate");
	if (aggregate)
		sd_check_grouped(query, path);
	if (query->distinct)
		sd_check_distinct_order(query, path);
}

/*
 * Raises 22023 where a writer cannot choose rows as it is told to.  An order
 * without a limit says nothing there; that of a scope may stand.
 */
void
sd_check_limited(const SdQuery *query, List *sources, SdCall call, const SdPath *path)
{
	const SdSource *last = sources != NIL ? llast(sources) : NULL;
	SdPath		step = SD_KEY_STEP(path, "order", 5);
	JsonbValue	order;

	if (!(call & SD_CALLS_LIMITED))
		return;
	if (query->limit_param >= 0 || query->offset_param >= 0)
	{
		if (query->model->nkeys == 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("model \"%s\" has no primary key, so that \"limit\" and \"offset\" cannot choose rows to write",
							query->model->name)));
	}
	else if (last != NULL && last->kind == SD_SOURCE_CALLER &&
			 getKeyJsonValueFromContainer(last->value.val.binary.data, "order", 5, &order) != NULL)
		sd_bad_shape(&step, "\"limit\" or \"offset\" beside it");
}

/* Raises 22023 where a table that is emptied as a whole is to be so in part. */
void
sd_check_truncate(const SdQuery *query, const SdPath *path)
{
	if (!query->write->truncate && query->write->cascade)
		sd_bad_shape(path, "\"truncate\": true beside \"cascade\"");
	if (!query->write->truncate && query->write->restart_identity)
		sd_bad_shape(path, "\"truncate\": true beside \"restartIdentity\"");
	if (query->write->truncate &&
		(query->where != NULL || query->limit_param >= 0 || query->offset_param >= 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"truncate\" empties a table as a whole, but there is a condition or a limit"),
				 errhint("Leave \"truncate\" out. Conditions may come from a scope: \"scope\": null is none.")));
}

/*
 * Raises 22023 for a "where" that is given and leaves out no row, where the call
 * would then give some record or other, or the setting says so of every finder.
 */
void
sd_check_empty_where(const SdQuery *query, SdCall call, const SdPath *path)
{
	SdPath		step = SD_KEY_STEP(path, "where", 5);
	int			refuse = SD_CALL_FIND_ONE | SD_CALL_FIND_OR_CREATE;

	if (sd_empty_where == SD_EMPTY_WHERE_REFUSE)
		refuse |= SD_CALL_FIND | SD_CALL_FIND_AND_COUNT | SD_CALLS_NUMBER;
	if (query->empty_where && !query->all && (call & refuse))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: no condition is left in it, so that it means every record",
						sd_path_text(&step)),
				 errdetail("A value that is undefined in JavaScript leaves nothing behind in JSON."),
				 errhint("Give a condition, or say \"all\": true where every record is meant.")));
}

/* Raises 22023 when a writer would change every row without having been told to. */
void
sd_require_condition(const SdQuery *query, const char *verb)
{
	if (query->write->limited || query->all)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 query->write->default_limited
			 ? errmsg("%s without a condition of its own would concern every row that the default scope of model \"%s\" leaves",
					  verb, query->model->name)
			 : errmsg("%s without a condition would concern every row of model \"%s\"", verb,
					  query->model->name),
			 errhint("Give a \"where\", or say \"all\": true.")));
}

/*-------------------------------------------------------------------------
 * write/existing.c
 *		Answers bulk_create with the records that were there already, too.
 *
 * Which rows were written does not matter then: all records are found by the
 * unique key that tells whether they are there, which each row of the input gives.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "parse/condition.h"
#include "parse/conflict.h"
#include "parse/options.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "write/existing.h"
#include "write/key_query.h"
#include "write/returned_records.h"

/*
 * Begins to note the keys of nrows rows, in the current context.  Raises 22023 when
 * there is no key by which all of them could be found.
 */
SdExisting *
sd_existing_begin(const SdQuery *query, const SdUniqueKey *key, int nrows)
{
	SdExisting *existing = palloc0(sizeof(SdExisting));

	if (key == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("existing: the data gives no unique key of model \"%s\", by which existing records could be found",
						query->model->name),
				 errhint("Give all attributes of one, or name one in \"conflictAttributes\".")));
	if (!sd_can_match(query->model, key->attrs, key->nattrs))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("existing: records of model \"%s\" cannot be found by a key of such a type",
						query->model->name),
				 errhint("Name a key of another type in \"conflictAttributes\".")));
	existing->key = key;
	sd_rowset_init(&existing->rows, CurrentMemoryContext, key->nattrs, nrows,
				   CurrentMemoryContext);
	return existing;
}

/* The query that writes the rows, and returns nothing of them. */
SdQuery *
sd_existing_writer(const SdQuery *query)
{
	SdQuery    *writer = palloc(sizeof(SdQuery));

	*writer = *query;
	writer->shapes = NULL;
	writer->noutputs = 0;
	return writer;
}

/* Notes the key of a row, which has been converted; it is copied. */
void
sd_existing_note(SdExisting *existing, const SdModel *model, const SdRecord *record)
{
	SdRowSet   *rows = &existing->rows;
	int			row = sd_rowset_add(rows);
	MemoryContext old = MemoryContextSwitchTo(rows->value_cxt);

	Assert(rows->ncaptures == existing->key->nattrs);
	for (int i = 0; i < existing->key->nattrs; i++)
	{
		int			attr = existing->key->attrs[i];
		bool		isnull = !record->given[attr] || record->nulls[attr];
		int16		len;
		bool		byval;

		get_typlenbyval(model->attrs[attr].type, &len, &byval);
		rows->nulls[i][row] = isnull;
		rows->captured[i][row] = isnull ? (Datum) 0 : datumCopy(record->values[attr], byval, len);
	}
	MemoryContextSwitchTo(old);
}

/* What the partial index of a query's rows says of them, which binds in finder; or NULL. */
static SdCondition *
find_condition(SdQuery *finder, const SdQuery *query)
{
	SdWriteOptions *write = finder->write;
	SdCondition *condition;

	/* the call's parameters are among what its writers are told */
	finder->write = query->write;
	condition = sd_conflict_condition(finder, query->write->conflict);
	finder->write = write;
	return condition;
}

/* The query that finds the records by the key, for what the writer answers. */
static SdQuery *
make_finder(const SdQuery *query, const SdUniqueKey *key)
{
	SdQuery    *finder = sd_make_query(query->model);

	if (query->write->returning != NULL)
	{
		*finder = *query->write->returning->query;
		finder->params = sd_copy_params(&finder->params);
	}
	else
	{
		finder->noutputs = query->noutputs;
		finder->outputs = query->outputs;
	}
	finder->shapes = NULL;
	finder->where = sd_and(finder->where, find_condition(finder, query));
	finder->nmatches = key->nattrs;
	finder->matches = palloc0(sizeof(SdMatch) * key->nattrs);
	for (int i = 0; i < key->nattrs; i++)
	{
		const SdAttribute *attr = &query->model->attrs[key->attrs[i]];

		finder->matches[i].attr = key->attrs[i];
		finder->matches[i].type = attr->type;
		finder->matches[i].collation = attr->collation;
		finder->matches[i].param = sd_param(&finder->params, get_array_type(attr->type), (Datum) 0,
											true);
	}
	return finder;
}

/* Puts the record of each row of the input into result, in its order. */
void
sd_existing_answer(const SdExisting *existing, const SdQuery *query, Tuplestorestate *result)
{
	const SdUniqueKey *key = existing->key;
	SdAssociation association = {
		.alias = query->model->name,
		.kind = SD_HAS_ONE,
		.target = query->model->name,
		.nkeys = key->nattrs,
		.ntarget_keys = key->nattrs,
		.source_keys = key->attrs
	};
	SdInclude	include = {.association = &association, .query = make_finder(query, key)};
	SdWriteOptions write = *query->write;
	SdQuery		found = *query;

	write.returning = &include;
	found.write = &write;
	sd_read_back(&found, &existing->rows, 0, result);
}

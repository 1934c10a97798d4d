/*-------------------------------------------------------------------------
 * parse/cascade.c
 *		Where soft deletes go on to.
 *
 * All models are opened while the options are parsed, as those of an include are, so that
 * a call sees one state of them.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "parse/associated.h"
#include "parse/cascade.h"
#include "utils/lsyscache.h"

/* The model's entry, or NULL: nothing is associated with it that soft deletes go on to. */
const SdCascade *
sd_cascade_of(const List *cascades, const SdModel *model)
{
	ListCell   *cell;

	foreach(cell, cascades)
	{
		if (((const SdCascade *) lfirst(cell))->model == model)
			return lfirst(cell);
	}
	return NULL;
}

/* The digits of a second that the column of a model's deletedAt keeps, 3 at most: there are no more. */
static int
kept_digits(const SdModel *model)
{
	Oid			type;
	int32		typmod;
	Oid			collation;

	get_atttypetypmodcoll(model->relid, model->attrs[model->deleted_at].attnum, &type, &typmod,
						  &collation);
	(void) getBaseTypeAndTypmod(type, &typmod);
	return typmod < 0 ? 3 : Min(typmod, 3);
}

/* Raises 22023 where the time of a deletion would not be the same in both tables. */
static void
check_clocks(const SdAssociated *associated)
{
	const SdModel *source = associated->source;
	const SdModel *target = associated->target;
	const SdAttribute *ours;
	const SdAttribute *theirs;

	if (target->deleted_at < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("association \"%s\" of model \"%s\" takes soft deletes to model \"%s\", which is not paranoid",
						associated->association->alias, source->name, target->name),
				 errhint("Define the association without \"paranoid\", or the model with \"paranoid\": true.")));
	ours = &source->attrs[source->deleted_at];
	theirs = &target->attrs[target->deleted_at];
	if (ours->type != theirs->type || kept_digits(source) != kept_digits(target))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"%s\" of model \"%s\" and \"%s\" of model \"%s\" have different types, so that they cannot hold the same time",
						ours->name, source->name, theirs->name, target->name),
				 errhint("Association \"%s\" takes soft deletes from one to the other.",
						 associated->association->alias)));
}

/* The associations of a model that soft deletes go on by. */
static SdCascade *
make_cascade(const SdQuery *query, const SdModel *model)
{
	SdCascade  *cascade = palloc0(sizeof(SdCascade));
	int			nkeys = 0;
	ListCell   *cell;

	cascade->model = model;
	for (int i = 0; i < model->nassociations; i++)
	{
		SdAssociated *associated;

		if (!model->associations[i].cascades)
			continue;
		associated = sd_open_associated(query, model, &model->associations[i]);
		check_clocks(associated);
		cascade->associated = lappend(cascade->associated, associated);
		nkeys += associated->association->nkeys;
	}
	if (cascade->associated == NIL)
		return NULL;
	cascade->captured = palloc(sizeof(int) * (nkeys + 1));
	foreach(cell, cascade->associated)
	{
		const SdAssociation *association = ((SdAssociated *) lfirst(cell))->association;

		memcpy(cascade->captured + cascade->ncaptured, association->source_keys,
			   sizeof(int) * association->nkeys);
		cascade->ncaptured += association->nkeys;
	}
	cascade->captured[cascade->ncaptured++] = model->deleted_at;
	Assert(cascade->ncaptured == nkeys + 1);
	return cascade;
}

/*
 * Notes in a query that marks rows of a paranoid model as deleted, or brings them back,
 * where that goes on to.  Raises what opening the models raises, and 22023 for models
 * that are not paranoid, or whose times cannot be the same.
 */
void
sd_find_cascade(SdQuery *query)
{
	List	   *models = list_make1(unconstify(SdModel *, query->model));
	List	   *cascades = NIL;

	Assert(query->model->deleted_at >= 0 && query->write != NULL);
	/* the list grows while it is gone through */
	for (int i = 0; i < list_length(models); i++)
	{
		SdCascade  *cascade = make_cascade(query, list_nth(models, i));
		ListCell   *cell;

		if (cascade == NULL)
			continue;
		cascades = lappend(cascades, cascade);
		foreach(cell, cascade->associated)
			models = list_append_unique_ptr(models, unconstify(SdModel *, ((SdAssociated *) lfirst(cell))->target));
	}
	query->write->cascades = cascades;
}

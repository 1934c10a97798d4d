/*-------------------------------------------------------------------------
 * write/nested_keys.c
 *		The keys that go from one row of a document to another.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/recode.h"
#include "write/nested_keys.h"

/* Whether the level above, or a join row, refers to this one's records. */
bool
sd_is_referred_to(const SdLevel *level)
{
	return level->associated != NULL && (level->associated->association->kind == SD_BELONGS_TO || level->join != NULL);
}

/* The number of the first value of an include's key among those captured of its parents. */
int
sd_parent_capture(const SdLevel *parents, int include)
{
	int			capture = sd_is_referred_to(parents) ? parents->associated->association->ntarget_keys
		: 0;

	Assert(include >= 0 && include <= parents->nnested);
	for (int i = 0; i < include; i++)
		capture += parents->nested[i].associated->association->nkeys;
	return capture;
}

/*
 * Raises 22023 when an attribute that several keys share has another value than
 * the one that is to be set.
 */
static void
check_shared(const SdRecord *record, const SdModel *model, int attr, Datum value,
			 const SdNode *node)
{
	const SdAttribute *shared = &model->attrs[attr];

	if (!sd_same_value(shared, record->values[attr], value))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: attribute \"%s\" of model \"%s\" would get different values from the keys of two records of the document",
						sd_path_text(node->path), shared->name, model->name)));
}

/*
 * Gives a pending attribute of a record the key of another one: what was
 * captured of a row, attribute key of key_model.  Raises 22023 for a key that
 * is null or, where another key shares the attribute, differs from that one's,
 * and what converting it to the attribute's type raises.
 */
static void
set_key(SdRecord *record, const SdModel *model, int attr,
		const SdRowSet *rows, int capture, int row,
		const SdModel *key_model, int key, const SdNode *node)
{
	Oid			type = model->attrs[attr].type;
	Oid			key_type = key_model->attrs[key].type;
	Datum		value = rows->captured[capture][row];

	SdReading	reading = {.name = model->attrs[attr].name, .type = type, .path = node->path};

	Assert(capture < rows->ncaptures && row < rows->nrows);
	if (rows->nulls[capture][row])
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: attribute \"%s\" of model \"%s\" is null, so that no record can refer to it",
						sd_path_text(node->path), key_model->attrs[key].name,
						key_model->name)));
	sd_reading_begin(&reading);
	value = sd_recode(value, key_type, type);
	sd_reading_end(&reading);
	if (record->given[attr])
		check_shared(record, model, attr, value, node);
	record->given[attr] = true;
	record->nulls[attr] = false;
	record->values[attr] = value;
}

/* The same for a key of n attributes, the first of which is capture number capture. */
void
sd_set_keys(SdRecord *record, const SdModel *model, const int *attrs, int n,
		 const SdRowSet *rows, int capture, int row,
		 const SdModel *key_model, const int *keys, const SdNode *node)
{
	for (int i = 0; i < n; i++)
		set_key(record, model, attrs[i], rows, capture + i, row, key_model, keys[i], node);
}

/* The row that has the key of node number i of a level, as the first that is captured from *capture on. */
const SdRowSet *
sd_node_row(const SdWritten *written, int i, int *capture, int *row)
{
	SdNodeKind	kind = written->level->nodes[i].kind;

	if (kind == SD_NODE_LINKED || kind == SD_NODE_SOUGHT)
		return sd_nested_key(written->links, i, capture, row);
	*capture = 0;
	*row = sd_written_row(written, i);
	Assert(*row >= 0 && *row < written->rows.nrows);
	return &written->rows;
}

/* Gives a record, or a join row, the key of what node number i of targets is or stands for. */
void
sd_set_target_keys(SdRecord *record, const SdModel *model, const int *attrs, const SdWritten *targets,
				   int i)
{
	const SdNode *node = &targets->level->nodes[i];
	const SdAssociated *associated = targets->level->associated;
	int			capture;
	int			row;
	const SdRowSet *rows = sd_node_row(targets, i, &capture, &row);

	sd_set_keys(record, model, attrs, associated->association->ntarget_keys, rows, capture, row,
				associated->target, associated->target_keys, node);
}

/*
 * The row that node number parent of the level above was before it was changed; from
 * *capture on it has the key that this level's association matches.
 */
const SdRowSet *
sd_old_key(const SdWritten *written, int parent, int *capture, int *row)
{
	const SdWritten *parents = written->parents;

	Assert(parents->level->nodes[parent].kind == SD_NODE_CHANGED);
	if (parents->parents != NULL)
		return sd_nested_source(parents->links, parent, written->include, capture, row);
	*row = 0;
	*capture = parents->level->query->model->nkeys;
	for (int i = 0; i < written->include; i++)
		*capture += parents->level->nested[i].associated->association->nkeys;
	return &parents->locked;
}

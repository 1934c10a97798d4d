/*-------------------------------------------------------------------------
 * write/nested_checks.c
 *		Whether the records of a document that exist may be linked and changed.
 *
 * They have been locked, and nothing has been written yet.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/recode.h"
#include "execute/keymap.h"
#include "miscadmin.h"
#include "parse/associated.h"
#include "parse/options.h"
#include "parse/where.h"
#include "record/validate.h"
#include "write/key_query.h"
#include "write/nested_checks.h"
#include "write/nested_groups.h"
#include "write/nested_keys.h"
#include "write/run_write.h"

/* the records of a model that a call changes */
typedef struct ChangedRecords
{
	const SdModel *model;
	SdKeyMap	map;			/* their primary keys */
	const SdPath **paths;		/* by number in map */
} ChangedRecords;

/*
 * Takes the key of a record that is changed, number i of a level, from its data, which has
 * been converted, and from the record that it is nested in, which has been locked.
 */
void
sd_key_changed(const SdWritten *written, int i)
{
	const SdLevel *level = written->level;
	const SdAssociated *associated = level->associated;
	const SdModel *model = level->query->model;
	SdNode	   *node = &level->nodes[i];

	Assert(node->kind == SD_NODE_CHANGED);
	for (int j = 0; sd_refers_up(level) && j < associated->association->nkeys; j++)
	{
		int			capture;
		int			row;
		const SdRowSet *rows = sd_old_key(written, node->parent, &capture, &row);

		if (sd_is_key(model, associated->target_keys[j]))
			sd_set_keys(node->record, model, &associated->target_keys[j], 1, rows, capture + j,
						row, associated->source, &associated->association->source_keys[j], node);
	}
	node->key = sd_record_key(model, node->record, model->keys, model->nkeys, node->path);
}

/* How many records a level and those below it change. */
static int
count_changed(const SdLevel *level)
{
	int			n = level->count[SD_NODE_CHANGED];

	check_stack_depth();
	for (int i = 0; i < level->nnested; i++)
		n += count_changed(&level->nested[i]);
	return n;
}

/*
 * Notes that a record is changed, whose primary key is a row of columns.  Raises 22023
 * when it is changed twice.
 */
void
sd_note_changed(SdWritten *top, const SdModel *model, Datum *const *columns, int row,
				const SdPath *path)
{
	ChangedRecords *changed = NULL;
	ListCell   *cell;
	int			known;
	int			number;

	foreach(cell, top->changed)
	{
		if (((ChangedRecords *) lfirst(cell))->model == model)
			changed = lfirst(cell);
	}
	if (changed == NULL)
	{
		int			most = count_changed(top->level);

		changed = palloc(sizeof(ChangedRecords));
		changed->model = model;
		changed->paths = palloc_extended(sizeof(SdPath *) * most, MCXT_ALLOC_HUGE);
		sd_key_columns(&changed->map, model, model->keys, model->nkeys, most);
		top->changed = lappend(top->changed, changed);
	}
	known = changed->map.nkeys;
	number = sd_keymap_add(&changed->map, columns, row);
	if (number < known)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: this record of model \"%s\" is changed by %s already",
						sd_path_text(path), model->name,
						changed->paths[number] != NULL ? sd_path_text(changed->paths[number])
						: "the document itself")));
	changed->paths[number] = path;
}

/* Whether a key of one row, of n attributes, is that of another. */
static bool
same_key(int n, const SdRowSet *rows, int capture, int row, const SdModel *model, const int *keys,
		 const SdRowSet *others, int other_capture, int other_row, const SdModel *other,
		 const int *other_keys)
{
	Assert(capture + n <= rows->ncaptures && other_capture + n <= others->ncaptures);
	for (int i = 0; i < n; i++)
	{
		const SdAttribute *attr = &other->attrs[other_keys[i]];
		Oid			type = model->attrs[keys[i]].type;
		Datum		value;

		if (rows->nulls[capture + i][row] || others->nulls[other_capture + i][other_row])
			return false;
		value = rows->captured[capture + i][row];
		if (type != attr->type)
			value = sd_recode(value, type, attr->type);
		if (!sd_same_value(attr, value, others->captured[other_capture + i][other_row]))
			return false;
	}
	return true;
}

/* Whether a record that exists is matched with the one that it is nested in, which exists too. */
static bool
is_matched(const SdWritten *written, int node)
{
	const SdLevel *level = written->level;
	const SdAssociated *associated = level->associated;
	int			capture;
	int			row;
	int			source_capture;
	int			source_row;
	const SdRowSet *rows = sd_nested_key(written->links, node, &capture, &row);
	const SdRowSet *sources = sd_old_key(written, level->nodes[node].parent, &source_capture,
										 &source_row);

	/* what refers up has its primary key first */
	if (sd_refers_up(level))
		capture += level->query->model->nkeys;
	return same_key(associated->association->nkeys, sources, source_capture, source_row,
					associated->source, associated->association->source_keys,
					rows, capture, row, associated->target, associated->target_keys);
}

/* Raises 23503 for a record that belongs to another one, or gets two. */
static void
check_link(const SdWritten *written, int i, SdKeyMap *seen)
{
	const SdLevel *level = written->level;
	const SdPath *path = level->nodes[i].path;
	const char *name = level->query->model->name;
	int			known = seen->nkeys;
	int			capture;
	int			row;
	const SdRowSet *rows = sd_nested_key(written->links, i, &capture, &row);

	Assert(seen->ncolumns == level->query->model->nkeys);
	sd_require_key(level->query->model, rows->nulls + capture, row);
	if (sd_refers_already(written->links, i) &&
		!(sd_within_changed(written, i) && is_matched(written, i)))
		sd_refuse_link(false, path, NULL, "not_free",
					   psprintf("this record of model \"%s\" belongs to another record already", name),
					   "studentdir.add moves it.");
	if (sd_keymap_add(seen, rows->captured + capture, row) < known)
		sd_refuse_link(false, path, NULL, "not_once",
					   psprintf("this record of model \"%s\" is linked twice in the document", name),
					   NULL);
}

/* Raises 23503 for a record that is to be changed, and does not belong to the one it is nested in. */
static void
check_changed(const SdWritten *written, int node)
{
	const SdLevel *level = written->level;
	bool		theirs = level->join != NULL ? sd_is_joined(written->existing, node)
		: is_matched(written, node);

	if (!theirs)
		sd_refuse_link(false, level->nodes[node].path, NULL, "not_theirs",
					   psprintf("this record of model \"%s\" does not belong to the record that it is nested in",
								level->query->model->name),
					   "A key alone, without attributes, links a record that exists.");
}

/*
 * Looks at the records of a level that have been locked.  Raises 23503 for one that may
 * not be linked or changed, 22023 for one that is changed twice.
 */
void
sd_check_locked(SdWritten *written)
{
	const SdLevel *level = written->level;
	const SdModel *model = level->query->model;
	SdWritten  *top = written;
	SdKeyMap	seen;

	if (written->links == NULL)
		return;
	while (top->parents != NULL)
		top = unconstify(SdWritten *, top->parents);
	if (sd_refers_up(level))
		sd_key_columns(&seen, model, model->keys, model->nkeys, level->count[SD_NODE_LINKED]);
	if (level->join != NULL && level->count[SD_NODE_CHANGED] > 0)
		written->existing = sd_find_joins(written);
	for (int i = 0; i < level->nnodes; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (level->nodes[i].kind == SD_NODE_LINKED && sd_refers_up(level))
			check_link(written, i, &seen);
		if (level->nodes[i].kind == SD_NODE_CHANGED)
		{
			int			capture;
			int			row;
			const SdRowSet *rows = sd_nested_key(written->links, i, &capture, &row);

			check_changed(written, i);
			/* the rows are found by the primary key, which they have first */
			sd_note_changed(top, model, rows->captured, row, level->nodes[i].path);
		}
	}
}

/*
 * The first node of a record above that is created or linked; -1: there is none.  Nodes are
 * in the order of the records above, which are asked for in their order: *next is the first
 * that has not been passed.
 */
static int
find_added(const SdWritten *written, int parent, int *next)
{
	const SdLevel *level = written->level;
	int			added = -1;

	for (; *next < level->nnodes && level->nodes[*next].parent <= parent; (*next)++)
	{
		const SdNode *node = &level->nodes[*next];

		if (node->parent == parent && added < 0 &&
			(node->kind == SD_NODE_NEW ||
			 (node->kind == SD_NODE_LINKED && !sd_refers_already(written->links, *next))))
			added = *next;
	}
	return added;
}

/*
 * Numbers the keys of the records above that get one of a has-one association; nodes has
 * the node of each.  Those whose key is null have none.
 */
static void
number_getting(const SdWritten *written, SdKeyMap *map, int *nodes)
{
	const SdAssociated *associated = written->level->associated;
	int			n = associated->association->nkeys;
	Datum	   *values = palloc(sizeof(Datum) * n);
	Datum	  **columns = palloc(sizeof(Datum *) * n);
	int			next = 0;
	ListCell   *cell;

	for (int i = 0; i < n; i++)
		columns[i] = &values[i];
	foreach(cell, written->level->named)
	{
		int			node = find_added(written, lfirst_int(cell), &next);
		int			capture;
		int			row;
		const SdRowSet *rows;
		bool		isnull = false;

		CHECK_FOR_INTERRUPTS();
		if (node < 0)
			continue;
		rows = sd_old_key(written, lfirst_int(cell), &capture, &row);
		for (int i = 0; i < n; i++)
		{
			int			key = associated->association->source_keys[i];

			isnull |= rows->nulls[capture + i][row];
			if (!isnull)
				values[i] = sd_recode(rows->captured[capture + i][row],
									  associated->source->attrs[key].type,
									  associated->target->attrs[associated->target_keys[i]].type);
		}
		if (!isnull)
			nodes[sd_keymap_add(map, columns, 0)] = node;
	}
}

/*
 * Raises 23505 where a record that exists would get a second one of a has-one association.
 * To be called when others have been removed.
 */
void
sd_check_room(const SdWritten *written)
{
	const SdLevel *level = written->level;
	const SdAssociated *associated = level->associated;
	const SdAssociation *association = associated->association;
	const SdModel *model = associated->target;
	SdQuery    *query;
	SdStatement statement = {.kind = SD_SELECT};
	SdKeyMap	map;
	int		   *nodes;
	SdRowSet	there;
	SdReceiver	receiver;

	if (association->kind != SD_HAS_ONE || level->named == NIL)
		return;
	sd_key_columns(&map, model, associated->target_keys, association->nkeys,
				   list_length(level->named));
	nodes = palloc_extended(sizeof(int) * list_length(level->named), MCXT_ALLOC_HUGE);
	number_getting(written, &map, nodes);
	if (map.nkeys == 0)
		return;
	query = sd_make_query(model);
	sd_match_keys(query, associated->target_keys, association->nkeys, &map);
	query->noutputs = 0;
	if (model->deleted_at >= 0)
		query->where = sd_alive_condition(query, model, true);
	query->where = sd_and(query->where,
						  sd_association_scope(query, model, associated, association->scope));
	statement.query = query;
	statement.params = query->params;
	statement.generic = query->generic;
	sd_rowset_init(&there, CurrentMemoryContext, association->nkeys, 1, CurrentMemoryContext);
	/* no caller gets these rows */
	sd_receiver_init(&receiver, NULL, 0);
	receiver.rowset = &there;
	(void) sd_write(&statement, &receiver, NULL);
	for (int row = 0; row < there.nrows; row++)
	{
		int			number = sd_keymap_find(&map, there.captured, row);

		if (number >= 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNIQUE_VIOLATION),
					 errmsg("%s: there is a record of model \"%s\" already, and association \"%s\" leads to one",
							sd_path_text(level->nodes[nodes[number]].path), model->name,
							association->alias),
					 errhint("Give its key to change it, or say in the include \"others\": \"remove\" or \"destroy\".")));
	}
}

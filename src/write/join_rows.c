/*-------------------------------------------------------------------------
 * write/join_rows.c
 *		Writes the join rows of a level of a document.
 *
 * Of a record that exists some may be there.  They are found and locked: what is linked
 * already stays, and a join row that was deleted is brought back.  The parent is locked,
 * so that no other call links what it links.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "convert/recode.h"
#include "execute/keymap.h"
#include "miscadmin.h"
#include "parse/associated.h"
#include "parse/model_validators.h"
#include "parse/options.h"
#include "parse/order.h"
#include "parse/where.h"
#include "write/key_query.h"
#include "write/lock_rows.h"
#include "write/nested_keys.h"
#include "write/nested_others.h"
#include "write/node_rows.h"
#include "write/run_write.h"
#include "write/soft_delete.h"
#include "write/stale.h"
#include "write/update_rows.h"

struct SdJoinRows
{
	SdKeyMap	map;			/* the two sides */
	int		   *number;			/* by node, of its key in map; -1: it is not looked for */
	SdRowSet	rows;			/* the two sides, the primary key, and deletedAt of a paranoid model */
	int		   *row_of;			/* by number in map; -1: there is none */
	int			nsides;
	int			deleted;		/* the capture that is deletedAt; -1: there is none */
	const SdModel *through;
	const SdRecord *alive;		/* see sd_alive_record() */
};

/* Puts n values of a row, as those of a join row's attributes, where columns point; false: one is null. */
static bool
put_side(Datum **columns, const SdModel *through, const int *attrs, int n, const SdRowSet *rows,
		 int capture, int row, const SdModel *model, const int *keys)
{
	Assert(capture + n <= rows->ncaptures && row >= 0 && row < rows->nrows);
	for (int i = 0; i < n; i++)
	{
		Oid			from = model->attrs[keys[i]].type;
		Oid			to = through->attrs[attrs[i]].type;

		if (rows->nulls[capture + i][row])
			return false;
		*columns[i] = from == to ? rows->captured[capture + i][row]
			: sd_recode(rows->captured[capture + i][row], from, to);
	}
	return true;
}

/* Numbers the join rows that nodes of a level may have. */
static void
number_sides(SdJoinRows *existing, const SdWritten *targets)
{
	const SdLevel *level = targets->level;
	const SdAssociated *associated = level->associated;
	const SdAssociation *association = associated->association;
	Datum	   *values = palloc(sizeof(Datum) * existing->nsides);
	Datum	  **columns = palloc(sizeof(Datum *) * existing->nsides);

	for (int i = 0; i < existing->nsides; i++)
		columns[i] = &values[i];
	for (int node = 0; node < level->nnodes; node++)
	{
		int			capture;
		int			row;
		const SdRowSet *rows;

		CHECK_FOR_INTERRUPTS();
		existing->number[node] = -1;
		if (level->nodes[node].kind == SD_NODE_NEW || !sd_within_changed(targets, node))
			continue;
		rows = sd_old_key(targets, level->nodes[node].parent, &capture, &row);
		if (!put_side(columns, associated->through, associated->foreign_keys, association->nkeys,
					  rows, capture, row, associated->source, association->source_keys))
			continue;
		rows = sd_nested_key(targets->links, node, &capture, &row);
		if (put_side(columns + association->nkeys, associated->through, associated->other_keys,
					 association->ntarget_keys, rows, capture, row, associated->target,
					 associated->target_keys))
			existing->number[node] = sd_keymap_add(&existing->map, columns, 0);
	}
}

/* Finds and locks the rows. */
static void
lock_joins(SdJoinRows *existing, const SdWritten *targets, const int *sides)
{
	const SdAssociated *associated = targets->level->associated;
	const SdModel *through = associated->through;
	SdQuery    *query = sd_make_query(through);
	SdStatement statement = {.kind = SD_SELECT, .query = query};
	int		   *kept = palloc(sizeof(int) * (through->nkeys + 1));
	int			nkept = through->nkeys;
	SdReceiver	receiver;

	memcpy(kept, through->keys, sizeof(int) * nkept);
	existing->through = through;
	existing->deleted = -1;
	existing->alive = sd_alive_record(through);
	if (through->deleted_at >= 0)
	{
		existing->deleted = existing->nsides + nkept;
		kept[nkept++] = through->deleted_at;
	}
	sd_capture_only(query, kept, nkept);
	sd_match_keys(query, sides, existing->nsides, &existing->map);
	query->where = sd_association_scope(query, through, associated,
										associated->association->through_scope);
	query->lock = sd_lock_of_many(through, SD_LOCK_NO_KEY_UPDATE);
	sd_order_by_keys(query);
	statement.params = query->params;
	statement.generic = query->generic;
	sd_rowset_init(&existing->rows, CurrentMemoryContext, existing->nsides + nkept,
				   existing->map.nkeys, CurrentMemoryContext);
	/* no caller gets these rows */
	sd_receiver_init(&receiver, NULL, 0);
	receiver.rowset = &existing->rows;
	(void) sd_write(&statement, &receiver, NULL);
}

/*
 * Finds and locks the join rows between records that exist and those that are changed,
 * linked or found within them.
 */
SdJoinRows *
sd_find_joins(const SdWritten *targets)
{
	const SdLevel *level = targets->level;
	const SdAssociated *associated = level->associated;
	const SdAssociation *association = associated->association;
	SdJoinRows *existing = palloc0(sizeof(SdJoinRows));
	int		   *sides;

	Assert(associated->through != NULL);
	existing->nsides = association->nkeys + association->ntarget_keys;
	existing->number = palloc_extended(sizeof(int) * level->nnodes, MCXT_ALLOC_HUGE);
	sides = palloc(sizeof(int) * existing->nsides);
	memcpy(sides, associated->foreign_keys, sizeof(int) * association->nkeys);
	memcpy(sides + association->nkeys, associated->other_keys,
		   sizeof(int) * association->ntarget_keys);
	sd_key_columns(&existing->map, associated->through, sides, existing->nsides, level->nnodes);
	number_sides(existing, targets);
	existing->row_of = palloc_extended(sizeof(int) * Max(existing->map.nkeys, 1), MCXT_ALLOC_HUGE);
	for (int i = 0; i < existing->map.nkeys; i++)
		existing->row_of[i] = -1;
	if (existing->map.nkeys == 0)
		return existing;
	lock_joins(existing, targets, sides);
	for (int row = 0; row < existing->rows.nrows; row++)
	{
		int			number = sd_keymap_find(&existing->map, existing->rows.captured, row);

		if (number >= 0)
			existing->row_of[number] = row;
	}
	return existing;
}

/* The join row of a node; -1: it has none yet. */
static int
join_row(const SdJoinRows *existing, int node)
{
	return existing == NULL || existing->number[node] < 0 ? -1
		: existing->row_of[existing->number[node]];
}

static bool
is_deleted(const SdJoinRows *existing, int row)
{
	Assert(row >= 0 && row < existing->rows.nrows);
	return existing->through->deleted_at >= 0 &&
		sd_says_deleted(existing->through, existing->alive,
						existing->rows.captured[existing->deleted][row],
						existing->rows.nulls[existing->deleted][row]);
}

/* Whether a node has a join row, which is not deleted. */
bool
sd_is_joined(const SdJoinRows *existing, int node)
{
	int			row = join_row(existing, node);

	return row >= 0 && !is_deleted(existing, row);
}

/* Whether a node says an attribute of its join row that is there anew. */
static bool
is_changed(const SdModel *through, const SdNode *node, int attr)
{
	const SdRecord *join = node->join;

	return join != NULL && join->given[attr] && !join->filled[attr] && !sd_is_key(through, attr) &&
		!bms_is_member(attr, join->pending) && attr != through->created_at &&
		attr != through->updated_at &&
		(attr != through->version || node->kind == SD_NODE_CHANGED);
}

/*
 * What changes in the join row that a node has, converted; NULL: nothing.  What is given
 * of a record that is linked or found was read as that of a new join row.
 */
static SdRecord *
changed_join(const SdWritten *targets, int node)
{
	const SdJoinRows *existing = targets->existing;
	const SdNode *from = &targets->level->nodes[node];
	const SdModel *through = targets->level->associated->through;
	int			row = join_row(existing, node);
	bool		deleted = is_deleted(existing, row);
	bool		changed = deleted;
	SdRecord   *record;

	for (int attr = 0; attr < through->nattrs; attr++)
		changed |= is_changed(through, from, attr);
	if (!changed)
		return NULL;
	record = sd_make_record(through);
	for (int attr = 0; attr < through->nattrs; attr++)
	{
		if (!is_changed(through, from, attr))
			continue;
		record->json[attr] = from->join->json[attr];
		record->values[attr] = from->join->values[attr];
		record->nulls[attr] = from->join->nulls[attr];
		record->given[attr] = true;
	}
	if (deleted)
		sd_set_alive(through, record);
	if (through->nkeys == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: join model \"%s\" has no primary key, by which its rows could be changed",
						sd_path_text(from->path), through->name)));
	sd_require_key(through, existing->rows.nulls + existing->nsides, row);
	for (int i = 0; i < through->nkeys; i++)
	{
		record->given[through->keys[i]] = true;
		record->values[through->keys[i]] = existing->rows.captured[existing->nsides + i][row];
	}
	return record;
}

/* Changes the join rows that are there, of which something is said. */
static void
change_joins(const SdWritten *targets)
{
	const SdLevel *level = targets->level;
	SdQuery    *writer = sd_make_write_query(level->join);
	SdRowUpdate *update = sd_row_update_begin(writer);
	SdNodeRows	rows = {
		.level = level,
		.joins = true,
		.nodes = palloc_extended(sizeof(int) * level->nnodes, MCXT_ALLOC_HUGE)
	};
	const SdRecord **records = palloc_extended(sizeof(SdRecord *) * level->nnodes, MCXT_ALLOC_HUGE);
	SdGivenRows given = {.records = records};
	const SdPath *const *paths;
	List	   *missing;
	SdRowSet	changed;

	for (int node = 0; node < level->nnodes; node++)
	{
		CHECK_FOR_INTERRUPTS();
		if (join_row(targets->existing, node) < 0 || sd_join_number(targets, node) < 0)
			continue;
		records[rows.n] = changed_join(targets, node);
		if (records[rows.n] == NULL)
			continue;
		sd_row_update_count(update, records[rows.n]);
		rows.nodes[rows.n++] = node;
	}
	if (rows.n == 0)
		return;
	for (int i = 0; i < rows.n; i++)
		sd_row_update_add(update, records[i]);
	given.n = rows.n;
	writer->noutputs = 0;
	sd_rowset_init(&changed, CurrentMemoryContext, 0, rows.n, CurrentMemoryContext);
	paths = sd_node_paths(&rows);
	missing = sd_row_update_run(update, writer, &given, paths, &changed, NULL);
	if (missing != NIL)
		sd_not_changed(writer->model, records[linitial_int(missing)], paths[linitial_int(missing)]);
}

/*
 * Numbers the join rows of a level, which have their keys.  Where records are looked
 * for, several of one parent can turn out to be the same: the first has a join row, the
 * others have -1.
 */
static void
number_joins(SdWritten *targets)
{
	const SdLevel *level = targets->level;
	const SdAssociated *associated = level->associated;
	int			nkeys = associated->association->ntarget_keys;
	Datum	  **columns = palloc(sizeof(Datum *) * (nkeys + 1));
	SdKeyMap	seen;

	targets->join_of = palloc_extended(sizeof(int) * level->nnodes, MCXT_ALLOC_HUGE);
	sd_keymap_init(&seen, nkeys + 1, level->nnodes);
	sd_keymap_column(&seen, 0, INT4OID, InvalidOid);
	for (int i = 0; i < nkeys; i++)
	{
		const SdAttribute *key = &associated->through->attrs[associated->other_keys[i]];

		sd_keymap_column(&seen, i + 1, key->type, key->collation);
	}
	for (int node = 0; node < level->nnodes; node++)
	{
		Datum		parent = Int32GetDatum(level->nodes[node].parent);
		int			known = seen.nkeys;

		CHECK_FOR_INTERRUPTS();
		Assert(level->nodes[node].join != NULL);
		columns[0] = &parent;
		for (int i = 0; i < nkeys; i++)
			columns[i + 1] = &level->nodes[node].join->values[associated->other_keys[i]];
		targets->join_of[node] = sd_keymap_add(&seen, columns, 0) == known ? known : -1;
	}
}

/*
 * Writes the join rows of a level, whose records and whose parents have been written.
 * Raises what the statements raise, 55000 when a trigger or a rule leaves rows out.
 */
void
sd_write_joins(SdWritten *targets)
{
	const SdLevel *level = targets->level;
	const SdWritten *parents = targets->parents;
	const SdAssociated *associated = level->associated;
	const SdAssociation *association = associated->association;
	int			capture = sd_parent_capture(parents->level, targets->include);
	SdNodeRows	inserted = {
		.level = level,
		.joins = true,
		.nodes = palloc_extended(sizeof(int) * Max(level->nnodes, 1), MCXT_ALLOC_HUGE)
	};
	SdQuery    *writer;

	if (targets->existing == NULL && level->count[SD_NODE_LINKED] + level->count[SD_NODE_SOUGHT] > 0 &&
		parents->level->count[SD_NODE_CHANGED] > 0)
		targets->existing = sd_find_joins(targets);
	sd_remove_others(targets);
	for (int i = 0; i < level->nnodes; i++)
	{
		const SdNode *node = &level->nodes[i];

		if (node->kind == SD_NODE_CHANGED)
			continue;
		Assert(node->join != NULL);
		sd_set_keys(node->join, associated->through, associated->foreign_keys, association->nkeys,
					&parents->rows, capture, sd_written_row(parents, node->parent),
					associated->source, association->source_keys, node);
		sd_set_target_keys(node->join, associated->through, associated->other_keys, targets, i);
	}
	if (level->count[SD_NODE_SOUGHT] > 0)
		number_joins(targets);
	for (int i = 0; i < level->nnodes; i++)
	{
		if (level->nodes[i].kind != SD_NODE_CHANGED && sd_join_number(targets, i) >= 0 &&
			join_row(targets->existing, i) < 0)
			inserted.nodes[inserted.n++] = i;
	}
	if (targets->existing != NULL)
		change_joins(targets);
	if (inserted.n == 0)
		return;
	writer = sd_make_write_query(level->join);
	if (sd_is_read_back(targets))
		writer->noutputs = 0;
	sd_rowset_init(&targets->joins, CurrentMemoryContext, 0, inserted.n, CurrentMemoryContext);
	sd_insert_all(&inserted, writer, &targets->joins, NULL);
}

/*-------------------------------------------------------------------------
 * write/nested_links.c
 *		The records of a document's level that exist, and are linked.
 *
 * Before anything is written they are found and locked, in the order of their keys:
 * see nested_groups.c.  Those that get a foreign key are changed by one bulk_update.  The
 * answer reads them as a finder does.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/included_rows.h"
#include "execute/keymap.h"
#include "execute/select.h"
#include "miscadmin.h"
#include "parse/kept.h"
#include "parse/scopes.h"
#include "parse/where.h"
#include "plan/capture.h"
#include "record/validate.h"
#include "utils/json.h"
#include "utils/snapmgr.h"
#include "write/bulk_update.h"
#include "write/key_query.h"
#include "write/link_document.h"
#include "write/nested_groups.h"
#include "write/nested_links.h"

/* a node of the level */
typedef struct LinkPlace
{
	SdLinkGroup *group;			/* NULL: it is a new record */
	int			number;			/* of its key in the group's map */
} LinkPlace;

struct SdNestedLinks
{
	const SdLevel *level;
	List	   *groups;			/* of SdLinkGroup */
	LinkPlace  *places;			/* by node */
	int			nkept;			/* attributes that are kept of locked rows: */
	int		   *kept;			/* what is referred to, or the primary key, then the foreign key; and */
	int			sources;		/* from this number on the keys of what is included in them */
};

/* Keeps attributes of locked rows. */
static void
keep(SdNestedLinks *links, const int *attrs, int n)
{
	Assert(n > 0);
	links->kept = links->kept == NULL ? palloc(sizeof(int) * n)
		: repalloc(links->kept, sizeof(int) * (links->nkept + n));
	memcpy(links->kept + links->nkept, attrs, sizeof(int) * n);
	links->nkept += n;
}

/* Says what links keep of the rows.  Raises 22023 where rows that change have no key. */
static void
choose_kept(SdNestedLinks *links)
{
	const SdAssociated *associated = links->level->associated;
	const SdModel *model = associated->target;

	if (!sd_refers_up(links->level))
		keep(links, associated->target_keys, associated->association->ntarget_keys);
	else if (model->nkeys == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\" has no primary key, so that its records cannot be linked",
						model->name)));
	else
	{
		keep(links, model->keys, model->nkeys);
		keep(links, associated->target_keys, associated->association->nkeys);
	}
	links->sources = links->nkept;
	for (int i = 0; i < links->level->nnested; i++)
	{
		const SdAssociation *nested = links->level->nested[i].associated->association;

		keep(links, nested->source_keys, nested->nkeys);
	}
}

/* The group of a node's key, made when it is the first. */
static SdLinkGroup *
find_group(SdNestedLinks *links, const SdNode *node)
{
	const SdLinkedKey *key = node->key;
	const SdModel *model = links->level->query->model;
	SdLinkGroup *group;
	ListCell   *cell;

	foreach(cell, links->groups)
	{
		group = lfirst(cell);
		if (group->kind == node->kind && group->key->nattrs == key->nattrs &&
			memcmp(group->key->attrs, key->attrs, sizeof(int) * key->nattrs) == 0)
			return group;
	}
	group = palloc0(sizeof(SdLinkGroup));
	group->level = links->level;
	group->kept = links->kept;
	group->nkept = links->nkept;
	group->key = key;
	group->kind = node->kind;
	if (!sd_can_match(model, key->attrs, key->nattrs))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: records of model \"%s\" cannot be found by values of this key",
						sd_path_text(node->path), model->name)));
	sd_key_columns(&group->map, model, key->attrs, key->nattrs, links->level->count[node->kind]);
	links->groups = lappend(links->groups, group);
	return group;
}

/* What a node was given as its key; NULL where an attribute of that is hidden. */
static const JsonbValue *
shown_key(const SdLevel *level, const SdNode *node)
{
	for (int i = 0; i < node->key->nattrs; i++)
	{
		if (level->query->model->attrs[node->key->attrs[i]].hidden)
			return NULL;
	}
	return node->kind == SD_NODE_LINKED ? &node->link : NULL;
}

/* Raises 23503: a key leads to no record. */
static pg_attribute_noreturn() void
no_such_record(const SdLevel *level, const SdNode *node)
{
	sd_refuse_link(false, node->path, shown_key(level, node), "not_found",
				   psprintf("there is no such record of model \"%s\"", level->query->model->name),
				   NULL);
}

/* Puts the nodes that have keys into groups. */
static void
group_nodes(SdNestedLinks *links)
{
	const SdLevel *level = links->level;

	for (int i = 0; i < level->nnodes; i++)
	{
		const SdLinkedKey *key = level->nodes[i].key;
		LinkPlace  *place = &links->places[i];
		Datum	  **columns;

		CHECK_FOR_INTERRUPTS();
		if (key == NULL)
			continue;
		if (key->has_null)
			no_such_record(level, &level->nodes[i]);
		place->group = find_group(links, &level->nodes[i]);
		columns = palloc(sizeof(Datum *) * key->nattrs);
		for (int j = 0; j < key->nattrs; j++)
			columns[j] = &key->values[j];
		place->number = sd_keymap_add(&place->group->map, columns, 0);
		pfree(columns);
	}
}

/*
 * The nodes whose records are looked for and have not been found, *n of them: the first
 * of each key.
 */
int *
sd_missing_nested(const SdNestedLinks *links, int *n)
{
	const SdLevel *level = links->level;
	int		   *missing = palloc_extended(sizeof(int) * level->nnodes, MCXT_ALLOC_HUGE);
	int			seen = 0;		/* keys: they are numbered in the order of the nodes */

	*n = 0;
	for (int i = 0; i < level->nnodes; i++)
	{
		const LinkPlace *place = &links->places[i];

		if (level->nodes[i].kind != SD_NODE_SOUGHT || place->number < seen)
			continue;
		seen++;
		if (!sd_is_there(links, i))
			missing[(*n)++] = i;
	}
	return missing;
}

/* Finds and locks the records that are looked for, when those that were missing have been written. */
void
sd_find_nested(SdNestedLinks *links)
{
	ListCell   *cell;

	foreach(cell, links->groups)
	{
		if (((SdLinkGroup *) lfirst(cell))->kind == SD_NODE_SOUGHT)
			sd_lock_groups(list_make1(lfirst(cell)));
	}
}

/*
 * Raises 23505 when there is a row with the key of a node, which its association does
 * not lead to.
 */
void
sd_check_missing(const SdNestedLinks *links, int node)
{
	const SdLevel *level = links->level;
	const SdLinkedKey *key = level->nodes[node].key;
	SdQuery    *query = sd_make_query(level->query->model);
	int64		there;

	Assert(key != NULL && level->nodes[node].kind == SD_NODE_SOUGHT);
	for (int i = 0; i < key->nattrs; i++)
		query->where = sd_and(query->where,
							  sd_key_condition(query, key->attrs[i],
											   query->model->attrs[key->attrs[i]].type,
											   key->values[i]));
	PushActiveSnapshot(GetTransactionSnapshot());
	there = sd_select_count(query);
	PopActiveSnapshot();
	if (there > 0)
		sd_refuse_link(true, level->nodes[node].path, shown_key(level, &level->nodes[node]), "not_unique",
					   psprintf("there is a record of model \"%s\" with this key which association \"%s\" does not lead to",
								query->model->name, level->associated->association->alias),
					   "It is deleted, or not what the scope of the association says.");
}

/* The row that a node stands for, and the number of the first attribute that is kept of it. */
const SdRowSet *
sd_nested_key(const SdNestedLinks *links, int node, int *capture, int *row)
{
	const LinkPlace *place = &links->places[node];

	Assert(place->group != NULL && place->group->locked_rows[place->number] >= 0);
	*capture = place->group->key->nattrs;
	*row = place->group->locked_rows[place->number];
	return place->group->locked;
}

/*
 * The same for a record that is changed: the number of the first attribute of the key of
 * what is nested in it by an include.
 */
const SdRowSet *
sd_nested_source(const SdNestedLinks *links, int node, int include, int *capture, int *row)
{
	const SdRowSet *rows = sd_nested_key(links, node, capture, row);

	*capture += links->sources;
	for (int i = 0; i < include; i++)
		*capture += links->level->nested[i].associated->association->nkeys;
	return rows;
}

/* Whether a record that is linked refers to one of the level above already. */
bool
sd_refers_already(const SdNestedLinks *links, int node)
{
	int			capture;
	int			row;
	const SdRowSet *rows = sd_nested_key(links, node, &capture, &row);

	for (int i = links->level->query->model->nkeys; i < links->sources; i++)
	{
		if (rows->nulls[capture + i][row])
			return false;
	}
	return true;
}

/* Whether a record with the key of a node is there; a node without a key has none. */
bool
sd_is_there(const SdNestedLinks *links, int node)
{
	const LinkPlace *place = &links->places[node];

	return place->group != NULL && place->group->locked_rows != NULL &&
		place->group->locked_rows[place->number] >= 0;
}

/* Notes which records of a level, whose nodes have their keys, exist; NULL where all are new. */
SdNestedLinks *
sd_name_nested(const SdLevel *level)
{
	SdNestedLinks *links;

	if (level->count[SD_NODE_NEW] == level->nnodes || level->associated == NULL)
		return NULL;
	links = palloc0(sizeof(SdNestedLinks));
	links->level = level;
	links->places = palloc_extended(sizeof(LinkPlace) * level->nnodes,
									MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	choose_kept(links);
	group_nodes(links);
	return links;
}

/*
 * Finds and locks the records of levels, a list of SdNestedLinks, but for those that are
 * looked for.  Records of one model that several levels link are locked together, in one
 * order.
 *
 * Raises what PostgreSQL raises for SELECT ... FOR KEY SHARE or FOR NO KEY UPDATE.
 */
void
sd_lock_named(const List *levels)
{
	List	   *groups = NIL;
	ListCell   *cell;

	foreach(cell, levels)
	{
		ListCell   *group;

		foreach(group, ((const SdNestedLinks *) lfirst(cell))->groups)
		{
			if (((SdLinkGroup *) lfirst(group))->kind != SD_NODE_SOUGHT)
				groups = lappend(groups, lfirst(group));
		}
	}
	sd_lock_groups(groups);
}

/*
 * The same; raises 23503 for a key that leads to no record too.
 */
void
sd_lock_nested(const List *levels)
{
	ListCell   *cell;

	sd_lock_named(levels);
	foreach(cell, levels)
	{
		const SdNestedLinks *links = lfirst(cell);

		for (int i = 0; i < links->level->nnodes; i++)
		{
			const SdNode *node = &links->level->nodes[i];

			CHECK_FOR_INTERRUPTS();
			if (node->kind != SD_NODE_NEW && node->kind != SD_NODE_SOUGHT && !sd_is_there(links, i))
				no_such_record(links->level, node);
		}
	}
}

/* {"id":…,"userId":…, and the scope}: a record that is to refer to row number parent of parents */
static void
append_reference(StringInfo json, const SdNestedLinks *links, int node, const SdRowSet *parents,
				 int first, int parent)
{
	const SdAssociated *associated = links->level->associated;
	const SdAssociation *association = associated->association;
	const SdModel *model = associated->target;
	int			capture;
	int			row;
	const SdRowSet *rows = sd_nested_key(links, node, &capture, &row);

	Assert(parent >= 0 && parent < parents->nrows);
	sd_require_key(model, rows->nulls + capture, row);
	appendStringInfoChar(json, '{');
	for (int i = 0; i < model->nkeys; i++)
	{
		const SdAttribute *key = &model->attrs[model->keys[i]];

		sd_link_member(json, key->name, sd_key_json(rows->captured[capture + i][row], key->type));
	}
	for (int i = 0; i < association->nkeys; i++)
	{
		const SdAttribute *source = &associated->source->attrs[association->source_keys[i]];

		if (parents->nulls[first + i][parent])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s: attribute \"%s\" of model \"%s\" is null, so that no record can refer to it",
							sd_path_text(links->level->nodes[node].path), source->name,
							associated->source->name)));
		sd_link_member(json, model->attrs[associated->target_keys[i]].name,
					   sd_key_json(parents->captured[first + i][parent], source->type));
	}
	sd_link_scope_values(json, association->scope);
	appendStringInfoChar(json, '}');
}

/*
 * Makes the records of has-many and has-one associations refer to their parents, which
 * have been written: parents has their keys from capture on, and parent_rows says which
 * row is which node of the level above; NULL: they are in its order.
 */
void
sd_refer_nested(const SdNestedLinks *links, const SdRowSet *parents, int capture,
				const int *parent_rows)
{
	const SdLevel *level = links->level;
	Tuplestorestate *store;
	const SdQuery *update;
	StringInfoData json;

	Assert(sd_refers_up(level));
	if (level->count[SD_NODE_LINKED] == 0)
		return;
	store = tuplestore_begin_heap(false, false, work_mem);
	initStringInfo(&json);
	appendStringInfoChar(&json, '[');
	for (int i = 0; i < level->nnodes; i++)
	{
		int			parent = level->nodes[i].parent;

		CHECK_FOR_INTERRUPTS();
		if (level->nodes[i].kind != SD_NODE_LINKED || sd_refers_already(links, i))
			continue;
		appendStringInfoString(&json, json.len > 1 ? "," : "");
		append_reference(&json, links, i, parents, capture,
						 parent_rows != NULL ? parent_rows[parent] : parent);
	}
	appendStringInfoChar(&json, ']');
	update = sd_parse_kept(level->query->model,
						   sd_link_document(level->query->write->validate ? "{\"scope\":null}"
											: "{\"scope\":null,\"validate\":false}"),
						   SD_CALL_BULK_UPDATE, &(SdInputs) {0});
	sd_bulk_update(sd_link_settled(update), sd_link_document(json.data), store);
	tuplestore_end(store);
}

/* "include":[{"association":…,"through":…,"include":…},…], as a query includes it */
static void
append_includes(StringInfo json, const SdQuery *query)
{
	ListCell   *cell;

	check_stack_depth();
	appendStringInfoString(json, ",\"include\":[");
	foreach(cell, query->includes)
	{
		const SdInclude *include = lfirst(cell);
		ListCell   *source;

		appendStringInfoString(json, foreach_current_index(cell) > 0 ? ",{" : "{");
		appendStringInfoString(json, "\"association\":");
		escape_json(json, include->association->alias);
		foreach(source, include->sources)
		{
			JsonbValue	through;

			if (getKeyJsonValueFromContainer(((SdSource *) lfirst(source))->value.val.binary.data,
											 "through", 7, &through) != NULL)
				sd_link_member(json, "through",
							   JsonbToCString(NULL, &JsonbValueToJsonb(&through)->root, 0));
		}
		append_includes(json, include->query);
		appendStringInfoChar(json, '}');
	}
	appendStringInfoChar(json, ']');
}

/* A finder's query for records with what a writer's includes. */
const SdQuery *
sd_nested_finder(const SdQuery *written)
{
	StringInfoData options;

	initStringInfo(&options);
	appendStringInfoString(&options, "{\"scope\":null");
	append_includes(&options, written);
	appendStringInfoChar(&options, '}');
	return sd_parse_kept(written->model, sd_link_document(options.data), SD_CALL_FIND,
						 &(SdInputs) {0});
}

/*
 * Reads the records as they are now, with what the level includes.  *count is the
 * number of rows that the call has returned so far.
 */
void
sd_read_nested_links(SdNestedLinks *links, uint64 *count)
{
	const SdQuery *finder = sd_nested_finder(links->level->query);
	ListCell   *cell;

	foreach(cell, links->groups)
	{
		SdLinkGroup *group = lfirst(cell);
		SdQuery    *query = palloc(sizeof(SdQuery));

		*query = *finder;
		sd_match_keys(query, group->key->attrs, group->key->nattrs, &group->map);
		sd_read_group_rows(query, group->map.nkeys, sd_capture_count(query), &group->records, count);
		group->record_rows = sd_number_rows(group, &group->records);
		group->nincluded = list_length(query->includes);
		group->included = sd_make_includes(query, CurrentMemoryContext);
		PushActiveSnapshot(GetTransactionSnapshot());
		sd_load_includes(group->included, group->nincluded, &group->records, query->nmatches,
						 count);
		PopActiveSnapshot();
	}
}

/*
 * Appends the record that a node stands for; join is its join row, or NULL where none is
 * shown.  Null, when the record cannot be read any more.
 */
void
sd_append_nested(SdBuf *buf, const SdNestedLinks *links, int node, const struct varlena *join)
{
	const LinkPlace *place = &links->places[node];
	const SdLinkGroup *group = place->group;
	int			row = group->record_rows[place->number];
	SdBuf		record;
	Size		len;

	if (row < 0)
	{
		sd_write_null(buf);
		return;
	}
	if (join == NULL)
	{
		sd_stitch_record(buf, &group->records, row, group->included, group->nincluded);
		return;
	}
	/* the join row stands between the attributes and what is nested */
	len = VARSIZE_ANY_EXHDR(group->records.rows[row]) - (group->nincluded == 0 ? 1 : 0);
	sd_buf_init(&record, CurrentMemoryContext, 1024);
	sd_stitch_record(&record, &group->records, row, group->included, group->nincluded);
	Assert(links->level->join != NULL && record.len >= len);
	sd_buf_append(buf, record.data, len);
	if (len > 1)
		sd_buf_char(buf, ',');
	sd_write_string(buf, links->level->join->model->name, strlen(links->level->join->model->name));
	sd_buf_char(buf, ':');
	sd_buf_append(buf, VARDATA_ANY(join), VARSIZE_ANY_EXHDR(join));
	if (len == 1 && record.len > 2)
		sd_buf_char(buf, ',');
	sd_buf_append(buf, record.data + len, record.len - len);
	pfree(record.data);
}

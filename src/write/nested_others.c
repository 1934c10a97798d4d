/*-------------------------------------------------------------------------
 * write/nested_others.c
 *		What an update does with the associated records that its document does not hold.
 *
 * They are unlinked or deleted before others come: one statement that locks them in the
 * order of their keys, and one that does it, by the writers, as for any caller.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "miscadmin.h"
#include "parse/scopes.h"
#include "utils/json.h"
#include "write/key_query.h"
#include "write/link.h"
#include "write/link_document.h"
#include "write/lock_rows.h"
#include "write/modify.h"
#include "write/nested_keys.h"
#include "write/nested_others.h"
#include "write/run_write.h"

/* A list of keys in a condition: "name":{"$in":[…]}, or "$or":[{…},…] for several attributes. */
typedef struct KeyList
{
	StringInfo	json;
	const SdModel *model;		/* whose attributes are compared */
	const int  *attrs;
	int			n;
	const SdModel *key_model;	/* whose attributes the values are of */
	const int  *keys;
	bool		empty;
} KeyList;

static void
begin_list(KeyList *list)
{
	char		last = list->json->data[list->json->len - 1];

	Assert(list->n > 0 && list->json->len > 0);
	list->empty = true;
	if (last != '{')
		appendStringInfoChar(list->json, ',');
	if (list->n > 1)
	{
		appendStringInfoString(list->json, "\"$or\":[");
		return;
	}
	escape_json(list->json, list->model->attrs[list->attrs[0]].name);
	appendStringInfoString(list->json, ":{\"$in\":[");
}

/* Adds the key that is captured of a row from number capture on, unless it has a null. */
static void
add_key(KeyList *list, const SdRowSet *rows, int capture, int row)
{
	for (int i = 0; i < list->n; i++)
	{
		if (rows->nulls[capture + i][row])
			return;
	}
	appendStringInfoString(list->json, list->empty ? "" : ",");
	list->empty = false;
	if (list->n > 1)
		appendStringInfoChar(list->json, '{');
	for (int i = 0; i < list->n; i++)
	{
		char	   *value = sd_key_json(rows->captured[capture + i][row],
										list->key_model->attrs[list->keys[i]].type);

		if (list->n > 1)
			sd_link_member(list->json, list->model->attrs[list->attrs[i]].name, value);
		else
			appendStringInfoString(list->json, value);
	}
	if (list->n > 1)
		appendStringInfoChar(list->json, '}');
}

static void
end_list(KeyList *list)
{
	appendStringInfoString(list->json, list->n > 1 ? "]" : "]}");
}

/*
 * "$not":{…}: none of the records that the document holds, from number *node on: those
 * within one parent, or with -1 within any.
 */
static void
append_kept(KeyList *kept, const SdWritten *written, int parent, int *node)
{
	const SdLevel *level = written->level;

	appendStringInfoString(kept->json, ",\"$not\":{");
	begin_list(kept);
	/* nodes are in the order of their parents */
	for (; *node < level->nnodes && (parent < 0 || level->nodes[*node].parent <= parent); (*node)++)
	{
		int			capture;
		int			row;
		const SdRowSet *rows;

		CHECK_FOR_INTERRUPTS();
		if (level->nodes[*node].kind == SD_NODE_NEW ||
			(parent >= 0 && level->nodes[*node].parent < parent))
			continue;
		rows = sd_nested_key(written->links, *node, &capture, &row);
		add_key(kept, rows, capture, row);
	}
	end_list(kept);
	appendStringInfoChar(kept->json, '}');
}

/* "$or":[{the key of a parent, and no join row to what it keeps},…] */
static void
append_joins(StringInfo json, const SdWritten *written)
{
	const SdAssociated *associated = written->level->associated;
	const SdAssociation *association = associated->association;
	KeyList		kept = {
		.json = json,
		.model = associated->through,
		.attrs = associated->other_keys,
		.n = association->ntarget_keys,
		.key_model = associated->target,
		.keys = associated->target_keys
	};
	int			node = 0;
	ListCell   *cell;

	appendStringInfoString(json, "\"$or\":[");
	foreach(cell, written->level->named)
	{
		int			capture;
		int			row;
		const SdRowSet *rows = sd_old_key(written, lfirst_int(cell), &capture, &row);

		appendStringInfoString(json, foreach_current_index(cell) > 0 ? ",{" : "{");
		for (int i = 0; i < association->nkeys; i++)
			sd_link_member(json, associated->through->attrs[associated->foreign_keys[i]].name,
						   rows->nulls[capture + i][row] ? NULL
						   : sd_key_json(rows->captured[capture + i][row],
										 associated->source->attrs[association->source_keys[i]].type));
		append_kept(&kept, written, lfirst_int(cell), &node);
		appendStringInfoChar(json, '}');
	}
	appendStringInfoChar(json, ']');
	sd_link_scope(json, association->through_scope);
}

/* The keys of the parents, and no record that the document holds */
static void
append_referring(StringInfo json, const SdWritten *written)
{
	const SdAssociated *associated = written->level->associated;
	const SdAssociation *association = associated->association;
	const SdModel *target = associated->target;
	KeyList		parents = {
		.json = json,
		.model = target,
		.attrs = associated->target_keys,
		.n = association->nkeys,
		.key_model = associated->source,
		.keys = association->source_keys
	};
	KeyList		kept = {
		.json = json,
		.model = target,
		.attrs = target->keys,
		.n = target->nkeys,
		.key_model = target,
		.keys = target->keys
	};
	int			node = 0;
	ListCell   *cell;

	begin_list(&parents);
	foreach(cell, written->level->named)
	{
		int			capture;
		int			row;
		const SdRowSet *rows = sd_old_key(written, lfirst_int(cell), &capture, &row);

		add_key(&parents, rows, capture, row);
	}
	end_list(&parents);
	append_kept(&kept, written, -1, &node);
	sd_link_scope(json, association->scope);
}

/*
 * {"scope":null,"where":{…: the records, or the join rows, of the parents whose data holds
 * the association, that the document does not hold.
 */
static void
others_where(StringInfo json, const SdWritten *written)
{
	sd_link_where(json);
	if (written->level->join != NULL)
		append_joins(json, written);
	else
		append_referring(json, written);
}

/* {"fk":null}: the data of an update that makes records belong to none. */
static Jsonb *
cleared(const SdAssociated *associated)
{
	StringInfoData json;

	initStringInfo(&json);
	appendStringInfoChar(&json, '{');
	for (int i = 0; i < associated->association->nkeys; i++)
		sd_link_member(&json, associated->target->attrs[associated->target_keys[i]].name, NULL);
	appendStringInfoChar(&json, '}');
	return sd_link_document(json.data);
}

/* Unlinks or deletes the other records of a has-many or has-one association. */
static void
remove_referring(const SdWritten *written)
{
	const SdAssociated *associated = written->level->associated;
	const SdModel *target = associated->target;
	StringInfoData json;
	SdRowSet	rows;

	others_where(&json, written);
	if (sd_lock_rows(sd_link_query(target, &json, SD_CALL_FIND), target->keys, target->nkeys,
					 SD_LOCK_UPDATE, &rows) == 0)
		return;
	others_where(&json, written);
	if (written->level->query->write->others == SD_OTHERS_DESTROY)
	{
		(void) sd_destroy(sd_link_query(target, &json, SD_CALL_DESTROY), NULL);
		return;
	}
	for (int i = 0; i < associated->association->nkeys; i++)
		sd_check_clearable(target, associated->target_keys[i]);
	(void) sd_update(sd_link_settled(sd_link_query(target, &json, SD_CALL_UPDATE)),
					 cleared(associated), NULL, NULL);
}

/* The records that deleted join rows led to. */
static void
append_unjoined(StringInfo json, const SdAssociated *associated, const SdRowSet *rows)
{
	KeyList		list = {
		.json = json,
		.model = associated->target,
		.attrs = associated->target_keys,
		.n = associated->association->ntarget_keys,
		.key_model = associated->through,
		.keys = associated->other_keys
	};

	Assert(rows->ncaptures >= list.n);
	sd_link_where(json);
	begin_list(&list);
	for (int row = 0; row < rows->nrows; row++)
	{
		CHECK_FOR_INTERRUPTS();
		add_key(&list, rows, 0, row);
	}
	end_list(&list);
}

/* Deletes the join rows of the other records of a many-to-many association, and with them these. */
static void
remove_joined(const SdWritten *written)
{
	const SdAssociated *associated = written->level->associated;
	const SdModel *through = associated->through;
	SdRowSet	rows;
	StringInfoData json;

	others_where(&json, written);
	if (sd_lock_rows(sd_link_query(through, &json, SD_CALL_FIND), associated->other_keys,
					 associated->association->ntarget_keys, SD_LOCK_UPDATE, &rows) == 0)
		return;
	others_where(&json, written);
	(void) sd_destroy(sd_link_query(through, &json, SD_CALL_DESTROY), NULL);
	if (written->level->query->write->others == SD_OTHERS_REMOVE)
		return;
	append_unjoined(&json, associated, &rows);
	(void) sd_destroy(sd_link_query(associated->target, &json, SD_CALL_DESTROY), NULL);
}

/*
 * Unlinks or deletes what belongs to the records above that exist and name the association,
 * and is not in the document, where the include says so.  Raises 22023 where what is to be
 * unlinked has to belong to a record, and what the writers raise.
 */
void
sd_remove_others(const SdWritten *written)
{
	const SdLevel *level = written->level;

	if (level->query->write->others == SD_OTHERS_KEEP || level->named == NIL)
		return;
	if (level->join != NULL)
		remove_joined(written);
	else
		remove_referring(written);
}

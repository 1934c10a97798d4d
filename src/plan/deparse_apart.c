/*-------------------------------------------------------------------------
 * plan/deparse_apart.c
 *		Writes subqueries that hand on the rows of a table, with the columns that
 *		the statement around them needs.
 *
 * A role may read only some of the columns.  Which are needed is known when the
 * whole statement has been written, and they are put in then.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "nodes/bitmapset.h"
#include "plan/deparse_apart.h"

/* a subquery whose columns are to be named */
typedef struct Apart
{
	int			at;				/* where they go in the SQL text */
	SdDeparse	context;
} Apart;

/* a table that the statement calls by a level, and its attributes that it has there */
typedef struct UsedTable
{
	int			level;
	const SdModel *model;		/* another place of the statement may give the level to another table */
	Bitmapset  *attrs;
} UsedTable;

/* Appends "(SELECT ", and has the columns follow when they are known; the context's sql is the statement's. */
void
sd_begin_apart(const SdDeparse *context)
{
	Apart	   *apart = palloc(sizeof(Apart));

	appendStringInfoString(context->sql, "(SELECT ");
	apart->at = context->sql->len;
	apart->context = *context;
	context->found->apart = lappend(context->found->apart, apart);
}

/* What is noted of the context's table; NULL: nothing. */
static UsedTable *
find_used(const SdFound *found, const SdDeparse *context)
{
	ListCell   *cell;

	foreach(cell, found->used)
	{
		UsedTable  *used = lfirst(cell);

		if (used->level == context->level && used->model == context->model)
			return used;
	}
	return NULL;
}

/* Notes that a statement has a column of the context's table. */
void
sd_note_attribute(const SdDeparse *context, int attr)
{
	UsedTable  *used = find_used(context->found, context);

	if (used == NULL)
	{
		used = palloc0(sizeof(UsedTable));
		used->level = context->level;
		used->model = context->model;
		context->found->used = lappend(context->found->used, used);
	}
	used->attrs = bms_add_member(used->attrs, attr);
}

/* Puts the columns of one subquery into the text: those that are used, or a constant where none is. */
static void
name_columns(StringInfo sql, Apart *apart, const SdFound *found)
{
	const UsedTable *used = find_used(found, &apart->context);
	StringInfoData columns;
	int			attr = -1;

	Assert(apart->at > 0 && apart->at <= sql->len);
	initStringInfo(&columns);
	apart->context.sql = &columns;
	while ((attr = bms_next_member(used != NULL ? used->attrs : NULL, attr)) >= 0)
	{
		if (columns.len > 0)
			appendStringInfoString(&columns, ", ");
		sd_deparse_alias(&apart->context);
		appendStringInfo(&columns, ".%s", apart->context.model->attrs[attr].column);
	}
	if (columns.len == 0)
		appendStringInfoChar(&columns, '1');
	enlargeStringInfo(sql, columns.len);
	memmove(sql->data + apart->at + columns.len, sql->data + apart->at,
			sql->len - apart->at + 1);
	memcpy(sql->data + apart->at, columns.data, columns.len);
	sql->len += columns.len;
	pfree(columns.data);
}

/* Puts the columns of all subqueries into a statement's text, which is complete but for them; frees what was noted. */
void
sd_name_apart_columns(StringInfo sql, SdFound *found)
{
	ListCell   *cell;

	/* from the last on, so that the places of the others stay */
	for (int i = list_length(found->apart) - 1; i >= 0; i--)
		name_columns(sql, list_nth(found->apart, i), found);
	list_free_deep(found->apart);
	foreach(cell, found->used)
		bms_free(((UsedTable *) lfirst(cell))->attrs);
	list_free_deep(found->used);
	found->apart = found->used = NIL;
}

/*-------------------------------------------------------------------------
 * introspect/found_model.c
 *		What the parts of a look say of a model that they found.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "introspect/found_model.h"
#include "json/object_text.h"
#include "schema/index.h"

/* Adds a note to a model. */
void
sd_note(SdFoundModel *model, const char *fmt,...)
{
	StringInfoData note;

	initStringInfo(&note);
	for (;;)
	{
		va_list		args;
		int			needed;

		va_start(args, fmt);
		needed = appendStringInfoVA(&note, fmt, args);
		va_end(args);
		if (needed == 0)
			break;
		enlargeStringInfo(&note, needed);
	}
	model->notes = lappend(model->notes, note.data);
}

/* A key as JSON: a name, or an array of several. */
const char *
sd_json_key(List *names)
{
	StringInfoData json;
	ListCell   *cell;

	Assert(names != NIL);
	if (list_length(names) == 1)
		return sd_json_name(linitial(names));
	initStringInfo(&json);
	foreach(cell, names)
		appendStringInfo(&json, "%s%s", json.len > 0 ? "," : "[", sd_json_name(lfirst(cell)));
	appendStringInfoChar(&json, ']');
	return json.data;
}

/* The attribute that a column is kept in, or NULL. */
const char *
sd_attribute_of(const SdFoundModel *model, const char *column)
{
	ListCell   *cell;
	ListCell   *name;

	Assert(list_length(model->table->columns) == list_length(model->attribute_names));
	forboth(cell, model->table->columns, name, model->attribute_names)
	{
		if (strcmp(((SdColumn *) lfirst(cell))->name, column) == 0)
			return lfirst(name);
	}
	return NULL;
}

/* The attributes that columns are kept in, or NIL where one has none. */
List *
sd_attributes_of(const SdFoundModel *model, List *columns)
{
	List	   *names = NIL;
	ListCell   *cell;

	foreach(cell, columns)
	{
		const char *name = sd_attribute_of(model, lfirst(cell));

		if (name == NULL)
			return NIL;
		names = lappend(names, unconstify(char *, name));
	}
	return names;
}

/* The columns of a table's primary key, or NIL. */
List *
sd_primary_columns(const SdTable *table)
{
	const SdIndex *first = table->indexes != NIL ? linitial(table->indexes) : NULL;

	return first != NULL && first->primary ? sd_index_columns(first) : NIL;
}

/*-------------------------------------------------------------------------
 * introspect/found_indexes.c
 *		The indexes and unique constraints of a table that a model can say.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "define/definition_value.h"
#include "introspect/found_model.h"
#include "json/object_text.h"
#include "lib/stringinfo.h"

/* Whether all columns are attributes. */
static bool
all_known(const SdFoundModel *model, List *columns)
{
	return sd_attributes_of(model, columns) != NIL;
}

/* Whether its keys are columns and nothing else: no collation, operator class or order. */
static bool
is_plain(const SdIndex *index)
{
	ListCell   *cell;

	foreach(cell, index->parts)
	{
		const SdKeyPart *part = lfirst(cell);

		if (part->collation_told || part->class_told || part->descending)
			return false;
	}
	return list_length(index->parts) == list_length(index->columns);
}

/* Whether an attribute can say it: a unique constraint, or a plain index over one column. */
static bool
is_attributes(const SdIndex *index, List *others)
{
	ListCell   *cell;
	ListCell   *column;

	if (!is_plain(index) || index->nulls_not_distinct || strcmp(index->method, "btree") != 0 ||
		(!index->unique && list_length(index->columns) > 1) || (index->unique && !index->constraint))
		return false;
	/* an attribute names one of each kind */
	foreach(cell, others)
	{
		foreach(column, index->columns)
		{
			if (sd_name_in(((SdIndex *) lfirst(cell))->columns, lfirst(column)))
				return false;
		}
	}
	return true;
}

static bool
has_qualified_part(const SdIndex *index)
{
	ListCell   *cell;

	foreach(cell, index->parts)
	{
		if (((SdKeyPart *) lfirst(cell))->foreign)
			return true;
	}
	return false;
}

static char *
part_json(const SdFoundModel *model, const SdKeyPart *part)
{
	const char *attribute = sd_attribute_of(model, part->column);
	StringInfoData object;

	Assert(attribute != NULL);
	if (!part->collation_told && !part->class_told && !part->descending)
		return pstrdup(sd_json_name(attribute));
	initStringInfo(&object);
	sd_add_string(&object, "attribute", attribute);
	sd_add_string(&object, "collate", part->collation_told ? part->collation : NULL);
	sd_add_string(&object, "operator", part->class_told ? part->operator_class : NULL);
	if (part->descending)
		sd_add_string(&object, "order", "DESC");
	appendStringInfoChar(&object, '}');
	return object.data;
}

static char *
index_json(const SdFoundModel *model, const SdIndex *index)
{
	StringInfoData object;
	StringInfoData fields;
	ListCell   *cell;

	Assert(index->parts != NIL);
	initStringInfo(&fields);
	foreach(cell, index->parts)
		appendStringInfo(&fields, "%s%s", fields.len > 0 ? "," : "[",
						 part_json(model, lfirst(cell)));
	appendStringInfoChar(&fields, ']');
	initStringInfo(&object);
	sd_add_string(&object, "name", index->name);
	sd_add_member(&object, "fields", fields.data);
	if (index->unique)
		sd_add_member(&object, "unique", "true");
	if (index->nulls_not_distinct)
		sd_add_member(&object, "nullsNotDistinct", "true");
	if (strcmp(index->method, "btree") != 0)
		sd_add_string(&object, "using", index->method);
	appendStringInfoChar(&object, '}');
	return object.data;
}

/*
 * The indexes of a table: *unique and *indexed are those, SdIndex, that its
 * attributes say; returned is the option "indexes" for the others, or NULL.
 * What no model can say is noted.
 */
char *
sd_find_indexes(SdFoundModel *model, List **unique, List **indexed)
{
	StringInfoData array;
	ListCell   *cell;

	Assert(*unique == NIL && *indexed == NIL);
	initStringInfo(&array);
	foreach(cell, model->table->indexes)
	{
		SdIndex    *index = lfirst(cell);

		if (index->primary || *index->method == '\0')
			continue;
		if (index->foreign || has_qualified_part(index) || !all_known(model, index->columns))
			sd_note(model, "index \"%s\" is left to the table: %s", index->name, index->definition);
		else if (is_attributes(index, index->unique ? *unique : *indexed))
		{
			if (index->unique)
				*unique = lappend(*unique, index);
			else
				*indexed = lappend(*indexed, index);
		}
		else
			appendStringInfo(&array, "%s%s", array.len > 0 ? "," : "[", index_json(model, index));
	}
	if (array.len == 0)
		return NULL;
	appendStringInfoChar(&array, ']');
	return array.data;
}

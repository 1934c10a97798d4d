/*-------------------------------------------------------------------------
 * convert/read_row.c
 *		Reads values that are JSON objects: composite types and hstore.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "catalog/dependency.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "convert/read_functions.h"
#include "convert/reader.h"
#include "convert/value.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

/* How the columns of a composite type are read; columns as in desc. */
struct SdRowConverter
{
	TupleDesc	desc;
	SdConverter columns[FLEXIBLE_ARRAY_MEMBER];
};

static SdRowConverter *
make_row_converter(Oid type, MemoryContext cxt)
{
	MemoryContext old = MemoryContextSwitchTo(cxt);
	TupleDesc	desc = lookup_rowtype_tupdesc_copy(type, -1);
	SdRowConverter *row = palloc0(offsetof(SdRowConverter, columns) +
								  desc->natts * sizeof(SdConverter));

	row->desc = desc;
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		if (!att->attisdropped)
			sd_converter_init(&row->columns[i], att->atttypid, att->atttypmod, cxt);
	}
	MemoryContextSwitchTo(old);
	return row;
}

/* The number of the column that a member's key names, from 0.  Raises 42703. */
static int
find_column(const SdConverter *converter, const SdReader *member, SdReading *reading)
{
	TupleDesc	desc = converter->row->desc;
	StringInfoData names;

	Assert(member->key.type == jbvString);
	for (int i = 0; i < desc->natts; i++)
	{
		if (!TupleDescAttr(desc, i)->attisdropped &&
			sd_key_is(member, NameStr(TupleDescAttr(desc, i)->attname)))
			return i;
	}
	initStringInfo(&names);
	for (int i = 0; i < desc->natts; i++)
	{
		if (!TupleDescAttr(desc, i)->attisdropped)
			appendStringInfo(&names, "%s\"%s\"", names.len > 0 ? ", " : "",
							 NameStr(TupleDescAttr(desc, i)->attname));
	}
	error_context_stack = reading->callback.previous;
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("%s: type %s has no column \"%s\"", sd_path_text(&member->path),
					format_type_be(converter->base),
					sd_clip(member->key.val.string.val, member->key.val.string.len)),
			 errhint("Its columns are %s.", names.data)));
}

/* a row of a composite type as an object, or as the text of a literal; what is left out is NULL */
Datum
sd_read_row(SdConverter *converter, const JsonbValue *value, SdReading *reading)
{
	static const JsonbValue null = {.type = jbvNull};
	TupleDesc	desc;
	Datum	   *values;
	bool	   *nulls;
	bool	   *given;
	SdReader	reader;

	check_stack_depth();
	if (!sd_is_object(value))
		return sd_read_other(converter, value, reading);
	if (converter->row == NULL)
		converter->row = make_row_converter(converter->base, converter->cxt);
	desc = converter->row->desc;
	values = palloc0(sizeof(Datum) * desc->natts);
	nulls = palloc(sizeof(bool) * desc->natts);
	given = palloc0(sizeof(bool) * desc->natts);
	memset(nulls, true, sizeof(bool) * desc->natts);
	sd_read(&reader, value, reading->path);
	while (sd_next_member(&reader))
	{
		int			column = find_column(converter, &reader, reading);

		values[column] = sd_read_inner(&converter->row->columns[column], &reader.value, &reader.path,
									   reading, &nulls[column]);
		given[column] = true;
	}
	for (int i = 0; i < desc->natts; i++)
	{
		/* a domain may forbid NULL */
		if (!given[i] && !TupleDescAttr(desc, i)->attisdropped)
			values[i] = sd_read_inner(&converter->row->columns[i], &null, reading->path, reading,
									  &nulls[i]);
	}
	return HeapTupleGetDatum(heap_form_tuple(desc, values, nulls));
}

/* Whether a type is that of the extension hstore, wherever it is installed. */
bool
sd_is_hstore(Oid type)
{
	Oid			extension = getExtensionOfObject(TypeRelationId, type);
	char	   *name = OidIsValid(extension) ? get_extension_name(extension) : NULL;

	return name != NULL && strcmp(name, "hstore") == 0 && get_typtype(type) == TYPTYPE_BASE;
}

/* Appends a key or a value as hstore's text has it. */
static void
append_quoted(StringInfo text, const char *s, int len)
{
	appendStringInfoChar(text, '"');
	for (int i = 0; i < len; i++)
	{
		if (s[i] == '"' || s[i] == '\\')
			appendStringInfoChar(text, '\\');
		appendStringInfoChar(text, s[i]);
	}
	appendStringInfoChar(text, '"');
}

/* hstore as an object of strings and nulls, or as its text */
Datum
sd_read_hstore(SdConverter *converter, const JsonbValue *value, SdReading *reading)
{
	StringInfoData text;
	SdReader	reader;

	if (!sd_is_object(value))
		return sd_read_other(converter, value, reading);
	initStringInfo(&text);
	sd_read(&reader, value, reading->path);
	while (sd_next_member(&reader))
	{
		CHECK_FOR_INTERRUPTS();
		if (reader.value.type == jbvBinary)
			sd_refuse(reading, &reader.path, "a string or null");
		if (text.len > 0)
			appendStringInfoChar(&text, ',');
		append_quoted(&text, reader.key.val.string.val, reader.key.val.string.len);
		appendStringInfoString(&text, "=>");
		if (reader.value.type == jbvNull)
			appendStringInfoString(&text, "NULL");
		else
		{
			int			len;
			char	   *scalar = sd_scalar_text(&reader.value, &len);

			append_quoted(&text, scalar, len);
		}
	}
	return sd_convert_text(converter, text.data);
}

/*-------------------------------------------------------------------------
 * schema/filler.c
 *		A value for the rows that are there when a column that is NOT NULL comes
 *		back, whose own values are gone.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "model/attempt.h"
#include "schema/ddl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

/* a text that is to be read as a value of a type, for sd_attempt() */
typedef struct FillerText
{
	Oid			type;
	int32		typmod;
	const char *text;
} FillerText;

static void
read_value(void *arg)
{
	const FillerText *filler = arg;
	Oid			function;
	Oid			param;

	getTypeInputInfo(filler->type, &function, &param);
	(void) OidInputFunctionCall(function, unconstify(char *, filler->text), param, filler->typmod);
}

/*
 * Whether a base type reads a text as one of its values; its input function is no
 * user's.  Raises only what has nothing to do with the text, as a cancel.
 */
static bool
is_value(Oid type, int32 typmod, const char *text)
{
	FillerText	filler = {type, typmod, text};
	ErrorData  *error;

	Assert(get_typtype(type) == TYPTYPE_BASE);
	error = sd_attempt(read_value, &filler);
	if (error == NULL)
		return true;
	switch (ERRCODE_TO_CATEGORY(error->sqlerrcode))
	{
		case ERRCODE_OPERATOR_INTERVENTION:
		case ERRCODE_INSUFFICIENT_RESOURCES:
		case ERRCODE_SYSTEM_ERROR:
			ReThrowError(error);
			break;
		default:
			/* types of indexes alone raise internal errors */
			FreeErrorData(error);
			break;
	}
	return false;
}

/* The first of some texts that a base type reads as one of its values, as SQL; NULL where it reads none. */
static const char *
readable_text(Oid type, int32 typmod)
{
	/* nothing, none of it, a point, what is between two or around one, a place in the WAL, a snapshot */
	static const char *const texts[] = {"", "0", "{}", "(0,0)", "(0,0),(1,1)", "0,0,0", "0/0", "1:1:"};

	for (int i = 0; i < lengthof(texts); i++)
	{
		if (is_value(type, typmod, texts[i]))
			return quote_literal_cstr(texts[i]);
	}
	return NULL;
}

/* A row of nulls, which itself is not null, as SQL. */
static const char *
row_of_nulls(Oid type)
{
	TupleDesc	desc = lookup_rowtype_tupdesc(type, -1);
	StringInfoData row;
	bool		first = true;

	initStringInfo(&row);
	for (int i = 0; i < desc->natts; i++)
	{
		if (TupleDescAttr(desc, i)->attisdropped)
			continue;
		appendStringInfoChar(&row, first ? '(' : ',');
		first = false;
	}
	ReleaseTupleDesc(desc);
	appendStringInfoString(&row, first ? "()" : ")");
	return quote_literal_cstr(row.data);
}

/* The first value of an enum type, as SQL. */
static const char *
first_label(const SdColumn *column, Oid type)
{
	if (column->labels != NULL)
		return column->labels->labels != NIL ? quote_literal_cstr(linitial(column->labels->labels)) : NULL;
	return psprintf("pg_catalog.enum_first(NULL::%s)",
					format_type_extended(type, -1, FORMAT_TYPE_TYPEMOD_GIVEN | FORMAT_TYPE_FORCE_QUALIFY));
}

/* What a base type has that is not one of the texts that many have, as SQL; or NULL. */
static const char *
own_value(Oid type, int32 typmod)
{
	switch (type)
	{
		case UUIDOID:
			return "pg_catalog.gen_random_uuid()";
		case JSONOID:
		case JSONBOID:
			return "'{}'";
		case MACADDROID:
			return "'00:00:00:00:00:00'";
		case MACADDR8OID:
			return "'00:00:00:00:00:00:00:00'";
		case BITOID:
			return psprintf("pg_catalog.repeat('0', %d)::pg_catalog.\"bit\"", Max(typmod, 1));
		case INT2VECTOROID:
		case OIDVECTOROID:
			return "''";
		default:
			return NULL;
	}
}

/*
 * A value of a column's type as SQL, in the current context; NULL where the type
 * has a default, which the rows get then, and where none suggests itself.  A
 * domain need not take it: what its constraints say is not asked.
 */
const char *
sd_filler(const SdColumn *column)
{
	int32		typmod = column->typmod;
	Oid			type = getBaseTypeAndTypmod(column->type_oid, &typmod);
	const char *value;
	char		category;
	bool		preferred;

	if (get_typdefault(column->type_oid) != NULL)
		return NULL;
	value = own_value(type, typmod);
	if (value != NULL)
		return value;
	get_type_category_preferred(type, &category, &preferred);
	switch (category)
	{
		case TYPCATEGORY_ARRAY:
			return "'{}'";
		case TYPCATEGORY_STRING:
		case TYPCATEGORY_BITSTRING:
			return "''";
		case TYPCATEGORY_TIMESPAN:
			return "'0'";
		case TYPCATEGORY_NETWORK:
			return "'0.0.0.0'";
		case TYPCATEGORY_RANGE:
			return type_is_multirange(type) ? "'{}'" : "'empty'";
		case TYPCATEGORY_NUMERIC:
			return "0";
		case TYPCATEGORY_BOOLEAN:
			return "false";
		case TYPCATEGORY_DATETIME:
			return "pg_catalog.now()";
		case TYPCATEGORY_ENUM:
			return first_label(column, type);
		case TYPCATEGORY_COMPOSITE:
			return row_of_nulls(type);
		default:
			return get_typtype(type) == TYPTYPE_BASE ? readable_text(type, typmod) : NULL;
	}
}

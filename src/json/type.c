/*-------------------------------------------------------------------------
 * json/type.c
 *		Chooses how the values of a type are written.
 *
 * The only file of the JSON writer that reads the catalogs.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/transam.h"
#include "catalog/pg_type.h"
#include "json/write_functions.h"
#include "miscadmin.h"
#include "parser/parse_coerce.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

/* The write function of a built-in type that has one of its own, else NULL. */
static SdWriteFunc
builtin_write_func(Oid type)
{
	switch (type)
	{
		case BOOLOID:
			return sd_write_bool;
		case INT2OID:
			return sd_write_int2;
		case INT4OID:
			return sd_write_int4;
		case INT8OID:
			return sd_write_int8;
		case FLOAT4OID:
			return sd_write_float4;
		case FLOAT8OID:
			return sd_write_float8;
		case NUMERICOID:
			return sd_write_numeric;
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
			return sd_write_text;
		case NAMEOID:
			return sd_write_name;
		case TIMESTAMPTZOID:
		case TIMESTAMPOID:
			return sd_write_timestamp;
		case DATEOID:
			return sd_write_date;
		case TIMEOID:
			return sd_write_time;
		case INTERVALOID:
			return sd_write_interval;
		case UUIDOID:
			return sd_write_uuid;
		case JSONOID:
			return sd_write_json;
		case JSONBOID:
			return sd_write_jsonb;
		case BYTEAOID:
			return sd_write_bytea;
		case RECORDOID:
			return sd_write_record;
		default:
			return NULL;
	}
}

static SdWriter *
make_writer(Oid type, MemoryContext cxt)
{
	SdWriter   *writer = MemoryContextAlloc(cxt, sizeof(SdWriter));

	sd_writer_init(writer, type, cxt);
	return writer;
}

static FmgrInfo *
make_function(Oid function, MemoryContext cxt)
{
	FmgrInfo   *info = MemoryContextAlloc(cxt, sizeof(FmgrInfo));

	fmgr_info_cxt(function, info, cxt);
	return info;
}

static void
init_range(SdWriter *writer, Oid range, MemoryContext cxt)
{
	writer->range = lookup_type_cache(range, TYPECACHE_RANGE_INFO);
	writer->element_type = writer->range->rngelemtype->type_id;
	writer->element = make_writer(writer->element_type, cxt);
}

/*
 * For types that are written as their output function's text: extensions'
 * types too, unless they say with a cast how they look in JSON.
 */
static void
init_scalar(SdWriter *writer, Oid type, MemoryContext cxt)
{
	Oid			function;
	bool		is_varlena;

	if (type >= FirstNormalObjectId &&
		find_coercion_pathway(JSONOID, type, COERCION_EXPLICIT, &function) == COERCION_PATH_FUNC)
	{
		writer->cast = make_function(function, cxt);
		writer->write = sd_write_cast;
		return;
	}

	getTypeOutputInfo(type, &function, &is_varlena);
	writer->output = make_function(function, cxt);

	/* citext and its like borrow text's output function under an OID of their own */
	writer->write = (writer->output->fn_addr == textout) ? sd_write_text : sd_write_output;
}

/*
 * Prepares writer for values of a type.  What it needs is allocated in cxt.
 */
void
sd_writer_init(SdWriter *writer, Oid type, MemoryContext cxt)
{
	Oid			base = getBaseType(type);

	check_stack_depth();

	memset(writer, 0, sizeof(SdWriter));
	writer->type = base;
	writer->write = builtin_write_func(base);
	if (writer->write != NULL)
		return;

	writer->element_type = get_element_type(base);
	if (OidIsValid(writer->element_type))
	{
		get_typlenbyvalalign(writer->element_type, &writer->element_len,
							 &writer->element_byval, &writer->element_align);
		writer->element = make_writer(writer->element_type, cxt);
		if (base == RECORDARRAYOID)
			writer->element->write = sd_write_boxed;
		writer->write = sd_write_array;
		return;
	}

	switch (get_typtype(base))
	{
		case TYPTYPE_RANGE:
			init_range(writer, base, cxt);
			writer->write = sd_write_range;
			break;
		case TYPTYPE_MULTIRANGE:
			init_range(writer, get_multirange_range(base), cxt);
			writer->write = sd_write_multirange;
			break;
		case TYPTYPE_COMPOSITE:
			writer->row = sd_row_writer(base, -1, cxt);
			writer->write = sd_write_row;
			break;
		default:
			init_scalar(writer, base, cxt);
	}
}

/*
 * How rows of a composite type, or of a registered record type, are written.
 * Allocated in cxt.
 */
SdRowWriter *
sd_row_writer(Oid type, int32 typmod, MemoryContext cxt)
{
	MemoryContext old = MemoryContextSwitchTo(cxt);
	TupleDesc	desc = lookup_rowtype_tupdesc_copy(type, typmod);
	SdRowWriter *row = palloc0(offsetof(SdRowWriter, columns) +
							   desc->natts * sizeof(SdColumnWriter));

	row->desc = desc;
	if (type != RECORDOID)
	{
		row->type = lookup_type_cache(type, TYPECACHE_TUPDESC);
		row->version = row->type->tupDesc_identifier;
	}
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);
		SdColumnWriter *column = &row->columns[i];
		SdBuf		key;

		if (att->attisdropped)
			continue;
		sd_buf_init(&key, cxt, NAMEDATALEN);
		sd_write_string(&key, NameStr(att->attname), strlen(NameStr(att->attname)));
		sd_buf_char(&key, ':');
		column->key = key.data;
		column->key_len = key.len;
		sd_writer_init(&column->writer, att->atttypid, cxt);
	}
	MemoryContextSwitchTo(old);
	return row;
}

/*
 * The row writer of a composite type's writer, made anew where ALTER TYPE has
 * changed the type since: nothing else that a plan stands on changes with it.
 */
SdRowWriter *
sd_current_row_writer(const SdWriter *writer)
{
	SdRowWriter *row = writer->row;

	Assert(row != NULL && row->type != NULL);

	if (row->type->tupDesc_identifier != row->version &&
		lookup_type_cache(writer->type, TYPECACHE_TUPDESC)->tupDesc_identifier != row->version)
	{
		row = sd_row_writer(writer->type, -1, GetMemoryChunkContext(row));
		unconstify(SdWriter *, writer)->row = row;
	}
	return row;
}
